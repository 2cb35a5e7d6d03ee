"""Tables and feeds as people and programs write them: the cases of `cases/` and their siblings."""

import json
import os
import shutil
from io import BytesIO
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import Workbook

from helpers.corpus import import_articles, read
from helpers.corpus.formats import dispatch
from helpers.files.problems import CorpusError

CASES = Path(__file__).parent / "cases"
TEXT = "The harbour board met on Tuesday to talk about the ferry timetable, and residents asked for a later boat."


def of(tmp_path: Path, name: str, content: str | bytes) -> pd.DataFrame:
    file = tmp_path / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read(file)


def facts(table: pd.DataFrame, *columns: str) -> list:
    assert table.attrs["problems"] == []
    return table[list(columns)].values.tolist()


@pytest.mark.parametrize(
    "name", ["excel-sep-line.csv", "semicolons-commas-in-header.csv", "space-after-comma.csv", "macroman.csv"]
)
def test_a_case_of_a_table_is_one_article(name):
    [text] = read(CASES / name)["text"]
    assert "The harbour board met" in text


def test_old_mac_s_encoding_is_known_and_told():
    table = read(CASES / "macroman.csv")
    assert table["title"].tolist() == ["Café"]
    assert table["text"].iloc[0].startswith("It’s the board’s turn — café owner René.")
    assert "mac-roman" in table["repaired"].iloc[0]


@pytest.mark.parametrize(
    "text",
    [
        "“Où est l’été ?” a demandé Zoé — enfin.",
        "It’s über alles; señor said “no”.",
        "CAFÉ RENÉ is open.",
        "GARÇON! CAFÉ!",
        "In São Paulo não é a capital.",
        "Håkan and Växjö.",
        "So he waited… and waited at 5 °C.",
        "A word—another word; the ‹quoted› NOËL.",
    ],
)
def test_western_text_is_read_in_either_of_its_encodings(tmp_path, text):
    for encoding in ("mac_roman", "cp1252"):
        table = of(tmp_path, f"{encoding}.csv", f"title,text\nA,{text.replace(',', '')} {TEXT[:30]}\n".encode(encoding))
        assert table["text"].iloc[0].startswith(text.replace(",", ""))


@pytest.mark.parametrize("encoding", ["utf-32", "utf-32-le", "utf-32-be", "utf-16", "utf-16-be"])
@pytest.mark.parametrize(("name", "form"), [("a.txt", "{}"), ("a.csv", "title,text\nBoat,{}")])
def test_wide_encodings_are_read(tmp_path, encoding, name, form):
    table = of(tmp_path, name, form.format(TEXT.replace(",", "")).encode(encoding))
    assert table["text"].tolist() == [TEXT.replace(",", "")]


@pytest.mark.parametrize(
    "content",
    [
        f'sep=,\ntitle,text\nBoat,"{TEXT}"\n',
        f'SEP=|\ntitle|text\nBoat|"{TEXT}"\n',
        f'\n\n;;\ntitle;text\nBoat;"{TEXT}"\n',
        f"\ufefftitle\ttext\nBoat\t{TEXT}\n",
        f'title; keywords, tags, other; text\nBoat; a, b; "{TEXT}"\n',
        f'title,  text\nBoat,  "{TEXT}"\n',
        f'"sep=;"\ntitle;text\nBoat;{TEXT}\n',
        f"sep=;;;\r\ntitle;text;\r\nBoat;{TEXT};\r\n",
        f'title , text\n"Boat" , "{TEXT}" \n',
        f'title,\ttext\nBoat,\t"{TEXT}"\n',
        f'title,\xa0text\nBoat,\xa0"{TEXT}"\n',
    ],
)
def test_a_table_is_read_however_its_fields_are_parted(tmp_path, content):
    assert facts(of(tmp_path, "table.csv", content), "title", "text") == [["Boat", TEXT]]


