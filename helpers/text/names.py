"""A text goes in; the spans of what looks like proper names and titles come out.

Capitals are all there is to go by: a model that knows names would have to be fetched, and would know the famous
ones best. What a capital is worth depends on where it stands.
"""

import re
from functools import lru_cache
from importlib.resources import files

from helpers.text.english import is_function_word
from helpers.text.seen import as_seen
from helpers.text.spans import APOSTROPHES, Span, sentence_spans

# Particles of family names: a name may begin with one (“de Gaulle”), and one may stand behind a first name.
PARTICLES = frozenset(
    "de del della di da du dos das der den ter af av von van zu zur vom bin ibn bint al el le".split()
)
FIRST_PERSON = re.compile(rf"I(?:[{APOSTROPHES}]\w+)?")
JOINING = frozenset("despite although though because unless whereas while since during until if when but and".split())
NAME_GLUE = PARTICLES | frozenset("of the la las los ten dello dei degli y".split())  # inside a name, not at its ends
LED_BY_PARTICLE = re.compile(r"(?:[dl][’']|(?:al|el|as|ash|ad|an|ar|at|az|ul|bin|ibn|ben)-)[^\W\d_a-zß-ÿ]")
LED = re.compile(r" (?:(?:la|las|los|der|den) )?(?!(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)[^\W\d_a-zß-ÿ]")
DETERMINER = re.compile(r"\b(?:an?|the|this|that|his|her|my|our|your|their|its)\s$", re.IGNORECASE)  # “in a van”
INITIALS = re.compile(r"[A-Z](?:\.?-?[A-Z])*")
LETTERED = frozenset("Plan Group Vitamin Hepatitis Section Type Grade Class Block Series Serie Appendix".split())
INITIALISMS = frozenset("U.S U.K U.N E.U U.A.E D.C U.S.S.R US UK UN EU UAE DC USSR".split())  # no person’s initials
TITLES = frozenset(
    "Dr Mr Mrs Ms St Mt Ft Prof Pres Gen Col Maj Capt Lt Sgt Cpl Adm Cmdr Supt Gov Sen Rep Rev Hon".split()
)
NUMBERED = re.compile(r"Nos?\.? ?\d")  # “No. 5”, as #5 and №5 say it without a capital
WORD = re.compile(r"[^\W_][\w’'.-]*\w|\w")
# A capital behind these only opens a sentence; a quotation mark with a space behind it has closed one.
OPENING = re.compile(r"(?:^[-–—*‣·]?|[:.?!«•]|[“\"‘„(❝〝″＂「『《〈]$|(?<!\w)'$)\s*$")
LOOK_BACK = 10  # characters: a sentence of a million signs may hold as many names
DAYS = frozenset("Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split())
MONTHS = frozenset("January February March April May June July August September October November December".split())
IN_A_MONTH = re.compile(r"\b(?:in|on|since|until|till|by|during|from|last|next|this)\s$", re.IGNORECASE)
OF_A_DAY = frozenset(
    "Times Mirror Mail Express Telegraph Post Herald World Review Night Mass School Morning Evening Afternoon".split()
)  # Sunday Times, Friday Night
DAYS_NAMED = frozenset(
    "Black Good Easter Ash Bloody Super Cyber Palm Holy Shrove Maundy Giving Whit Fat Red Freaky Casual".split()
)  # Good Friday
# Words that open a sentence and belong to no name behind them; the adverbs in -ly are in a list of their own.
OPENERS = frozenset(
    """
    later earlier afterwards afterward beforehand yesterday today tomorrow tonight now nowadays soon sooner early late
    meanwhile meantime however moreover furthermore nevertheless nonetheless otherwise besides instead perhaps maybe
    indeed elsewhere somewhere overnight together altogether anyway always often sometimes seldom almost already
    once twice next last recently here thus therefore accordingly aside apart abroad online overall likewise
    regardless yes well said says asked replied added wrote yeah yep nope okay like unlike alongside notwithstanding
    amidst following including excluding regarding concerning considering given citing quoting addressing visiting
    praising criticising criticizing urging joining leaving entering welcoming thanking representing succeeding
    defeating telling asking accusing backing hailing calling outgoing incoming departing
    """.split()
)
# “It’s”, “I’m”, “Don’t”: what stands in front of the apostrophe is a pronoun, or the like, or all of it denies.
CONTRACTED = re.compile(rf"(\w+)[{APOSTROPHES}](?:s|m|re|ll|ve|d)|\w+n[{APOSTROPHES}]t", re.IGNORECASE)


def name_spans(text: str) -> list[Span]:
    """Return what looks like a proper name or title: capitalised words in a row, “of” and “the” between them allowed.

    A capital that opens a sentence, quotation or list item proves nothing by itself: such a word counts if a second
    capital follows and it is no function word, or if the text has it with a capital inside a sentence too and
    never without one. Lines set in title case throughout (headlines) are left out.

    >>> [text[a:b] for text in ["The end of World War II. During it Xi met Kim."] for a, b in name_spans(text)]
    ['World War II', 'Xi', 'Kim']
    """
    if (view := as_seen(text)) is None:
        return list(_name_spans(text))
    return [view.span(*span) for span in _name_spans(view.text)]


@lru_cache(maxsize=4096)  # a corpus of that size: several tables ask for the names of every text
def _name_spans(text: str) -> tuple[Span, ...]:
    sentences = sentence_spans(text)
    sure = _surely_names(text, sentences)
    spans = []
    for start, end in sentences:
        if _is_title_case(text[start:end]):
            continue
        run: list[re.Match] = []
        for word in [*filter(_is_part, WORD.finditer(text, start, end)), None]:
            opens = word is not None and _opens_name(word, text)
            if word and (opens or (run and word[0] in NAME_GLUE)) and (not run or _adjoin(run, word, text)):
                run.append(word)
                continue
            spans += _names_in_run(run, text[start:end], start, sure) if run else []
            run = [word] if word and opens else []
    return tuple(spans)


def _is_part(word: re.Match) -> bool:
    """Tell whether a word can be a part of a name: it has a capital, or what leads one (d’, al-), or it joins them."""
    written = word[0]
    return written[0].isupper() or written in NAME_GLUE or not written.isalpha()


def _opens_name(word: re.Match, text: str) -> bool:
    """Tell whether a name may begin with a word: it has a capital, or is a particle in front of one."""
    led = word[0] in PARTICLES and LED.match(text, word.end()) and not DETERMINER.search(text, 0, word.start())
    if text.startswith("°", max(0, word.start() - 1)) or NUMBERED.match(text, word.start()):
        return False
    return word[0][0].isupper() or LED_BY_PARTICLE.match(word[0]) is not None or bool(led)


def _adjoin(run: list[re.Match], following: re.Match, text: str) -> bool:
    """Tell whether only a space stands behind a run of words, or a full stop and a space behind a title or initials."""
    last = run[-1][0]
    gap = text[run[-1].end() : following.start()]
    initials = INITIALS.fullmatch(last) is not None and last not in INITIALISMS
    # “Plan B. Xi”, “World War I. The …”: what a letter numbers ends with it.
    numbered = is_function_word(following[0].lower()) or (len(run) > 1 and (run[-2][0] in LETTERED or last in "IVX"))
    return gap == " " or (gap == ". " and (last in TITLES or (initials and not numbered)))


def _surely_names(text: str, sentences: list[Span]) -> frozenset[str]:
    """Words that stand with a capital inside a sentence, and nowhere without one."""
    capital = {
        _stem(word)
        for line in (text[start:end] for start, end in sentences)
        if not _is_title_case(line)
        for word in re.findall(r"(?<=[a-z,] )[A-Z][\w’'-]*", line)
    }
    lower = set(re.findall(r"\b[a-z][\w-]*", text))
    return frozenset(word for word in capital if word.lower() not in lower)


def _stem(word: str) -> str:
    return re.sub(rf"[{APOSTROPHES}]s?$", "", word)


def _names_in_run(run: list[re.Match], sentence: str, start: int, sure: frozenset[str]) -> list[Span]:
    """The name in a run of capitalised words, if there is one; a weekday beside it is one of its own."""
    if run and FIRST_PERSON.fullmatch(run[0][0]) and not sentence.startswith(".", run[0].end() - start):  # “I. M. Lind”
        run = run[1:]
    before = _in_front(run[0], sentence, start) if run else ""
    if run and before.endswith(", ") and run[0][0].lower() in JOINING:
        run = run[1:]
    elif run and OPENING.search(before):
        first = run[0][0]
        alone = len(run) == 1 or run[1][0] in NAME_GLUE - PARTICLES
        # “During Kim’s visit”, “Top-ranking Chinese”: the capital of the first word is the sentence's.
        if _opens_only(run) or (
            _stem(first) not in sure
            and not sentence[run[0].end() - start :].startswith(". ")  # “A. B. Lind”
            and (alone or is_function_word(first.lower()) or _is_contraction(first) or re.search("-[a-z]", first))
        ):
            run = run[1:]
    days, run = _days_apart(run, _in_front(run[0], sentence, start) if run else "")
    while run and run[0][0] in NAME_GLUE - PARTICLES:
        run = run[1:]
    while run and run[-1][0] in NAME_GLUE:
        run = run[:-1]
    # A possessive ending stays outside.
    name = [(run[0].start(), run[-1].start() + len(_stem(run[-1][0])))] if run else []
    return sorted([*name, *((day.start(), day.start() + len(_stem(day[0]))) for day in days)])


def _in_front(word: re.Match, sentence: str, start: int) -> str:
    """The few signs in front of a word in its sentence; a letter stands for what came before them."""
    place = word.start() - start
    return sentence[:place] if place <= LOOK_BACK else "x" + sentence[place - LOOK_BACK : place]


def _opens_only(run: list[re.Match]) -> bool:
    """Tell whether the first word of a sentence is an adverb or a weekday that is no part of the name behind it."""
    first = run[0][0]
    if len(run) == 1:
        return False
    if first in DAYS:
        return run[1][0][0].isupper() and run[1][0] not in OF_A_DAY
    return is_opener(first.lower())


def is_opener(word: str) -> bool:
    """Tell whether a word in lower case may open a sentence and is no part of the name behind it.

    >>> is_opener("later"), is_opener("recently"), is_opener("new")
    (True, True, False)
    """
    return word in OPENERS or word in _adverbs()


def _is_contraction(word: str) -> bool:
    """Tell whether a word is a pronoun with a verb, or a verb with “not”: It’s, Don’t; not Lind’s."""
    found = CONTRACTED.fullmatch(word)
    return found is not None and (found[1] is None or is_function_word(found[1].lower()) or found[1] == "Let")


@lru_cache(maxsize=1)
def _adverbs() -> frozenset[str]:
    """The words in -ly that can be nothing but adverbs: hardly and recently, not Sally, Italy or daily.

    They are lemminflect's, by `docs/scripts/adverbs.py`: to ask it itself, a comparison would load 70,000 words.
    """
    return frozenset(files("helpers.text").joinpath("adverbs.txt").read_text(encoding="utf-8").split())


def _days_apart(run: list[re.Match], before: str) -> tuple[list[re.Match], list[re.Match]]:
    """The weekdays and months at the ends of a run, which only say when, and what is left of it."""
    days = []
    if len(run) > 1 and run[1][0][0].isupper():
        when = run[0][0] in DAYS and run[1][0] not in OF_A_DAY and not before.endswith(" the ")
        if when or (run[0][0] in MONTHS and IN_A_MONTH.search(before)):
            days, run = [run[0]], run[1:]
    if len(run) > 1 and _stem(run[-1][0]) in DAYS and run[-2][0] not in DAYS_NAMED | NAME_GLUE:
        days, run = [*days, run[-1]], run[:-1]
    return days, run


def _is_title_case(line: str) -> bool:
    """Tell whether nearly every longer word of a headline has a capital; a full stop makes it no headline."""
    if line[-1:] in ".!?”":
        return False
    words = re.findall(r"[^\W\d_]{4,}", line)
    return len(words) > 3 and sum(word[0].isupper() for word in words) / len(words) > 0.8
