"""A store and a question in SQL go in; a dataframe comes out.

DuckDB answers, reading the store's Parquet files as far as the question needs them. It can read nothing else and
change nothing: neither files outside the store nor the store itself.
"""

from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds

from helpers.display.export import masked
from helpers.scale.store import files_of, manifest

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
MEMORY = "2GB"
QUESTION = "a question begins with SELECT, WITH, FROM, DESCRIBE or SUMMARIZE, and there is one at a time"


class QuestionError(ValueError):
    """A question cannot be answered; the message says why."""


def ask(store: str | Path, question: str) -> pd.DataFrame:
    """Return the answer to a question about a store: one of `QUESTIONS` by its name, or SQL as DuckDB knows it.

    The tables are those of the manifest: articles, pairs, alignment, substitutions, frequency, replacements, errors
    and others. E-mail addresses and telephone numbers in the answer are masked; `read_table` gives the tables as they
    are. Raises `QuestionError` for what is no question (INSERT, COPY, ATTACH and so on) or has a mistake.
    """
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"SET memory_limit = '{MEMORY}'")
        for setting in ("enable_external_access", "python_enable_replacements", "autoinstall_known_extensions"):
            connection.execute(f"SET {setting} = false")
        connection.execute("SET lock_configuration = true")
        for name in manifest(store)["tables"]:
            connection.register(name, _dataset(store, name))
        try:
            statements = connection.extract_statements(QUESTIONS.get(question, question))
            if [statement.type for statement in statements] != [duckdb.StatementType.SELECT]:
                raise QuestionError(f"not answered: {QUESTION}.")
            return masked(connection.execute(statements[0]).df())
        except duckdb.Error as error:
            raise QuestionError(f"not answered: {error}") from error


def _dataset(store: str | Path, name: str) -> ds.Dataset | pa.Table:
    return ds.dataset([str(Path(store) / file.path) for file in files_of(store, name)], format="parquet")
