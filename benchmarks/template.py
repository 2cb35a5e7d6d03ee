"""Comments from hidden templates go in; what `template` and what a user would take instead find of them comes out.

    python -m benchmarks.template            writes results/template.csv and its table in docs/no_reference.md
    python -m benchmarks.template --tables   writes the table anew from the results of the last run
    python -m benchmarks.template --unspun   measures Unspun anew, and keeps what is known of the other methods
    python -m benchmarks.template METHOD BATCH   one measurement, as JSON: what the former runs, in a process each

Each row is a method on a batch: the share of the slots found (more than half of their options), precision, recall and
F1 of the options (those of the hidden templates that were found, once each, beside those that are none), how many of
the honest texts were called so, with Wilson's 95 % interval, precision and recall of who belongs to which template,
seconds of processor time and the memory added at the peak. A pair (slot, option) counts where it stands in both
templates in one form (`options_of`). Slots are brought together so that most options agree.

What a user would take: texts grouped by TF-IDF and DBSCAN, as scikit-learn has them; in each group every text is laid
beside the one nearest to all (difflib, or the longest common subsequence of words, by rapidfuzz). What nine tenths have
is the backbone, and what stands between is the slots.
"""

import json
import re
import sys
from collections import Counter, defaultdict
from difflib import SequenceMatcher
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

from benchmarks.child import ROOT, in_child, seconds, stay_on_one_core
from benchmarks.comments import Made, comments
from benchmarks.hidden_templates import CONFIRMED, REPORTED
from benchmarks.honest import news, odd
from benchmarks.pages import write_between
from helpers.comparison.frequency import wilson_interval
from helpers.files.child_process import peak_megabytes
from helpers.sources import template
from helpers.sources.spintax import Parts, Slot, parse, possible

RESULTS = ROOT / "benchmarks" / "results" / "template.csv"
DOCS = ROOT / "docs" / "no_reference.md"
FLAT = 6  # an option with so few wordings is written out before templates are compared
TOKEN = re.compile(r"[\w’']+|[^\w\s]")
BACKBONE, OPTION = 0.9, 0.02  # of a group's texts: what is fixed for the simple methods, what is an option
UNSPUN, TFIDF, LCS = "Unspun", "TF-IDF, DBSCAN, difflib", "TF-IDF, DBSCAN, longest common subsequence"
LIMIT = 900  # seconds for a measurement

HIDDEN = REPORTED | CONFIRMED
ALL, FRESH = list(REPORTED), list(CONFIRMED)
# Templates, comments made from them, honest ones, seed. The names say what is in them.
BATCHES: dict[str, tuple[list[str], int, int, int]] = {
    **{f"{name}, 700 of 1,000": ([name], 700, 300, 100 + at) for at, name in enumerate(ALL)},
    **{f"{name}, 700 of 1,000": ([name], 700, 300, 110 + at) for at, name in enumerate(FRESH)},
    "three templates, 600 of 1,000": (ALL[:3], 600, 400, 200),
    "the other three, 600 of 1,000": (ALL[3:], 600, 400, 201),
    "two templates, outnumbered five to one, 1,000": (["parks", "nurses"], 167, 833, 202),
    "honest alone, 1,000": ([], 0, 1_000, 203),
    "news and odd texts, honest alone": ([], 0, 0, 0),
    "four fresh templates, outnumbered five to one, 100,000": (FRESH, 16_667, 83_333, 302),
    "six templates, 50,000 of 100,000": (ALL, 50_000, 50_000, 300),
    "six templates, other seed, 50,000 of 100,000": (ALL, 50_000, 50_000, 304),
    "four fresh templates, 50,000 of 100,000": (FRESH, 50_000, 50_000, 303),
    "three templates, outnumbered five to one, 100,000": (ALL[:3], 16_667, 83_333, 301),
}
LARGE = [name for name in BATCHES if name.endswith("100,000")]


class Answer(NamedTuple):
    """What a method says: the number of a template for each text (0: none), and the slots of each template."""

    members: np.ndarray
    slots: dict[int, list[set[str]]]


def batch(name: str) -> Made:
    """Return the comments of a batch."""
    names, made, honest_ones, seed = BATCHES[name]
    if made + honest_ones:
        return comments([HIDDEN[one] for one in names], made, honest_ones, seed)
    texts = pd.concat([*news(), odd("test")["text"], odd("train")["text"]])
    return Made(texts, np.zeros(len(texts), int), np.zeros(len(texts), bool))


def options_of(spintax: str) -> list[set[str]]:
    """Return the slots of spintax, each as the set of its options, in one form for every way to write the same texts.

    Options with few wordings are written out; what all options of a slot begin or end with stands outside of it; where
    an option has slots of its own, a sign stands in their place, and they follow as slots.

    >>> options_of("{the big {dog|cat}|the ox}") == [{"big dog", "big cat", "ox"}]
    True
    """
    found: list[set[str]] = []

    def walk(parts: Parts) -> None:
        for part in parts:
            if isinstance(part, Slot):
                found.append({" ".join("◊" if isinstance(one, Slot) else one for one in o) for o in part.options})
                for option in part.options:
                    walk(option)

    walk(_normal(parse(spintax)))
    return found


