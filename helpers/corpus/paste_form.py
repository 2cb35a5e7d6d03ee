"""A corpus folder goes in; a form comes out in which a person puts an article into it by pasting.

The form says that an article is in only when it is on disk: its page (`static/paste.js`) asks, this side calls
`add_article`, and only the answer changes the page. Where no kernel runs (an untrusted or exported notebook, a
code-hosting page) a plain table of the corpus stands there instead.
"""

from pathlib import Path

import pandas as pd

from helpers.corpus.articles import TABLE, add_article, load_articles, read_table
from helpers.corpus.duplicates import near_duplicates
from helpers.corpus.formats.read import free_id
from helpers.corpus.project import MY_CORPUS, project_folder
from helpers.display.exhibits import static_table
from helpers.display.live_widget import ELEMENTS, WIDGETS, LiveWidget, static
from helpers.display.masking import mask
from helpers.display.visible import printable
from helpers.files.problems import CorpusError, Problem
from helpers.files.urls import host_of

STATIC = Path(__file__).parent / "static"
FIELDS = ["article_id", "role", "text", "site", "url", "title", "byline", "published", "retrieved", "reference_id",
          "licence", "note"]  # fmt: skip
SHOWN = {"article_id": "article", "role": "role", "site": "site", "title": "title", "published": "published"}
MOST_COMPARED = 20_000  # articles that a new one is compared with; more would keep a person waiting


def paste(corpus: str | Path | None = None) -> "Paste":
    """Return a form that puts pasted articles into a corpus folder (made with the first one, if it is not there).

    Where none is named it is `my-corpus` in the project, which `unspun import` and `unspun report` take as well.
    """
    return Paste(project_folder(MY_CORPUS) if corpus is None else corpus)


class Paste(LiveWidget):
    """The widget; use `paste`."""

    _esm = static(ELEMENTS, STATIC / "paste.js")
    _css = static(WIDGETS, STATIC / "paste.css")
    INVITATION = "Run the cell to paste an article here."

    def __init__(self, corpus: str | Path):
        """Use `paste`."""
        super().__init__()
        self.corpus = Path(corpus)

    def _repr_html_(self) -> str:
        """Return the corpus's table as plain HTML, as it is now."""
        return static_table(pd.DataFrame(self._rows(), columns=list(SHOWN), dtype=str), SHOWN, self._progress())

    def _rows(self) -> list[dict]:
        return read_table(self.corpus) if (self.corpus / TABLE).exists() else []

    def _progress(self) -> str:
        count = len(self._rows())
        return f"{count:,} article{'s' * (count != 1)} in {self.corpus.resolve().name}"

    def answer(self, message: dict) -> None:
        """Answer a message of the page; whatever goes wrong is said there, in words."""
        handle = {"open": self._on_open, "save": self._on_save}.get(message.get("kind", ""))
        if handle is None:
            return
        try:
            reply = handle(message)
        except CorpusError as error:
            reply = {"kind": "failed", "said": "\n".join(_in_words(problem) for problem in error.problems)}
        except Exception as error:
            reply = {"kind": "failed", "said": str(error) or repr(error)}
        self.send({**reply, "request": message.get("request")})

    def _on_open(self, _: dict) -> dict:
        references = [row for row in self._rows() if row["role"] == "reference"]
        listed = [[row["article_id"], printable(mask(row["title"]))[:100]] for row in references]
        return {"kind": "form", "references": listed, "progress": f"{self._progress()}: {self.corpus.resolve()}"}

    def _on_save(self, message: dict) -> dict:
        facts = {name: str(message.get(name) or "") for name in FIELDS}
        facts = {name: fact if name == "text" else fact.strip() for name, fact in facts.items()}
        facts["text"] = facts["text"].replace("\r\n", "\n")
        facts["site"] = facts["site"] or host_of(facts["url"])
        _must_say_where_from(facts)
        if facts["role"] != "spun":
            facts["reference_id"] = ""
        if not facts["article_id"]:
            taken = {row["article_id"] for row in self._rows()}
            facts["article_id"] = free_id({"file": "", "place": "", **facts}, taken)
        path = add_article(self.corpus, **facts)
        said = f"On disk: {path.relative_to(self.corpus).as_posix()}, {len(facts['text']):,} characters."
        self.renew_static()
        return {**self._on_open(message), "kind": "saved", "said": said, "notices": self._alike(facts["article_id"])}

    def _alike(self, article_id: str) -> list[str]:
        """In words, the articles that the new one is the same as, or nearly; they stay, all of them."""
        articles = load_articles(self.corpus, errors="collect").head(MOST_COMPARED)
        pairs = near_duplicates(articles)
        pairs = pairs[~pairs["declared"] & ((pairs["article_id"] == article_id) | (pairs["other_id"] == article_id))]
        columns = ["article_id", "other_id", "similarity", "exact"]
        return [
            f"The text is {'the same as' if exact else f'{similarity:.0%} like'} that of "
            f"{other if one == article_id else one}. Both are kept."
            for one, other, similarity, exact in pairs[columns].itertuples(index=False, name=None)
        ]


def _must_say_where_from(facts: dict[str, str]) -> None:
    """Raise CorpusError where site or title is missing: a report is on a site, and names each article."""
    missing = [
        Problem(TABLE, 0, f"the {what} is missing.", mend)
        for name, what, mend in [
            ("title", "title", "give the article's headline."),
            ("site", "site", "give the host name, as copycat.com, or the address of the page."),
        ]
        if not facts[name]
    ]
    if missing:
        raise CorpusError(missing)


def _in_words(problem: Problem) -> str:
    return f"{problem.problem[:1].upper()}{problem.problem[1:]} {problem.mend[:1].upper()}{problem.mend[1:]}"
