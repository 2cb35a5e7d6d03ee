"""Pictures of stored pages: drawn with the network shut, marked where the words stand, and nobody's address in them."""

import io
import json
import plistlib
import socket
import struct
import threading
import zlib
from html import escape
from itertools import pairwise
from pathlib import Path

import planted
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pages import need_chromium
from test_evidence import REFERENCE, SITE, SPUN, confirm, corpus_in
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from helpers.corpus import add_article, import_articles, load_articles
from helpers.corpus.formats.stored_page import NOWHERE, StoredPage, key_of, stored_page
from helpers.files.problems import RecordError
from helpers.report import capture, captures, case, evidence, evidence_folder, manifest, verify
from helpers.report.drawn_page import MOST_TILES, TILE, DrawnPage, blackened_utf16
from helpers.report.shut_browser import open_stored, shut_context
from helpers.report.words_on_page import PageWords, Run, hidden_pieces, places_on_page

CSS = "main {{ width: 600px }} @import url({trap}/import.css); h1 {{ background: url({trap}/h1.png) }}"
# All that a page may ask a host for without a script, and what a script would.
TRAPS = """<base href="{trap}/base/"><link rel="preconnect" href="{trap}"><link rel="dns-prefetch" href="{trap}">
<link rel="prefetch" href="{trap}/1"><link rel="preload" as="image" href="{trap}/2"><link rel="icon" href="{trap}/3">
<link rel="stylesheet" href="{trap}/4.css"><meta http-equiv="refresh" content="0;url={trap}/5">
<script src="{trap}/6.js"></script><script>fetch("{trap}/7"); location = "{trap}/8"</script>
<style>@import "{trap}/9.css"; @font-face {{ font-family: f; src: url({trap}/10) }} body {{ font-family: f }}</style>"""
MORE_TRAPS = """<img src="{trap}/11" srcset="{trap}/12 2x" onerror="fetch('{trap}/13')">
<iframe src="{trap}/14"></iframe>
<iframe srcdoc="<img src='{trap}/15'>"></iframe><object data="{trap}/16"></object><embed src="{trap}/17">
<video autoplay src="{trap}/18" poster="{trap}/19"></video><audio autoplay src="{trap}/20"></audio>
<input type="image" src="{trap}/21"><svg><image href="{trap}/22"/><use href="{trap}/23#a"/></svg>
<table background="{trap}/24"></table><link rel="stylesheet" href="{trap}/25.css">
<p style="background:url({trap}/26)">.</p>
<picture><source srcset="{trap}/27"><img src="{trap}/28"></picture><body onload="fetch('{trap}/29')">"""


