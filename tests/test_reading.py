"""The same articles, in whatever form they come, go in; the same table comes out, offsets included."""

import email.message
import email.policy
import gzip
import io
import json
import re
import zipfile
from html import escape
from pathlib import Path

import pandas as pd
import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from helpers.corpus import import_articles, load_articles, read
from helpers.corpus.articles import CorpusError
from helpers.substitutions import find_substitutions

PAIRS = ["kim-xi", "kim-xi-reference", "worldpulse-news-army-flood", "news-army-flood", "dailybrief-howto-compost",
         "howto-compost"]  # fmt: skip
FACTS = ["role", "site", "url", "title", "byline", "published", "retrieved", "reference_id", "licence", "provenance",
         "note", "text", "sha256"]  # fmt: skip


@pytest.fixture(scope="module")
def chosen(articles) -> pd.DataFrame:
    """Three pairs of the shipped corpus, the real one among them."""
    return articles.loc[PAIRS]


@pytest.fixture(scope="module")
def written(chosen) -> pd.DataFrame:
    """The same as people write them: dates as text, nothing that is not known."""
    table = chosen.reset_index()[["article_id", *FACTS[:-1]]]
    for name in ("published", "retrieved"):
        table[name] = chosen[name].map(lambda moment: "" if pd.isna(moment) else moment.isoformat()).tolist()
    return table


def as_jsonl(table: pd.DataFrame, path: Path) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in table.to_dict("records")), newline="")


def as_gzip(table: pd.DataFrame, path: Path) -> None:
    path.write_bytes(gzip.compress(table.to_csv(index=False).encode()))


FORMS = {
    "articles.csv": lambda table, path: table.to_csv(path, index=False),
    "utf16.csv": lambda table, path: table.to_csv(path, index=False, encoding="utf-16"),
    "excel-europe.csv": lambda table, path: table.to_csv(path, index=False, sep=";", encoding="utf-8-sig"),
    "articles.tsv": lambda table, path: table.to_csv(path, index=False, sep="\t"),
    "articles.csv.gz": as_gzip,
    "articles.jsonl": as_jsonl,
    "articles.json": lambda table, path: table.to_json(path, orient="records"),
    "articles.parquet": lambda table, path: table.to_parquet(path, index=False),
    "articles.xlsx": lambda table, path: table.to_excel(path, index=False),
}


@pytest.fixture(scope="module", params=FORMS)
def form(request, written, tmp_path_factory) -> Path:
    """A file of these articles."""
    # A corpus has a table of this name; a file of articles that is called so too must be read as what it is.
    path = tmp_path_factory.mktemp("forms") / request.param.replace("articles.csv", "texts.csv")
    FORMS[request.param](written, path)
    return path


