"""Files as they are found: what says nothing, markup in cells, files by the wrong name, archives that break off."""

import gzip
import io
import json
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import Workbook
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from helpers.corpus import read

TEXT = "The harbour board met on Tuesday to talk about the ferry timetable, and residents asked for a later boat."


def of(tmp_path: Path, name: str, content: str | bytes) -> pd.DataFrame:
    file = tmp_path / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read(file)


def the_article(table: pd.DataFrame) -> dict:
    assert table.attrs["problems"] == []
    [article] = table.to_dict("records")
    return article


def the_problem(table: pd.DataFrame) -> dict:
    assert len(table) == 0
    [problem] = table.attrs["problems"]
    return problem


# What says nothing

NOTHING = ["-", "--", "—", "?", "[deleted]", "[removed]", "Unknown", "[]", "{}", '""', "None.", "[null]", "NaN.0",
           "[object Object]", "N/A", "…"]  # fmt: skip


@pytest.mark.parametrize("nothing", NOTHING)
def test_what_says_nothing_is_no_text_no_title_and_nobody(tmp_path, nothing):
    lines = [{"title": "a", "text": nothing}, {"title": nothing, "author": nothing, "url": nothing, "text": TEXT}]
    table = of(tmp_path, "a.jsonl", "\n".join(map(json.dumps, lines)))
    [problem] = table.attrs["problems"]
    assert (problem["row"], problem["problem"]) == (1, "it holds no text.")
    assert table[["title", "byline", "url", "repaired"]].values.tolist() == [["", "", "", ""]]


def test_what_only_looks_like_nothing_stays(tmp_path):
    cells = {"title": "Unknown soldier", "author": "Na Li", "url": "https://n.example/-", "text": "No."}
    article = the_article(of(tmp_path, "a.json", json.dumps([cells])))
    assert [article[name] for name in ("title", "byline", "url", "text")] == [*cells.values()]


@pytest.mark.parametrize("address", ["#", "about:blank", "/2", "open", "javascript:void(0)", "boat.html"])
def test_what_leads_nowhere_by_itself_is_no_address(tmp_path, address):
    article = the_article(of(tmp_path, "a.json", json.dumps([{"url": address, "text": TEXT}])))
    assert article["url"] == ""


@pytest.mark.parametrize("address", ["https://n.example/1", "www.n.example", "n.example/1", "urn:n:1"])
def test_an_address_stays(tmp_path, address):
    assert the_article(of(tmp_path, "a.json", json.dumps([{"url": address, "text": TEXT}])))["url"] == address


def test_nobody_signs_a_feed_as_unknown(tmp_path):
    item = (
        f"<item><author>noreply@blogger.com (Unknown)</author><title>-</title><description>{TEXT}</description></item>"
    )
    article = the_article(of(tmp_path, "a.xml", f"<rss><channel>{item}</channel></rss>"))
    assert (article["byline"], article["title"]) == ("", "")


# Feeds and JSON


def test_a_json_feed_leads_on_from_its_site_and_its_summaries_are_told(tmp_path):
    feed = {
        "version": "https://jsonfeed.org/version/1.1", "home_page_url": "https://n.example/",
        "authors": [{"name": "Ada Ek"}],
        "items": [{"id": "1", "url": "/1", "content_html": f"<p><a href='/3'>{TEXT}</a></p>"},
                  {"id": "2", "url": "/2", "summary": TEXT}],
    }  # fmt: skip
    table = of(tmp_path, "feed.json", json.dumps(feed))
    assert table["links"].tolist() == [["https://n.example/3"], []]
    columns = ["url", "byline", "text", "note"]
    assert table[columns].values.tolist() == [
        ["https://n.example/1", "Ada Ek", TEXT, ""],
        ["https://n.example/2", "Ada Ek", TEXT, "the feed gives a summary only"],
    ]


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("form", ["list", "objects"])
def test_json_by_the_name_of_json_lines_is_read(tmp_path, indent, form):
    records = [{"title": name, "text": TEXT} for name in "ab"]
    objects = "\n".join(json.dumps(record, indent=indent) for record in records)
    table = of(tmp_path, "a.jsonl", json.dumps(records, indent=indent) if form == "list" else objects)
    assert table["title"].tolist() == ["a", "b"]
    assert table.attrs["problems"] == []


