"""Altered quotations go in; the same come out with the speaker, what was altered, and how far that moves the meaning.

No machine knows what a change means to the person quoted. The order is a rule that anybody can check: a negation
put in or left out first, then numbers, names, words of possibility and duty, other content words, and last mere form
(“may” for “can” is no more); among equals, the larger share of the quotation's content words.
"""

import re
from bisect import bisect_left
from functools import lru_cache
from typing import NamedTuple

import pandas as pd

from helpers.comparison.table_rows import SubstitutionRow, place_rows, substitution_rows
from helpers.display.exhibits import LEAST_SURE
from helpers.report.facts.numbers import same_numbers
from helpers.report.facts.people import people
from helpers.text.english import is_content_word, is_number, lemma
from helpers.text.names import name_spans
from helpers.text.spans import Span, fold, overlaps, quotation_spans, tokens

NEGATIONS = frozenset("not n't no never nobody nothing none neither nor without cannot".split())
# Idioms with a negation that denies nothing: “irrespective of” for “no matter”, “at least” for “no less than”.
NO_NEGATION = re.compile(
    r"\b(?:no (?:matter|doubt|wonder|sooner)|(?:no|not) (?:less|fewer|more|later|earlier) than|if not"
    r"|not (?:only|just|merely|simply|least|to mention)|or not|(?:none|never)[ -]the[ -]less|none other than"
    r"|nothing but|than not)\b"
)
# Words that deny without being negations: “unable to” for “not able to”, “failed to” for “did not”.
DENYING = frozenset(
    """
    fail refuse decline lack deny unable hardly barely scarcely rarely seldom absent absence devoid free yet minus stop
    avoid prevent cease neglect forbid
    """.split()
)
MAY_DENY = re.compile(r"n[’']t|\b(?:no|ne|un|in|im|il|ir|with|cannot)", re.IGNORECASE)  # most phrases do not
DENYING_PREFIX = re.compile(r"(?:un|in|im|il|ir|dis|non|mis)-?[a-z]{4,}")
# What is possible, due or certain; of one group one says the same as the other.
MODALS = {
    word: number
    for number, group in enumerate(["can", "may", "could might", "must", "should ought", "shall will 'll", "would 'd"])
    for word in group.split()
}
POSSIBLE = frozenset(range(3))  # the groups of “can”, “may”, “could”: one for another hardly moves the meaning
ADJECTIVE_ENDS = ("ble", "al", "ant", "ent", "ive", "ate", "ct", "lar")
PARTS = re.compile(r"[\s-]")  # between what is one word here and two there
GOING_TO = re.compile(r"\bgoing to\b")
NO_VERB = re.compile(r"\s*(?:[^\w\s'’]|$|(?:is|was|are|were|has|had|of|in|on|at|for|with|and|or)\b)", re.IGNORECASE)
REPORTING = frozenset(
    """
    say tell add state write ask reply announce declare claim warn explain note argue quote read promise insist
    describe call mention remark answer confirm admit acknowledge complain concede recall suggest testify
    """.split()
)
# By these somebody speaks where a quotation follows behind “as” or a colon: “dismissed the plan as “no plan””.
JUDGING = frozenset(
    "accuse brand condemn criticise criticize denounce dismiss hail label mock portray praise reject slam".split()
)
JUDGED = re.compile(r"(?:\bas(?: an?| the)?|:)\s*$")
# What may stand between a name and the verb by which it speaks. A wrong speaker is worse than none.
BETWEEN = re.compile(
    r"(?:[’']s (?:message|statement|letter|speech|post))?"
    r"(?:\s(?:of|at|for|from|in) (?:the |an? )?[\w’'-]{3,}(?: [\w’'-]{3,})?)?"
    r"(?:\s(?:was|is|has|had|have|also|later|then|quoted|as|once|earlier|since|again|already|just|even|[a-z]+ly))*\s",
    re.IGNORECASE,
)
REACH = 400  # characters from a quotation to the name of its speaker, at most
LONGEST_GAP = 160  # characters between a name and its verb
ABBREVIATED = "".join(rf"(?<!\b{word})" for word in "Dr Mr Ms St Mrs Gen Sen Rep Gov Col Prof [A-Z]".split())
SENTENCE_END = re.compile(rf"(?:[!?…]|{ABBREVIATED}\.)[”\")\]]?(?=\s)|\n")
# What may stand between a quotation and the clause that says who speaks: “the former minister”, no other subject.
CLOSE = re.compile(r"[,\s]*(?:(?!(?:and|but|he|she|they|it|that|who|which|while|when|as|if)\b)[a-z’'-]+\s){0,3}")
SAYING = re.compile(r"\b(?:saying|stating|adding|writing|declaring|warning)[:,]?\s*$", re.IGNORECASE)
VERB_FOLLOWS = re.compile(r"\s[a-z]+(?:ed|t|s|de|ke|ve)\b")  # a name that does something: “Trump addressed”
ASIDE = re.compile(
    r",[^,.;:“”\"]{3,80}(?:,[^,.;:“”\"]{3,60})?,\s(?:(?:was|is|has|had|also|later|then|earlier|once|since)\s)*",
    re.IGNORECASE,
)  # “Dr Korvath, the head of research, told”
INVERTED = frozenset(
    "say add ask reply write explain note".split()
)  # ““…,” says Owen Farrady”; who is told is no speaker
# A clause that ends the sentence and says whose words all of it is: ““a bad plan” for the town, Helen Sharpe said.”
LAST_CLAUSE = re.compile(r"[^.;:!?\n]*,[”\"’']?\s")
CLAUSE_ENDS = re.compile(r"\s*(?:[.;\n]|$|(?:on|in|at|yesterday|today|after|during|last|this|earlier)\b)")
MODALITY = "possibility or duty"
LEVELS = ["form", "function words", "content words", MODALITY, "name", "number", "negation"]  # the least first
ADDED = ["speaker", "moved", "level", "sure", "quoted_words", "replaced_words", "share"]


