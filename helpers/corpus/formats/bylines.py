"""Whatever a page writes in the place of its author goes in; the names alone come out.

Out go addresses, jobs, “By”, hours of updates, handles, entities and the signs of JSON. Where nothing looks like a
person's name (a newsroom, an agency) what is left stands as it is.

>>> byline_of("By Ada Lindqvist, Chief Harbour Correspondent | Email the author | Updated 10:30 a.m.")
'Ada Lindqvist'
>>> byline_of("Ada Lindqvist, alindqvist@n.example"), byline_of('[{"@type": "Person", "name": "Ada Quill"}]')
('Ada Lindqvist', 'Ada Quill')
>>> byline_of("Ada van der Berg, Kai Holm and J.K. Lind"), byline_of("Harbour Newsroom")
('Ada van der Berg; Kai Holm; J.K. Lind', 'Harbour Newsroom')
"""

import json
import re
from collections.abc import Iterator
from html import unescape

from helpers.display.masking import masked_spans

TAG = re.compile(r"<[^<>]{0,500}>")
ADDRESS = re.compile(
    r"[(\[<]?\s*(?:mailto:)?[\w.+-]{1,100}@[\w-]{1,100}(?:\.[\w-]{1,100}){1,5}\s*[)\]>]?|(?:https?://|www\.)\S+"
)
HANDLE = re.compile(r"(?:^|(?<=\s))\(?@\w{1,40}\)?")
LEAD = re.compile(
    r"^\W*(?:(?:(?:written|words|text|story|report(?:ed|ing)?|article|posted|published|(?:last )?updated)\s+)?by\b"
    r"|(?:author|writer|reporter|byline)s?\s*:)\s*:?\s*",
    re.I,
)
PEOPLE = re.compile(r"\s*;\s*")
PARTS = re.compile(r"\s*(?:[|•·/\n\t]|\s[–—-]\s)\s*")  # behind the names: the house, the job, the hour
AGO = re.compile(r"\s+(?:about )?\d+\s+(?:min(?:ute)?|hour|day|week|month|year)s?\s+ago\b.*$", re.I)
ASIDE = re.compile(r"\s*\([^()]{0,100}\)?")
NOBODY = re.compile(r"\W*(?:null|undefined|none|nan|unknown|n/?a|\[?object object\]?|author)?\W*$", re.I)
HOUSE = re.compile(
    r"the\b|.*\b(?:press|news|times|media|agency|post|group|newsroom|desk|team|staff|online|magazine)$", re.I
)
NO_NAME = re.compile(
    r"\b(?:e-?mail|updated?|published|posted|follow|minutes?|min read|read more|a\.m\.|p\.m\.|twitter|facebook|share"
    r"|view all|contact|bio|profile|comments?|subscribe|\d{1,2}:\d\d|(?:19|20)\d\d)",
    re.I,
)
JOBS = (
    r"(?:reporter|editor|correspondent|writer|journalist|columnist|producer|critic|contributor|analyst|director"
    r"|professor|lecturer|photographer|blogger|commentator|fellow|intern|freelancer?|researcher|manager|officer|author"
    r"|presenter|specialist|expert|founder|chief|publisher)s?"
)
JOB = re.compile(rf"\b{JOBS}\b", re.I)
OF_A_JOB = (
    r"(?:senior|chief|staff|deputy|assistant|associate|political|business|science|sports?|health|education|foreign|world"
    r"|national|local|managing|executive|contributing|technology|tech|environment|economics?|culture|arts|city|crime"
    r"|legal|media|special|news|features?|digital|guest|freelance|lead|home affairs|data|transport|travel|food)"
)
GLUED_JOB = re.compile(rf"\s+(?:{OF_A_JOB}\s+)*{JOBS}\b.*$", re.I)
LEADING_JOB = re.compile(rf"^(?:{OF_A_JOB}\s+)*(?:editor-in-chief|{JOBS})\s+(?=\S+\s+\S)", re.I)
FOR = re.compile(r"\s+for\s+\S.*$", re.I)
WHERE = re.compile(r"\s+(?:in|for|at|of|from|is|reports?)\s+(?:the\s+)?\S.*$")
AND = re.compile(r"\s*,\s*(?:and\s+|&\s*)?|\s+(?:and|&|with)\s+", re.I)
PARTICLE = r"(?:de|da|del|della|der|di|dos|du|la|le|van|von|den|ter|ten|zu|al|el|bin|ibn|y|e|af|av|st\.?)"
NAME = re.compile(rf"(?:[^\W\d_a-z][\w.’'-]*|{PARTICLE})(?:\s+(?:[^\W\d_a-z][\w.’'-]*|{PARTICLE})){{1,5}}$")
SUFFIX = re.compile(r"(?:jr|sr|ph\.?\s?d|m\.?d|ii|iii|esq|mbe|obe|cbe|dphil|msc|ma)\.?$", re.I)
MOST = 2_000  # characters of a byline that are looked at


