"""How long do `spun_score` and `restore` take an article, with the language model and without?

`python -m benchmarks.asking_speed` writes `results/asking_speed.csv`: processor seconds of one core, the median over
the pages of a made-up site, another one for each task, since what was read of a text is kept; what is read once a
process (word lists, the model) is read before, the model counted apart. On more cores it takes less time on the clock.
"""

from pathlib import Path

import pandas as pd
from threadpoolctl import threadpool_limits

from benchmarks.child import seconds
from benchmarks.restoration import CORPUS, table_of
from helpers.corpus import load_articles
from helpers.detect import spun_score
from helpers.files.atomic import write_file
from helpers.files.child_process import peak_megabytes
from helpers.restore import restore
from helpers.substitutions import gold_tables
from helpers.text.model_file import model

RESULTS = Path(__file__).parent / "results"
SITES = {"spun_score": "gadgetharbor.example", "restore": "dailybrief.example"}


def measured() -> pd.DataFrame:
    """Return `task`, `language_model`, `articles`, `words` (median), `seconds` (median)."""
    articles, gold = load_articles(CORPUS), gold_tables(CORPUS)
    table = table_of([name for name in gold if articles.loc[name, "site"] not in SITES.values()], articles, gold)
    tasks = {
        "spun_score": lambda text, asked: spun_score(text, language_model=asked),
        "restore": lambda text, asked: restore(text, table, language_model=asked),
    }
    rows = [("read the model", True, 1, 0, seconds(model))]
    for name, work in tasks.items():
        texts = articles.loc[articles["site"] == SITES[name], "text"]
        for asked in (True, False):
            work(articles.loc["kim-xi", "text"][:400], asked)
            taken = pd.Series([seconds(lambda text=text, work=work, asked=asked: work(text, asked)) for text in texts])
            rows.append((name, asked, len(texts), int(texts.str.split().str.len().median()), taken.median()))
    found = pd.DataFrame(rows, columns=["task", "language_model", "articles", "words", "seconds"])
    return found.assign(peak_megabytes=round(peak_megabytes()))


def main() -> None:
    """Measure, and write the results."""
    with threadpool_limits(1):
        found = measured()
    write_file(RESULTS / "asking_speed.csv", found.to_csv(index=False, lineterminator="\n", float_format="%.3g"))
    print(found.to_string())


if __name__ == "__main__":
    main()
