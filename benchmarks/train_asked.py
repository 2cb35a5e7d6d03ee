"""Made-up sites go in; what the language model's answers are worth to `restore` comes out, in its `restore_model.json`.

`python -m benchmarks.train_asked`, after `train_restorer` and `train_detector`: it builds on the weights of both. The
articles and the sites are those of `train_restorer`. Each is restored with its site's table and with one of other
sites, and the thesaurus is asked with the site's table and with none. The test sources and the real article have no
part in it.
"""

import random
from itertools import repeat

import pandas as pd

from benchmarks.cores import on_every_core
from benchmarks.train_restorer import fit, is_right, sites, tables_for, write
from helpers.detection.table_hits import TABLE_FEATURES, from_table
from helpers.mapping.dictionary import Dictionary
from helpers.restoration.candidates import WORD_FEATURES
from helpers.restoration.model_gain import GAINS, gains
from helpers.restoration.restore import LOOKED_AT, spoken_for, synonyms
from helpers.text.annotated import read

EIGHTH = 8  # of the articles of made-up sites, every such one is read


def candidates() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the candidates of every eighth article of the made-up sites, from tables and from the thesaurus."""
    made = sites()
    places = [(number, place) for number, (_, articles) in enumerate(made) for place in articles.index][::EIGHTH]
    found = on_every_core(asked_of, repeat(made), places)
    return tuple(pd.concat([pair[side] for pair in found], ignore_index=True) for side in (0, 1))


def asked_of(made: list[tuple[str, pd.DataFrame]], at: tuple[int, int]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the candidates of an article from tables and from the thesaurus, with the language model's answers."""
    number, place = at
    row = made[number][1].loc[place]
    reading, tables, words = read(row["text"]), [], []
    own, foreign = tables_for(made, number, row["source"], random.Random(f"{number} {place}"))
    for table in (own, foreign, None):
        dictionary = Dictionary.of(table)
        found = from_table(reading, dictionary)
        if table is not None:
            known = found.join(gains(reading, found))
            tables.append(known.assign(right=is_right(reading, found, row["gold"]), source=row["source"]))
        if table is not foreign:
            known = synonyms(reading, dictionary, spoken_for(found))
            words.append(known.assign(right=is_right(reading, known, row["gold"]), source=row["source"]))
    return pd.concat(tables), pd.concat(words)


def main() -> None:
    """Train and write."""
    tables, words = candidates()
    write(
        {
            "table asked": fit(tables, [*TABLE_FEATURES, *GAINS]),
            "word asked": fit(words, [*WORD_FEATURES, *LOOKED_AT, *GAINS]),
        }
    )


if __name__ == "__main__":
    main()
