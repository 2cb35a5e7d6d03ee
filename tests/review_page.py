"""The page of a review in a browser without JupyterLab: what it asks is answered by the widget, in this process."""

import json
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from helpers.mapping import MappingTable
from helpers.mapping.review_widget import Review

HTML = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>review</title><style>{css}</style></head>
<body><main><div id="here"></div><p id="outside">outside</p></main><script type="module">{esm}</script></body></html>"""
MODEL = """
const heard = new Set(), short = new Set(), later = window.setTimeout, no_more = window.clearTimeout
window.asked = 0
window.setTimeout = (act, after) => {
  const timer = later(() => { short.delete(timer); act() }, after)
  if (after < 1000) short.add(timer) // a row is asked for a moment after it came into hand
  return timer
}
window.clearTimeout = (timer) => { short.delete(timer); no_more(timer) }
window.at_rest = () => window.asked === 0 && short.size === 0
const model = {
  on: (_, listener) => heard.add(listener), off: (_, listener) => heard.delete(listener),
  send: async (message) => {
    window.asked += 1
    for (const answer of await window.ask_python(message)) for (const listener of heard) listener(answer)
    window.asked -= 1
  },
}
"""


class Sheet:
    """A page with a review on it, the log behind it, and what a test does with both."""

    def __init__(self, browser, review: Review, width: int = 1440, views: int = 1) -> None:
        self.page: Page = browser.new_context(viewport={"width": width, "height": 1000}).new_page()
        self.page.set_default_timeout(20_000)
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.widget, self.said = review, []
        review.send = self.said.append
        self.page.expose_function("ask_python", self.answer)
        show = "widget.render({ model, el: document.getElementById('here') })\n" * views
        esm = Review._esm.replace("export default", "Object.assign(window, { finder, fold })\nconst widget =")
        self.page.set_content(HTML.format(css=Review._css, esm=MODEL + esm + show))
        self.root: Locator = self.page.locator(".unspun-review").first
        expect(self.root).to_have_class("unspun-review unspun-live")
        self.rest()

    def answer(self, message: dict) -> list[dict]:
        self.said.clear()
        self.widget.answer(message)
        return json.loads(json.dumps(self.said))

    def rest(self) -> None:
        """Wait until nothing is asked any more."""
        self.page.wait_for_function("window.at_rest()", polling=10)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.rest()

    def find(self, text: str) -> None:
        self.root.get_by_label("Find").fill(text)

    def rows(self) -> list[str]:
        """The pairs that are shown."""
        return [" for ".join(row.split("\t")[1:3]) for row in self.root.locator("tbody tr[id]").all_inner_texts()]

    def focus(self) -> str:
        """What has the focus, in a word; “outside” where the widget has lost it."""
        return self.page.evaluate("""() => {
          const now = document.activeElement
          if (!now.closest(".unspun-review")) return "outside"
          return now.getAttribute("role") || now.tagName.toLowerCase()
        }""")

    def is_alive(self) -> bool:
        """Whether keys are heard: `?` shows the list of keys, and hides it again."""
        before = self.root.locator(".keys").is_visible()
        self.page.keyboard.press("?")
        after = self.root.locator(".keys").is_visible()
        self.page.keyboard.press("?")
        return after != before

    def log(self) -> list[dict]:
        path: Path = self.widget.mapping.folder / "decisions.jsonl"
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


# Where the focus can be, as a selector; and every key that means something.
PLACES = {
    "table": "table", "panel": ".panel", "toolbar": ".acts button[aria-keyshortcuts=n]", "heading": "thead button",
    "checkbox": ".filters input[type=checkbox]", "take back": ".history button", "passage": ".line .where button",
    "name": ".who button", "keys": ".acts > button:last-child",
}  # fmt: skip
KEYS = [*"aresmunwARU/?", "Enter", " ", "Escape", "ArrowDown", "ArrowUp", "PageDown", "PageUp", "Home", "End",
        "Shift+ArrowDown", "Control+a"]  # fmt: skip


def with_a_decision_in_hand(sheet: Sheet) -> None:
    """Have the first row in hand, decided, two rows chosen, and the focus on the table."""
    sheet.root.get_by_role("grid").focus()
    sheet.press("Escape", "Home")
    if not sheet.root.locator(".history button").count():
        sheet.press("a", "Home")
    sheet.press("Space", "Shift+ArrowDown", "Home")


def keys_that_lose_the_focus(sheet: Sheet, place: str, keys: list[str] = KEYS) -> list[str]:
    """Press each key where the focus stands on a place, and Escape behind it; return after which it was lost."""
    lost = []
    for key in keys:
        if not sheet.root.locator(".history button").count():
            with_a_decision_in_hand(sheet)
        sheet.root.locator(PLACES[place]).first.focus()
        for pressed in (key, "Escape"):
            sheet.press(pressed)
            if sheet.focus() == "outside":
                lost.append(f"{key} on {place}, after {pressed}")
                sheet.root.get_by_role("grid").focus()
    return lost


def buttons_that_lose_the_focus(sheet: Sheet) -> tuple[list[str], set[str]]:
    """Click every button that there is, or comes to be; return those after which the focus was lost, and all."""
    lost, seen = [], set()
    while left := [
        button for button in sheet.root.locator("button:enabled:visible").all() if _name(button) not in seen
    ]:
        name = _name(left[0])
        seen.add(name)
        left[0].click()
        sheet.rest()
        for then in ("", ", then Escape"):
            if sheet.focus() == "outside":
                lost.append(name + then)
            sheet.press("Escape")
    return lost, seen


def _name(button: Locator) -> str:
    return button.get_attribute("aria-label") or button.inner_text().partition(" (")[0].rstrip("\u00a0▾▴")


def decided(mapping: MappingTable) -> dict[tuple[str, str], str]:
    """What is decided, by pair."""
    table = mapping.table.query("status != 'proposed'")
    return dict(zip(zip(table["spun"], table["original"], strict=True), table["status"], strict=True))