def test_a_bad_line_harms_no_other(tmp_path):
    lines = [json.dumps({"title": "a", "text": TEXT}), "{'title'", json.dumps({"title": "b", "text": TEXT})]
    table = of(tmp_path, "a.jsonl", "\n".join(lines))
    assert table["title"].tolist() == ["a", "b"]
    assert [problem["row"] for problem in table.attrs["problems"]] == [2]


@pytest.mark.parametrize("said", ["<br />\n<b>Notice</b>: no index in /var/www/f.php<br />\n", "Warning: no index\n"])
def test_what_a_program_said_before_a_feed_is_left_out_and_told(tmp_path, said):
    item = f"<item><title>Boat</title><description>{TEXT}</description></item>"
    feed = f'<?xml version="1.0"?><rss><channel>{item}</channel></rss>'
    article = the_article(of(tmp_path, "a.xml", said + feed))
    assert (article["text"], article["repaired"]) == (TEXT, f"{len(said)} bytes before the XML left out")


def test_a_title_and_a_text_that_were_escaped_twice_are_read(tmp_path):
    text = f"&amp;lt;p&amp;gt;{TEXT}&amp;lt;/p&amp;gt;"
    item = f"<item><title>Boat &amp;amp;amp; quay</title><description>{text}</description></item>"
    article = the_article(of(tmp_path, "a.xml", f"<rss><channel>{item}</channel></rss>"))
    assert (article["title"], article["text"]) == ("Boat & quay", TEXT)


# Markup


@pytest.mark.parametrize(
    ("cell", "text", "repaired"),
    [
        (f"<p>{TEXT}</p><p>It&#8217;s late.</p>", f"{TEXT}\nIt’s late.", "HTML taken out of the text"),
        ("It&#8217;s the &quot;boat&quot; of AT&T.", "It’s the \"boat\" of AT&T.", "entities of HTML read"),
        ("If a<b and c>d, R&D says so.", "If a<b and c>d, R&D says so.", ""),
    ],
)  # fmt: skip
def test_markup_in_a_cell_for_text_is_taken_out_and_told(tmp_path, cell, text, repaired):
    article = the_article(of(tmp_path, "a.jsonl", json.dumps({"text": cell})))
    assert (article["text"], article["repaired"]) == (text, repaired)


def test_a_title_in_a_table_is_read_without_its_entities(tmp_path):
    article = the_article(of(tmp_path, "a.json", json.dumps({"title": "AT&amp;T&#8217;s boat", "text": TEXT})))
    assert article["title"] == "AT&T’s boat"


@pytest.mark.parametrize("name", ["a.txt", "a.csv", "a.json"])
def test_a_page_by_another_name_is_a_page(tmp_path, name):
    page = f"<!DOCTYPE html><html><head><title>Boat</title></head><body><article><p>{TEXT}</p></article></body></html>"
    article = the_article(of(tmp_path, name, page))
    assert (article["title"], article["text"]) == ("Boat", TEXT)


def test_escapes_of_mail_are_undone_where_they_are_meant(tmp_path):
    article = the_article(of(tmp_path, "a.txt", b"It=E2=80=99s late, =\nsaid the board=E2=80=99s head."))
    assert (article["text"], article["repaired"]) == ("It’s late, said the board’s head.", "quoted-printable undone")
    for text in ("E=MC2 and a=b, =E2=80=99", "x=41=42 only", "plain"):
        assert the_article(of(tmp_path, "b.txt", text))["text"] == text


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.txt", rb"{\rtf1\ansi The harbour}", "an RTF file"),
        ("a.har", '{"log":{"version":"1.2","entries":[]}}', "a HAR file"),
        ("a.xls", "<html><table><tr><td>text</td></tr></table></html>", "its name says Excel"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0" + bytes(600), "locked with a password"),
        ("a.xls", b"\xd0\xcf\x11\xe0" + bytes(600), "an old Excel or Word file"),
    ],
)
def test_what_is_not_read_is_named_with_its_mend(tmp_path, name, content, said):
    problem = the_problem(of(tmp_path, name, content))
    assert said in problem["problem"]
    assert problem["mend"]


