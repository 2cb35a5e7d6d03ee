"""A corpus of any size goes in; parts of its table of articles come out, and who is whose reference across them.

A corpus is a dataframe as `load_articles` gives it, a corpus folder, or a Parquet file or folder of them with the same
columns. It is cut into parts of so many articles in their order; a worker reads its own part.
"""

import hashlib
import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from helpers.corpus.articles import read_article, read_table
from helpers.corpus.articles_table import articles_table
from helpers.corpus.schemas import Articles
from helpers.corpus.terms import LISTS, PUBLISHED
from helpers.scale.intact import digest_of_file
from helpers.scale.shuffle import Grouped, bucket_of, column, numbers_of, part_of
from helpers.scale.tasks import Given

NEEDED = ["role", "site", "reference_id", "text"]
TAKEN = -1  # in the place of a reference's number: another article has this article's id


class SourceError(ValueError):
    """A corpus cannot be read at scale; the message says what is wrong with it and the mend."""


def parts_of(corpus: pd.DataFrame | str | Path, size: int) -> Iterator[tuple[dict, str]]:
    """Go through the parts of a corpus: what a worker needs to read each, and a digest of it.

    Raises `SourceError` for what is no corpus, or lacks a column, and `CorpusError` where the table of a corpus folder
    cannot be read.
    """
    if isinstance(corpus, pd.DataFrame):
        yield from _frame_parts(corpus, size)
    elif Path(corpus).is_dir() and (Path(corpus) / "articles.csv").exists():
        yield from _folder_parts(Path(corpus).resolve(), size)
    else:
        yield from _parquet_parts(Path(corpus).resolve(), size)


def _check(columns: list[str], what: str) -> None:
    missing = [name for name in NEEDED if name not in columns]
    if missing:
        raise SourceError(f"{what} lacks the column(s) {', '.join(missing)}. Mend: name them as load_articles does.")


def _frame_parts(articles: pd.DataFrame, size: int) -> Iterator[tuple[dict, str]]:
    _check(articles.columns.tolist(), "the table of articles")
    named = articles.rename_axis("article_id")
    for start in range(0, max(len(named), 1), size):
        part = named.iloc[start : start + size]
        # Half a character cannot be encoded, and is told of later; here it only has to give a digest.
        rows = part.reset_index().itertuples(index=False, name=None)
        lines = ("\x1f".join(map(str, row)).encode("utf-8", "surrogatepass") for row in rows)
        named_so = "\x1f".join(map(str, part.columns)).encode("utf-8", "surrogatepass")
        yield {"frame": part}, hashlib.sha256(b"\x1e".join([named_so, *lines])).hexdigest()


def _folder_parts(folder: Path, size: int) -> Iterator[tuple[dict, str]]:
    rows = read_table(folder)
    for start in range(0, max(len(rows), 1), size):
        part = [(number, row) for number, row in enumerate(rows[start : start + size], start + 2)]
        digests = [digest_of_file(folder / row["file"]) for _, row in part]
        yield {"folder": str(folder), "rows": part, "sha256": digests}, _digest([part, digests])


def _parquet_parts(path: Path, size: int) -> Iterator[tuple[dict, str]]:
    files = sorted(path.glob("*.parquet")) if path.is_dir() else [path]
    if not files or not files[0].exists():
        raise SourceError(f"{path} is no corpus. Mend: give a corpus folder, or Parquet files of articles.")
    for file in files:
        try:
            found = pq.ParquetFile(file)
        except (OSError, pa.ArrowInvalid) as error:
            raise SourceError(f"{file} is no Parquet file ({error}). Mend: write it anew.") from None
        _check([*found.schema_arrow.names], str(file))
        sha256 = digest_of_file(file)
        for start in range(0, found.metadata.num_rows, size):
            spec = {"parquet": str(file), "start": start, "size": size, "sha256": sha256}
            yield spec, _digest([str(file), sha256, start, size])


@lru_cache(maxsize=64)
def _digest_as_it_is(file: str, *_state: int) -> str:
    """The digest of a file, taken once for all its parts as long as the system says that it is as it was."""
    return digest_of_file(Path(file))


def _refuse_changed(file: str | Path, sha256: str, expected: str) -> None:
    """Raise `SourceError` where a file is not the one that the run was begun with."""
    if sha256 != expected:
        raise SourceError(f"{file} was changed while the run read it. Mend: let it be, and run it again.")


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()


