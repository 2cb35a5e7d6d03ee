"""How many articles a second, in how much memory, with how many bytes moved; and what a web crawl would take.

Generated corpora (`benchmarks.stories`) of which a fifth is spun, sources unknown, go through `at_scale` on worker
processes of this machine. `results/scale.csv` has a row for each run: seconds on the clock and of the processor (what
else runs on the machine lengthens the first; the load average stands beside it), the most memory of a worker, the bytes
that its parts handed on to each other, and how many sources were right. `results/scale_stages.csv` has the steps of the
largest run, `results/scale_single.csv` the functions for one machine on the same corpora.

    python -m benchmarks.scale [--articles N ...] [--workers N ...] [--folder F]   measure
    python -m benchmarks.scale --single [--articles N ...]                        the functions for one machine
    python -m benchmarks.scale --sources STORE --articles N --workers N            the sources of a run cut off later
    python -m benchmarks.scale --page                                             write docs/scale.md from the results
"""

import argparse
import os
import shutil
import sys
import time
from pathlib import Path
from tempfile import gettempdir

import numpy as np
import pandas as pd
from scipy.stats import binomtest

from benchmarks.child import in_child, seconds
from benchmarks.scale_page import write_page
from benchmarks.stories import RATE, write_corpus
from helpers.corpus import pair_texts as declared_pairs
from helpers.files.atomic import write_file
from helpers.files.child_process import peak_megabytes
from helpers.scale import at_scale, connect
from helpers.scale.run import FINDING, read_table
from helpers.scale.shuffle import read_group
from helpers.scale.stage_find_sources import numbers_of
from helpers.scale.store import RECEIPTS, read_parts, read_receipt
from helpers.sources import SourceIndex
from helpers.substitutions import find_substitutions, substitution_frequency

RESULTS = Path(__file__).parent / "results"
ARTICLES, WORKERS = (1_000, 10_000), (1, 2)
SEED = 1  # thresholds were looked at with even seeds only, whose frames are those of other articles
FINDING_STAGES = {"load", "link", "score", *(stage.name for stage in FINDING)}
ASKED = 200  # texts for which the index of one machine is asked at the most


def corpus(articles: int, folder: Path) -> Path:
    """Return the generated corpus of so many articles, made where it is not there."""
    path = folder / f"corpus-{articles}"
    if not path.exists():
        draft = write_corpus(folder / f"draft-{articles}", articles, SEED)
        draft.rename(path)
    return path


def run(articles: int, workers: int, folder: Path) -> tuple[dict, pd.DataFrame]:
    """Compare a generated corpus anew; return what was measured of the run, and of its steps."""
    source, store = corpus(articles, folder), folder / f"store-{articles}-{workers}"
    shutil.rmtree(store, ignore_errors=True)
    load, start = os.getloadavg()[0], time.perf_counter()
    with connect(workers=workers, processes=True) as client:
        found = at_scale(source, store, address=client, progress=False)
        elapsed = time.perf_counter() - start
        thin = max(client.run(peak_megabytes).values())
    stages = pd.DataFrame(found["stages"]).T.rename_axis("stage").reset_index()
    row = {
        "articles": articles,
        "workers": workers,
        "seconds": elapsed,
        "articles_a_second": articles / elapsed,
        "processor_seconds": stages["processor_seconds"].sum(),
        "megabytes_a_worker": stages["megabytes"].max() + thin,
        "bytes_handed_on": stages["handed_on"].sum(),
        "bytes_of_tables": sum(file[3] for files in found["tables"].values() for file in files),
        "bytes_of_texts": int(read_table(store, "articles")["text"].str.len().sum()),
        "load_before": load,
        "load_after": os.getloadavg()[0],
        **sources_right(store),
    }
    return row, stages.assign(articles=articles, workers=workers)


def sources_of(store: Path, articles: int, workers: int, load: tuple[float, float]) -> dict:
    """Return what was measured of a run up to the sources, be it complete or not, from what lies in its store.

    `load` is the machine's load average before and after.
    """
    stages, files = {}, {"load": [], "score": []}
    for path in (store / RECEIPTS).glob("*/*.json"):
        receipt = read_receipt(path)
        if receipt.stage in FINDING_STAGES:
            handed = sum(size for name, _, _, size in receipt.files.values() if name.startswith("work/"))
            stages[path] = (path.stat().st_mtime, receipt.seconds, receipt.processor_seconds, receipt.megabytes, handed)
        if receipt.stage in files:
            files[receipt.stage].append(receipt)
    if len(files["load"]) != len(files["score"]) or not files["score"]:
        raise ValueError(f"{store}: the sources are not all found yet. Mend: run it on.")
    found = pd.DataFrame(stages.values(), columns=["end", "seconds", "processor_seconds", "megabytes", "handed"])
    elapsed = found["end"].max() - (found["end"] - found["seconds"]).min()
    loaded, scored = (sorted(files[name], key=lambda receipt: receipt.part) for name in ("load", "score"))
    tables = [read_parts(store, [receipt.file("articles")])[["role", "note"]] for receipt in loaded]
    numbers = [numbers_of(part, len(table)) for part, table in enumerate(tables)]
    table = pd.concat(tables)
    named = pd.Series(table.index, index=np.concatenate(numbers))
    pairs = read_group([store / receipt.file("pairs").path for receipt in scored]).to_pandas()
    pairs = pairs.set_index("spun_id")["reference"].map(named)
    return {
        "articles": articles,
        "workers": workers,
        "seconds": elapsed,
        "articles_a_second": articles / elapsed,
        "processor_seconds": found["processor_seconds"].sum(),
        "articles_a_processor_second": articles / found["processor_seconds"].sum(),
        "megabytes_a_child": found["megabytes"].max(),
        "bytes_handed_on": found["handed"].sum(),
        "load_before": load[0],
        "load_after": load[1],
        **right_of(table, pairs),
    }


