"""A page's tree goes in; it comes out with what its elements mean in its words: quotation marks, no struck words.

Text extraction keeps the words of an element and forgets the element. So `<q>` becomes quotation marks, what is struck
out is left out, and so are the marks of footnotes, which else become a part of the word before them.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

OUTER, INNER = ("“", "”"), ("‘", "’")
OPENING, CLOSING = "“‘\"'«„‹", "”’\"'»“›"
STRUCK = ("del", "s", "strike")
NUMBERS = r"\d{1,3}(?:\s*[,;–-]\s*\d{1,3}){0,5}"
NOTE = re.compile(
    rf"\s*(?:[\[(]\s*(?:{NUMBERS}|[a-z]|[ivx]{{1,4}}|note \d{{1,3}}|citation needed)\s*[\])]|{NUMBERS}"
    r"|[*†‡§¶]{1,3})\s*$",
    re.I,
)
IN_BRACKETS = re.compile(r"\s*\[\s*(?:\d{1,3}|[a-z]|note \d{1,3}|citation needed)\s*\]\s*$|\s*[*†‡§¶]{1,3}\s*$", re.I)
TO_A_NOTE = re.compile(r"(?:foot|end)?note|\bfn|\bref|cite|_ftn|_edn|\bn\d|sdfootnote|^#_?\d+$", re.I)
BACK = re.compile(r"\s*(?:↩|↑|⏎|↵|\^|back|return)\s*[\ufe0e\ufe0f]?\s*$", re.I)
AFTER_STOP = re.compile(r"[.,;:!?)\]”’\"]$")
# A word that may have a power: a unit, a sign of a formula or two, a function. Any other has a footnote.
MAY_HAVE_A_POWER = re.compile(
    r"(?:[^\W\d_]{1,2}|mol|min|rad|chi|sin|cos|tan|cot|sec|log|exp|phi|psi|rho|tau|eta|inch|foot|feet"
    r"|yards?|miles?|(?:kilo|centi|milli)?met(?:re|er)s?|seconds?)",
    re.I,
)
POWER = re.compile(r"\s*([+−–-]?\d{1,3})\s*$")
RAISED = str.maketrans("0123456789+−–-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻")
AN_ARTICLE = 40  # words in paragraphs that make a cell of a table an article rather than one of data
LINES = ("p", "li", "div", "td", "dd", "blockquote")
BLOCKS_WITHIN = ("h1", "h2", "h3", "h4", "ul", "ol", "table", "section", "article", "figure")
BY = re.compile(r"\W*(?:by|von|par|por)\b", re.I)
# What stands beside dates on a line that says when, and nothing else.
DATE_LINE = re.compile(
    r"(?:\W|\d|\b(?:published|updated|posted|modified|corrected|on|at|and|first|last|aktualisiert|veröffentlicht"
    r"|zuletzt|stand|am|um|uhr|mis à jour|publié|le|à)\b)*",
    re.I,
)
# The words in which a page asks for a subscription, and words beside which they ask for something else.
MOST_WALL = 60  # words of a wall's paragraph
MOST_WITHIN = 25  # elements of one
NO_WALL = re.compile(r"newsletter|comment|e-?mail (?:updates|alerts)|podcast", re.I)
READ_ON = (
    r"(?:(?:keep|continue|finish|go on|carry on) reading|(?:read|see|unlock|access|view|enjoy)\b[^.?!]{0,40}?"
    r"\b(?:rest|full|whole|entire|more|this|story|article|unlimited))"
)
JOIN = (
    r"(?:subscribe|sign (?:up|in)|log ?in|register|join|become a|create (?:an|a free) account"
    r"|start (?:your|a) [\w ]{0,20})"
)
# At the beginning of a sentence, as an advertisement speaks; an article says such things of others.
PAPER = r"(?:this|the) (?:is an? )?(?:\w+[- ])?(?:article|story|content|page|post|feature)"
WALL = re.compile(
    rf"(?:^|[.?!:…]\s+)(?:(?:please |now |want )?{JOIN}\b[^.?!]{{0,60}}?\bto {READ_ON}"
    rf"|(?:want )?to {READ_ON}[^.?!]{{0,60}}?\b{JOIN}\b|(?:continue|keep) reading with\b|for subscribers only\b"
    r"|(?:get|enjoy) (?:unlimited|full) (?:digital )?access\b|subscribe (?:now |today )?for (?:full|unlimited) access\b"
    r"|already (?:a|have an?) (?:paid |paying |digital |premium )?(?:subscriber|member|subscription|account)\b"
    rf"|{PAPER}\b[^.?!]{{0,40}}?"
    r"\b(?:only|exclusive(?:ly)?|reserved|available)\b[^.?!]{0,30}?\b(?:subscribers|members|subscriptions?)\b"
    rf"|{PAPER} is (?:only )?for (?:our )?(?:\w+ )?(?:subscribers|members)\b"
    r"|unlock (?:this|the full) (?:article|story|post)\b"
    r"|you(?: have|.ve)? (?:have )?(?:reached|read|used)\b[^.?!]{0,40}?\b(?:free (?:articles?|stories)|limit)\b"
    r"|you(?: have|.ve)(?: got)? (?:\d+|one|no|\w+) (?:more )?free (?:articles?|stories|reads?) (?:left|remaining)\b"
    r"|thank you for your patience while we verify access\b|want all of [^.?!]{1,40}\? subscribe\b"
    r"|(?:jetzt )?weiterlesen mit\b|(?:sie haben|du hast|schon|bereits) (?:bereits |schon )?ein abo\b"
    r"|dieser (?:artikel|beitrag|inhalt|text) ist (?:nur |exklusiv )+für (?:unsere )?abonnent"
    r"|(?:la suite|cet article|ce contenu|l.accès)[^.?!]{0,30} réservée?s? (?:à nos |aux )abonnés"
    r"|article réservé (?:à nos |aux )abonnés|il vous reste \d[^.?!]{0,12}de cet article à lire"
    r"|(?:vous êtes )?déjà abonnée?\b"
    r")|^(?:subscriber|member)s?[- ](?:only|exclusive)\W*(?:article|story|content)?\W*$",
    re.I,
)
# A short line beside a wall that begins in this way is of its advertisement.
BESIDE_A_WALL = re.compile(
    r"(?:^|[.?!:…]\s+)(?:please |now |or )?(?:subscribe|sign (?:in|up)|log ?in|register|unlock|cancel any ?time"
    r"|(?:start|try|get|claim) (?:your|a|our)\b[^.?!]*\btrial"
    r"|(?:only |just |for |from )?[$€£]\s?\d[^.?!]*\b(?:week|month|year)"
    r"|(?:jetzt )?(?:abonnieren|anmelden|abo\b)|melden sie sich|(?:s.abonner|je m.abonne|abonnez-vous|se connecter))",
    re.I,
)
MOST_BESIDE_A_WALL = 15  # words
MOST_LINES_BESIDE = 4  # before it, and behind it


def speak_marks(tree: "HtmlElement") -> list[str]:
    """Write the marks of a tree into its words; return what was left out, for the record."""
    struck = [element for element in tree.iter(*STRUCK) if element.getparent() is not None]
    words = sum(len(element.text_content().split()) for element in struck if not _within(element, STRUCK))
    if 2 * words > len(tree.text_content().split()):  # a tag that was never closed, no correction
        struck, words = [], 0
    for element in struck:
        element.drop_tree()
    marks = [one for one in tree.iter("sup", "a") if one.getparent() is not None and _is_note(one)]
    noted = set(marks)
    marks = [one for one in marks if noted.isdisjoint(one.iterancestors("sup", "a"))]
    for element in marks:
        element.drop_tree()
    _raise_powers(tree)
    _keep_dates(tree)
    for element in tree.iter("output"):
        element.tag = "span"
    quotes = [(one, sum(1 for _ in one.iterancestors("q"))) for one in tree.iter("q") if one.getparent() is not None]
    for element, depth in quotes:
        _quote(element, *(INNER if depth % 2 else OUTER))
    counts = {"struck-out words": words, "marks of footnotes": len(marks)}
    return [f"{what} left out ({count:,})" for what, count in counts.items() if count]


def open_layout(tree: "HtmlElement") -> None:
    """Turn the tables that only set an article beside its menu into plain blocks; the tables of data stay tables."""
    for cell in [one for one in tree.iter("td", "th") if _holds_an_article(one)]:
        cell.tag = "div"
        for outer in cell.iterancestors():
            if outer.tag not in ("table", "tbody", "thead", "tr"):
                break
            outer.tag = "div"
            for beside in outer:
                if beside.tag in ("td", "th"):
                    beside.tag = "div"


def _holds_an_article(cell: "HtmlElement") -> bool:
    paragraphs = [one for one in cell.iterchildren("p")] or [one for one in cell.iter("p")]
    has_head = next(cell.iter("h1", "h2"), None) is not None
    return len(paragraphs) + has_head > 1 and sum(len(one.text_content().split()) for one in paragraphs) >= AN_ARTICLE


def _within(element: "HtmlElement", tags: tuple[str, ...]) -> bool:
    return any(True for _ in element.iterancestors(*tags))


def _is_note(element: "HtmlElement") -> bool:
    """Whether an element is the mark of a footnote (or the way back from one), no power and no ordinal."""
    words = element.text_content()
    if len(words) > 40:
        return False
    anchors = [element] if element.tag == "a" else list(element.iter("a"))
    names = f"{element.get('class') or ''} {element.get('role') or ''} {element.get('id') or ''}"
    if any((anchor.get("href") or "").find("#") >= 0 for anchor in anchors):
        target = " ".join(
            f"{one.get('href') or ''} {one.get('class') or ''} {one.get('role') or ''}" for one in anchors
        )
        is_mark = NOTE.match(words) and (element.tag == "sup" or "sup" in _child_tags(element) or TO_A_NOTE.search(
            target[target.find("#") :] + " " + names
        ))  # fmt: skip
        return bool(is_mark or (BACK.match(words) and TO_A_NOTE.search(target)))
    if element.tag != "sup" or not NOTE.match(words):
        return False
    before = _before(element)
    if IN_BRACKETS.match(words) or TO_A_NOTE.search(names) or AFTER_STOP.search(before):
        return True
    last = re.search(r"[^\W\d_]+$", before)  # a letter before it: no power of a number
    return bool(POWER.match(words) and last and not MAY_HAVE_A_POWER.fullmatch(last[0]))


def _raise_powers(tree: "HtmlElement") -> None:
    """Write a power of a number, or its fraction, so that it is none of the number's own figures: 10⁶ and not 106."""
    for element in [one for one in tree.iter("sup") if one.getparent() is not None]:
        power = POWER.match(element.text_content())
        if power is None or not _before(element)[-1:].isdigit():
            continue
        below, between = element.getnext(), (element.tail or "").strip()
        is_fraction = below is not None and below.tag == "sub" and between in ("/", "⁄")
        for inner in list(element):
            inner.drop_tree()
        element.text = f" {power[1]}" if is_fraction else power[1].translate(RAISED)


