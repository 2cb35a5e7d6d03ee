"""Wherever a notebook or a shell is at work, the folders of the project are found."""

from pathlib import Path

import pytest

from helpers.corpus import project
from helpers.corpus import project_folder as found


@pytest.fixture
def copy(tmp_path) -> Path:
    """Another project than that of the package."""
    for folder in ("notebooks", "corpus"):
        (tmp_path / "unspun" / folder).mkdir(parents=True)
    (tmp_path / "unspun/corpus/articles.csv").touch()
    return tmp_path / "unspun"


@pytest.mark.parametrize(("works_in", "path"), [("notebooks", "../corpus"), (".", "corpus"), ("corpus", ".")])
def test_a_folder_is_named_as_it_is_seen_from_the_working_folder(copy, monkeypatch, works_in, path):
    monkeypatch.chdir(copy / works_in)
    assert found("corpus").as_posix() == path
    assert found("corpus").resolve() == (copy / "corpus").resolve()


def test_outside_of_any_project_it_is_that_of_the_package(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert found("corpus") == Path(__file__).parents[1] / "corpus"


def test_where_there_is_no_project_at_all_it_lies_where_one_works(tmp_path, monkeypatch):
    monkeypatch.setattr(project, "PACKAGE", tmp_path)
    monkeypatch.chdir(tmp_path)
    assert found(project.MY_CORPUS) == Path("my-corpus")


def test_another_folder_called_corpus_is_none_of_the_project(copy, monkeypatch):
    (copy / "corpus/corpus").mkdir()
    monkeypatch.chdir(copy / "corpus/corpus")
    assert found("corpus").resolve() == (copy / "corpus").resolve()
