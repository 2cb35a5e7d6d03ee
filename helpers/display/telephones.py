"""A text as it is read goes in; the spans of its telephone numbers come out.

What is a number is known by its shape (+49 30 …, 030 / …, 8 (495) …, 1-800-…), by the plans of the world's networks
(Google's libphonenumber, as the package phonenumbers), or by what stands before it (tel, fax, call, wa.me/). Dates,
sums, statistics, versions, coordinates, docket numbers and identifiers have shapes of their own and are set aside
first; a bare run of digits is a number only where a word says so.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain

from helpers.display.first_look import first_look
from helpers.text.spans import Span

FEWEST, MOST = 7, 15  # digits of a number as E.164 has them; with a word before it, one may have fewer
FEWEST_SAID = 5
# Most texts and cells have no five digits that stand close together; only what stands around such is looked at closely.
CLOSE = re.compile(r"\d(?:(?:[^\w\n]|_){0,6}\n?[^\w\n]{0,4}\d){4}")
BEFORE, AFTER = 90, 40  # signs around them that may say what they are
S = r"[\s.\-/_*~|·]"  # what parts the groups of a number
GROUP = rf"(?:{S}{{0,3}}\d)"

# Shapes that are no telephone numbers. Their digits are not looked at.
DAY, MONTH, YEAR = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])", r"(?:1[0-9]\d\d|20\d\d)"
AT_A_DATE = r"(?<![\w.+-])(?<!\d[/:,])"
CLEAN, DONE = r"(?<![\w.+-])(?<!\d[\s/:,])(?<!\)\s)(?<!\))", r"(?![\w-]|[./:,]\d)"
CLOCK = r"\d{1,2}[:.h-]?\d\d(?:[:.-]?\d\d)?(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?"
OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
DEGREES = r"[-+]?\d{1,3}\.\d{3,}°?(?:\s?[NSEW]\b)?"
UNITS = r"(?:[$€£¥₽₹%‰°]|(?:USD|EUR|GBP|euros?|dollars?|km|kg|people|inhabitants|votes)\b)"
REGISTERS = (
    r"ISBN|ISSN|PMID|PMCID|OCLC|LCCN|EAN|UPC|GTIN|IMEI|VAT|VIN|IBAN|ORCID|SKU|ISO|RFC|CVE|EIN|SSN"  # of everything
)
NUMBERED = (
    r"id|article|case|docket|order|invoice|file|ref(?:erence)?|patent|serial|ticket|account|permit|licen[cs]e|document"
    r"|doc|report|item|tweet|post|record|row|line|tracking|registration|application|part|model|lot|batch|version|build"
    r"|release"
)
HONEST = re.compile(
    "|".join(
        [
            rf"{AT_A_DATE}{YEAR}(?:(?P<ymd>[-./\s]){MONTH}(?P=ymd){DAY}|(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))"
            rf"(?:[T\s_-]{{1,2}}{CLOCK})?(?!\w)",  # 2024-11-05 10:30, 20241105
            rf"{AT_A_DATE}(?:{DAY}(?P<dm>[-./]){MONTH}(?P=dm)|{MONTH}(?P<md>[-./]){DAY}(?P=md))(?:{YEAR}|\d\d){DONE}",
            rf"{AT_A_DATE}{DAY}[./-]{MONTH}[./-]{YEAR}(?=\s?[-–]\s?\d)",  # from a day to another
            rf"{CLEAN}(?:{YEAR}\s?[-/]\s?(?:{YEAR}|\d\d)|\d\d[-/]\d\d(?=\s{YEAR}[-/]))"
            rf"(?:[\s,;]+{YEAR}\s?[-/]\s?(?:{YEAR}|\d\d))*{DONE}",  # 1939-1945
            rf"{CLEAN}{YEAR}(?:[\s,;/-]+{YEAR})+{DONE}",
            rf"{CLEAN}\d{{1,2}}:\d\d(?::\d\d)?(?:[.,]\d+)?(?!\w)",
            r"(?:[$€£¥₽₹₩₺]|\b(?:USD|EUR|GBP|CHF|RUB|JPY|Rs))\s?\d[\d.,'\s]{0,24}\d",
            rf"{CLEAN}\d{{1,3}}(?:[,']\d{{3}})+(?:\.\d+)?{DONE}",  # 1,800,555
            rf"{CLEAN}\d[\d.,\s]{{0,20}}\d(?=\s?{UNITS})",
            rf"(?<![\w.]){OCTET}(?:\.{OCTET}){{3}}(?:[:/]\d+)?{DONE}",  # a machine’s address
            rf"(?<![\w.]){DEGREES}[,;\s]{{1,3}}{DEGREES}(?![\w-]|\.\d)",  # a place on earth
            r"(?<![\w.])[-+]?\d{1,2}\.\d{3,}°?(?:\s?[NSEW]\b)?(?![\w-]|\.\d)",
            rf"\b(?i:{REGISTERS})(?:-1[03])?[\s:#-]{{0,3}}[\dX][\dX\s-]{{3,30}}",
            rf"\b(?i:(?:{NUMBERED})s?(?:\s(?:no\.?|nos?|nr\.?|number|num|id))?[\s:.\#=№]{{1,3}})[\w:./-]{{0,40}}\d[\w:./-]{{0,60}}",
            r"(?:\bno\.|\#|№|§)\s?\d[\w:./-]*(?<!\d{3}[-.]\d{4})",
            r"\b10\.\d{4,9}/\S+",  # a DOI
            r"\b97[89][-\s]?(?:\d[-\s]?){9}[\dX]\b",  # an ISBN of 13 digits
            r"(?<![\w-])(?<!\+\d\d\s\d\d\s)(?<!\)\s)(?<!\))\d{5}-\d{4}(?![\w-])",  # a ZIP code
            r"(?<![\w-])\d{4}(?P<card>[\s-])\d{4}(?P=card)\d{4}(?P=card)\d{3,4}(?:(?P=card)\d{1,3})?(?![\w-])",
            r"\b[A-Z]{2}\d{2}(?:\s?[A-Z\d]{4}){3,7}(?:\s?[A-Z\d]{1,3})?\b",  # an IBAN
            r"\b[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\b",  # a UUID
            r"\b\d{1,3}\sU\.?\s?S\.?\s?C?\.?.{0,8}?\s?\d+(?:\([\da-z]\))*",  # 18 U.S.C. 1030
            r"\b\d+:\d\d-[a-z]{2,4}-\d+(?:-[A-Z]+)*",  # 1:23-cv-04567
            r"\bv?\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.-]+)+",
        ]
    )
)
BOOK = re.compile(r"(?<![\w-])\d{1,5}([- ])\d{1,7}\1\d{1,7}\1[\dX](?![\w-])")  # ISBN-10, if its check digit is right
WEB = re.compile(r"(?i)\b(?:https?://|www\.)[^\s<>\"]+")
IN_LINK = re.compile(
    r"(?i)(?:\b(?:wa\.me|t\.me|viber\.\w+|signal\.me|(?:api|web)\.whatsapp\.com)/"
    r"(?:[^\s<>\"]{0,40}?(?:phone|p|number|text)=?[/#]?|\#p/|qr/)?"
    r"|\b(?:tel|callto|sms|smsto|fax|whatsapp|facetime|sip|skype|viber):(?://)?(?:[^\s\d<>\"]{0,40}=)?"
    r"|[?&](?:phone|tel|telephone|number|mobile|fax|call)=)\+?(?P<number>[\d().%\s-]{4,20}\d)"
)
A_SCHEME = re.compile(r"[^\W\d_]:")
BEHIND, APART = r"(?![\w%]|[.,]\d)", rf"{S}{{1,3}}"
FREE, ALONE = r"(?<![\w+/-])(?<!\d[.,])", r"(?<![\w+/-])(?<!\d[.,\s])"  # what must not stand before a number
# Where a number may begin behind another one, by how it begins.
NEXT_ONE = [
    re.compile(r"(?<=\d)\s(?=\(?(?:\+\d|0[1-9]))"),
    re.compile(r"(?<=\d\d)\s(?=[78]\s?\(\d{3}|(?:1\s)?\d{3}\s\d{3}\s\d{4}(?!\d))|(?<=\d{4})\s(?=(?:1\s?)?\(\d{3}\))"),
]
STOP = "¦"  # parts two numbers, and nothing within one
LETTERS_BEHIND = re.compile(r"\d[\s.)_~-]{1,3}[A-Z]{2}|8\d\d[-.][A-Za-z]{5}")
VANITY = re.compile(
    rf"(?<![\w-])(?:\+?1{S}{{1,2}})?\(?(?:8(?:00|33|44|55|66|77|88)|900|0800|0[89]00|1800|1300)\)?{S}{{1,3}}"
    rf"(?=(?:{S}?[A-Z0-9]){{5,12}}(?![\w-]))(?=[^a-z\n]{{0,12}}[A-Z]{{2}})[A-Z0-9]+(?:[-.\s][A-Z0-9]+){{0,2}}(?![\w-])"
    r"|(?<![\w-])1[-.\s]8(?:00|33|44|55|66|77|88)[-.][A-Za-z]{5,12}(?![\w-])"
    rf"|(?<![\w-])(?:\(\d{{3}}\)\s?|(?:1-)?\d{{3}}[-.])\d{{3}}[-.][A-Z]{{4}}(?![\w-])"
)
EXTENSION = re.compile(
    r"\s{0,2}[,;(/-]?\s?(?i:ext(?:ension|n)?\.?|x|доб\.?|durchwahl|dw\.?|poste|int(?:erno)?\.?|anexo|ramal|toestel|#|;ext=)"
    r"[\s.:]{0,2}\d{1,6}\)?(?!\w)"
)
WORDS = (
    r"tel(?:e(?:ph?one?|fon(?:o|nummer|szám)?|fonas))?|téléphone|teléfono|tél|tlf|tfno|phones?|telephones?|fax(?:nummer)?"
    r"|mobile|mobil(?:e|nummer|telefon)?|móvil|celular|cel|cell(?:ular|phone)?|handy|portable|call|dial|ring|text|sms"
    r"|whats\s?app|viber|telegram|hotline|helpline|landline|toll[- ]free|ph|contact|fon|fono|numéro|gsm|rufnummer"
    r"|phoned|rang|тел|телефон[а-я]*|моб|факс|звоните|вотсап|ватсап|τηλ|טלפון|هاتف|电话|電話|手机|전화"
)
# What may stand between such a word and its number.
FILLERS = (
    r"us|me|him|her|them|now|today|on|at|under|via|no|nos|number|numbers|num|nr|is|was|the|a|our|my|his|their|your|or|and"
    r"|office|line|desk|newsroom|free|toll|direct|home|work|us:|unter|auf|sur|al|по|номер[а-я]*|here|please|message|for|in"
    r"|fax|tel|phone|mobile|whats\s?app|text|sms|call"
)
NAMED = r"(?:[A-Z][\w’'-]{1,20}\s){1,3}(?:on|at|under)"  # call Ada Quill on …
SAID = re.compile(
    rf"(?:(?<!\w)(?i:{WORDS})(?!\w)[\s.:/,–=(#-]{{0,4}}(?:(?:(?i:{FILLERS})|{NAMED})[\s.:/,–=(#-]{{1,4}}){{0,4}}(?<!\d)\+?"
    rf"|[☎☏✆📞📱📲℡]\s{{0,3}}|\b[TMFP][:.]\s{{0,2}}\+?)"
    rf"(?P<number>[(+]{{0,2}}\d(?:[\s.\-/_*~|·()+]{{0,4}}\d){{{FEWEST_SAID - 1},{MOST + 3}}})(?![\w%])"
)
# Cheap: whether there may be one. No shape has fewer digits, or more signs between two; before fewer stands a word.
MANY = re.compile(rf"\d(?:(?:\W|_){{0,12}}\d){{{FEWEST - 1}}}")
A_DIGIT, A_WORD = re.compile(r"\d"), re.compile(r"\w+")
# [☎☏✆📞📱📲℡] or \b[TMFP][:.], so written that only its first signs are looked for.
SIGN_THAT_SAYS = re.compile(r"[☎☏✆📞📱📲℡TMFP](?:(?<![TMFP])|(?<=\b[TMFP])[:.])")
SAYING = re.compile(rf"(?<!\w)(?i:{WORDS})(?!\w)|{SIGN_THAT_SAYS.pattern}")
FIRST_OF_SAYING = re.compile(rf"(?i:{WORDS}|whats|toll)")  # what a word that says so is, or begins with: toll-free
SAID_BEHIND = re.compile(
    rf"(?<![\w.,/-])(?P<number>[(+]{{0,2}}\d(?:[ .\-/()]{{0,3}}\d){{{FEWEST - 1},{MOST}}})\s?[(,-]\s?(?i:{WORDS})\b"
)
DIGIT = r"(?:[Zz]ero|[Oo](?:h|ne)|[Tt](?:wo|hree)|[Ff](?:our|ive)|[Ss](?:ix|even)|[Ee]ight|[Nn]ine)"
SPOKEN = re.compile(rf"\b(?:(?:{DIGIT}|plus|[Dd]ouble|[Tt]riple)[\s,-]{{1,3}}){{6,16}}{DIGIT}\b")
IN_ORDER = re.compile(r"(?i)\bone\W+two\W+three\W+four\W+five|\bnine\W+eight\W+seven\W+six\W+five")
THOUSANDS = re.compile(r"\d{1,3}(?: \d{3})+")
REGIONS = "US ES IN BR MX CN PT PL CZ SG HK GR IT CL CO PE AU AR NZ".split()  # whose numbers begin with no zero
A_YEAR = re.compile(r"1[5-9]\d\d|20\d\d")


def telephones(text: str) -> list[Span]:
    """Return the spans of the telephone numbers in a text as it is read; they may overlap.

    >>> text = "8 (495) 123-45-67 or 1-800-FLOWERS, not 2024-11-05 or 1,800,555"
    >>> [text[start:end] for start, end in telephones(text)]
    ['8 (495) 123-45-67', '1-800-FLOWERS']
    """
    found: list[Span] = []
    look = first_look(text)
    for start, end in _neighbourhoods(text, look.digits):
        found += [(start + first, start + last) for first, last in _near_digits(text[start:end])]
    if look.spoken:
        found += [match.span() for match in SPOKEN.finditer(text) if not IN_ORDER.search(match[0])]
    if look.lettered and LETTERS_BEHIND.search(text):
        found += [match.span() for match in VANITY.finditer(text)]
    return [(start, _with_extension(text, end)) for start, end in sorted(found)]


def _neighbourhoods(text: str, digits: list[list[int]]) -> list[Span]:
    """The parts of a text around digits that stand close together, wide enough to say what these are."""
    parts: list[Span] = []
    for match in chain.from_iterable(CLOSE.finditer(text, first, last) for first, last in digits):
        start, end = max(0, match.start() - BEFORE), match.end() + AFTER
        if parts and start <= parts[-1][1]:
            parts[-1] = (parts[-1][0], end)
        else:
            parts.append((start, end))
    return parts


def _near_digits(text: str) -> Iterator[Span]:
    """The numbers in a part of a text: in links, by their shape, by a word at their side."""
    if _may_hold_a_link(text):
        yield from (match.span("number") for match in IN_LINK.finditer(text))
    if not MANY.search(text) and not _says(A_DIGIT.sub("n", text)):  # as `_blank` writes digits
        return
    plain = _without_honest(text)
    found = {*_by_shape(plain), *_by_word(plain)}
    yield from found | _in_a_row(plain, found)


def _may_hold_a_link(text: str) -> bool:
    """Tell whether a link may be in a text: every one has a slash or says what it is (tel:, ?phone=)."""
    return "/" in text or "=" in text or (":" in text and A_SCHEME.search(text) is not None)


def _says(text: str) -> bool:
    """Tell whether something in a text may say that a number is one; words are looked up, since patterns take long."""
    return any(map(_may_say, A_WORD.findall(text))) or SIGN_THAT_SAYS.search(text) is not None


@lru_cache(maxsize=16384)
def _may_say(word: str) -> bool:
    return FIRST_OF_SAYING.fullmatch(word) is not None


def _in_a_row(text: str, found: set[Span]) -> set[Span]:
    """Numbers with nothing but a space between them, “030 1234567 030 7654321”: beside a number stands another one.

    The space is taken for a stop where one may end and another begin. A number that is found only then counts if one
    ends or begins there, too, so that a row of figures is none.
    """
    starts = [{match.start() for match in pattern.finditer(text)} for pattern in NEXT_ONE]
    row: set[Span] = set()
    while True:
        known = found | row
        ends = {end for _, end in known if text[end : end + 1].isspace()}
        new = {span for cuts in (*starts, ends) if cuts for span in _beside_each_other(text, cuts, known)} - known
        if not new:
            return row
        row |= new


def _beside_each_other(text: str, cuts: set[int], known: set[Span]) -> Iterator[Span]:
    """The numbers in a text that is stopped at some places, if beside each of them stands another one."""
    new = {*_by_shape("".join(STOP if place in cuts else sign for place, sign in enumerate(text)))}
    starts, ends = {start for start, _ in known | new}, {end for _, end in known | new}
    return ((start, end) for start, end in new if start - 1 in ends or end + 1 in starts)


def _with_extension(text: str, end: int) -> int:
    behind = EXTENSION.match(text, end)
    return behind.end() if behind else end


def _without_honest(text: str) -> str:
    """The text with letters in the place of the digits of what has another meaning, web addresses among them."""
    for pattern in (WEB, HONEST):
        text = pattern.sub(_blank, text)
    return BOOK.sub(lambda match: _blank(match) if _is_isbn(match[0]) else match[0], text)


def _blank(match: re.Match) -> str:
    return A_DIGIT.sub("n", match[0])


def _is_isbn(written: str) -> bool:
    signs = re.sub(r"[- ]", "", written)
    if len(signs) != 10:
        return False
    return sum((10 - place) * (10 if sign == "X" else int(sign)) for place, sign in enumerate(signs)) % 11 == 0


def _by_shape(text: str) -> Iterator[Span]:
    for pattern, fits in SHAPES:
        for match in pattern.finditer(text):
            if len(_digits(match[0])) >= FEWEST and fits(text, match):
                yield match.span()


def _by_word(text: str) -> Iterator[Span]:
    """Numbers that a word says to be one: before them, or in brackets behind them."""
    for pattern in (SAID, SAID_BEHIND):
        for match in pattern.finditer(text):
            if not _is_statistic(match["number"]):
                yield match.span("number")


def _is_statistic(number: str) -> bool:
    """1,234,567 and 300 000 are sums; what begins with a zero or a plus sign is none."""
    return bool(re.fullmatch(r"[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d{0,2} \d{3}", number))


def _digits(written: str) -> str:
    return re.sub(r"\D", "", written)


def _groups(written: str) -> list[str]:
    return re.findall(r"\d+", written)


def _is_world(_: str, match: re.Match) -> bool:
    """A country's code, and as many digits as its network has."""
    digits = re.sub(r"^(?:00|011)", "", _digits(re.sub(r"\(\s?0\s?\)", "", match[0])))
    if not FEWEST <= len(digits) <= MOST:
        return False
    if re.fullmatch(rf"\+{THOUSANDS.pattern}", match[0]):  # as a sum is written: +48 600 123 456
        return _is_possible(f"+{digits}", surely=True)
    return len(_groups(match[0])) > 2 or _is_possible(f"+{digits}", surely=False)


