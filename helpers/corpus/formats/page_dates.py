"""The tree of a page goes in, without others' articles; when its article was published and last changed comes out.

The article's own words go before the page's: an article in JSON-LD, then the article's `<meta>` and microdata, then
the `<time>` at its head, then what is said of the page as a whole. Only then is htmldate asked, on a tree without the
places where other dates stand (last changes, footers, long paragraphs) and without dates that can be read in two ways.
"""

import re
from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from helpers.corpus.formats.json_ld import Nodes, dates_in_broken
from helpers.corpus.formats.own_parts import IS_FURNITURE, named, names_of
from helpers.files.dates import as_date, is_placeholder

if TYPE_CHECKING:
    from lxml.html import HtmlElement

PUBLISHED = (
    "article:published_time og:article:published_time article:published datepublished pubdate publishdate publish-date"
    " publish_date publication_date publication-date article.published article_date_original originalpublicationdate"
    " parsely-pub-date sailthru.date cxenseparse:recs:publishtime dc.date.issued dcterms.issued dc.date.created"
    " dcterms.created citation_publication_date citation_date rnews:datepublished bt:pubdate published_at"
).split()
PAGE_DATES = "date dc.date dcterms.date created".split()
CHANGED = (
    "article:modified_time og:article:modified_time og:updated_time datemodified modified_time last-modified"
    " last_modified lastmod revised updated_time dc.date.modified dcterms.modified article:updated"
).split()
IS_CHANGE = re.compile(
    r"updat|modif|revis(?:ed|ion)|(?<!ex)changed|edited|last[\s_-]?(?:chang|edit)|correct(?:ed|ion)|amended"
    r"|aktuali[sz]|ge(?:ä|ae)ndert|bearbeitet|ge(?:ü|ue)pdatet|\bstand\s*:|mis(?:e)?(?: |-)à(?: |-)jour|actuali[sz]"
    r"|aggiornat|atualizad|bijgewerkt|gewijzigd|uppdatera|oppdatert|opdateret|endret|ændret",
    re.I,
)
IS_PUBLICATION = re.compile(
    r"publish|posted|entry-date|dateline|pubdate|ver(?:ö|oe)ffentlicht|erschienen|publi(?:é|ée|cado|cad[ao]|cato|cerad|sert)"
    r"|pubblicat|gepubliceerd|offentliggjort",
    re.I,
)
COPYRIGHT = re.compile(r"©|\(c\)\s*\d{4}|copyright|all rights reserved", re.I)
LONG = 25  # words; a paragraph so long is running text, and the dates in it are not the publication's
FIRST_DAY = re.compile(r"\b0?1[-/.]0?1\b|\b0?1(?:st)?\s+jan|\bjan\w*\.?\s+0?1\b", re.I)
MOST_LOOKED_AT = 50  # dates that are read
MOST_TIMES = 500  # elements that may state one
# What stands before a date that nothing names: who wrote, and where, in capitals.
BY_SOMEBODY = re.compile(r"^(?:by|von|par|por|written|words|story|text)\b", re.I)
IN_CAPITALS = re.compile(
    r"(?:[^\W\d_a-zß-öø-ÿ][\w.’'-]*+|\d++(?: min(?:ute)?s?(?: read)?)?|and|of|the|de|der|van|[\W_]++)++", re.S
)
NOT_AFTER = re.compile(r"(?:on|in|at|from|until|till|since|before|after|to|for|see|also)$|:$", re.I)
BESIDE_A_DATE = re.compile(r"\W*(?:by|at|min|last|in|\d|updat|uhr|e[ds]?t|gmt|utc|share|read)", re.I)
INLINE = frozenset("a abbr address b cite data dd em font i label li ol small span strong td time u ul".split())
HEADS = frozenset("h1 h2 h3 h4 h5 h6".split())
MOST_BESIDE = 20  # elements beside a date that are looked at for its name
# 5/9/2025 is in May or in September; only where nobody writes the month first it is in September.
TWO_WAYS = re.compile(r"(?<![\d/.-])(0?[1-9]|1[0-2])([/-])(0?[1-9]|1[0-2])\2(?:\d{4}|\d{2})(?![\d/-])")
DAY_FIRST = re.compile(r"(?:de|fr|es|it|pt|nl|da|nb|nn|no|sv|fi|pl|cs|el|tr|ru|uk|ro)\b", re.I)
HOUR = re.compile(
    r"\b\d{1,2}:\d\d(?::\d\d)?(?:\s*(?i:[ap])\.?\s?(?i:m)\b\.?|\s*Uhr\b)?(?:\s*\(?\b(?:[A-Z]{1,3}T|GMT|UTC)\b\)?)?,?"
)
EVE_OF_1970 = "1969-12-31"  # the zero of programs, told west of Greenwich