def same_articles(found: pd.DataFrame, wanted: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(found[FACTS], wanted[FACTS])


def test_a_file_of_any_form_loads_as_the_corpus_does(form, chosen):
    same_articles(load_articles(form), chosen)


def test_a_file_of_any_form_imports_into_the_same_corpus(form, chosen, tmp_path):
    result = import_articles(form, tmp_path / "corpus")
    assert set(result["status"]) == {"added"}
    loaded = load_articles(tmp_path / "corpus")
    same_articles(loaded, chosen)
    raw = {tmp_path / "corpus" / name for name in loaded["raw"]}
    assert [path.read_bytes() for path in raw] == [form.read_bytes()]
    assert loaded["record"].nunique() == len(loaded)


@pytest.fixture(scope="module")
def wanted_substitutions(chosen) -> pd.DataFrame:
    return find_substitutions(chosen)


def test_a_file_of_any_form_gives_the_same_substitutions_at_the_same_places(form, wanted_substitutions):
    found = find_substitutions(load_articles(form))
    pd.testing.assert_frame_equal(found, wanted_substitutions)
    assert len(found) == 397


@pytest.mark.parametrize("ending", [".txt", ".md"])
@pytest.mark.parametrize("packed", [False, True], ids=["a folder", "a ZIP"])
def test_a_folder_and_a_zip_of_texts_give_the_same_texts(chosen, tmp_path, ending, packed):
    folder = tmp_path / "texts"
    folder.mkdir()
    for article_id, text in chosen["text"].items():
        (folder / f"{article_id}{ending}").write_text(text, encoding="utf-8", newline="")
    source = folder
    if packed:
        source = tmp_path / "texts.zip"
        with zipfile.ZipFile(source, "w") as archive:
            for path in folder.iterdir():
                archive.write(path, f"inside/{path.name}")
    found = load_articles(source, role="reference")
    assert found["text"].to_dict() == chosen["text"].to_dict()
    import_articles(source, tmp_path / "corpus", role="reference")
    stored = load_articles(tmp_path / "corpus")
    assert stored["text"].to_dict() == chosen["text"].to_dict()
    assert all(
        (tmp_path / "corpus" / raw).read_bytes() == text.encode()
        for raw, text in zip(stored["raw"], stored["text"], strict=True)
    )


# The same page as HTML, as MHTML and in a web archive


URL = "https://orbital.example/2025/09/kim-xi.html"
STORED = "2025-09-06T08:30:00Z"


def page_of(article: pd.Series) -> str:
    """A web page with an article on it, as a content system writes it."""
    paragraphs = "".join(f"<p>{escape(line)}</p>\n" for line in article["text"].splitlines() if line.strip())
    return f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(article["title"])}</title>
