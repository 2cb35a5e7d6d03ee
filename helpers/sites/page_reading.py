"""A stored answer of a host goes in, as it came; its indicators come out, as JSON: kind, value, place, evidence.

This runs in a process of its own (`bounded_call`), since pages come from anywhere. What is of a person, an e-mail
address or a telephone number, leaves it as a digest only.
"""

import base64
import json
import re
from collections.abc import Iterator
from hashlib import sha256
from urllib.parse import unquote, urlsplit

from helpers.corpus.formats.encodings import charset_of, decode
from helpers.display.emails import emails
from helpers.display.masking import MASKED_EMAIL, MASKED_TELEPHONE, mask
from helpers.display.telephones import telephones
from helpers.files.urls import host_of, led_on
from helpers.sites.page_parts import AROUND, ICON_WITHIN, PageParts, page_parts
from helpers.sites.patterns import BUILDERS, FURNITURE_WORDS, NETWORKS, NO_ACCOUNTS, PATTERNS
from helpers.sites.wallets import wallet_kind, wallets

Row = tuple[str, str, str, str]  # kind, value, place, evidence

PAGE, LINES, SELLERS, ICON, SHEET = "page", "ads.txt", "sellers.json", "icon", "sheet"  # what an answer can be
MOST_OF_A_KIND = 200  # values of one kind that are kept of one page; honest pages have a handful
MOST_LINES = 20_000  # of ads.txt
MOST_SEARCHED = 8_000_000  # characters of a page’s scripts, addresses or attributes; honest ones have up to 5 million
CLIP = 60  # characters of what stands around a value that are shown
FEWEST_DIGITS = 6  # of a telephone number
DIGEST = 16  # hexadecimal digits that are kept of a person’s address: enough to compare
FEWEST_WORDS = 2  # words of a language on buttons, before its name is said
WHOLE_PICTURE = re.compile(r"data:image/[\w.+-]+;base64,(.{20,200000})\Z", re.S)
CASED = {"google_analytics", "google_analytics_4", "google_tag_manager", "google_ads", "google_tag", "floodlight"}
LOWERED = {"bing_verification", "theme", "plugin", "author", "disqus", "taboola", "mediavine", "ethereum"}
WALLETS = {"bitcoin", "litecoin", "dogecoin", "tron", "ethereum"}
MATOMO_URL = re.compile(
    r"(?:var\s+u\s*=|setTrackerUrl[\"'`]\s*,)\s*[^\"'`;]{0,60}[\"'`](?:https?:)?//"
    r"([\w.-]{4,80}(?:/[\w.-]{1,40}){0,3}?)/?(?:(?:matomo|piwik|js/?)(?:\.php)?)?[\"'`]"
)
MATOMO_SITE = re.compile(r"setSiteId[\"'`]\s*,\s*[\"'`]?(\d{1,7})\b")
ADS_LINE = re.compile(r"\s*([\w.-]{4,80})\s*,\s*([^\s,#;]{1,80})\s*,\s*(DIRECT|RESELLER)\b", re.I)
ADS_WORD = re.compile(r"\s*(OWNERDOMAIN|MANAGERDOMAIN)\s*=\s*([\w.-]{4,80})", re.I)
COPYRIGHT = re.compile(
    r"(?:©|\(c\)|&copy;|copyright)\s*(?:©\s*)?(?:\d{4}\s*(?:[-–—/]\s*(?:\d{4}|present|now))?)?\s*,?\s*(?:by\s+)?"
    r"([^|•·©\n]{3,80})",
    re.I,
)
AFTER_NAME = re.compile(
    r"[\s.,;–—-]*(?:\b(?:19|20)\d\d\b|all rights reserved|powered by|designed by|theme\b|proudly|privacy|alle rechte"
    r"|tous droits|todos los derechos|все права).*\Z",
    re.I | re.S,
)
SAME_AS = re.compile(r"\"sameAs\"\s*:\s*(\[[^\]]{0,4000}\]|\"[^\"]{0,400}\")")
GRAVATAR = re.compile(r"gravatar\.com/avatar/([0-9a-f]{32}|[0-9a-f]{64})\b")
# What the Wayback Machine writes before each address of a page that it hands out.
REWRITTEN = re.compile(r"(?:(?:https?:)?//web\.archive\.org)?/web/\d{4,14}(?:[a-z]{2}_)?/(?=https?://)")
FEED = re.compile(r"(?i)feed|rss|atom|\.xml")
OWN_RELS = re.compile(r"\b(?:canonical|shortlink|pingback|https://api\.w\.org/|edituri|wlwmanifest)", re.I)


