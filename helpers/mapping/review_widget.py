"""A mapping table and the substitutions behind it go in; a widget comes out in which a person decides, row by row.

The widget shows nothing as decided before it is on disk: its page (`static/review.js`) asks, this side writes to the
log, and only the answer changes the page. Every line bears a name, which is asked for once (see `reviewer`). Where no
kernel runs (an untrusted or exported notebook, a code-hosting page) the same table stands there as plain HTML.
"""

import contextlib
import warnings
from pathlib import Path
from typing import Any

import pandas as pd

from helpers.corpus.articles import TABLE as ARTICLES_TABLE
from helpers.corpus.articles import load_articles
from helpers.display.exhibits import static_table
from helpers.display.live_widget import ELEMENTS, WIDGETS, LiveWidget, static
from helpers.display.masking import mask
from helpers.mapping.concordance import Concordance
from helpers.mapping.evidence import PAIR, evidence, reasons
from helpers.mapping.ledger import Ledger, Pair
from helpers.mapping.reviewer import NOBODY, remember, remembered, reviewer_name
from helpers.mapping.table import MappingTable
from helpers.mapping.table_coverage import HOLDS
from helpers.text.spans import fold

STATIC = Path(__file__).parent / "static"
PROPOSED = "proposed"
# What a row shows, in this order. "words" comes first in sorting: it says how much text the decision decides.
COUNTS = ["seen", "articles", "sites", "sources", "words", "clean", "rivals", "replacements", "in_quote", "in_name"]
SHOWN = {
    "spun": "as published", "original": "original", "seen": "seen", "articles": "articles", "sites": "sites",
    "share": "share", "words": "words", "confidence": "sure", "clean": "in references", "rivals": "rivals",
    "status": "status", "note": "note",
}  # fmt: skip


def review(
    mapping: MappingTable,
    substitutions: pd.DataFrame,
    articles: pd.DataFrame | None = None,
    *,
    who: str | None = None,
) -> "Review":
    """Return a widget that shows the rows of a mapping table with their places, and records what is decided.

    `substitutions` is the table from `find_substitutions`, `articles` the one from `load_articles`; without it they
    are read from the corpus around the mapping folder, where there is one, and else only the words around each
    place are shown. `who` is written into the log with each decision; without it the widget takes the name that was
    given last, and asks for one where there is none. Raises `MappingError` where the mapping table cannot be read.
    """
    if articles is None and (mapping.folder.parent / ARTICLES_TABLE).exists():
        articles = load_articles(mapping.folder.parent, errors="collect")
    return Review(mapping, substitutions, articles, who)


