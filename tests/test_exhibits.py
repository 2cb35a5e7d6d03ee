"""What is shown of a text is the text, its changed words marked, its addresses masked, and nothing of it markup."""

import re
from html import unescape
from html.parser import HTMLParser

import pandas as pd
import pytest

from helpers.display.exhibits import marked, published_marks, reference_marks
from helpers.display.masking import MASKED_EMAIL, MASKED_TELEPHONE
from helpers.plots import side_by_side

SPUN = "Kim made the remarks throughout a assembly on Thursday, the company mentioned."
REFERENCE = "Kim made the remarks during a meeting on Thursday, the agency said."
PAIRS = [("throughout", "during"), ("assembly", "meeting"), ("company", "agency"), ("mentioned", "said")]


def substitutions(pairs: list[tuple[str, str]] = PAIRS, spun: str = SPUN, reference: str = REFERENCE) -> pd.DataFrame:
    """The substitutions of one pair of texts, each phrase where it first stands."""
    rows = [
        (spun.index(new), spun.index(new) + len(new), reference.index(old), reference.index(old) + len(old), new, old)
        for new, old in pairs
    ]
    columns = ["spun_start", "spun_end", "reference_start", "reference_end", "spun", "original"]
    return pd.DataFrame(rows, columns=columns)


def plain(html: str) -> str:
    """The text that a reader sees of an HTML fragment."""
    return unescape(re.sub(r"<[^>]*>", "", html))


def test_a_marked_text_reads_as_the_text():
    assert plain(marked(SPUN, (0, len(SPUN)), published_marks(substitutions()))) == SPUN


def test_the_changed_words_stand_in_mark_elements():
    html = marked(SPUN, (0, len(SPUN)), published_marks(substitutions()))
    assert re.findall(r"<mark[^>]*>(.*?)</mark>", html) == ["throughout", "assembly", "company", "mentioned"]


def test_a_mark_in_the_spun_text_says_what_it_stands_for():
    html = marked(SPUN, (0, len(SPUN)), published_marks(substitutions([("assembly", "meeting")])))
    assert 'throughout a <mark class="spun" title="for: meeting">assembly</mark> on' in html


def test_a_mark_in_the_reference_says_what_became_of_it():
    marks = reference_marks(substitutions([("assembly", "meeting")]))
    html = marked(REFERENCE, (0, len(REFERENCE)), marks, "original")
    assert 'during a <mark class="original" title="became: assembly">meeting</mark> on' in html


def test_marks_stand_in_the_order_of_their_own_text():
    crossed = substitutions([("army", "military"), ("assist", "support")], "army assist", "support military")
    assert [mark[2] for mark in published_marks(crossed)] == ["for: military", "for: support"]
    assert [mark[2] for mark in reference_marks(crossed)] == ["became: assist", "became: army"]


def test_only_the_span_is_shown():
    start, end = SPUN.index("assembly"), SPUN.index(",")
    html = marked(SPUN, (start, end), published_marks(substitutions()))
    assert plain(html) == "assembly on Thursday"
    assert html.count("<mark") == 1


def test_a_mark_that_reaches_out_of_the_span_is_left_out():
    start = SPUN.index("assembly") + 3
    assert marked(SPUN, (start, len(SPUN)), published_marks(substitutions([("assembly", "meeting")]))) == SPUN[start:]


def test_of_two_overlapping_marks_the_first_is_kept_and_no_letter_is_shown_twice():
    html = marked("general public opinion", (0, 22), [(0, 14, "for: public"), (8, 22, "for: opinion")])
    assert plain(html) == "general public opinion"
    assert html.count("<mark") == 1


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "R&D &amp; more", "a \"quoted\" 'word'", "1 < 2 > 0"])
def test_a_text_is_never_markup(text):
    html = marked(text, (0, len(text)), [])
    assert not set("<>\"'") & set(html)
    assert unescape(html) == text


