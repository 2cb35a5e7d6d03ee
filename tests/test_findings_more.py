"""Speakers, changed figures, times, bylines, sources, headlines, and what a page keeps of its source."""

import warnings
from datetime import date

import pandas as pd
import pytest

from helpers.align import align_pairs
from helpers.corpus import add_article, pair_texts
from helpers.corpus.site_notes import SiteNotesError, read_site_notes
from helpers.findings import altered_quotations, changed_numbers, paragraphs, summarise_articles
from helpers.report.facts.leftovers import leftovers
from helpers.report.facts.numbers import value_of
from helpers.report.facts.quotations import assess_quotations, speaker_of
from helpers.report.facts.timeline import bylines, kept_headlines, robbed_sources
from helpers.substitutions import find_substitutions


def pair_of(spun: str, reference: str) -> pd.DataFrame:
    table = pd.DataFrame({"text": [spun, reference]}, index=pd.Index(["a", "r"], name="article_id"))
    return table.assign(role=["spun", "reference"], reference_id=["r", ""], site=["one.example", "news.example"],
                        title=["t", "u"], published=pd.NaT)  # fmt: skip


def numbers_of(spun: str, reference: str) -> list[tuple[str, str, str]]:
    articles = pair_of(spun, reference)
    pairs = pair_texts(articles)
    alignment = align_pairs(pairs)
    found = find_substitutions(articles, alignment=alignment)
    table = changed_numbers(articles, alignment, found, paragraphs(pairs, alignment, found))
    return list(table[["original", "spun", "change"]].itertuples(index=False, name=None))


@pytest.mark.parametrize(
    ("phrase", "value"),
    [("2", 2), ("two", 2), ("1,250", 1250), ("2.5 million", 2.5e6), ("three quarters", 0.75), ("two and a half", 2.5),
     ("1000’s", 1000), ("thousands", 1000), ("a dozen", 12), ("twenty-six", 26), ("12:30", 12.30), ("army", None)],
)  # fmt: skip
def test_the_value_of_a_number(phrase, value):
    assert value_of(phrase) == (None if value is None else pytest.approx(value))


def test_another_value_is_a_finding_and_another_way_to_write_it_is_none():
    before = "The ministry said on Friday that {} soldiers and {} tanks had left the city before the meeting."
    assert numbers_of(before.format("80", "2"), before.format("60", "two")) == [
        ("60", "80", "figure changed"), ("two", "2", "written otherwise"),
    ]  # fmt: skip


def test_a_millions_that_became_thousands_changed():
    before = "The disease had killed {} of trees in the country before anybody noticed it was there."
    assert numbers_of(before.format("thousands"), before.format("millions"))[0][2] == "figure changed"


def test_a_date_that_changed_is_a_finding():
    before = "The leaders of both countries met in the capital on a {} and signed the agreement there."
    assert numbers_of(before.format("Saturday"), before.format("Friday")) == [("Friday", "Saturday", "date changed")]


def test_twelve_months_are_a_year():
    before = "The bank will change its interest rates again within a {} of the decision, the report says."
    assert [change for *_, change in numbers_of(before.format("12 months"), before.format("year"))] in (
        ["written otherwise"], []
    )  # fmt: skip


def test_a_reading_time_is_no_invented_number():
    text = "The leaders of both countries met in the capital and signed the agreement there on that day."
    assert numbers_of(f"{text}\n\n5 Min Read\n\n{text}", f"{text}\n\n{text}") == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("500,000", "five hundred thousand"), ("$5bn", "$5 billion"), ("24", "two dozen"), ("1.5m", "1.5 million"),
        ("20th century", "twentieth century"), ("50%", "half"), ("3rd", "third"), ("1st", "first"), ("7pm", "7 p.m."),
        ("10km", "10 km"), ("33%", "a third"), ("2-1", "2–1"), ("6", "half a dozen"),
    ],
)  # fmt: skip
def test_a_number_written_otherwise_is_no_finding(one, other):
    found = numbers_of(f"They had {one} of them here.", f"They had {other} of them here.")
    assert {change for *_, change in found} <= {"written otherwise"}