def dates_of(
    tree: "HtmlElement", root: "HtmlElement", nodes: Nodes, metas: list[tuple[str, str]], address: str
) -> tuple[str, str]:
    """Return when the article was published and last changed, as a page says it; empty where it does not.

    `root` is the article's element in the `tree`, which stays as it is.
    """
    said = [*nodes.dates("dateModified"), *dates_in_broken(nodes.broken, "dateModified"), *named(metas, CHANGED)]
    changed = _moments([*said, *_changes(root)])
    published = next(iter(_published(root, nodes, metas, set(changed))), "") or _by_htmldate(tree, address)
    return published, next(iter(changed), "")


def _moments(said: list[str]) -> list[str]:
    """The dates among what is said, as the corpus writes them."""
    read = (as_date(one.strip())[0].replace(" ", "T") for one in said[:MOST_LOOKED_AT])
    return [moment for moment in read if moment and not _is_a_placeholder(moment)]


def _is_a_placeholder(moment: str) -> bool:
    """Whether a date is one that programs write where they know none, or has not come yet."""
    tomorrow = datetime.now(UTC) + timedelta(days=2)
    return is_placeholder(moment) or moment[:10] == EVE_OF_1970 or moment[:10] > tomorrow.date().isoformat()


def _published(root: "HtmlElement", nodes: Nodes, metas: list[tuple[str, str]], changed: set[str]) -> list[str]:
    """When the article was published, with the hour where it is stated; nothing where only other dates are."""
    marked, at_head = _times(root)
    moments = [
        *_moments([*nodes.dates("datePublished", of_article=True), *dates_in_broken(nodes.broken, "datePublished")]),
        *_moments([*named(metas, PUBLISHED), *marked]),
        *(moment for moment in _moments(at_head) if moment not in changed),
        *_moments([*nodes.dates("datePublished", of_article=False), *named(metas, PAGE_DATES)]),
    ]
    hours = [moment for moment in moments if "T" in moment and _same_day(moments[0], moment)]
    return [*hours, *moments]


def _same_day(first: str, second: str) -> bool:
    """Whether two moments are of one day, somewhere on Earth; one that has an hour is its own."""
    if not first or "T" in first:
        return first == second
    return abs(date.fromisoformat(first[:10]) - date.fromisoformat(second[:10])) <= timedelta(days=1)


def _times(root: "HtmlElement") -> tuple[list[str], list[str]]:
    """What the `<time>` elements say that mark the publication, and those at the head of the article."""
    marked: list[str] = []
    at_head: list[str] = []
    reading, looked_at = False, 0
    for element in root.iter("time", "p", "span", "abbr", "div"):
        if element.tag == "p":
            reading = reading or len((element.text_content()).split()) >= LONG
        said = _stated(element)
        looked_at += bool(said)
        if not said or looked_at > MOST_TIMES or _is_change(element):
            continue
        if element.get("pubdate") is not None or _is_publication(element):
            marked.append(said)
        elif element.tag == "time" and not reading and _may_be_publication(element):
            at_head.append(said)
    return marked, at_head


