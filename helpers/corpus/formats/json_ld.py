"""A page's tree goes in; what its JSON-LD says comes out: the articles in it first, then the page.

JSON-LD that cannot be parsed is taken out of the tree, since what is guessed from its pieces is wrong too often (a
headline that ends at its first quotation mark); only its dates are read, which hold no quotation marks. What differs
from JSON in its wrapping alone (a byte order mark, two objects, JavaScript's escapes, entities) is read.
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
IS_PAGE = re.compile(r"Page$|Posting$|CreativeWork$")  # what a page may call itself; an event or a picture is none
WRAPPED = re.compile(  # comments and CDATA, as older content systems write them
    r"^\s*(?:<!--|(?:/\*|//)?\s*<!\[CDATA\[(?:\s*\*/)?)|(?:-->|(?:/\*|//)?\s*\]\]>(?:\s*\*/)?)\s*;?\s*$"
)
TRAILING_COMMA = re.compile(r",\s*([}\]])")
NO_ESCAPE = re.compile(r"(?<!\\)((?:\\\\)*)\\(?:x([0-9a-fA-F]{2})|(['&#/-]))")  # JavaScript's, which JSON does not have
BETWEEN = re.compile(r"[\s,;]*")  # two objects in one script
ONE_LINE = ("headline", "name", "alternativeHeadline")
BRACKETS = re.compile(  # of JSON-LD that cannot be parsed: what opens and closes, and what stands at its level
    r'(?P<type>"@type"\s*:\s*(?:"[^"]{0,100}"|\[[^\[\]{}]{0,300}\]))'
    r'|"(?P<name>date\w{3,20})"\s*:\s*"(?P<date>[\dTZ:.+ -]{8,40})"'
    r"|(?P<open>[{\[])|(?P<close>[}\]])"
)
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
        among = {True: self.articles, False: self.pages, None: [*self.articles, *self.pages]}[of_article]
        return [said for node in among for said in _texts(node.get(name))]

    @property
    def pages(self) -> list[dict[str, Any]]:
        """Those of the others that may be the page itself: no events, pictures, videos, firms."""
        return [node for node in self.others if not node.get("@type") or IS_PAGE.search(_types(node))]

    def put_first(self, headlines: set[str], addresses: set[str]) -> None:
        """Put those articles first that are the page's own, by headline or address; of others then nothing is left."""
        own = [node for node in self.articles if _is_of(node, headlines, addresses)]
        nameless = [node for node in self.articles if not (node.get("headline") or node.get("name") or node.get("url"))]
        self.articles = [*own, *(one for one in nameless if one not in own)] if own else self.articles


def _texts(said: object) -> list[str]:
    """What stands under a name, as text: itself, the first of a list, the value of a typed one."""
    if isinstance(said, list):
        return (
            next(filter(None, map(_texts, said[:10])), []) if all(isinstance(one, str | dict) for one in said) else []
        )
    value = said.get("@value") if isinstance(said, dict) else said
    return [value] if isinstance(value, str) else []


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
        for node in _nodes(parsed):
            node.update({name: " ".join(said.split()) for name in ONE_LINE if isinstance(said := node.get(name), str)})
            (found.articles if IS_ARTICLE.search(_types(node)) else found.others).append(node)
        script.text = json.dumps(parsed)
    return found


def _parsed(written: str) -> Any:
    """The JSON in a script; several objects one after the other are a list. Raises `ValueError` where it is none."""
    bare = WRAPPED.sub("", WRAPPED.sub("", written.lstrip("\ufeff"))).strip("\ufeff \t\r\n").rstrip(";")
    if '"' not in bare and "&quot;" in bare:
        bare = unescape(bare)
    for mended in (bare, TRAILING_COMMA.sub(r"\1", bare), NO_ESCAPE.sub(_escaped, TRAILING_COMMA.sub(r"\1", bare))):
        try:
            return json.loads(mended, strict=False)
        except ValueError:
            continue
    return _one_after_the_other(bare)