def sources_right(store: Path) -> dict:
    """Return how many sources were right in a complete run, and how many errors it had."""
    pairs = read_table(store, "pairs").set_index("spun_id")["reference_id"]
    return right_of(read_table(store, "articles"), pairs) | {"errors": len(read_table(store, "errors"))}


def right_of(articles: pd.DataFrame, pairs: pd.Series) -> dict:
    """Return how many sources were right, with Wilson's interval, and how many absent ones were refused."""
    truth = articles.loc[articles["role"] == "spun", "note"]
    found = pairs.reindex(truth.index)
    there = truth != "none"
    right = int((found[there] == truth[there]).sum())
    ends = binomtest(right, int(there.sum())).proportion_ci(method="wilson")
    return {
        "spun": int(there.sum()),
        "right": right,
        "right_low": ends.low,
        "right_high": ends.high,
        "wrong": int((found[there].notna() & (found[there] != truth[there])).sum()),
        "without_source": int((~there).sum()),
        "refused": int(found[~there].isna().sum()),
        "rate": RATE,
    }


def single(articles: int, folder: Path) -> dict:
    """Do the same with the functions for one machine; the index is asked for some texts, and its time multiplied."""
    table = pd.concat(map(pd.read_parquet, sorted(corpus(articles, folder).glob("*.parquet")))).set_index("article_id")
    seekers = table[(table["role"] == "spun") & (table["note"] != "none")]
    asked = seekers["text"].head(ASKED)
    index = []
    indexing = seconds(lambda: index.append(SourceIndex(table)))
    index[0].find(asked.iloc[0])
    finding = (
        seconds(lambda: [index[0].find(text, top=1) for text in asked])
        / len(asked)
        * int((table["role"] == "spun").sum())
    )
    named = table.assign(reference_id=table["note"].where(table.index.isin(seekers.index), ""))
    declared_pairs(named.head(10))
    find_substitutions("a", "b")
    made = []
    comparing = seconds(lambda: made.append(find_substitutions(named)))
    counting = seconds(lambda: substitution_frequency(made[0], named))
    total = indexing + finding + comparing + counting
    return {
        "articles": articles,
        "asked": len(asked),
        "index": indexing,
        "find": finding,
        "compare": comparing,
        "count": counting,
        "processor_seconds": total,
        "articles_a_second": articles / total,
        "megabytes": peak_megabytes(),
    }


def keep(name: str, new: pd.DataFrame, by: list[str]) -> None:
    """Put rows into a table of results in place of older ones for the same thing."""
    path = RESULTS / f"{name}.csv"
    if path.exists():
        old = pd.read_csv(path)
        again = old.merge(new[by].drop_duplicates(), on=by, how="left", indicator=True)["_merge"].eq("both").to_numpy()
        new = pd.concat([old[~again], new])
    new = new.sort_values(by, kind="stable")
    write_file(path, new.to_csv(index=False, lineterminator="\n", float_format="%.6g"))


def main() -> None:
    """Measure, and write the results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, nargs="+", default=ARTICLES)
    parser.add_argument("--workers", type=int, nargs="+", default=WORKERS)
    parser.add_argument(
        "--folder", type=Path, default=Path(gettempdir()) / "unspun-scale", help="for corpora and stores"
    )
    parser.add_argument("--single", action="store_true", help="measure the functions for one machine")
    parser.add_argument(
        "--sources", type=Path, help="what this store of --articles says of the sources, run complete or not"
    )
    parser.add_argument("--load", type=float, nargs=2, default=(np.nan, np.nan), help="load average of that run")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--page", action="store_true", help="write docs/scale.md from the results")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    if options.page:
        print(write_page())
    elif options.sources:
        row = sources_of(options.sources, options.articles[0], options.workers[0], options.load)
        print(row)
        keep("scale_sources", pd.DataFrame([row]), ["articles", "workers"])
    elif options.single and options.here:
        print(pd.Series(single(options.articles[0], options.folder)).to_json())
    elif options.single:
        for articles in options.articles:
            arguments = ("--single", "--here", "--articles", str(articles), "--folder", str(options.folder))
            row = in_child("benchmarks.scale", *arguments)
            print(row)
            keep("scale_single", pd.DataFrame([row]), ["articles"])
    else:
        for articles in options.articles:
            for workers in options.workers:
                row, stages = run(articles, workers, options.folder)
                print(row, flush=True)
                store, load = options.folder / f"store-{articles}-{workers}", (row["load_before"], row["load_after"])
                found = sources_of(store, articles, workers, load)
                keep("scale_sources", pd.DataFrame([found]), ["articles", "workers"])
                keep("scale", pd.DataFrame([row]), ["articles", "workers"])
                keep("scale_stages", stages, ["articles", "workers", "stage"])


if __name__ == "__main__":
    sys.exit(main())