def assess_quotations(articles: pd.DataFrame, substitutions: pd.DataFrame, quotations: pd.DataFrame) -> pd.DataFrame:
    """Return altered quotations (see `altered_quotations`) with more columns, ranked by how far the meaning moved.

    Adds `speaker` (as the reference names it beside the quotation; empty where none was recognised), `moved` (what was
    altered, the gravest: negation, number, name, possibility or duty, content words, function words, form), `level`
    (its place in that order, 6 for a negation), `sure` (a change of that gravity is no doubtful reading),
    `quoted_words` and `replaced_words` (content words inside the quotation marks, and those of them that were
    replaced) and `share`.
    """
    by_article = dict(tuple(substitutions[substitutions["in_quote"]].groupby("spun_id")))
    texts = articles["text"].to_dict()
    rows = []
    for row in place_rows(quotations.sort_values("reference_id")):  # passages of one text together, see _outline
        inside = by_article[row.spun_id]
        inside = inside[(inside["spun_start"] < row.spun_end) & (inside["spun_end"] > row.spun_start)]
        text, spun_text = texts[row.reference_id], texts[row.spun_id]
        levels = [(level_of(change), change.confidence >= LEAST_SURE) for change in substitution_rows(inside)]
        level, sure = max(levels, default=(0, False))
        quoted = _quoted_content(text, (row.reference_start, row.reference_end))
        replaced = _overlapping(inside, "reference", quoted)
        if not quoted:  # the quotation marks stand in the spun text alone
            quoted = _quoted_content(spun_text, (row.spun_start, row.spun_end))
            replaced = _overlapping(inside, "spun", quoted)
        speaker = speaker_of(text, (row.reference_start, row.reference_end))
        rows.append((speaker, LEVELS[level], level, sure, len(quoted), replaced, replaced / max(1, len(quoted))))
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


def level_of(change: SubstitutionRow) -> int:
    """Return the place of one substitution in the order of `LEVELS`."""
    sides = [_folds(phrase) for phrase in (change.spun, change.original)]
    if _is_turned(change):
        return LEVELS.index("negation")
    if change.kind == "number" and {*map(lemma, sides[0])} != {*map(lemma, sides[1])} and not _same_number(change):
        return LEVELS.index("number")
    if change.kind in ("inflection", "spelling", "contraction", "number"):
        return LEVELS.index("form")
    if change.in_name:
        return LEVELS.index("name")
    modals = [_modals(side) for side in (change.spun, change.original)]
    if modals[0] != modals[1] and not NO_VERB.match(change.right):  # in “a watering can.” nothing can be done
        return LEVELS.index("form" if all(modals) and modals[0] | modals[1] <= POSSIBLE else MODALITY)
    content = [{lemma(word) for word in side if is_content_word(word)} for side in sides]
    return LEVELS.index("content words" if content[0] != content[1] else "function words")


