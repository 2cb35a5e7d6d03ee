"""A notebook runs from its own folder and from the project's root; it finds what it names, and changes no search path.

Whether it gives what is committed, `pytest --nbval notebooks` sees. Here its first cells are run, up to the first call
that takes long, from both folders: JupyterLab, Notebook 7 and nbconvert work in the one, VS Code may in the other.
"""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
SLOW = {
    *("align_pairs", "at_scale", "build_report", "build_reports", "compare_corpus", "find_substitutions", "paste"),
    *("reconstruct", "restore", "review", "serve", "spun_score", "SourceIndex"),
}
OWN = {"my-corpus", "my-reports", "reports"}  # are made when they are first written into


class SlowCallError(Exception):
    """The first call that takes long, with the folders it was given."""


def cells(path: Path, kind: str = "code") -> list[str]:
    found = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in found if cell["cell_type"] == kind]


def statements(path: Path) -> Iterator[ast.stmt]:
    for cell in cells(path):
        yield from ast.parse(cell).body


def run_first_cells(path: Path) -> list[Path]:
    """Run a notebook until the first call that takes long, and return the folders that this was given."""

    def too_slow(*given: object, **named: object) -> None:
        raise SlowCallError([value for value in (*given, *named.values()) if isinstance(value, str | Path)])

    names: dict[str, object] = {}
    for statement in statements(path):
        try:
            exec(compile(ast.Module([statement], []), path.name, "exec"), names)
        except SlowCallError as call:
            return list(map(Path, call.args[0]))
        names |= {name: too_slow for name in SLOW & names.keys()}
    raise AssertionError(f"{path.name} calls nothing that is known to take long")


@pytest.mark.parametrize("folder", ["notebooks", "."], ids=["its folder", "the root"])
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_first_cells_run_from_its_folder_and_from_the_root(path, folder, monkeypatch):
    monkeypatch.chdir(ROOT / folder)
    given = run_first_cells(path)
    assert [place for place in given if len(place.parts) > 1 and place.name not in OWN and not place.exists()] == []


@pytest.mark.parametrize("folder", ["notebooks", "."], ids=["its folder", "the root"])
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_folder_that_a_notebook_asks_for_is_there(path, folder, monkeypatch):
    from helpers.corpus import project_folder

    monkeypatch.chdir(ROOT / folder)
    names = re.findall(r'project_folder\("([^"]+)"\)', "\n".join(cells(path)))
    assert [name for name in names if name not in OWN and not project_folder(name).is_dir()] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_notebook_counts_on_its_working_folder_or_changes_the_search_path(path):
    texts = [node.value for tree in statements(path) for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    assert [
        text for text in texts if isinstance(text, str) and re.match(r"\.\.?/|(corpus|reports|benchmarks)/", text)
    ] == []
    assert "sys.path" not in "\n".join(cells(path))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_page_that_a_notebook_links_to_is_there(path):
    places = re.findall(r"\]\(([^)#\s:]+)(?:#[^)]*)?\)", "\n".join(cells(path, "markdown")))
    assert [place for place in places if not (path.parent / place).exists()] == []