def _keep_dates(tree: "HtmlElement") -> None:
    """Keep the words of `<time>` in a sentence, which text extraction drops; a line of dates alone is no text."""
    for element in [one for one in tree.iter("time") if one.getparent() is not None]:
        line = next(element.iterancestors(*LINES, "header", "section", "article"), None)
        if line is None or line.tag not in LINES or line.getparent() is None or not _is_a_line(line):
            continue
        others = "".join(line.xpath(".//text()[not(ancestor::time)]"))
        if DATE_LINE.fullmatch(others):
            line.drop_tree()
        elif not BY.match(others):
            element.tag = "span"


def _is_a_line(element: "HtmlElement") -> bool:
    return _is_short(element) and next(element.iterdescendants(*LINES, *BLOCKS_WITHIN), None) is None


def _child_tags(element: "HtmlElement") -> list[str]:
    return [str(child.tag) for child in element]


def _before(element: "HtmlElement") -> str:
    """The words right before an element, as far as they stand beside it."""
    previous = element.getprevious()
    if previous is not None:
        return str(previous.tail or previous.text_content() or "")
    outer = element.getparent()
    return str(outer.text or "") if outer is not None else ""


def _quote(element: "HtmlElement", opening: str, closing: str) -> None:
    """Put quotation marks in the place of a `<q>`, unless they are written there already; its words stay in line."""
    said, before, after = element.text_content().strip(), _before(element), element.tail or ""
    has_own = said[:1] in OPENING and said[-1:] in CLOSING if said else True
    if not has_own and not (before[-1:] and before[-1:] in OPENING and after[:1] and after[:1] in CLOSING):
        element.text = opening + (element.text or "").lstrip()
        last = element[-1] if len(element) else None
        if last is None:
            element.text = element.text.rstrip() + closing
        else:
            last.tail = (last.tail or "").rstrip() + closing
    element.tag = "span"