def _is_turned(change: SubstitutionRow) -> bool:
    """Tell whether one side of a substitution denies what the other one says."""
    if not MAY_DENY.search(f"{change.spun} {change.original}"):
        return False
    return _turned(change.spun, change.original) or _turned(change.original, change.spun)


def _turned(phrase: str, other: str) -> bool:
    """Tell whether a phrase denies what the other one says: “going to” and “not going to”, “unlikely” and “likely”.

    Doubt counts for those who are accused: where the other phrase may deny in words of its own, nothing was turned.

    >>> _turned("are not going to", "'re going to"), _turned("without", "with out"), _turned("did not", "failed to")
    (True, False, False)
    """
    if PARTS.sub("", fold(phrase)) == PARTS.sub("", fold(other)):
        return False
    mine, theirs = (_folds(NO_NEGATION.sub("", fold(side))) for side in (phrase, other))
    if theirs & NEGATIONS or any(lemma(word) in DENYING or DENYING_PREFIX.fullmatch(word) for word in theirs):
        return False
    return bool(mine & NEGATIONS) or any(_denies(one, word) for one in mine for word in theirs)


def _denies(word: str, other: str) -> bool:
    """Tell whether a word is another one with a prefix that denies it: unlikely, illegal; but not “inform”."""
    prefix = word.removesuffix(other) if word != other else ""
    return (prefix in ("un", "non", "non-") and len(other) >= 4) or (
        prefix in ("in", "im", "il", "ir") and len(other) >= 5 and other.endswith(ADJECTIVE_ENDS)
    )


def turned_negations(substitutions: pd.DataFrame) -> pd.DataFrame:
    """Return the substitutions that put a negation in or leave one out, furniture and doubtful readings apart."""
    looked = substitutions[(substitutions["kind"] != "boilerplate") & (substitutions["confidence"] >= LEAST_SURE)]
    turned = [_is_turned(change) for change in substitution_rows(looked)]
    return looked[pd.Series(turned, index=looked.index, dtype=bool)]


def _modals(phrase: str) -> set[int]:
    """The groups of modal verbs in a phrase; “going to” is as good as “will”."""
    found = {MODALS[word] for word in _folds(phrase) if word in MODALS}
    return found | {MODALS["will"]} if GOING_TO.search(fold(phrase)) else found


def _folds(phrase: str) -> set[str]:
    return {token.fold for token in tokens(phrase)}


def _same_number(change: SubstitutionRow) -> bool:
    return same_numbers(change.spun, change.original)


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
    """Return who says a quotation, where the text names somebody in the same sentence; else an empty string.

    The name must be the subject of a verb of saying (“Kim said”, ““…,” says Kim”), with hardly a word between them, in
    front of the quotation or else behind it. A quotation that follows on such a sentence has its speaker.

    >>> text = "“We must wait,” Dr Annelise Korvath, the head of research, told the meeting. Paris waited."
    >>> speaker_of(text, (0, 15))
    'Dr Annelise Korvath'
    """
    outline = _outline(text)
    first = bisect_left(outline.quotes, (quotation[0] + 1,)) - 1
    near = outline.quotes[max(0, first) : bisect_left(outline.quotes, (quotation[1],))]
    quoted = [quote for quote in near if quote[1] > quotation[0]] or [quotation]
    for find in (_before, _behind, _at_the_end, _continued):
        for quote in quoted:
            name = find(text, quote, outline)
            if name:
                return " ".join(text[slice(*name)].split())
    return ""


def _before(text: str, quote: Span, outline: "Outline") -> Span | None:
    """Who speaks in the part of the sentence that leads up to a quotation; the clause nearest to it counts."""
    start = max(_sentence_start(text, quote[0], outline), quote[0] - REACH)
    start += len(text[start : quote[0]]) - len(text[start : quote[0]].lstrip())
    judged = JUDGED.search(text[start : quote[0]]) is not None
    names = _between(outline.names, start, quote[0])
    for verb in reversed(_between(outline.verbs, start, quote[0])):
        if not judged and _judges(text, verb):
            continue
        for name in names:
            if name[1] <= verb[0] and _speaks(text, name, verb):
                return name
    if SAYING.search(text[start : quote[0]]):  # “In a letter, Trump addressed Xi, saying: “…””
        for name in names:
            leads = name[0] == start or text[max(start, name[0] - 2) : name[0]] == ", "
            if leads and VERB_FOLLOWS.match(text, name[1]):
                return name
    return None


