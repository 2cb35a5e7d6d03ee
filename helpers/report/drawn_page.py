"""An article goes in, with what is to be marked on it; its page lies drawn before us, to be cut into pictures.

It is the page as stored or, where none is stored or the words are not found on it, the text. Addresses are black in
it. Marks are painted over the words (CSS highlights): they change and move nothing, and the words are compared with
what they were before.
"""

import base64
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.corpus.formats.stored_page import NOWHERE, StoredPage
from helpers.display.masking import BLACK, blackened, masked_spans
from helpers.report.shut_browser import open_stored
from helpers.report.words_on_page import PageWords, Piece, Run, hidden_pieces, places_on_page
from helpers.text.spans import Span, line_spans

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

SCRIPT = Path(__file__).parent / "templates" / "drawn_page.js"
MARGIN = 14  # CSS pixels around a passage
MOST_HEIGHT = 900  # CSS pixels of a passage that are shown; one that is longer breaks off, and that is said
TILE, OVERLAP = 1_600, 24  # CSS pixels of a page in one picture; how far two of them overlap, so that no line is lost
MOST_TILES = 6  # pictures of a page; of a longer one the first, and those with the first marks
ENOUGH = 0.5  # of the marks must be found on the page; with fewer it is hardly the page that the text was read from
# What \s is in JavaScript.
BLANKS = "\t\n\v\f\r \u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff" + "".join(map(chr, range(0x2000, 0x200B)))
Box = list[float]  # left, top, width, height, in CSS pixels of the page


class WordsError(Exception):
    """The words of a page are not what they were: its picture would prove nothing."""


