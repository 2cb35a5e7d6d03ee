"""Nothing goes in; what is compiled at its first use is compiled now, and kept.

Each call is the smallest that reaches compiled code: the comparison, versions of one source, what they were made of,
templates, and what restoration believes. What was compiled before is only read.
"""

import pandas as pd

from helpers.restoration.trees import log_odds_by_trees, trees
from helpers.sources import group_versions, reconstruct, template
from helpers.substitutions import compare_corpus
from helpers.text.compiled import is_compiled

SOURCE = "The army said on Friday that the people of the city had met. They told the press that the war was over. " * 3
COPIES = {"a": "The military said on Friday", "b": "The army mentioned on Friday", "c": "The army said on Monday"}


def main() -> None:
    """Compile it all."""
    if not is_compiled():
        print("Compiling, once after each installation or update.", flush=True)
    texts = {name: SOURCE.replace("The army said on Friday", words) for name, words in COPIES.items()}
    articles = pd.DataFrame({"text": [SOURCE, *texts.values()], "role": ["reference", *["spun"] * 3]}, ["r", *texts])
    articles["site"] = [f"{name}.example" for name in articles.index]
    articles["reference_id"] = ["", *["r"] * 3]
    compare_corpus(articles)
    group_versions(articles)
    reconstruct(texts, language_model=False)
    log_odds_by_trees(pd.DataFrame(0.0, range(1), trees("word").names), trees("word"))
    template(
        [f"I ask you to {verb} the rules of {year} as they are." for verb in ("keep", "save") for year in range(20)]
    )


if __name__ == "__main__":
    main()