@pytest.mark.parametrize(
    ("title", "text"), [('The "Later" boat', TEXT), ('"Later', f'{TEXT} "so"'), ('5" pipes', f'"No", {TEXT}')]
)
def test_quotation_marks_in_a_table_with_tabs_are_text(tmp_path, title, text):
    table = of(tmp_path, "table.tsv", f"title\ttext\n{title}\t{text}\nB\t{TEXT}\n")
    assert facts(table, "title", "text") == [[title, text], ["B", TEXT]]


def test_quotation_marks_inside_a_field_may_be_escaped_as_databases_do(tmp_path):
    table = of(tmp_path, "table.csv", f'title,text\nBoat,"She said \\"no\\", {TEXT}"\n')
    assert facts(table, "text") == [[f'She said "no", {TEXT}']]


def test_blanks_around_quotation_marks_part_fields_of_several_lines_too(tmp_path):
    table = of(tmp_path, "table.csv", f'title , text\n"Boat" , "one , ""two"" ,\n{TEXT}" \nB , "{TEXT}"\n')
    assert facts(table, "text") == [[f'one , "two" ,\n{TEXT}'], [TEXT]]


def test_quotation_marks_that_part_fields_with_tabs_are_none_of_them(tmp_path):
    table = of(tmp_path, "table.tsv", f'title\ttext\n"A ""b"""\t"one\n{TEXT}"\n')
    assert facts(table, "title", "text") == [['A "b"', f"one\n{TEXT}"]]


@pytest.mark.parametrize(
    "nothing",
    ["NA", "N/A", "nan", "NaN", "null", "NULL", "None", "none", "NaT", "<NA>", "#N/A", "#VALUE!", "\\N", "(null)", ""],
)
def test_what_programs_write_where_nothing_is_known_is_no_text_and_no_date(tmp_path, nothing):
    table = of(tmp_path, "t.csv", f'title,date,author,text\nA,{nothing},{nothing},"{TEXT}"\nB,2025-09-05,x,{nothing}\n')
    assert table[["title", "byline"]].values.tolist() == [["A", ""]]
    assert table["published"].isna().all()
    assert [problem["row"] for problem in table.attrs["problems"]] == [3]


def test_the_case_of_missing_texts_is_one_article_and_three_rows_without_text():
    table = read(CASES / "na-texts.csv")
    assert table["title"].tolist() == ["B4"]
    assert [problem["row"] for problem in table.attrs["problems"]] == [2, 3, 4]


def test_authors_may_be_objects_and_dates_wrapped():
    table = read(CASES / "authors-objects.jsonl")
    first = table.iloc[0]
    assert (first["byline"], str(first["published"])) == ("Ada Lindqvist, Bo Ek", "2025-09-05 14:30:00")
    assert [str(when) for when in table["published"][3:5]] == ["2025-09-05 14:30:00"] * 2
    assert table["text"].iloc[2].count("\n") == 1


@pytest.mark.parametrize(
    "author",
    [
        {"name": "Ada Ek"},
        [{"@type": "Person", "name": "Ada Ek"}],
        "Ada Ek",
        ["Ada Ek"],
        [{"first_name": "Ada", "last_name": "Ek"}],
        {"givenName": "Ada", "familyName": "Ek"},
        [{"author": {"displayName": "Ada Ek"}}, {"name": "Ada Ek"}],
        "['Ada Ek']",
        '[{"name": "Ada Ek"}]',
    ],
)
def test_an_author_has_a_name_however_it_is_written(tmp_path, author):
    table = of(
        tmp_path, "a.json", json.dumps({"articles": [{"title": "A", "author": author, "text": TEXT}], "total": 1})
    )
    assert facts(table, "byline", "text") == [["Ada Ek", TEXT]]


def test_an_author_without_a_name_is_told(tmp_path):
    table = of(tmp_path, "a.json", json.dumps([{"title": "A", "author": {"id": 4}, "text": TEXT}]))
    assert facts(table, "byline", "repaired") == [["", "byline \"{'id': 4}\" names nobody and was left out"]]