@pytest.mark.parametrize(
    ("name", "members", "said"),
    [
        ("a.wacz", {"archive/data.warc.gz": "", "datapackage.json": "{}"}, "a WACZ file"),
        (
            "a.ods",
            {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<a/>"},
            "OpenDocument",
        ),
        ("a.numbers", {"Index/Document.iwa": ""}, "Numbers"),
        ("a.docx", {"word/document.xml": "<a/>"}, "a Word file"),
    ],
)
def test_a_document_that_is_packed_as_a_zip_is_named_with_its_mend(tmp_path, name, members, said):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for inside, content in members.items():
            archive.writestr(inside, content)
    problem = the_problem(of(tmp_path, name, packed.getvalue()))
    assert said in problem["problem"]
    assert problem["mend"]


# Tables


def test_a_heading_below_other_lines_is_pointed_at(tmp_path):
    said = "its heading stands in row 3, below other lines."
    assert the_problem(of(tmp_path, "a.csv", f'From the archive\n\ntitle,text\nBoat,"{TEXT}"\n'))["problem"] == said
    book = Workbook()
    for row in (["From the archive"], [], ["title", "text"], ["Boat", TEXT]):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    assert the_problem(read(tmp_path / "a.xlsx"))["problem"] == said


def test_blanks_and_tabs_around_a_delimiter_are_none_of_a_field(tmp_path):
    article = the_article(of(tmp_path, "a.csv", f'title ;\ttext ;\turl\nBoat ;\t"{TEXT}" ;\thttps://n.example/1\n'))
    assert (article["title"], article["text"], article["url"]) == ("Boat", TEXT, "https://n.example/1")


def test_a_character_that_a_workbook_wrote_in_two_halves_is_one(tmp_path):
    book = Workbook()
    book.active.append(["text"])
    book.active.append([f"{TEXT} _xD83D__xDE00_"])
    book.save(tmp_path / "a.xlsx")
    assert the_article(read(tmp_path / "a.xlsx"))["text"] == f"{TEXT} 😀"


# Web archives


def warc(*pages: str, kind: str = "response") -> list[bytes]:
    made = []
    for number, page in enumerate(pages):
        out = io.BytesIO()
        writer = WARCWriter(out, gzip=False)
        http = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        writer.write_record(
            writer.create_warc_record(
                f"https://n.example/{number}", kind, payload=io.BytesIO(page.encode()),
                http_headers=http if kind == "response" else None,
            )
        )  # fmt: skip
        made.append(out.getvalue())
    return made


BODY = f"<article><p>{TEXT}</p><p>{TEXT[::-1]} End.</p></article>"
PAGE = f"<html><head><title>Boat</title></head><body>{BODY}</body></html>"


def test_an_article_that_breaks_off_in_an_archive_says_so(tmp_path):
    first, second = warc(PAGE, PAGE.replace("Boat", "Quay"))
    table = of(tmp_path, "a.warc.gz", gzip.compress(first) + gzip.compress(second)[:-60])
    assert table["repaired"].tolist() == ["", "the record ends too soon; what there is was read"]
    assert len(table.attrs["problems"]) == 1


def test_no_message_speaks_python(tmp_path):
    whole = gzip.compress(b"".join(warc(PAGE, PAGE)))
    for cut in range(20, 120, 10):
        said = [problem["problem"] for problem in of(tmp_path, "a.warc.gz", whole[:-cut]).attrs["problems"]]
        assert said
        assert not any("object has no" in one or "NoneType" in one for one in said)


def test_an_archive_of_notes_alone_is_no_silence(tmp_path):
    problem = the_problem(of(tmp_path, "a.warc", warc("{}", kind="metadata")[0]))
    assert problem["problem"] == "none of its 1 records holds a page."
