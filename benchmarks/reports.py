"""A number of articles goes in; how long the report on a site with so many takes, and how much memory, comes out.

`python -m benchmarks.reports` measures 14, 100 and 1,000 articles. Each stage runs in a process of its own: the
alignment, which is made once for a corpus and kept; the report from the kept alignment; a second run, in which nothing
changed; and the PDF. Every page is spun from a source of its own, made of paragraphs of the corpus's articles.
"""

import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

from helpers.corpus import COLUMNS
from helpers.corpus.articles import write_table
from helpers.evaluation.simulate import publish, read_sites
from helpers.files.atomic import write_file

RESULTS = Path(__file__).parent / "results"
CORPUS = Path(__file__).parents[1] / "corpus"
SIZES = [14, 100, 1_000]
PARAGRAPHS = 11  # of a source; about 600 words, as in the corpus
STAGES = {
    "alignment": "from helpers.comparison import compare_corpus; compare_corpus(corpus, kept=out + '/.kept')",
    "report": "from helpers.report import build_reports; build_reports(corpus, out, progress=False)",
    "unchanged": "from helpers.report import build_reports; build_reports(corpus, out, progress=False)",
    "pdf": (
        "from pathlib import Path; from helpers.report.pdf import print_pages; "
        "print_pages(Path(out).glob('*/index.html'))"
    ),
}


def make_corpus(folder: Path, size: int) -> None:
    """Write a corpus of one site with `size` articles and their sources."""
    site, spinner = read_sites(CORPUS)[0]
    texts = [path.read_text(encoding="utf-8") for path in sorted((CORPUS / "reference").glob("*-*.txt"))]
    lines = [line for text in texts for line in text.split("\n") if len(line) > 80]
    rows = []
    for number in range(size):
        rng = random.Random(number)
        source = "\n\n".join([f"Source {number}: {rng.choice(lines)[:60]}", *rng.sample(lines, PARAGRAPHS)])
        published = pd.Timestamp("2025-01-01") + pd.Timedelta(minutes=137 * number)
        for role, name, text, later in [
            ("reference", f"s{number}", source, 0),
            ("spun", f"p{number}", publish(source, spinner, site).text, 90 + rng.randrange(2_000)),
        ]:
            file = f"{role}/{name}.txt"
            (folder / role).mkdir(parents=True, exist_ok=True)
            write_file(folder / file, text)
            rows.append(
                dict.fromkeys(COLUMNS, "")
                | {
                    "article_id": name, "role": role, "title": text.split("\n")[0], "file": file, "licence": "CC0-1.0",
                    "site": site.name if role == "spun" else f"news{number % 9}.example",
                    "byline": rng.choice(site.bylines) if role == "spun" else "",
                    "published": (published + pd.Timedelta(minutes=later)).isoformat(timespec="minutes"),
                    "reference_id": f"s{number}" if role == "spun" else "",
                    "provenance": "simulated" if role == "spun" else "published",
                }
            )  # fmt: skip
    write_table(folder, rows)


def measure(stage: str, corpus: Path, out: Path) -> dict:
    """Run one stage in a process of its own: `seconds` by the clock, `processor` seconds, `megabytes` at the peak."""
    code = f"import resource\ncorpus, out = {str(corpus)!r}, {str(out)!r}\n{STAGES[stage]}\n"
    code += "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {
        "seconds": round(time.perf_counter() - start, 1),
        "processor": round(used, 1),
        "megabytes": int(done.stdout.split()[-1]),
    }


def main(*sizes: int) -> None:
    """Measure all stages for all sizes and write `benchmarks/results/reports.csv`."""
    rows = []
    for size in sizes or SIZES:
        with tempfile.TemporaryDirectory() as folder:
            corpus, out = Path(folder) / "corpus", Path(folder) / "reports"
            corpus.mkdir()
            out.mkdir()
            make_corpus(corpus, size)
            for stage in STAGES:
                rows.append({"articles": size, "stage": stage, **measure(stage, corpus, out)})
                print(rows[-1], flush=True)
    pd.DataFrame(rows).to_csv(RESULTS / "reports.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
