# ruff: noqa: E501  # pieces of HTML stand in one line, as they are pasted
"""A random generator goes in; what a vendor's documentation has one paste into a page comes out, with made-up numbers.

Each kind has one or more ways in which it stands in pages, written after the vendor's public documentation (named in
`helpers/sites/tables/kinds.csv`). `{x}` is the made-up identifier. Where in the page a piece belongs is said with it.
"""

import random
import string
from collections.abc import Callable
from hashlib import sha256
from typing import NamedTuple

DIGITS, UPPER, LOWER, HEX = (
    string.digits,
    string.ascii_uppercase + string.digits,
    string.ascii_lowercase,
    "0123456789abcdef",
)
MIXED = string.ascii_letters + string.digits
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

Id = Callable[[random.Random], str]


class Snippet(NamedTuple):
    """A piece of HTML with `{x}` in it, where it belongs (head, body, foot), how `x` is made, how it is compared."""

    kind: str
    where: str
    html: str
    make: Id
    value: Callable[[str], str] = str


def of(signs: str, length: int, before: str = "", behind: str = "") -> Id:
    """An identifier of so many signs, the first no zero."""

    def make(rng: random.Random) -> str:
        first = rng.choice(signs.replace("0", "") or signs)
        return before + first + "".join(rng.choice(signs) for _ in range(length - 1)) + behind

    return make


def uuid(rng: random.Random) -> str:
    return "-".join(of(HEX, size)(rng) for size in (8, 4, 4, 4, 12))


def name(rng: random.Random) -> str:
    first = rng.choice("amber birch cobalt delta ember fjord grove harbor indigo juniper kestrel linden".split())
    last = rng.choice("herald courier ledger pulse wire lantern gazette signal bulletin dispatch".split())
    return f"{first}{last}{rng.randrange(10, 99)}"