def byline_of(said: str | list[str]) -> str:
    """Return the names of the authors, with semicolons between them; empty where no name is said."""
    if isinstance(said, list):
        return "; ".join(dict.fromkeys(filter(None, map(byline_of, said))))
    words = unescape(unescape(said[:MOST])).strip()
    if words[:1] in ("{", "["):
        return byline_of(list(_names_in_json(words)))
    names, others = [], []
    for person in PEOPLE.split(_bare(words)):
        parts = [part for part in PARTS.split(person) if part and not NO_NAME.search(part)]
        names += next(filter(None, map(_names_in, parts)), [])
        others += [part for part in map(_trimmed, parts) if not NOBODY.match(part) and re.search(r"[^\W\d_]", part)]
    return "; ".join(dict.fromkeys(names or others[:1]))


def _bare(words: str) -> str:
    words = HANDLE.sub(" ", ADDRESS.sub(" | ", _without_addresses(AGO.sub("", TAG.sub(" ", words)))))
    words = ASIDE.sub(" ", words) if re.search(r"[^\W\d_]", ASIDE.sub(" ", words)) else words
    return re.sub(r"[ \xa0]+", " ", LEAD.sub("", words)).strip()


def _without_addresses(words: str) -> str:
    """No name is made of an address, however it is spelled: jane.doe [at] site.example names nobody."""
    for (start, end), _ in reversed(masked_spans(words)):
        words = f"{words[:start]} | {words[end:]}"
    return words


def _names_in_json(words: str) -> Iterator[str]:
    """The names in an author that was written as JSON; nothing where it is none."""
    try:
        waiting = [json.loads(words, strict=False)]
    except (ValueError, RecursionError):
        named = re.findall(r"[\"']name[\"']\s*:\s*[\"']([^\"']{2,100})[\"']", words)
        waiting = named or (re.findall(r"'([^']{2,100})'", words) if "{" not in words else [])
    for _ in range(100):
        if not waiting:
            return
        one = waiting.pop(0)
        if isinstance(one, list):
            waiting = [*one[:50], *waiting]
        elif isinstance(one, dict):
            waiting.insert(0, one.get("name") or one.get("author"))
        elif isinstance(one, str) and one[:1] not in ("{", "["):
            yield one


def _names_in(part: str) -> list[str]:
    """The people whom a part of a byline names, without their jobs."""
    names: list[str] = []
    for piece in AND.split(_trimmed(part)):
        piece = _trimmed(piece)
        if names and SUFFIX.match(piece):
            names[-1] += f", {piece}"
            continue
        if names and HOUSE.match(piece):
            continue
        bare = LEADING_JOB.sub("", FOR.sub("", piece))
        for shorter in (bare, GLUED_JOB.sub("", bare), WHERE.sub("", GLUED_JOB.sub("", bare))):
            if NAME.match(shorter) and not JOB.search(shorter):
                names.append(shorter)
                break
    return names


def _trimmed(piece: str) -> str:
    return LEAD.sub("", piece.strip(' \t\n,:()[]<>"“”-–—')).strip()