def _stated(element: "HtmlElement") -> str:
    """The date that an element states for machines; a `<time>` without one states it in its words."""
    if said := element.get("datetime") or element.get("content"):
        return str(said)
    if element.tag == "time":
        return str(element.text_content()) if len(element) == 0 else ""
    return str(element.get("title") or "")


def _changes(root: "HtmlElement") -> Iterator[str]:
    """What the `<time>` elements of the article say that mark its last change."""
    for element in islice(root.iter("time"), MOST_TIMES):
        if (said := element.get("datetime")) and _is_change(element):
            yield said


def _is_publication(element: "HtmlElement") -> bool:
    """Whether an element, or the words before it, say that its date is that of the publication."""
    names = f"{element.get('itemprop') or ''} {element.get('class') or ''}"
    return bool(IS_PUBLICATION.search(names)) or _named_last(_words_before(element)) is IS_PUBLICATION


def _is_change(element: "HtmlElement") -> bool:
    """Whether an element, or the words beside it, say that its date is that of the last change."""
    outer = element.getparent()
    for one in (element, outer) if outer is not None else (element,):
        names = " ".join(filter(None, (one.get("class"), one.get("itemprop"), one.get("id"))))
        if IS_CHANGE.search(names) and not IS_PUBLICATION.search(names):
            return True
    before = _named_last(_words_before(element))
    after = _words_after(element)
    return before is IS_CHANGE or (before is None and len(after.split()) <= 3 and bool(IS_CHANGE.search(after)))


def _named_last(words: str) -> re.Pattern[str] | None:
    """Which of the two the words before a date name last: a publication, a change, or neither."""
    ends = {
        form: max((one.end() for one in form.finditer(words[-40:])), default=0) for form in (IS_PUBLICATION, IS_CHANGE)
    }
    last = max(ends, key=lambda form: ends[form])
    return last if ends[last] else None


def _may_be_publication(element: "HtmlElement") -> bool:
    """Whether a date that nothing names may be the publication's: it stands alone, or beside who wrote and where."""
    before, after = _words_before(element)[-200:].strip(" ·•|,–—-/"), _words_after(element)
    if before and not BY_SOMEBODY.match(before) and (NOT_AFTER.search(before) or not IN_CAPITALS.fullmatch(before)):
        return False
    return len(after.split()) < 3 or not after.strip()[:1].islower() or bool(BESIDE_A_DATE.match(after))


def _words_before(element: "HtmlElement") -> str:
    """The words on its line before an element, up to another date; of a block right before it a word or two."""
    found: list[str] = []
    for _ in range(MOST_BESIDE):
        before, outer = element.getprevious(), element.getparent()
        if before is not None:
            found.append(before.tail or "")
            if not _is_in_line(before):
                words = before.text_content().split() if isinstance(before.tag, str) and before.tag not in HEADS else []
                found += [" ".join(words)] if len(words) <= 3 and not _has_a_date(before) else []
                break
            found.append(before.text_content() if isinstance(before.tag, str) else "")
            element = before
        elif outer is not None:
            found.append(outer.text or "")
            if outer.tag not in INLINE:
                break
            element = outer
        else:
            break
    return " ".join(" ".join(reversed(found)).split())


def _words_after(element: "HtmlElement") -> str:
    """The words on its line behind an element, up to another date."""
    found: list[str] = []
    for _ in range(MOST_BESIDE):
        found.append(element.tail or "")
        after, outer = element.getnext(), element.getparent()
        if after is not None:
            if not _is_in_line(after):
                return "" if _has_a_date(after) else " ".join(" ".join(found).split())
            found.append(after.text_content() if isinstance(after.tag, str) else "")
            element = after
        elif outer is not None and outer.tag in INLINE:
            element = outer
        else:
            break
    return " ".join(" ".join(found).split())


def _is_in_line(element: "HtmlElement") -> bool:
    return not isinstance(element.tag, str) or (element.tag in INLINE and not _has_a_date(element))


