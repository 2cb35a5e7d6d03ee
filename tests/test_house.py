"""The house: a folder imports only from folders below it, faces are light, and the names that users call are there."""

import ast
import subprocess
import sys
from html import escape
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

import helpers
from helpers.files import program

PACKAGE = Path(helpers.__file__).parent
SCRIPT = spec_from_file_location("imports", PACKAGE.parent / "docs" / "scripts" / "imports.py")
picture = module_from_spec(SCRIPT)
SCRIPT.loader.exec_module(picture)
FLOOR_OF = {room: floor for floor, rooms in enumerate(reversed(picture.FLOORS)) for room in rooms}
FACES = {
    "align": ["align", "align_pairs"],
    "corpus": [
        *("load_articles", "add_article", "read", "import_articles", "paste", "fetch", "near_duplicates", "pair_texts"),
        *("collect", "collected", "serve"),
    ],
    "detect": ["spun_passages", "spun_score"],
    "findings": [
        *("altered_quotations", "broken_names", "changed_numbers", "paragraphs", "summarise_articles"),
        "site_furniture",
    ],
    "mapping": [
        *("MappingTable", "propose", "share", "join", "open_shared", "coverage", "news", "agreement", "preview"),
        "apply",
    ],
    "plots": [
        "plot_paragraphs",
        "plot_rates",
        "plot_crossings",
        "plot_timeline",
        "plot_site_tree",
        "plot_power",
        "plot_network",
    ],
    "report": ["build_report", "build_reports", "capture", "evidence", "letters", "verify"],
    "restore": ["restore", "decipher", "decipher_places"],
    "review": ["review"],
    "scale": ["at_scale", "read_table", "ask"],
    "sites": [
        *("site_distances", "shared_dictionary_test", "typical_replacements", "indicators", "links_between"),
        *("common_indicators", "linked_pairs", "site_groups", "network", "write_network", "watch", "new_indicators"),
    ],
    "sources": ["SourceIndex", "search_queries", "group_versions", "template", "reconstruct"],
    "spinner": ["Spinner"],
    "substitutions": ["find_substitutions", "substitution_frequency"],
}
HEAVY = {
    "pandas",
    "networkx",
    "numba",
    "matplotlib",
    "scipy",
    "sklearn",
    "gguf",
    "dask",
    "anywidget",
    "lxml",
    "pyarrow",
}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def name_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(path: Path) -> list[tuple[int, str]]:
    """The modules of the house that a module names, wherever in it, with the line."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            names = (
                [f"{node.module}.{alias.name}" for alias in node.names] if node.module == "helpers" else [node.module]
            )
            assert not node.level, f"{path}:{node.lineno}: write the import from the top: from helpers.…"
            found += [(node.lineno, name) for name in names]
        elif isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
    return [(line, name) for line, name in found if name.startswith("helpers.") and name != "helpers.__version__"]


def wrong_with(path: Path, floors: dict[str, int] = FLOOR_OF) -> list[str]:
    """What is wrong with the imports of a module: a line for each that runs up, to the side, or through a face."""
    room, wrong = path.relative_to(PACKAGE).parts[0], []
    if room not in floors:
        return []  # a face
    for line, name in imports_of(path):
        parts = name.split(".")
        there = parts[1]
        where = f"{path.relative_to(PACKAGE.parent)}:{line}: {name}"
        if there not in floors or (len(parts) == 2 and (PACKAGE / there).is_dir()):
            wrong.append(f"{where} is a face; name the module inside")
        elif there != room and floors[there] >= floors[room]:
            wrong.append(f"{where} lies no floor below {room}")
    return wrong


def test_every_folder_has_its_floor_and_every_floor_its_folders():
    rooms = {path.name for path in PACKAGE.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert rooms == set(FLOOR_OF)


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_a_folder_imports_only_from_folders_below_it(path):
    assert wrong_with(path) == []


def test_the_picture_of_the_imports_is_that_of_the_code():
    """Mend: python docs/scripts/imports.py."""
    assert escape(picture.arrows()) in picture.PICTURE.read_text(encoding="utf-8")


def test_an_import_that_runs_up_is_named_with_its_line():
    build = PACKAGE / "report" / "build.py"
    upside_down = {room: -floor for room, floor in FLOOR_OF.items()}
    wrong = wrong_with(build, upside_down)
    assert wrong
    assert all(line.startswith("helpers/report/build.py:") for line in wrong)
    assert any("helpers.corpus.articles lies no floor below report" in line for line in wrong)


def test_inside_a_folder_no_imports_run_in_a_circle():
    """Two modules that need each other are one module, or lack a third."""
    known = {name_of(path): path for path in modules()}
    needs = {name: {there for _, there in imports_of(path)} & set(known) for name, path in known.items()}
    while free := {name for name, asked in needs.items() if not asked & set(needs)}:
        needs = {name: asked for name, asked in needs.items() if name not in free}
    assert needs == {}


@pytest.mark.parametrize("path", sorted(PACKAGE.glob("*.py")), ids=name_of)
def test_directly_in_helpers_lie_only_faces(path):
    """A face has a sentence, imports, and `__all__`."""
    body = ast.parse(path.read_text(encoding="utf-8")).body
    assert isinstance(body[0], ast.Expr)
    names = {"__all__", "__version__"}
    for node in body[1:]:
        assert isinstance(node, ast.ImportFrom) or (isinstance(node, ast.Assign) and node.targets[0].id in names)


@pytest.mark.parametrize("face", FACES)
def test_what_users_call_is_at_its_face(face):
    module = import_module(f"helpers.{face}")
    for name in FACES[face]:
        assert callable(getattr(module, name)), name
    assert set(FACES[face]) <= set(module.__all__)


def test_a_face_hands_on_its_functions_though_modules_are_called_like_them():
    """A module that is imported becomes an attribute of its folder, and must not stand in a function's way."""
    for path in modules():
        import_module(name_of(path))
    for face, names in FACES.items():
        assert all(callable(getattr(import_module(f"helpers.{face}"), name)) for name in names), face


