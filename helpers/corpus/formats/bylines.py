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
    r"|(?:author|writer|reporter|byline|autor(?:in|es)?|auteurs?|text|texte)s?\s*:"
    # "Von Ada Lindqvist", but "Von Neumann" and "Von der Leyen"
    r"|(?:von|par|por|door|av|af)(?=\s+(?!d(?:e[rnm]?|u|as|os)\b|la\b)[^\W\d_][\w.’'-]*\s+[^\W\d_]))\s*:?\s*",
    re.I,
)
# What follows the names: who did something else to the article, and when it came out.
OTHERS = re.compile(
    r"[\s.,;(|]+(?:(?:translat|edit|illustrat|adapt|review|fact[- ]?check|photograph|film)ed by"
    r"|(?:with )?(?:additional )?(?:reporting|photo(?:graph)?s?|pictures?|video|graphics?|illustrations?) (?:by|from)"
    r"|übersetz\w* von|traduit par|traducido por)\b.*$"
    r"|[\s.,;(|]+(?:first |last )?(?:published|updated|posted|modified)\b(?! by\b).*$",
    re.I | re.S,
)
PEOPLE = re.compile(r"\s*;\s*")
PARTS = re.compile(r"\s*(?:[|•·/\n\t]|\s[–—-]\s)\s*")  # behind the names: the house, the job, the hour
AGO = re.compile(r"\s+(?:about )?\d+\s+(?:min(?:ute)?|hour|day|week|month|year)s?\s+ago\b.*$", re.I)
ASIDE = re.compile(r"\s*\([^()]{0,100}\)?")
# What programs write where nothing is known, an author or anything else.
NOTHING = ("unknown", "undefined", "null", "none", "nan", "object object")
NOBODY = re.compile(
    rf"\W*(?:{'|'.join(NOTHING)}|n/?a|author"
    r"|(?:site|web|wp|super)?[ _-]?admin(?:istrator)?"
    r"|web ?master|root|(?:test|guest)?[ _-]?user|test|guest|editor|wp ?engine|wordpress)?\d*\W*$",
    re.I,
)
LOGIN = re.compile(r"[a-z0-9._-]+$")  # one word without a capital: a name to sign in with
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
AND = re.compile(r"\s*,\s*(?:and\s+|&\s*)?|\s+(?:and|&|with|und|et|och|og)\s+", re.I)
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
    names, others = _read(words)
    return "; ".join(dict.fromkeys(names or others[:1]))


def people_in(said: str) -> list[str]:
    """Return the names of people alone; none where nothing looks like a person's name.

    >>> people_in("By Ada Lindqvist and Bo Ek"), people_in("Newsroom")
    (['Ada Lindqvist', 'Bo Ek'], [])
    """
    words = unescape(unescape(said[:MOST])).strip()
    if words[:1] in ("{", "["):
        return [name for one in _names_in_json(words) for name in people_in(one)]
    return _read(words)[0]


def is_house(name: str) -> bool:
    """Tell whether a name is that of a newsroom, an agency or a paper rather than a person's."""
    return HOUSE.match(name) is not None


def _read(words: str) -> tuple[list[str], list[str]]:
    """The names of people in a byline, and what else may be a name."""
    names, others = [], []
    for person in PEOPLE.split(_bare(words)):
        parts = [part for part in PARTS.split(person) if part and not NO_NAME.search(part)]
        names += next(filter(None, map(_names_in, parts)), [])
        others += [part for part in map(_trimmed, parts) if _may_be_a_name(part)]
    return names, others


def _may_be_a_name(part: str) -> bool:
    return not NOBODY.match(part) and not LOGIN.match(part) and re.search(r"[^\W\d_]", part) is not None


def _bare(words: str) -> str:
    words = HANDLE.sub(" ", ADDRESS.sub(" | ", _without_addresses(AGO.sub("", TAG.sub(" ", words)))))
    words = ASIDE.sub(" ", words) if re.search(r"[^\W\d_]", ASIDE.sub(" ", words)) else words
    return re.sub(r"[ \xa0]+", " ", OTHERS.sub("", LEAD.sub("", words))).strip()


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
            if NAME.match(shorter) and not JOB.search(shorter) and not NOBODY.match(shorter):
                names.append(shorter)
                break
    return names


def _trimmed(piece: str) -> str:
    return LEAD.sub("", piece.strip(' \t\n,:()[]<>"“”-–—')).strip()