def drop_walls(tree: "HtmlElement") -> int:
    """Take out the paragraphs in which a page asks for a subscription; return how many words they had."""
    walls = [
        one for one in tree.iter("p", "div", "span", "h2", "h3", "h4", "li", "a", "section", "aside") if _is_wall(one)
    ]
    walls += [beside for wall in walls for beside in _beside(wall)]
    whole = set(walls)
    walls = [one for one in whole if one.getparent() is not None and whole.isdisjoint(one.iterancestors())]
    words = sum(len(element.text_content().split()) for element in walls)
    for element in walls:
        element.drop_tree()
    return words


def _beside(wall: "HtmlElement") -> Iterator["HtmlElement"]:
    """The short lines right before and behind a wall that are of its advertisement."""
    for is_before in (True, False):
        for element in islice(wall.itersiblings(preceding=is_before), MOST_LINES_BESIDE):
            words = element.text_content().split() if isinstance(element.tag, str) and _is_short(element) else []
            if not words or len(words) > MOST_BESIDE_A_WALL or not BESIDE_A_WALL.search(" ".join(words)):
                break
            yield element


def _is_wall(element: "HtmlElement") -> bool:
    words = " ".join(element.text_content().split()) if _is_short(element) else ""
    if not words or len(words.split()) > MOST_WALL or not WALL.search(words) or NO_WALL.search(words):
        return False
    return not _within(element, ("header", "nav", "footer"))  # a way to the shop that stands on every page


def _is_short(element: "HtmlElement") -> bool:
    """Whether an element holds few others, so that it can be read without reading the page once for each."""
    return sum(1 for _, _ in zip(element.iter(), range(MOST_WITHIN + 1), strict=False)) <= MOST_WITHIN
