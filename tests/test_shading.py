"""A shaded text is the text; what is shaded is what the signs name; nothing in it does anything or shows an address."""

import re
from html import unescape

import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe

from helpers.detect import shaded, spun_score
from helpers.plots import readable
from helpers.restore import beside, restore

TEXT = "The army assembly <b>ended</b>.\n\n\n\nWrite to a.b@site.example, said an officer of the army."
SURELY, HARDLY = 0.9, 0.1


def signs(*said: tuple[str, float, str], text: str = TEXT) -> pd.DataFrame:
    """Evidence: words of the text where they first stand, what they add, why."""
    rows = [(text.index(words), text.index(words) + len(words), weight, why) for words, weight, why in said]
    return pd.DataFrame(rows, columns=["start", "end", "weight", "words"])


def marks(html: str) -> list[tuple[str, int, str, str]]:
    """Shade, offset, reason and words of every mark in the text."""
    found = re.findall(r'<mark class="(s\d)" data-start="(\d+)" title="([^"]*)">(.*?)</mark>', html)
    return [(shade, int(start), unescape(why), unescape(words)) for shade, start, why, words in found]


def plain(html: str) -> str:
    body = re.sub(r"<style>.*?</style>|<sup>.*?</sup>|<small>.*?</small>", "", html, flags=re.S)
    return unescape(re.sub(r"<[^>]*>", "", body))


def test_what_is_shaded_is_what_the_signs_name():
    html = shaded(TEXT, signs(("army", SURELY, "stands for military"), ("officer", HARDLY, "stands for official"))).html
    assert [(words, why) for _, _, why, words in marks(html)] == [
        ("army", "stands for military"), ("officer", "stands for official"),
    ]  # fmt: skip
    assert all(TEXT[start : start + len(words)] == words for _, start, _, words in marks(html))


def test_every_shaded_place_of_a_real_score_gives_the_words_back(articles):
    text = articles.loc["kim-xi", "text"]
    found = marks(shaded(text, spun_score(text, language_model=False).evidence).html)
    assert len(found) > 40
    assert all(text[start : start + len(words)] == words for _, start, _, words in found)


def test_the_surer_is_the_darker_and_little_is_not_shaded_at_all():
    html = shaded(TEXT, signs(("army", SURELY, "a"), ("ended", HARDLY, "b"), ("Write", 0.01, "c"))).html
    assert [(words, shade) for shade, _, _, words in marks(html)] == [("army", "s4"), ("ended", "s1")]


def test_what_is_said_of_the_same_words_is_added_up():
    html = shaded(TEXT, signs(("army", 0.2, "the first"), ("army", 0.25, "the surer"))).html
    assert [(shade, why) for shade, _, why, _ in marks(html)] == [("s4", "the surer; the first")]


def test_of_places_that_overlap_the_surer_stays():
    html = shaded(TEXT, signs(("army assembly", HARDLY, "both"), ("assembly", SURELY, "one"))).html
    assert [words for *_, words in marks(html)] == ["assembly"]


def test_a_shaded_text_reads_as_the_text_but_for_addresses_and_wide_gaps():
    read = plain(shaded(TEXT, signs(("army", SURELY, "a"))).html)
    written = TEXT.replace("a.b@site.example", "[e-mail address masked]").replace("\n\n\n\n", "\n\n")
    assert written in read


def test_no_part_of_an_address_is_shown_though_it_is_marked_or_named():
    html = shaded(TEXT, signs(("site", SURELY, "write to a.b@site.example")), "by a.b@site.example").html
    assert "site.example" not in html
    assert marks(html) == []


def test_nothing_of_text_reason_or_caption_is_markup():
    shown = shaded(TEXT, signs(("<b>ended</b>", SURELY, '"><script>')), "<script>")
    assert "<b>" not in shown.html
    assert "<script>" not in shown.html
    assert marks(shown.html)[0][3] == "<b>ended</b>"


def test_why_the_surest_are_shaded_stands_in_notes_that_need_no_pointer():
    shown = shaded(TEXT, signs(("army", SURELY, "stands for military"), ("ended", HARDLY, "hardly")))
    assert "<li>stands for military</li>" in shown.html
    assert ">army</mark><sup>1</sup>" in shown.html
    assert "<li>hardly</li>" not in shown.html