def _normal(parts: Parts) -> Parts:
    """A sequence with a string for each word, in the form that `options_of` describes."""
    found: Parts = []
    for part in parts:
        if isinstance(part, str):
            found += TOKEN.findall(part)
            continue
        options: list[Parts] = []
        for option in map(_normal, part.options):
            slots = [one for one in option if isinstance(one, Slot)]
            if slots and len(option) == 1:
                options += slots[0].options
            elif slots and possible(option) <= FLAT:
                options += _wordings(option)
            else:
                options.append(option)
        found += _without_shared_ends([one for at, one in enumerate(options) if one not in options[:at]], part.link)
    return found


def _wordings(parts: Parts) -> list[Parts]:
    """A sequence written out."""
    if not parts:
        return [[]]
    first = [[parts[0]]] if isinstance(parts[0], str) else [way for o in parts[0].options for way in _wordings(o)]
    return [one + rest for one in first for rest in _wordings(parts[1:])]


def _without_shared_ends(options: list[Parts], link: int) -> Parts:
    """A slot with these options, and the words that all begin or end with in front of it and behind it."""
    head: Parts = []
    tail: Parts = []
    for place, side in ((0, head), (-1, tail)):
        while len(options) > 1 and all(options) and isinstance(options[0][place], str):
            if any(option[place] != options[0][place] for option in options):
                break
            side.append(options[0][place])
            options = [option[1:] if place == 0 else option[:-1] for option in options]
    return [*head, *(options[0] if len(options) == 1 else [Slot(options, link)]), *tail[::-1]]


def unspun(texts: pd.Series) -> Answer:
    """Return what `template` says."""
    found = template(texts)
    made = found.templates[found.templates["kind"] == "template"]
    members = np.where(found.texts["kind"] == "template", found.texts["template"], 0)
    return Answer(members, {row.template: options_of(row.spintax) for row in made.itertuples()})


def simple(texts: pd.Series, aligned: str) -> Answer:
    """Return what grouping by TF-IDF and laying each text of a group beside one of it says."""
    from sklearn.cluster import DBSCAN
    from sklearn.feature_extraction.text import TfidfVectorizer

    rows = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True).fit_transform(texts)
    labels = DBSCAN(eps=0.7, min_samples=10, metric="cosine").fit_predict(rows) + 1
    slots = {}
    for label in range(1, labels.max() + 1):
        mine = np.flatnonzero(labels == label)
        centre = np.asarray(rows[mine].mean(axis=0)).ravel()
        nearest = mine[int((rows[mine] @ centre).argmax())]
        words = [TOKEN.findall(text) for text in texts.iloc[mine]]
        slots[label] = _slots_beside(TOKEN.findall(texts.iloc[nearest]), words, aligned)
    return Answer(labels, slots)


def _slots_beside(model: list[str], texts: list[list[str]], aligned: str) -> list[set[str]]:
    """The slots of a group, each text laid beside the model."""
    from rapidfuzz.distance import LCSseq

    beside = []
    for words in texts:
        if aligned == LCS:
            blocks = [(op.src_start, op.dest_start, op.src_end - op.src_start)
                      for op in LCSseq.opcodes(model, words) if op.tag == "equal"]  # fmt: skip
        else:
            blocks = [
                tuple(block) for block in SequenceMatcher(None, model, words, autojunk=False).get_matching_blocks()
            ]
        beside.append({a + at: b + at for a, b, size in blocks for at in range(size)})
    counts = Counter(place for places in beside for place in places)
    backbone = [place for place in range(len(model)) if counts[place] >= BACKBONE * len(texts)]
    regions: dict[int, Counter[str]] = defaultdict(Counter)
    for words, places in zip(texts, beside, strict=True):
        edges = [-1, *(places.get(place, -2) for place in backbone), len(words)]
        for region, (left, right) in enumerate(pairwise(edges)):
            if left >= -1 and right >= 0:
                regions[region][" ".join(words[left + 1 : right])] += 1
    kept = [{words for words, count in region.items() if count >= OPTION * len(texts)} for region in regions.values()]
    return [options for options in kept if len(options) > 1]


METHODS = {
    UNSPUN: unspun,
    TFIDF: lambda texts: simple(texts, TFIDF),
    LCS: lambda texts: simple(texts, LCS),
}