def _has_a_date(element: "HtmlElement") -> bool:
    return element.tag == "time" or (isinstance(element.tag, str) and element.find(".//time") is not None)


def _by_htmldate(tree: "HtmlElement", address: str) -> str:
    """The day that htmldate finds on a page without its last changes, footers, running text and doubtful dates."""
    from htmldate import find_date

    heads = _only_heads(tree)
    try:
        found = find_date(heads, url=address or None, original_date=True, extensive_search=False) or ""
    except (MemoryError, RecursionError):
        raise
    except Exception:  # it is made for honest pages; the text is what matters
        return ""
    # The first of January is what a year alone becomes.
    if found.endswith("-01-01") and not FIRST_DAY.search(f"{heads.text_content()} {address}{_attributes(heads)}"):
        return ""
    return "" if found and _is_a_placeholder(found) else found


def _attributes(tree: "HtmlElement") -> str:
    return " ".join(["", *map(str, tree.xpath("//meta/@content | //time/@datetime | //link[@rel='canonical']/@href"))])


def _only_heads(tree: "HtmlElement") -> "HtmlElement":
    """A copy of the tree without the places where dates stand that are not the publication's."""
    tree = deepcopy(tree)
    reading = False
    for paragraph in list(tree.iter("p")):  # the first long paragraph ends the head; what follows is running text
        reading = reading or len(paragraph.text_content().split()) >= LONG
        if reading and not paragraph.get("class") and not paragraph.get("id") and paragraph.getparent() is not None:
            paragraph.drop_tree()
    gone = [
        element
        for element in tree.iter(
            "meta", "time", "footer", "div", "p", "span", "section", "aside", "small", "script", "li"
        )
        if _is_elsewhere(element)
    ]
    for element in gone:
        if element.getparent() is not None:
            element.drop_tree()
    _without_doubtful_dates(tree)
    return tree


def _without_doubtful_dates(tree: "HtmlElement") -> None:
    """Take out of a tree the dates that can be read in two ways, and the hours, over which htmldate stumbles."""
    is_day_first = DAY_FIRST.match(next(iter(tree.xpath("//html/@lang")), ""))

    def plain(words: str) -> str:
        if is_day_first:
            return HOUR.sub(" ", words)
        return HOUR.sub(" ", TWO_WAYS.sub(lambda found: found[0] if int(found[1]) == int(found[3]) else " ", words))

    for element in tree.iter("*"):
        if element.tag == "meta" and (said := element.get("content")) and not re.match(r"\d{4}-", said):
            element.set("content", plain(said[:1000]))
        if element.text and element.tag not in ("script", "style"):
            element.text = plain(element.text)
        if element.tail:
            element.tail = plain(element.tail)


def _is_elsewhere(element: "HtmlElement") -> bool:
    names = f"{names_of(element)} {element.get('itemprop') or ''}"
    if element.tag == "meta":
        name = f"{element.get('property') or ''} {element.get('name') or ''} {element.get('http-equiv') or ''} {names}"
        return bool(IS_CHANGE.search(name))
    if element.tag in ("script", "aside"):
        return True
    if element.tag == "footer":
        return not any(True for _ in element.iterancestors("article"))
    if IS_FURNITURE.search(names) or (IS_CHANGE.search(names) and "publish" not in names.lower()):
        return element.find(".//article") is None and element.find(".//h1") is None
    if element.tag == "p" and len(element.text_content().split()) >= LONG:
        return True
    if element.tag == "time":  # those with a date were looked at, and left out for a reason
        return bool(element.get("datetime")) or _is_change(element) or not _may_be_publication(element)
    words = element.text or ""
    return len(words) < 200 and bool(COPYRIGHT.search(words) or _begins_with_a_change(words))


def _begins_with_a_change(words: str) -> bool:
    found = IS_CHANGE.search(words[:40])
    return (
        found is not None
        and len(words[: found.start()].split()) <= 2
        and not IS_PUBLICATION.search(words[: found.end()])
    )
