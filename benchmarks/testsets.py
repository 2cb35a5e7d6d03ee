"""The corpus goes in; test sets with known truth come out, split by source article so that nothing learnt leaks.

Each set is a table of pairs, as `align_pairs` takes it, and a gold table for every pair. The references are the
corpus's own; the spinner, its dictionaries and the ways to reorder are the corpus's too, with other seeds. `split`
parts the sources: prices were tuned on the first half only.
"""

import random
from pathlib import Path

import pandas as pd

from helpers.align import line_spans, sentence_spans
from helpers.corpus import load_articles
from helpers.evaluation.simulate import OWN, Page, Site, publish
from helpers.evaluation.spinner import GOLD_COLUMNS
from helpers.spinner import Spinner

RATES = (0.1, 0.3, 0.5, 0.7, 0.95)
HELD_OUT = Path(__file__).parent / "heldout"
DICTIONARIES = ("amber", "birch", "cobalt")
PLAIN = Site("plain.example")
SHUFFLED = Site(
    "shuffled.example",
    top=("Staff writer", "{minutes} Min Read"),
    bottom=("Source link", "Share this article"),
    drop=0.1,
    move=0.1,
    glue=0.3,
)


def references(corpus: Path) -> pd.Series:
    """Return the texts of the project's own references, by article_id, in a fixed order."""
    articles = load_articles(corpus)
    own = articles[(articles["role"] == "reference") & (articles["licence"] == OWN)]
    return own["text"].sort_index()


def held_out() -> pd.Series:
    """Return the texts that were written to measure with and that nobody looked at since, by name."""
    paths = sorted(HELD_OUT.glob("*.txt"))
    return pd.Series({path.stem: path.read_text(encoding="utf-8") for path in paths})


def split(texts: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Return train and test sources: every other one, so that both hold news, explainers and how-tos.

    Prices were set on the train half. Rules were thought of with both in sight, so figures come from `held_out`.
    """
    return texts.iloc[::2], texts.iloc[1::2]


def dictionary(corpus: Path, name: str) -> pd.DataFrame:
    """Return one of the simulated spinner's dictionaries."""
    return pd.read_csv(corpus / "dictionaries" / f"{name}.csv", keep_default_na=False)


def spun_set(corpus: Path, texts: pd.Series, rate: float, site: Site = PLAIN, seed: int = 1000) -> tuple:
    """Spin every text with every dictionary; return pairs, gold tables and passage tables by spun_id."""
    rows, gold, passages = [], {}, {}
    for number, name in enumerate(DICTIONARIES):
        spinner = Spinner(dictionary(corpus, name), rate, seed + number)
        for source, text in texts.items():
            page: Page = publish(text, spinner, site)
            spun_id = f"{site.name}/{name}/{rate}/{source}"
            rows.append((spun_id, source, page.text, text))
            gold[spun_id], passages[spun_id] = page.gold, page.passages
    return pd.DataFrame(rows, columns=["spun_id", "reference_id", "spun_text", "reference_text"]), gold, passages


def twice_spun(corpus: Path, texts: pd.Series, rate: float, seed: int = 2000) -> tuple:
    """Spin with one dictionary and then with another. Of two changes that touch, the outer one is the truth."""
    rows, gold = [], {}
    first, second = (Spinner(dictionary(corpus, name), rate, seed) for name in ("amber", "cobalt"))
    for source, text in texts.items():
        middle, one = first.spin(text)
        spun, two = second.spin(middle)
        spun_id = f"twice/{rate}/{source}"
        rows.append((spun_id, source, spun, text))
        gold[spun_id] = compose(text, middle, spun, one, two)
    return pd.DataFrame(rows, columns=["spun_id", "reference_id", "spun_text", "reference_text"]), gold, {}


def compose(text: str, middle: str, spun: str, one: pd.DataFrame, two: pd.DataFrame) -> pd.DataFrame:
    """The substitutions between the first text and the third, from those of both steps; touching ones are joined."""
    first, second = (table[GOLD_COLUMNS[:4]].to_numpy().tolist() for table in (one, two))
    rows = []
    for start, end in _joined(first, second):
        a, b = _forth(start, second, False), _forth(end, second, True)
        c, d = _back(start, first, False), _back(end, first, True)
        if spun[a:b].casefold() != text[c:d].casefold():
            rows.append((a, b, c, d, spun[a:b], text[c:d], True))
    return pd.DataFrame(rows, columns=GOLD_COLUMNS)


def _joined(first: list[list[int]], second: list[list[int]]) -> list[list[int]]:
    """Spans in the middle text, joined where a change of the second step touches one of the first."""
    spans = sorted([change[:2] for change in first] + [change[2:] for change in second])
    joined: list[list[int]] = []
    for start, end in spans:
        if joined and start < joined[-1][1]:
            joined[-1][1] = max(end, joined[-1][1])
        else:
            joined.append([start, end])
    return joined


def _back(at: int, first: list[list[int]], last: bool) -> int:
    """Carry an offset of the middle text back to the first; `last` takes it for the end of a span."""
    return _carry(at, first, last)


def _forth(at: int, second: list[list[int]], last: bool) -> int:
    """Carry an offset of the middle text forth to the third; `last` takes it for the end of a span."""
    return _carry(at, [[*change[2:], *change[:2]] for change in second], last)


def _carry(at: int, changes: list[list[int]], last: bool) -> int:
    """Carry an offset over to the other side of some changes (start, end, other start, other end)."""
    shift = 0
    for start, end, other_start, other_end in changes:
        if at < start or (at == start and not last):
            break
        if at < end or (at == end and last):
            return other_end if last else other_start
        shift = other_end - end
    return at + shift


def reordered(texts: pd.Series, share: float = 0.2, seed: int = 3000) -> pd.Series:
    """Return the texts with sentences of a paragraph swapped, two merged into one, or one split in two."""
    return texts.map(lambda text: _reorder(text, random.Random(f"{seed}\n{text}"), share))


def _reorder(text: str, rng: random.Random, share: float) -> str:
    lines = []
    for start, end in line_spans(text):
        line = text[start:end]
        sentences = [line[a:b] for a, b in sentence_spans(line)]
        if len(sentences) > 1 and rng.random() < share:
            place = rng.randrange(len(sentences) - 1)
            sentences[place : place + 2] = _rearrange(sentences[place], sentences[place + 1], rng)
        lines.append(" ".join(sentences))
    return "\n\n".join(lines) + "\n"


def _rearrange(one: str, other: str, rng: random.Random) -> list[str]:
    way = rng.choice(["swap", "merge", "split"])
    if way == "merge" and one.endswith("."):
        return [f"{one[:-1]}, and {other[:1].lower()}{other[1:]}"]
    if way == "split" and ", " in one:
        head, _, tail = one.partition(", ")
        return [f"{head}.", f"{tail[:1].upper()}{tail[1:]}", other]
    return [other, one]