def test_a_month_that_was_replaced_is_a_broken_date_and_a_modal_verb_is_none():
    assert numbers_of("In Might 2024 we met.", "In May 2024 we met.")[0][-1] == "date broken"
    assert numbers_of("Might we meet again soon?", "May we meet again soon?") == []


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("“We go,” Kim said after meeting with Xi, according to KCNA.", "Kim"),
        ("“The first question is whether,” says Owen Farrady, who teaches at the institute.", "Owen Farrady"),
        ("In the city, Xi also reportedly told Kim that both are “good neighbours”, KCNA said.", "Xi"),
        ("By North Korea’s state-run outlet, Kim was quoted as saying, “Nothing can change”.", "Kim"),
        ("“We must wait,” Dr Annelise Korvath, the head of research, told the meeting.", "Dr Annelise Korvath"),
        ("“Your force was there,” Putin’s message read, according to KCNA.", "Putin"),
        (
            "President Trump addressed Xi in a post on his Truth Social platform, saying: “Please go.”",
            "President Trump",
        ),
        ("In an interview with Fox News, Trump attacked Xi, saying: “Please go.”", "Trump"),
        ("Prices rose after Trump attacked Xi, saying: “Please go.”", ""),
        ("Trump attacked Xi. He went on, saying: “Please go.”", ""),
        ("A Kremlin aide dismissed Trump’s remarks, saying “no one even had this”.", "A Kremlin aide"),
        ("A Kremlin aide dismissed Trump’s remarks as “no plan”.", "A Kremlin aide"),
        (
            "It rained. A senior official at the ministry rejected the claims, saying “no one had this”.",
            "A senior official",
        ),
        ("The captain rejected the plan. It was “a mess” for the town.", ""),
        ("Ministers rejected the plan of “a mess”.", ""),
        ("“We go,” said the mayor of Zurich.", "the mayor of Zurich"),
        ("“We go,” the captain Ada Lind said.", "Ada Lind"),
        ("Anna Holt wrote that “we go”.", "Anna Holt"),
        ("Anna Holt, who chairs the board, had earlier written that “we go”.", "Anna Holt"),
        ("He wrote that “we go”.", ""),
        ("“We go,” Helen Sharpe said.", "Helen Sharpe"),
        ("The plan, Helen Sharpe said, is “a mess”.", "Helen Sharpe"),
        ("“We go,” Helen Sharpe said, “and stay.”", "Helen Sharpe"),
        ("It is “a bad plan” for everyone in the town, Helen Sharpe said.", "Helen Sharpe"),
        ("It is “a bad plan” and “a mess”, J.K. Lind said on Monday.", "J.K. Lind"),
        ("It is “a bad plan” for the town, he said, and Helen Sharpe said so too.", ""),
        ("Forecasts of “space weather” are published.", ""),
        ("Anna Holt said the plan was good. “It is a bad plan,” Mark Reed replied.", "Mark Reed"),
        ("“It is a bad plan,” says Dr. Mark Reed, who left.", "Dr. Mark Reed"),
        ("“It is a bad plan,” says Stroud’s colleague, Mark Reed.", ""),
        ("“We must wait,” she said, and Mark Reed said that he agreed.", ""),
    ],
)
def test_who_says_it(text, speaker):
    start = text.index("“")
    assert speaker_of(text, (start, text.index("”") + 1)) == speaker


def test_a_quotation_that_follows_on_another_has_its_speaker_unless_it_has_one_of_its_own():
    text = "“It is bad,” Mark Reed said. “It is fine,” Anna Holt said. “We go.” She went. “Now.”"
    starts = [place for place, sign in enumerate(text) if sign == "“"]
    said = [speaker_of(text, (start, text.index("”", start) + 1)) for start in starts]
    assert said == ["Mark Reed", "Anna Holt", "Anna Holt", ""]