def rows_of(url: str, headers: list[list[str]], what: str, body: str) -> bytes:
    """Return the indicators of an answer as JSON: a list of [kind, value, place, evidence].

    `headers` are pairs, `what` says what the answer is (`PAGE`, `LINES` …), `body` are its bytes in base64. Raises
    `RecordError` for a page that is too much.
    """
    content = base64.b64decode(body)
    found = {PAGE: _of_page, LINES: _of_lines, SELLERS: _of_sellers, ICON: _of_icon, SHEET: _of_sheet}[what]
    rows, counts = {}, dict[str, int]()
    for kind, value, place, evidence in [*found(content, url, dict(headers)), *_of_headers(headers)]:
        if (kind, value) not in rows and counts.get(kind, 0) < MOST_OF_A_KIND:
            counts[kind] = counts.get(kind, 0) + 1
            rows[kind, value] = (kind, value, place, evidence)
    return json.dumps(list(rows.values())).encode()


def _of_page(content: bytes, url: str, headers: dict[str, str]) -> Iterator[Row]:
    from helpers.corpus.formats.web_page import page_text, tree_of

    html, _ = page_text(content, charset_of(headers.get("content-type", "")))
    tree = tree_of(REWRITTEN.sub("", html))
    if tree is None:
        return
    parts = page_parts(tree)
    for finder in FINDERS:
        yield from finder(parts, url)


def _by_patterns(parts: PageParts, url: str) -> Iterator[Row]:
    for pattern in PATTERNS:
        part = getattr(parts, pattern.where)
        for match in pattern.written.finditer(part.text[:MOST_SEARCHED]):
            groups = match.groupdict()
            value = groups.get("v") or groups.get("v2") or ""
            if value and (pattern.kind not in WALLETS or wallet_kind(value)):
                yield (
                    pattern.kind,
                    _value(pattern.kind, value, groups.get("host")),
                    part.place(match.start()),
                    _around(match),
                )


def _value(kind: str, value: str, host: str | None = None) -> str:
    """A value as it is compared: capitals only where they count, the network before what only it knows."""
    value = unquote(value)
    value = value.upper() if kind in CASED else value.lower() if kind in LOWERED else value
    return f"{host.lower()}|{value}" if host else value


def _around(match: re.Match) -> str:
    """What stands around a value, on a line, addresses masked."""
    text, (start, end) = match.string, match.span()
    return mask(" ".join(text[max(0, start - 10) : end + 10][: 2 * CLIP + end - start].split()))[: 3 * CLIP]


def _matomo(parts: PageParts, url: str) -> Iterator[Row]:
    """A Matomo site is known by its server and its number, which stand apart in a script."""
    for piece in parts.script.pieces:
        servers, sites = MATOMO_URL.findall(piece), MATOMO_SITE.findall(piece)
        if "setSiteId" in piece and servers and sites:
            server = re.sub(r"/(?:matomo|piwik|js)$", "", servers[0].lower())
            yield "matomo", f"{server}|{sites[0]}", "script in the page", f"{server}, setSiteId {sites[0]}"
            if server.split("/")[0] != host_of(url):
                yield "matomo_server", server.split("/")[0], "script in the page", f"{server}, setSiteId {sites[0]}"


def _wallets(parts: PageParts, url: str) -> Iterator[Row]:
    """Wallets in the words around the article and in attributes; one in an article is somebody’s, who knows whose."""
    for part, where in ((parts.around, "around the article"), (parts.attribute, "attribute")):
        for piece in part.pieces:
            for kind, address, _ in wallets(piece):
                yield kind, _value(kind, address), where, address


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:DIGEST]


def _emails(parts: PageParts, url: str) -> Iterator[Row]:
    """E-mail addresses that a page links to, hides or shows around the article, as digests."""
    found = [
        (address[7:].partition("?")[0], "link mailto")
        for _, address, _ in parts.own_links
        if address[:7].lower() == "mailto:"
    ]
    hidden = (line for line in parts.attribute.pieces if " data-cfemail=" in line[:40])
    found += [(_unhidden(line.partition("=")[2]), "hidden address") for line in hidden]
    for piece, place in _around_pieces(parts):
        found += [(piece[start:end], place) for start, end in emails(piece)] if "@" in piece else []
    for address, place in found:
        if "@" in (written := unquote(address).strip().lower()):
            yield "email", _digest(written), place, MASKED_EMAIL


def _around_pieces(parts: PageParts) -> Iterator[tuple[str, str]]:
    return zip(parts.around.pieces, parts.around.places, strict=True)


def _telephones(parts: PageParts, url: str) -> Iterator[Row]:
    """Telephone numbers that a page links to or has in its head, foot or sides, as digests."""
    found = [(unquote(address), "link tel") for _, address, _ in parts.own_links if address[:4].lower() == "tel:"]
    for piece, place in _around_pieces(parts):
        found += [(piece[start:end], place) for start, end in telephones(piece)] if place != AROUND else []
    for number, place in found:
        if len(digits := re.sub(r"\D", "", number)) >= FEWEST_DIGITS:
            yield "telephone", _digest(digits), place, MASKED_TELEPHONE