@pytest.mark.parametrize("when", [{"$date": {"$numberLong": "1757082600000"}}, 1757082600.0, "1757082600.0"])
def test_a_date_is_read_as_databases_and_tables_of_numbers_write_it(tmp_path, when):
    table = of(tmp_path, "a.json", json.dumps([{"title": "A", "date": when, "text": TEXT}]))
    assert table["published"].astype(str).tolist() == ["2025-09-05 14:30:00"]


A, B = {"title": "A", "text": TEXT}, {"title": "B", "text": TEXT}


@pytest.mark.parametrize(
    "found",
    [
        {"data": {"articles": [A, B]}},
        {"hits": {"total": 2, "hits": [{"_id": "1", "_source": A}, {"_id": "2", "_source": B}]}},
        {"data": [{"type": "article", "attributes": A}, {"type": "article", "attributes": B}]},
        {"articles": [A, B], "sources": [{"id": 1}], "page": 1},
        {"spun": [A], "reference": [B]},
        {"x1": A, "x2": B},
        {"title": {"0": "A", "1": "B"}, "text": {"0": TEXT, "1": TEXT}},
        {"columns": ["title", "text"], "index": [0, 1], "data": [["A", TEXT], ["B", TEXT]]},
        [["title", "text"], ["A", TEXT], ["B", TEXT]],
    ],
)
def test_articles_are_found_whatever_lies_around_them(tmp_path, found):
    assert facts(of(tmp_path, "a.json", json.dumps(found)), "title", "text") == [["A", TEXT], ["B", TEXT]]


@pytest.mark.parametrize(
    "lines", ["{},\n{},\n", "[\n{},\n{}\n]\n", "[{},\n{}]\n", '{{"articles": [{}]}}\n{{"articles": [{}]}}\n']
)
def test_lines_of_a_list_are_lines_of_json(tmp_path, lines):
    table = of(tmp_path, "a.jsonl", lines.format(json.dumps(A), json.dumps(B)))
    assert facts(table, "title") == [["A"], ["B"]]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", "[]"),
        ("a.json", '{"articles": []}'),
        ("a.json", '{"articles": [null, 5]}'),
        ("a.jsonl", json.dumps({"articles": [A, B]})),
    ],
)
def test_json_in_which_no_article_is_found_says_so(tmp_path, name, content):
    table = of(tmp_path, name, content)
    assert table.empty
    assert table.attrs["problems"]


def test_an_article_with_comments_of_readers_is_one_article(tmp_path):
    content = json.dumps(
        {**A, "comments": [{"text": "So late!"}], "links": ["https://n.example/", "https://m.example/"]}
    )
    assert facts(of(tmp_path, "a.json", content), "title", "text") == [["A", TEXT]]


@pytest.mark.parametrize("name", ["articles", "items", "results", "data"])
def test_an_object_around_a_list_of_articles_is_that_list(tmp_path, name):
    table = of(tmp_path, "a.json", json.dumps({"status": "ok", name: [{"title": "A", "text": TEXT}, {"text": TEXT}]}))
    assert len(table) == 2


def test_excel_s_numbers_for_characters_are_characters():
    assert read(CASES / "x000D.xlsx")["text"].iloc[0].startswith("First line\nSecond line.")


def workbook(sheets: dict[str, list[list]]) -> bytes:
    book, content = Workbook(), BytesIO()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(content)
    return content.getvalue()


def test_a_workbook_s_blank_first_rows_are_passed_over_and_escapes_in_names_too(tmp_path):
    content = workbook({"a": [[], [None], ["title_x000D_\n", "text"], ["A_x0021_", f"One_x000D_\nTwo_x000d_{TEXT}"]]})
    assert facts(of(tmp_path, "a.xlsx", content), "title", "text") == [["A!", f"One\nTwo\n{TEXT}"]]