@lru_cache(maxsize=4096)
def _is_possible(number: str, surely: bool) -> bool:
    import phonenumbers

    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number(parsed) if surely else phonenumbers.is_possible_number(parsed)


def _is_america(text: str, match: re.Match) -> bool:
    """Three, three and four digits; where only spaces part them, as North America gives them out, and in no row."""
    if re.search(r"\d[^\s\d()]+\d|\)", match[0]):
        return True
    area, exchange = _groups(match[0])[-3:-1]
    return area[0] > "1" and exchange[0] > "1" and _stands_alone(text, match)


def _is_trunk(text: str, match: re.Match) -> bool:
    """A zero that leads out of town, nine to twelve digits, and no row of small figures."""
    groups, digits = _groups(match[0]), _digits(match[0])
    if len(groups) == 1:
        return 10 <= len(digits) <= 12
    if len(digits) == 8 and "(" in match[0]:
        return True
    if all(len(group) <= 2 for group in groups):
        return len(groups) == 5 and _stands_alone(text, match)
    return 9 <= len(digits) <= 13 or (len(digits) == 8 and "/" in match[0])


def _is_russia(text: str, match: re.Match) -> bool:
    return len(_digits(match[0])) == 11 and _stands_alone(text, match) and not THOUSANDS.fullmatch(match[0])


