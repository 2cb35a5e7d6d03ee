"""A text as it is read goes in; the spans of its e-mail addresses come out, in every spelling that is understood.

jane@site.example is found by its sign. What is spelled (jane [at] site [dot] example, jane(a)site.example, jane AT site
DOT example) is found by what stands for the sign, and then only where what stands around it can be an address: “He was
[at] home” and “look at news.example” are prose, and @jane is a handle.
"""

import re
from collections.abc import Callable, Iterator

from helpers.display.first_look import first_look
from helpers.text.spans import Span

# The two sides of an address, looked for from its “@” outwards: a pattern for the whole would be tried from every
# letter of every word.
LOCAL_PART, DOMAIN = re.compile(r"[\w.+%'’-]*"), re.compile(r"@[\w-]+(?:\.[\w-]+)+\b")
VERSION = re.compile(r"@\d+(?:\.\d+)+\b(?<!@\d\.\d\.\d\.\d)")  # package@18.2.0; four numbers are a machine
MACHINE = re.compile(r"@\d{1,3}(?:\.\d{1,3}){3}\b")
WORD_SIGN = re.compile(r"\w")

AT_WORDS = (
    r"at[ -]?sign|at|ät|æt|ett|arroba|arobase|chiocciola|klammeraffe|apenstaartje|snabel-?a|kukac|zavin[aá][cč]"
    r"|ma[lł]pa|собака|собачка"
)
DOT_WORDS = r"dot|d0t|punkt|punto|ponto|point|prick|piste|kropka|te[cč]ka|точка|nokta"
COMMON = (
    r"com|net|org|edu|gov|mil|int|info|biz|example|test|invalid|local|io|co|uk|de|fr|es|nl|eu|ru|ch|se|pl|cz|br|au|ca"
    r"|jp|cn|kr|ua|tr|gr|pt|fi|dk|hu|ro|mx|nz|ie|za|us|tv|ai|app|dev|online|site|xyz|рф"
)
OPEN, CLOSE, SOFT = r"[\[({<]{1,2}\s{0,2}", r"\s{0,2}[\])}>]{1,2}", r"[_*|~/\\\"'“”‘’-]{1,3}"
# What stands for a full stop and is none.
SPELLED_DOT = (
    rf"\s{{0,2}}{OPEN}(?i:{DOT_WORDS}|\.|,){CLOSE}\s{{0,2}}|\s?{SOFT}(?i:{DOT_WORDS}|\.){SOFT}\s?"
    rf"|\s{{1,2}}(?i:{DOT_WORDS})\s{{1,2}}|(?<=[a-z0-9])DOT(?=[a-z])"
    rf"|\s{{1,2}}\.\s{{0,2}}(?=(?:{COMMON})\b)|\.\s{{1,2}}(?=(?:{COMMON})\b)|[·,](?=(?:{COMMON})\b)"
)
LABEL = r"[^\W_]+(?:-+[^\W_]+)*"
SITE = re.compile(rf"(?:\[\s?\d{{1,3}}(?:\.\d{{1,3}}){{3}}\s?\])|{LABEL}(?:(?:{SPELLED_DOT}|\.){LABEL}){{0,6}}")
A_DOT, PLAIN_NAME = re.compile(SPELLED_DOT), re.compile(r".*\.[^\W\d_]{2,}", re.S)
PERSON = re.compile(rf"(?:\"[^\"\n]{{1,60}}\"|[\w+%][\w.+%'’-]*?(?:(?:{SPELLED_DOT})[\w+%-]+){{0,4}})$")
LONGEST_LOCAL = 80
# What nobody's name is, though it stands before “at”, and what no site is, though it stands behind it.
NOBODY = set(
    "us me him her them it you here there online available more out on up in is are was were be been live look looks"
    " looked looking find found visit read seen see shop buy watch listen work works worked working website site blog"
    " page pages and or but not now also only back down over still even just all one that this which who story report"
    " to follow via by with from of for article published posted arrived stay stayed met meet sold"
    " register registered download hosted based".split()
)
NOWHERE = set("the a an this that these those its his her their our my your every each one least all any once".split())
WORD_NAMES = set("in is at to me no so be my it us as do am an by".split())  # ends of addresses that are words too
PROVIDERS = re.compile(
    r"(?i)(?:gmail|googlemail|yahoo|hotmail|outlook|live|icloud|aol|gmx|web|proton(?:mail)?|mail|yandex|qq|163|msn|"
    r"fastmail|zoho|tutanota|posteo)$"
)
DOTTED = re.compile(r"[^\W\d_][^\W_]*(?:[._+][^\W_]{2,})+")
SPOKEN_OF = re.compile(
    r"(?i)\b(?:e-?mail(?:s|ed|ing|to)?|mail(?:s|to)?|contact|write|reach|message|correo|courriel|kontakt|posta"
    r"|почта|электронн\w+|address|adresse?)\b[^.!?\n]{0,25}$"
)


