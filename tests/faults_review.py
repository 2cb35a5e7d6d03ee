"""Every key is pressed and every button clicked, wherever the focus is; names of all sorts are typed; rows are hidden.

`make faults KINDS=review`. `lost` is a focus that left the widget by itself, or a decision, `wrong` a row decided that
nobody meant, a name that names nobody, a count that is not so.
"""

import random
from collections.abc import Iterator
from pathlib import Path

from attempts import Attempts
from nasty_strings import CONTROL, IN_TABLES
from pages import CHROMIUM, QUIET
from playwright.sync_api import sync_playwright
from review_page import (
    KEYS,
    PLACES,
    Sheet,
    buttons_that_lose_the_focus,
    decided,
    keys_that_lose_the_focus,
    with_a_decision_in_hand,
)

from helpers.corpus import load_articles
from helpers.mapping import MappingTable
from helpers.mapping import reviewer as reviewer_module
from helpers.review import review
from helpers.substitutions import find_substitutions

CORPUS = Path(__file__).resolve().parents[1] / "corpus"
FILTERS = ["", "help", "battle", "war", "in", "zzz", "the"]


def attempts(home: Path) -> Iterator[Attempts]:
    """Everything, in full number."""
    reviewer_module.user_config_path = lambda *_, **__: home / "config"
    articles = load_articles(CORPUS).loc[["kim-xi", "kim-xi-reference"]]
    substitutions = find_substitutions(articles)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)

        def sheet(name: str, who: str = "Ana") -> Sheet:
            mapping = MappingTable.open(home / name).propose(substitutions)
            return Sheet(browser, review(mapping, substitutions, articles, who=who))

        yield focus(sheet("focus"))
        yield typed_in_fields(sheet("fields"))
        yield names(sheet("names", who=""))
        yield hidden_rows(sheet("hidden"), 40)
        browser.close()


def focus(sheet: Sheet) -> Attempts:
    """Each key on each place, and each button."""
    lost = [found for place in PLACES for found in keys_that_lose_the_focus(sheet, place)]
    with_a_decision_in_hand(sheet)
    lost_by_buttons, buttons = buttons_that_lose_the_focus(sheet)
    lost += lost_by_buttons
    tried = 2 * (len(KEYS) * len(PLACES) + len(buttons))
    return Attempts("keys and buttons that could lose the focus", tried, lost=len(lost), said="; ".join(lost[:3]))


def typed_in_fields(sheet: Sheet) -> Attempts:
    """Each key that decides, in each field there is."""
    sheet.root.get_by_role("grid").focus()
    sheet.press("Home", "e")
    sheet.root.get_by_label("change who decides").click()
    fields = sheet.root.locator("input:not([type=checkbox]):visible, select:visible").all()
    keys = [*"aresmunARUSMN ", "ArrowDown", "Home"]
    for field in fields:
        field.focus()
        for key in keys:
            sheet.page.keyboard.press(key)
    sheet.rest()
    return Attempts("keys typed in a field", len(fields) * len(keys), wrong=len(sheet.log()))


def names(sheet: Sheet) -> Attempts:
    """Strings of all sorts as names: what the log has then is what is shown, and names somebody."""
    wrong: list[str] = []
    nasty = [*IN_TABLES, *CONTROL, "", "you", "\ud83d", "ana@news.example", "+44 20 7946 0018", "李小龍", "عمر"]
    for name in nasty:
        before = sheet.widget.who
        answers = sheet.answer({"kind": "name", "name": name, "request": "0"})
        kept = reviewer_module.remembered() == sheet.widget.who
        refused = answers[0]["kind"] == "failed" and "Mend: " in answers[0]["said"] and sheet.widget.who == before
        if not kept or not (refused or sheet.widget.who.split() == sheet.widget.who.split(" ")):
            wrong.append(repr(name))
    return Attempts("names of all sorts", len(nasty), wrong=len(wrong), said="; ".join(wrong[:3]))


def hidden_rows(sheet: Sheet, times: int) -> Attempts:
    """Rows are chosen under one filter and decided under another; what was announced is what was decided."""
    chance = random.Random(17)
    wrong: list[str] = []
    for _ in range(times):
        sheet.find(chance.choice(FILTERS[1:]))
        sheet.press("Enter", *chance.choices(["Control+a", "Space", "ArrowDown", "Shift+ArrowDown"], k=3))
        sheet.find(chance.choice(FILTERS))
        sheet.press("Enter", *chance.choices(["Space", "ArrowDown"], k=1))
        label = sheet.root.locator(".acts button").first.inner_text()
        announced = int(label.split()[1]) if "chosen" in label else 1
        before, shown = len(sheet.log()), bool(sheet.rows())
        sheet.press("a")
        if sheet.root.locator(".editor").is_visible():
            sheet.press("Enter")
        made = len(sheet.log()) - before
        if made != (announced if shown or "chosen" in label else 0):
            wrong.append(f"announced {announced}, decided {made}")
        if made:
            sheet.press("u")
        if decided(sheet.widget.mapping):
            wrong.append("not all was taken back")
        sheet.press("Escape", "Escape")
    return Attempts("rows chosen, hidden and decided", times, wrong=len(wrong), said="; ".join(wrong[:3]))