<link rel="canonical" href="{URL}"><meta property="og:title" content="{escape(article["title"])}">
<meta property="article:published_time" content="2025-09-05T14:30:00Z"><meta name="author" content="Ada Quill"></head>
<body><nav><a href="/world">World</a></nav><article><h1>{escape(article["title"])}</h1>
<img src="/pictures/kim.jpg" alt="">{paragraphs}<p>See <a href="https://source.example/story">the source</a>.</p>
</article><footer>All rights reserved</footer></body></html>
"""


@pytest.fixture(scope="module")
def page(chosen) -> str:
    return page_of(chosen.loc["kim-xi"])


def as_mhtml(page: str) -> bytes:
    message = email.message.EmailMessage(policy=email.policy.SMTP)
    message["From"] = "<Saved by Blink>"
    message["Snapshot-Content-Location"] = URL
    message["Subject"] = "Kim, Xi"
    message["Date"] = "Sat, 06 Sep 2025 08:30:00 +0000"
    message.set_content("")
    message.make_related()
    message.get_payload().clear()
    part = email.message.EmailMessage(policy=email.policy.SMTP)
    part.set_content(page, subtype="html", cte="quoted-printable")
    part["Content-Location"] = URL
    message.attach(part)
    return message.as_bytes()


def as_warc(*pages: bytes | str, packed: bool = True, content_type: str = "text/html; charset=utf-8") -> bytes:
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=packed)
    writer.write_record(writer.create_warcinfo_record("test.warc", {"software": "a test"}))
    for number, page in enumerate(pages):
        headers = StatusAndHeaders("200 OK", [("Content-Type", content_type)], "HTTP/1.1")
        content = io.BytesIO(page if isinstance(page, bytes) else page.encode())
        address = URL if not number else f"{URL}?{number}"
        writer.write_record(
            writer.create_warc_record(
                address, "response", content, http_headers=headers, warc_headers_dict={"WARC-Date": STORED}
            )
        )
    return out.getvalue()


def test_html_mhtml_and_warc_of_the_same_page_agree(page, tmp_path):
    files = {"kim-xi.html": page.encode(), "kim-xi.mhtml": as_mhtml(page), "kim-xi.warc.gz": as_warc(page),
             "plain.warc": as_warc(page, packed=False), "kim-xi.html.gz": gzip.compress(page.encode())}  # fmt: skip
    found = {}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
        table = read(tmp_path / name, role="spun")
        assert table.attrs["problems"] == []
        [found[name]] = table.reset_index().to_dict("records")
    first = found["kim-xi.html"]
    assert first["text"].startswith("Kim, Xi hail bond")
    same = [
        "article_id",
        "role",
        "site",
        "url",
        "canonical",
        "title",
        "byline",
        "published",
        "text",
        "links",
        "images",
        "sha256",
    ]
    for facts in found.values():
        assert {name: facts[name] for name in same} == {name: first[name] for name in same}
    assert (first["site"], first["url"], first["canonical"], first["byline"]) == (
        "orbital.example",
        URL,
        URL,
        "Ada Quill",
    )
    assert first["published"] == pd.Timestamp(2025, 9, 5, 14, 30)
    assert "https://source.example/story" in first["links"]
    assert first["images"] == ["https://orbital.example/pictures/kim.jpg"] or first["images"] == ["/pictures/kim.jpg"]
    assert (
        found["kim-xi.warc.gz"]["retrieved"]
        == found["kim-xi.mhtml"]["retrieved"]
        == pd.Timestamp(STORED).tz_localize(None)
    )


def test_an_imported_page_keeps_its_text_its_links_and_itself(page, tmp_path):
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    candidate = read(tmp_path / "page.html", role="spun").iloc[0]
    import_articles(tmp_path / "page.html", tmp_path / "corpus", role="spun")
    article = load_articles(tmp_path / "corpus").iloc[0]
    same = ["text", "links", "images", "url", "title", "canonical", "sha256"]
    assert article[same].to_dict() == candidate[same].to_dict()
    assert (tmp_path / "corpus" / article["raw"]).read_text(encoding="utf-8") == page


def test_a_record_of_a_web_archive_is_kept_as_an_archive_that_reads_the_same(page, tmp_path):
    (tmp_path / "crawl.warc.gz").write_bytes(as_warc(page, "<html><body></body></html>", page.replace("Kim", "Kin")))
    result = import_articles(tmp_path / "crawl.warc.gz", tmp_path / "corpus", role="spun", errors="collect")
    assert [problem["place"] for problem in result.attrs["problems"]] == ["record 3"]
    articles = load_articles(tmp_path / "corpus")
    assert len(articles) == 2
    for article in articles.itertuples():
        again = read(tmp_path / "corpus" / article.raw).iloc[0]
        assert (again["text"], again["url"], again["retrieved"]) == (article.text, article.url, article.retrieved)


RSS = """<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"><channel><title>Orbital</title>
<item><title>Kim &amp; Xi</title><link>https://orbital.example/kim</link><dc:creator>Ada Quill</dc:creator>
<pubDate>Fri, 05 Sep 2025 14:30:00 +0200</pubDate><description>Short.</description><media:content url="x.jpg"/>
<content:encoded><![CDATA[<p>Kim <b>met</b> Xi.</p><p>They <a href="https://a.example/">spoke</a>.</p>]]></content:encoded>
</item><item><title>Storm</title><link>https://orbital.example/storm</link>
<description>The harbour was shut.</description></item>
<item><title>Empty</title></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Orbital</title><entry>
<title type="html">Kim &amp;amp; Xi</title>
<link rel="self" href="https://orbital.example/feed/1"/><link href="https://orbital.example/kim"/>
<author><name>Ada Quill</name></author><updated>2025-09-07T00:00:00Z</updated>
<published>2025-09-05T14:30:00+02:00</published>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Kim <b>met</b> Xi.</p>
<p>They <a href="https://a.example/">spoke</a>.</p></div></content>
</entry></feed>"""


@pytest.mark.parametrize(("name", "feed"), [("feed.rss", RSS), ("feed.xml", RSS), ("feed.xml", ATOM)])
def test_a_feed_gives_its_entries(tmp_path, name, feed):
    (tmp_path / name).write_text(feed, encoding="utf-8")
    article = read(tmp_path / name).iloc[0]
    assert article["text"] == "Kim met Xi.\nThey spoke."
    assert (article["title"], article["url"], article["byline"]) == (
        "Kim & Xi",
        "https://orbital.example/kim",
        "Ada Quill",
    )
    assert article["published"] == pd.Timestamp(2025, 9, 5, 12, 30)
    assert article["links"] == ["https://a.example/"]


def test_an_entry_with_a_summary_only_says_so_and_one_without_text_is_a_problem(tmp_path):
    (tmp_path / "feed.rss").write_text(RSS, encoding="utf-8")
    table = read(tmp_path / "feed.rss")
    assert table["note"].tolist() == ["", "the feed gives a summary only"]
    [problem] = table.attrs["problems"]
    assert (problem["place"], problem["problem"]) == ("entry 3", "it holds no text.")


SITEMAP = """<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc>https://orbital.example/2025/09/kim-xi.html</loc><lastmod>2025-09-08</lastmod></url>
<url><loc>http://www.orbital.example/lost/</loc></url></urlset>"""
INDEX = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>https://orbital.example/posts.xml</loc></sitemap></sitemapindex>"""