def emails(text: str) -> list[Span]:
    """Return the spans of the e-mail addresses in a text as it is read; they may overlap.

    >>> text = "jane [at] site [dot] example, not @jane or 3 @ 2.50"
    >>> [text[start:end] for start, end in emails(text)]
    ['jane [at] site [dot] example']
    """
    found: list[Span] = []
    if "@" in text:
        found = [*_signed(text), *_spelled(text, AT_SIGN, _sign_fits, starts_of(places_of("@", text)))]
        if IN_SPACED_OUT.search(text):
            found += [match.span() for match in SPACED_OUT.finditer(text)]
    look = first_look(text)
    words = [place for place in look.before_words if IN_WORDS.match(text, place)]
    if words or "AT" in text or any(IN_BRACKETS.match(text, place) for place in look.signed):
        signed, capitals = starts_of(look.signed), starts_of(places_of("AT", text))
        for pattern, fits in SPELLINGS:
            found += _spelled(text, pattern, fits, capitals if fits is _capitals_fit else signed)
    if words:
        found += _spelled(text, AT_WORD, _word_fits, words)
    return found


def places_of(sign: str, text: str) -> list[int]:
    """Return where a sign stands in a text."""
    return [match.start() for match in re.finditer(sign, text)] if sign in text else []


def starts_of(places: list[int]) -> list[int]:
    """Return where a spelling may begin whose sign stands at a place: with white space, of which a text has much."""
    return sorted({max(0, place - before) for place in places for before in range(MOST_BEFORE + 1)})


def _signed(text: str) -> list[Span]:
    """The addresses with their sign: a domain behind an “@”, and what can be a local part before it."""
    spans: list[Span] = []
    free, at = 0, text.find("@")  # before `free`, the text is searched or belongs to an address
    while at >= 0:
        if domain := _domain(text, at):
            local = LOCAL_PART.match(text[free:at][::-1])
            start = at - (local.end() if local else 0)
            if WORD_SIGN.search(text, start, at):
                spans.append((start, domain.end()))
            elif spans and start == spans[-1][1]:  # a@b.example@c.example
                spans[-1] = (spans[-1][0], domain.end())
        free = max(at + 1, spans[-1][1] if spans else 0)
        at = text.find("@", at + 1)
    return spans


def _domain(text: str, at: int) -> re.Match | None:
    found = DOMAIN.match(text, at)
    return None if found and VERSION.fullmatch(found[0]) and not MACHINE.fullmatch(found[0]) else found


class _Around:
    """What stands on the two sides of a sign, or of what stands for it."""

    def __init__(self, text: str, sign: re.Match, local: re.Match, site: re.Match) -> None:
        self.sign, self.local, self.site = sign[0], local[0], site[0]
        self.apart = (self.sign[:1].isspace(), self.sign[-1:].isspace())
        self.spelled_dot = A_DOT.search(self.site) is not None
        last = re.split(rf"{SPELLED_DOT}|\.", self.site)[-1]
        self.dotted = _is_dotted(self.site)
        self.end = last.casefold()
        first = max(0, sign.start() - LONGEST_LOCAL)
        before = first + local.start()
        self.spoken_of = SPOKEN_OF.search(text[max(0, before - 40) : before]) is not None

    @property
    def is_sure(self) -> bool:
        """Whether this is an address, though there is no dot in its site: the name is one, or mail is spoken of."""
        return self.is_named or (self.spoken_of and self.can_be and self.local.islower())

    @property
    def is_named(self) -> bool:
        """Whether the name can be nothing but one of a mailbox: jane.doe."""
        named = DOTTED.fullmatch(self.local) is not None and not re.search(rf"\.(?:{COMMON})$", self.local)
        return named and self.local.islower()

    @property
    def can_be(self) -> bool:
        """Whether neither side is a word that makes it prose."""
        first = re.match(r"\w*", self.site)
        return self.local.casefold() not in NOBODY and (first[0].casefold() if first else "") not in NOWHERE


def _spelled(
    text: str, sign: re.Pattern, fits: Callable[[_Around], bool], places: list[int] | None = None
) -> Iterator[Span]:
    """The addresses around what stands for a sign, which is looked for everywhere or begins at one of some places."""
    for match in sign.finditer(text) if places is None else _matches_at(sign, text, places):
        first = max(0, match.start() - LONGEST_LOCAL)
        site = SITE.match(text, match.end())
        if not site or (fits is _word_fits and not _may_be_site(match[0], site[0])):
            continue
        local = PERSON.search(text[first : match.start()])
        if local and fits(_Around(text, match, local, site)):
            yield first + local.start(), site.end()