def _is_area(_: str, match: re.Match) -> bool:
    """A number of the town in brackets, and no volume of a journal: (2019) 567 305."""
    groups, digits = _groups(match[0]), _digits(match[0])
    return 8 <= len(digits) <= 11 and not A_YEAR.fullmatch(groups[0])


def _is_plan(text: str, match: re.Match) -> bool:
    """Parted as some country parts its numbers, and valid there; no year, no sum, no row of figures."""
    groups = _groups(match[0])
    if not 8 <= sum(map(len, groups)) <= 11 or THOUSANDS.fullmatch(match[0]):
        return False
    if any(A_YEAR.fullmatch(group) for group in groups) or not _stands_alone(text, match):
        return False
    return _is_of_a_plan(match[0])


@lru_cache(maxsize=16384)
def _is_of_a_plan(number: str) -> bool:
    import phonenumbers

    return any(
        phonenumbers.PhoneNumberMatcher(number, region, leniency=phonenumbers.Leniency.STRICT_GROUPING).has_next()
        for region in REGIONS
    )


def _stands_alone(text: str, match: re.Match) -> bool:
    """Whether no other figure stands beside it, as in a row of a table."""
    before, behind = text[max(0, match.start() - 4) : match.start()], text[match.end() : match.end() + 4]
    return not re.search(r"[\dn][)\]]?[\s,;|]*$", before) and not re.match(r"[\s,;|]+\d", behind)