@pytest.mark.parametrize("form", ["a saved page", "a web archive", "an index"])
def test_a_sitemap_finds_its_pages_and_says_which_are_missing(page, tmp_path, form):
    (tmp_path / "posts.xml").write_text(SITEMAP, encoding="utf-8")
    (tmp_path / "sitemap.xml").write_text(INDEX if form == "an index" else SITEMAP, encoding="utf-8")
    if form == "a web archive":
        (tmp_path / "crawl.warc.gz").write_bytes(as_warc(page))
    else:
        (tmp_path / "saved.html").write_text(page, encoding="utf-8")
    (tmp_path / "other.html").write_text(page.replace(URL, "https://elsewhere.example/"), encoding="utf-8")
    table = read(tmp_path / "sitemap.xml", role="spun")
    assert table["url"].tolist() == [URL]
    assert table["note"].tolist() == ["changed 2025-09-08, says the sitemap"]
    [problem] = table.attrs["problems"]
    assert "http://www.orbital.example/lost/ is not there" in problem["problem"]
    assert any("not in the sitemap" in skipped for skipped in table.attrs["skipped"])


def test_front_matter_tells_of_a_markdown_file_and_is_no_part_of_its_text(tmp_path):
    head = "---\ntitle: Kim & Xi\nauthor: Ada Quill\ndate: 2025-09-05\nurl: https://orbital.example/kim\n---\n\n"
    (tmp_path / "kim.md").write_text(f"{head}# Kim\n\nThey met.\n", encoding="utf-8")
    article = read(tmp_path / "kim.md").iloc[0]
    assert article["text"] == "# Kim\n\nThey met.\n"
    assert (article["title"], article["byline"], article["site"]) == ("Kim & Xi", "Ada Quill", "orbital.example")
    assert article["published"] == pd.Timestamp(2025, 9, 5)


# What a container says goes before what a page says


def test_what_a_table_says_goes_before_what_the_page_in_it_says(page, tmp_path):
    rows = [
        {"html": page, "title": "Given", "role": "spun"},
        {"html": page, "url": "https://b.example/x", "role": "spun"},
    ]
    as_jsonl(pd.DataFrame(rows).fillna(""), tmp_path / "pages.jsonl")
    table = read(tmp_path / "pages.jsonl")
    assert table["title"].tolist()[0] == "Given"
    assert table["title"].tolist()[1].startswith("Kim, Xi hail bond")
    assert table["url"].tolist() == [URL, "https://b.example/x"]
    assert table["site"].tolist() == ["orbital.example", "b.example"]


