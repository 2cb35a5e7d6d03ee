"""Train sources go in; the weights of `restore` without the language model come out, in `restore_model.json`.

`python -m benchmarks.train_restorer`. (Those with it are learnt by `benchmarks/train_asked.py`.) What a row of the
mapping table is worth is learnt from made-up sites of fourteen articles each: the train half of the corpus's sources,
and news and encyclopedia articles by other hands (`honest.py`). Every article is restored with the table of its site's
other articles, as a site's own table is met, and with a table that other sites proposed, as a new site meets it. The
thesaurus is learnt on the corpus's train sources, spun with every dictionary at several rates. The test sources and the
real article have no part in either.
"""

import json
import random
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression

from benchmarks.dictionaries import mixed
from benchmarks.honest import bundles, encyclopedia, news
from benchmarks.testsets import DICTIONARIES, dictionary, references, split
from helpers.align import fold
from helpers.detection.table_hits import TABLE_FEATURES, from_table
from helpers.detection.weights import weights
from helpers.files.atomic import write_file
from helpers.mapping import propose, with_uses
from helpers.mapping.dictionary import Dictionary
from helpers.restoration.candidates import FORM_FEATURES, WORD_FEATURES, form_features, from_thesaurus
from helpers.restoration.restore import spoken_for
from helpers.spinner import Spinner
from helpers.text.annotated import Reading, read

CORPUS = Path(__file__).parents[1] / "corpus"
MODEL = Path(__file__).parents[1] / "helpers" / "detection" / "restore_model.json"
RATES = (0.3, 0.6, 0.95)
WRONG_FORMS = 20  # of each word, beside the right one
ARTICLES, FOREIGN = 14, 4  # articles of a site; other sites whose table a new site meets
SITES = (  # dictionary and rate of each made-up site; a number stands for a dictionary mixed of all three
    ("amber", 0.95),
    ("birch", 0.85),
    ("cobalt", 0.35),
    ("amber", 0.6),
    ("birch", 0.5),
    ("cobalt", 0.9),
    ("0", 0.9),
    ("1", 0.7),
    ("2", 0.4),
    ("3", 0.95),
    ("4", 0.8),
    ("cobalt", 0.6),
)


def spun_texts(sources: pd.Series, rates: tuple[float, ...] = RATES, seed: int = 31) -> pd.DataFrame:
    """Return spun texts: `source`, `dictionary`, `rate`, `text`, `gold` (a table each)."""
    rows = [
        (source, name, rate, *Spinner(dictionary(CORPUS, name), rate, seed).spin(text))
        for name in DICTIONARIES
        for rate in rates
        for source, text in sources.items()
    ]
    return pd.DataFrame(rows, columns=["source", "dictionary", "rate", "text", "gold"])


def table_without(spun: pd.DataFrame, source: str, names: tuple[str, ...] = DICTIONARIES) -> pd.DataFrame:
    """Return the mapping table that all texts but those of one source propose, of some dictionaries."""
    others = spun[(spun["source"] != source) & spun["dictionary"].isin(names)]
    seen = [
        row.gold.assign(spun_id=f"{row.dictionary}-{row.rate}-{row.source}", site=row.dictionary)
        for row in others.itertuples()
    ]
    return with_uses(propose(pd.concat(seen)), others["text"])


def truth(reading: Reading, gold: pd.DataFrame) -> dict[tuple[int, int], str]:
    """Return the originals by the span they belong to."""
    spans = zip(gold["spun_start"], gold["spun_end"], strict=True)
    return dict(zip(spans, gold["original"].map(fold), strict=True))


def is_right(reading: Reading, found: pd.DataFrame, gold: pd.DataFrame) -> np.ndarray:
    """Tell for each candidate whether exactly this was replaced."""
    known = truth(reading, gold)
    spans = map(reading.span, found["first"], found["last"])
    return np.array([known.get(span) == text for span, text in zip(spans, found["original"], strict=True)], dtype=bool)


def sites(seed: int = 3) -> list[tuple[str, pd.DataFrame]]:
    """Return made-up sites: the name of the dictionary, and a table `source`, `text`, `gold` of its articles."""
    own, _ = split(references(CORPUS))
    others = pd.concat([bundles(news()[0]), encyclopedia()]).sample(frac=1, random_state=seed)
    texts = pd.concat([own, others])
    made, step = [], ARTICLES - len(own)
    for number, (name, rate) in enumerate(SITES):
        book = mixed(DICTIONARIES, f"site {name}") if name.isdigit() else dictionary(CORPUS, name)
        spinner = Spinner(book, rate, 100 + number)
        taken = [*own.index, *others.index[number * step : (number + 1) * step]]
        rows = [(source, *spinner.spin(texts[source])) for source in taken]
        made.append((name, pd.DataFrame(rows, columns=["source", "text", "gold"])))
    return made