def review_table(
    mapping: MappingTable, substitutions: pd.DataFrame, articles: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return the mapping table as it is reviewed: with the evidence for each row, what decides most text first.

    The columns of `MappingTable.table` and of `evidence`; `seen` and what is computed from places is 0 for rows that
    these substitutions do not show.
    """
    references = () if articles is None else articles.loc[articles["role"] == "reference", "text"]
    known = evidence(substitutions, references).astype(dict.fromkeys(PAIR, str))  # an empty table has no types
    rows = mapping.table.merge(known, on=PAIR, how="left")
    rows = rows.fillna({**dict.fromkeys(COUNTS, 0), "confidence": 0.0, "kind": ""})
    rows["on"] = [sites if isinstance(sites, tuple) else () for sites in rows["on"]]
    rows = rows.astype(dict.fromkeys(COUNTS, int))
    return rows.sort_values(["words", "support", *PAIR], ascending=[False, False, True, True]).reset_index(drop=True)


def said_of(spun: str, original: str) -> str:
    """Return a row in words, its sides in the order in which all of the review shows them.

    >>> said_of("folks", "people")
    '“folks” for “people”'
    """
    return f"“{spun}” for “{original}”"


class Review(LiveWidget):
    """The widget; use `review`. Its rows have numbers, by which both sides speak of them."""

    _esm = static(ELEMENTS, STATIC / "review.js")
    _css = static(WIDGETS, STATIC / "review.css")
    INVITATION = "Run the cell to decide here."

    def __init__(
        self, mapping: MappingTable, substitutions: pd.DataFrame, articles: pd.DataFrame | None, who: str | None
    ) -> None:
        """Use `review`."""
        super().__init__()
        self.mapping, self._who = mapping, "" if who is None or who.strip().casefold() in NOBODY else who.strip()
        self.concordance = Concordance(substitutions, articles)
        self.rows = review_table(mapping, substitutions, articles)
        self._pairs: list[Pair] = list(zip(self.rows["spun"], self.rows["original"], strict=True))
        self._numbers = {pair: number for number, pair in enumerate(self._pairs)}
        self._ledger: Ledger | None = None
        self._read = 0
        self._changes_told = len(mapping.log.changes)

    @property
    def who(self) -> str:
        """Who decides here: the name that was given, or the one remembered; empty where there is neither."""
        self._who = self._who or remembered()
        return self._who

    # What is shown

    def _repr_html_(self) -> str:
        """Return the table as plain HTML, decisions as they are now."""
        return static_table(self.current(), SHOWN, f"{self.progress()}")

    def _repr_mimebundle_(self, **options: dict) -> dict:  # type: ignore[override]  # IPython takes a dict too
        made: tuple[dict, dict] | dict = super()._repr_mimebundle_(**options) or {}
        bundle = made[0] if isinstance(made, tuple) else made
        return {**bundle, "text/html": self._repr_html_(), "text/plain": self.progress()}

    def current(self) -> pd.DataFrame:
        """Return the rows as they stand on disk now: the columns of `review_table`."""
        standing = self.mapping.log.standing()
        last = [standing.get(pair) for pair in self._pairs]
        return self._all_rows().assign(
            status=[line.status if line else PROPOSED for line in last],
            note=[line.note if line else "" for line in last],
        )

    def _all_rows(self) -> pd.DataFrame:
        """The rows, and those that came by a decision since the widget was made."""
        added = pd.DataFrame(self._pairs[len(self.rows) :], columns=PAIR, dtype=str)
        if added.empty:
            return self.rows
        blank: dict[str, Any] = dict.fromkeys([*COUNTS, "support"], 0) | {"share": 0.0, "confidence": 0.0, "kind": ""}
        blank["on"] = pd.Series([()] * len(added), index=added.index, dtype=object)
        return pd.concat([self.rows, added.assign(**blank)], ignore_index=True)

    def progress(self) -> str:
        """Return how much is decided, in words."""
        rows = self.current()
        decided = rows["status"] != PROPOSED
        share = rows.loc[decided, "words"].sum() / max(1, rows["words"].sum())
        return f"{decided.sum():,} of {len(rows):,} rows decided, which stand for {share:.0%} of the replaced words"

    # What is answered

    def answer(self, message: dict) -> None:
        """Answer a message of the page; whatever goes wrong is said there, in words.

        So is that the log is not the file it was, whoever noticed it: `_news` then gives all rows anew.
        """
        handle = getattr(self, f"_on_{message.get('kind')}", None)
        if handle is None:
            return
        try:
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always", UserWarning)
                self.mapping.log.ledger()  # a log that cannot be read is said before anything is added to it
                reply = handle(message)
            notices = [str(warning.message) for warning in caught if issubclass(warning.category, UserWarning)]
        except Exception as error:
            reply, notices = {"kind": "failed", "said": str(error) or repr(error)}, []
        notices += [change for change in self.mapping.log.changes[self._changes_told :] if change not in notices]
        self._changes_told = len(self.mapping.log.changes)
        if reply is not None or notices:
            self.send({**(reply or {"kind": "told"}), "request": message.get("request"), "notices": notices})

    def _on_open(self, _: dict) -> dict:
        rows = self.current()
        self._news()
        columns = {name: rows[name].tolist() for name in ["seen", "sites", "words", "status", "kind", "on"]}
        columns["on"] = [tuple(map(mask, sites)) for sites in columns["on"]]
        columns |= {name: rows[name].map(mask).tolist() for name in [*PAIR, "note"]}
        columns["share"] = rows["share"].round(4).tolist()
        return {"kind": "table", "columns": columns, "who": mask(self.who), "where": mask(str(self.mapping.log.path))}

    def _on_name(self, message: dict) -> dict:
        """Somebody says who decides from now on."""
        self._who = reviewer_name(message["name"])
        if hindered := remember(self._who):
            warnings.warn(hindered, stacklevel=2)
        return {"kind": "name", "who": mask(self._who)}

    def _decider(self) -> str:
        if not self.who:
            raise ValueError("It is not known who decides. Mend: type your name first.")
        return self.who

    def _on_refresh(self, _: dict) -> dict:
        return self._changes([], "")

    def _on_row(self, message: dict) -> dict:
        number = message["row"]
        spun, original = self._pairs[number]
        row = self._all_rows().iloc[number]
        speaks_for, against = reasons(row) if row["seen"] else ([], ["not seen in these articles"])
        rivals = self._others(0, spun, original)
        if held := self._held(rivals):
            against.append(f"“{mask(spun)}” is decided to stand for {mask(held)}")
        return {
            "kind": "row",
            "row": number,
            "for": speaks_for,
            "against": against,
            "lines": self.concordance.lines(spun, original),
            "originals": rivals,
            "replacements": self._others(1, original, spun),
            "history": self._history(number),
        }

    def _others(self, side: int, phrase: str, besides: str) -> list[int]:
        """The numbers of the rows that share a phrase with one row, but for that row."""
        return [n for n, pair in enumerate(self._pairs) if pair[side] == phrase and pair[1 - side] != besides]

    def _held(self, numbers: list[int]) -> str:
        """The originals of those of these rows that hold, in words."""
        ledger = self.mapping.log.ledger()
        last = {self._pairs[number][1]: ledger.standing(self._pairs[number])[-1:] for number in numbers}
        return " and ".join(f"“{original}”" for original, kept in last.items() if kept and kept[0].status in HOLDS)

    def _history(self, number: int) -> list[dict]:
        ledger = self.mapping.log.ledger()
        pair = self._pairs[number]
        standing = ledger.standing(pair)
        return [
            {
                "id": line.id, "when": line.when, "who": mask(line.who), "status": line.status, "note": mask(line.note),
                "stands": line in standing,
            }
            for line in ledger.of_pair.get(pair, [])
        ]  # fmt: skip

    def _on_passage(self, message: dict) -> dict:
        return {"kind": "passage", "place": message["place"], **self.concordance.passage(message["place"])}

    def _on_decide(self, message: dict) -> dict:
        status, note = message["status"], message.get("note", "")
        pairs = [self._pairs[number] for number in message["rows"]]
        self.mapping.decide_many([(*pair, status, note) for pair in pairs], self._decider())
        return self._changes(pairs, status)

    def _on_edit(self, message: dict) -> dict:
        """Another original was typed: the row is rejected and the new one takes its place."""
        spun, original = self._pairs[message["row"]]
        new, note = message["original"].strip(), message.get("note", "")
        if fold(new) in (original, fold(mask(original))):
            return self._on_decide({**message, "rows": [message["row"]], "status": "approved"})
        rows = [
            (spun, original, "rejected", note or f"edited: {new}"),
            (spun, new, "edited", note or f"was: {original}"),
        ]
        self.mapping.decide_many(rows, self._decider())
        return self._changes([(spun, original), (spun, fold(new))], "edited", (spun, fold(new)))

    def _on_split(self, message: dict) -> dict:
        """A row is cut into parts, which take its place."""
        whole = self._pairs[message["row"]]
        parts = [(spun.strip(), original.strip()) for spun, original in message["parts"]]
        joined = tuple(fold(" ".join(part[side] for part in parts)) for side in (0, 1))
        if len(parts) < 2 or joined != whole or not all(map(all, parts)):
            raise ValueError("Put a | between the parts, as many on both sides, and leave the words as they are.")
        note = message.get("note", "")
        rows = [(*whole, "rejected", note or f"split: {' | '.join(said_of(*part) for part in parts)}")]
        rows += [(*part, self._typed(part), note or f"part of: {said_of(*whole)}") for part in parts]
        self.mapping.decide_many(rows, self._decider())
        pairs = [(fold(spun), fold(original)) for spun, original in parts]
        return self._changes([whole, *pairs], "split", pairs[0])

    def _on_merge(self, message: dict) -> dict:
        """Rows that belong together become one, which may be one of them; the others are rejected where asked for."""
        whole = (message["spun"].strip(), message["original"].strip())
        pair = (fold(whole[0]), fold(whole[1]))
        parts = [part for part in (self._pairs[number] for number in message["rows"]) if part != pair]
        note = message.get("note", "")
        said = " + ".join(said_of(*part) for part in parts)
        rows = [(*whole, self._typed(whole), note or f"merged: {said}")]
        if message.get("reject", True):
            rows += [(*part, "rejected", note or f"merged into: {said_of(*whole)}") for part in parts]
        self.mapping.decide_many(rows, self._decider())
        return self._changes([pair, *parts], "merged", pair)

    def _typed(self, pair: tuple[str, str]) -> str:
        """The status of a row that a person made: approved if it was proposed already, else edited."""
        return "approved" if (fold(pair[0]), fold(pair[1])) in self._numbers else "edited"

    def _on_undo(self, message: dict) -> dict:
        """An act is taken back: the one that is named, or the last of whoever decides here, and of nobody else."""
        who, decision = self._decider(), message.get("decision")
        if decision is None:
            own = self.mapping.log.ledger().newest(who)
            taken = self.mapping.log.undo(who, own.id) if own else []
        else:
            taken = self.mapping.log.undo(who, decision)
        pairs = [line.pair for line in taken]
        return self._changes(pairs, "undone" if taken else "nothing to undo", pairs[-1] if pairs else None)

    def _on_idle(self, _: dict) -> None:
        """Nothing was decided for a while: time for the plain table to say the same."""
        with contextlib.suppress(Exception):
            self.renew_static()

    def _changes(self, pairs: list[Pair], said: str, go_to: Pair | None = None) -> dict:
        """What is on disk now of some pairs and of those that others changed meanwhile; new pairs become rows."""
        ledger = self.mapping.log.ledger()
        changed = dict.fromkeys([*pairs, *self._news()])
        rows = []
        for pair in changed:
            number = self._numbers.setdefault(pair, len(self._pairs))
            if number == len(self._pairs):
                self._pairs.append(pair)
            kept = ledger.standing(pair)
            status, note = (kept[-1].status, kept[-1].note) if kept else (PROPOSED, "")
            rows.append([number, mask(pair[0]), mask(pair[1]), status, mask(note)])
        place = self._numbers.get(go_to) if go_to else None
        return {"kind": "done", "said": said, "acted": len(set(pairs)), "rows": rows, "go_to": place}

    def _news(self) -> set[Pair]:
        """The pairs that lines came to since this was last asked, by whoever wrote them."""
        ledger = self.mapping.log.ledger()
        if ledger is self._ledger:
            pairs = {line.pair for line in ledger.lines[self._read :]}
        else:
            pairs = {*ledger.of_pair, *(self._ledger.of_pair if self._ledger else ())}
        self._ledger, self._read = ledger, len(ledger.lines)
        return pairs