@pytest.mark.parametrize("name", ["a.csv", "a.json"])
def test_the_ends_of_lines_that_a_workbook_left_in_other_tables_are_ends_of_lines(tmp_path, name):
    text = f"One_x000D_\n{TEXT}"
    content = f'title,text\nA,"{text}"\n' if name == "a.csv" else json.dumps([{"title": "A", "text": text}])
    assert facts(of(tmp_path, name, content), "text") == [[f"One\n{TEXT}"]]


def test_what_is_not_read_of_a_workbook_is_told(tmp_path):
    content = workbook({"a": [["title", "text"], ["A", TEXT], ["B", TEXT, None, "more"]], "b": [["x"]], "c": []})
    table = of(tmp_path, "a.xlsx", content)
    assert table["title"].tolist() == ["A"]
    assert [(problem["row"], problem["problem"]) for problem in table.attrs["problems"]] == [
        (3, "1 cell(s) to the right of the named columns.")
    ]
    assert table.attrs["skipped"] == ["sheet 'b': only the first sheet of a workbook is read."]


def test_a_feed_in_another_encoding_than_it_says_is_read():
    assert read(CASES / "feed-latin1.xml")["title"].tolist() == ["Café"]


def test_a_feed_s_base_and_author_are_its_entries_and_a_change_is_no_publication():
    table = read(CASES / "atom-base-author.xml")
    assert table["url"].tolist() == ["https://n.example/blog/1", "https://n.example/blog/2"]
    assert table["byline"].tolist() == ["Feed Author"] * 2
    assert str(table["published"].iloc[0]) == "2025-09-05 10:00:00"
    assert pd.isna(table["published"].iloc[1])
    assert "last changed 2025-09-09" in table["note"].iloc[1]


def feed(item: str, head: str = "") -> str:
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>N</title>{head}<item>{item}</item></channel></rss>'


@pytest.mark.parametrize(
    ("item", "title"),
    [
        ("<title>Boat & quay</title>", "Boat & quay"),
        ("<title>Boat &nbsp;&eacute; quay</title>", "Boat é quay"),
        ("<title>&lt;![CDATA[Boat quay]]&gt;</title>", "Boat quay"),
        ("<title><![CDATA[Boat & quay]]></title>", "Boat & quay"),
        ("<title>Boat &amp; quay &#233;</title>", "Boat & quay é"),
    ],
)
def test_a_title_is_read_however_its_signs_are_escaped(tmp_path, item, title):
    table = of(tmp_path, "feed.xml", feed(f"{item}<description>{TEXT}</description>"))
    assert [" ".join(words.split()) for words in table["title"]] == [title]


def test_a_link_leads_on_from_the_feed_s_site_and_a_relative_date_is_none(tmp_path):
    item = f"<title>A</title><link>/boat</link><pubDate>2 hours ago</pubDate><description>{TEXT}</description>"
    table = of(tmp_path, "feed.xml", feed(item, "<link>https://n.example/news/</link>"))
    assert table["url"].tolist() == ["https://n.example/boat"]
    assert table["published"].isna().all()
    assert "'2 hours ago' is no date" in table["repaired"].iloc[0]


def test_an_entry_s_own_author_goes_before_the_feed_s(tmp_path):
    content = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><author><name>Feed</name></author><entry><title>A</title>'
        f"<author><name>Ada Ek</name></author><content>{TEXT}</content></entry></feed>"
    )
    assert of(tmp_path, "feed.xml", content)["byline"].tolist() == ["Ada Ek"]


def test_what_cannot_be_read_in_a_folder_is_named_and_the_rest_is_read(tmp_path):
    folder = tmp_path / "pages"
    (folder / "shut").mkdir(parents=True)
    (folder / "a.txt").write_text(TEXT)
    (folder / "shut" / "b.txt").write_text(TEXT)
    os.mkfifo(folder / "pipe.txt")
    Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.txt")).write_text(TEXT)
    (folder / "shut").chmod(0)
    try:
        table = read(folder)
    finally:
        (folder / "shut").chmod(0o700)
    places = {problem["place"]: problem["problem"] for problem in table.attrs["problems"]}
    assert {"a.txt", "caf\ufffd.txt"} <= set(table["record"])
    assert "pipe" in places["pipe.txt"]
    assert os.geteuid() == 0 or "cannot be opened" in places["shut"]
    table.to_csv(tmp_path / "table.csv")  # every name can be stored


