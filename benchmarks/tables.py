"""The measured tables go in; the Markdown of `docs/benchmarks.md` comes out, and what the README says of it."""

import platform

import pandas as pd

from benchmarks.accuracy import ALL, FEW, RATES, REAL
from benchmarks.growth import PAIRS_LIMIT, WORDS_LIMIT
from benchmarks.methods import ALIGNMENT, ALONE, BASE, SLOW, UNSPUN
from benchmarks.pages import PAGE, README, shown_from

SETS = [REAL, *(f"rate {rate}" for rate in RATES), "shuffled", "twice spun", ALL]
NO_MEMORY = {"git diff --word-diff"}  # its memory is another process's
SHARE_CLOSE = 0.1  # speeds that differ by less are the same for a reader


def markdown(rows: list[list[str]], header: list[str]) -> str:
    """Return a Markdown table: the first column to the left, the others to the right."""
    lines = [header, ["---", *["---:"] * (len(header) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def accuracy_table(accuracy: pd.DataFrame, unrelated: pd.DataFrame) -> str:
    """F1 of every method on every set, the interval below it, and what it finds where nothing was substituted."""
    cells = {(row.method, row.set): _interval(row) for row in accuracy.itertuples()}
    false = unrelated.set_index("method")["mean"]
    methods = list(unrelated["method"])
    rows = [[_marked(name), *(cells[name, which] for which in SETS), f"{false[name]:.0f}"] for name in methods]
    return markdown(rows, ["F1 (1 is perfect)", *SETS, "found in unrelated texts"])


def _interval(row) -> str:
    if row.sources == 1:
        return f"{row.f1:.2f}"
    return f"{row.f1:.2f}<br><sub>{row.f1_low:.2f}–{row.f1_high:.2f}</sub>"


def _marked(name: str) -> str:
    name = f"**{name}**" if name.startswith("Unspun") else name
    return f"{name} †" if name in SLOW else name


def speed_table(speed: pd.DataFrame) -> str:
    """Pairs a second of every method, beside difflib and beside Unspun."""
    own = speed.set_index("method").loc[UNSPUN, "to_difflib"]
    rows = [
        [_marked(row.method), _short(row.pairs_a_second), _short(row.to_difflib), _against(row.to_difflib / own)]
        for row in speed.sort_values("to_difflib", ascending=False).itertuples()
    ]
    return markdown(rows, ["method", "pairs a second", f"speed, {BASE} = 1", "beside Unspun"])


def _against(ratio: float) -> str:
    if abs(ratio - 1) < SHARE_CLOSE:
        return "the same"
    return f"**{_short(ratio)} times as fast**" if ratio > 1 else f"takes {_short(1 / ratio)} times as long"


def _short(number: float) -> str:
    """Two digits that count; all of them where there are more before the point."""
    return f"{number:.0f}" if number >= 10 else f"{number:.2g}"


def growth_table(growth: pd.DataFrame, unit: str, limit: float) -> str:
    """Seconds and megabytes of every method at every size, and how long those left out would have taken."""
    sizes = list(dict.fromkeys(growth["size"]))
    cells = {(row.method, row.size): _spent(row, limit) for row in growth.itertuples()}
    rows = [
        [f"**{name}**" if name.startswith("Unspun") else name, *(cells[name, size] for size in sizes)]
        for name in dict.fromkeys(growth["method"])
    ]
    return markdown(rows, [unit, *(f"{size:,}" for size in sizes)])


def _spent(row, limit: float) -> str:
    if row.failed:
        return "failed"
    if pd.isna(row.seconds):
        return f"not run: about {_time(row.expected)}" if row.expected > limit else f"stopped after {limit} s"
    if row.method in NO_MEMORY:
        return _time(row.seconds)
    return f"{_time(row.seconds)}, {row.megabytes:,.0f} MB" if row.megabytes >= 1 else f"{_time(row.seconds)}, < 1 MB"


def _time(seconds: float) -> str:
    for size, unit in ((86400, "days"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    if seconds >= 0.95:
        return f"{seconds:.0f} s" if seconds >= 9.95 else f"{seconds:.1f} s"
    return f"{1000 * seconds:.0f} ms"


def spinning_table(spinning: pd.DataFrame) -> str:
    """How many times as fast as difflib each of Unspun's ways is, by how hard the pages were spun."""
    kinds = spinning.drop_duplicates("spinning")
    cells = {(row.method, row.spinning): _times(row) for row in spinning.itertuples()}
    rows = [
        [_marked(name), *(cells[name, kind] for kind in kinds["spinning"])]
        for name in dict.fromkeys(spinning["method"])
    ]
    heads = [f"{row.spinning}: {row.swaps} of 700 words swapped" for row in kinds.itertuples()]
    return markdown(rows, [f"speed, {BASE} = 1", *heads])


def _times(row) -> str:
    return f"{row.to_difflib:.1f}<br><sub>{row.milliseconds:.1f} ms a pair, {row.pairs:,} pairs</sub>"


def calls_sentence(calls: pd.DataFrame) -> str:
    """How long one call takes, cold and warm, and what comes before it."""
    times = calls.set_index("method")
    own, base = times.iloc[0], times.loc[BASE]
    return (
        f"One call of `align` on a pair takes {_time(own['later'])} (median of {own['calls'] - 1:.0f}), {BASE} "
        f"{_time(base['later'])}. In a process that has done nothing else the first call takes {_time(own['first'])}, "
        f"most of it for loading compiled code, after {_time(own['import'])} for importing `align` and "
        f"{_time(own['libraries'])} for importing pandas and numba."
    )


def shapes_table(shapes: pd.DataFrame) -> str:
    """The share of the substitutions of each shape that is found, by method, and how many there are."""
    cells = {(row.method, row.substitutions): _recall(row) for row in shapes.itertuples()}
    known = shapes[shapes["gold"] > 0]
    counts = known.drop_duplicates("substitutions").set_index("substitutions")["gold"]
    methods = list(dict.fromkeys(shapes["method"]))
    rows = [[name, *(cells[method, name] for method in methods), f"{counts[name]:,}"] for name in counts.index]
    return markdown(rows, ["found, by words for words", *map(_marked, methods), "substitutions"])


def _recall(row) -> str:
    if row.units == 1:
        return f"{row.recall:.2f}"
    return f"{row.recall:.2f}<br><sub>{row.recall_low:.2f}–{row.recall_high:.2f}</sub>"


def people_table(people: pd.DataFrame) -> str:
    """How well links between words agree with those that people drew, beside difflib's; F1 and precision / recall."""
    rows = [
        [
            row.set, row.links, row.method,
            f"{row.f1:.3f}<br><sub>{row.f1_low:.3f}–{row.f1_high:.3f}</sub>",
            f"{row.precision:.3f} / {row.recall:.3f}", f"{row.gold:,}", f"{row.units:,}",
        ]
        for row in people.sort_values(["set", "links"], kind="stable").itertuples()
    ]  # fmt: skip
    return markdown(rows, ["set", "links", "method", "F1", "precision / recall", "links of people", "sentence pairs"])


def passages_sentence(passages: pd.DataFrame) -> str:
    """How well moved, dropped and added passages are found, on each set."""
    said = [
        f"{row.set} {row.f1:.3f} ({row.f1_low:.3f} to {row.f1_high:.3f}, {row.gold:,} passages of {row.units} sources)"
        for row in passages[passages["passages"] == "all"].itertuples()
    ]
    return f"Passages that were moved, dropped or added, F1 with its 95% interval: {'; '.join(said)}."


def pairs_sentence(growth: pd.DataFrame) -> str:
    """How many times as fast as difflib Unspun is over the most pairs that both were given."""
    times = growth.pivot(index="method", columns="size", values="seconds").loc[[ALIGNMENT, UNSPUN, BASE]]
    most = times.columns[times.notna().all()].max()
    ratios = times.loc[BASE, most] / times[most]
    return (
        f"Over {most:,} pairs, when most words have been met, the alignment is {_short(ratios[ALIGNMENT])} times as "
        f"fast as {BASE}, and {_short(ratios[UNSPUN])} times with the kinds, quotations and names of all substitutions."
    )


def faster_sentence(speed: pd.DataFrame) -> str:
    """Name the methods that are faster than Unspun, and those that are not."""
    table = speed.set_index("method")["to_difflib"]
    peers = table[~table.index.str.startswith("Unspun")] / table[UNSPUN]
    faster = peers[peers > 1 + SHARE_CLOSE].sort_values(ascending=False)
    named = ", ".join(f"{name} ({_short(ratio)} times)" for name, ratio in faster.items())
    return f"Faster than Unspun are {len(faster)} of {len(peers)}: {named}."


def ahead_sentence(accuracy: pd.DataFrame) -> str:
    """Say on which sets some peer is at least as accurate as Unspun, and on which the intervals overlap."""
    peers = accuracy[~accuracy["method"].str.startswith("Unspun")]
    ahead, close = [], []
    for name in SETS:
        own = accuracy[(accuracy["method"] == UNSPUN) & (accuracy["set"] == name)].iloc[0]
        best = peers[peers["set"] == name].nlargest(1, "f1").iloc[0]
        ahead += [f"{best['method']} on “{name}”"] if best["f1"] >= own["f1"] else []
        overlap = peers[(peers["set"] == name) & (peers["f1_high"] >= own["f1_low"])]
        close += [f"“{name}” ({', '.join(overlap['method'])})"] if len(overlap) else []
    return (
        f"At least as accurate as Unspun: {', '.join(ahead) or 'none, on any set'}. "
        f"Intervals that overlap with Unspun’s: {'; '.join(close) or 'none'}."
    )


ACCURACY_NOTE = """
Real article: {real} substitutions marked by hand; it was at hand when Unspun was made, and its original was put
back together by hand, out of the spun page. The other sets ({gold:,}
substitutions on {pairs} pages) are spun from {sources} articles kept apart from those that prices were tuned on, but
by the same spinner with the same dictionaries; below each F1 stands its 95% bootstrap interval over those articles.
Rate: the share of chances that the spinner takes. Shuffled: lines moved, dropped, added and glued. Last column:
substitutions found on average in {unrelated} pairs of articles that have nothing to do with each other, all of them
false; Unspun declines to compare such texts and says so. METEOR, IBM Model 1 and fast_align take sentences, which are
paired for them beforehand. †: each article once, not with three dictionaries, and {few} unrelated pairs.
"""
SHAPES_NOTE = """
Of the generated pages above, by how many words stand for how many. Touching another: no unchanged word stands between
the two; sharing a word: one that stands on both sides.
"""
PEOPLE_NOTE = """
Sentence pairs whose words people linked (MultiMWA: revisions of Wikipedia, and independent translations of the same
news), not part of the project; prices were set on other texts, but every other pair of each set was read to see which
links were lost, and half of Wikipedia’s, drawn otherwise, steered what a passage put in costs: these figures flatter a
little. A substitution of several words links each with each, but words of one lemma with each other alone. The interval
is over sentence pairs.
"""
SPEED_NOTE = """
Articles of about 650 words; Unspun’s time includes telling the kind of each substitution, and which stand in
quotations and names. Seconds are processor seconds on one core; pages and sources are new to the process in every
round, and the fastest of three rounds counts; Unspun meets most of their words for the first time and looks them up.
Python {python}, {machine}.
"""
SPINNING_NOTE = """
The same, by how hard a page was spun: texts mixed from sentences of the project’s own, words swapped for synonyms of
the thesaurus; difflib compares some of the same pairs in the same process, and of three processes the middle one
counts.
"""
GROWTH_NOTE = """
Every cell is a process of its own: its processor seconds after the imports, Unspun’s word lists included, and the
memory that the comparison adds at its peak (git’s is not known). What would take more than {words} s (pairs: {pairs}
s) was not run; the sentence aligners are left out, for their time grows with the number of sentences alone. Tools
that look at one pair after the other grow with the number of pairs; two stand for all.
"""


def block(results: dict[str, pd.DataFrame], alt: str, missing: dict[str, str]) -> str:
    """Return all that stands between the page's marks."""
    accuracy, speed = results["accuracy"], results["speed"]
    own = accuracy[accuracy["method"] == UNSPUN].set_index("set")
    facts = own.loc[ALL, ["gold", "pairs", "sources"]].to_dict() | {"real": own.loc[REAL, "gold"]}
    facts |= {"unrelated": results["unrelated"]["size"].max(), "few": FEW}
    machine = {"python": platform.python_version(), "machine": f"{platform.system()} {platform.machine()}"}
    limits = {"words": WORDS_LIMIT, "pairs": PAIRS_LIMIT}
    parts = [
        accuracy_table(accuracy, results["unrelated"]),
        f"{ahead_sentence(accuracy)} {_flowing(ACCURACY_NOTE, facts)}",
        shapes_table(results["shapes"]),
        _flowing(SHAPES_NOTE, {}),
        people_table(results["people"]),
        _flowing(PEOPLE_NOTE, {}),
        passages_sentence(results["passages"]),
        shown_from(PAGE, "accuracy_speed.png", alt),
        speed_table(speed),
        f"{faster_sentence(speed)} {calls_sentence(results['calls'])} {_flowing(SPEED_NOTE, machine)}",
        spinning_table(results["spinning"]),
        _flowing(SPINNING_NOTE, {}),
        growth_table(results["growth_words"], "words an article", WORDS_LIMIT),
        growth_table(results["growth_pairs"], "pairs of articles", PAIRS_LIMIT),
        pairs_sentence(results["growth_pairs"]),
        _flowing(GROWTH_NOTE, limits),
        *(f"Not available: {name} ({reason})." for name, reason in missing.items()),
    ]
    return "\n\n".join(parts)


def in_short(accuracy: pd.DataFrame, alt: str) -> str:
    """Return the README's sentence on accuracy, and its picture; every figure stands in the table of accuracy too."""
    whole = accuracy[accuracy["set"] == ALL].set_index("method")
    own, real = whole.loc[UNSPUN], accuracy.set_index(["method", "set"]).loc[(UNSPUN, REAL)]
    alone, peers = whole.loc[ALONE], whole[~whole.index.str.startswith("Unspun")]
    best = peers.loc[peers["f1"].idxmax()]
    said = f"""
    Counting a substitution only where its place and its original are exactly right, Unspun reaches F1 {own["f1"]:.2f}
    ({own["f1_low"]:.2f}–{own["f1_high"]:.2f}; 1 is perfect) on {own["pairs"]:.0f} generated pages and {real["f1"]:.2f}
    on the one real article; the best of {len(peers)} other tools, {best.name}, reaches {best["f1"]:.2f}
    ({best["f1_low"]:.2f}–{best["f1_high"]:.2f}) on those pages (`make bench`). All pairs are compared at once, as the
    notebooks do; pair by pair it is {alone["f1"]:.2f}.
    """
    return f"{' '.join(said.split())}\n\n{shown_from(README, 'accuracy_speed.png', alt)}"


def _flowing(note: str, facts: dict) -> str:
    """A note on one line, its facts filled in."""
    return " ".join(note.format(**facts).split())
