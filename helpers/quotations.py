"""Altered quotations go in; the same come out with the speaker, what was altered, and how far that moves the meaning.

No machine knows what a change means to the person quoted. The order is a rule that anybody can check: a negation
put in or left out first, then numbers, names, content words, and last mere form; among equals, the larger share of
the quotation's content words.
"""

import re
from functools import lru_cache

import pandas as pd

from helpers.language import is_content_word, is_number, lemma
from helpers.names import name_spans
from helpers.text import Span, covering, fold, line_spans, overlaps, quotation_spans, tokens

NEGATIONS = frozenset("not n't no never nobody nothing none neither nor without cannot".split())
NO_NEGATION = re.compile(r"\bno (?:matter|doubt)\b")  # “irrespective of” for “no matter” denies nothing
# What is possible, due or certain; of one group one says the same as the other.
MODALS = {
    word: number
    for number, group in enumerate(["can", "may", "could might", "must", "should ought", "shall will 'll", "would 'd"])
    for word in group.split()
}
GOING_TO = re.compile(r"\bgoing to\b")
NO_VERB = re.compile(r"\s*(?:[^\w\s'’]|$|(?:is|was|are|were|has|had|of|in|on|at|for|with|and|or)\b)", re.IGNORECASE)
REPORTING = frozenset(
    """
    say tell add state write ask reply announce declare claim warn explain note argue quote read promise insist
    describe call mention remark answer confirm
    """.split()
)
# What may stand between a name and the verb by which it speaks. A wrong speaker is worse than none.
BETWEEN = re.compile(
    r"(?:[’']s (?:message|statement|letter|speech|post))?"
    r"(?:\s(?:was|is|has|had|also|reportedly|later|then|quoted|as|once))*\s",
    re.IGNORECASE,
)
SAYING = re.compile(r"\b(?:saying|stating|adding|writing|declaring|warning)[:,]?\s*$", re.IGNORECASE)
VERB_FOLLOWS = re.compile(r"\s[a-z]+(?:ed|t|s|de|ke|ve)\b")  # a name that does something: “Trump addressed”
ASIDE = re.compile(
    r",[^,.;:“”\"]{3,80}(?:,[^,.;:“”\"]{3,60})?,\s", re.IGNORECASE
)  # “Dr Korvath, the head of research, told”
INVERTED = frozenset(
    "say add ask reply write explain note".split()
)  # ““…,” says Owen Farrady”; who is told is no speaker
MODALITY = "possibility or duty"
LEVELS = ["form", "function words", "content words", MODALITY, "name", "number", "negation"]  # the least first
ADDED = ["speaker", "moved", "level", "quoted_words", "replaced_words", "share"]


def assess_quotations(articles: pd.DataFrame, substitutions: pd.DataFrame, quotations: pd.DataFrame) -> pd.DataFrame:
    """Return altered quotations (see `altered_quotations`) with more columns, ranked by how far the meaning moved.

    Adds `speaker` (as the reference names it in the same paragraph; empty where it names none), `moved` (what was
    altered, the gravest: negation, number, name, possibility or duty, content words, function words, form), `level`
    (its place in that order, 6 for a negation), `quoted_words` and `replaced_words` (content words inside the
    quotation marks, and those of them that were replaced) and `share`.
    """
    by_article = dict(tuple(substitutions[substitutions["in_quote"]].groupby("spun_id")))
    rows = []
    for row in quotations.sort_values("reference_id").itertuples():  # passages of one text together, see _outline
        inside = by_article[row.spun_id]
        inside = inside[(inside["spun_start"] < row.spun_end) & (inside["spun_end"] > row.spun_start)]
        text, spun_text = articles.loc[row.reference_id, "text"], articles.loc[row.spun_id, "text"]
        level = max((_level(change) for change in inside.itertuples()), default=0)
        quoted = _quoted_content(text, (row.reference_start, row.reference_end))
        replaced = _overlapping(inside, "reference", quoted)
        if not quoted:  # the quotation marks stand in the spun text alone
            quoted = _quoted_content(spun_text, (row.spun_start, row.spun_end))
            replaced = _overlapping(inside, "spun", quoted)
        speaker = speaker_of(text, (row.reference_start, row.reference_end))
        rows.append((speaker, LEVELS[level], level, len(quoted), replaced, replaced / max(1, len(quoted))))
    assessed = pd.DataFrame(rows, columns=ADDED, index=quotations.sort_values("reference_id").index)
    return (
        quotations.assign(**{name: assessed[name] for name in ADDED})
        .sort_values(
            ["level", "share", "changed", "spun_id", "spun_start"], ascending=[False, False, False, True, True]
        )
        .reset_index(drop=True)
    )


def _overlapping(changes: pd.DataFrame, side: str, words: list[Span]) -> int:
    """How many of the words stand in one of the changes."""
    spans = sorted(zip(changes[f"{side}_start"].tolist(), changes[f"{side}_end"].tolist(), strict=True))
    return sum(overlaps(spans, *word) for word in words)


