"""Two cells of a public list of tortured phrases go in; the pairs of phrases in them come out, or why there is none.

The first may be a query, as the Problematic Paper Screener publishes its fingerprints: phrases in quotation marks with
AND, OR, NOT, brackets and proximity between them. The second is what a person wrote for readers: with abbreviations,
notes, guesses and several answers. What is no pair comes out as it is written, with a reason.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from helpers.corpus.formats.article_record import MISSING
from helpers.text.spelling import same_letters

MARKS = str.maketrans("“”„‟«»″", '"' * 7)
OPERATOR = r"(?:AND|OR|NOT|&&|\|\|?|(?:NEAR|ADJ|PRE|ONEAR|W|N)/?\d+|NEAR)"
TOKEN = re.compile(
    rf'\s*(?:(?P<phrase>[\w:]*"[^"]*")(?P<near>~\d*)?|(?P<sign>[()]|(?:(?<=\s)|(?<=^))[-!+](?="))'
    rf"|(?P<operator>{OPERATOR})(?=[\s(\"]|$)|(?P<word>[^\s()\"]+|\"))"
)
QUERY = re.compile(
    rf'(?:^|[\s)"])(?:{OPERATOR})(?=[\s("]|$)'  # an operator between phrases
    r'|(?<=["a-zA-Z])~\d|(?<=\w)\*|\w\?\w'  # words near each other, beginnings of words
    r'|^\(*"[^"]*"\)*$|" (?:and|or|not) "'  # a phrase in quotation marks and nothing else, or another one
)
QUOTED = re.compile(r'^[\s(+!-]*(?:\w+:)?"[^"]*"(?:\)*$|.*"[^"]*"\W*$)')  # so begins no phrase of a list
GUESSED = re.compile(r"\?|^\W*(?:unknown|unclear|tbd|to be determined)\W*$", re.I)
SEVERAL = re.compile(r"\sor\s|\s/|[;|]|/\s|(?<=\w{4})/|/(?=\w{4})|[\"“‘].+[\"”’].*[\"“‘].+[\"”’]", re.I)
ASIDE = re.compile(r"\s*(?<!\w)\([^()]*\)(?!\w)|\s*\([^()]*\)\s*$|(?:,\s*)?\bsee(?: \w+)? https?://\S*")
OPTIONAL = re.compile(r"\s*\[[^\[\]]*\]")
LAST_BRACKET = re.compile(r"\s\(([^()]*)\)$")
WORDS = MISSING & {"none", "null", "nil", "undefined", "na", "nat"}  # words of English or of a science as well
LONGEST = 1_000  # characters of a query; the longest published has some 200
MOST_ALTERNATIVES, MOST_LEVELS = 200, 20  # of a query

NEAR = "it asks for words near each other, and names no phrase"
BEGINNINGS = "it asks for beginnings of words, and names no phrase"
WITHOUT = "it asks for texts without a phrase"
TANGLED = "it is a query that cannot be taken apart"
GUESS = "the list only guesses at the original"
ANSWERS = "the list names several originals"
GAP = "the original leaves words out"
TOO_LONG = f"it has more than {LONGEST:,} characters and is no phrase"
NO_PHRASE = "a cell holds data and no phrase"
PART = "a part of the original is optional or marked"


@dataclass(frozen=True)
class Asked:
    """A phrase that a query asks for, how it is written there, and why it is none."""

    phrase: str
    written: str
    why: str = ""


def pairs_of(spun: str, original: str, is_list: bool = True) -> Iterator[tuple[str, str, str]]:
    """Yield the pairs in two cells, each with why it is none (empty where it is one).

    A table that is no public list (`is_list` false) says what it means, so that only its queries and guesses are looked
    at.

    >>> [*pairs_of('"harbour hurricane" AND "port storm"', "port storm (PS)")]
    [('harbour hurricane', 'port storm', '')]
    >>> [pair[0] for pair in pairs_of("harbour hurricane; quay query", "port storm")]
    ['harbour hurricane', 'quay query']
    >>> [*pairs_of('"quay query"~5', "dock search")]
    [('"quay query"~5', 'dock search', 'it asks for words near each other, and names no phrase')]
    """
    if len(spun) > LONGEST or len(original) > LONGEST:
        yield spun, original, TOO_LONG
        return
    spun, original = _one_sort_of_marks(spun), original.replace('\\"', '"').replace("\\&", "&").strip()
    is_query = bool(QUERY.search(spun) or (is_list and QUOTED.search(spun)))
    meant, why = original, ""
    if is_query or is_list or re.search(r"\(\s*\?\s*\)$|^\?+$", original):
        meant, why = _meant(original, spun)
    if unknown := next((cell for cell in (spun, original) if cell in MISSING - WORDS), ""):
        why = why or f"{unknown!r} stands for nothing known"
    if any(cell.startswith(('{"', "{'")) for cell in (spun, original)):
        is_query, why = False, NO_PHRASE
    if not is_query:
        phrases = [part.strip() for part in spun.split(";")] if is_list else []
        yield from ((phrase, meant, why) for phrase in [*filter(None, phrases)] or [spun])
        return
    also_meant = [meant, *re.findall(r"\(([^()]+)\)", original)]
    alternatives = _alternatives(spun)
    for asked in alternatives:
        wrong = next((one.why for one in asked if one.why), "")
        others = [one for one in asked if not any(same_letters(one.phrase, known) for known in also_meant)]
        if not wrong and len(others) != 1:
            wrong = f"it asks for {len(others)} phrases in one text" if others else "it asks for the original alone"
        written = " AND ".join(one.written for one in asked) if len(alternatives) > 1 else spun
        yield written if wrong else others[0].phrase, meant, wrong or why


def _one_sort_of_marks(cell: str) -> str:
    """A cell with straight quotation marks only, and none around it that hold no others."""
    plain = cell.replace('\\"', '"').replace("\\&", "&").translate(MARKS).strip()
    return f'"{plain[1:-1]}"' if re.fullmatch(r"[‘'][^‘’'\"]+[’']", plain) else plain


def _meant(original: str, spun: str) -> tuple[str, str]:
    """The original without what is said about it, and why it is none; `spun` tells what belongs to the phrase."""
    if not original:
        return "", ""  # whoever reads the list says so of any empty cell
    if GUESSED.search(original):
        return original, GUESS
    plain = original
    if abbreviated := LAST_BRACKET.search(spun):
        plain = plain if LAST_BRACKET.search(plain) else plain + abbreviated[0]
    elif "(" not in spun:
        plain = ASIDE.sub("", plain)
    if re.search(r"\.\.\.|…", plain):
        return original, GAP
    if "[" not in spun:
        plain = OPTIONAL.sub("", plain)
    plain = " ".join(plain.split()).strip(" ,")
    marked = ("(" in plain and "(" not in spun) or ("[" in plain and "[" not in spun)
    if not plain or marked or "*" in plain or "://" in plain:
        return original, PART
    several = SEVERAL.search(plain) and not re.search(r"\sor\s|/", spun)
    if several or ("," in plain and not re.search(r",|\sand\s", spun)):
        return original, ANSWERS
    return plain.translate(MARKS).replace('"', "").strip(), ""


def _alternatives(query: str) -> list[list[Asked]]:
    """What a query asks for: alternatives, each of phrases that must all be there."""
    tokens = [found for found in TOKEN.finditer(query) if found[0].strip()]
    try:
        found, rest = _any_of(tokens, 0, 0)
    except RecursionError:
        found, rest = [], 0
    if rest < len(tokens) or not found or len(found) > MOST_ALTERNATIVES:
        return [[Asked(query, query, TANGLED)]]
    return found


def _any_of(tokens: list[re.Match], at: int, level: int) -> tuple[list[list[Asked]], int]:
    """The alternatives from a token on, up to a bracket that closes; and where that is."""
    if level > MOST_LEVELS:
        raise RecursionError
    found: list[list[Asked]] = []
    while at < len(tokens):
        parts, at = _all_of(tokens, at, level)
        found += parts
        if at >= len(tokens) or _operator(tokens[at]) != "OR":
            break
        at += 1
    return found, at


def _all_of(tokens: list[re.Match], at: int, level: int) -> tuple[list[list[Asked]], int]:
    """The alternatives up to the next OR: every choice of one from each of its parts."""
    found: list[list[Asked]] = [[]]
    why = ""
    while at < len(tokens) and tokens[at][0].strip() != ")" and (operator := _operator(tokens[at])) != "OR":
        if operator:
            why = {"AND": why, "NOT": WITHOUT}.get(operator, NEAR)
            at += 1
            continue
        part, at = _one(tokens, at, level)
        if why and part != [[]]:
            part = [[Asked(one.phrase, one.written, why) for one in asked] for asked in part]
        if len(found) * len(part) > MOST_ALTERNATIVES:
            raise RecursionError
        found, why = [[*before, *asked] for before, asked in product(found, part)], ""
    return ([] if found == [[]] else found), at


def _one(tokens: list[re.Match], at: int, level: int) -> tuple[list[list[Asked]], int]:
    """One part of a query: what stands in brackets, a phrase in quotation marks, or words up to the next operator."""
    if tokens[at][0].strip() == "(":
        found, at = _any_of(tokens, at + 1, level + 1)
        if at >= len(tokens):
            raise RecursionError  # a bracket that is not closed
        return found, at + 1
    if quoted := tokens[at]["phrase"]:
        phrase = quoted.partition('"')[2].strip('"').strip()
        near = tokens[at]["near"]
        return [[Asked(phrase, quoted + (near or ""), NEAR if near else _wild(phrase))]], at + 1
    end = at
    while end < len(tokens) and tokens[end]["word"]:
        end += 1
    words = " ".join(token["word"] for token in tokens[at:end])
    if not re.search(r"\w", words):
        return [[]], end  # a comma between phrases
    return [[Asked(words, words, NEAR if re.search(r"\w~\d*$", words) else _wild(words))]], end


def _wild(phrase: str) -> str:
    return BEGINNINGS if re.search(r"\w[*?]|[*?]\w", phrase) else ""


def _operator(token: re.Match) -> str:
    """AND, OR, NOT or NEAR, whichever way it is written; empty for a phrase, a word or a bracket."""
    if token["sign"] in ("-", "!"):
        return "NOT"
    word = token["operator"] or ({"and": "AND", "or": "OR", "not": "NOT"}.get(token["word"] or "", ""))
    if token["word"] and '"' not in token.string:  # a word of a phrase
        word = ""
    known = {"&&": "AND", "||": "OR", "|": "OR", "AND": "AND", "OR": "OR", "NOT": "NOT"}
    return "AND" if token["sign"] == "+" else known.get(word, "NEAR" if word else "")