def test_a_negation_comes_before_everything_else_and_mere_form_last():
    lines = ["“We will not go to the city today,” Kim said.", "“The army is ready for the war,” Xi said.",
             "“It is a good plan for the whole country,” Putin said."]  # fmt: skip
    spun = ["“We will go to the city today,” Kim said.", "“The military is ready for the battle,” Xi said.",
            "“It’s a good plan for the whole country,” Putin said."]  # fmt: skip
    articles = pair_of("\n\n".join(spun), "\n\n".join(lines))
    found = find_substitutions(articles)
    table = assess_quotations(articles, found, altered_quotations(articles, found))
    assert table["moved"].tolist() == ["negation", "content words", "form"]
    assert table["speaker"].tolist() == ["Kim", "Xi", "Putin"]
    assert table.loc[1, ["quoted_words", "replaced_words"]].tolist() == [3, 2]


def test_every_altered_quotation_is_assessed_once(articles, substitutions):
    quotations = altered_quotations(articles, substitutions)
    table = assess_quotations(articles, substitutions, quotations)
    key = ["spun_id", "spun_start"]
    assert sorted(map(tuple, table[key].to_numpy())) == sorted(map(tuple, quotations[key].to_numpy()))
    assert table["level"].is_monotonic_decreasing
    assert table["share"].between(0, 1).all()


# Times, bylines, sources, headlines


@pytest.fixture
def signed():
    """Three articles by one name within a day, and one by nobody."""
    rows = [("a", "Ada", "2025-01-01T08:00", "r"), ("b", "Ada", "2025-01-01T20:00", "r"),
            ("c", "Ada", "2025-01-02T07:59", "s"), ("d", "", "2025-01-03", "s")]  # fmt: skip
    table = pd.DataFrame(rows, columns=["spun_id", "byline", "published", "reference_id"]).assign(
        published=lambda rows: pd.to_datetime(rows["published"], format="ISO8601"),
        words=100, copied=70, changed=20, title="Kim hails a bond",
    )  # fmt: skip
    articles = pd.DataFrame(
        {"byline": ["Ada", "Ada", "Ada", "", "", ""], "site": [""] * 4 + ["x.example", "y.example"],
         "provenance": ["published"] * 5 + ["reconstructed"], "title": [""] * 4 + ["Kim hails bond", ""]},
        index=["a", "b", "c", "d", "r", "s"],
    )  # fmt: skip
    return articles, table


def test_bylines_say_how_many_articles_in_how_short_a_time(signed):
    rows = bylines(*signed).set_index("byline")
    assert rows.loc["Ada", ["articles", "words", "most_in_24_hours"]].tolist() == [3, 300, 3]
    assert rows.loc["Ada", "shortest_gap_hours"] == pytest.approx(11 + 59 / 60)
    assert pd.isna(rows.loc["", "most_in_24_hours"])  # a date without a time of day says nothing about hours


def test_sources_are_ranked_by_the_words_taken_and_reconstructions_counted(signed):
    rows = robbed_sources(*signed)
    assert rows[["source", "references", "articles", "copied", "reconstructed"]].to_numpy().tolist() == [
        ["x.example", 1, 2, 140, 0], ["y.example", 1, 2, 140, 2],
    ]  # fmt: skip


def test_a_headline_is_the_same_only_word_for_word(signed):
    rows = kept_headlines(*signed)
    assert len(rows) == 2  # the other source has no headline
    assert rows.loc[0, ["words", "kept", "same"]].tolist() == [3, 3, False]


def test_hours_in_the_summary_are_those_between_the_publications(articles, substitutions, pairs, alignment):
    summary = summarise_articles(articles, paragraphs(pairs, alignment, substitutions), substitutions)
    assert summary["hours"].dropna().between(1.5, 48).all()


# Links and pictures