def _level(change: tuple) -> int:
    """The place of one substitution in the order of `LEVELS`."""
    sides = [_folds(phrase) for phrase in (change.spun, change.original)]
    denials = [
        NEGATIONS.intersection(_folds(NO_NEGATION.sub("", fold(side)))) for side in (change.spun, change.original)
    ]
    if bool(denials[0]) != bool(denials[1]):
        return LEVELS.index("negation")
    if change.kind == "number" and {*map(lemma, sides[0])} != {*map(lemma, sides[1])} and not _same_number(change):
        return LEVELS.index("number")
    if change.kind in ("inflection", "spelling", "contraction", "number"):
        return LEVELS.index("form")
    if change.in_name:
        return LEVELS.index("name")
    modals = [_modals(side) for side in (change.spun, change.original)]
    if modals[0] != modals[1] and not NO_VERB.match(change.right):  # in “a watering can.” nothing can be done
        return LEVELS.index(MODALITY)
    content = [{lemma(word) for word in side if is_content_word(word)} for side in sides]
    return LEVELS.index("content words" if content[0] != content[1] else "function words")


def _modals(phrase: str) -> set[int]:
    """The groups of modal verbs in a phrase; “going to” is as good as “will”."""
    found = {MODALS[word] for word in _folds(phrase) if word in MODALS}
    return found | {MODALS["will"]} if GOING_TO.search(fold(phrase)) else found


def _folds(phrase: str) -> set[str]:
    return {token.fold for token in tokens(phrase)}


def _same_number(change: tuple) -> bool:
    from helpers.numbers_changed import value_of  # number words are few, and only here needed

    return value_of(change.spun) == value_of(change.original)


def _quoted_content(text: str, span: Span) -> list[Span]:
    """The content words inside quotation marks in a passage."""
    words = []
    for start, end in quotation_spans(text):
        if start < span[1] and end > span[0]:
            words += [
                (start + token.start, start + token.end)
                for token in tokens(text[start:end])
                if is_content_word(token.fold) and not is_number(token.fold)
            ]
    return words


def speaker_of(text: str, quotation: Span) -> str:
    """Return who says a quotation, where the text names somebody in the same paragraph; else an empty string.

    The name must be the subject of a verb of saying (“Kim said”, ““…,” says Kim”), with hardly a word between them;
    of several the one in front of the quotation, else the one nearest to it.

    >>> text = "“We must wait,” Dr Annelise Korvath, the head of research, told the meeting. Paris waited."
    >>> speaker_of(text, (0, 15))
    'Dr Annelise Korvath'
    """
    lines, quotes, names, verbs = _outline(text)
    line = covering(lines, *quotation)
    quoted = [quote for quote in quotes if quote[0] < quotation[1] and quote[1] > quotation[0]]
    opening = quoted[0][0] if quoted else quotation[0]
    found = []
    for verb in verbs:
        for name in names:
            if line[0] <= verb[0] < line[1] and line[0] <= name[0] < line[1] and _speaks(text, name, verb, quotes):
                before = verb[1] <= opening
                found.append((not before, abs(verb[0] - opening), name))
    name = min(found)[2] if found else _announced(text, line[0], opening, names)
    return " ".join(text[slice(*name)].split()) if name else ""


def _announced(text: str, start: int, opening: int, names: list[Span]) -> Span | None:
    """The subject of a sentence that leads up to a quotation: “In a letter, Trump addressed Xi, saying: “…””."""
    before = text[start:opening]
    if not SAYING.search(before):
        return None
    sentence = start + max((end.end() for end in re.finditer(r"[.!?”\"]\s+", before)), default=0)
    for name in names:
        leads = name[0] == sentence or text[name[0] - 2 : name[0]] == ", "
        if sentence <= name[0] < opening and leads and VERB_FOLLOWS.match(text, name[1]):
            return name
    return None


@lru_cache(maxsize=64)
def _outline(text: str) -> tuple[list[Span], list[Span], list[Span], list[Span]]:
    """Lines, quotations, and outside quotations the names and the verbs of saying; kept for the next passage."""
    quotes = quotation_spans(text)
    names = [name for name in name_spans(text) if not overlaps(quotes, *name)]
    words = (word for word in re.finditer(r"(?<![\w-])[^\W\d_]+(?![\w-])", text) if lemma(fold(word[0])) in REPORTING)
    return line_spans(text), quotes, names, [word.span() for word in words if not overlaps(quotes, *word.span())]


def _speaks(text: str, name: Span, verb: Span, quotes: list[Span]) -> bool:
    """Tell whether a name is the subject of a verb of saying, by what stands between them."""
    if name[1] <= verb[0]:
        gap = text[name[1] : verb[0]]
        return bool(BETWEEN.fullmatch(gap) or ASIDE.fullmatch(gap))
    behind_quotation = any(0 <= verb[0] - end <= 2 for _, end in quotes)
    return behind_quotation and text[verb[1] : name[0]] == " " and lemma(fold(text[slice(*verb)])) in INVERTED