def table_of(spun: pd.DataFrame) -> pd.DataFrame:
    """Return the mapping table that spun texts propose, with the uses of each phrase counted in them."""
    seen = [row.gold.assign(spun_id=str(row.Index), site="made-up.example") for row in spun.itertuples()]
    return with_uses(propose(pd.concat(seen)), spun["text"])


def tables_for(
    made: list[tuple[str, pd.DataFrame]], number: int, source: str, rng: random.Random
) -> list[pd.DataFrame]:
    """Return the tables that an article of a site is restored with: its site's, without it, and that of other sites."""
    name, articles = made[number]
    strangers = [other for other in made if other[0] != name]
    elsewhere = pd.concat([spun for _, spun in rng.sample(strangers, FOREIGN)], ignore_index=True)
    return [table_of(spun[spun["source"] != source]) for spun in (articles, elsewhere)]


def train_table() -> dict[str, float]:
    """Learn what speaks for a row of the table; one text in three also without a count of the phrases' other uses."""
    made, rng, parts = sites(), random.Random(0), []
    for number, (_, articles) in enumerate(made):
        for place, row in enumerate(articles.itertuples()):
            reading = read(row.text)
            for table in tables_for(made, number, row.source, rng):
                for known in (table, table.drop(columns="natural"))[: 1 if place % 3 else 2]:
                    found = from_table(reading, Dictionary(known))
                    parts.append(found.assign(right=is_right(reading, found, row.gold)))
    return fit(pd.concat(parts), TABLE_FEATURES)


def train_forms(spun: pd.DataFrame, seed: int = 0) -> dict[str, float]:
    """Learn which of a replaced word's alternatives is the original."""
    rng, values, right = np.random.default_rng(seed), [], []
    for row in spun.itertuples():
        reading = read(row.text)
        known = truth(reading, row.gold)
        for place, token in enumerate(reading.tokens):
            original = known.get((token.start, token.end))
            forms = form_features(reading, token.fold, [place]) if original and token.fold.isalpha() else None
            if forms and original in forms[0]:
                at = forms[0].index(original)
                wrong = rng.permutation(np.delete(np.arange(len(forms[0])), at))[:WRONG_FORMS]
                values += [forms[1][0, [at]], forms[1][0, wrong]]
                right += [True] + [False] * len(wrong)
    return fit(pd.DataFrame(np.concatenate(values), columns=FORM_FEATURES).assign(right=right), FORM_FEATURES)


def train_words(spun: pd.DataFrame, forms: dict[str, float]) -> dict[str, float]:
    """Learn when the best alternative of a word is to be put back: without a table, and where a table is silent."""
    parts = []
    for row, table in product(spun.itertuples(), (False, True)):
        reading = read(row.text)
        dictionary = Dictionary.of(table_without(spun, row.source, (row.dictionary,)) if table else None)
        found = from_thesaurus(reading, forms, dictionary, spoken_for(from_table(reading, dictionary)))
        parts.append(found.assign(right=is_right(reading, found, row.gold)))
    return fit(pd.concat(parts), WORD_FEATURES)


def fit(table: pd.DataFrame, names: list[str]) -> dict[str, float]:
    model = LogisticRegression(C=1.0, max_iter=1000).fit(table[names], table["right"])
    learnt = {"intercept": model.intercept_[0], **dict(zip(names, model.coef_[0], strict=True))}
    learnt = {name: round(float(value), 3) for name, value in learnt.items()}
    print(f"{len(table):,} candidates, {table['right'].sum():,} right: {learnt}")
    return learnt


def write(parts: dict[str, dict[str, float]]) -> None:
    """Write parts of the model; what else is in it stays."""
    known = json.loads(MODEL.read_text(encoding="utf-8")) if MODEL.exists() else {}
    write_file(MODEL, json.dumps(known | parts, indent=1) + "\n")
    weights.cache_clear()


def main() -> None:
    """Train and write the parts that ask no language model."""
    train, _ = split(references(CORPUS))
    spun = spun_texts(train)
    forms = train_forms(spun)
    write({"table": train_table(), "form": forms, "word": train_words(spun, forms)})


if __name__ == "__main__":
    main()
