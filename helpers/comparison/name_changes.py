"""Two phrases and the names of a reference go in; whether a name was changed comes out.

A name that only stands elsewhere, or has another word beside it, is none that was changed.
"""

import re
from collections import Counter
from itertools import pairwise

from helpers.text.countries import COUNTRIES, COUNTRY_OF, with_countries
from helpers.text.english import is_content_word, is_function_word
from helpers.text.names import DAYS, DAYS_NAMED, MONTHS, is_opener
from helpers.text.spans import APOSTROPHES, Span, Token, covering, is_word, sentence_spans, tokens
from helpers.text.spelling import bare_letters

NAME_WORD = re.compile(r"[^\W_][\w’'.-]*")
ENDING = re.compile(rf"[{APOSTROPHES}]s?$|\.$")  # Lind’s, Sen.
# Who is called so is “Oslo Mayor” or “Mayor of Oslo”; but a “Bank of England” is no “England Bank”.
OFFICES = frozenset(
    """
    mayor minister ministry president governor ambassador embassy secretary director chief king queen prince princess
    bishop archbishop department university court parliament police senator professor government chancellor premier
    chairman chairwoman chair ceo coach captain manager spokesman spokeswoman spokesperson leader
    """.split()
)
SOMEBODY_OF = re.compile(r"\S+ \S+.* of ")  # of two words at least, as no Bank of England is
CAPITALISED = re.compile(r"[^\W\d_a-zß-ÿ][\w’'.-]*")
COURTESY = frozenset("Mr Mrs Ms Miss".split())  # said or not, of the same person
NEAR = 400  # characters, as long as most sentences are
JOINS = frozenset("of the a an".split())  # what may come between an office, its place and its holder


def names_stand(spun: str, original: str) -> bool:
    """Tell whether the names of an original stand in one piece in a phrase that has its words in another order.

    What has a capital on one side alone opens a sentence there. “Oslo Mayor” and “Mayor of Oslo” are one, and so are
    “Ada Lind” and “Lind, Ada”.

    >>> names_stand("Berg and Ada Lind", "Ada Lind and Berg"), names_stand("Nations United", "United Nations")
    (True, False)
    """
    sides = [list(NAME_WORD.finditer(phrase)) for phrase in (spun, original)]
    plain = {word[0].lower() for words in sides for word in words if not word[0][0].isupper()}
    here, there = (_joined(words, phrase, plain) for words, phrase in zip(sides, (spun, original), strict=True))
    return all((first, glue, last) in here or _turned(first, glue, last, here) for first, glue, last in there)


def _turned(first: str, glue: str, last: str, here: set[tuple[str, str, str]]) -> bool:
    """Tell whether two words of a name stand in `here` (see `_joined`) in the other of two ways to say it.

    An office with its place (Oslo Mayor, Mayor of Oslo) in front of a name has another word beside the name then.
    """
    if glue == ",":
        return True
    if glue == "of":
        return first in OFFICES and (last, "", first) in here
    between = [
        end
        for start, joined, end in here
        if start == first and (joined == "of" if first in OFFICES else end in OFFICES)
    ]
    return (
        (last, ",", first) in here
        or (last in OFFICES and (last, "of", first) in here)
        or any((office, "", last) in here for office in between)
    )


def _joined(words: list[re.Match], phrase: str, plain: set[str]) -> set[tuple[str, str, str]]:
    """Which words of names follow one another in a phrase (see `_joints`)."""
    return set(_joints(words, phrase, plain))


def _joints(words: list[re.Match], phrase: str, plain: set[str]) -> list[tuple[str, str, str]]:
    """Every two words of names that follow one another, with what stands between: nothing, a comma, “of” or “of the”.

    `plain` are words that are none, in lower case; weekdays and months only say when.
    """
    found = []
    for at, word in enumerate(words):
        for next_word in words[at + 1 : at + 4]:
            glue = " ".join(phrase[word.end() : next_word.start()].split()).removesuffix(" the")
            named = [ENDING.sub("", one[0]) for one in (word, next_word)]
            if glue not in ("", ",", "of") or any(not one[0].isupper() or one.lower() in plain for one in named):
                continue
            if is_function_word(named[0].lower()) or named[0] in DAYS or named[0] in MONTHS:
                continue
            if named[1] not in DAYS or named[0] in DAYS_NAMED:
                found.append((named[0].lower(), glue, named[1].lower()))
    return found


def changes_name(spun: str, original: str, place: Span, names: list[Span]) -> bool:
    """Tell whether a substitution changes a name that it touches, and does more than put in or leave out beside it.

    Beside it: words that say when, or join it to the rest, and not what it is called. “On Tuesday Ada” is Ada. `place`
    is where the original stands, `names` are the names of its text.

    >>> changes_name("On Tuesday Ada", "Ada", (0, 3), [(0, 3)]), changes_name("Lady Ada", "Ada", (0, 3), [(0, 3)])
    (False, True)
    >>> changes_name("then Lind", "Lind", (4, 8), [(0, 8)])  # Ada then Lind
    True
    """
    words, others = ([one for one in tokens(phrase) if is_word(one.fold)] for phrase in (spun, original))
    kept = min(len(words), len(others))
    before = _are_same(words[-kept:], others[-kept:])
    if _is_short_for(spun, original) or _is_short_for(original, spun):
        return False
    if not kept or len(words) == len(others) or not (before or _are_same(words[:kept], others[:kept])):
        return True
    text, longer = (spun, words) if len(words) > kept else (original, others)
    beside = [text[word.start : word.end] for word in (longer[:-kept] if before else longer[kept:])]
    if before and COURTESY.issuperset(beside):
        return False
    if not all(map(_says_when, beside)):
        return True
    edges = [others[0].start, others[-kept].start] if before else [others[kept - 1].end, others[-1].end]
    return any(start < place[0] + edge < end for edge in edges for start, end in names)


