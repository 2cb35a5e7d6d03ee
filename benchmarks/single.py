"""The results of detection, restoration and source finding go in; their tables in `docs/benchmarks.md` come out.

`python -m benchmarks.single` measures all of it and writes the section; with `--tables` it only writes the section
from the results that are there.
"""

import sys

import pandas as pd

from benchmarks import asking_speed, decipher, detection, near_sources, restoration, sources, versions
from benchmarks.pages import PAGE, RESULTS, shown_from, write_between
from helpers.restoration.site_reading import MOST_READ

# Columns that are no numbers.
WORDED = ("method", "text and table", "words", "the index holds", "text", "articles", "corpus")
HELD = {  # what an index holds in `sources_near.csv`, in words
    "family": "the other texts of the family",
    "few": "1 to 8 of them",
    "few of all": "8 texts of all families",
    "a rival": "these and a rival",
}


def read(name: str) -> pd.DataFrame:
    """Return a table of results."""
    return pd.read_csv(RESULTS / f"{name}.csv", keep_default_na=False, na_values=["nan", ""])


def table(rows: pd.DataFrame) -> str:
    """Return a table in Markdown; numbers stand to the right."""
    aligned = [" --- " if name in WORDED else " ---: " for name in rows.columns]
    lines = ["| " + " | ".join(map(str, rows.columns)) + " |", "|" + "|".join(aligned) + "|"]
    return "\n".join(lines + ["| " + " | ".join(map(str, row)) + " |" for row in rows.itertuples(index=False)])


def interval(value: float, low: float, high: float) -> str:
    """Return a share with its interval below it, where there is one."""
    below = f"<br><sub>{low:.2f}–{high:.2f}</sub>" if pd.notna(low) else ""
    return f"{value:.2f}{below}"


def detection_tables() -> str:
    """Return the part on detection."""
    rows, real = read("detection"), read("detection_real").set_index(["article_id", "table"])
    rows[["length", "rate"]] = rows[["length", "rate"]].astype(str)
    odd = read("detection_odd")
    alt = (RESULTS / "detection_calibration.txt").read_text(encoding="utf-8").strip()
    whole = rows[(rows["length"] == "all")]
    short = rows[(rows["dictionary"] == "all") & (rows["length"] != "all")]
    parts = ["### Spun or not", ""]
    cells = pd.DataFrame({"method": whole["method"]})
    cells["area under the ROC curve"] = [interval(*row) for row in whole[["auc", "auc_low", "auc_high"]].to_numpy()]
    cells["found at 1 % false alarms"] = [
        interval(*row) for row in whole[["found", "found_low", "found_high"]].to_numpy()
    ]
    for length in ("50", "100", "300", "600"):
        some = short[(short["length"] == length) & (short["rate"] == "0.3")].set_index("method")
        values = some[["found", "found_low", "found_high"]]
        cells[f"found, {length} words, rate 0.3"] = [interval(*values.loc[name]) for name in cells["method"]]
        if length == "300":
            areas = some[["auc", "auc_low", "auc_high"]]
            cells["area, 300 words, rate 0.3"] = [interval(*areas.loc[name]) for name in cells["method"]]
    parts += [table(cells), ""]
    own = rows[rows["method"] == "**Unspun**"]
    by_rate = own[(own["dictionary"] == "all") & (own["length"] != "all") & (own["rate"] != "all")]
    grid = by_rate.assign(cell=[interval(*row) for row in by_rate[["found", "found_low", "found_high"]].to_numpy()])
    grid = grid.pivot(index="length", columns="rate", values="cell").loc[["50", "100", "300", "600"]].reset_index()
    grid.columns = ["words", *(f"rate {rate}" for rate in grid.columns[1:])]
    parts += ["Unspun’s share found at 1 % false alarms, by length and spin rate:", "", table(grid), ""]
    by_name = own[(own["dictionary"] != "all") & (own["length"] == "300")]
    said = ", ".join(
        f"{row.dictionary} {row.auc:.3f} ({row.auc_low:.3f}–{row.auc_high:.3f}), {row.found:.0%} found"
        for row in by_name.itertuples()
    )
    honest = whole["honest"].iloc[0]
    looked_at, fresh, heldback, taught = (odd[odd["use"] == use] for use in ("test", "fresh", "heldback", "train"))
    values = {key: real.loc[key, "probability"] for key in real.index}
    answers = " ".join(
        f"{said} {values['kim-xi', name]:.3f} and its reference {values['kim-xi-reference', name]:.3f}{end}"
        for said, name, end in (
            ("The real article gets", "as it comes", ";"),
            ("with a table that lacks its own pairs it gets", "without the article's own pairs", ";"),
            ("with no table", "none", "."),
        )
    )
    parts += [
        f"Test texts: {honest:,} honest stretches and {whole['spun'].iloc[0]:,} spun ones of "
        f"{whole['sources'].iloc[0]} sources without a part in training; below each figure its 95 % bootstrap interval "
        "over sources. At "
        f"300 words and rate 0.3 (the field's at rate 1, which changes a tenth of the words), by dictionary (area, "
        f"share found): {said}; amber and birch were seen, cobalt, PPDB and SpinBot's like were not. {answers} Of the "
        f"odd but honest texts (`corpus/odd/`), of the {len(heldback)} that were kept back for this table "
        f"{_suspected(heldback)}; of the {len(fresh)} and {len(looked_at)} kept back for earlier ones "
        f"{_suspected(fresh)} and {_suspected(looked_at)}; of the {len(taught)} that the detector learnt from "
        f"{_suspected(taught)}. Of {_surely(odd)} of these {len(odd)} texts the whole interval lies above 0.5.",
        "",
        shown_from(PAGE, "detection_calibration.png", alt),
        "",
        _among_news(),
    ]
    return "\n".join(parts)


