"""What was read of a page goes in; what comes out says why it is no article, or what is doubtful about it.

The rule. A page has a set phrase of a bot check, a cookie wall, a page made by scripts or an error page, and apart
from sentences with the words of such pages hardly anything stands in it: then it is no article. `docs/reading.md`
states the rule for readers.
"""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

REST = 25  # words in other sentences that make an article out of a page with a set phrase
REST_TITLED = 100  # the same, where the page's title itself is such a phrase: error pages list what else there is
MOST_READ = 20_000  # characters; longer texts are articles
SECOND = 40  # words in paragraphs that make a headline's text an article
SHARE = 0.2  # of the longest one's words; less is a teaser of another page
SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
SITE = re.compile(r"\s+[|–—:·•-]\s+|\s*\|\s*|:\s+")
ANEW = "open the page in a browser, save it when the article is to be seen, or leave it out."


@dataclass(frozen=True)
class Kind:
    """A kind of page that is no article: what it is called, its titles, its set phrases, the words of its sentences."""

    name: str
    titles: re.Pattern[str]
    phrases: re.Pattern[str]
    words: re.Pattern[str]


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.I)


KINDS = (
    Kind(
        "a bot check",
        _any(
            r"just a moment\W*", r"attention required\W*", r"(?:please )?(?:wait|stand by)\W*", r"security (?:check|verification)\W*",
            r"checking your browser\W*.*", r"are you (?:a robot|human)\W*", r"(?:human|robot|bot) (?:verification|check)\W*",
            r"(?:please )?verify (?:that )?you are (?:a )?human\W*", r"pardon our interruption\W*", r"one more step\W*",
            r"ddos-?guard\W*", r"captcha\W*.*", r"request unsuccessful\W*", r"blocked\W*", r"bot detection\W*",
        ),  # fmt: skip
        _any(
            r"verif(?:y|ying)\b.{0,20}\byou.{0,5}re? (?:a )?(?:human|not a (?:ro)?bot)", r"verif(?:y|ying) you are",
            r"checking (?:if the site connection is secure|your browser)", r"javascript and cookies to continue",
            r"(?:review|check) the security of your connection", r"unusual (?:traffic|activity)", r"press (?:&|and) hold",
            r"(?:complete|solve) the (?:captcha|security check|challenge|puzzle)", r"are you (?:a robot|human)\?",
            r"i.?m not a robot", r"(?:performance|security) (?:&|and) security by cloudflare", r"incapsula incident",
            r"you have been blocked", r"(?:make|be) sure (?:that )?you.re not a (?:ro)?bot",
            r"(?:confirm|prove)\b.{0,20}\byou.{0,5}re? (?:a )?(?:human|not a (?:ro)?bot)", r"automated (?:requests|queries|access)",
        ),  # fmt: skip
        _any(
            r"\bhuman", r"robot", r"\bbots?\b", r"browser", r"security", r"connection", r"cookies?\b", r"java ?script", r"captcha",
            r"traffic", r"\brequests?\b", r"\bray id", r"network", r"block", r"\bmoment\b", r"cloudflare", r"verif", r"\bip\b",
            r"\baccess", r"automat", r"seconds", r"redirect", r"suspicious",
        ),  # fmt: skip
    ),
    Kind(
        "a cookie wall",
        _any(
            r"before you continue\W*.*", r"(?:we value )?your privacy\W*(?:choices|settings)?\W*", r"(?:cookie|privacy|consent) (?:consent|settings|policy|notice|choices|preferences|wall)\W*",
            r"consent\W*", r"cookies\W*",
        ),  # fmt: skip
        _any(
            r"\bwe\b[^.]{0,80}\b(?:use|using|store|set|need|place)\b[^.]{0,60}\bcookies", r"accept (?:all|cookies|and (?:continue|close))",
            r"\bwe (?:value|respect|care about) your privacy", r"(?:manage|your|change) (?:cookie|privacy|consent) (?:settings|preferences|choices|options)",
            r"this (?:site|website|page) uses cookies", r"consent to (?:the use|our use|us|cookies)", r"before you continue to",
            r"(?:accept|agree to|allow|enable)\b[^.]{0,40}\bcookies\b[^.]{0,40}(?:continue|read|access|view|proceed)",
        ),  # fmt: skip
        _any(
            r"cookies?\b", r"consent", r"privacy", r"partners?\b", r"advert", r"personal", r"\bdata\b", r"settings", r"preferences",
            r"choices?\b", r"\baccept", r"reject", r"\bagree", r"purposes?\b", r"vendors?\b", r"\bads\b", r"audience", r"device", r"browser",
        ),  # fmt: skip
    ),
    Kind(
        "a page that scripts would make",
        _any(r"java ?script (?:is )?(?:required|disabled)\W*"),
        _any(
            r"(?:enable|turn on|activate|allow|switch on|have) java ?script", r"java ?script\b[^.]{0,40}\b(?:disabled|enabled|turned off|required|not supported|available)",
            r"(?:requires?|needs?|without) java ?script", r"your browser (?:does not|doesn.t) support", r"\bjava ?script to (?:run|view|use|see|read|continue)",
        ),  # fmt: skip
        _any(r"java ?script", r"browser", r"enable", r"scripts?\b", r"\bload", r"\bapp\b", r"reload", r"refresh"),
    ),
    Kind(
        "an error page",
        _any(
            r"(?:http )?(?:error\W*)?[45]\d\d\W*(?:error)?\W*", r"(?:http )?(?:error\W*)?(?:[45]\d\d\W*)?(?:the )?(?:page|article|story|file|site|object)?\s*(?:was |is |can.?t be |cannot be |could not be )?not found\W*(?:\(?(?:error )?404\)?)?\W*",
            r"(?:sorry\W*|oops\W*)?(?:the |this |that )?(?:page|article|story)\b.{0,30}\b(?:not be found|n.t be found|not exist|n.t exist|no longer (?:available|exists?)|n.t available|not available|unavailable|missing|gone)\W*",
            r"(?:[45]\d\d\W*)?(?:forbidden|access denied|access forbidden|bad gateway|service (?:temporarily )?unavailable|gateway time-?out|internal server error|server error|gone|too many requests|bad request|unauthori[sz]ed)\W*",
            r"oops\W*.{0,40}", r"(?:site |page )?(?:under maintenance|temporarily unavailable)\W*", r"account suspended\W*", r"we can.?t find (?:that|this|the) page\W*",
        ),  # fmt: skip
        _any(
            r"\b(?:page|article|story|url|address|file|content|link)\b[^.]{0,60}\b(?:not found|not be found|n.t be found|does not exist|doesn.t exist|no longer exists?|(?:been|was) (?:moved|removed|deleted)|no longer (?:available|here))",
            r"\bwe (?:can.?t|cannot|can not|could ?n.t|could not|are unable to)\s+(?:seem to )?(?:find|locate)\b[^.]{0,40}\b(?:page|article|story|looking for)",
            r"\b(?:error|http)\W{0,3}[45]\d\d\b", r"\b404\b\W{0,3}(?:error|not found|page)", r"you (?:do not|don.t) have permission to (?:access|view)",
            r"(?:bad gateway|service (?:temporarily )?unavailable|gateway time-?out|internal server error)",
        ),  # fmt: skip
        _any(
            r"\bpages?\b", r"found", r"error", r"\blinks?\b", r"address", r"\burl\b", r"home ?page", r"home page", r"search", r"\bsite\b",
            r"website", r"exist", r"moved", r"remov", r"sorry", r"oops", r"\btry\b", r"server", r"request", r"permission", r"\b40\d\b", r"\b50\d\b", r"looking for",
        ),  # fmt: skip
    ),
)