def _names(parts: PageParts, url: str) -> Iterator[Row]:
    """Who says © of the site, and whose picture stands around the article."""
    for piece, place in _around_pieces(parts):
        match = COPYRIGHT.search(piece) if place != AROUND else None
        name = AFTER_NAME.sub("", match[1]).strip(" .,;-–—").casefold() if match else ""
        if len(name) >= 3 and mask(name) == name:
            yield "copyright", name, place, piece[: 2 * CLIP]
    for address in parts.own_images:
        if match := GRAVATAR.search(address):
            yield "gravatar", _digest(match[1]), "address of img", "the address holds a digest of an e-mail address"


def _unhidden(written: str) -> str:
    """An address that Cloudflare hides from programs: each byte XOR the first (as its own script reads it)."""
    try:
        signs = bytes.fromhex(written)
        return bytes(sign ^ signs[0] for sign in signs[1:]).decode() if signs else ""
    except ValueError:
        return ""


def _social(parts: PageParts, url: str) -> Iterator[Row]:
    named = [(address, f"link{' rel=me' if 'me' in rel.split() else ''}") for rel, address, _ in parts.own_links]
    for written in parts.json_ld:
        for listed in SAME_AS.findall(written[:MOST_SEARCHED]):
            named += [
                (address.replace("\\/", "/"), "JSON-LD sameAs") for address in re.findall(r"\"([^\"]+)\"", listed)
            ]
    for line in parts.meta.pieces:
        name, _, content = line.partition("=")
        if name in ("twitter:site", "twitter:creator") and re.fullmatch(r"@\w{2,20}", content):
            named.append((f"https://twitter.com/{content[1:]}", f"meta {name}"))
    for address, place in named:
        if account := _account(address):
            yield "social", account, place, account


def _account(address: str) -> str:
    """The account that an address leads to, as network/name; empty where it is none."""
    host = host_of(led_on(address, "https://")).removeprefix("m.").removeprefix("web.")
    for network, before in NETWORKS:
        if host == network:
            found = re.match(rf"/{before}(@?[\w.-]{{2,80}})(?:/|\Z)", unquote(urlsplit(address).path))
            if found and found[1] not in NO_ACCOUNTS and not re.search(r"[?&](?:text|url|u)=", address):
                return f"{'twitter.com' if network == 'x.com' else network}/{found[1].lstrip('@').lower()}"
    return ""


def _own_address(parts: PageParts, url: str) -> Iterator[Row]:
    """Another host that the page gives as its own: what is left of a copy or a move."""
    named = [(address, f"link rel={rel}") for rel, address in parts.heads if OWN_RELS.search(rel)]
    named += [(line[7:], "meta og:url") for line in parts.meta.pieces if line.startswith("og:url=")]
    for address, place in named:
        if host := _other_host(address, url):
            yield "own_address", host, place, address[: 2 * CLIP]


def _build(parts: PageParts, url: str) -> Iterator[Row]:
    """The builder by its marks, and where it puts its feed."""
    for name, where, mark in BUILDERS:
        if match := mark.search(getattr(parts, where).text[:MOST_SEARCHED]):
            yield "builder", name, getattr(parts, where).place(match.start()), _around(match)
    for rel, address in parts.heads:
        here = led_on(address, url)
        if "alternate" in rel and FEED.search(address) and host_of(here) == host_of(url) != "":
            path, query = urlsplit(here).path, urlsplit(here).query
            yield "feed", f"{path}{'?' if query else ''}{query}", f"link rel={rel}", address[: 2 * CLIP]


def _icons(parts: PageParts, url: str) -> Iterator[Row]:
    """Icons that are written into the page itself."""
    for rel, address in parts.heads:
        match = WHOLE_PICTURE.match(address) if rel == ICON_WITHIN else None
        try:
            content = base64.b64decode(match[1]) if match else b""
        except ValueError:
            continue
        yield from _icon(content, "link rel=icon, in the page")


def _styles(parts: PageParts, url: str) -> Iterator[Row]:
    """The style sheets of the site, and the classes and ids of the page; names with figures are of single articles."""
    for address in parts.sheets:
        if host_of(led_on(address, url)) == host_of(url) != "":
            yield "css_file", urlsplit(led_on(address, url)).path, "link rel=stylesheet", address[: 2 * CLIP]
    names = sorted(name for name in parts.names if not any(sign.isdigit() for sign in name))
    if names:
        yield "css_names", _digest(" ".join(names)), f"{len(names)} classes and ids", " ".join(names)