def _among_news() -> str:
    """What the picture of calibration leaves out: the same without odd texts."""
    bands = read("detection_calibration")
    odd, news = (bands[bands["among"] == name] for name in (detection.AMONG_ODD, detection.NEWS))
    pairs = ", ".join(f"{said:.2f} was {share:.2f}" for said, share in zip(news["said"], news["spun"], strict=True))
    return (
        f"The picture is of the texts that a probability is said for, as in training: odd but honest ones among the "
        f"news, none of which taught ({odd['stretches'].sum():,} stretches, 95 % bootstrap intervals over sources). "
        f"Among news alone ({news['stretches'].sum():,} stretches) probabilities above 0.4 are too low: given and "
        f"measured, {pairs}."
    )


def _suspected(odd: pd.DataFrame) -> str:
    """Say how many odd texts are suspected, and which."""
    alarms = odd[odd["probability"] >= 0.5]
    named = ", ".join(f"{row.text_id} {row.probability:.2f}" for row in alarms.itertuples())
    return (
        f"{len(alarms)} {'is' if len(alarms) == 1 else 'are'} suspected at 0.5 or more{f' ({named})' if named else ''}"
    )


def _surely(odd: pd.DataFrame) -> str:
    """Say of how many odd texts the whole interval is above one half."""
    count = (odd["low"] >= 0.5).sum()
    return str(count) if count else "none"


def restoration_tables() -> str:
    """Return the part on restoration."""
    rows = read("restoration")
    kept = rows[
        rows["method"].isin(["**Unspun**, 0.4", "**Unspun**, 0.5", "**Unspun**, 0.7"])
        | ~rows["method"].str.startswith("**Unspun**")
    ]
    kept = kept[kept["made"] > 0]
    cells = pd.DataFrame(
        {
            "text and table": kept["set"],
            "method": kept["method"],
            "restored": [interval(*row) for row in kept[["restored", "restored_low", "restored_high"]].to_numpy()],
            "precision": [interval(*row) for row in kept[["precision", "precision_low", "precision_high"]].to_numpy()],
            "changes": kept["made"],
            "right words broken": kept["broken"],
            "substitutions": kept["gold"],
            "pair in the table": [f"{value:.2f}" for value in kept["ceiling"]],
        }
    )
    note = (
        "The number behind Unspun is the threshold; the default is 0.5. “Pair in the table” is the share of the "
        "substitutions whose pair stands in the table at all: more can come back from the thesauri and the language "
        "model only."
    )
    return "### Restored\n\n" + table(cells) + "\n\n" + note


def deciphered_tables() -> str:
    """Return the part on dictionaries that were read off a site's own pages."""
    rows = read("decipher")
    made = rows[rows["gold"] > 0]
    cells = pd.DataFrame({"dictionary": made["dictionary"], "method": made["method"], "articles": made["articles"]})
    for name in ("restored", "precision"):
        cells[name] = [interval(*row) for row in made[[name, f"{name}_low", f"{name}_high"]].to_numpy()]
    cells["claims"], cells["places replaced"] = made["made"], made["gold"]
    honest = rows[rows["gold"] == 0]
    said = ", ".join(f"{row.made:.0f} in {row.articles} articles" for row in honest.itertuples())
    note = (
        "Made-up sites whose spinner took seven of ten chances, of articles and with dictionaries that nothing was "
        "learnt from; places are those that were replaced, phrases among them, and a claim is right if its place and "
        "its original are. Words of tortured phrases and of WordNet are swapped word for word; amber, birch and cobalt "
        "are the dictionaries of the simulated sites, none of whose pairs is in any dictionary that was learnt from. "
        "The tortured phrases are a public list that does not come with Unspun. Below each figure its 95 % bootstrap "
        "interval over articles, which says little of 3. All words are read here, also of 50 articles; "
        f"`decipher` itself reads {MOST_READ:,} of a large site. On the one honest site it claims in all: {said}."
    )
    alt = (RESULTS / "decipher.txt").read_text(encoding="utf-8").strip()
    picture = shown_from(PAGE, "decipher.png", alt)
    return "\n\n".join(["### Deciphered", table(cells), note, picture, *lost_on_the_way(made)])