def score(answer: Answer, made: Made, templates: list[str]) -> dict[str, float]:
    """Return how well an answer agrees with the truth; of two templates for one, the one with most texts counts."""
    claimed, real = answer.members > 0, made.template > 0
    taken: set[int] = set()
    right = np.zeros(len(real), bool)
    hits = slots_found = options_true = slots_true = 0
    for number, spintax in enumerate(templates, 1):
        true = options_of(spintax)
        slots_true, options_true = slots_true + len(true), options_true + sum(map(len, true))
        here = Counter(answer.members[(made.template == number) & claimed].tolist())
        best = next((label for label, _ in here.most_common() if label not in taken), None)
        if best is None:
            continue
        taken.add(best)
        right |= (made.template == number) & (answer.members == best)
        agree = np.array([[len(one & other) for other in answer.slots[best]] or [0] for one in true])
        rows, columns = linear_sum_assignment(-agree)
        hits += int(agree[rows, columns].sum())
        slots_found += sum(2 * agree[row, column] > len(true[row]) for row, column in zip(rows, columns, strict=True))
    options_said = sum(len(options) for slots in answer.slots.values() for options in slots)
    honest_right = int((~claimed & ~real).sum())
    low, high = wilson_interval(honest_right, max(1, int((~real).sum())))
    return {
        **{"templates": len(templates), "templates_said": len(answer.slots)},
        **{"slots": slots_true, "slots_found": slots_found / max(1, slots_true)},
        **{"options": options_true, "options_precision": hits / max(1, options_said)},
        **{"options_recall": hits / max(1, options_true), "options_f1": 2 * hits / max(1, options_true + options_said)},
        **{"honest": int((~real).sum()), "honest_called_honest": honest_right / max(1, (~real).sum())},
        **{"honest_low": low, "honest_high": high},
        **{"members": int(real.sum()), "members_precision": right.sum() / max(1, claimed.sum())},
        "members_recall": right.sum() / max(1, real.sum()),
    }


def measure(method: str, name: str) -> dict[str, float | str]:
    """Return a row of the table: what a method finds in a batch, and what it takes."""
    stay_on_one_core()
    made = batch(name)
    METHODS[method](made.texts.iloc[:60])  # what is compiled and read once is not the method's
    before, answers = peak_megabytes(), []
    taken = seconds(lambda: answers.append(METHODS[method](made.texts)))
    found = score(answers[0], made, [HIDDEN[one] for one in BATCHES[name][0]])
    return {"method": method, "batch": name, "texts": len(made.texts), **found, "seconds": taken,
            "megabytes": peak_megabytes() - before}  # fmt: skip


def main(known: dict[tuple[str, str], dict]) -> None:
    """Measure every method on every batch that it can take, but for what is known; print, write."""
    rows = []
    for name in BATCHES:
        for method in METHODS:
            if name in LARGE and method != UNSPUN:
                continue  # DBSCAN compares all with all: five thousand million pairs
            row = known.get((method, name)) or in_child("benchmarks.template", method, name, limit=LIMIT)
            rows.append(row or {"method": method, "batch": name})
            print(json.dumps(rows[-1]), flush=True)
    table = pd.DataFrame(rows)
    table.to_csv(RESULTS, index=False, float_format="%.5g", lineterminator="\n")
    print(table.to_string(index=False))
    write_between(DOCS, "template", block(table))


def block(table: pd.DataFrame) -> str:
    """Return the measurements as a table in Markdown, a row a batch, the simple methods' F1 beside Unspun's."""
    heads = ["batch", "templates found", "slots found", "options, F1", "TF-IDF and difflib", "TF-IDF and LCS"]
    heads += ["members found", "honest called honest", "seconds", "memory"]
    lines = [f"| {' | '.join(heads)} |", f"| --- |{' ---: |' * (len(heads) - 1)}"]
    for name, rows in table.groupby("batch", sort=False):
        by_method = rows.set_index("method")
        mine = by_method.loc[UNSPUN]
        others = [by_method["options_f1"].get(method) for method in (TFIDF, LCS)]
        has = mine["templates"] > 0
        cells = [
            str(name),
            f"{mine['templates_said']:.0f} of {mine['templates']:.0f}",
            *((f"{mine['slots_found']:.3f}", f"**{mine['options_f1']:.3f}**") if has else ("–", "–")),
            *(f"{other:.2f}" if has and other is not None else "–" for other in others),
            f"{mine['members_recall']:.4f}" if has else "–",
            f"{mine['honest_called_honest']:.4f}<br><sub>{mine['honest_low']:.4f}–{mine['honest_high']:.4f}</sub>",
            f"{mine['seconds']:.1f}",
            f"{mine['megabytes']:.0f} MB",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    if sys.argv[1:] == ["--tables"]:
        write_between(DOCS, "template", block(pd.read_csv(RESULTS)))
    elif sys.argv[1:] == ["--unspun"]:
        others = pd.read_csv(RESULTS).query("method != @UNSPUN").to_dict("records")
        main({(str(row["method"]), str(row["batch"])): row for row in others})
    elif len(sys.argv) == 3:
        print(json.dumps(measure(*sys.argv[1:]), default=float))
    else:
        main({})
