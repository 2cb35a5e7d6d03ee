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

REST = 25  # words in other sentences that make an article out of a page with such a title or a set phrase
OFTEN = 15  # words for each word of such pages, at the most, in a sentence of one
REST_BOTH = 100  # the same, for a page with both: error pages list what else there is
MOST_READ = 20_000  # characters; longer texts are articles
SECOND = 40  # words in paragraphs that make a headline's text an article
SHARE = 0.2  # of the longest one's words; less is a teaser of another page
MOST_ENTRIES = 200  # of a live blog that are looked at
ENTRY = re.compile(r"(?:^|[\s_-])live[\s_-]?(?:blog)?[\s_-]?(?:post|update|entry|item)s?(?:$|[\s_-])", re.I)
SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
SITE = re.compile(r"\s+[|–—·•-]\s+|\s*\|\s*")
QUOTED = re.compile(r"“[^“”]{0,500}”|\"[^\"]{0,500}\"|‘[^‘’]{0,500}’(?!\w)")
ANEW = "open the page in a browser, save it when the article is to be seen, or leave it out."


@dataclass(frozen=True)
class Kind:
    """A kind of page that is no article: what it is called, its titles, its set phrases, the words of its sentences."""

    name: str
    titles: re.Pattern[str]
    phrases: re.Pattern[str]
    words: re.Pattern[str]


def _any(patterns: str) -> re.Pattern[str]:
    """One pattern for a list of them, one a line."""
    return re.compile("|".join(f"(?:{line.strip()})" for line in patterns.strip().splitlines()), re.I)