def _escaped(found: re.Match) -> str:
    return found[1] + (f"\\u00{found[2]}" if found[2] else found[3])


def _one_after_the_other(bare: str) -> list:
    decoder, found, at = json.JSONDecoder(strict=False), [], 0
    while at < len(bare):
        one, at = decoder.raw_decode(bare, at)
        found.append(one)
        at = BETWEEN.match(bare, at).end()  # type: ignore[union-attr]
        if len(found) > MOST_NODES:
            raise ValueError("too many objects")
    if not found or not all(isinstance(one, dict | list) for one in found):
        raise ValueError("no objects")
    return found


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
    kinds = [str(one) for one in said] if isinstance(said, list) else [str(said)]
    return next((one for form in (IS_ARTICLE, IS_PAGE) for one in kinds if form.search(one)), kinds[0] if kinds else "")


def dates_in_broken(broken: list[str], name: str) -> Iterator[str]:
    """Yield the dates under a name in JSON-LD that cannot be parsed, of articles and pages, not of their parts."""
    for written in broken:
        waiting: list[tuple[str, int]] = []  # what is open, and where it began
        types: dict[int, str] = {}
        dates: list[tuple[int, str, bool]] = []
        for one in BRACKETS.finditer(written):
            if one["open"]:
                waiting.append((one["open"], one.start()))
            elif one["close"]:
                del waiting[-1:]
            elif waiting and one["type"]:
                types[waiting[-1][1]] = one["type"].partition(":")[2]
            elif waiting and one["name"] == name and _is_outermost(waiting, written):
                dates.append((waiting[-1][1], one["date"], len(waiting) == 1))
        for at, said, alone in dates:
            kinds = re.findall(r'"([^"]*)"', types.get(at, ""))
            if any(IS_ARTICLE.search(kind) or IS_PAGE.search(kind) for kind in kinds) or (alone and not kinds):
                yield said


def _is_outermost(waiting: list[tuple[str, int]], written: str) -> bool:
    """Whether an object lies within no other: it stands alone, in a list or in a `@graph`."""
    kinds = "".join(kind for kind, _ in waiting)
    if kinds == "{[{":
        return re.search(r'"@graph"\s*:\s*$', written[max(0, waiting[1][1] - 40) : waiting[1][1]]) is not None
    return kinds in ("{", "[{")


def node_author(nodes: Nodes) -> tuple[list[str], list[str]]:
    """Return the people, and the houses, whom the first article with an author names as such."""
    known = {str(node.get("@id")): node for node in nodes.others if node.get("@id") and node.get("name")}
    for node in [*nodes.articles, *nodes.pages]:
        people: list[str] = []
        houses: list[str] = []
        for name, is_house in _names(node.get("author") or node.get("creator"), known):
            (houses if is_house else people).append(name)
        if people or houses:
            return people, houses
    return [], []


def _names(said: object, known: dict[str, dict]) -> Iterator[tuple[str, bool]]:
    for one in (said if isinstance(said, list) else [said])[:50]:
        if isinstance(one, str) and one.strip():
            yield one, False
        elif isinstance(one, dict):
            one = one if one.get("name") else known.get(str(one.get("@id")), one)
            name = one.get("name")
            given = " ".join(str(one[part]) for part in ("givenName", "familyName") if isinstance(one.get(part), str))
            for each in name if isinstance(name, list) else [name or given]:
                if isinstance(each, str) and each.strip():
                    yield each, "Organization" in str(one.get("@type"))


def is_not_free(nodes: Nodes) -> bool:
    """Tell whether the page says that its article is not free to read."""
    said = (str(node.get("isAccessibleForFree")) for node in [*nodes.articles, *nodes.pages])
    return any(one.rpartition("/")[2].lower() == "false" for one in said)


def words_of_body(nodes: Nodes) -> int:
    """Return how many words the article has as the JSON-LD holds it; none where it does not."""
    bodies = (node.get("articleBody") for node in nodes.articles)
    return max((len(body.split()) for body in bodies if isinstance(body, str)), default=0)