def test_links_to_the_source_and_its_pictures_are_found_on_stored_pages(tmp_path):
    pages = {
        "spun.html": '<a href="https://www.news.example/a/?utm=1">x</a><a href="https://news.example/b">y</a>'
        '<a href="https://notnews.example/c">z</a><a href="javascript:x">j</a>'
        '<img src="/files/summit-2025-300x200.jpg"><img src="/logo.png">',
        "ref.html": '<img src="https://cdn.news.example/summit-2025.jpg"><img src="/logo.png">',
    }
    for name, body in pages.items():
        (tmp_path / name).write_text(f"<html><body>{body}</body></html>", encoding="utf-8")
    links = ["https://www.news.example/a/?utm=1", "https://news.example/b", "https://notnews.example/c", "javascript:x"]
    articles = pd.DataFrame(
        {"text": ["see http://news.example/a.", "t"], "links": [links, []], "url": ["", "http://news.example/a"],
         "site": ["one.example", "news.example"], "file": ["spun.html", "ref.html"]},
        index=["a", "r"],
    )  # fmt: skip
    found = leftovers(articles, pd.DataFrame({"spun_id": ["a"], "reference_id": ["r"]}), tmp_path)
    assert found[["what", "same"]].to_numpy().tolist() == [
        ["link", True], ["link", False], ["link", True], ["picture", False],
    ]  # fmt: skip
    assert found["address"].iloc[3] == "/files/summit-2025-300x200.jpg"


def links_to(site: str, url: str, text: str, links: list[str] = ()) -> dict[str, bool]:
    articles = pd.DataFrame(
        {"text": [text, "t"], "links": [list(links), []], "url": ["", url], "site": ["one.example", site],
         "file": ["spun.txt", "ref.txt"]},
        index=["a", "r"],
    )  # fmt: skip
    found = leftovers(articles, pd.DataFrame({"spun_id": ["a"], "reference_id": ["r"]}), "unused")
    return dict(zip(found["address"], found["same"], strict=True))


def test_only_the_very_page_is_called_the_same_and_the_query_is_part_of_its_address():
    url = "https://news.example/?p=1"
    pages = ["https://news.example/?p=2", "https://news.example/", "http://www.news.example/?utm_source=x&p=1#top"]
    assert list(links_to("news.example", url, "", pages).values()) == [False, False, True]
    pages = ["https://news.example/a?fbclid=x", "https://news.example/a/?b=2&a=1", "https://news.example/a?a=2&b=1"]
    assert list(links_to("news.example", "https://news.example/a?a=1&b=2", "", pages).values()) == [False, True, False]


@pytest.mark.parametrize("end", [".", ",", ";", ":", "!", "?", "?!", "…", ".’", "..."])
def test_what_ends_a_sentence_is_no_part_of_an_address(end):
    text = f"Read https://news.example/flood{end} They said so."
    assert links_to("news.example", "https://news.example/flood", text) == {"https://news.example/flood": True}


@pytest.mark.parametrize(
    "site", ["News.example", "https://news.example", "news.example/", "www.news.example", " http://WWW.news.example/x "]
)
def test_links_are_found_however_the_source_is_written(site):
    assert links_to(
        site, "", "", ["https://NEWS.example/a", "https://m.news.example/a", "https://oldnews.example"]
    ) == {
        "https://NEWS.example/a": False,
        "https://m.news.example/a": False,
    }


# What the researcher notes

NOTE = "  - {topic: owner, text: %s, date: 2025-01-01, source: y}\n"


def noted(tmp_path, written: str, *sites: str) -> pd.DataFrame:
    for number, site in enumerate(sites):
        add_article(tmp_path, f"a{number}", "spun", "Words.", site=site)
    (tmp_path / "site.yml").write_text(written, encoding="utf-8")
    return read_site_notes(tmp_path)


@pytest.mark.parametrize(
    ("written", "says"),
    [
        (
            "a.example:\n" + NOTE % "x" + "b.example: []\na.example:\n" + NOTE % "z",
            "line 4: “a.example” stands .* line 1",
        ),
        ("a.example:\n" + NOTE % "x, text: y", "line 2: “text” stands .* line 2"),
        ("a.example:\n" + NOTE % "[x]", "note 1: text is no text"),
        ("a.example:\n  - {topic: [owner], text: x, date: 2025-01-01, source: y}", "note 1: topic is no text"),
        ("a.example:\n  - {topic: {a: b}, text: x, date: 2025-01-01, source: y}", "note 1: topic is no text"),
        ("a.example:\n  - {topic: owner, text: x, date: 2025-01-01, source: null}", "note 1: source is missing"),
        ("[a]: b", "no valid YAML"),
        ("[" * 3000, "no valid YAML"),
        ("{a: " * 3000, "no valid YAML"),
    ],
)
def test_a_note_that_would_be_lost_is_an_error_with_its_place_and_mend(tmp_path, written, says):
    with pytest.raises(SiteNotesError, match=rf"site\.yml.*{says}.* Mend: ") as error:
        noted(tmp_path, written)
    assert len(str(error.value)) < 500


