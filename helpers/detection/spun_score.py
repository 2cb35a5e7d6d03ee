"""A text goes in; the probability that it was spun comes out, with an interval, the passages and the evidence in words.

The symptoms of `symptoms.py` are counted, each phrase once however often it recurs, what each word and a language model
say of it (`misfits.py`) is summed, and a logistic regression (`detect_model.json`, made by `make train`) weighs the
counts and sums; the marks that only a program leaves (`marks.py`) come on top. A text that is odd for other reasons has
symptoms too; what the model says of such texts, and where it errs, is listed by `python -m benchmarks.detection` and
`python -m benchmarks.real_pages`. A probability is a reason to look closer, never an accusation.
"""

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple, cast

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from helpers.detection.marks import MARKS, Mark, added
from helpers.detection.misfits import SUMS, MisfitRow, expected_instead, misfits, told
from helpers.detection.phrase_hits import Phrases, known_phrases
from helpers.detection.symptoms import COLUMNS, KINDS, symptoms
from helpers.detection.weights import part
from helpers.mapping.dictionary import Dictionary
from helpers.mapping.table import MappingTable
from helpers.text.annotated import Reading, read
from helpers.text.disguised import Disguised, disguised
from helpers.text.english import is_function_word
from helpers.text.model_file import can_be_asked
from helpers.text.spans import fold, is_word, line_spans, sentence_spans, tokens

RESAMPLES, SEED = 500, 0
FEWEST_WORDS = 30  # of a text that is judged: fewer say nothing
# Of the words of English prose, notes and recipes included, a seventh or more are function words; of other languages
# one in twelve looks like one.
LEAST_ENGLISH = 0.12
PASSAGE_WORDS = 60  # of a passage, at least: paragraphs are joined up to it
# The share of spun texts among those that anybody looks at, as in training. It is so low that of the odd texts which
# teach no more than 3 % are suspected: were it one half, one honest text in seven of 100 words would be.
PRIOR = 1 / 6
UNKNOWN = 0.5  # what is said of a text that is not judged
MISFIT = "misfit"  # the kind of evidence that is a word which fits its place less well than a synonym would
COUNTED = [*KINDS, *SUMS]  # what is counted and summed of a text
DISGUISE = "disguise"  # the kind of evidence that is a word written to hide from programs
# What disguised words add to the log odds: one may be a slip of the keyboard; nobody writes two by accident.
DISGUISES = (0.0, 1.0, 6.0)
PASSAGE_COLUMNS = ["start", "end", "probability", "words", "evidence"]
SLIPS = ("article", "part of speech")
FIRST_SLIP = 0.0  # of what each further one counts: everybody makes one, and on a short page it would decide
SPUN, LOOK, NO_SIGN, CANNOT_TELL = "spun by word-swapping", "signs of it: look closer", "no sign", "cannot tell"
SURE, SUSPECTED = 0.9, 0.5  # from these probabilities on; for SPUN the whole interval must be above SUSPECTED
NOT_SEEN = ("back-translation", "paraphrase by a neural network", "translation")
UNSEEN = (
    f"What is not seen: {', '.join(NOT_SEEN[:-1])}, {NOT_SEEN[-1]}. They look more honest than honest text, and "
    f"“{NO_SIGN}” says nothing of them."
)


class Score(NamedTuple):
    """How probably a text was spun: `probability`, its 95 % interval `low` to `high`, the `evidence`, the `verdict`.

    `evidence` has the columns `start`, `end` (characters), `kind`, `weight` (what the sign adds to the log odds of a
    text of this length) and `words` (what it says), the heaviest first. `verdict` is “spun by word-swapping”, “signs of
    it: look closer”, “no sign”, or “cannot tell” (too short, or not English).
    """

    probability: float
    low: float
    high: float
    evidence: pd.DataFrame
    verdict: str = CANNOT_TELL


def features(counts: np.ndarray, words: np.ndarray) -> np.ndarray:
    """Return what the model sees of texts: √words, and each count and sum over √words.

    `counts` has a row a text and a column for each of COUNTED. Counts of independent events vary with the root of
    their number, so that these columns mean the same for short and for long texts.
    """
    root = np.sqrt(np.maximum(words, 1.0)).reshape(-1, 1)
    return np.hstack([root, counts / root])


def probabilities(counts: np.ndarray, words: np.ndarray, asked: bool = False) -> np.ndarray:
    """Return the probability that texts with these counts were spun; `asked`: the language model was asked."""
    learnt = part("detect", "text", asked)
    each = np.array([learnt[name] for name in ["length", *COUNTED]])
    return expit(features(counts, words) @ each + learnt["intercept"])