def _assets(parts: PageParts, url: str) -> Iterator[Row]:
    """Other hosts that pictures, scripts and style sheets come from."""
    loaded = [("image_host", "img", address) for address in parts.images]
    loaded += [("script_host", "script or style sheet", address) for address in (*parts.scripts, *parts.sheets)]
    for kind, what, address in loaded:
        if host := _other_host(address, url):
            yield kind, host, f"address of {what}", address[: 2 * CLIP]


def _other_host(address: str, url: str) -> str:
    """The host of an address, if it is another than that of the page and none above or below it; else empty."""
    host, own = host_of(led_on(address, url)), host_of(url)
    is_own = not host or not own or host == own or host.endswith(f".{own}") or own.endswith(f".{host}")
    return "" if is_own else host


def _language(parts: PageParts, url: str) -> Iterator[Row]:
    said = parts.language.split("-")[0].split("_")[0].lower()
    if said:
        yield "language", said, "html lang", parts.language[:CLIP]
    words = {piece.casefold().strip(" →»›…:.") for piece in parts.around.pieces if len(piece) <= CLIP}
    counts = {code: sum(word in words for word in known) for code, known in FURNITURE_WORDS.items()}
    code, most = max(counts.items(), key=lambda entry: entry[1])
    if most >= FEWEST_WORDS and said and code != said:
        shown = ", ".join(word for word in FURNITURE_WORDS[code] if word in words)
        yield "furniture_language", f"{code} on a page in {said}", "words around the article", shown[: 2 * CLIP]


FINDERS = (
    *(_by_patterns, _matomo, _wallets, _emails, _telephones, _names, _social, _own_address),
    *(_build, _icons, _styles, _assets, _language),
)


def _of_lines(content: bytes, url: str, headers: dict[str, str]) -> Iterator[Row]:
    """ads.txt: who sells the space (direct), who owns the site. Resellers are a network’s list, and say nothing."""
    lines = decode(content)[0].splitlines()[:MOST_LINES]
    for number, line in enumerate(lines, 1):
        if (match := ADS_LINE.match(line)) and match[3].upper() == "DIRECT":
            seller, account = match[1].lower(), match[2]
            if seller == "google.com" and re.fullmatch(r"pub-\d{16}", account):
                yield "adsense", account, f"ads.txt, line {number}", line[: 2 * CLIP]
            yield "ads_txt", f"{seller}|{account}", f"ads.txt, line {number}", line[: 2 * CLIP]
        elif (match := ADS_WORD.match(line)) and match[2].lower() != host_of(url):
            kind = "ads_txt_owner" if match[1].upper() == "OWNERDOMAIN" else "ads_txt_manager"
            yield kind, match[2].lower(), f"ads.txt, line {number}", line[: 2 * CLIP]


def _of_sellers(content: bytes, url: str, headers: dict[str, str]) -> Iterator[Row]:
    try:
        sellers = json.loads(decode(content)[0]).get("sellers", [])
    except (ValueError, AttributeError, RecursionError):
        return
    for number, seller in enumerate(sellers[:MOST_LINES] if isinstance(sellers, list) else [], 1):
        if isinstance(seller, dict) and seller.get("seller_id"):
            evidence = mask(f"{seller.get('name', '')} {seller.get('domain', '')}".strip())
            yield (
                "sellers_json",
                f"{host_of(url)}|{str(seller['seller_id'])[:80]}",
                f"sellers.json, seller {number}",
                evidence[: 2 * CLIP],
            )


def _of_icon(content: bytes, url: str, headers: dict[str, str]) -> Iterator[Row]:
    yield from _icon(content, "the file itself")


def _icon(content: bytes, place: str) -> Iterator[Row]:
    if not content.strip():
        return
    yield "favicon", sha256(content).hexdigest()[:32], place, f"{len(content):,} bytes"
    yield "favicon_murmur", str(icon_number(content)), place, f"{len(content):,} bytes"


def icon_number(content: bytes) -> int:
    """Return the number by which search engines of devices (Shodan, Censys) find an icon.

    It is MurmurHash3 (Appleby 2011, x86, 32 bits, seed 0) of the icon in Base64 with line breaks, as a signed number:
    https://blog.shodan.io/deep-dive-http-favicon/.

    >>> icon_number(b"an icon")
    1155254631
    """
    from sklearn.utils import murmurhash3_32  # here, since it takes a second, and most answers are no icon

    return int(murmurhash3_32(base64.encodebytes(content), seed=0))


def _of_sheet(content: bytes, url: str, headers: dict[str, str]) -> Iterator[Row]:
    if content.strip():
        yield "css_content", sha256(content).hexdigest()[:32], "the file itself", f"{len(content):,} bytes"


def _of_headers(headers: list[list[str]]) -> Iterator[Row]:
    for name, value in headers:
        if name.lower() in ("server", "x-powered-by", "x-generator") and value.strip():
            yield "server", re.split(r"[/ (]", value.strip())[0].lower()[:CLIP], f"header {name}", value[: 2 * CLIP]