@pytest.mark.parametrize("face", ["corpus", "mapping", "report", "scale", "sites", "sources"])
def test_a_face_is_light(face):
    """What it hands on is loaded when it is asked for, not before."""
    code = f"import sys, helpers.{face}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) & HEAVY == set()


def test_who_reads_a_text_loads_no_learning_and_no_statistics_and_may_load_them_later():
    """NLTK would load them, for parts of it that are not asked: more than a second of each process."""
    code = (
        "import sys; from helpers.text.sentence_splitter import sentences_in; sentences_in('One. Two.')\n"
        "print(*sys.modules)\n"
        "import importlib.util; assert importlib.util.find_spec('sklearn') and importlib.util.find_spec('scipy.stats')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) & {"nltk", "sklearn", "scipy.stats"} == {"nltk"}


def test_a_comparison_of_two_texts_loads_neither_what_splits_sentences_nor_what_checks_tables():
    code = (
        "import sys; from helpers.substitutions import find_substitutions\n"
        "assert len(find_substitutions('the big battle was lost', 'the great war was lost')); print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) & {"nltk", "pandera"} == set()


def test_notebooks_import_from_a_dozen_faces_and_nothing_else():
    notebooks = PACKAGE.parent / "notebooks"
    text = "".join(path.read_text(encoding="utf-8") for path in notebooks.glob("*.ipynb"))
    rooms = {line.split()[1] for line in text.replace('"', "\n").split("\n") if line.startswith("from helpers")}
    assert rooms <= {f"helpers.{face}" for face in FACES}
    assert len(rooms) <= 12


def test_the_programs_digest_changes_with_any_module_or_template_in_any_folder(tmp_path, monkeypatch):
    for name in ("deep/down/code.py", "deep/templates/page.html"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("one", encoding="utf-8")
    monkeypatch.setattr(program, "PACKAGE", tmp_path)
    digests = {program.program_digest()}
    for name in ("deep/down/code.py", "deep/templates/page.html"):
        (tmp_path / name).write_text("other", encoding="utf-8")
        digests.add(program.program_digest())
    (tmp_path / "deep/down/code.py").rename(tmp_path / "deep/code.py")
    digests.add(program.program_digest())
    assert len(digests) == 4