def _behind(text: str, quote: Span, outline: "Outline") -> Span | None:
    """Who speaks in the clause that begins where a quotation ends: ““…,” Kim said”, ““…,” says Kim”."""
    end = quote[1] + REACH
    stop = SENTENCE_END.search(text, quote[1], min(end, len(text)))
    end = stop.start() + 1 if stop else end
    names = _between(outline.names, quote[1], end)
    for verb in _between(outline.verbs, quote[1], end):
        for name in names:
            if not CLOSE.fullmatch(text[quote[1] : min(name[0], verb[0])]) or _judges(text, verb):
                continue
            if name[1] <= verb[0] and _speaks(text, name, verb):
                return name
            follows = text[verb[1] : name[0]] == " " and not text.startswith(("’s", "'s"), name[1])
            if follows and lemma(fold(text[slice(*verb)])) in INVERTED:
                return name
    return None


def _at_the_end(text: str, quote: Span, outline: "Outline") -> Span | None:
    """Who speaks in the clause that ends the sentence of a quotation: ““a mess” for the town, Helen Sharpe said.”."""
    for verb in _between(outline.verbs, quote[1], quote[1] + REACH)[:1]:
        for name in _between(outline.names, quote[1], verb[0]):
            leads_up = LAST_CLAUSE.fullmatch(text[quote[1] : name[0]]) is not None
            if leads_up and CLAUSE_ENDS.match(text, verb[1]) and text[name[1] : verb[0]] == " ":
                return None if _judges(text, verb) else name
    return None


def _judges(text: str, verb: Span) -> bool:
    return lemma(fold(text[slice(*verb)])) in JUDGING


def _continued(text: str, quote: Span, outline: "Outline") -> Span | None:
    """Who speaks in the sentence before, where that is a quotation with its speaker: ““Yes,” Kim said. “We go.””."""
    place = bisect_left(outline.quotes, (quote[0],))
    before = outline.quotes[place - 1] if place else None
    if before is None or quote[0] - before[1] > REACH:
        return None
    between = text[before[1] : quote[0]]
    one_clause = "\n" not in between and SENTENCE_END.search(between + " ") is not None
    if not one_clause or SENTENCE_END.search(between.rstrip()):
        return None
    return _behind(text, before, outline)


def _sentence_start(text: str, place: int, outline: "Outline") -> int:
    """Where the sentence begins that leads up to a place: sentence ends inside quotations do not count."""
    line = text.rfind("\n", max(0, place - REACH), place) + 1
    start = max(line, place - REACH, 0)
    for end in SENTENCE_END.finditer(text, start, place):
        if not overlaps(outline.quotes, end.start(), end.start() + 1) or end[0][0] in '”"':
            start = end.end()
    return start


def _between(spans: list[Span], start: int, end: int) -> list[Span]:
    """Those of the sorted spans that lie in start:end."""
    return [span for span in spans[bisect_left(spans, (start,)) : bisect_left(spans, (end,))] if span[1] <= end]


class Outline(NamedTuple):
    """Where the quotations of a text stand, and outside them the people and the verbs of saying."""

    quotes: list[Span]
    names: list[Span]
    verbs: list[Span]


@lru_cache(maxsize=64)
def _outline(text: str) -> Outline:
    """The outline of a text; kept for the next passage."""
    quotes = quotation_spans(text)
    offices = people(text)
    names = sorted([*offices, *(name for name in name_spans(text) if not overlaps(offices, *name))])
    names = [name for name in names if not overlaps(quotes, *name)]
    words = (
        word
        for word in re.finditer(r"(?<![\w-])[^\W\d_]+(?![\w-])", text)
        if lemma(fold(word[0])) in REPORTING | JUDGING
    )
    return Outline(quotes, names, [word.span() for word in words if not overlaps(quotes, *word.span())])


def _speaks(text: str, name: Span, verb: Span) -> bool:
    """Tell whether a name in front of a verb of saying is its subject, by what stands between them."""
    gap = text[name[1] : verb[0]]
    if len(gap) > LONGEST_GAP or text[slice(*verb)].endswith("ing"):
        return bool(BETWEEN.fullmatch(gap))
    return bool(BETWEEN.fullmatch(gap) or ASIDE.fullmatch(gap))