BOT_CHECK = Kind(
    "a bot check",
    titles=_any(r"""
        just a moment\W*
        attention required\W*
        (?:please )?(?:wait|stand by)\W*
        security (?:check|verification)\W*
        checking your browser\W*.*
        are you (?:a robot|human)\W*
        (?:human|robot|bot) (?:verification|check|detection)\W*
        (?:please )?verify (?:that )?you are (?:a )?human\W*
        pardon our interruption\W*
        one more step\W*
        ddos-?guard\W*
        captcha\W*.*
        request unsuccessful\W*
    """),
    phrases=_any(r"""
        verif(?:y|ying)\b.{0,20}\byou.{0,5}re? (?:a )?(?:human|not a (?:ro)?bot)
        verif(?:y|ying) you are
        (?:confirm|prove)\b.{0,20}\byou.{0,5}re? (?:a )?(?:human|not a (?:ro)?bot)
        (?:mak(?:e|ing)|be) sure (?:that )?you.re not a (?:ro)?bot
        made us think (?:that )?you (?:were|are|might be) a (?:ro)?bot
        checking (?:if the site connection is secure|your browser)
        java ?script and cookies to continue
        (?:review|check) the security of your connection
        unusual (?:traffic|activity)\b.{0,40}\b(?:your|network)
        press (?:&|and) hold
        (?:complete|solve) the (?:captcha|security check|challenge|puzzle)
        are you (?:a robot|human)\?
        i.?m not a robot
        (?:performance|security) (?:&|and) security by cloudflare
        incapsula incident
        you have been blocked
        automated (?:requests|queries|access)
    """),
    words=_any(r"""
        \bhuman
        robot
        \bbots?\b
        browser
        security
        connection
        cookies?\b
        java ?script
        captcha
        traffic
        \brequests?\b
        \bray id
        network
        block
        \bmoment\b
        cloudflare
        verif
        \bip\b
        \baccess
        automat
        seconds
        redirect
        suspicious
    """),
)
COOKIE_WALL = Kind(
    "a cookie wall",
    titles=_any(r"""
        before you continue\W*.*
        (?:we value )?your privacy\W*(?:choices|settings)?\W*
        (?:cookie|privacy|consent) (?:consent|settings|policy|notice|choices|preferences|wall)\W*
    """),
    phrases=_any(r"""
        \bwe\b[^.]{0,80}\b(?:use|using|store|set|need|place)\b[^.]{0,60}\bcookies
        accept (?:all|cookies|and (?:continue|close))
        \bwe (?:value|respect|care about) your privacy
        (?:manage|your|change) (?:cookie|privacy|consent) (?:settings|preferences|choices|options)
        this (?:site|website|page) uses cookies
        consent to (?:the use|our use|us|cookies)
        before you continue to
        (?:accept|agree to|allow|enable)\b[^.]{0,40}\bcookies\b[^.]{0,40}(?:continue|read|access|view|proceed)
    """),
    words=_any(r"""
        cookies?\b
        consent
        privacy
        partners?\b
        advert
        personal
        \bdata\b
        settings
        preferences
        choices?\b
        \baccept
        reject
        \bagree
        purposes?\b
        vendors?\b
        \bads\b
        audience
        device
        browser
    """),
)
OF_SCRIPTS = Kind(
    "a page that scripts would make",
    titles=_any(r"java ?script (?:is )?(?:required|disabled)\W*"),
    phrases=_any(r"""
        (?:enable|turn on|activate|allow|switch on|have) java ?script
        java ?script\b[^.]{0,40}\b(?:disabled|enabled|turned off|required|not supported|available)
        (?:requires?|needs?|without) java ?script
        \bjava ?script to (?:run|view|use|see|read|continue)
        your browser (?:does not|doesn.t) support
        ^\W*(?:loading|please wait|redirecting)\b[^a-z]*$
    """),
    words=_any(r"""
        java ?script
        browser
        enable
        scripts?\b
        \bload
        \bwait\b
        redirect
        \bapp\b
        refresh
    """),
)
ERROR_PAGE = Kind(
    "an error page",
    titles=_any(r"""
        (?:http )?(?:error\W*)?[45]\d\d\W*(?:error)?\W*
        (?:error\W*)?(?:[45]\d\d\W*)?(?:(?:the )?(?:page|article|file|object) )?.{0,12}not (?:be )?found\W*(?:404)?\W*
        (?:sorry\W*|oops\W*)?(?:the |this |that )?(?:page|article|story)\b.{0,30}\b(?:be|n.t be) found\W*
        (?:sorry\W*|oops\W*)?(?:the |this |that )?(?:page|article|story)\b.{0,30}\b(?:not|n.t|longer) exists?\W*
        (?:sorry\W*|oops\W*)?(?:the |this |that )?(?:page|article|story)\b.{0,30}\b(?:not|n.t|longer) available\W*
        (?:sorry\W*|oops\W*)?(?:the |this |that )?(?:page|article|story)\b.{0,10}\b(?:unavailable|missing|gone)\W*
        (?:[45]\d\d\W*)?(?:forbidden|access (?:denied|forbidden)|bad gateway|bad request|unauthori[sz]ed)\W*
        (?:[45]\d\d\W*)?(?:service (?:temporarily )?unavailable|gateway time-?out|too many requests)\W*
        (?:[45]\d\d\W*)?(?:internal )?server error\W*
        oops\W*
        (?:site |page )?(?:under maintenance|temporarily unavailable)\W*
        account suspended\W*
        we can.?t find (?:that|this|the) page\W*
    """),
    phrases=_any(r"""
        \b(?:page|article|story|url|address|file|content|link)\b[^.]{0,60}\b(?:not (?:be )?found|n.t be found)
        \b(?:page|article|story|url|address|file|content|link)\b[^.]{0,60}\b(?:not exist|n.t exist|longer exists?)
        \b(?:page|article|story|url|address|file|content|link)\b[^.]{0,60}\b(?:been|was) (?:moved|removed|deleted)
        \b(?:page|article|story|url|address|file|content|link)\b[^.]{0,60}\bno longer (?:available|here)
        \bwe (?:can.?t|cannot|could ?n.t|could not|are unable to) (?:seem to )?(?:find|locate)\b[^.]{0,40}\bpage
        \bwe (?:can.?t|cannot|could ?n.t|could not) (?:seem to )?find\b[^.]{0,40}\b(?:article|story|looking for)
        \b(?:error|http)\W{0,3}[45]\d\d\b
        \b404\b\W{0,3}(?:error|not found|page)
        you (?:do not|don.t) have permission to (?:access|view)
        bad gateway|service (?:temporarily )?unavailable|gateway time-?out|internal server error
    """),
    words=_any(r"""
        \bpages?\b
        found
        error
        \blinks?\b
        address
        \burl\b
        home ?page
        search
        \bsite\b
        website
        exist
        moved
        remov
        sorry
        oops
        \btry\b
        server
        request
        permission
        \b[45]0\d\b
        looking for
    """),
)
# The pages of firewalls that have a name, and bot checks in other languages. Their set phrases stand in no article, so
# more words may count as theirs.
FIREWALL = Kind(
    "a bot check",
    titles=_any(r"""
        making sure you.?re not a bot\W*
        access to this page has been blocked\W*.*
        your access to this site has been limited\W*.*
        (?:nur |nur noch )?einen moment\W*(?:bitte)?\W*
        un instant\W*
        un momento\W*
    """),
    phrases=_any(r"""
        \benable js and disable any ad ?blocker
        unusual behaviou?r from your (?:device|browser|network)
        slide (?:right|left)\b.{0,40}\bto (?:secure|verify|continue|complete|unlock)
        your access to this (?:site|service|page) has been limited
        generated by wordfence
        sucuri website firewall
        protected by anubis
        \banubis uses a proof-of-work
        \bbestätigen sie\b.{0,30}\bmensch
        sicherheit ihrer verbindung (?:zu )?überprüfen
        \bvérifi\w+\b.{0,30}\bêtes (?:un )?humain
        vérifier la sécurité de votre connexion
        \bverifi\w+\b.{0,30}\b(?:eres|es) (?:un )?humano
    """),
    words=_any(r"""
        \bhuman
        \bbot
        robot
        browser
        \bdevice
        network
        java ?script
        \baccess
        block
        \bip\b
        security
        firewall
        site owner
        owner of this site
        whitelist
        wordfence
        \banubis
        scrap(?:ing|er)
        proof-of-work
        websites?\b
        administrator
        puzzle
        \bjs\b
        \bmoment
        \bmensch
        sekunden
        sicherheit
        verbindung
        connexion
        conexión
        segur
    """),
)
REFUSAL = Kind(
    "an error page",
    titles=_any(r"""
        (?:error\W*)?the request could not be satisfied\W*
        (?:451\W*)?unavailable (?:due to|for) legal reasons\W*
    """),
    phrases=_any(r"""
        \bthe request could not be satisfied
        attempting to access this (?:web)?site from a country belonging to the european economic area
    """),
    words=_any(r"""
        error
        request
        block
        traffic
        configuration
        server
        \bapp\b
        website
        cloudfront
        european economic area
        \baccess
        \bcontact
    """),
)
KINDS = (BOT_CHECK, COOKIE_WALL, OF_SCRIPTS, ERROR_PAGE, FIREWALL, REFUSAL)


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
    own = QUOTED.sub(" ", text)  # what an article quotes of such a page makes it none
    sentences = [(len(sentence.split()), sentence) for sentence in SENTENCE.split(own)]
    for kind in KINDS:
        is_titled = any(kind.titles.fullmatch(piece) for piece in pieces)
        has_phrase = bool(kind.phrases.search(" ".join(own.split())))
        if is_titled or has_phrase:
            rest = sum(count for count, words in sentences if count > OFTEN * len(kind.words.findall(words)))
            if rest < (REST_BOTH if is_titled and has_phrase else REST):
                return kind.name
    return ""


