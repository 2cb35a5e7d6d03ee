"""A stored page goes in; it lies open in Chromium, and nothing can be asked for from anywhere.

Chromium has no way out: it finds no host, and its proxy is one that nobody serves, this computer's own addresses
included. Every request is answered here, from what was stored with the page, or not at all. Scripts do not run, and the
page has the rights of a sandbox: no forms, no frames, no going on to elsewhere.
"""

from typing import TYPE_CHECKING

from helpers.corpus.formats.stored_page import StoredPage, key_of
from helpers.report.pdf import QUIET, WAIT, find_browser

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Route

SHUT = ["--host-resolver-rules=MAP * ~NOTFOUND", "--disable-quic"]
NO_WAY_OUT = "http://0.0.0.0:1"  # a proxy that is not there; Playwright sends what is asked of this computer there too
POLICY = (
    "sandbox; default-src 'none'; style-src * 'unsafe-inline' data:; img-src * data: blob:; font-src * data:; "
    "frame-src 'none'; object-src 'none'; form-action 'none'; base-uri *"
)
UNANSWERED = "aborted"  # so that what is in the window stays there; other words would put an error page in its place
SCALE = 1.5  # pixels a CSS pixel
LAUNCHING = 90.0  # seconds that Chromium, and what it is driven by, have to start; on a busy computer they take 40


def shut_browser(playwright: "Playwright") -> "Browser":
    """Return a Chromium that can reach nothing."""
    return playwright.chromium.launch(
        executable_path=find_browser(), args=[*QUIET, *SHUT], proxy={"server": NO_WAY_OUT},
        timeout=1000 * (LAUNCHING - 5),
    )  # fmt: skip


def shut_context(browser: "Browser", width: int) -> "BrowserContext":
    """Return a window, so many CSS pixels wide, in which no script runs and no request is answered."""
    context = browser.new_context(
        java_script_enabled=False, offline=True, viewport={"width": width, "height": 1000}, device_scale_factor=SCALE,
        service_workers="block", reduced_motion="reduce", color_scheme="light",
    )  # fmt: skip
    context.set_default_timeout(1000 * (WAIT - 10))
    context.route("**/*", lambda route: route.abort(UNANSWERED))
    return context


def open_stored(context: "BrowserContext", page: StoredPage) -> tuple["Page", dict[str, bool]]:
    """Open a stored page; return it, and the addresses that it asked for besides its own, with whether they were there.

    Raises the errors of Playwright where it does not load.
    """
    asked: dict[str, bool] = {}
    opened: list[str] = []
    tab = context.new_page()

    def answer(route: "Route") -> None:
        request = route.request
        if request.is_navigation_request():
            if opened:
                return route.abort(UNANSWERED)
            opened.append(request.url)
            headers = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": POLICY}
            return route.fulfill(body=page.html.read_bytes(), headers=headers)
        kind, file = page.files.get(key_of(request.url), ("", None))
        asked[request.url] = file is not None
        if file is None:
            return route.abort(UNANSWERED)
        headers = {"Content-Type": kind, "Access-Control-Allow-Origin": "*"}
        return route.fulfill(body=file.read_bytes(), headers=headers)

    tab.route("**/*", answer)
    tab.goto(page.address, wait_until="load")
    return tab, asked