SHAPES = [
    (
        re.compile(
            rf"(?<![\w+/])(?<!\d[.,\s])(?<!\d-)(?:\(?\+{S}?\(?|\(?(?<!:)00(?=[\s.(/-]{{0,2}}[1-9])|(?<!:)011[\s.-])"
            rf"{S}{{0,2}}[1-9]\d{{0,3}}\)?{S}{{0,2}}(?:\(\s?\d{{1,5}}\s?\)\s?)?"
            rf"(?:[\s.\-/_*~|·()]{{0,3}}\d){{5,13}}{BEHIND}"
        ),
        _is_world,
    ),
    (
        re.compile(
            rf"{ALONE}(?:1{S}{{0,3}}(?=\()|1{APART})?"
            rf"(?:\(\s?\d{{3}}\s?\){S}{{0,3}}\d{{3}}{S}{{0,3}}|\d{{3}}{APART}\d{{3}}{APART})\d{{4}}{BEHIND}"
        ),
        _is_america,
    ),
    (
        re.compile(
            rf"{FREE}(?:[(\[]\s?0\s?[)\]]\s?[1-9]|[(\[]?\s?0[1-9])\d{{0,4}}\s?[)\]]?(?:{S}{{0,3}}\(?\d{{1,8}}\)?){{1,6}}"
            rf"{BEHIND}"
        ),
        _is_trunk,
    ),
    (
        re.compile(
            rf"{ALONE}[78]{S}{{0,3}}(?:\(\d{{3,5}}\)|\d{{3,5}}){S}{{0,3}}\d{{1,3}}(?:{APART}\d{{2,3}}){{1,3}}{BEHIND}"
        ),
        _is_russia,
    ),
    (re.compile(rf"{ALONE}\(\d{{2,5}}\)\s?\d{{2,5}}(?:[\s.-]\d{{2,5}}){{1,3}}{BEHIND}"), _is_area),
    (re.compile(rf"{ALONE}555[.-]\d{{4}}{BEHIND}"), lambda *_: True),  # as films have them
    (re.compile(rf"{ALONE}\d{{2,5}}(?:[\s-]\d{{2,5}}){{1,4}}{BEHIND}"), _is_plan),
]
