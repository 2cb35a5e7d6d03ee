"""The measured runs go in; a page comes out that says what a hundred million pages of a web crawl would take.

Every number on the page is a result, or computed here from results and the assumptions that stand on the page.
"""

from pathlib import Path

import pandas as pd
from jinja2 import Environment, StrictUndefined

from helpers.files.atomic import write_file

RESULTS = Path(__file__).parent / "results"
PAGE = Path(__file__).parents[1] / "docs" / "scale.md"
TEMPLATE = Path(__file__).with_name("scale_page.md.jinja")
PAGES = 100_000_000
SPUN = 0.20  # as in the generated corpora: a crawl has far fewer, so this is too much rather than too little
CORES = 32  # of a machine
HOURS = 24  # in which it should be done
IDLE = 0.5  # of the processors' time is lost to waiting: steps end together, disks and network are shared
NETWORK = 1.25e9  # bytes a second of a machine: 10 Gbit/s
TERABYTE = 1e12
SEEN_BYTES = 16  # of a phrase pair in the lexicon: its key and its count
GROUPS = 500  # parts; a file of rows for others has a group for each
COLUMNS = {
    "articles": "articles", "workers": "workers", "seconds": "seconds", "articles_a_second": "articles a second",
    "processor_seconds": "processor seconds", "megabytes": "MB a worker", "handed": "bytes handed on, an article",
    "right": "right source", "refused": "absent source refused", "load": "load average",
}  # fmt: skip
FINDING = {"load", "link", "terms", "weights", "join", "choose", "send_terms", "score"}


def runs(name: str) -> pd.DataFrame:
    """The runs of a table of results, as the page shows them."""
    found = pd.read_csv(RESULTS / f"{name}.csv")
    shown = found.assign(
        handed=(found["bytes_handed_on"] / found["articles"]).round(),
        right=[
            f"{row.right:,} of {row.spun:,} ({row.right_low:.2%}–{row.right_high:.2%})" for row in found.itertuples()
        ],
        refused=[f"{row.refused:,} of {row.without_source:,}" for row in found.itertuples()],
    ).rename(columns={"megabytes_a_worker": "megabytes", "megabytes_a_child": "megabytes"})
    if "load_before" in shown:
        shown["load"] = shown["load_before"].map("{:.1f}".format) + "–" + shown["load_after"].map("{:.1f}".format)
    return shown[[name for name in COLUMNS if name in shown]].rename(columns=COLUMNS)


def estimate() -> dict[str, float]:
    """What the pages of a crawl would take: finding as in its largest run, comparing as in the largest complete one."""
    sources = pd.read_csv(RESULTS / "scale_sources.csv").sort_values("articles").iloc[-1]
    whole = pd.read_csv(RESULTS / "scale.csv").sort_values(["articles", "workers"]).iloc[-1]
    stages = pd.read_csv(RESULTS / "scale_stages.csv")
    stages = stages[(stages["articles"] == whole["articles"]) & (stages["workers"] == whole["workers"])]
    comparing = stages[~stages["stage"].isin(FINDING)]
    by_article = sources["processor_seconds"] / sources["articles"]
    by_spun = comparing["processor_seconds"].sum() / (whole["spun"] + whole["without_source"])
    cpu = PAGES * (by_article + SPUN * by_spun)
    handed = sources["bytes_handed_on"] / sources["articles"] + comparing["handed_on"].sum() / whole["articles"]
    machines = -(-cpu / (HOURS * 3600 * CORES * (1 - IDLE)) // 1)
    return {
        "articles": sources["articles"],
        "compared": whole["articles"],
        "by_article": by_article * 1e3,
        "by_spun": by_spun * 1e3,
        "cpu_hours": cpu / 3600,
        "machines": machines,
        "hours": cpu / 3600 / (machines * CORES * (1 - IDLE)),
        "texts": PAGES * whole["bytes_of_texts"] / whole["articles"] / TERABYTE,
        "tables": PAGES * whole["bytes_of_tables"] / whole["articles"] / TERABYTE,
        "moved": PAGES * handed / TERABYTE,
        "network_hours": PAGES * handed / (machines * NETWORK) / 3600,
        "part": PAGES / GROUPS,
        "megabytes": sources["megabytes_a_child"],
    }


def table(rows: pd.DataFrame) -> str:
    """Return rows as a Markdown table."""
    lines = [list(rows.columns), ["---:"] * len(rows.columns), *rows.to_numpy(object).tolist()]
    return "\n".join("| " + " | ".join(map(_cell, line)) + " |" for line in lines)


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.3g}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def speed_up() -> str:
    """A sentence for each size that was run on one worker and on two."""
    found = pd.read_csv(RESULTS / "scale.csv").pivot(index="articles", columns="workers", values="seconds")
    if not {1, 2} <= set(found.columns):
        return ""
    both = found.dropna()
    return " ".join(
        f"With {size:,} articles two workers are {row[1] / row[2]:.2f} times as fast as one."
        for size, row in both.iterrows()
    )


def single() -> str:
    """The functions for one machine, as far as they were measured."""
    path = RESULTS / "scale_single.csv"
    if not path.exists():
        return ""
    return table(pd.read_csv(path).rename(columns=lambda name: name.replace("_", " ")))


def intact() -> str:
    """What comparing with digests costs, in a sentence."""
    row = pd.read_csv(RESULTS / "intact.csv").iloc[0]
    return (
        f"What that costs: with {row['articles']:,.0f} articles a run took {row['run']:.1f} s, and to read and compare "
        f"every file of its store ({row['bytes'] / 1e6:,.0f} MB) afterwards {row['run_again']:.1f} s; to read all "
        f"tables took {row['read']:.2f} s with their digests and {row['read_without']:.2f} s without "
        "(`python -m benchmarks.intact`)."
    )


def write_page() -> Path:
    """Write the page from its template, `scale_page.md.jinja`."""
    facts = estimate() | {"runs": table(runs("scale")), "sources": table(runs("scale_sources"))}
    facts |= {
        "speed_up": speed_up(),
        "single": single(),
        "intact": intact(),
        "pages": f"{PAGES:,}",
        "spun": SPUN,
        "cores": CORES,
    }
    facts |= {"within": HOURS, "groups": GROUPS, "seen_bytes": SEEN_BYTES, "small_parts": f"{PAGES // 2_000:,}"}
    template = Environment(undefined=StrictUndefined, autoescape=False, keep_trailing_newline=True)
    write_file(PAGE, template.from_string(TEMPLATE.read_text(encoding="utf-8")).render(facts))
    return PAGE