def test_a_text_is_never_markup_before_in_and_behind_a_mark():
    html = marked("<i>a <b>assembly</i>", (0, 20), [(5, 16, "for: meeting")])
    assert html == '&lt;i&gt;a <mark class="spun" title="for: meeting">&lt;b&gt;assembly</mark>&lt;/i&gt;'


def test_a_mark_cannot_break_out_of_its_title():
    html = marked("assembly", (0, 8), [(0, 8, 'for: "><script>alert(1)</script>')])
    assert html == (
        '<mark class="spun" title="for: &quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;">assembly</mark>'
    )  # fmt: skip


def test_an_address_between_marks_is_masked():
    text = "Write to a.b@site.example or call +44 20 7946 0018 in the assembly."
    start = text.index("assembly")
    html = marked(text, (0, len(text)), [(start, start + 8, "for: meeting")])
    assert plain(html) == f"Write to {MASKED_EMAIL} or call {MASKED_TELEPHONE} in the assembly."


def test_an_address_in_a_mark_and_in_its_title_is_masked():
    html = marked("a.b@site.example", (0, 16), [(0, 16, "for: c.d@other.example")])
    assert html == f'<mark class="spun" title="for: {MASKED_EMAIL}">{MASKED_EMAIL}</mark>'


ADDRESSED = "Write to a.b@site.example or +44 20 7946 0018."
SIDES = pd.DataFrame(
    [
        ("kept", 0, len(SPUN), 0, len(REFERENCE)),
        ("moved", len(SPUN) + 1, len(SPUN) + 1 + len(ADDRESSED), len(REFERENCE) + 1, len(REFERENCE + ADDRESSED) + 1),
        ("added", 0, 8, -1, -1),
        ("dropped", -1, -1, 0, 8),
    ],
    columns=["op", "spun_start", "spun_end", "reference_start", "reference_end"],
)


class Table(HTMLParser):
    """The cells of an HTML table, row by row, and the attributes of its header cells."""

    def __init__(self, html: str):
        super().__init__()
        self.rows, self.headers, self.caption, self.open = [], [], "", ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
        if tag == "th":
            self.headers.append(dict(attrs))
        if tag in ("td", "th", "caption", "style"):
            self.open = tag

    def handle_endtag(self, tag):
        if tag == self.open:
            self.open = ""

    def handle_data(self, data):
        if self.open == "caption":
            self.caption += data
        if self.open in ("td", "th"):
            self.rows[-1][-1] += data


@pytest.fixture
def exhibit() -> str:
    """Four paragraphs side by side: one kept, one moved, with addresses, one added, one dropped."""
    return side_by_side(
        f"{SPUN}\n{ADDRESSED}", f"{REFERENCE}\n{ADDRESSED}", SIDES, substitutions(), "Kim & Xi hail <bond>"
    )


def test_the_columns_have_header_cells(exhibit):
    table = Table(exhibit)
    assert table.rows[0] == ["As published (spun)", "Reference"]
    assert table.headers == [{"scope": "col"}, {"scope": "col"}]


def test_the_table_has_its_caption_as_text(exhibit):
    assert Table(exhibit).caption == "Kim & Xi hail <bond>"


def test_a_kept_paragraph_stands_beside_its_reference(exhibit):
    assert Table(exhibit).rows[1] == [SPUN, REFERENCE]


def test_what_became_of_the_other_paragraphs_is_said_in_words(exhibit):
    moved, added, dropped = Table(exhibit).rows[2:]
    assert moved[0].startswith("[moved here from elsewhere] Write to")
    assert added == ["[not in the reference] Kim made", ""]
    assert dropped == ["[left out] ", "Kim made"]


def test_both_sides_are_marked(exhibit):
    assert exhibit.count('<mark class="spun"') == exhibit.count('<mark class="original"') == 4


def test_no_raw_address_is_shown(exhibit):
    assert "@site.example" not in exhibit
    assert "7946" not in exhibit
    assert exhibit.count(MASKED_EMAIL) == exhibit.count(MASKED_TELEPHONE) == 2
