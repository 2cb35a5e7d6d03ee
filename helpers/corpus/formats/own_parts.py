"""A page's tree goes in; what of it is the article's own comes out: its element, its metas, no others' articles.

What stands below the article (other stories, comments), in lists beside it, in the biography of whoever writes, and
what is not to be seen says nothing of the article: neither who wrote it nor when.
"""

import re
from typing import TYPE_CHECKING

from helpers.files.limits import MOST_FACT

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MOST_ARTICLES = 50  # elements of articles among which the page's own is looked for
WHOLE = 40  # words in paragraphs that make an element the article, and what follows it something else
IS_FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:footer|copyright|colophon|comments?|related|sidebar|popular|recent|recommend|trending"
    r"|(?:teasers?|promo|newsletter|infobox|most[\s_-]?(?:read|viewed|shared)|(?:read|see)[\s_-]?(?:more|also|next)"
    r"|more[\s_-]?(?:stories|news|articles|posts|reading|from|on|in)|(?:up|what.?s)[\s_-]?next"
    r"|next[\s_-]?(?:article|story)|also[\s_-]?(?:read|in|on)|you[\s_-]?may|suggested)(?:$|[\s_-])"
    r"|events?(?:$|\s|[_-]?(?:list|info|box|details?|date)))",
    re.I,
)
IS_BIOGRAPHY = re.compile(
    r"(?:^|[\s_-])(?:bio|biography|about[\s_-]?(?:the[\s_-]?)?(?:authors?|writers?))(?:$|[\s_-])", re.I
)
HEAD_OF_AN_ARTICLE = re.compile(r"byline|meta|info", re.I)
IS_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
SCRIPTS = ("script", "style", "template", "noscript")


def article_root(tree: "HtmlElement") -> "HtmlElement":
    """Return the element of the article, where the page marks one; else the page.

    Of several it is the first that is no teaser: one with half as many words as the longest.
    """
    found = tree.xpath("//article | //*[contains(@itemtype, 'Article')]")[:MOST_ARTICLES]
    if len(found) > 1:
        found = [one for one in found if not _is_in_furniture(one)] or found
        words = [_words(one) for one in found]
        found = [one for one, count in zip(found, words, strict=True) if 2 * count >= max(words)]
    return next(iter(found or tree.xpath("(//main)[1]")), tree)


def drop_others(tree: "HtmlElement", root: "HtmlElement") -> None:
    """Take out of a tree what is not the article's: lists of others, comments, biographies, what is not to be seen."""
    kept = {root, *root.iterancestors()}
    for head in tree.xpath("//h1"):
        kept.update(head.iterancestors())
    half = _words(tree) / 2  # a wrapper around the page, whatever it is called
    gone: set[HtmlElement] = set()
    for element in [one for one in tree.iter("*") if one not in kept and _is_anothers(one)]:
        if gone.isdisjoint(element.iterancestors()) and (not half or _words(element) <= half):
            gone.add(element)
    for element in gone:
        element.drop_tree()


def drop_around(root: "HtmlElement") -> None:
    """Take out other articles, and what follows this one, if that is an article as a whole; it tells of others."""
    if root.getparent() is None or root.tag == "main" or _words(root) < WHOLE:
        return
    around = [root, *root.iterancestors()]
    for element in [one for one in root.getroottree().iter("article") if one not in around]:
        if root not in element.iterancestors():
            element.drop_tree()
    for outer in around:
        for element in list(outer.itersiblings()):
            if outer.tag not in ("head", "body") and isinstance(element.tag, str):
                element.drop_tree()


def _words(element: "HtmlElement") -> int:
    return sum(len(one.text_content().split()) for one in element.iter("p"))


def _is_in_furniture(element: "HtmlElement") -> bool:
    return any(
        one.tag in ("aside", "nav") or IS_FURNITURE.search(names_of(one))
        for one in element.iterancestors("*")
        if one.tag not in ("html", "body")
    )


def _is_anothers(element: "HtmlElement") -> bool:
    if element.tag in ("html", "head", "body", "main", "h1", "meta", "link", "title", *SCRIPTS):
        return False
    names = names_of(element)
    if element.tag == "nav" or (element.tag == "aside" and not HEAD_OF_AN_ARTICLE.search(names)):
        return True
    if element.get("hidden") is not None or IS_HIDDEN.search(element.get("style") or ""):
        return element.get("itemprop") is None and element.find(".//*[@itemprop]") is None  # microdata is for machines
    return bool(IS_FURNITURE.search(names) or IS_BIOGRAPHY.search(names)) and element.tag != "article"


def names_of(element: "HtmlElement") -> str:
    """Return what an element is called: its classes and its id."""
    return f"{element.get('class') or ''} {element.get('id') or ''}"


def metas_of(tree: "HtmlElement") -> list[tuple[str, str]]:
    """Return the page's `<meta>` elements: what they are called, in lower case, and what they say."""
    found = []
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        if (content := meta.get("content")) and len(content) <= MOST_FACT:
            found.append((name.strip().lower(), content))
    return found


def named(metas: list[tuple[str, str]], names: list[str]) -> list[str]:
    """Return what the metas of these names say, in the order of the names."""
    return [said for wanted in names for name, said in metas if name == wanted]
