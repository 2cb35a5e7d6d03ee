"""A page is fetched from a server on this computer, politely, or a clear error comes out; no other host is asked."""

import gzip
import re
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import faults_fetch as faults
import pytest

import helpers
from helpers.corpus import fetch, import_articles, read
from helpers.corpus.formats import exchange as fetching
from helpers.corpus.formats.exchange import FetchingError, _is_public

ME = "ada@newsroom.example"
STORY = "The harbour was closed during the storm, the port authority said, and opened again on Friday morning."
HEAD = "<html><head><title>Storm</title></head><body><article><h1>Storm</h1>"
PAGE = f"{HEAD}<p>{STORY}</p></article></body></html>".encode()
ROBOTS = "User-agent: Unspun\nDisallow: /private/\nAllow: /\n"


class Site(BaseHTTPRequestHandler):
    """A small site with its tricks."""

    robots: tuple[int, str] = (200, ROBOTS)

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers["User-Agent"], time.monotonic()))
        if self.path == "/robots.txt":
            return self.answer(self.robots[0], self.robots[1].encode())
        if self.path.startswith("/to/"):
            return self.answer(302, b"", Location=self.path.removeprefix("/to/"))
        return {
            "/story.html": lambda: self.answer(200, PAGE),
            "/packed.html": lambda: self.answer(200, gzip.compress(PAGE), **{"Content-Encoding": "gzip"}),
            "/bomb.html": lambda: self.answer(200, gzip.compress(b"\x00" * 40_000_000), **{"Content-Encoding": "gzip"}),
            "/loop": lambda: self.answer(302, b"", Location="/loop"),
            "/nowhere": lambda: self.answer(302, b""),
            "/slow": self.drip,
            "/cut": lambda: self.answer(200, PAGE, **{"Content-Length": "99999"}),
        }.get(self.path, lambda: self.answer(404, b"not here"))()

    def answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        usual = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(body))}
        for name, value in {**usual, **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def drip(self) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            for _ in range(100):
                self.wfile.write(b"<p>drop</p>")
                self.wfile.flush()
                time.sleep(0.1)
        except OSError:
            pass

    def log_message(self, *_) -> None:
        pass


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    """No memory of hosts asked before, and a wait that a test can bear."""
    for name in ("_last", "_robots", "_locks"):
        monkeypatch.setattr(fetching, name, {})
    monkeypatch.setattr(Site, "robots", (200, ROBOTS))
    slept = []
    monkeypatch.setattr(fetching, "_sleep", slept.append)
    return slept


@pytest.fixture(scope="module")
def server():
    running = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    running.daemon_threads = True
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield running
    running.shutdown()
    running.server_close()


@pytest.fixture
def site(server) -> str:
    server.asked = []
    return f"http://127.0.0.1:{server.server_port}"


def test_a_page_is_fetched_kept_and_read(site, server, tmp_path):
    found = fetch(f"{site}/story.html", tmp_path / "pages", contact=ME, private=True)
    assert found.content == PAGE
    assert found.path.parent == tmp_path / "pages"
    article = read(found.path).iloc[0]
    assert STORY in article["text"]
    assert (article["url"], article["title"]) == (f"{site}/story.html", "Storm")
    assert article["retrieved"] == found.retrieved.replace(tzinfo=None)
    assert import_articles(found.path, tmp_path / "corpus", role="spun")["status"].tolist() == ["added"]


def test_the_agent_says_who_asks_and_robots_is_asked_first(site, server, tmp_path):
    fetch(f"{site}/story.html", tmp_path, contact=ME, private=True)
    assert [path for path, _, _ in server.asked] == ["/robots.txt", "/story.html"]
    assert all(agent.startswith("Unspun/") and ME in agent for _, agent, _ in server.asked)


@pytest.mark.parametrize("contact", ["", "me", "ada@", "http://", "ada@x.example\r\nX-Evil: 1", "a@b.example (x)"])
def test_a_contact_must_be_given(site, server, tmp_path, contact):
    with pytest.raises(ValueError, match="Mend: say how to reach you"):
        fetch(f"{site}/story.html", tmp_path, contact=contact, private=True)
    assert server.asked == []


def test_what_robots_forbids_is_not_asked_for(site, server, tmp_path):
    with pytest.raises(FetchingError, match=r"robots\.txt forbids it\. Mend: ask the site"):
        fetch(f"{site}/private/x.html", tmp_path, contact=ME, private=True)
    assert [path for path, _, _ in server.asked] == ["/robots.txt"]
    assert list(tmp_path.iterdir()) == []


def test_a_redirect_into_what_robots_forbids_is_not_followed(site, server, tmp_path):
    with pytest.raises(FetchingError, match="forbids"):
        fetch(f"{site}/to//private/x.html", tmp_path, contact=ME, private=True)
    assert "/private/x.html" not in [path for path, _, _ in server.asked]


@pytest.mark.parametrize(("status", "allowed"), [(404, True), (403, True), (500, False), (503, False)])
def test_without_robots_all_is_allowed_and_when_it_fails_nothing_is(site, tmp_path, monkeypatch, status, allowed):
    monkeypatch.setattr(Site, "robots", (status, ""))
    if allowed:
        assert fetch(f"{site}/story.html", tmp_path, contact=ME, private=True).status == 200
    else:
        with pytest.raises(FetchingError, match="forbids"):
            fetch(f"{site}/story.html", tmp_path, contact=ME, private=True)


def test_a_host_is_not_asked_again_at_once(site, tmp_path, fresh):
    fetch(f"{site}/story.html", tmp_path, contact=ME, private=True, wait=7)
    fetch(f"{site}/story.html", tmp_path, contact=ME, private=True, wait=0)
    waits = [round(seconds) for seconds in fresh if seconds > 0]
    assert waits == [7, 1]  # after robots.txt; then at least a second


def test_the_delay_that_robots_asks_for_is_kept_and_one_too_long_is_an_error(site, tmp_path, fresh, monkeypatch):
    monkeypatch.setattr(Site, "robots", (200, "User-agent: *\nCrawl-delay: 33\n"))
    fetch(f"{site}/story.html", tmp_path, contact=ME, private=True)
    assert round(max(fresh)) == 33
    monkeypatch.setattr(Site, "robots", (200, "User-agent: *\nCrawl-delay: 9999\n"))
    fetching._robots.clear()
    with pytest.raises(FetchingError, match="asks for 9999 seconds"):
        fetch(f"{site}/story.html", tmp_path, contact=ME, private=True)


def test_this_computer_and_private_networks_are_refused(site, server, tmp_path):
    with pytest.raises(FetchingError, match="lies on this computer or in a private network"):
        fetch(f"{site}/story.html", tmp_path, contact=ME)
    assert server.asked == []


@pytest.mark.parametrize(
    "number",
    ["127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1",
     "::1",
     "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "::", *faults.disguised()],
)  # fmt: skip
def test_a_number_that_is_not_of_the_open_internet(number):
    assert not _is_public(number)


@pytest.mark.parametrize(
    "number",
    ["93.184.216.34", "1.1.1.1", "2606:4700::1111", "64:ff9b::5db8:d822", "2002:5db8:d822::1", "::ffff:1.1.1.1"],
)
def test_a_number_of_the_open_internet_is_one_whatever_carries_it(number):
    assert _is_public(number)


def test_no_spelling_of_a_private_number_is_asked():
    assert faults.spellings().wrong == 0


def test_a_name_that_leads_elsewhere_when_it_is_asked_again_is_not_followed():
    assert faults.rebinding(2).wrong == 0


@pytest.mark.parametrize("host", ["127.0.0.2", "2130706434", "0x7f.2", "[::ffff:127.0.0.2]", "[::1]"])
def test_a_redirect_into_the_own_network_is_refused(tmp_path, monkeypatch, host):
    monkeypatch.setattr(fetching, "_is_public", lambda number: number == "127.0.0.1")
    onward = b"HTTP/1.1 302 Found\r\nLocation: http://%s/\r\nConnection: close\r\n\r\n" % host.encode()
    with faults.server(faults.sends(onward)) as site, pytest.raises(FetchingError) as error:
        fetch(f"{site}/x", tmp_path, contact=ME)
    assert "private network" in str(error.value) or "cannot be found" in str(error.value)  # where there is no IPv6


def test_a_name_that_leads_to_a_private_number_is_refused_whatever_else_it_leads_to(tmp_path, monkeypatch):
    found = [(2, 1, 6, "", (number, 80)) for number in ("93.184.216.34", "10.0.0.5")]
    monkeypatch.setattr(fetching.socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(FetchingError, match="private network"):
        fetch("http://both.example/", tmp_path, contact=ME)


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "ftp://a.example/", "javascript:alert(1)", "story.html", "http://", "http://[", "http:///x",
     "http://a.example/ x", "http://a.example\r\n/x", "http://me:secret@a.example/", "http://a.example:99999/"],
)  # fmt: skip
def test_what_is_no_web_address_is_an_error(tmp_path, url):
    with pytest.raises(FetchingError, match="Mend: "):
        fetch(url, tmp_path, contact=ME, private=True)


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://a.example/", "javascript:1"])
def test_a_redirect_to_anything_but_the_web_is_refused(site, tmp_path, target):
    with pytest.raises(FetchingError, match="no address of a web page"):
        fetch(f"{site}/to/{target}", tmp_path, contact=ME, private=True)


@pytest.mark.parametrize(
    "location", [b"http://", b"http://[::1", b"http://a.example:99999/", b"gopher://a.example/", b"/caf\xc3\xa9", b" "]
)
def test_a_redirect_that_leads_nowhere_is_a_clear_error(tmp_path, location):
    onward = b"HTTP/1.1 302 Found\r\nLocation: " + location + b"\r\nConnection: close\r\n\r\n"
    for robots in (faults.NONE, onward):
        with faults.server(faults.sends(onward), robots) as site, pytest.raises(FetchingError, match="Mend: open it"):
            fetch(f"{site}/x", tmp_path, contact=ME, private=True)


def test_a_redirect_is_followed_and_the_last_address_kept(site, tmp_path):
    assert fetch(f"{site}/to//story.html", tmp_path, contact=ME, private=True).url == f"{site}/story.html"


BAD = {"/loop": "sends us on more than 5 times", "/nowhere": "does not say where", "/lost": "the host answered 404",
       "/bomb.html": "the page has more than 20 MB", "/cut": "did not answer as it should"}  # fmt: skip


@pytest.mark.parametrize(("path", "said"), BAD.items(), ids=BAD)
def test_an_answer_that_is_none_is_an_error_and_nothing_is_kept(site, tmp_path, path, said):
    with pytest.raises(FetchingError, match=said):
        fetch(f"{site}{path}", tmp_path, contact=ME, private=True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("answer", "said"),
    [("204", "the host answered 204, which says that it holds no page"), ("an empty 200", "200 and sent nothing"),
     ("206 with a body", "the host answered 206 and sent a part"), ("304", "the host answered 304"),
     ("an empty 200, packed", "200 and sent nothing"), ("half a page, packed", "breaks off in the middle")],
)  # fmt: skip
def test_an_answer_without_a_page_is_an_error(tmp_path, answer, said):
    with faults.server(faults.sends(faults.NO_PAGE[answer])) as site, pytest.raises(FetchingError, match=said):
        fetch(f"{site}/x", tmp_path, contact=ME, private=True)
    assert list(tmp_path.iterdir()) == []


def test_what_tells_of_the_visitor_is_not_kept():
    assert (faults.visitors().held, faults.visitors().tried) == (len(faults.VISITOR),) * 2


def test_layers_of_gzip_and_a_million_empty_blocks_cost_little(monkeypatch):
    monkeypatch.setattr(faults, "WHOLE", 20)
    assert faults.bombs().held == 10


def test_an_answer_that_drips_is_given_up(site, tmp_path, monkeypatch):
    monkeypatch.setattr(fetching, "WHOLE", 0.5)
    with pytest.raises(FetchingError, match=r"took more than 0\.5 seconds"):
        fetch(f"{site}/slow", tmp_path, contact=ME, private=True)


@pytest.mark.parametrize(
    "way",
    ["a status line, dripped", "an endless head, dripped", "the headers of robots.txt, dripped", "chunk sizes, dripped",
     "trailers, dripped", "100 Continue without end", "empty gzip blocks", "redirects whose bodies never end"],
)  # fmt: skip
def test_a_host_that_drips_holds_no_call_longer_than_it_has(monkeypatch, way):
    monkeypatch.setattr(faults, "WHOLE", 0.3)
    monkeypatch.setattr(faults, "QUIET", 0.2)
    outcome = faults.hangs({way: {**faults.HANGS, **faults.REDIRECTS}[way]})
    assert (outcome.held, outcome.hung) == (1, 0), outcome.said


def test_a_call_that_is_given_up_says_how_long_it_waited_and_what_to_do(site, tmp_path):
    with faults.server(faults.silent) as still, pytest.raises(FetchingError) as error:
        fetch(f"{still}/story.html", tmp_path, contact=ME, private=True, timeout=0.2)
    assert "nothing that leads on came within 0.2 seconds" in str(error.value)
    assert "Mend: try again later, or raise `timeout`." in str(error.value)


def test_a_resolver_that_hangs_and_a_handshake_that_stalls_are_given_up(monkeypatch):
    monkeypatch.setattr(faults, "WHOLE", 0.3)
    monkeypatch.setattr(faults, "GRACE", 0.5)
    monkeypatch.setattr(faults, "QUIET", 0.1)
    assert faults.resolvers().held == 3
    assert faults.handshakes().held == 6


def test_our_own_waits_are_bounded_too(site, tmp_path, monkeypatch):
    monkeypatch.setattr(Site, "robots", (200, "User-agent: *\nCrawl-delay: 119\n"))
    with pytest.raises(FetchingError, match="the waits between its requests come to more than 360 seconds"):
        fetch(f"{site}/loop", tmp_path, contact=ME, private=True)


def test_a_host_that_does_not_answer_is_an_error(tmp_path):
    with pytest.raises(FetchingError, match="did not answer as it should"):
        fetch("http://127.0.0.1:9/", tmp_path, contact=ME, private=True)


def test_a_packed_page_is_kept_unpacked_and_two_in_one_second_do_not_overwrite_each_other(site, tmp_path):
    pages = [fetch(f"{site}/packed.html", tmp_path, contact=ME, private=True) for _ in range(2)]
    assert pages[0].content == PAGE
    assert pages[0].path != pages[1].path
    assert [STORY in read(page.path)["text"].iloc[0] for page in pages] == [True, True]


def test_nothing_else_in_the_package_opens_a_connection():
    network = re.compile(
        r"^\s*(?:import|from) (?:socket|ssl|http|urllib3|urllib\.request|requests|ftplib|smtplib)\b", re.M
    )
    modules = Path(helpers.__file__).parent.rglob("*.py")
    assert {path.name for path in modules if network.search(path.read_text("utf-8"))} == {"exchange.py", "serve.py"}