def test_the_plain_text_says_how_sure_and_why():
    said = repr(shaded(TEXT, signs(("army", SURELY, "stands for military"))))
    assert "The [army]4 assembly" in said
    assert "1. stands for military" in said
    assert "site.example" not in said


def test_a_few_paragraphs_may_be_asked_for():
    html = shaded(TEXT, signs(("army", SURELY, "a"), ("Write", SURELY, "b")), paragraphs=1).html
    assert [words for *_, words in marks(html)] == ["army"]
    assert "Write" not in html


def test_a_text_with_no_sign_is_shown_unshaded():
    assert marks(shaded(TEXT, signs()).html) == []
    assert marks(shaded("", signs()).html) == []


TABLE = pd.DataFrame({"spun": ["army", "got here", "folks"], "original": ["military", "came", "people"], "support": 9})
SPUN = "The army got here.\n\nThe folks, a.b@site.example <i>said</i>, were glad.\n"


def restored_rows(text: str = SPUN, **options) -> tuple[list[tuple[str, str]], str]:
    restored = restore(text, TABLE, threshold=0, thesaurus=False, language_model=False)
    html = beside(text, restored.text, restored.changes, **options).html
    return re.findall(r"<tr><td>(.*?)</td><td>(.*?)</td></tr>", html, re.S), html


def test_each_paragraph_stands_beside_its_restoration():
    rows, _ = restored_rows()
    assert [(plain(left), plain(right)) for left, right in rows] == [
        ("The army got here.", "The military came."),
        (
            "The folks, [e-mail address masked] <i>said</i>, were glad.",
            "The people, [e-mail address masked] <i>said</i>, were glad.",
        ),
    ]


def test_each_change_is_marked_on_both_sides_and_says_how_probable_it_is_and_why():
    rows, _ = restored_rows()
    left, right = rows[0]
    assert re.findall(r'class="was" title="(.*?)">(.*?)<', left) == [
        ("now: military", "army"),
        ("now: came", "got here"),
    ]
    found = re.findall(
        r'<mark class="s\d" title="table: seen 9 times[^"]*">(\w+)</mark><small>&nbsp;(.*?)</small>', right
    )
    assert [words for words, _ in found] == ["military", "came"]
    assert all(re.fullmatch(r"&gt;99%|>99%|\d+%", probability) for _, probability in found)


def test_paragraphs_that_one_change_runs_across_are_one():
    change = {"spun_start": 5, "spun_end": 13, "restored_start": 5, "restored_end": 9}
    changes = pd.DataFrame([{**change, "original": "came", "probability": 0.9, "reason": "table"}])
    html = beside("They got\nhere.\nAll.", "They came.\nAll.", changes).html
    rows = re.findall(r"<tr><td>(.*?)</td><td>(.*?)</td></tr>", html, re.S)
    assert [plain(right) for _, right in rows] == ["They came.", "All."]


def test_a_restoration_without_a_change_is_the_text_and_a_few_paragraphs_may_be_asked_for():
    rows, _ = restored_rows("Nothing here.\nNor here.")
    assert [left == right for left, right in rows] == [True, True]
    assert len(restored_rows(paragraphs=1)[0]) == 1


def test_nothing_of_a_restored_text_is_markup_or_an_address():
    _, html = restored_rows(caption="<script> a.b@site.example")
    assert "<i>" not in html
    assert "<script>" not in html
    assert "site.example" not in html


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_problem_in_what_notebooks_show(browser, scheme):
    words = [("army", 0.9), ("assembly", 0.35), ("ended", 0.2), ("Write", 0.1)]
    restored = restore(SPUN, TABLE, threshold=0, thesaurus=False, language_model=False)
    sure = restored.changes.assign(probability=[0.99, 0.92, 0.6][: len(restored.changes)])
    parts = [
        shaded(TEXT, signs(*((word, weight, "why") for word, weight in words)), "Shaded").html,
        beside(SPUN, restored.text, sure, "Beside").html,
        readable(sure, "Readable").html,
    ]
    page = browser.new_context(color_scheme=scheme).new_page()
    head = '<meta charset="utf-8"><title>Shown</title><style>:root { color-scheme: light dark }</style>'
    page.set_content(
        f'<!doctype html><html lang="en"><head>{head}</head><body><main><h1>Shown</h1>{"".join(parts)}</main>'
    )
    found = Axe().run(page).response["violations"]
    page.context.close()
    assert [(problem["id"], problem["nodes"][0]["html"][:100]) for problem in found] == []
