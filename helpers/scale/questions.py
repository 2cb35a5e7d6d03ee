"""A store and a question in SQL go in; a dataframe comes out.

DuckDB answers, reading the store's Parquet files as far as the question needs them. It can read nothing else and
change nothing: neither files outside the store nor the store itself. It answers in a process of its own: DuckDB's bound
on its memory does not hold within one expression, that of a process does.
"""

import pickle
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds

from helpers.display.export import masked
from helpers.files.bounded_call import CostlyError, bounded_call
from helpers.files.limits import MB
from helpers.scale.intact import DamagedError, is_intact
from helpers.scale.store import StoreError, files_of, manifest

# Questions that are asked often, by name.
QUESTIONS = {
    "favourites": """
        SELECT original, arg_max(spun, count) AS spun, max(count) AS count, sum(count) AS replaced,
               max(count) / sum(count) AS share
        FROM frequency GROUP BY original HAVING sum(count) >= 5 ORDER BY replaced DESC, original
    """,
    "sites": """
        SELECT site, count(*) AS substitutions, count(DISTINCT spun_id) AS articles,
               count(*) / count(DISTINCT spun_id) AS an_article, avg(in_quote::INT) AS in_quotations
        FROM substitutions GROUP BY site ORDER BY site
    """,
    "altered quotations": """
        SELECT site, spun_id, original, spun, "left", "right" FROM substitutions
        WHERE in_quote AND kind NOT IN ('boilerplate', 'spelling') ORDER BY site, spun_id, spun_start
    """,
    "without a source": """
        SELECT a.article_id, a.site, a.title FROM articles a ANTI JOIN pairs p ON p.spun_id = a.article_id
        WHERE a.role = 'spun' ORDER BY a.article_id
    """,
    "set aside": "SELECT stage, error, count(*) AS articles FROM errors GROUP BY ALL ORDER BY ALL",
}
MEMORY = 2_000 * MB  # bytes that a question may take, whatever it makes of the tables
TABLES = "1400MB"  # of them for the tables of DuckDB; what is larger goes to disk
SPILL = "20GB"  # that may go there
SECONDS = 300.0
MOST_ANSWER = 250 * MB  # bytes
LONGEST = 100_000  # characters of a question
QUESTION = "a question begins with SELECT, WITH, FROM, DESCRIBE or SUMMARIZE, and there is one at a time"


class QuestionError(ValueError):
    """A question cannot be answered; the message says why."""


def ask(store: str | Path, question: str) -> pd.DataFrame:
    """Return the answer to a question about a store: one of `QUESTIONS` by its name, or SQL as DuckDB knows it.

    The tables are those of the manifest: articles, pairs, alignment, substitutions, frequency, replacements, errors
    and others. E-mail addresses and telephone numbers in the answer are masked; `read_table` gives the tables as they
    are. The files of the tables that the question names are compared with their digests first. Raises `QuestionError`
    for what is no question (INSERT, COPY, ATTACH and so on), has a mistake, or costs too much: more than 2 GB of
    memory, five minutes, or 250 MB for the answer; and `StoreError` where there is no store, or a file of it is
    damaged.
    """
    if len(question) > LONGEST:
        raise QuestionError(f"not answered: it has more than {LONGEST:,} characters. Mend: ask for less at once.")
    place = str(Path(store).resolve())
    with tempfile.TemporaryDirectory() as spill:
        try:
            found = bounded_call(
                "helpers.scale.questions:answered", place, question, spill, seconds=SECONDS, memory=MEMORY,
                most=MOST_ANSWER, errors=(QuestionError, StoreError),
            )  # fmt: skip
        except CostlyError as error:
            raise QuestionError(f"not answered: {_costs(error)}") from None
    return masked(pickle.loads(found))


def _costs(error: CostlyError) -> str:
    what = f"it needs more than {MEMORY // MB:,} MB of memory" if error.why == "died" else str(error)
    return f"{what}. Mend: ask for fewer rows and columns (WHERE, LIMIT), or for counts."


def answered(store: str, question: str, spill: str) -> bytes:
    """Answer a question in this process; return the dataframe, pickled. Raises as `ask` does, and MemoryError."""
    text = QUESTIONS.get(question, question)
    bounds: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": TABLES,
        "temp_directory": spill,
        "max_temp_directory_size": SPILL,
    }
    with duckdb.connect(":memory:", config=bounds) as connection:  # set later, it would use the folder one works in
        for setting in ("enable_external_access", "python_enable_replacements", "autoinstall_known_extensions"):
            connection.execute(f"SET {setting} = false")
        connection.execute("SET lock_configuration = true")
        try:
            tables = manifest(store)["tables"]
            named = _named(connection, text, set(tables))
            for name in tables:
                connection.register(name, _dataset(store, name))
            statements = connection.extract_statements(text)
            if [statement.type for statement in statements] != [duckdb.StatementType.SELECT]:
                raise QuestionError(f"not answered: {QUESTION}.")
            _check(store, named)
            return pickle.dumps(connection.execute(statements[0]).df(), protocol=5)
        except duckdb.OutOfMemoryException:
            raise MemoryError from None
        except QuestionError:
            raise
        except StoreError as error:  # by the name that whoever asked knows
            raise StoreError(str(error)) from None
        except (duckdb.Error, TypeError, ValueError, OverflowError) as error:  # no text; what no dataframe can hold
            raise QuestionError(f"not answered: {error}") from error


def _dataset(store: str | Path, name: str) -> ds.Dataset | pa.Table:
    paths = [Path(store) / file.path for file in files_of(store, name)]
    try:
        return ds.dataset([str(path) for path in paths], format="parquet")
    except (OSError, pa.ArrowException) as error:
        raise DamagedError(paths[0], str(error)[:200]) from None


def _named(connection: duckdb.DuckDBPyConnection, text: str, tables: set[str]) -> set[str]:
    """Which of the tables a question names; all, where DuckDB cannot tell. It can before it knows of any."""
    try:
        return tables & {name.lower() for name in connection.get_table_names(text)}
    except (duckdb.Error, TypeError, ValueError):
        return tables


def _check(store: str | Path, names: set[str]) -> None:
    """Raise `DamagedError` where a file of these tables is not what was written."""
    files = [file for name in names for file in files_of(store, name)]
    with ThreadPoolExecutor() as pool:
        whole = pool.map(lambda file: is_intact(Path(store) / file.path, file.sha256), files)
        for file, is_whole in zip(files, whole, strict=True):
            if not is_whole:
                raise DamagedError(Path(store) / file.path)