def test_column_names_of_others_are_understood(tmp_path):
    theirs = {"ID": "a", "Headline": "Storm", "Author": "Ada", "Date": "2025-09-05", "tags": "x"}
    table = pd.DataFrame([theirs | {"Link": "https://c.example/storm", "Content": "The harbour was shut."}])
    table.to_csv(tmp_path / "theirs.csv", index=False)
    article = load_articles(tmp_path / "theirs.csv", role="spun").loc["a"]
    assert (article["title"], article["byline"], article["site"]) == ("Storm", "Ada", "c.example")
    assert article["published"] == pd.Timestamp(2025, 9, 5)


# Importing


def texts(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its bytes, the lock apart."""
    return {
        str(p.relative_to(folder)): p.read_bytes()
        for p in folder.rglob("*")
        if p.is_file() and p.name != ".articles.lock"
    }


def test_importing_again_adds_nothing_and_says_so(written, tmp_path):
    written.to_csv(tmp_path / "texts.csv", index=False)
    import_articles(tmp_path / "texts.csv", tmp_path / "corpus")
    before = texts(tmp_path / "corpus")
    result = import_articles(tmp_path / "texts.csv", tmp_path / "corpus")
    assert set(result["status"]) == {"already there"}
    assert texts(tmp_path / "corpus") == before


def test_importing_raises_all_that_is_wrong_and_imports_nothing(tmp_path):
    rows = "article_id,role,text\na,spun,One.\n../b,spun,Two.\nc,copy,Three.\nd,spun,\ne,,Five.\n"
    (tmp_path / "texts.csv").write_text(rows, encoding="utf-8")
    with pytest.raises(CorpusError) as error:
        import_articles(tmp_path / "texts.csv", tmp_path / "corpus")
    assert sorted(problem.row for problem in error.value.problems) == [3, 4, 5, 6]
    assert all(str(tmp_path / "texts.csv") in line and " Mend: " in line for line in str(error.value).splitlines())
    assert texts(tmp_path / "corpus") == {}


def test_importing_collects_what_is_wrong_and_imports_the_rest(tmp_path):
    rows = "article_id,role,text\na,spun,One.\n../b,spun,Two.\nc,copy,Three.\n"
    (tmp_path / "texts.csv").write_text(rows, encoding="utf-8")
    result = import_articles(tmp_path / "texts.csv", tmp_path / "corpus", errors="collect")
    assert result["article_id"].tolist() == ["a"]
    assert {problem["row"] for problem in result.attrs["problems"]} == {3, 4}
    assert load_articles(tmp_path / "corpus")["text"].tolist() == ["One."]


def test_a_failed_write_of_the_table_leaves_the_corpus_as_it_was(written, tmp_path, monkeypatch):
    corpus = tmp_path / "corpus"
    (tmp_path / "one.txt").write_text("One.", encoding="utf-8")
    import_articles(tmp_path / "one.txt", corpus, role="reference")
    before = texts(corpus)
    written.to_csv(tmp_path / "texts.csv", index=False)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("helpers.corpus.imports.write_table", full)
    with pytest.raises(OSError, match="No space left"):
        import_articles(tmp_path / "texts.csv", corpus)
    assert texts(corpus) == before


def test_an_import_does_not_overwrite_a_file_that_no_row_names(tmp_path):
    stray = tmp_path / "corpus" / "spun" / "a.txt"
    stray.parent.mkdir(parents=True)
    stray.write_text("Somebody put this here.", encoding="utf-8")
    (tmp_path / "texts.csv").write_text("article_id,role,text\na,spun,One.\n", encoding="utf-8")
    with pytest.raises(CorpusError, match=r"spun/a\.txt is there already\. Mend: choose another article_id"):
        import_articles(tmp_path / "texts.csv", tmp_path / "corpus")
    assert stray.read_text(encoding="utf-8") == "Somebody put this here."


def test_an_article_without_an_id_gets_one_that_is_free(tmp_path):
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "Kim & Xi.txt").write_text(f"They met, says {folder}.", encoding="utf-8")
        import_articles(tmp_path / folder, tmp_path / "corpus", role="reference")
    assert load_articles(tmp_path / "corpus").index.tolist() == ["kim-xi", "kim-xi-2"]


def test_a_spun_article_may_come_before_the_reference_that_it_names(tmp_path):
    rows = "article_id,role,reference_id,text\na,spun,r,One.\nr,reference,,Two.\n"
    (tmp_path / "texts.csv").write_text(rows, encoding="utf-8")
    import_articles(tmp_path / "texts.csv", tmp_path / "corpus")
    assert load_articles(tmp_path / "corpus").index.tolist() == ["a", "r"]


def test_a_formula_in_a_fact_is_harmless_in_the_table_and_the_text_is_as_it_was(tmp_path):
    rows = 'article_id,role,title,text\na,spun,"=HYPERLINK(""x"")","=1+1 is a formula."\n'
    (tmp_path / "texts.csv").write_text(rows, encoding="utf-8")
    assert read(tmp_path / "texts.csv")["title"].tolist() == ['=HYPERLINK("x")']
    import_articles(tmp_path / "texts.csv", tmp_path / "corpus")
    article = load_articles(tmp_path / "corpus").loc["a"]
    assert article["title"] == '\'=HYPERLINK("x")'
    assert article["text"] == "=1+1 is a formula."
    assert article["repaired"] == "an apostrophe before the formula in title"
    assert not re.search(r"(^|,)\"?=", (tmp_path / "corpus" / "articles.csv").read_text(encoding="utf-8"))


# Encodings


SENTENCE = "“It’s Asia’s bank”, Kim said – naïvely, in a café."
ENCODINGS = {
    "utf-8": (SENTENCE.encode(), ""),
    "utf-8 with a mark": (b"\xef\xbb\xbf" + SENTENCE.encode(), ""),
    "windows-1252": (SENTENCE.encode("cp1252"), "read as cp1252"),
    "utf-16": (SENTENCE.encode("utf-16"), "read as utf-16"),
    "utf-16 without a mark": (SENTENCE.encode("utf-16-le"), "read as utf-16-le"),
    "mojibake": (SENTENCE.encode().decode("latin-1").encode(), "mojibake undone in 1 line"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "repaired"), ENCODINGS.values(), ids=ENCODINGS)
def test_the_encoding_of_a_text_is_found_and_what_was_repaired_is_recorded(tmp_path, content, repaired):
    (tmp_path / "text.txt").write_bytes(content)
    article = read(tmp_path / "text.txt").iloc[0]
    assert (article["text"], article["repaired"]) == (SENTENCE, repaired)
    import_articles(tmp_path / "text.txt", tmp_path / "corpus", role="spun")
    stored = load_articles(tmp_path / "corpus").iloc[0]
    assert (stored["text"], stored["repaired"]) == (SENTENCE, repaired)
    assert (tmp_path / "corpus" / stored["raw"]).read_bytes() == content


@pytest.mark.parametrize("declared", ["utf-8", "iso-8859-1", "koi8-r", "rot13", "nonsense", ""])
def test_a_page_that_lies_about_its_encoding_is_read_all_the_same(page, tmp_path, declared):
    content = page.replace('charset="utf-8"', f'charset="{declared}"').encode()
    (tmp_path / "page.html").write_bytes(content)
    lying = read(tmp_path / "page.html").iloc[0]
    (tmp_path / "true.html").write_text(page, encoding="utf-8")
    assert lying["text"] == read(tmp_path / "true.html").iloc[0]["text"]


def test_text_that_is_sound_is_never_repaired(articles, tmp_path):
    for number, text in enumerate(articles["text"]):
        (tmp_path / f"{number}.txt").write_text(text, encoding="utf-8", newline="")
    table = read(tmp_path)
    assert set(table["repaired"]) == {""}
    assert sorted(table["text"]) == sorted(articles["text"])
