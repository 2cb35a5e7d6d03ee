"""The review in a browser: the focus stays, names are asked for, hidden rows are counted, words are found whole."""

import pytest
from playwright.sync_api import expect
from review_page import Sheet, buttons_that_lose_the_focus, decided, keys_that_lose_the_focus, with_a_decision_in_hand

from helpers.mapping import MappingTable
from helpers.mapping import reviewer as reviewer_module
from helpers.review import review
from helpers.substitutions import find_substitutions


@pytest.fixture(scope="module")
def two(articles):
    return articles.loc[["kim-xi", "kim-xi-reference"]]


@pytest.fixture(scope="module")
def real(two):
    return find_substitutions(two)


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A user with a configuration folder in which nothing lies yet."""
    monkeypatch.setattr(reviewer_module, "user_config_path", lambda *_, **__: tmp_path / "config" / "unspun")
    return tmp_path


@pytest.fixture
def open_sheet(browser, home, real, two):
    """A function that opens the review of a new mapping folder, or of one that is there, on a page of its own."""
    opened = []

    def sheet(who="Ana", folder="mapping", **more) -> Sheet:
        mapping = MappingTable.open(home / folder).propose(real)
        opened.append(Sheet(browser, review(mapping, real, two, who=who), **more))
        return opened[-1]

    yield sheet
    for one in opened:
        assert one.errors == []
        one.page.context.close()


def save_an_edit(sheet, words="emblem"):
    sheet.find("image")
    sheet.press("Enter", "e")
    sheet.page.keyboard.type(words)
    sheet.press("Enter")


@pytest.fixture(scope="module")
def reading(browser, real, two, tmp_path_factory):
    """A review in which nothing is decided, for all who only look."""
    mapping = MappingTable.open(tmp_path_factory.mktemp("reading")).propose(real)
    sheet = Sheet(browser, review(mapping, real, two, who="Ana"))
    yield sheet
    assert sheet.errors == []
    sheet.page.context.close()


# The focus


def test_after_a_typed_original_and_enter_the_keys_work_again(open_sheet):
    sheet = open_sheet()
    save_an_edit(sheet)
    assert sheet.focus() == "grid"
    sheet.press("u")
    assert [line["status"] for line in sheet.log()] == ["rejected", "edited", "undone", "undone"]


@pytest.mark.parametrize("place", ["table", "take back"])  # `make faults` tries all places
def test_no_key_loses_the_focus(open_sheet, place):
    sheet = open_sheet()
    assert keys_that_lose_the_focus(sheet, place) == []
    assert sheet.is_alive()


def test_no_button_loses_the_focus(open_sheet):
    sheet = open_sheet()
    with_a_decision_in_hand(sheet)
    lost, seen = buttons_that_lose_the_focus(sheet)
    assert lost == []
    assert {"change who decides", "whole passage", "status"} <= seen
    assert sheet.is_alive()


@pytest.mark.parametrize(
    ("act", "end"), [("edit", "Save"), ("edit", "Escape"), ("split", "Enter"), ("split", "Cancel"), ("merge", "Enter")]
)
def test_every_editor_gives_the_focus_back_however_it_ends(open_sheet, act, end):
    sheet = open_sheet()
    with_a_decision_in_hand(sheet)
    sheet.press(*{"edit": ["Escape", "e"], "split": ["Escape", "s"], "merge": ["m"]}[act])
    assert sheet.focus() == "input"
    if act == "edit":
        sheet.page.keyboard.type("arun")
    if end in ("Save", "Cancel"):
        sheet.root.get_by_role("button", name=end).click()
        sheet.rest()
    else:
        sheet.press(end)
    if act == "split" and end in ("Enter", "Save"):  # nothing was split: that is said, and the field keeps its words
        expect(sheet.root.get_by_role("alert")).to_contain_text("Put a | between the parts")
        sheet.press("Escape")
    assert sheet.focus() == "grid"
    assert sheet.is_alive()


def test_the_focus_stays_where_another_notebook_decides(open_sheet):
    sheet, other = open_sheet(), open_sheet(who="Ben")
    sheet.root.get_by_role("grid").focus()
    sheet.press("Home", "a", "Home")
    sheet.root.locator(".history button").first.focus()
    other.root.get_by_role("grid").focus()
    other.press("Home", "r")
    sheet.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    sheet.rest()
    expect(sheet.root.locator(".history")).to_contain_text("Ben")
    assert sheet.focus() == "grid"


def test_who_clicks_elsewhere_has_left_and_is_not_called_back(open_sheet):
    sheet = open_sheet()
    sheet.root.get_by_role("grid").focus()
    sheet.press("Home")
    sheet.root.locator(".line .where button").first.focus()
    sheet.page.locator("#outside").click()
    sheet.page.evaluate("document.querySelector('.panel > div').replaceChildren()")
    assert sheet.focus() == "outside"


@pytest.mark.parametrize("shift", [False, True])
def test_a_click_counts_where_the_table_is_drawn_anew_under_it(open_sheet, shift):
    """An answer may come between the press of a button and its release; the next key would act on another row."""
    sheet = open_sheet()
    row = sheet.root.locator("tbody tr[id]").nth(4)
    name, box = row.get_attribute("id"), row.bounding_box()
    if shift:
        sheet.page.keyboard.down("Shift")
    sheet.page.mouse.move(box["x"] + 200, box["y"] + box["height"] / 2)
    sheet.page.mouse.down()
    sheet.root.get_by_label("Find").dispatch_event("input")
    sheet.page.evaluate("() => new Promise((then) => requestAnimationFrame(() => requestAnimationFrame(then)))")
    sheet.page.mouse.up()
    sheet.rest()
    expect(sheet.root.locator("tr.hand")).to_have_id(name)
    expect(sheet.root.locator("tbody tr[aria-selected=true]")).to_have_count(5 if shift else 0)


def test_a_click_on_the_words_of_the_widget_keeps_the_keys(open_sheet):
    sheet = open_sheet()
    sheet.page.locator("#outside").click()
    sheet.root.locator(".done > span").first.click()
    assert sheet.is_alive()
    first = sheet.root.locator("tr.hand").get_attribute("id")
    sheet.press("ArrowDown")
    assert sheet.root.locator("tr.hand").get_attribute("id") != first


def test_keys_typed_in_a_field_never_decide(open_sheet):
    sheet = open_sheet()
    sheet.root.get_by_role("grid").focus()
    sheet.press("Home", "e")
    sheet.root.get_by_label("change who decides").click()
    for field in sheet.root.locator("input:not([type=checkbox]):visible, select:visible").all():
        field.focus()
        for key in [*"arsmuwn?/", " ", "ArrowDown", "Home"]:
            sheet.page.keyboard.press(key)
        assert sheet.focus() in ("input", "select")
    sheet.rest()
    assert sheet.log() == []
    sheet.press("Escape")
    assert sheet.focus() == "grid"


def test_keys_in_an_editor_do_not_decide_on_its_box_or_buttons_either(open_sheet):
    sheet = open_sheet()
    with_a_decision_in_hand(sheet)
    made = len(sheet.log())
    sheet.press("m")
    for place in (sheet.root.get_by_label("reject the parts"), sheet.root.get_by_role("button", name="Cancel")):
        place.focus()
        sheet.press(*"aru")
    assert len(sheet.log()) == made
    expect(sheet.root.locator(".editor")).to_be_visible()


def test_enter_that_ends_a_composed_word_saves_nothing(open_sheet):
    sheet = open_sheet()
    sheet.root.get_by_label("Find").focus()
    sheet.page.evaluate(
        "document.activeElement.dispatchEvent("
        "new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true }))"
    )
    assert sheet.focus() == "input"


def test_a_key_that_is_held_down_decides_once(open_sheet):
    sheet = open_sheet()
    sheet.root.get_by_role("grid").focus()
    for _ in range(4):
        sheet.page.keyboard.down("a")
    sheet.page.keyboard.up("a")
    sheet.rest()
    assert len(sheet.log()) == 1


def test_a_second_enter_saves_an_edit_once(open_sheet):
    sheet = open_sheet()
    sheet.find("image")
    sheet.press("Enter", "e")
    sheet.page.keyboard.type("emblem")
    sheet.page.evaluate("""() => {
      const form = document.querySelector(".editor")
      form.requestSubmit()
      form.requestSubmit()
    }""")
    sheet.rest()
    assert [line["status"] for line in sheet.log()] == ["rejected", "edited"]


def test_an_edit_keeps_its_place_where_the_filter_hides_the_new_row(open_sheet):
    sheet = open_sheet()
    sheet.root.get_by_label("Status").select_option("proposed")
    sheet.root.get_by_role("grid").focus()
    sheet.press("Home", "ArrowDown", "ArrowDown")
    follows = sheet.root.locator("tr.hand + tr").get_attribute("id")
    sheet.press("e")
    sheet.page.keyboard.type("something else")
    sheet.press("Enter")
    assert sheet.root.locator("tr.hand").get_attribute("id") == follows


def test_what_is_typed_stays_where_another_notebook_decides_on_the_row(open_sheet):
    sheet, other = open_sheet(), open_sheet(who="Ben")
    sheet.root.get_by_label("Status").select_option("proposed")
    sheet.root.get_by_role("grid").focus()
    sheet.press("Home", "e")
    sheet.page.keyboard.type("half a wo")
    other.root.get_by_role("grid").focus()
    other.press("Home", "r")
    sheet.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    sheet.rest()
    expect(sheet.root.get_by_label("original", exact=True)).to_have_value("half a wo")
    assert sheet.focus() == "input"


# Who decides


def test_the_name_is_asked_for_once_and_remembered_by_the_next_session(open_sheet, home):
    sheet = open_sheet(who=None)
    sheet.root.get_by_role("grid").focus()
    sheet.press("a")
    assert (sheet.log(), sheet.focus()) == ([], "input")
    sheet.page.keyboard.type("  Ana  Núñez ")
    sheet.press("Enter")
    assert sheet.focus() == "grid"
    sheet.press("a")
    assert [line["who"] for line in sheet.log()] == ["Ana Núñez"]
    again = open_sheet(who=None)
    expect(again.root.locator(".who")).to_contain_text("deciding: Ana Núñez")
    expect(again.root.locator(".naming")).to_be_hidden()


def test_the_name_can_be_changed_and_the_lines_before_keep_theirs(open_sheet):
    sheet = open_sheet()
    sheet.root.get_by_role("grid").focus()
    sheet.press("a")
    before = (sheet.widget.mapping.folder / "decisions.jsonl").read_bytes()
    sheet.root.get_by_label("change who decides").click()
    sheet.page.keyboard.type("李 Ben O’Hara-<b>")
    sheet.press("Enter", "a")
    assert [line["who"] for line in sheet.log()] == ["Ana", "李 Ben O’Hara-<b>"]
    assert (sheet.widget.mapping.folder / "decisions.jsonl").read_bytes().startswith(before)
    expect(sheet.root.locator(".who b")).to_have_text("李 Ben O’Hara-<b>")


def test_what_names_nobody_is_refused_in_words_and_nothing_is_decided(open_sheet, home):
    sheet = open_sheet(who="you")
    assert sheet.widget.who == ""
    sheet.root.get_by_role("grid").focus()
    sheet.press("a")
    for name in ["", "   ", "you", "You", "…", "a\u202eb", "ana@news.example", "x" * 81]:
        sheet.page.keyboard.press("Control+a")
        sheet.page.keyboard.insert_text(name) if name else sheet.page.keyboard.press("Delete")
        sheet.press("Enter")
        expect(sheet.root.get_by_role("alert")).to_contain_text("Mend: ")
        assert (sheet.focus(), sheet.log(), (home / "config").exists()) == ("input", [], False)


def test_two_open_notebooks_keep_their_two_names(open_sheet):
    ana, ben = open_sheet(who=None), open_sheet(who=None)
    for sheet, name in ((ana, "Ana"), (ben, "Ben")):
        sheet.root.get_by_role("grid").focus()
        sheet.press("a")
        sheet.root.get_by_label("Your name").fill(name)
        sheet.press("Enter")
    ana.press("Home", "a")
    ben.press("End", "r")
    assert [(line["who"], line["status"]) for line in ana.log()] == [("Ana", "approved"), ("Ben", "rejected")]
    ana.press("u")  # one’s own act, though another’s is newer
    assert [(line["who"], line["note"]) for line in ana.log()[2:]] == [("Ana", "was approved")]
    ana.press("u")
    expect(ana.root.get_by_role("status")).to_contain_text("nothing of Ana’s to undo")
    assert len(ana.log()) == 3


def test_two_views_of_one_review_show_one_name(open_sheet):
    sheet = open_sheet(views=2)
    sheet.root.get_by_label("change who decides").click()
    sheet.page.keyboard.type("Ben")
    sheet.press("Enter")
    expect(sheet.page.locator(".who b")).to_have_text(["Ben", "Ben"])


def test_a_name_that_cannot_be_kept_counts_in_this_session_and_that_is_said(open_sheet, home):
    (home / "config").write_text("a file, where a folder should be")
    sheet = open_sheet(who=None)
    sheet.root.get_by_label("Your name").fill("Ana")
    sheet.press("Enter")
    expect(sheet.root.locator(".who b")).to_have_text("Ana")
    sheet.press("a")
    assert [line["who"] for line in sheet.log()] == ["Ana"]


def test_where_decisions_go_is_shown(open_sheet):
    expect(open_sheet().root.locator("> .where")).to_contain_text("decisions.jsonl")


# What is searched


@pytest.mark.parametrize(
    ("words", "side", "whole", "found"),
    [
        ("war", "", False, True), ("war", "spun", False, True), ("war", "spun", True, False),
        ("war", "original", True, True), ("WAR ", "", True, True), ("battle", "original", False, False),
        ("battle", "spun", True, True), ("battl", "spun", True, False), ("a.r", "", True, False),
    ],
)  # fmt: skip
def test_a_search_takes_both_sides_or_one_and_words_whole_or_in_part(reading, words, side, whole, found):
    reading.root.get_by_label("Look in").select_option(side)
    reading.root.get_by_label("whole words").set_checked(whole)
    reading.find(words)
    reading.rest()
    rows = reading.rows()
    assert bool(rows) == found
    for row in rows:
        text = {"spun": row.partition(" for ")[0], "original": row.partition(" for ")[2]}.get(side, row)
        assert words.strip().lower() in (text.split() if whole else text)


@pytest.mark.parametrize(
    ("sought", "text", "found"),
    [
        ("people", "people's", True), ("don", "don't", False), ("don’t", "I don't know", True),
        ("s", "people's", False),
        ("art", "start", False), ("été", "l'ÉTÉ 2025", True), ("c++", "a c++ book", True), ("20", "2025", False),
        ("a  b", "x a b y", True), ("習", "習近平", False), ("(", "a (b)", True), ("", "anything", True),
    ],
)  # fmt: skip
def test_whole_words_are_words(reading, sought, text, found):
    assert reading.page.evaluate("([sought, text]) => finder(sought, true)(fold(text))", [sought, text]) == found


# Rows that are chosen


def test_rows_that_the_filter_hides_stay_chosen_and_are_counted(open_sheet):
    sheet = open_sheet()
    sheet.find("help")
    sheet.press("Enter", "Control+a")
    sheet.find("battle")
    sheet.press("Enter", "Control+a")
    expect(sheet.root.locator(".filters")).to_contain_text("chosen, 2 of them hidden by the filter")
    sheet.find("")
    expect(sheet.root.locator(".filters")).not_to_contain_text("hidden")
    sheet.root.get_by_label("Status").select_option("chosen")
    assert {"help for support", "help for aid"} <= set(sheet.rows())
    sheet.press("Escape", "Escape")
    expect(sheet.root.locator(".filters")).not_to_contain_text("chosen,")


def choose_and_hide(sheet) -> int:
    sheet.find("help")
    sheet.press("Enter", "Control+a")
    sheet.find("battle")
    sheet.press("Enter", "Space")
    return 2


@pytest.mark.parametrize(("key", "status"), [("a", "approved"), ("r", "rejected")])
def test_a_decision_on_hidden_rows_is_asked_about_and_says_how_many_it_touched(open_sheet, key, status):
    sheet = open_sheet()
    choose_and_hide(sheet)
    sheet.press(key)
    expect(sheet.root.locator(".editor")).to_contain_text("3 rows, 2 of them hidden by the filter?")
    expect(sheet.root.locator(".editor")).to_contain_text("“help” for “aid”")
    assert sheet.log() == []
    sheet.press("Enter")
    expect(sheet.root.get_by_role("status")).to_contain_text(f"3 rows {status}, 2 of them hidden by the filter")
    assert sorted(decided(sheet.widget.mapping).values()) == [status] * 3
    assert sheet.focus() == "grid"
    sheet.press("u")
    expect(sheet.root.get_by_role("status")).to_contain_text("3 rows undone, 2 of them hidden by the filter")


def test_only_the_rows_shown_can_be_decided_and_the_hidden_ones_stay_chosen(open_sheet):
    sheet = open_sheet()
    hidden = choose_and_hide(sheet)
    sheet.press("a")
    sheet.root.get_by_role("button", name="Only the 1 shown").click()
    sheet.rest()
    assert len(sheet.log()) == 1
    expect(sheet.root.locator(".filters")).to_contain_text(f"{hidden} chosen, {hidden} of them hidden")
    assert sheet.focus() == "grid"


def test_the_buttons_say_how_many_rows_they_touch(open_sheet):
    sheet = open_sheet()
    choose_and_hide(sheet)
    for name in ("Approve 3 chosen", "Reject 3 chosen", "Merge 3 chosen"):
        expect(sheet.root.get_by_role("button", name=name)).to_be_visible()
    sheet.press("m")
    expect(sheet.root.locator(".editor")).to_contain_text("Merge 3 rows into one, 2 of them hidden by the filter")
    sheet.press("Escape", "e")
    expect(sheet.root.get_by_role("status")).to_contain_text("3 rows are chosen: edit one at a time")


# What is shown


def test_list_and_detail_show_the_two_sides_in_the_same_order(open_sheet):
    sheet = open_sheet()
    sheet.find("assembly")
    sheet.press("Enter")
    [row] = sheet.rows()
    assert row == "assembly for meeting"
    expect(sheet.root.locator(".pair")).to_have_text("assembly stands for meeting")
    assert sheet.root.locator(".line").first.locator(".which").all_inner_texts() == ["as published", "reference"]
    sheet.press("a")
    expect(sheet.root.get_by_role("status")).to_contain_text("“assembly” for “meeting” approved")


@pytest.mark.parametrize("width", [700, 1000, 1180, 1440])
def test_no_heading_is_cut(reading, width):
    sheet = reading
    sheet.page.set_viewport_size({"width": width, "height": 1000})
    for button in sheet.root.locator("thead button").all():
        button.click()  # the sign of the order needs room, too
        cut = sheet.page.evaluate(
            "[...document.querySelectorAll('thead button, .acts button, .filters label, h3, h4')]"
            ".filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.textContent)"
        )
        assert cut == []
        high = sheet.root.locator("thead button").evaluate_all("all => Math.max(...all.map((one) => one.offsetHeight))")
        assert high < 50  # two lines at the most


def test_nothing_is_called_undefined(open_sheet):
    sheet = open_sheet()
    with_a_decision_in_hand(sheet)
    sheet.press("m")
    html = sheet.page.content().partition("<script")[0]
    assert [word for word in ("undefined", "null", "NaN", "[object") if word in html] == []