def test_a_folder_that_cannot_be_opened_is_named_and_the_rest_is_read(tmp_path, monkeypatch):
    (tmp_path / "shut").mkdir()
    (tmp_path / "a.txt").write_text(TEXT)

    def walk(top, onerror):
        yield str(top), ["shut"], ["a.txt"]
        onerror(PermissionError(13, "Permission denied", str(tmp_path / "shut")))

    monkeypatch.setattr(dispatch.os, "walk", walk)
    messages = [message for message in dispatch.messages(str(tmp_path)) if message["kind"] in ("article", "problem")]
    assert [(message["kind"], message["place"]) for message in messages] == [("article", "a.txt"), ("problem", "shut")]
    assert "Permission denied" in messages[1]["problem"]


@pytest.mark.parametrize("name", ["x" * 5000, "a/" * 3000 + "b.csv", "pipe"])
def test_a_path_that_is_no_file_is_a_problem_and_no_crash(tmp_path, name):
    os.mkfifo(tmp_path / "pipe")
    table = read(tmp_path / name)
    assert table.empty
    [problem] = table.attrs["problems"]
    assert problem["mend"] == "correct the path."


SIGNED = feed(f"<title>Café’s</title><author>ada@n.example (Ada Ek)</author><description>{TEXT}</description>")


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("UTF-8", "cp1252"),
        ("UTF-8", "mac_roman"),
        ("UTF-8", "utf-16"),
        ("UTF-8", "utf-16-le"),
        ("UTF-8", "utf-32"),
        ("UTF-16", "utf-8"),
        ("ISO-8859-1", "utf-8"),
        ("us-ascii", "utf-8"),
        ("utf8mb4", "utf-8"),
        ("", "cp1252"),
        ("windows-1252", "cp1252"),
    ],
)
def test_a_feed_is_read_in_the_encoding_it_is_in_and_what_it_declares_is_told(tmp_path, declared, encoding):
    said = f' encoding="{declared}"' if declared else ""
    content = SIGNED.replace('"1.0"?>', f'"1.0"{said}?>').encode(encoding)
    table = of(tmp_path, "feed.xml", content)
    assert facts(table, "title", "text") == [["Café’s", TEXT]]
    assert (f"read as {encoding}" in table["repaired"].iloc[0]) == (declared not in ("utf8mb4", "windows-1252"))


def test_a_feed_in_utf_8_but_for_one_byte_is_utf_8(tmp_path):
    content = SIGNED.encode().replace(b"</channel>", b"<!-- \xe9 --></channel>")
    assert facts(of(tmp_path, "feed.xml", content), "title") == [["Café’s"]]


@pytest.mark.parametrize(
    ("bad", "good"),
    [
        ("a & b &eacute; R&D;", "a & b é R&D;"),
        ("1 < 2 & 3", "1 < 2 & 3"),
        ("a\x0b\x01b", "ab"),
        ("a&#0;&#x1F;b &#10;c", "ab c"),
        ("&lt;![CDATA[a & b]]&gt;", "a & b"),
    ],
)
def test_signs_that_are_no_xml_are_mended_and_harm_nothing_else(tmp_path, bad, good):
    link = "https://n.example/?a=1&b=2&copy=3"
    text = f"<description><![CDATA[<p>{TEXT} &amp;</p>]]></description>"
    item = f"<title>{bad}</title><link><![CDATA[{link}]]></link>{text}"
    table = of(tmp_path, "feed.xml", feed(item))
    assert facts(table, "title", "url", "text") == [[good, link, f"{TEXT} &"]]
    assert ("control character" in table["repaired"].iloc[0]) == ("#0" in bad or "\x0b" in bad)


