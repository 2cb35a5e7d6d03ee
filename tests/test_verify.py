"""A folder of evidence is verified: any bit that is another, any file too many or too few is found, and named."""

import hashlib
import json
import os
import random
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_evidence import SITE, corpus_in

from helpers.report import evidence, evidence_folder, verify
from helpers.report.case import EvidenceError
from helpers.report.manifest import MANIFEST, SUMS, sums


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Evidence, made without a browser."""
    home = tmp_path_factory.mktemp("verify")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(evidence_folder, "find_browser", lambda: None)
        with pytest.warns(UserWarning, match="no Chromium"):
            return evidence(SITE, corpus_in(home / "corpus"), home / "made")


@pytest.fixture
def copy(folder, tmp_path) -> Path:
    return Path(shutil.copytree(folder, tmp_path / "copy"))


def wrong(folder: Path) -> dict[str, str]:
    """What is said of each name first; that of a file comes before what is said of it as a list."""
    table = verify(folder)
    found: dict[str, str] = {}
    for name, status in table.loc[table["status"] != "as stated", ["name", "status"]].itertuples(index=False):
        found.setdefault(name, status)
    return found


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def sealed(folder: Path) -> None:
    """Make the list of SHA-256 fit what is there, as who changes a folder could."""
    (folder / SUMS).write_text(sums(folder), encoding="utf-8")


def test_a_folder_as_it_was_made_is_as_stated(folder):
    table = verify(folder)
    assert set(table["status"]) == {"as stated"}
    assert set(table["kind"]) == {"file", "list", "wording"}
    assert (table["kind"] == "file").sum() == len(files(folder)) - 1
    quotes = [quote for one in json.loads((folder / "findings.json").read_text("utf-8")) for quote in one["quotes"]]
    stated = json.loads((folder / MANIFEST).read_text("utf-8"))
    assert (table["kind"] == "wording").sum() == len(quotes) + len(stated["wordings"])
    assert len(stated["wordings"]) > 20
    assert table.attrs["seal"] == hashlib.sha256((folder / SUMS).read_bytes()).hexdigest()


@given(st.randoms(use_true_random=False))
@settings(max_examples=80, deadline=None)
def test_any_single_bit_that_is_another_in_any_file_is_found(folder, chance: random.Random):
    """The law of the seal; the file is named, or it is one of the lists themselves."""
    path = chance.choice(files(folder))
    content = path.read_bytes()
    place = chance.randrange(8 * len(content))
    flipped = bytearray(content)
    flipped[place // 8] ^= 1 << place % 8
    path.write_bytes(flipped)
    try:
        found = wrong(folder)
    finally:
        path.write_bytes(content)
    assert found
    name = path.relative_to(folder).as_posix()
    assert path.name == SUMS or found[name] == "changed"


def test_every_sign_of_the_list_itself_counts(copy):
    """Of its first line each third."""
    content = (copy / SUMS).read_bytes()
    first = content.split(b"\n")[0] + b"\n"
    table = copy / "small"
    table.mkdir()
    name = first.decode().split("  ")[1].strip()
    (table / name).parent.mkdir(exist_ok=True)
    shutil.copy(copy / name, table / name)
    (table / SUMS).write_bytes(first)
    assert wrong(table) == {}
    for place in range(0, 8 * len(first), 3):
        flipped = bytearray(first)
        flipped[place // 8] ^= 1 << place % 8
        (table / SUMS).write_bytes(flipped)
        assert wrong(table), place


@given(st.randoms(use_true_random=False))
@settings(max_examples=15, deadline=None)
def test_any_file_that_is_gone_is_found(folder, chance: random.Random):
    path = chance.choice([path for path in files(folder) if path.name != SUMS])
    content = path.read_bytes()
    path.unlink()
    try:
        assert wrong(folder)[path.relative_to(folder).as_posix()] == "missing"
    finally:
        path.write_bytes(content)


@pytest.mark.parametrize("name", ["more.txt", ".hidden", "texts/more.txt", "new/deep/more.txt", "SHA256SUMS.old"])
def test_a_file_too_many_is_found_wherever_it_lies(copy, name):
    (copy / name).parent.mkdir(parents=True, exist_ok=True)
    (copy / name).write_text("")
    assert wrong(copy) == {name: "not listed", f"manifest.json: {name}": "not listed"}


def test_what_two_files_hold_may_not_be_exchanged(copy):
    first, second = sorted((copy / "texts").iterdir())
    held = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(held)
    assert {"texts/harbour.txt", "texts/spun-harbour.txt"} <= set(wrong(copy))


def test_a_link_in_the_place_of_a_file_is_none(copy, tmp_path):
    (tmp_path / "same").write_bytes((copy / "README.txt").read_bytes())
    (copy / "README.txt").unlink()
    os.symlink(tmp_path / "same", copy / "README.txt")
    assert wrong(copy)["README.txt"] == "changed"


def test_a_list_made_to_fit_is_caught_by_the_manifest_and_by_the_words_at_their_offsets(copy):
    text = copy / "texts" / "spun-harbour.txt"
    text.write_text(text.read_text(encoding="utf-8").replace("Battle", "Battel"), encoding="utf-8")
    before = verify(copy).attrs["seal"]
    sealed(copy)
    found = wrong(copy)
    assert found["manifest.json: texts/spun-harbour.txt"] == "changed"
    assert "not there" in found.values()
    assert verify(copy).attrs["seal"] != before


def test_the_manifest_may_not_be_taken_away_with_its_line_only(copy):
    (copy / MANIFEST).unlink()
    assert wrong(copy) == {MANIFEST: "missing"}


def test_a_folder_of_an_older_unspun_has_no_manifest_and_is_checked_all_the_same(copy):
    (copy / MANIFEST).unlink()
    sealed(copy)
    assert wrong(copy) == {}
    assert (verify(copy)["kind"] == "wording").sum() > 20


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{",
        "null",
        '{"form": "unspun evidence 2", "files": []}',
        '{"form": "unspun evidence 1"}',
        "[" * 100_000,
    ],
)
def test_a_manifest_that_is_none_is_said_to_be_none(copy, content):
    (copy / MANIFEST).write_text(content, encoding="utf-8")
    sealed(copy)
    assert wrong(copy)[MANIFEST] == "malformed"


@pytest.mark.parametrize(
    "wording",
    [None, 3, {}, {"file": "texts/harbour.txt", "start": 0, "end": 3},
     {"file": 1, "start": 0, "end": 3, "words": "Har"},
     {"file": "texts/harbour.txt", "start": "0", "end": 3, "words": "Har"},
     {"file": "texts/harbour.txt", "start": -3, "end": 3, "words": ""},
     {"file": "texts/harbour.txt", "start": 0.0, "end": 3, "words": "Har"}],
)  # fmt: skip
def test_a_wording_that_lacks_something_is_malformed(copy, wording):
    stated = json.loads((copy / MANIFEST).read_text(encoding="utf-8"))
    stated["wordings"] = [wording]
    (copy / MANIFEST).write_text(json.dumps(stated), encoding="utf-8")
    sealed(copy)
    assert wrong(copy)[MANIFEST] == "malformed"


@pytest.mark.parametrize("name", ["../secret.txt", "/etc/hostname", "texts/../../secret.txt", "C:\\secret.txt"])
def test_what_lies_outside_of_the_folder_is_never_read(copy, name):
    """A folder comes from whoever: its lists must not make us read, and tell of, other files."""
    secret = copy.parent / "secret.txt"
    secret.write_text("secret", encoding="utf-8")
    stated = json.loads((copy / MANIFEST).read_text(encoding="utf-8"))
    stated["files"].append({"file": name, "bytes": 6, "sha256": hashlib.sha256(b"secret").hexdigest()})
    stated["wordings"] = [{"file": name, "start": 0, "end": 6, "words": "secret"}]
    (copy / MANIFEST).write_text(json.dumps(stated), encoding="utf-8")
    sealed(copy)
    with open(copy / SUMS, "a", encoding="utf-8") as lists:
        lists.write(f"{hashlib.sha256(b'secret').hexdigest()}  {name}\n")
    found = wrong(copy)
    assert found[name] in ("missing", "not there")
    assert found[f"manifest.json: {name}"] == "missing"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("harbour", "malformed"),
        ("0" * 64 + " README.txt", "malformed"),
        ("A" * 64 + "  README.txt", "malformed"),
        ("", "malformed"),
    ],
)
def test_a_line_that_is_none_is_named(copy, line, said):
    with open(copy / SUMS, "a", encoding="utf-8") as lists:
        lists.write(f"{line}\n")
    assert [status for name, status in wrong(copy).items() if name.startswith("SHA256SUMS, line")] == [said]


def test_a_file_that_is_listed_twice_is_named(copy):
    text = (copy / SUMS).read_text(encoding="utf-8")
    (copy / SUMS).write_text(text + text.split("\n")[0] + "\n", encoding="utf-8")
    table = verify(copy)
    assert "this file is listed twice" in set(table["said"])


def test_where_nothing_can_be_compared_that_is_an_error_with_its_mend(tmp_path):
    with pytest.raises(EvidenceError, match=r"no such folder\. Mend: correct the path"):
        verify(tmp_path / "none")
    with pytest.raises(EvidenceError, match=r"no SHA256SUMS in it.*Mend: name a folder that unspun evidence"):
        verify(tmp_path)