def why_no_article(titles: list[str], text: str) -> str:
    """Return which kind of page that is no article this one is; empty for an article.

    >>> why_no_article(["Page not found | N. Example"], "Sorry. Try the search.")
    'an error page'
    >>> why_no_article(["Ferry"], "The chair wrote “404 not found” on the board. " + "The ferry was late again. " * 9)
    ''
    """
    if len(text) > MOST_READ:
        return ""
    pieces = [piece.strip() for title in titles for piece in [title, *SITE.split(title)] if piece.strip()]
    sentences = [sentence for sentence in SENTENCE.split(text) if sentence.strip()]
    for kind in KINDS:
        titled = any(kind.titles.fullmatch(piece) for piece in pieces)
        if titled or kind.phrases.search(" ".join(text.split())):
            rest = sum(len(sentence.split()) for sentence in sentences if not kind.words.search(sentence))
            if rest < (REST_TITLED if titled else REST):
                return kind.name
    return ""


def articles_on(tree: "HtmlElement") -> int:
    """Return how many articles a page holds: elements of articles with a headline and paragraphs of their own.

    Teasers of other pages (a sentence or two, or far less than the longest one) and the same article twice count once.
    """
    nearest: dict[HtmlElement, HtmlElement | None] = {}
    words: dict[HtmlElement, int] = {}
    heads: dict[HtmlElement, str] = {}
    for element in tree.iter("*"):
        outer = element.getparent()
        nearest[element] = within = element if _is_article(element) else nearest.get(outer) if outer is not None else None
        if within is None:
            continue
        if element.tag == "p":
            words[within] = words.get(within, 0) + len(element.text_content().split())
        elif element.tag in ("h1", "h2", "h3") and within not in heads:
            heads[within] = " ".join(element.text_content().split()).lower()
    longest = max(words.values(), default=0)
    return len({heads[one] for one, count in words.items() if one in heads and count >= max(SECOND, SHARE * longest)})


def _is_article(element: "HtmlElement") -> bool:
    kind = element.get("itemtype") or ""
    names = set((element.get("class") or "").lower().split())
    return (
        element.tag == "article"
        or element.get("role") == "article"
        or kind.endswith(("Article", "BlogPosting"))
        or bool(names & {"hentry", "h-entry", "post", "story", "article"})
    )