def test_html_that_was_escaped_twice_is_html(tmp_path):
    item = f"<title>A</title><description>&amp;lt;p&amp;gt;{TEXT}&amp;lt;/p&amp;gt;</description>"
    assert facts(of(tmp_path, "feed.xml", feed(item)), "text") == [[TEXT]]


def test_every_part_of_an_entry_may_be_escaped_cdata(tmp_path):
    parts = {"creator": "Ada Ek", "pubDate": "Fri, 05 Sep 2025 14:30:00 GMT", "link": "https://n.example/1"}
    item = "".join(f"<{name}>&lt;![CDATA[{part}]]&gt;</{name}>" for name, part in parts.items())
    table = of(tmp_path, "feed.xml", feed(f"{item}<description>{TEXT}</description>"))
    assert facts(table, "byline", "url") == [["Ada Ek", "https://n.example/1"]]
    assert str(table["published"].iloc[0]) == "2025-09-05 14:30:00"


def atom(entry: str, head: str = "", base: str = "") -> str:
    content = f"<entry><title>A</title>{entry}<content>{TEXT}</content></entry>"
    return f'<feed xmlns="http://www.w3.org/2005/Atom" {base}><title>N</title>{head}{content}</feed>'


@pytest.mark.parametrize(
    ("content", "url"),
    [
        (
            atom('<link xml:base="2025/" href="1"/>', base='xml:base="https://n.example/b/"'),
            "https://n.example/b/2025/1",
        ),
        (atom('<link href="1"/>', '<link href="https://n.example/"/>', 'xml:base="/b/"'), "https://n.example/b/1"),
        (atom('<link href="1"/>', '<link rel="self" href="https://n.example/b/feed"/>'), "https://n.example/b/1"),
        (atom('<link href="//m.example/1"/>', base='xml:base="https://n.example/"'), "https://m.example/1"),
    ],
)
def test_an_address_leads_on_from_whatever_base_is_said(tmp_path, content, url):
    assert facts(of(tmp_path, "feed.xml", content), "url") == [[url]]


def test_an_address_that_leads_on_from_nothing_is_left_out_and_told(tmp_path):
    table = of(tmp_path, "feed.xml", atom('<link href="1"/>'))
    assert facts(table, "url", "repaired") == [["", "the address '1' is only a part of one and was left out"]]


def test_links_in_an_entry_lead_on_from_its_base(tmp_path):
    text = f'<description><![CDATA[<a href="/2">{TEXT}</a>]]></description>'
    item = f"<title>A</title><link>https://n.example/1</link>{text}"
    assert of(tmp_path, "feed.xml", feed(item))["links"].tolist() == [["https://n.example/2"]]


@pytest.mark.parametrize(
    ("content", "byline"),
    [
        (SIGNED, "Ada Ek"),
        (atom("", "<author><name>F</name></author><author><name>G</name></author>"), "F, G"),
        (atom("<source><author><name>S</name></author></source>", "<author><name>F</name></author>"), "S"),
        (atom("", "<author><email>f@n.example</email></author>"), ""),
    ],
)
def test_who_signs_an_entry_is_named_without_addresses(tmp_path, content, byline):
    assert facts(of(tmp_path, "feed.xml", content), "byline") == [[byline]]


@pytest.mark.parametrize("when", ["2 hours ago", "Yesterday, 5 pm", "just now", "Monday", "12 min"])
def test_a_relative_date_is_none_and_another_part_s_date_is_taken(tmp_path, when):
    item = f"<title>A</title><pubDate>{when}</pubDate>{{}}<description>{TEXT}</description>"
    alone = of(tmp_path, "alone.xml", feed(item.format("")))
    assert alone["published"].isna().all()
    assert when in alone["repaired"].iloc[0]
    both = of(tmp_path, "both.xml", feed(item.format("<date>2025-09-05</date>")))
    assert both["published"].astype(str).tolist() == ["2025-09-05"]


LOST = os.fsdecode(b"caf\xe9.txt")  # a name that is not UTF-8