def lost_on_the_way(rows: pd.DataFrame) -> list[str]:
    """Return the table of where originals are lost, and what more articles do for the same ones."""
    steps = rows[rows["looked_at"].notna() & (rows["articles"] == decipher.MANY)]
    cells = pd.DataFrame({"dictionary": steps["dictionary"]})
    for name, head in {
        **{"looked_at": "looked at", "thought_of": "original thought of", "among_best": "among the best three"},
        **{"best": "the best", "restored": "claimed"},
    }.items():
        cells[head] = [f"{share:.2f}" for share in steps[name]]
    first = rows[rows["restored_of_the_first"].notna() & (rows["articles"] > decipher.MANY)]
    more = "; ".join(
        f"{row.dictionary}: {restored:.2f} with {decipher.MANY}, {row.restored_of_the_first:.2f} with {row.articles}"
        for row in first.itertuples()
        for restored in steps.loc[steps["dictionary"] == row.dictionary, "restored"]
    )
    said = (
        f"Where originals are lost, of {decipher.MANY} articles: the share of the replaced places that are looked at, "
        "whose original is among the candidates of the word that stands there, among its best three, its best, and is "
        "claimed in that place."
    )
    said += f" Of the places in the first {decipher.MANY} articles is restored: {more}." if more else ""
    return [table(cells), said]


def source_tables() -> str:
    """Return the part on finding sources."""
    rows, speed = read("sources"), read("sources_speed").set_index("method")
    cells = pd.DataFrame({"method": rows["method"].unique()})
    for form in ("whole", "extract", "merged"):
        for rate in (0.3, 0.5):
            some = rows[(rows["form"] == form) & (rows["rate"] == rate)].set_index("method")
            values = some[["share", "low", "high"]]
            cells[f"{form}, rate {rate}"] = [interval(*values.loc[name]) for name in cells["method"]]
    cells["query"] = [f"{speed.loc[name, 'query_ms']:.0f} ms" for name in cells["method"]]
    cells["index"] = [f"{speed.loc[name, 'index_seconds']:.0f} s" for name in cells["method"]]
    refused, accepted = read("sources_refused"), read("sources_accepted")
    low = refused["share"].min(), refused["low"].min()
    texts, own = rows["texts"].iloc[0], speed.loc["**Unspun**"]
    likely = {
        form: accepted[(accepted["form"] == form) & accepted["rate"].between(0.3, 0.5)]["share"].min()
        for form in ("whole", "extract", "merged")
    }
    return "\n".join(
        [
            "### The source, among 10,000 texts made to be near it",
            "",
            table(cells),
            "",
            f"First place (merged texts: both sources in the first two), {texts} texts a cell, of 8 test sources, "
            "with Wilson’s 95 % interval. The 10,000 are chains of words made by a program: they open with a source’s "
            "names and figures and repeat up to three of its sentences, but nobody wrote them. Absent sources are "
            f"refused by Unspun in {low[0]:.0%} of the texts of every form and rate, or more (interval from "
            f"{low[1]:.0%}); of present ones one is "
            f"called likely in {likely['whole']:.0%} (whole), {likely['extract']:.0%} (extract) and "
            f"{likely['merged']:.0%} (merged) at the worse of the rates 0.3 and 0.5. The index of 10,000 texts "
            f"holds {own['megabytes']:.0f} MB; seconds are processor seconds of one core. The other methods name the "
            "nearest article whether or not it is the source.",
        ]
    )