def _are_same(words: list[Token], others: list[Token]) -> bool:
    """Tell whether words are the same, but for dots, accents and hyphens."""
    return [bare_letters(word.fold) for word in words] == [bare_letters(word.fold) for word in others]


def _is_short_for(short: str, full: str) -> bool:
    """Tell whether a phrase is the initials of another: NYSE, New York Stock Exchange."""
    words = [word for word in _parts(full) if word not in JOINS]
    initials = "".join(word[0] for word in words)
    return len(words) > 1 and short.isupper() and bare_letters(short) == initials


def _says_when(word: str) -> bool:
    """Tell whether a word beside a name is none of its own: a function word, a weekday, month or figure, an adverb."""
    lower = word.lower()
    return is_function_word(lower) or word in DAYS or word in MONTHS or lower.isdigit() or is_opener(lower)


def around(text: str, place: Span) -> str:
    """The sentences of a text that a place touches."""
    line = text.rfind("\n", 0, place[0]) + 1
    end = text.find("\n", place[1])
    sentences = sentence_spans(text[line : end if end >= 0 else len(text)])
    return text[slice(*(line + edge for edge in covering(sentences, place[0] - line, place[1] - line)))]


def may_stand(name: str, published: str, place: Span) -> bool:
    """Tell whether the words of a name stand near a place of a spun text at all, those of countries apart.

    It is asked before sentences are read, which takes longer than all else: of most broken names a word is gone.
    """
    near = published[max(0, place[0] - NEAR) : place[1] + NEAR].lower()
    return name in COUNTRY_OF or all(
        part in near for part in _parts(with_countries(name)) if part not in COUNTRIES and part not in JOINS
    )


def stands_around(spun: str, name: str, published: str, sentence: str) -> bool:
    """Tell whether a name of a reference stands in the sentence that was `published`, with its words elsewhere in it.

    `sentence` is the reference's, `spun` what stands in place of words of the name: where it has words of the name it
    must bring none that the sentence does not have, else none of these with a capital. Where an office is named, its
    country may be told by its name or an adjective, and office, country and holder may stand in any order, with nothing
    but themselves between.

    >>> macron = "French President Emmanuel Macron"
    >>> stands_around("The", macron, "The president of France, Emmanuel Macron, left.", macron + " left.")
    True
    >>> stands_around("The", macron, "The president of Italy, Emmanuel Macron, left.", macron + " left.")
    False
    """
    countries = with_countries(spun), with_countries(published), with_countries(sentence)
    words = _parts(countries[0])
    put_in = (
        words if set(words) & set(_parts(with_countries(name))) else _parts(" ".join(CAPITALISED.findall(countries[0])))
    )
    counts, others = Counter(_parts(countries[1])), Counter(_parts(countries[2]))
    if any(counts[part] > others[part] for part in put_in if is_content_word(part)):
        return False
    is_somebody = not OFFICES.isdisjoint(_parts(f"{spun} {name}")) or SOMEBODY_OF.match(name) is not None
    if is_somebody or name in COUNTRY_OF:
        name, published, sentence = with_countries(name), *countries[1:]
    here, parts = _parts(published), _parts(name)
    counts, others = Counter(here), Counter(_parts(sentence))
    if any(counts[part] < others[part] for part in parts if part not in JOINS):
        return False
    sides = [Counter(_joints(list(NAME_WORD.finditer(side)), side, set())) for side in (published, sentence)]
    loose = {*OFFICES, *published.split(), *(COUNTRIES if is_somebody else ())}  # what has no capital there is no name
    return all(
        sides[0][joint] >= sides[1][joint]
        or _turned(*joint, set(sides[0]))
        or _is_whose(*joint, name, published)
        or (not loose.isdisjoint((joint[0], joint[2])) and _near(joint[0], joint[2], here, {*parts, *JOINS}))
        for joint in _joined(list(NAME_WORD.finditer(name)), name, set())
    )


def _is_whose(first: str, glue: str, last: str, name: str, published: str) -> bool:
    """Tell whether two words of a name say whose it is, and so do others there: Ada Lind of Oslo, Oslo’s Ada Lind."""
    if glue == "of":
        begins, owner = name.split()[0], re.escape(last)
        owned = rf"\b{owner}(?:[{APOSTROPHES}]s?)\s+{re.escape(begins)}\b"
        return SOMEBODY_OF.match(name) is not None and re.search(owned, published, re.IGNORECASE) is not None
    owned = rf"\b{re.escape(first)}(?:[{APOSTROPHES}]s?)\s+{re.escape(last)}\b"
    owner = rf"\b(?:of|in|at|from)\s+(?:the\s+)?{re.escape(first)}\b"
    return all(re.search(*said, re.IGNORECASE) for said in ((owned, name), (owner, published)))


def _parts(phrase: str) -> list[str]:
    """The words of a phrase in lower case, without possessive endings."""
    return [ENDING.sub("", word[0]).lower() for word in NAME_WORD.finditer(phrase)]


def _near(first: str, last: str, words: list[str], between: set[str]) -> bool:
    """Tell whether two words stand with nothing but words of `between` from one to the other, whichever comes first."""
    places = [at for at, word in enumerate(words) if word in (first, last)]
    return any(words[at] != words[then] and between.issuperset(words[at + 1 : then]) for at, then in pairwise(places))