def bitcoin(rng: random.Random) -> str:
    content = bytes([0, *rng.randbytes(20)])
    content += sha256(sha256(content).digest()).digest()[:4]
    number, signs = int.from_bytes(content, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        signs = BASE58[rest] + signs
    return "1" + signs


def ethereum(rng: random.Random) -> str:
    return "0x" + rng.randbytes(20).hex()


def digest(text: str) -> str:
    return sha256(text.lower().encode()).hexdigest()[:16]


def email(rng: random.Random) -> str:
    return f"{name(rng)}@{name(rng)}.example"


GTAG = (
    '<script async src="https://www.googletagmanager.com/gtag/js?id={x}"></script>\n<script>\n'
    "window.dataLayer = window.dataLayer || [];\nfunction gtag(){{dataLayer.push(arguments);}}\ngtag('js', new Date());\n"
    "gtag('config', '{x}');\n</script>"
)
GA = (
    "<script>(function(i,s,o,g,r,a,m){{i['GoogleAnalyticsObject']=r;}})(window,document,'script',"
    "'https://www.google-analytics.com/analytics.js','ga');\nga('create', '{x}', 'auto');\nga('send', 'pageview');</script>"
)
GAQ = "<script>var _gaq = _gaq || [];\n_gaq.push(['_setAccount', '{x}']);\n_gaq.push(['_trackPageview']);</script>"
GTM = (
    "<script>(function(w,d,s,l,i){{w[l]=w[l]||[];w[l].push({{'gtm.start':new Date().getTime(),event:'gtm.js'}});"
    "var j=d.createElement(s);j.src='https://www.googletagmanager.com/gtm.js?id='+i;}})"
    "(window,document,'script','dataLayer','{x}');</script>"
)
ADSENSE = (
    '<script async src="https://pagead2.googlesyndication.com/pagead/js/adsbygoogle.js?client=ca-{x}"'
    ' crossorigin="anonymous"></script>'
)
PIXEL = (
    "<script>!function(f,b,e,v){{f.fbq=function(){{}};}}(window,document,'script',"
    "'https://connect.facebook.net/en_US/fbevents.js');\nfbq('init', '{x}');\nfbq('track', 'PageView');</script>"
)
MATOMO = (
    "<script>var _paq = window._paq = window._paq || [];\n_paq.push(['trackPageView']);\n(function() {{\n"
    "var u=\"//stats.{x}.example/\";\n_paq.push(['setTrackerUrl', u+'matomo.php']);\n_paq.push(['setSiteId', '7']);\n"
    "var d=document, g=d.createElement('script');g.src=u+'matomo.js';\n}})();</script>"
)
HOTJAR = "<script>(function(h,o,t,j){{h._hjSettings={{hjid:{x},hjsv:6}};}})(window,document);</script>"
CLARITY = (
    '<script>(function(c,l,a,r,i,t,y){{t=l.createElement(r);t.src="https://www.clarity.ms/tag/"+i;}})'
    '(window, document, "clarity", "script", "{x}");</script>'
)
METRICA = '<script>(function(m,e){{}})(window,document);\nym({x}, "init", {{clickmap:true, webvisor:true}});</script>'
TABOOLA = (
    "<script>window._taboola = window._taboola || [];\n!function (e, f, u, i) {{e.src = u;}}"
    "(document.createElement('script'),1,'//cdn.taboola.com/libtrc/{x}/loader.js','tb_loader_script');</script>"
)


def ua(value: str) -> str:
    return value.rpartition("-")[0]


def meta(name: str) -> str:
    return f'<meta name="{name}" content="{{x}}">'


def link(address: str) -> str:
    return f'<p>We like <a rel="sponsored" href="{address}">this</a>.</p>'


SNIPPETS = [
    Snippet("adsense", "head", ADSENSE, of(DIGITS, 16, "pub-")),
    Snippet("adsense", "body", '<ins class="adsbygoogle" data-ad-client="ca-{x}" data-ad-slot="1122"></ins>', of(DIGITS, 16, "pub-")),
    Snippet("adsense", "body", '<script>google_ad_client = "{x}";\ngoogle_ad_slot = "99";</script>', of(DIGITS, 16, "pub-")),
    Snippet("ad_manager", "head", "<script>googletag.defineSlot('/{x}/front/top', [728, 90], 'd1');</script>", of(DIGITS, 8)),
    Snippet("google_ads", "head", GTAG, of(DIGITS, 10, "AW-")),
    Snippet("floodlight", "head", GTAG, of(DIGITS, 7, "DC-")),
    Snippet("yandex_ads", "body", '<script>Ya.Context.AdvManager.render({{ blockId: "{x}-1", renderTo: "y" }});</script>', of(DIGITS, 7, "R-A-")),
    Snippet("taboola", "head", TABOOLA, name),
    Snippet("outbrain", "body", '<div class="OUTBRAIN" data-widget-id="AR_1" data-ob-template="{x}"></div>', name),
    Snippet("mgid", "body", '<div data-type="_mgwidget" data-widget-id="{x}"></div><script src="https://jsc.mgid.com/site/8.js"></script>', of(DIGITS, 7)),
    Snippet("mgid", "body", '<script async src="https://jsc.mgid.com/n/e/news.example.{x}.js"></script>', of(DIGITS, 7)),
    Snippet("criteo", "head", '<script>window.criteo_q.push({{ event: "setAccount", account: {x} }});</script>', of(DIGITS, 5)),
    Snippet("revcontent", "body", '<div data-rc-widget="{x}" data-widget-host="habitat"></div>', of(DIGITS, 6)),
    Snippet("mediavine", "head", '<script async src="//scripts.mediavine.com/tags/{x}.js"></script>', name),
    Snippet("raptive", "head", '<script src="https://ads.adthrive.com/sites/{x}/ads.min.js"></script>', of(HEX, 24)),
    Snippet("amazon_ads", "head", "<script>apstag.init({{ pubID: '{x}', adServer: 'googletag' }});</script>", uuid),
    Snippet("prebid_account", "head", "<script>var a = {{bidder: 'rubicon', params: {{ accountId: '{x}', siteId: '4' }}}};</script>", of(DIGITS, 5), "rubicon|{}".format),
    Snippet("google_tag_manager", "head", GTM, of(UPPER, 7, "GTM-")),
    Snippet("google_tag_manager", "body", '<noscript><iframe src="https://www.googletagmanager.com/ns.html?id={x}"></iframe></noscript>', of(UPPER, 7, "GTM-")),
    Snippet("google_analytics", "head", GA, of(DIGITS, 8, "UA-", "-2"), ua),
    Snippet("google_analytics", "head", GAQ, of(DIGITS, 7, "UA-", "-1"), ua),
    Snippet("google_analytics_4", "head", GTAG, of(UPPER, 10, "G-")),
    Snippet("google_tag", "head", GTAG, of(UPPER, 9, "GT-")),
    Snippet("meta_pixel", "head", PIXEL, of(DIGITS, 15)),
    Snippet("meta_pixel", "body", '<noscript><img src="https://www.facebook.com/tr?id={x}&ev=PageView&noscript=1"></noscript>', of(DIGITS, 16)),
    Snippet("facebook_app", "head", '<meta property="fb:app_id" content="{x}">', of(DIGITS, 15)),
    Snippet("facebook_admin", "head", '<meta property="fb:pages" content="{x}">', of(DIGITS, 12)),
    Snippet("yandex_metrica", "head", METRICA, of(DIGITS, 8)),
    Snippet("yandex_metrica", "body", '<noscript><img src="https://mc.yandex.ru/watch/{x}" alt=""></noscript>', of(DIGITS, 8)),
    Snippet("matomo", "head", MATOMO, name, lambda x: f"stats.{x}.example|7"),
    Snippet("matomo", "body", '<noscript><img src="https://stats.{x}.example/matomo.php?idsite=12&rec=1"></noscript>', name, lambda x: f"stats.{x}.example|12"),
    Snippet("clarity", "head", CLARITY, of(LOWER, 10)),
    Snippet("bing_ads", "head", "<script>(function(w,d,t,r,u){{w[u]=w[u]||[];var o={{ti:\"{x}\"}};}})(window);</script>", of(DIGITS, 8)),
    Snippet("hotjar", "head", HOTJAR, of(DIGITS, 7)),
    Snippet("quantcast", "body", '<script>_qevents.push({{qacct:"{x}"}});</script>', of(MIXED, 13, "p-")),
    Snippet("cloudflare_insights", "body", "<script defer src='https://static.cloudflareinsights.com/beacon.min.js' data-cf-beacon='{{\"token\": \"{x}\"}}'></script>", of(HEX, 32)),
    Snippet("comscore", "head", '<script>_comscore.push({{ c1: "2", c2: "{x}" }});</script>', of(DIGITS, 8)),
    Snippet("statcounter", "body", "<script>var sc_project={x};\nvar sc_security=\"a1b2\";</script>", of(DIGITS, 8)),
    Snippet("mailru_counter", "body", '<noscript><img src="https://top-fwz1.mail.ru/counter?id={x};js=na" alt=""></noscript>', of(DIGITS, 7)),
    Snippet("chartbeat", "head", "<script>var _sf_async_config={{}};_sf_async_config.uid = {x};</script>", of(DIGITS, 5)),
    Snippet("plausible", "head", '<script defer data-domain="{x}.example" src="https://plausible.io/js/script.js"></script>', name, "{}.example".format),
    Snippet("umami", "head", '<script defer src="https://u.site.example/script.js" data-website-id="{x}"></script>', uuid),
    Snippet("segment", "head", '<script>analytics.load("{x}");analytics.page();</script>', of(MIXED, 32)),
    Snippet("adobe_launch", "head", '<script src="//assets.adobedtm.com/launch-EN{x}.min.js"></script>', of(HEX, 32), "launch-EN{}".format),
    Snippet("adobe_analytics", "head", '<script>var s_account="{x}";</script>', name),
    Snippet("tiktok_pixel", "head", "<script>!function(w,d,t){{ttq.load('{x}');ttq.page();}}(window);</script>", of(UPPER, 20)),
    Snippet("pinterest_tag", "head", "<script>pintrk('load', '{x}', {{em: ''}});pintrk('page');</script>", of(DIGITS, 13)),
    Snippet("linkedin_tag", "head", '<script>_linkedin_partner_id = "{x}";</script>', of(DIGITS, 7)),
    Snippet("twitter_pixel", "head", "<script>twq('config','{x}');</script>", of(LOWER, 5)),
    Snippet("snap_pixel", "head", "<script>snaptr('init', '{x}', {{}});</script>", uuid),
    Snippet("vk_pixel", "head", '<script>VK.Retargeting.Init("{x}-a1B2c");</script>', of(DIGITS, 6, "VK-RTRG-"), "{}-a1B2c".format),
    Snippet("sentry", "head", '<script>Sentry.init({{ dsn: "https://{x}@o1.ingest.sentry.example/42" }});</script>', of(HEX, 32), "{}@o1.ingest.sentry.example/42".format),
    Snippet("disqus", "body", "<script>var disqus_shortname = '{x}';</script>", name),
    Snippet("disqus", "body", "<script>(function(){{var s=document.createElement('script');s.src = 'https://{x}.disqus.com/embed.js';}})();</script>", name),
    Snippet("onesignal", "head", '<script>OneSignal.push(function() {{ OneSignal.init({{ appId: "{x}" }}); }});</script>', uuid),
    Snippet("mailchimp", "foot", '<form action="https://site.us7.list-manage.com/subscribe/post?u={x}&amp;id=0a1b2c3d4e" method="post"></form>', of(HEX, 25)),
    Snippet("addthis", "body", '<script src="//s7.addthis.com/js/300/addthis_widget.js#pubid={x}"></script>', of(HEX, 16, "ra-")),
    Snippet("sharethis", "head", '<script src="https://platform-api.sharethis.com/js/sharethis.js#property={x}&product=sop"></script>', of(HEX, 24)),
    Snippet("recaptcha", "body", '<div class="g-recaptcha" data-sitekey="{x}"></div>', of(MIXED, 38, "6L")),
    Snippet("turnstile", "body", '<div class="cf-turnstile" data-sitekey="{x}"></div>', of(MIXED, 22, "0x")),
    Snippet("hcaptcha", "body", '<div class="h-captcha" data-sitekey="{x}"></div>', uuid),
    Snippet("google_api_key", "body", '<script src="https://maps.googleapis.com/maps/api/js?key={x}&callback=go"></script>', of(MIXED, 35, "AIza")),
    Snippet("google_search_engine", "body", '<script async src="https://cse.google.com/cse.js?cx={x}"></script>', of(HEX, 17)),
    Snippet("mapbox", "body", "<script>mapboxgl.accessToken = '{x}';</script>", lambda rng: f"pk.ey{of(MIXED, 60)(rng)}.{of(MIXED, 22)(rng)}"),
    Snippet("google_verification", "head", meta("google-site-verification"), of(MIXED, 43)),
    Snippet("bing_verification", "head", meta("msvalidate.01"), of("0123456789ABCDEF", 32), str.lower),
    Snippet("yandex_verification", "head", meta("yandex-verification"), of(HEX, 16)),
    Snippet("pinterest_verification", "head", meta("p:domain_verify"), of(HEX, 32)),
    Snippet("facebook_verification", "head", meta("facebook-domain-verification"), of(LOWER + DIGITS, 30)),
    Snippet("other_verification", "head", meta("naver-site-verification"), of(HEX, 40), "naver-site-verification|{}".format),
    Snippet("affiliate_verification", "head", meta("fo-verify"), uuid, "fo-verify|{}".format),
    Snippet("amazon_associate", "body", link("https://www.amazon.com/dp/B000TEST99?tag={x}&linkCode=ogi"), lambda rng: f"{name(rng)}-20"),
    Snippet("awin", "body", link("https://www.awin1.com/cread.php?awinmid=1001&awinaffid={x}&ued=https%3A%2F%2Fshop.example"), of(DIGITS, 6)),
    Snippet("cj", "body", link("https://www.anrdoezrs.net/click-{x}-10001"), of(DIGITS, 7)),
    Snippet("shareasale", "body", link("https://shareasale.com/r.cfm?b=11&u={x}&m=22&urllink=&afftrack="), of(DIGITS, 6)),
    Snippet("rakuten", "body", link("https://click.linksynergy.com/fs-bin/click?id={x}&offerid=1.2"), of(MIXED, 11)),
    Snippet("clickbank", "body", link("https://{x}.vendorx.hop.clickbank.net/"), of(LOWER, 8)),
    Snippet("ebay_partner", "body", link("https://www.ebay.com/itm/1234?mkevt=1&campid={x}&toolid=10001"), of(DIGITS, 8, "53")),
    Snippet("skimlinks", "body", '<script src="https://s.skimresources.com/js/{x}.skimlinks.js"></script>', lambda rng: f"{of(DIGITS, 6)(rng)}X{of(DIGITS, 7)(rng)}"),
    Snippet("sovrn", "body", "<script>var vglnk = {{ key: '{x}' }};</script>", of(HEX, 32)),
    Snippet("booking", "body", link("https://www.booking.com/hotel/xx/inn.html?aid={x}"), of(DIGITS, 7)),
    Snippet("admitad", "body", link("https://ad.admitad.com/g/{x}/?ulp=https%3A%2F%2Fshop.example"), of(LOWER + DIGITS, 32)),
    Snippet("partnerize", "body", link("https://prf.hn/click/camref:{x}/destination:https%3A%2F%2Fshop.example"), of(MIXED, 9)),
    Snippet("digistore24", "body", link("https://www.digistore24.com/redir/123987/{x}/"), name),
    Snippet("bitcoin", "foot", '<p>Donate: <a href="bitcoin:{x}">bitcoin</a></p>', bitcoin),
    Snippet("bitcoin", "foot", "<p>Donate in Bitcoin: {x}</p>", bitcoin),
    Snippet("ethereum", "foot", "<p>ETH: {x}</p>", ethereum),
    Snippet("paypal", "foot", '<a href="https://www.paypal.com/donate?hosted_button_id={x}">Give</a>', of(UPPER, 13)),
    Snippet("donations", "foot", '<a href="https://www.patreon.com/{x}">Support us</a>', name, "patreon.com|{}".format),
    Snippet("stripe", "head", '<script>var stripe = Stripe("{x}");</script>', of(MIXED, 24, "pk_live_")),
    Snippet("yoomoney", "foot", '<a href="https://yoomoney.ru/to/{x}">Поддержать</a>', of(DIGITS, 10, "41001")),
    Snippet("email", "foot", '<a href="mailto:{x}">Write to us</a>', email, digest),
    Snippet("email", "foot", "<p>Contact: {x}</p>", email, digest),
    Snippet("copyright", "foot", "<p>© 2025 {x} Media Group. All rights reserved.</p>", name, "{} media group".format),
    Snippet("social", "foot", '<a href="https://www.facebook.com/{x}/">Facebook</a>', name, "facebook.com/{}".format),
    Snippet("social", "foot", '<a href="https://t.me/{x}">Telegram</a>', name, "t.me/{}".format),
    Snippet("social", "head", '<script type="application/ld+json">{{"@type":"Organization","sameAs":["https:\\/\\/www.instagram.com\\/{x}"]}}</script>', name, "instagram.com/{}".format),
    Snippet("feedburner", "head", '<link rel="alternate" type="application/rss+xml" href="https://feeds.feedburner.com/{x}">', name),
    Snippet("builder_site", "head", '<script>Shopify.shop = "{x}.myshopify.com";</script>', name, "{}.myshopify.com".format),
]  # fmt: skip