def near_tables() -> list[str]:
    """Return the part on finding sources among real near texts; none where no such texts were there to measure with."""
    if not (RESULTS / "sources_near.csv").exists():
        return []
    rows, texts = read("sources_near"), read("sources_near_texts")
    rows = rows[rows["family"] == "all"]
    cells = pd.DataFrame({"the index holds": [HELD[held] for held in rows["index"]]})
    cells["text"] = [f"{row.form}, {row.rate:.0%} changed" for row in rows.itertuples()]
    for name, title in {"named": "named first", "likely": "called likely", "refused": "absent: refused"}.items():
        cells[title] = [interval(*row) for row in rows[[name, f"{name}_low", f"{name}_high"]].to_numpy()]
    families = ", ".join(f"{row.family} ({row.texts})" for row in texts.itertuples())
    part = "\n".join(
        [
            "### The source, among real texts that are near to it",
            "",
            table(cells),
            "",
            f"{rows['texts'].iloc[0]} texts a cell, each of another source, with Wilson’s 95 % interval; of the "
            f"families {families}. The share is that of the content words, changed with synonyms of the thesaurus. A "
            "passage has 40 words or more. The texts are read where they are installed and are no part of the project; "
            "those that share two fifths of their pairs of words with another one are left out. A rival is a text of "
            "the same family that repeats 5 to 25 % of the source’s sentences word for word. The scale was fitted on "
            "other families (and other news).",
        ]
    )
    return [part]


def version_tables() -> str:
    """Return the part on versions of one source that nobody has."""
    rows, growth = read("versions"), read("versions_growth")
    cells = rows[["corpus", "method"]].copy()
    cells["precision"] = [interval(*row) for row in rows[["precision", "precision_low", "precision_high"]].to_numpy()]
    cells["recall"] = [interval(*row) for row in rows[["recall", "recall_low", "recall_high"]].to_numpy()]
    for name, title in {"b_precision": "B-cubed precision", "b_recall": "recall", "b_f1": "F1"}.items():
        cells[f"{title} " if title in cells else title] = [f"{value:.2f}" for value in rows[name]]
    for name in ("false_pairs", "true_pairs", "sources"):
        cells[name.replace("_", " ")] = [f"{value:,.0f}" for value in rows[name]]
    grown = pd.DataFrame({"method": growth["method"], "number of articles": [f"{n:,}" for n in growth["articles"]]})
    grown["seconds"] = [f"{value:,.0f}" for value in growth["seconds"]]
    grown["MB"] = [f"{value:,.0f}" for value in growth["megabytes"]]
    grown["precision"] = [f"{value:.4f}" for value in growth["precision"]]
    grown["recall"] = [f"{value:.4f}" for value in growth["recall"]]
    grown["false pairs"] = [f"{value:,.0f}" for value in growth["false_pairs"]]
    return "\n".join(
        [
            "### Versions of one source that nobody has",
            "",
            table(cells),
            "",
            "Two to four versions of every source, by six made-up sites with furniture, dropped and moved paragraphs, "
            "each with one of five dictionaries at a rate from 0.3 to 0.95 (sources and dictionaries had no part in "
            "setting the scale), among honest articles: near ones made by a program, follow-ups that repeat 10 to "
            "40 % of a source, copies, texts of the same family. Shares of pairs of articles in one group, with "
            "Wilson’s 95 % interval; B-cubed (Bagga and Baldwin 1998) over the articles that are versions or were "
            "joined. Real texts are read where they are installed and are no part of the project: manual pages and "
            "chapters of a book share whole phrases.",
            "",
            table(grown),
            "",
            "Made-up corpora in which three of ten articles are versions of one source and seven are near it; "
            "processor seconds of one core, and the memory that grouping took beyond the texts.",
        ]
    )


def speed_note() -> str:
    """Return how long detection and restoration take."""
    rows = read("asking_speed").set_index(["task", "language_model"])
    taken = {key: rows.loc[key, "seconds"] for key in rows.index}
    said = "; ".join(
        f"`{task}` takes {taken[task, True]:.2g} s with it and {taken[task, False]:.2g} s without (median of "
        f"{rows.loc[(task, True), 'articles']} pages of {rows.loc[(task, True), 'words']} words)"
        for task in ("spun_score", "restore")
    )
    return (
        f"The language model is read once a process, in {taken['read the model', True]:.2g} s; then {said}. Processor "
        f"seconds of one core; the process held {rows['peak_megabytes'].iloc[0]:,} MB at the most."
    )


def main() -> None:
    """Measure unless told not to, and write the section of the page."""
    if "--tables" not in sys.argv[1:]:
        sys.argv = sys.argv[:1]
        for benchmark in (sources, near_sources, versions, restoration, decipher, detection, asking_speed):
            benchmark.main()
    write_between(
        PAGE,
        "single",
        "\n\n".join(
            [
                *(source_tables(), *near_tables(), version_tables(), detection_tables()),
                *(restoration_tables(), deciphered_tables(), speed_note()),
            ]
        ),
    )


if __name__ == "__main__":
    main()