def load(given: Given) -> dict:
    """A part of the table of articles, and the ids of its articles and of the references they name."""
    articles = _read(given)
    if "provenance" not in articles:
        articles = articles.assign(provenance=PUBLISHED)
    numbers = numbers_of(given.part, len(articles))
    spun = (articles["role"] == "spun").to_numpy()
    declares = spun & (articles["reference_id"] != "").to_numpy()
    ids = [*articles.index, *articles["reference_id"][declares]]
    table = pa.table(
        {
            "id": pa.array(ids, pa.string()),
            "number": np.r_[numbers, numbers[declares]],
            "names": np.r_[np.zeros(len(articles), bool), np.ones(declares.sum(), bool)],  # it names another as its own
            "spun": np.r_[spun, np.ones(declares.sum(), bool)],
        }
    )
    keys = pd.util.hash_array(np.array(ids, object), categorize=False)
    buckets = given.settings["buckets"]
    facts = {"articles": len(articles), "seekers": int((spun & ~declares).sum()), "spun": int(spun.sum())}
    return {"articles": articles, "ids": Grouped(table, bucket_of(keys, buckets), buckets), "facts": facts}


def _read(given: Given) -> pd.DataFrame:
    spec = given.to_load
    if "frame" in spec:
        return _whole_rows(given, spec["frame"])
    if "parquet" in spec:
        return _whole_rows(given, _from_parquet(spec))
    folder = Path(spec["folder"])
    read = [
        (row, given.care.attempt(row["article_id"], read_article, folder, number, row)) for number, row in spec["rows"]
    ]
    for (_, row), (_, found), expected in zip(spec["rows"], read, spec["sha256"], strict=True):
        if found is not None:
            _refuse_changed(folder / row["file"], found["sha256"], expected)
    return Articles.validate(articles_table([{**row, **found} for row, found in read if found is not None]))


def _from_parquet(spec: dict) -> pd.DataFrame:
    """The rows of a Parquet file from `start` on, at most `size`; only the groups of rows they are in are read."""
    state = Path(spec["parquet"]).stat()
    now = _digest_as_it_is(spec["parquet"], state.st_ino, state.st_size, state.st_mtime_ns, state.st_ctime_ns)
    _refuse_changed(spec["parquet"], now, spec["sha256"])
    file = pq.ParquetFile(spec["parquet"])
    sizes = [file.metadata.row_group(number).num_rows for number in range(file.num_row_groups)]
    ends = np.cumsum(sizes)
    first, last = np.searchsorted(ends, [spec["start"], spec["start"] + spec["size"] - 1], side="right")
    groups = list(range(first, min(last, len(sizes) - 1) + 1))
    before = int(ends[first - 1]) if first else 0
    table = file.read_row_groups(groups, use_threads=False).slice(spec["start"] - before, spec["size"])
    articles = table.to_pandas()
    return articles.set_index("article_id") if "article_id" in articles else articles.rename_axis("article_id")


def _whole_rows(given: Given, articles: pd.DataFrame) -> pd.DataFrame:
    """The articles that can be stored; the others are set aside."""
    texts = [
        name for name in articles if name not in LISTS and not pd.api.types.is_datetime64_any_dtype(articles[name])
    ]
    rows = zip(articles.index, *(articles[name] for name in texts), strict=True)
    good = [given.care.attempt(str(row[0]), _check_row, texts, row) is not None for row in rows]
    return articles[np.array(good, bool)]


def _check_row(names: list[str], row: tuple) -> bool:
    """Raise where an article is not strings throughout, or has half a character, or no text."""
    for name, value in zip(["article_id", *names], row, strict=True):
        if not isinstance(value, str):
            raise TypeError(f"{name} is {value!r} and no text. Mend: make the column one of strings.")
        value.encode()
    if not row[1 + names.index("text")].strip():
        raise ValueError("the text is empty. Mend: take the row out, or put the text in.")
    return True


def link(given: Given) -> dict:
    """Which reference each spun article names, by number, and which articles have an id that another one has."""
    rows = given.group("ids").to_pandas()
    names = rows["names"].to_numpy(bool)
    articles = rows[~names].sort_values("number")
    again = articles["id"].duplicated().to_numpy()
    taken = articles[again]
    for article_id in taken["id"].drop_duplicates():
        given.care.attempt(article_id, _say_taken, article_id)
    references = articles[~again & ~articles["spun"].to_numpy(bool)].set_index("id")["number"]
    naming = rows[names]
    naming = naming.assign(reference=naming["id"].map(references)).dropna(subset="reference")
    naming = naming[~naming["number"].isin(taken["number"])].sort_values("number")
    table = pa.table(
        {
            "number": np.r_[naming["number"].to_numpy(np.int64), taken["number"].to_numpy(np.int64)],
            "reference": np.r_[naming["reference"].to_numpy(np.int64), np.full(len(taken), TAKEN, np.int64)],
        }
    )
    return {"links": Grouped(table, part_of(column(table, "number")), given.settings["parts"])}


def _say_taken(article_id: str) -> None:
    raise ValueError(f"the article_id {article_id!r} is taken by an earlier article. Mend: give each one its own.")
