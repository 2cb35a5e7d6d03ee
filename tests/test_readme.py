"""The README is short, names every notebook, and shows what its lines of code give."""

import re
from pathlib import Path

from helpers.substitutions import find_substitutions

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
MOST = 12_000  # bytes: what a person reads before the first command


def test_it_is_short():
    assert len(README.encode()) <= MOST


def test_its_three_lines_give_what_it_shows():
    code, shown = re.search(r"## In three lines\n\n```python\n(.*?)```\n\n```\n(.*?)```", README, re.S).groups()
    setting, _, asked = code.rstrip().rpartition("\n")
    names = {"find_substitutions": find_substitutions}
    exec(setting, names)
    assert eval(asked, names).to_string().split() == shown.split()


def test_every_page_that_it_names_is_there():
    places = [place for place in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", README) if "://" not in place]
    assert len(places) > 20
    assert [place for place in places if not (ROOT / place).exists()] == []