class DrawnPage:
    """An article as it is drawn: `said` is what is to be said of it."""

    def __init__(self, context: "BrowserContext", side: dict[str, Any]):
        """Draw it. `side` has `page`, `text_page` (files), `text`, `marks`, `passages`, `css`, `why`."""
        self.side, self.context = side, context
        self.said: dict[str, Any] = {"of": "text", "why": side["why"], "marks": len(side["marks"])}
        if not self._is_page_drawn():
            self._draw_text()
        self.height = float(self.tab.evaluate("unspun.height()"))

    def _is_page_drawn(self) -> bool:
        """Draw the stored page if there is one; whether that could be done."""
        from playwright.sync_api import Error

        try:
            return bool(self.side["page"]) and self._draw_page(_stored(self.side["page"]))
        except (Error, WordsError) as error:
            self.said["why"] = f"a page is stored, but cannot be drawn ({str(error).splitlines()[0][:200].rstrip('.')})"
            return False

    def _draw_page(self, page: StoredPage) -> bool:
        """Draw the stored page; tell whether enough of what is to be marked was found on it."""
        self.tab, asked = open_stored(self.context, page)
        self.tab.evaluate(SCRIPT.read_text(encoding="utf-8"))
        pinned, read = self.tab.evaluate("unspun.unpin()"), self.tab.evaluate("unspun.read()")
        runs = [Run(*run) for run in read["runs"]]
        self._hide(runs, read["spoken"])
        words, marks = PageWords(runs), self.side["marks"]
        spans = [(start, end) for start, end, _ in marks] + [tuple(span) for span in self.side["passages"] if span]
        found = [words.pieces(*place) if place else [] for place in places_on_page(self.side["text"], spans, words)]
        on_page = found[: len(marks)]
        there = sum(map(bool, on_page))
        if there < ENOUGH * len(marks) or not words.signs:
            what = f"{there:,} of {len(marks):,} places that differ" if marks else "none of its words"
            self.said["why"] = f"a page is stored, but {what} could be found on it as it is drawn here"
            return False
        self._mark(on_page)
        passages = iter(found[len(marks) :])
        self.boxes = [self._box(next(passages)) if span else None for span in self.side["passages"]]
        self.marked = [box for pieces in on_page if (box := self._box(pieces))]
        self.said |= {"of": "page", "why": "", "found": there, "pinned": pinned, "frames": read["frames"],
                      "asked": len(asked), "there": sum(asked.values()), "is_cut": page.is_cut}  # fmt: skip
        return True

    def _hide(self, runs: Sequence[Run], spoken: list[tuple[int, str, str]]) -> None:
        """Make addresses black, and see that every other sign is what it was."""
        pieces = hidden_pieces(runs)
        self.tab.evaluate(
            "([pieces, said]) => unspun.hide(pieces, said)",
            [pieces, [(number, name, blackened(words)) for number, name, words in spoken if masked_spans(words)]],
        )
        expected = [run.text for run in runs]
        for number, start, end in pieces:
            expected[number] = blackened_utf16(expected[number], start, end)
        if self.tab.evaluate("unspun.texts()") != expected:
            raise WordsError("the words of the page as it is drawn are not those that were stored; this is a fault.")

    def _mark(self, on_page: list[list[Piece]]) -> None:
        """Paint the marks; readings in doubt otherwise."""
        for kind, is_unsure in ((self.side["css"], False), ("unsure", True)):
            pieces = [
                piece
                for (_, _, doubt), pieces in zip(self.side["marks"], on_page, strict=True)
                for piece in pieces
                if doubt == is_unsure
            ]
            self.tab.evaluate("([pieces, kind]) => unspun.mark(pieces, kind)", [pieces, kind])

    def _box(self, pieces: list[Piece]) -> Box | None:
        return self.tab.evaluate("pieces => unspun.box(pieces)", pieces) if pieces else None

    def _draw_text(self) -> None:
        """Draw the text, its lines as paragraphs."""
        page = StoredPage(Path(self.side["text_page"]), NOWHERE, {}, False)
        self.tab, _ = open_stored(self.context, page)
        self.tab.evaluate(SCRIPT.read_text(encoding="utf-8"))
        lines = line_spans(self.side["text"])
        self.boxes = [self._box_of_lines(lines, span) if span else None for span in self.side["passages"]]
        marks = ((start, end) for start, end, _ in self.side["marks"])
        self.marked = [box for span in marks if (box := self._box_of_lines(lines, span))]
        self.said |= {"found": len(self.side["marks"])}

    def _box_of_lines(self, lines: list[Span], span: Span) -> Box | None:
        names = [f"line-{at}" for at, (start, end) in enumerate(lines) if start < span[1] and end > span[0]]
        return self.tab.evaluate("names => unspun.boxOfElements(names)", names) if names else None

    def widest(self) -> float:
        """The width of the widest passage on it, in CSS pixels; 0 without any."""
        return max((box[2] + 2 * MARGIN for box in self.boxes if box), default=0)

    def passage(self, number: int) -> dict[str, Any]:
        """The picture of a passage, as a `data:` address with its width; neither where it is not on the page."""
        if (box := self.boxes[number]) is None:
            return {}
        left, top, width, height = box
        shown = min(height, MOST_HEIGHT)
        return {**self._cut(left - MARGIN, top - MARGIN, width + 2 * MARGIN, shown + 2 * MARGIN),
                "is_cut": shown < height}  # fmt: skip

    def tiles(self) -> list[dict[str, Any]]:
        """The pictures of the page from top to bottom: the first, and those that show a mark if anything is marked."""
        count = max(1, -int(-self.height // TILE))
        marked = {0, *(int(top // TILE) for _, top, _, _ in self.marked)}
        wanted = [one for one in range(count) if one in marked or not self.marked]
        tiles = []
        for number in wanted[:MOST_TILES]:
            top, bottom = max(0, number * TILE - OVERLAP), min(self.height, (number + 1) * TILE + OVERLAP)
            width = float(self.tab.viewport_size["width"])  # type: ignore[index]
            about = {"number": number + 1, "count": count, "left_out": max(0, len(wanted) - MOST_TILES)}
            tiles.append({**self._cut(0, top, width, bottom - top), **about})
        return tiles

    def _cut(self, left: float, top: float, width: float, height: float) -> dict[str, Any]:
        """Cut a piece out of the page as it is drawn."""
        left, top = max(0.0, left), max(0.0, top)
        clip = {"x": left, "y": top, "width": max(1.0, width), "height": max(1.0, min(height, self.height - top))}
        content = self.tab.screenshot(clip=clip, full_page=True, type="png", animations="disabled")  # type: ignore[arg-type]
        return {"picture": f"data:image/png;base64,{base64.b64encode(content).decode()}", "width": round(clip["width"])}


def _stored(page: dict[str, Any]) -> StoredPage:
    files = {name: (kind, Path(file)) for name, (kind, file) in page["files"].items()}
    return StoredPage(Path(page["html"]), page["address"], files, page["is_cut"])


def blackened_utf16(text: str, start: int, end: int) -> str:
    """Return a text with a part of it black, places counted as JavaScript does, its blanks left alone.

    >>> blackened_utf16("😀 a b", 3, 6)
    '😀 █ █'
    """
    units = text.encode("utf-16-le", "surrogatepass")
    before, inside, after = (
        part.decode("utf-16-le", "surrogatepass")
        for part in (units[: 2 * start], units[2 * start : 2 * end], units[2 * end :])
    )
    black = "".join(sign if sign in BLANKS else BLACK * (1 + (ord(sign) > 0xFFFF)) for sign in inside)
    return before + black + after
