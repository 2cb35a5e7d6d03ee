"""The pages of docs/ name what is there: every module, every public name, every file that they link to."""

import importlib
import re
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
from PIL import Image

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = [*DOCS.glob("*.md"), *(ROOT / name for name in ("CONTRIBUTING.md", "CHANGELOG.md", "corpus/README.md"))]
FACES = re.findall(r"^## `(helpers\.\w+)`.*?\n\n.*?\n\n(.*?)\n", (DOCS / "api.md").read_text(encoding="utf-8"), re.M)


def named_modules() -> set[str]:
    """The modules in the tables of the architecture; a name without a folder has that of the one before it."""
    found, folder = set(), ""
    page = (DOCS / "architecture.md").read_text(encoding="utf-8")
    tables = page.partition("\n## The modules\n")[2].partition("\n## ")[0]
    for cell in re.findall(r"^\| (`.*?) \|", tables, re.M):
        for name in re.findall(r"`([^`]+\.py)`", cell):
            folder = name.rpartition("/")[0] or folder
            found.add(f"{folder}/{name.rpartition('/')[2]}")
    return found


def test_every_module_has_its_place_among_the_modules():
    below = (path.relative_to(ROOT / "helpers") for path in (ROOT / "helpers").rglob("*.py"))
    inner = {path.as_posix() for path in below if len(path.parts) > 1 and not path.name.startswith("__")}
    assert sorted(named_modules() ^ inner) == []


@pytest.mark.parametrize(("face", "names"), FACES)
def test_every_public_name_is_listed(face, names):
    assert re.findall(r"`(\w+)`", names) == importlib.import_module(face).__all__


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_a_page_links_to_is_there(page):
    text = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.S)
    places = [place for place in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text) if ":" not in place]
    assert [place for place in places if not (page.parent / place).exists()] == []


def test_every_page_outside_of_docs_that_one_links_to_stands_on_the_site():
    """`make docs` stops at a link to a page that conf.py does not bring over (COPIES)."""
    brought = set(re.findall(r'"([^"\n]+\.md)": "_project/', (DOCS / "conf.py").read_text(encoding="utf-8")))
    pages = [*DOCS.glob("*.md"), *(ROOT / name for name in sorted(brought))]
    linked = {
        (page.parent / place).resolve().relative_to(ROOT).as_posix()
        for page in pages
        for place in re.findall(r"\]\(([^)#\s:]+\.md)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    }
    assert {place for place in linked if not place.startswith("docs/")} <= brought


SCRIPT = spec_from_file_location("pictures", DOCS / "scripts" / "pictures.py")
pictures = module_from_spec(SCRIPT)
SCRIPT.loader.exec_module(pictures)


@pytest.mark.parametrize("name", pictures.PICTURES)
def test_the_pictures_of_the_report_show_it_as_it_is(reports, name):
    noted = Image.open(DOCS / name).text[pictures.NOTED]
    assert noted == pictures.made_from(reports / pictures.SITE, name), "python docs/scripts/pictures.py makes it anew"