def articles_on(tree: "HtmlElement") -> int:
    """Return how many articles a page holds: elements of articles with a headline and paragraphs of their own.

    Outside such elements an `<h1>` with the paragraphs below it counts as one. Teasers of other pages (a sentence or
    two, or far less than the longest one) and the same article twice count once.
    """
    nearest: dict[HtmlElement, HtmlElement | None] = {}
    words: dict[HtmlElement, int] = {}
    heads: dict[HtmlElement, str] = {}
    loose: HtmlElement | None = None  # the last headline outside elements of articles
    for element in tree.iter("*"):
        outer = element.getparent()
        nearest[element] = within = (
            element if _is_article(element) else nearest.get(outer) if outer is not None else None
        )
        if within is None and element.tag == "h1":
            loose = element
        of = loose if within is None else within
        if of is not None and element.tag == "p":
            words[of] = words.get(of, 0) + len(element.text_content().split())
        elif of is not None and element.tag in ("h1", "h2", "h3") and of not in heads:
            heads[of] = " ".join(element.text_content().split()).lower()
    longest = max(words.values(), default=0)
    return len({heads[one] for one, count in words.items() if one in heads and count >= max(SECOND, SHARE * longest)})


def entries_on(tree: "HtmlElement") -> int:
    """Return how many entries of a live blog, or sections of a page without an article, have texts of their own.

    A section counts where the page has neither a headline outside of it nor an element of an article: in an article
    sections are parts.
    """
    found = [one for one in tree.iter("div", "section", "li") if ENTRY.search(one.get("class") or "")]
    if not found and not _is_one_article(tree):
        found = [one for one in tree.iter("section") if one.find(".//section") is None]
    found = found[:MOST_ENTRIES]
    heads: dict[str, int] = {}
    for one in found:
        head = next((" ".join(part.text_content().split()).lower() for part in one.iter("h2", "h3", "h4")), "")
        words = sum(len(part.text_content().split()) for part in one.iter("p"))
        heads[head] = max(words, heads.get(head, 0))
    longest = max(heads.values(), default=0)
    return sum(bool(head) and count >= max(SECOND, SHARE * longest) for head, count in heads.items())


def _is_one_article(tree: "HtmlElement") -> bool:
    """Whether a page has an element of an article, or a headline above its sections."""
    heads = tree.xpath("//h1 | //h2[not(ancestor::section)]")
    return bool(heads) or any(_is_article(one) for one in tree.iter("*"))


def _is_article(element: "HtmlElement") -> bool:
    kind = element.get("itemtype") or ""
    names = set((element.get("class") or "").lower().split())
    return (
        element.tag == "article"
        or element.get("role") == "article"
        or kind.endswith(("Article", "BlogPosting"))
        or bool(names & {"hentry", "h-entry", "post", "story", "article"})
    )
