"""A page's tree goes in; what its JSON-LD says comes out: the articles in it first, then the page.

JSON-LD that cannot be parsed is taken out of the tree, since what is guessed from its pieces is wrong too often (a
headline that ends at its first quotation mark); only its dates are read, which hold no quotation marks.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING, Any

from helpers.files.urls import same_page

if TYPE_CHECKING:
    from lxml.html import HtmlElement

IS_ARTICLE = re.compile(r"Article$|BlogPosting|Report$|Review$|OpinionPiece|Story$|ScholarlyArticle|Recipe$")
WRAPPED = re.compile(  # comments and CDATA, as older content systems write them
    r"^\s*(?:<!--|(?:/\*|//)?\s*<!\[CDATA\[(?:\s*\*/)?)|(?:-->|(?:/\*|//)?\s*\]\]>(?:\s*\*/)?)\s*;?\s*$"
)
TRAILING_COMMA = re.compile(r",\s*([}\]])")
MOST_NODES = 2_000  # of one page's JSON-LD
MOST_DEEP = 20  # objects within objects that are looked into


@dataclass
class Nodes:
    """The objects of a page's JSON-LD, articles and others, and what could not be parsed."""

    articles: list[dict[str, Any]] = field(default_factory=list)
    others: list[dict[str, Any]] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def dates(self, name: str, of_article: bool | None = None) -> list[str]:
        """Return what the articles (or the others, or both) say under a name, as text."""
        among = {True: self.articles, False: self.others, None: [*self.articles, *self.others]}[of_article]
        return [said for said in (node.get(name) for node in among) if isinstance(said, str)]

    def put_first(self, headlines: set[str], addresses: set[str]) -> None:
        """Put those articles first that are the page's own, by headline or address; others are lists of more."""
        self.articles.sort(key=lambda node: not _is_of(node, headlines, addresses))


def _is_of(node: dict, headlines: set[str], addresses: set[str]) -> bool:
    main = node.get("mainEntityOfPage")
    at = [node.get("url"), node.get("@id"), main.get("@id") if isinstance(main, dict) else main]
    headline = node.get("headline") or node.get("name")
    return any(isinstance(one, str) and same_page(one) in addresses for one in at) or (
        isinstance(headline, str) and " ".join(unescape(headline).lower().split()) in headlines
    )


def read_json_ld(tree: "HtmlElement") -> Nodes:
    """Return the JSON-LD in a tree; scripts that cannot be parsed are taken out of it, others written anew."""
    found = Nodes()
    for script in tree.xpath("//script[contains(@type, 'ld+json')]"):
        try:
            parsed = _parsed(script.text or "")
        except (ValueError, RecursionError):
            found.broken.append(script.text or "")
            script.drop_tree()
            continue
        script.text = json.dumps(parsed)
        for node in _nodes(parsed):
            (found.articles if IS_ARTICLE.search(_types(node)) else found.others).append(node)
    return found


def _parsed(written: str) -> Any:
    bare = WRAPPED.sub("", WRAPPED.sub("", written)).strip().rstrip(";")
    try:
        return json.loads(bare, strict=False)
    except ValueError:
        return json.loads(TRAILING_COMMA.sub(r"\1", bare), strict=False)


def _nodes(parsed: object) -> Iterator[dict]:
    """The objects of JSON-LD, outer ones first; what a list of other articles holds is left out."""
    waiting, seen = [(parsed, 0)], 0
    while waiting and seen < MOST_NODES:
        one, depth = waiting.pop(0)
        seen += 1
        if isinstance(one, list):
            waiting += [(inner, depth + 1) for inner in one if depth < MOST_DEEP]
        elif isinstance(one, dict):
            yield one
            inside = (one.get(name) for name in ("@graph", "mainEntity", "mainEntityOfPage"))
            waiting += [(inner, depth + 1) for inner in inside if inner and depth < MOST_DEEP]


def _types(node: dict) -> str:
    said = node.get("@type")
    return next((str(one) for one in said if IS_ARTICLE.search(str(one))), "") if isinstance(said, list) else str(said)


def dates_in_broken(broken: list[str], name: str) -> Iterator[str]:
    """Yield the dates under a name in JSON-LD that cannot be parsed."""
    for written in broken:
        yield from re.findall(rf'"{name}"\s*:\s*"([\dTZ:.+ -]{{8,40}})"', written)


def node_author(nodes: Nodes) -> tuple[list[str], list[str]]:
    """Return the people, and the houses, whom the first article with an author names as such."""
    for node in [*nodes.articles, *nodes.others]:
        people: list[str] = []
        houses: list[str] = []
        for name, is_house in _names(node.get("author") or node.get("creator")):
            (houses if is_house else people).append(name)
        if people or houses:
            return people, houses
    return [], []


def _names(said: object) -> Iterator[tuple[str, bool]]:
    for one in (said if isinstance(said, list) else [said])[:50]:
        if isinstance(one, str) and one.strip():
            yield one, False
        elif isinstance(one, dict):
            name = one.get("name")
            given = " ".join(str(one[part]) for part in ("givenName", "familyName") if isinstance(one.get(part), str))
            for each in name if isinstance(name, list) else [name or given]:
                if isinstance(each, str) and each.strip():
                    yield each, "Organization" in str(one.get("@type"))


def is_not_free(nodes: Nodes) -> bool:
    """Tell whether the page says that its article is not free to read."""
    return any(str(node.get("isAccessibleForFree")).lower() == "false" for node in [*nodes.articles, *nodes.others])


def words_of_body(nodes: Nodes) -> int:
    """Return how many words the article has as the JSON-LD holds it; none where it does not."""
    bodies = (node.get("articleBody") for node in nodes.articles)
    return max((len(body.split()) for body in bodies if isinstance(body, str)), default=0)
