"""A page's tree goes in; it comes out with what its elements mean in its words: quotation marks, no struck words.

Text extraction keeps the words of an element and forgets the element. So `<q>` becomes quotation marks, what is struck
out is left out, and so are the marks of footnotes, which else become a part of the word before them.
"""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

OUTER, INNER = ("“", "”"), ("‘", "’")
OPENING, CLOSING = "“‘\"'«„‹", "”’\"'»“›"
STRUCK = ("del", "s", "strike")
NOTE = re.compile(r"\s*(?:[\[(]\s*(?:\d{1,3}|[a-z]|[ivx]{1,4}|note \d{1,3})\s*[\])]|\d{1,3}|[*†‡§¶]{1,3})\s*$", re.I)
IN_BRACKETS = re.compile(r"\s*\[\s*(?:\d{1,3}|[a-z]|note \d{1,3}|citation needed)\s*\]\s*$|\s*[*†‡§¶]{1,3}\s*$", re.I)
TO_A_NOTE = re.compile(r"(?:foot|end)?note|\bfn|\bref|cite|_ftn|_edn|\bn\d|sdfootnote|^#_?\d+$", re.I)
BACK = re.compile(r"\s*(?:↩|↑|⏎|↵|\^|back|return)\s*[\ufe0e\ufe0f]?\s*$", re.I)
AFTER_STOP = re.compile(r"[.,;:!?)\]”’\"]$")
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
WALL = re.compile(
    rf"(?:^|[.?!:…]\s+)(?:(?:please |now |want )?{JOIN}\b[^.?!]{{0,60}}?\bto {READ_ON}"
    rf"|(?:want )?to {READ_ON}[^.?!]{{0,60}}?\b{JOIN}\b|(?:continue|keep) reading with\b|for subscribers only\b"
    r"|(?:get|enjoy) (?:unlimited|full) (?:digital )?access\b"
    r"|already (?:a|have an?) (?:subscriber|member|subscription|account)\b"
    r"|this (?:is an? )?(?:\w+[- ])?(?:article|story|content|page|post|feature)\b[^.?!]{0,40}?"
    r"\b(?:only|exclusive(?:ly)?|reserved|available)\b[^.?!]{0,30}?\b(?:subscribers|members|subscriptions?)\b"
    r"|you(?: have|.ve) (?:reached|read|used)\b[^.?!]{0,40}?\b(?:free (?:articles?|stories)|limit)\b)"
    r"|^(?:subscriber|member)s?[- ](?:only|exclusive)\W*(?:article|story|content)?\W*$",
    re.I,
)


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
    quotes = [(one, sum(1 for _ in one.iterancestors("q"))) for one in tree.iter("q") if one.getparent() is not None]
    for element, depth in quotes:
        _quote(element, *(INNER if depth % 2 else OUTER))
    counts = {"struck-out words": words, "marks of footnotes": len(marks)}
    return [f"{what} left out ({count:,})" for what, count in counts.items() if count]


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
    return bool(IN_BRACKETS.match(words) or TO_A_NOTE.search(names) or AFTER_STOP.search(_before(element)))


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
    whole = set(walls)
    walls = [one for one in walls if one.getparent() is not None and whole.isdisjoint(one.iterancestors())]
    words = sum(len(element.text_content().split()) for element in walls)
    for element in walls:
        element.drop_tree()
    return words


def _is_wall(element: "HtmlElement") -> bool:
    words = " ".join(element.text_content().split()) if _is_short(element) else ""
    if not words or len(words.split()) > MOST_WALL or not WALL.search(words) or NO_WALL.search(words):
        return False
    return not _within(element, ("header", "nav", "footer"))  # a way to the shop that stands on every page


def _is_short(element: "HtmlElement") -> bool:
    """Whether an element holds few others, so that it can be read without reading the page once for each."""
    return sum(1 for _, _ in zip(element.iter(), range(MOST_WITHIN + 1), strict=False)) <= MOST_WITHIN