def _may_be_site(sign: str, site: str) -> bool:
    """Tell whether `_word_fits` may hold: behind a mere “at”, only of a site with a dot."""
    return "at" not in sign.casefold() or _is_dotted(site)


def _is_dotted(site: str) -> bool:
    return A_DOT.search(site) is not None or PLAIN_NAME.fullmatch(site) is not None or site[:1] == "["


def _matches_at(pattern: re.Pattern, text: str, places: list[int]) -> Iterator[re.Match]:
    """What `finditer` finds, where every match begins at one of these places."""
    free = 0
    for place in places:
        if place >= free and (match := pattern.match(text, place)):
            yield match
            free = match.end()


def _sign_fits(around: _Around) -> bool:
    """Of jane @ site.example, jane@site . example, jane.doe@site; not of “Lakers @ Celtics”, “follow @kim.news”."""
    if re.fullmatch(r"[\d.,$€£]+", around.site) and around.site.count(".") != 3:
        return False
    before, behind = around.apart
    if before and not behind:  # a handle stands so
        return around.is_named or (around.dotted and around.can_be and re.fullmatch(COMMON, around.end) is not None)
    return around.dotted or around.is_sure


def _brackets_fit(around: _Around) -> bool:
    """Of jane(at)site, jane [at] site.example; not of “he was [at] home”."""
    return around.dotted or around.is_sure or not any(around.apart)


def _letter_fits(around: _Around) -> bool:
    """Of jane(a)site.example; not of “rule 4(a) applies”."""
    return around.dotted and len(around.end) > 1 and (not any(around.apart) or around.is_sure)


def _soft_fits(around: _Around) -> bool:
    """Of jane_at_site.example, jane -at- site -dot- example; not of work-at-home.example, which is a site."""
    if around.spelled_dot or not around.dotted:
        return around.spelled_dot
    apart = all(around.apart) or not re.search(r"[^_*|~\w]", around.sign)
    return apart and around.local[:1].isalpha() and re.fullmatch(COMMON, around.end) is not None


def _capitals_fit(around: _Around) -> bool:
    """Of jane AT site DOT example; not of “LOOK AT NEWS.EXAMPLE”."""
    return around.dotted and around.can_be and not around.local.isupper()


def _word_fits(around: _Around) -> bool:
    """Of jane at site dot example, jane.doe at site.example; not of “look at news.example”."""
    if not around.can_be or not around.dotted:
        return around.is_sure and around.can_be and "at" not in around.sign.casefold()
    if around.spelled_dot:
        return around.end not in WORD_NAMES or around.is_sure
    provider = PROVIDERS.fullmatch(around.site.partition(".")[0]) is not None
    return around.is_sure or "at" not in around.sign.casefold() or (provider and around.local.islower())


# Cheap: whether any of the spellings may be there.
IN_BRACKETS = re.compile(rf"[\[({{<_*|~/\\\"'“‘-]\s{{0,2}}(?i:a|@|{AT_WORDS})\s{{0,2}}[\])}}>_*|~/\\\"'”’-]")
IN_WORDS = re.compile(rf"\s(?i:{AT_WORDS})\s{{1,2}}\w[\w-]*(?:\s+(?i:{DOT_WORDS})\b|\s?[\[({{<.·_*|~-])")
AT_SIGN = re.compile(r"[^\S\n]{0,3}@{1,2}[^\S\n]{0,3}")
IN_SPACED_OUT = re.compile(r"@ [^\W_] ")  # cheap, too
SPACED_OUT = re.compile(
    r"(?:[^\W_] |\. ?){3,40}@ (?:[^\W_] ){2,30}\. [^\W_] [^\W_](?: [^\W_])*(?!\w)"
)  # j a n e @ s i t e . …
SPELLINGS: list[tuple[re.Pattern, Callable[[_Around], bool]]] = [
    (re.compile(rf"(?i)\s{{0,3}}[\[({{<]{{1,2}}\s{{0,2}}(?:{AT_WORDS}|@){CLOSE}\s{{0,3}}"), _brackets_fit),
    (re.compile(rf"(?i)\s{{0,2}}[\[({{]a{CLOSE}\s{{0,2}}"), _letter_fits),
    (re.compile(rf"(?i)\s?{SOFT}(?:at|@|arroba){SOFT}\s?"), _soft_fits),
    (re.compile(r"\sAT\s{1,2}|(?<=[a-z0-9])AT(?=[a-z])"), _capitals_fit),
]
MOST_BEFORE = 4  # blanks, and a bracket or two signs in front of the sign beside which an “@” is spelled
AT_WORD = re.compile(rf"(?i)\s(?:{AT_WORDS})\s{{1,2}}(?=\w[\w-]*(?:\s+(?:{DOT_WORDS})\b|\s?[\[({{<.·_*|~-]))")
