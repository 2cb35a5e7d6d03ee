"""Word lists are read once and kept: what is kept is what the packages say, and a broken file is made anew."""

import numpy as np
import pytest
import simplemma
from hypothesis import given
from hypothesis import strategies as st
from simplemma.strategies.dictionaries import DefaultDictionaryFactory

from helpers.text import kept_data, word_counts
from helpers.text.compiled import Folders
from helpers.text.kept_data import kept_bytes
from helpers.text.lemmas import Factory, Kept, kept, laid_out, lemma_of
from helpers.text.word_counts import table


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(kept_data, "FOLDERS", Folders(tmp_path, [tmp_path], []))
    return tmp_path


def never() -> bytes:
    raise AssertionError("it was kept")


def test_what_was_made_is_kept(folder) -> None:
    assert kept_bytes("words", lambda: b"said, told") == b"said, told"
    assert kept_bytes("words", never) == b"said, told"
    assert kept_bytes("nothing", lambda: b"") == kept_bytes("nothing", never) == b""


@pytest.mark.parametrize("broken", [b"", b"said", b"said, told" + b"\0" * 8, b"x" * 4 + (10).to_bytes(8, "little")])
def test_a_file_that_was_not_written_to_its_end_is_made_anew(folder, broken: bytes) -> None:
    (folder / "words").write_bytes(broken)
    assert kept_bytes("words", lambda: b"said, told") == b"said, told"
    assert kept_bytes("words", never) == b"said, told"


def test_where_nothing_can_be_written_it_is_made_each_time(folder, monkeypatch) -> None:
    def full(path, content) -> None:
        raise OSError(28, "no space left")

    monkeypatch.setattr(kept_data, "write_file", full)
    assert kept_bytes("words", lambda: b"one") == b"one"
    assert kept_bytes("words", lambda: b"two") == b"two"


def test_without_a_folder_it_is_made_each_time(monkeypatch) -> None:
    monkeypatch.setattr(kept_data, "FOLDERS", Folders(None, [], ["no room"]))
    assert kept_bytes("words", lambda: b"one") == b"one"


def test_what_is_kept_can_be_written_to_as_what_is_made_can(folder) -> None:
    """Compiled code is made for arrays that can be written to, and would be compiled anew for others."""
    for _ in range(2):
        assert np.frombuffer(kept_bytes("numbers", lambda: bytes(16)), float).flags.writeable


def test_the_kept_dictionary_is_the_package_s() -> None:
    known = DefaultDictionaryFactory().get_dictionary("en")
    assert dict(kept()) == dict(known)
    assert len(kept()) == len(known)


@given(st.dictionaries(st.text(st.characters(exclude_characters="\n\t", exclude_categories=["Cs"]), min_size=1),
                       st.text(st.characters(exclude_characters="\n\t", exclude_categories=["Cs"]))))  # fmt: skip
def test_any_dictionary_is_found_again(words: dict[str, str]) -> None:
    found = Kept(bytearray(laid_out(words)))
    assert dict(found) == words
    assert all(found.get(f"{word}x") == words.get(f"{word}x") for word in words)


def test_lemmas_are_what_the_package_says() -> None:
    words = [*list(kept())[::40], "kim", "terczak", "Panama", "googled", "unspinnable", "worldwides", "\u00e9lans"]
    assert [lemma_of(word) for word in words] == [simplemma.lemmatize(word, lang="en") for word in words]


def test_of_other_languages_the_package_has_its_own_dictionary() -> None:
    assert Factory().get_dictionary("de").get("H\u00e4user") == "Haus"
    with pytest.raises(ValueError, match="xx"):
        Factory().get_dictionary("xx")


@pytest.mark.parametrize("name", ["unigrams", "bigrams"])
def test_the_kept_counts_are_those_of_the_file(name: str, monkeypatch) -> None:
    monkeypatch.setattr(kept_data, "FOLDERS", Folders(None, [], []))
    table.cache_clear()
    made = table(name)
    monkeypatch.undo()
    table.cache_clear()
    assert all(np.array_equal(one, other) for one, other in zip(made, word_counts.table(name), strict=True))