def signs(text: str, tables: Sequence[Phrases] | None = None, asked: bool = False) -> pd.DataFrame:
    """Return all that is seen in a text: its symptoms, and every word that was looked at, with COUNTED and `words`.

    `tables` are those whose phrases are looked for (by default those that come with Unspun); `asked`: the language
    model is asked too. Columns: `start`, `end`, `kind` (of `symptoms`, or “misfit”), `words` (what is said of it;
    nothing of a word that fits), and for each of COUNTED what the row adds to it, before `once`.
    """
    reading = read(text)
    alone = misfits(reading, asked)
    found = symptoms(text, tables, alone if asked else None)
    counts = pd.DataFrame({kind: found["weight"].where(found["kind"] == kind, 0.0) for kind in KINDS})
    looked_at = cast("Iterator[MisfitRow]", alone.itertuples())
    spans = [_said(reading, row) if row.light > 0 else None for row in looked_at]
    plain = [(*reading.span(place, place), "") for place in alone["place"]]
    said = [span or token for span, token in zip(spans, plain, strict=True)]
    rows = pd.DataFrame(said, columns=["start", "end", "words"]).assign(kind=MISFIT).join(alone[SUMS])
    together = pd.concat([found.drop(columns="weight").join(counts), rows], ignore_index=True)
    return together.fillna(dict.fromkeys(COUNTED, 0.0)).sort_values("start", kind="stable", ignore_index=True)


def once(rows: pd.DataFrame, text: str) -> pd.DataFrame:
    """Return the signs of one text or passage with what recurs in it counted once, and its first slip as nothing."""
    symptom = rows["kind"] != MISFIT
    said = rows.loc[symptom, ["kind", "start", "end"]].itertuples(index=False)
    keys = pd.Series(
        [f"{kind} {fold(text[start:end])}" for kind, start, end in said], rows.index[symptom], dtype=object
    )
    counts = 1 / keys.map(keys.value_counts()).astype(float)
    slips = rows.loc[symptom, "kind"].isin(SLIPS)
    counts[slips] *= slip_share(keys[slips].nunique())
    share = counts.reindex(rows.index, fill_value=1.0)
    return rows.assign(**{name: rows[name] * share for name in COUNTED})


def slip_share(slips: float) -> float:
    """Return how much each of so many different slips counts: the first of them but FIRST_SLIP."""
    return (slips - 1 + FIRST_SLIP) / max(slips, 1)


def _said(reading: Reading, row: MisfitRow) -> tuple[int, int, str] | None:
    """What is said of a word that fits badly: by counts of word pairs, or else by the language model."""
    if getattr(row, "rival", -1) >= 0 and row.ahead > math.log(2):
        return expected_instead(reading, row)
    return told(reading, row.place)


def sums(rows: pd.DataFrame, starts: list[int]) -> np.ndarray:
    """Return what signs add up to in the parts of a text that begin at `starts`: parts x COUNTED."""
    part = np.maximum(np.searchsorted(starts, rows["start"], side="right") - 1, 0)
    added = np.zeros((len(starts), len(COUNTED)))
    np.add.at(added, part, rows[COUNTED].to_numpy(dtype=float))
    return added


def spun_score(text: str, mapping: MappingTable | pd.DataFrame | None = None, language_model: bool = True) -> Score:
    """Return how probably a text was spun.

    `mapping` is a mapping table of your own; its phrases are looked for beside the spun phrases that come with Unspun.
    The interval is a 95 % bootstrap interval over the text's sentences (Efron 1979): it says how much the answer hangs
    on a few of them, not how good the model is. A text of fewer than 30 words, or that is not English, is not
    judged: 0.5, from 0 to 1, “cannot tell”. Where each word stands a language model is asked what it expected (some
    seconds an article); without it (`language_model=False`, or where it is not installed, with a warning) counts of
    word pairs speak alone, and are surer of less. Words written in look-alike letters or with hidden characters are
    read as they are seen, and two of them are the strongest sign there is (see `disguised`). Raises ValueError for a
    `mapping` without the columns `spun` and `original`.

    >>> score = spun_score("The Prime Minister said on Monday that the talks had been useful. " * 4)
    >>> score.low <= score.probability <= score.high
    True
    """
    return judged(text, _tables(mapping), language_model and can_be_asked())


def _tables(mapping: MappingTable | pd.DataFrame | None) -> tuple[Phrases, ...]:
    """The tables that come with Unspun, and the user's own."""
    return known_phrases() if mapping is None else (*known_phrases(), Phrases(Dictionary.of(mapping), {}))


def judged(text: str, tables: Sequence[Phrases], asked: bool) -> Score:
    """Return how probably a text was spun, as these tables and no others have it."""
    spans = sentence_spans(text)
    words = np.array([len(text[start:end].split()) for start, end in spans], dtype=float)
    if words.sum() < FEWEST_WORDS or not _is_english(text):
        return Score(UNKNOWN, 0.0, 1.0, pd.DataFrame(columns=COLUMNS))
    found = once(signs(text, tables, asked), text)
    counts = sums(found, [start for start, _ in spans])
    probability = probabilities(counts.sum(axis=0, keepdims=True), words.sum(keepdims=True), asked)[0]
    draws = np.random.default_rng(SEED).integers(0, len(words), size=(RESAMPLES, len(words)))
    resampled = probabilities(counts[draws].sum(axis=1), words[draws].sum(axis=1), asked)
    ends = np.quantile(resampled, [0.025, 0.975])
    hides, marked = disguised(text), added(_marks(found))
    probability, low, high = (_raised(value, len(hides), marked) for value in (probability, *ends))
    low, high = min(low, probability), max(high, probability)
    evidence = _with_disguises(hides, _weighed(found, words.sum(), asked))
    return Score(probability, low, high, evidence, _verdict(probability, low))