@pytest.mark.parametrize(
    "text", ["No", "yes", "1e3", "007", "12:30:00", "0x1f", "2025-1-2", "1_000", ".inf", "=", "on"]
)
def test_a_note_says_what_was_written(tmp_path, text):
    assert noted(tmp_path, "a.example:\n" + NOTE % text)["text"].tolist() == [text]


@pytest.mark.parametrize(
    "when", ["2025-01-02", "'2025-01-02'", "2025-1-2", "2025-01-02 10:00:00", "2025-01-02T10:00:00Z"]
)
def test_a_date_is_a_date_however_it_is_written(tmp_path, when):
    written = "a.example:\n  - {topic: owner, text: x, date: " + when + ", source: y}"
    assert noted(tmp_path, written)["date"].tolist() == [date(2025, 1, 2)]


@pytest.mark.parametrize(
    "name", ["www.copycat.example", "Copycat.example", "https://copycat.example/", "copycat.example"]
)
def test_notes_reach_their_site_however_it_is_written(tmp_path, name):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert noted(tmp_path, f"'{name}':\n" + NOTE % "x", "copycat.example")["site"].tolist() == ["copycat.example"]


def test_a_name_that_is_a_site_of_the_corpus_keeps_its_notes_to_itself(tmp_path):
    written = "copycat.example:\n" + NOTE % "x" + "www.copycat.example:\n" + NOTE % "y"
    notes = noted(tmp_path, written, "copycat.example", "www.copycat.example")
    assert dict(zip(notes["site"], notes["text"], strict=True)) == {"copycat.example": "x", "www.copycat.example": "y"}


def test_notes_on_a_site_that_is_not_in_the_corpus_are_named(tmp_path):
    with pytest.warns(UserWarning, match=r"site\.yml: .*“copycatt\.example”.* Mend: "):
        notes = noted(tmp_path, "copycatt.example:\n" + NOTE % "x", "copycat.example")
    assert notes["site"].tolist() == ["copycatt.example"]


def test_the_notes_of_the_corpus_can_be_read_and_come_in_the_order_of_their_topics(corpus):
    notes = read_site_notes(corpus)
    assert notes["topic"].tolist() == ["advertising", "registrant", "traffic", "owner", "publishers"]
    assert (notes["source"] != "").all()


def test_a_corpus_without_notes_has_none(tmp_path):
    assert read_site_notes(tmp_path).empty


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("a: [", "no valid YAML"),
        ("- a", "begin with the name of a site"),
        ("a.example: text", "its notes are no list"),
        ("a.example:\n  - word", "note 1: it has no fields"),
        ("a.example:\n  - {topic: owner, text: x, date: 2025-01-01}", "note 1: source is missing"),
        ("a.example:\n  - {topic: owner, text: x, date: soon, source: y}", "'soon' is no date"),
        ("a.example:\n  - {topic: money, text: x, date: 2025-01-01, source: y}", "unknown topic 'money'"),
        ("a.example:\n  - {topic: owner, text: x, date: 2025-01-01, source: y, when: z}", "unknown field 'when'"),
        ("a: !!python/object/apply:os.system [echo]", "no valid YAML"),
    ],
)
def test_what_is_wrong_in_the_notes_is_said_with_its_place_and_mend(tmp_path, written, said):
    (tmp_path / "site.yml").write_text(written, encoding="utf-8")
    with pytest.raises(SiteNotesError, match=said) as error:
        read_site_notes(tmp_path)
    assert "site.yml" in str(error.value)
    assert "Mend:" in str(error.value)