def png() -> bytes:
    """A picture of four signs of blue."""
    parts = [
        (b"IHDR", struct.pack(">IIBBBBB", 2, 2, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(2 * (b"\0" + 2 * b"\5\6\7"))),
    ]
    chunks = [struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
              for kind, data in [*parts, (b"IEND", b"")]]  # fmt: skip
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def page(text: str, head: str = "", more: str = "") -> str:
    title, *lines = text.strip().splitlines()
    body = "".join(f"<p>{line.replace('&', '&amp;')}</p>\n" for line in lines)
    return (
        f"<!doctype html><html><head><meta charset=utf-8><title>{title}</title>{head}</head>"
        f"<body><main><article><h1>{title}</h1>{body}</article></main>{more}</body></html>"
    )


def warc(*records: tuple[str, str, bytes]) -> bytes:
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    for address, kind, content in records:
        http = StatusAndHeaders("200 OK", [("Content-Type", kind)], protocol="HTTP/1.1")
        about = {"WARC-Date": "2026-01-07T10:00:00Z"}
        writer.write_record(
            writer.create_warc_record(
                address, "response", io.BytesIO(content), http_headers=http, warc_headers_dict=about
            )
        )
    return out.getvalue()


class Host:
    """A host on this computer, which counts who comes."""

    def __init__(self) -> None:
        self.visits = 0
        self.listening = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.address = f"http://127.0.0.1:{self.listening.getsockname()[1]}"
        threading.Thread(target=self._count, daemon=True).start()

    def _count(self) -> None:
        while True:
            try:
                connection, _ = self.listening.accept()
            except OSError:
                return
            self.visits += 1
            connection.close()

    def close(self) -> None:
        self.listening.shutdown(socket.SHUT_RDWR)
        self.listening.close()


@pytest.fixture(scope="module")
def captured(tmp_path_factory):
    """Pictures of a page that tries everything to be let out, and of its source; the host that it calls for."""
    need_chromium()
    home, host = tmp_path_factory.mktemp("captures"), Host()
    traps, more = TRAPS.format(trap=host.address), MORE_TRAPS.format(trap=host.address)
    head = f'<link rel="stylesheet" href="{host.address}/own.css">{traps}'
    spun = page(SPUN, head, f"{more}<img src='{host.address}/own.png'><footer>kim@spun.example</footer>")
    (home / "spun.warc.gz").write_bytes(
        warc(
            ("https://spun.example/harbour", "text/html", spun.encode()),
            (f"{host.address}/own.css", "text/css", CSS.format(trap=host.address).encode()),
            (f"{host.address}/own.png", "image/png", png()),
        )
    )
    corpus = home / "corpus"
    add_article(corpus, "harbour", "reference", REFERENCE, site="quay.example", title="Harbour closed")
    import_articles(home / "spun.warc.gz", corpus, "spun", site=SITE, reference_id="harbour")
    made = capture(spun_id(corpus), corpus, home / "made", [home / "spun.warc.gz"])
    yield made, host, corpus
    host.close()


def spun_id(corpus: Path) -> str:
    articles = load_articles(corpus)
    return str(articles.index[articles["role"] == "spun"][0])


def stated(folder: Path) -> dict:
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


# The network is shut


def test_a_page_that_calls_for_a_host_in_every_way_reaches_it_in_none(captured):
    _, host, _ = captured
    assert host.visits == 0
    with socket.create_connection(("127.0.0.1", int(host.address.rpartition(":")[2]))) as called:
        called.recv(1)
    assert host.visits == 1, "it does count"


def test_what_was_stored_with_a_page_is_used_and_what_was_not_is_counted(captured):
    made, host, _ = captured
    readme = (made / "README.txt").read_text(encoding="utf-8")
    assert "without network and without scripts" in " ".join(readme.split())
    assert host.address not in readme
    [first] = [one for one in stated(made)["pictures"] if one["kind"] == "page"]
    assert first["drawn_from"] == ["page"]
    assert first["stored_with_it"] == 2
    assert first["asked_for"] > 10


def test_the_pictures_are_said_in_words_with_what_they_are_of(captured):
    made, _, _ = captured
    pictures = {one["kind"]: one for one in stated(made)["pictures"]}
    assert pictures["beside"]["drawn_from"] == ["page", "text"]
    assert "World [[Battle]] II" in pictures["beside"]["alt"]
    assert "World [[War]] II" in pictures["beside"]["alt"]
    assert "no page being stored" in pictures["source"]["alt"]
    assert {one["file"] for one in stated(made)["pictures"]} == {
        path.relative_to(made).as_posix() for path in made.rglob("*.png")
    }
    assert all((made / one["file"]).read_bytes().startswith(b"\x89PNG") for one in pictures.values())
    assert all(one["not_found"] == 0 for one in pictures.values())
    readme = " ".join((made / "README.txt").read_text(encoding="utf-8").split())
    assert all(" ".join(one["alt"].split()) in readme for one in pictures.values())


def test_a_manifest_says_with_what_and_when_it_was_made_and_where_the_page_may_be_found(captured):
    made, _, _ = captured
    said = stated(made)
    assert set(said["tools"]) == {"unspun", "python", "system", "chromium", "packages"}
    assert said["tools"]["chromium"][0].isdigit()
    assert all(one["captured"].endswith("+00:00") for one in said["pictures"])
    spun = next(one for one in said["articles"] if one["role"] == "spun")
    assert spun["retrieved"] == "2026-01-07T10:00:00"
    assert spun["at_web_archives"] == {
        "Wayback Machine, nearest to when it was saved":
            "https://web.archive.org/web/20260107100000/https://spun.example/harbour",
        "Wayback Machine, all": "https://web.archive.org/web/*/https://spun.example/harbour",
        "archive.today": "https://archive.today/https://spun.example/harbour",
    }  # fmt: skip
    assert spun["at_web_archives"]["archive.today"] in (made / "README.txt").read_text(encoding="utf-8")


def test_nobodys_address_and_no_path_of_this_machine_stands_beside_the_pictures(captured):
    made, _, corpus = captured
    for path in made.rglob("*"):
        if path.is_file() and path.suffix != ".png":
            text = path.read_text(encoding="utf-8")
            for secret in ("anna.fenwick", "7946 00", "kim@spun", str(corpus.parent), str(Path.home()), "/tmp"):
                assert secret not in text, path
    assert manifest.archive_addresses("") == {}


def test_captures_are_verified(captured):
    made, _, _ = captured
    assert set(verify(made)["status"]) == {"as stated"}


# Words on a page


def runs_of(pieces: list[str]) -> list[Run]:
    return [Run(piece, False, True) for piece in pieces]


def said_by(runs: list[Run], page_words: PageWords, place: tuple[int, int]) -> str:
    parts = [
        runs[one.run].text.encode("utf-16-le")[2 * one.start : 2 * one.end].decode("utf-16-le")
        for one in page_words.pieces(*place)
    ]
    return "".join("".join(parts).split())


WORDS = st.lists(
    st.sampled_from("World Battle II général 😀 “help” e\u0301te\u0301 日本 a - x".split()), min_size=1, max_size=30
)


@given(WORDS, st.lists(st.integers(0, 200), max_size=8), st.data())
@settings(max_examples=60, deadline=None)
def test_a_span_is_found_on_the_page_letter_for_letter_however_the_page_cuts_and_breaks_it(words, cuts, data):
    """The law: the pieces of a place give back its signs, blanks apart."""
    text = " ".join(words)
    drawn = "\n\t".join(words)
    edges = sorted({0, len(drawn), *(cut % (len(drawn) + 1) for cut in cuts)})
    runs = [Run("Menu", True, True), Run("unseen", True, False)]
    runs += runs_of([drawn[start:end] for start, end in pairwise(edges)])
    first = data.draw(st.integers(0, len(words) - 1))
    start = len(" ".join(words[:first])) + bool(first)
    span = (start, start + len(words[first]))
    page_words = PageWords(runs)
    [place] = places_on_page(text, [span], page_words)
    assert place is not None
    assert said_by(runs, page_words, place) == words[first]


def test_words_that_the_page_does_not_draw_are_not_found_and_nothing_else_is_taken_for_them():
    text = "The army met.\nThe end of it all came in the spring of the year."
    runs = [Run("The army met.", True, False), Run("The armymen met. The end", True, True)]
    assert places_on_page(text, [(4, 8)], PageWords(runs)) == [None]
    assert places_on_page("army", [(0, 4)], PageWords([Run("armymen", True, True)])) == [None], "a part of a word"


def test_a_line_that_the_page_writes_otherwise_is_found_by_what_stands_around_a_place():
    text = "- “The general public met the military of the town on Monday afternoon,” he said."
    drawn = "The general public met the military of the town on Monday afternoon, he said."
    page_words = PageWords([Run(drawn, True, True)])
    start = text.index("military")
    [place] = places_on_page(text, [(start, start + 8)], page_words)
    assert page_words.signs[slice(*place)] == "military"
    assert places_on_page(text, [(2, 6)], page_words) == [None], "too little of it is there"


def test_the_same_line_in_a_menu_does_not_draw_the_place_away_from_the_article():
    line = "The harbour was shut on Monday after a storm hit the town."
    runs = [Run(line, True, True), Run("Harbour news of the whole week, and what people say.", True, True),
            Run(line, True, True)]  # fmt: skip
    text = f"Harbour news of the whole week, and what people say.\n{line}"
    [place] = places_on_page(text, [(text.index("shut"), text.index("shut") + 4)], PageWords(runs))
    assert PageWords(runs).pieces(*place)[0].run == 2


@pytest.mark.parametrize(
    "runs",
    [
        [Run("a.b", True, True), Run("@", False, True), Run("desk.example", False, True)],
        [Run("a.b", True, True), Run("nospam", False, False), Run("@desk.example", False, True)],
        [Run("elpmaxe.ksed@b.a", True, True, True)],
        [Run("a.b@desk.example", True, False)],
    ],
)
def test_an_address_is_black_in_whatever_pieces_it_stands(runs):
    black = [run.text for run in runs]
    for number, start, end in hidden_pieces(runs):
        black[number] = blackened_utf16(black[number], start, end)
    assert not set("".join(black)) & set("abdesk@"), black


# In the browser


@pytest.fixture
def drawn(browser, tmp_path):
    """A page drawn as captures draw it, with what is to be marked on it."""
    contexts = []

    def draw(html: str, text: str, marks: list[str] = ()):  # type: ignore[assignment]
        (tmp_path / "page.html").write_text(html, encoding="utf-8")
        (tmp_path / "text.html").write_text(f"<p id=line-0>{text}</p>", encoding="utf-8")
        spans = [(text.index(words), text.index(words) + len(words), False) for words in marks]
        side = {"page": {"html": str(tmp_path / "page.html"), "address": NOWHERE, "files": {}, "is_cut": False},
                "text": text, "marks": spans, "passages": [(0, len(text))], "css": "spun", "why": "",
                "text_page": str(tmp_path / "text.html")}  # fmt: skip
        contexts.append(shut_context(browser, 1000))
        return DrawnPage(contexts[-1], side)

    yield draw
    for context in contexts:
        context.close()


def test_marks_are_on_the_words_and_change_none(drawn):
    text = "Since World Battle II the general public 😀 met, and nobody spoke of it."
    inner = "<p>Since <b>World</b> <i>Bat</i>tle II the general public 😀 met, and nobody spoke of it.</p>"
    shown = drawn(f"<body style='display:flex'>{inner}", text, ["Battle", "general public", "spoke"])
    marked = shown.tab.evaluate("[...CSS.highlights.get('unspun-spun')].map(one => one.toString())")
    assert marked == ["Bat", "tle", "general public", "spoke"]
    assert shown.tab.evaluate("document.body.innerHTML.trim()") == inner
    assert shown.said["of"] == "page"
    assert shown.passage(0)["width"] > 300


@pytest.mark.parametrize(
    "style", ["display:none", "visibility:hidden", "opacity:0", "font-size:0", "height:0;overflow:hidden"]
)
def test_words_that_the_page_does_not_show_are_not_claimed_to_be_on_it(drawn, style):
    text = "The military met the general public of the town."
    shown = drawn(f"<p>Log in to read on.</p><div style='{style}'><p>{text}</p></div>", text, ["military"])
    assert shown.said["of"] == "text"
    assert shown.said["why"] == (
        "a page is stored, but 0 of 1 places that differ could be found on it as it is drawn here"
    )


def test_no_address_is_drawn_in_whatever_spelling_and_wherever_on_the_page(drawn):
    forms = [form for form, _ in planted.everything()]
    body = "".join(f"<p>{escape(form)}</p>" for form in forms)
    odd = """<img alt="write to qz1@desk.example"><input value="qz2@desk.example"><textarea>qz3@desk.example</textarea>
        <p data-x="qz4@desk.example" class="x"></p><p class="y">.</p><select><option>qz5@desk.example</option></select>
        <p><span>qz6</span>@<span>desk.example</span></p><p>qz7<span style="display:none">no</span>@desk.example</p>
        <p style="unicode-bidi:bidi-override;direction:rtl">elpmaxe.ksed@8zq</p><noscript>qz9@desk.example</noscript>
        <div><template shadowrootmode="open"><p>qz10@desk.example</p></template></div>
        <style>.x::after { content: attr(data-x) } .y::before { content: "qz11@desk.example" !important }</style>"""
    shown = drawn(f"<p>The town met today.</p>{body}{odd}", "The town met today.")
    seen = shown.tab.evaluate("""() => {
        const said = [document.body.innerText];
        const hosts = [...document.querySelectorAll("*")].filter(one => one.shadowRoot);
        for (const root of [document, ...hosts.map(one => one.shadowRoot)])
          for (const one of root.querySelectorAll("*")) {
            said.push(one.shadowRoot?.textContent ?? "", one.getAttribute("alt") ?? "", one.value ?? "");
            for (const part of ["::before", "::after"]) said.push(getComputedStyle(one, part).content);
          }
        return said.join(" \\n ");
    }""")
    assert planted.shown_in(seen) == []
    assert "qz" not in seen
    assert "8zq" not in seen
    assert "The town met today." in seen
    assert shown.said["of"] == "page"


@pytest.mark.parametrize(
    "trap",
    [
        "<form><select name=childNodes><option>x</select><p>qz@desk.example</p></form>",
        "<form name=adoptedStyleSheets></form><style>.y::before { content: 'qz@desk.example' }</style><p class=y>.</p>",
        "<img name=querySelectorAll><img name=body><img name=documentElement><p>qz@desk.example</p>",
        "<form><input name=nodeType><input name=parentElement><input name=getAttribute><p>qz@desk.example</p></form>",
        "<a id=unspun></a><a id=CSS></a><p>qz@desk.example</p>",
    ],
)
def test_names_on_the_page_do_not_stand_in_the_way_of_what_reads_it(drawn, trap):
    shown = drawn(f"<p>The town met today.</p>{trap}", "The town met today.", ["town"])
    seen = shown.tab.evaluate("""() => [...Document.prototype.querySelectorAll.call(document, "p")].map(one =>
        one.textContent + getComputedStyle(one, "::before").content)""")
    assert shown.said["of"] == "page", shown.said["why"]
    assert shown.said["found"] == 1
    assert "The town met today." in "".join(seen)
    assert "qz@" not in "".join(seen)


def test_of_a_long_page_the_parts_with_marks_are_taken_and_the_others_counted(drawn):
    lines = [f"Paragraph {number} of a page that does not end, with the military in it." for number in range(12)]
    html = "".join(f"<p style='height:{TILE}px'>{line}</p>" for line in lines)
    text = "\n".join(lines)
    shown = drawn(html, text, [f"{number} of" for number in range(2, 11)])
    tiles = shown.tiles()
    assert len(tiles) == MOST_TILES
    assert tiles[0]["number"] == 1
    assert tiles[0]["left_out"] > 0
    shown.marked, shown._cut = [], lambda *_: {}
    assert [one["number"] for one in shown.tiles()] == [1, 2, 3, 4, 5, 6], "nothing is marked: from the top"
    assert shown.passage(0)["is_cut"]


def test_what_is_pinned_to_the_window_does_not_cover_the_page(drawn):
    html = "<div style='position:fixed;inset:0;background:#fff'><b>We use cookies</b></div><p>The town met today.</p>"
    shown = drawn(html, "The town met today.")
    assert shown.said["pinned"] == 1
    assert shown.tab.evaluate("document.body.innerText").strip() == "The town met today."


# The stored page


def unpacked(tmp_path: Path, name: str, content: bytes, address: str = "", archives: tuple = ()) -> StoredPage | None:
    (tmp_path / name).write_bytes(content)
    (tmp_path / "into").mkdir()
    return stored_page(tmp_path / name, address, archives, tmp_path / "into")


MHTML = b"""MIME-Version: 1.0
Snapshot-Content-Location: https://spun.example/a
Content-Type: multipart/related; type="text/html"; boundary="x"

--x
Content-Type: text/html
Content-ID: <frame@mhtml>
Content-Location: https://spun.example/a

<html><link rel="stylesheet" href="cid:css@mhtml"><body>cid:css@mhtml is no address here</body></html>
--x
Content-Type: text/css
Content-ID: <css@mhtml>

body { background: url(cid:picture@mhtml) }
--x
Content-Type: image/png
Content-Location: https://spun.example/b.png

PNG
--x--
"""
SAFARI = plistlib.dumps(
    {
        "WebMainResource": {
            "WebResourceURL": "https://spun.example/a", "WebResourceMIMEType": "text/html",
            "WebResourceData": "<html>caf\u00e9</html>".encode("latin-1"), "WebResourceTextEncodingName": "iso-8859-1",
        },
        "WebSubresources": [
            {
                "WebResourceURL": "https://spun.example/b.png", "WebResourceMIMEType": "image/png",
                "WebResourceData": b"PNG",
            }
        ],
    }
)  # fmt: skip
PAGE = ("https://spun.example/a", "text/html", b"<html>a</html>")
PICTURE = ("https://spun.example/b%20c.png", "image/png", b"PNG")


def test_a_page_is_had_out_of_mhtml_with_what_it_names_by_content_id(tmp_path):
    found = unpacked(tmp_path, "a.mhtml", MHTML)
    html = found.html.read_text(encoding="utf-8")
    assert 'href="https://cid.invalid/css%40mhtml"' in html
    assert "cid:css@mhtml is no address here" in html
    kind, css = found.files[key_of("https://cid.invalid/css%40mhtml")]
    assert (kind, css.read_text().strip()) == (
        "text/css", "body { background: url(https://cid.invalid/picture%40mhtml) }"
    )  # fmt: skip
    assert found.files["https://spun.example/b.png"][0] == "image/png"


def test_a_page_is_had_out_of_safaris_archive_in_its_encoding(tmp_path):
    found = unpacked(tmp_path, "a.webarchive", SAFARI)
    assert found.html.read_text(encoding="utf-8") == "<html>café</html>"
    assert found.files["https://spun.example/b.png"][1].read_bytes() == b"PNG"


def test_of_an_archive_of_pages_that_of_the_article_is_taken_and_another_archive_may_have_its_pictures(tmp_path):
    other = ("https://spun.example/other", "text/html", b"<html>other</html>")
    (tmp_path / "more.warc.gz").write_bytes(warc(PICTURE, ("https://spun.example/c", "text/html", b"<html>c</html>")))
    found = unpacked(
        tmp_path, "a.warc.gz", warc(other, PAGE), "http://www.spun.example/a/", (tmp_path / "more.warc.gz",)
    )
    assert found.html.read_text(encoding="utf-8") == "<html>a</html>"
    assert set(found.files) == {"https://spun.example/b c.png"}


def test_a_page_that_does_not_say_where_it_was_is_nowhere_and_no_file_of_this_computer(tmp_path):
    found = unpacked(tmp_path, "a.html", b"<html><body>a</body></html>", "file:///etc/passwd")
    assert found.address == NOWHERE
    assert not found.files


@pytest.mark.parametrize(("name", "content"), [("a.txt", b"words"), ("a.csv", b"title,text\na,b\n")])
def test_what_is_no_page_is_none(tmp_path, name, content):
    assert unpacked(tmp_path, name, content) is None


@pytest.mark.parametrize(("name", "content"), [("a.webarchive", b"bplist00?"), ("a.mhtml", b"MIME-Version: 1.0\n\n")])
def test_a_page_that_cannot_be_read_is_an_error_with_a_mend(tmp_path, name, content):
    with pytest.raises(RecordError, match="Mend: "):
        unpacked(tmp_path, name, content)


def test_of_a_web_archive_that_breaks_off_there_is_what_stands_before_that(tmp_path):
    assert unpacked(tmp_path, "a.warc.gz", warc(PAGE) + b"\x1f\x8b broken").html.read_text() == "<html>a</html>"


def test_a_request_of_a_page_is_answered_with_what_was_stored_or_not_at_all(browser, tmp_path):
    context = shut_context(browser, 800)
    (tmp_path / "b.css").write_text("p { color: rgb(1, 2, 3) }")
    (tmp_path / "a.html").write_text("<link rel=stylesheet href=/b.css#x><img src=/c.png><p>words</p>")
    files = {"https://spun.example/b.css": ("text/css", tmp_path / "b.css")}
    tab, asked = open_stored(context, StoredPage(tmp_path / "a.html", "https://spun.example/a", files, False))
    assert asked == {"https://spun.example/b.css": True, "https://spun.example/c.png": False}
    assert tab.evaluate("getComputedStyle(document.querySelector('p')).color") == "rgb(1, 2, 3)"
    context.close()


# What cannot be had is said


@pytest.fixture(scope="module")
def corpus(tmp_path_factory) -> Path:
    return corpus_in(tmp_path_factory.mktemp("plain") / "corpus")


def test_an_article_that_is_not_there_is_an_error_that_names_others(corpus, tmp_path, monkeypatch):
    monkeypatch.setattr(captures, "find_browser", lambda: "chromium")
    with pytest.raises(case.EvidenceError, match=r"no article 'other'. Mend: name one of 2, such as harbour, spun"):
        capture("other", corpus, tmp_path / "made")
    assert not [*tmp_path.iterdir()]


def test_what_is_given_as_an_archive_and_is_none_is_named(corpus, tmp_path):
    (tmp_path / "notes.txt").write_text("words")
    for name in ("notes.txt", "nowhere.warc.gz"):
        with pytest.raises(case.EvidenceError, match=rf"{name}: no web archive is there. Mend: name a WARC"):
            capture("spun-harbour", corpus, tmp_path / "made", [tmp_path / name])
        with pytest.raises(case.EvidenceError, match=rf"{name}: no web archive is there"):
            evidence(SITE, corpus, tmp_path / "made", archives=[tmp_path / name])


def test_a_film_in_an_archive_is_passed_over_however_long_it_is(tmp_path):
    film = ("https://spun.example/film.mp4", "video/mp4", bytes(21_000_000))
    found = unpacked(tmp_path, "a.warc.gz", warc(film, PAGE, PICTURE), PAGE[0])
    assert found.html.read_text() == "<html>a</html>"
    assert len(found.files) == 1


def test_without_chromium_there_is_no_picture_and_that_is_the_error(corpus, tmp_path, monkeypatch):
    monkeypatch.setattr(captures, "find_browser", lambda: None)
    with pytest.raises(case.EvidenceError, match=r"no Chromium on this machine. Mend: install it"):
        capture("spun-harbour", corpus, tmp_path / "made")


def test_of_a_browser_that_fails_nothing_is_left(corpus, tmp_path, monkeypatch):
    monkeypatch.setattr(captures, "find_browser", lambda: "chromium")
    monkeypatch.setattr(captures, "in_browser", lambda module, todo, seconds: dict.fromkeys(todo, "it ended"))
    said = r"spun-harbour: Chromium could not draw 1 of 1 page \(it ended\)\. Mend: try again"
    with pytest.raises(case.EvidenceError, match=said):
        capture("spun-harbour", corpus, tmp_path / "made")
    assert not [*tmp_path.iterdir()]


def test_a_stored_page_that_is_not_as_it_was_is_not_drawn(tmp_path, monkeypatch):
    monkeypatch.setattr(captures, "find_browser", lambda: "chromium")
    add_article(tmp_path / "corpus", "harbour", "reference", REFERENCE, site="quay.example")
    (tmp_path / "spun.html").write_text(page(SPUN), encoding="utf-8")
    import_articles(tmp_path / "spun.html", tmp_path / "corpus", "spun", site=SITE, reference_id="harbour")
    raw = next((tmp_path / "corpus" / "raw").glob("*.html"))
    raw.write_bytes(raw.read_bytes() + b" ")
    with pytest.raises(case.EvidenceError, match="SHA-256 is not the one that was noted"):
        capture("spun", tmp_path / "corpus", tmp_path / "made")


def test_what_a_person_rejected_is_not_marked(tmp_path):
    corpus = corpus_in(tmp_path / "corpus")
    before = captures._subject("spun-harbour", corpus)
    confirm(corpus, "rejected", slice(0, 1))
    after = captures._subject("spun-harbour", corpus)
    assert len(after.found) < len(before.found)


def test_evidence_takes_the_captures_in_or_says_why_not(corpus, tmp_path, monkeypatch):
    monkeypatch.setattr(evidence_folder, "find_browser", lambda: "chromium")
    monkeypatch.setattr(evidence_folder, "print_pages", lambda *_: [])
    monkeypatch.setattr(
        captures, "in_browser", lambda module, todo, seconds: dict.fromkeys(todo, "it hung. Mend: wait.")
    )
    with pytest.warns(UserWarning, match=r"Chromium could not draw 1 of 1 page \(it hung. Mend: wait\)"):
        made = evidence(SITE, corpus, tmp_path / "made")
    assert "Chromium could not draw 1 of 1 page" in " ".join((made / "README.txt").read_text(encoding="utf-8").split())
    assert set(verify(made)["status"]) == {"as stated"}


def test_in_evidence_the_passages_are_those_of_its_findings_with_their_names(corpus, tmp_path, monkeypatch):
    def draw(module: str, todo: dict[Path, Path], seconds: float) -> dict[Path, str]:
        """What `capture_job` would do, without a browser."""
        for job, answer in todo.items():
            told = json.loads(job.read_text(encoding="utf-8"))
            (Path(told["folder"]) / "x-beside-1.png").write_bytes(png())
            picture = {"picture": "x-beside-1.png", "kind": "beside", "rows": [0], "number": 1, "count": 1}
            side = {"of": "text", "marks": 3, "found": 3}
            answer.write_text(json.dumps({"chromium": "1.2", "sides": [side, side], "pictures": [picture]}))
            rows.extend(told["rows"])
        return {}

    rows: list[dict] = []
    monkeypatch.setattr(evidence_folder, "find_browser", lambda: "chromium")
    monkeypatch.setattr(evidence_folder, "print_pages", lambda *_: [])
    monkeypatch.setattr(captures, "in_browser", draw)
    made = evidence(SITE, corpus, tmp_path / "made")
    named = [name for row in rows for name in row["name"].split(", ")]
    assert named == [one["finding"] for one in json.loads((made / "findings.json").read_text("utf-8"))][: len(named)]
    assert len(named) > 3
    assert all("<mark" in words for row in rows for words in row["words"])
    [picture] = stated(made)["pictures"]
    assert picture["file"] == "captures/x-beside-1.png"
    assert "1. As published: “" in picture["alt"]
    readme = " ".join((made / "README.txt").read_text(encoding="utf-8").split())
    assert "- captures/: the pages, as they were stored, drawn without network" in readme
    assert "archive.today: https://archive.today/https://spun.example/harbour?id=3" in readme
    assert set(verify(made)["status"]) == {"as stated"}