def _verdict(probability: float, low: float) -> str:
    """A probability in words."""
    if probability >= SURE and low >= SUSPECTED:
        return SPUN
    return LOOK if probability >= SUSPECTED else NO_SIGN


def _marks(rows: pd.DataFrame) -> list[Mark]:
    """The marks among the signs of a text."""
    found = rows.loc[rows["kind"].isin(list(MARKS)), list(Mark._fields)]
    return [Mark(*row) for row in found.itertuples(index=False, name=None)]


def _raised(probability: float, disguises: int, marked: float = 0.0) -> float:
    """A probability in the light of so many disguised words and of marks (log odds).

    From two disguised words on the text is suspect whatever it says.
    """
    if not disguises and not marked:
        return float(probability)
    sign = DISGUISES[min(disguises, len(DISGUISES) - 1)]
    odds = float(logit(np.clip(probability, 1e-9, 1 - 1e-9)))
    return float(expit((max(odds, 0.0) if disguises > 1 else odds) + sign + marked))


def _with_disguises(hides: list[Disguised], evidence: pd.DataFrame) -> pd.DataFrame:
    """The evidence with disguised words in front, which together weigh what their number does."""
    if not hides:
        return evidence
    weight = DISGUISES[min(len(hides), len(DISGUISES) - 1)] / len(hides)
    rows = [
        (word.start, word.end, DISGUISE, weight, f"{word.written}: “{word.read}”, written with {word.kind}")
        for word in hides
    ]
    return pd.concat([pd.DataFrame(rows, columns=COLUMNS), evidence], ignore_index=True)


def _is_english(text: str) -> bool:
    """Tell whether a text has words at all, and enough of those that English sentences are held together by."""
    words = [token.fold for token in tokens(text) if is_word(token.fold)]
    return len(words) >= FEWEST_WORDS and sum(map(is_function_word, words)) >= LEAST_ENGLISH * len(words)


def _weighed(found: pd.DataFrame, words: float, asked: bool) -> pd.DataFrame:
    """The evidence: signs that say something, with what each adds to the log odds, the heaviest first."""
    learnt = part("detect", "text", asked)
    weight = found[COUNTED].to_numpy(dtype=float) @ np.array([learnt[name] for name in COUNTED]) / np.sqrt(words)
    rows = found.assign(weight=weight + found["kind"].map(MARKS).fillna(0.0))
    rows = rows[(rows["words"] != "") & ((rows["weight"] > 0) | (rows["kind"] != MISFIT))]
    rows = rows.sort_values(["weight", "start"], ascending=[False, True], kind="stable")
    return rows.drop_duplicates(["start", "end", "words"])[COLUMNS].reset_index(drop=True)


def spun_passages(
    text: str,
    mapping: MappingTable | pd.DataFrame | None = None,
    threshold: float = 0.5,
    language_model: bool = True,
) -> pd.DataFrame:
    """Return the passages of a text that were probably spun, in reading order.

    A passage is a paragraph, or several short ones with at least 60 words together. Columns: `start`, `end`
    (characters), `probability` (at least `threshold`), `words` (how many), `evidence` (its three heaviest signs).
    What `spun_score` does not judge has none. Raises ValueError for a threshold outside 0 to 1, and for a `mapping`
    without the columns `spun` and `original`.
    """
    if not 0 <= threshold <= 1:
        raise ValueError(f"the threshold is a probability from 0 to 1, not {threshold}")
    asked, rows = language_model and can_be_asked(), []
    parts = [
        (start, end)
        for start, end in _passages(text)
        if len(text[start:end].split()) >= FEWEST_WORDS and _is_english(text[start:end])
    ]
    hidden = disguised(text)
    found = signs(text if parts else "", _tables(mapping), asked)
    for start, end in parts:
        inside = once(found[(found["start"] >= start) & (found["start"] < end)], text)
        words = float(len(text[start:end].split()))
        probability = probabilities(sums(inside, [start]), np.array([words]), asked)[0]
        weighed = _weighed(inside, words, asked)
        hides = [word for word in hidden if start <= word.start < end]
        probability = _raised(probability, len(hides), added(_marks(inside)))
        evidence = "; ".join(_with_disguises(hides, weighed)["words"].head(3))
        rows.append((start, end, probability, int(words), evidence))
    passages = pd.DataFrame(rows, columns=PASSAGE_COLUMNS).astype({"probability": float})
    return passages[passages["probability"] >= threshold].reset_index(drop=True)


def _passages(text: str) -> list[tuple[int, int]]:
    """The paragraphs of a text, short ones joined with those that follow; what is left over joins the last."""
    joined: list[tuple[int, int]] = []
    start = None
    for line_start, end in line_spans(text):
        start = line_start if start is None else start
        if len(text[start:end].split()) >= PASSAGE_WORDS:
            joined.append((start, end))
            start = None
    if start is not None:
        joined = [*joined[:-1], (joined[-1][0] if joined else start, len(text.rstrip()))]
    return joined
