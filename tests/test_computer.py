"""Other users of the computer, and other computers, in small numbers: `make faults KINDS=computer` tries all."""

import os
import shutil
import tempfile
from pathlib import Path

import faults_computer as faults
import pytest

from helpers.files.private_folder import FolderError, cache_folder, others_may_write, others_work, private_folder
from helpers.text import compiled

needs_root = pytest.mark.skipif(not faults.may_become_others(), reason=faults.NEEDS_ROOT)
needs_modes = pytest.mark.skipif(os.name != "posix", reason="Windows has no owners and modes of this kind")


@pytest.fixture
def ground():
    """A folder that other users can get to; pytest's own are closed to them."""
    folder = Path(tempfile.mkdtemp(prefix="unspun-test-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@needs_root
@pytest.mark.parametrize("where", faults.PLANTS, ids=lambda where: where.__name__)
def test_code_that_another_user_planted_never_runs(ground, where):
    used, ran = faults.planted(ground, where)
    assert not ran
    assert used.result == 42


@needs_root
def test_the_planted_code_would_run_where_it_is_trusted(ground):
    package, says = faults.installation(ground), ground / "said" / "it-ran"
    faults.plant(faults.in_its_folder(package, package / "__pycache__"), says, owner=0)
    assert faults.as_user(faults.NOBODY, faults.use, package, {"HOME": str(ground)}).result == 42
    assert says.exists()


@needs_root
def test_what_one_user_compiled_serves_the_next_and_what_is_missing_is_kept(ground):
    first, second, third, fourth = faults.two_users(ground)
    assert [used.result for used in (first, second, third, fourth)] == [42] * 4
    assert [used.found for used in (first, second, third, fourth)] == [0, 1, 0, 1]
    assert not any(used.said for used in (first, second, third, fourth))
    assert first.own.is_relative_to(ground / "installation")
    assert fourth.own.is_relative_to(ground / f"home-{faults.NOBODY}" / ".cache" / "unspun")
    assert fourth.own.stat().st_mode & 0o777 == 0o700


@needs_root
def test_where_nothing_can_be_written_it_is_compiled_in_memory_with_a_word(ground):
    uses = faults.nowhere_to_write(ground)
    assert [used.result for used in uses] == [42] * 10
    assert [used.found for used in uses] == [1] * 5 + [0] * 5
    assert not any(used.said for used in uses[:5]), "what was compiled with the installation is enough"
    for used in uses[5:]:
        (word,) = used.said
        assert "cannot be kept" in word
        assert "Mend: " in word


@needs_root
def test_a_full_disk_ends_nothing(ground):
    for used in faults.on_a_full_disk(ground):
        assert used.result == 42
        assert "No space left" in used.said[-1]


def test_code_that_was_cut_off_is_compiled_anew_and_kept_whole(ground):
    for at, used in enumerate(faults.cut_off(ground, 2)):
        assert used.result == 42
        assert used.found or not at % 2


@needs_modes
def test_a_folder_of_ones_own_is_made_for_oneself_alone(ground):
    folder = private_folder(ground / "a" / "b")
    assert [place.stat().st_mode & 0o777 for place in (folder, folder.parent)] == [0o700, 0o700]
    folder.chmod(0o755)
    assert private_folder(folder).stat().st_mode & 0o777 == 0o700


@needs_modes
@pytest.mark.parametrize("mode", [0o777, 0o722, 0o1777])
def test_a_folder_into_which_others_may_have_written_is_refused_and_named(ground, mode):
    (ground / "own").mkdir()
    (ground / "own").chmod(mode)
    with pytest.raises(FolderError, match=f"own can be written to by other users.*{mode:o}"):
        private_folder(ground / "own")


@needs_modes
def test_a_link_in_the_place_of_what_is_read_is_refused(ground):
    (ground / "elsewhere").mkdir()
    (ground / "link").symlink_to(ground / "elsewhere")
    assert "is a link" in others_work(ground / "link", {0, os.geteuid()})
    assert private_folder(ground / "link") == (ground / "elsewhere").resolve(), "one's own link on the way is no harm"


@needs_root
def test_a_group_of_one_is_its_owner_and_a_group_of_many_is_others(ground):
    (ground / "own").mkdir()
    (ground / "own").chmod(0o770)
    assert not others_may_write(ground / "own", (ground / "own").stat()), "root's group has no other member"
    os.chown(ground / "own", 0, faults.NOBODY)
    assert others_may_write(ground / "own", (ground / "own").stat())


@pytest.mark.skipif(os.name != "posix", reason="elsewhere a home is found without HOME")
@pytest.mark.parametrize("home", ["", "."])
def test_without_a_home_no_folder_is_guessed(monkeypatch, home):
    monkeypatch.setenv("HOME", home)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    with pytest.raises(FolderError, match="HOME"):
        cache_folder()


def test_a_setting_in_the_folder_one_works_in_changes_nothing(ground, monkeypatch):
    monkeypatch.setattr(compiled.numba.config, "CACHE_LOCATOR_CLASSES", "planted.Locator", raising=False)
    monkeypatch.setattr(compiled.numba.config, "CACHE_DIR", str(ground / "planted"))
    used = faults.as_user(os.geteuid(), faults.use, faults.installation(ground), {"HOME": str(ground)})
    assert (used.result, used.made, used.said) == (42, 1, [])
    assert not (ground / "planted").exists()