def test_a_folder_comes_in_with_names_that_are_not_utf_8_links_and_paths_that_are_too_long(tmp_path):
    folder = tmp_path / os.fsdecode(b"pages\xff")
    (folder / "below").mkdir(parents=True)
    for name, more in (("a.txt", "A"), (LOST, "B"), (os.fsdecode(b"caf\xea.txt"), "C"), ("below/b.txt", "D")):
        (folder / name).write_text(f"{TEXT} {more}")
    (folder / "loop").symlink_to("loop")
    (folder / "up").symlink_to("..")
    os.mkfifo(folder / "pipe")
    here = os.open(folder, os.O_RDONLY)
    for _ in range(25):  # 5,000 characters: no path leads there
        os.mkdir("x" * 200, dir_fd=here)
        below = os.open("x" * 200, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    came = import_articles(folder, tmp_path / "corpus", role="spun", errors="collect")
    texts = {path.read_text()[-1] for path in (tmp_path / "corpus" / "spun").glob("*.txt")}
    assert (len(came), texts) == (4, {"A", "B", "C", "D"})
    problems = {problem["place"][:4]: problem["problem"] for problem in came.attrs["problems"]}
    assert {"loop", "pipe", "xxxx"} == set(problems)
    assert "File name too long" in problems["xxxx"]
    assert came.attrs["skipped"] == ["up: it is a link to a folder, and is not followed."]
    shutil.rmtree(folder)


def test_a_table_whose_name_is_not_utf_8_comes_in(tmp_path):
    (tmp_path / os.fsdecode(b"t\xe9.csv")).write_text(f"title,text\nA,{TEXT.replace(',', '')}\n")
    came = import_articles(tmp_path / os.fsdecode(b"t\xe9.csv"), tmp_path / "corpus", role="spun")
    assert came["title"].tolist() == ["A"]
    assert (tmp_path / "corpus" / came["raw"].iloc[0]).exists()


@pytest.mark.parametrize("name", ["x" * 5000, "a/" * 3000 + "b.csv", "a\x00b", LOST])
def test_a_path_that_leads_nowhere_cannot_come_in_and_is_named(tmp_path, name):
    with pytest.raises(CorpusError, match=r"there is no such file\. Mend: correct the path\.") as error:
        import_articles(tmp_path / name, tmp_path / "corpus", role="spun")
    str(error.value).encode()


def test_a_disk_that_fails_in_the_middle_of_a_folder_is_a_problem_and_what_was_read_stays(tmp_path, monkeypatch):
    def walk(top, onerror):
        yield str(top), [], ["a.txt"]
        raise OSError(5, "Input/output error")

    (tmp_path / "a.txt").write_text(TEXT)
    monkeypatch.setattr(dispatch.os, "walk", walk)
    messages = [message for message in dispatch.messages(str(tmp_path)) if message["kind"] in ("article", "problem")]
    assert [message["kind"] for message in messages] == ["article", "problem"]
    assert "Input/output error" in messages[1]["problem"]


@pytest.mark.parametrize("encoding", ["mac_roman", "utf-16", "utf-32"])
@pytest.mark.parametrize(("name", "form"), [("a.json", "[{}]"), ("a.jsonl", "{}\n")])
def test_json_in_another_encoding_is_read_and_told(tmp_path, encoding, name, form):
    article = json.dumps({"title": "Café’s", "text": TEXT}, ensure_ascii=False)
    table = of(tmp_path, name, form.format(article).encode(encoding))
    assert facts(table, "title") == [["Café’s"]]
    assert f"read as {encoding}".replace("_", "-") in table["repaired"].iloc[0].replace("_", "-")


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.csv", "title,text\n"), ("a.tsv", "title\ttext\n"), ("a.xlsx", workbook({"a": [["text"]]}))],
)
def test_a_table_without_a_row_says_so(tmp_path, name, content):
    [problem] = of(tmp_path, name, content).attrs["problems"]
    assert problem["problem"] == "there is no row below the heading."
