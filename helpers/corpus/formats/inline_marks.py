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


def speak_marks(tree: "HtmlElement") -> list[str]:
    """Write the marks of a tree into its words; return what was left out, for the record."""
    struck = [element for element in tree.iter(*STRUCK) if element.getparent() is not None]
    words = sum(len(element.text_content().split()) for element in struck if not _within(element, STRUCK))
    for element in struck:
        element.drop_tree()
    for element in [one for one in tree.iter("sup", "a") if _is_note(one)]:
        if element.getparent() is not None:
            element.drop_tree()
    for element in list(tree.iter("q")):
        if element.getparent() is not None:
            _quote(element)
    return [f"{words} struck-out word{'s' * (words != 1)} left out"] if words else []


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
        target = " ".join(f"{one.get('href') or ''} {one.get('class') or ''} {one.get('role') or ''}" for one in anchors)
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


def _quote(element: "HtmlElement") -> None:
    """Put quotation marks in the place of a `<q>`, unless they are written there already; its words stay in line."""
    outer = sum(1 for _ in element.iterancestors("q"))
    opening, closing = INNER if outer % 2 else OUTER
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


def drop_walls(tree: "HtmlElement") -> bool:
    """Take out the paragraphs in which a page asks for a subscription; tell whether there were any."""
    walls = [one for one in tree.iter("p", "div", "span", "h2", "h3", "h4", "li", "a", "section", "aside") if _is_wall(one)]
    for element in walls:
        if element.getparent() is not None:
            element.drop_tree()
    return bool(walls)


def _is_wall(element: "HtmlElement") -> bool:
    if element.tag == "a" and element.getparent() is not None and element.getparent().tag in ("p", "nav", "header"):
        return False  # a way to the shop that stands on every page
    words = " ".join(element.text_content().split()) if _is_short(element) else ""
    return bool(words and len(words.split()) <= MOST_WALL and WALL.search(words))


def _is_short(element: "HtmlElement") -> bool:
    """Whether an element holds few others, so that it can be read without reading the page once for each."""
    return sum(1 for _, _ in zip(element.iter(), range(MOST_WITHIN + 1), strict=False)) <= MOST_WITHIN


MOST_WALL = 60  # words of a wall's paragraph
MOST_WITHIN = 25  # elements of one
TO_READ = r"(?:keep|continue|finish|go on|carry on)\s+reading|(?:read|see|unlock|access|view|enjoy)\b[^.?!]{0,40}?\b(?:rest|full|whole|entire|more|this|story|article|content|unlimited)"
WALL = re.compile(
    rf"\b(?:subscribe|sign up|sign in|log ?in|register|become a (?:member|subscriber)|create (?:an|a free) account|start"
    rf" (?:your|a) (?:free )?(?:trial|subscription)|join)\b[^.?!]{{0,60}}?\bto\s+(?:{TO_READ})"
    rf"|\bto\s+(?:{TO_READ})[^.?!]{{0,60}}?\b(?:subscribe|sign up|sign in|log ?in|register|become a|create an account)\b"
    r"|\balready (?:a|have an?) (?:subscriber|member|subscription|account)\b"
    r"|\bthis (?:article|story|content|page|post|feature)\b[^.?!]{0,40}?\b(?:only|exclusively?|reserved|available)\b[^.?!]{0,30}?"
    r"\b(?:subscribers|members|subscriptions?)\b"
    r"|\b(?:subscriber|member)s?[- ](?:only|exclusive)\b|\b(?:you have|you.ve) (?:reached|read|used)\b[^.?!]{0,40}?\b(?:free"
    r" (?:articles?|stories)|limit)\b|\bfor subscribers only\b|\bsubscribe (?:now|today) (?:for|from)\b",
    re.I,
)
