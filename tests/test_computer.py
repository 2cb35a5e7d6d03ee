"""Other users of the computer, and other computers, in small numbers: `make faults KINDS=computer` tries all."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path, PureWindowsPath

import faults_computer as faults
import other_systems
import pytest

from helpers.corpus.articles import add_article
from helpers.corpus.formats.read import free_id
from helpers.corpus.formats.sandbox import bounded_messages
from helpers.display.visible import OF_WINDOWS, slug
from helpers.files import child_process
from helpers.files.private_folder import FolderError, cache_folder, others_may_write, others_work, private_folder
from helpers.files.problems import CorpusError
from helpers.mapping.sheets import read_sheet
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


# Other systems


def test_everything_can_be_imported_where_only_what_windows_has_is_there():
    said = other_systems.without_linux(
        "import helpers.corpus.formats.sandbox, helpers.files.child_process as child, helpers.scale.tasks\n"
        f"for name in {other_systems.modules()!r}:\n    importlib.import_module(name)\n"
        "from helpers.files.private_folder import others_work, private_folder\n"
        "import datetime, pathlib, tempfile\n"
        "with tempfile.TemporaryDirectory() as name:\n"
        "    print(private_folder(pathlib.Path(name) / 'own').is_dir(), others_work(pathlib.Path(name), set()) == '')\n"
        "from helpers.report.rendering import day\n"
        "print(day(datetime.date(2025, 9, 5)))\n"
    )
    assert said.splitlines() == ["True True", "5 September 2025"]


@pytest.mark.parametrize("path", other_systems.sources(), ids=lambda path: path.relative_to(other_systems.PACKAGE).name)
def test_no_module_takes_for_granted_what_only_linux_has(path):
    assert other_systems.only_on_linux(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "import resource", "from fcntl import flock", "os.fork()", "os.kill(1, signal.SIGKILL)", "f'{now:%-d %B}'",
        "run(command, pass_fds=(1,))", "Path('/proc/self/status')", "from os import geteuid", "path.read_text()",
        "open(path)", "run(command, text=True)", "get_context('fork')",
        "from multiprocessing.connection import Connection",
        "def f():\n    if hasattr(x, 'y'):\n        1\n    os.fork()",
    ],
)  # fmt: skip
def test_what_only_linux_has_would_be_found(source):
    assert len(other_systems.only_on_linux(source)) >= 1


@pytest.mark.parametrize(
    "source",
    [
        "try:\n    import resource\nexcept ImportError:\n    pass", "user = os.getuid() if os.name == 'posix' else 0",
        "if hasattr(os, 'fork'):\n    os.fork()",
        "def f():\n    if os.name != 'posix':\n        return 0\n    os.getuid()",
        "open(path, 'rb')", "archive.open(member)", "f'{share:.1%}-d'",
    ],
)  # fmt: skip
def test_what_looks_first_is_let_through(source):
    assert other_systems.only_on_linux(source) == []


def test_a_process_that_holds_too_much_memory_ends_itself_where_the_system_sets_no_bound():
    code = (
        "from helpers.files.child_process import watch_memory; import time\n"
        "watch_memory(1); time.sleep(60)"
    )  # fmt: skip
    done = subprocess.run([*child_process.PYTHON, "-c", code], env=child_process.surroundings(), check=False)
    assert done.returncode == child_process.OVER


def test_a_child_process_runs_nothing_that_lies_in_the_folder_one_works_in(tmp_path, monkeypatch):
    for name in ("json.py", "pandas.py", "helpers.py"):
        (tmp_path / name).write_text("import os; os._exit(7)", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", f"{os.pathsep}{tmp_path / 'none'}{os.pathsep}")
    article = tmp_path / "article.txt"
    article.write_text("One sentence.\n\nAnother one.", encoding="utf-8")
    assert [message["kind"] for message in bounded_messages(article)] == ["article"]
    sheet = tmp_path / "sheet.csv"
    sheet.write_text("spun,original\nhelp,aid\n", encoding="utf-8")
    assert len(read_sheet(sheet)) == 1
    with pytest.raises(child_process.FailedError, match="no attribute"):
        child_process.Child().run("helpers.files.dates:nothing", limit=60)


@pytest.mark.parametrize(
    "name",
    [
        "con", "CON", "nul", "aux", "prn", "com1", "LPT9", "con.site", "nul.txt", "a.", "a. ", "A.com", "a:b", "a?b",
        "a\\b", "x" * 300, "conin$", "com¹", "clock$",
    ],
)  # fmt: skip
def test_a_site_never_gives_a_folder_that_windows_does_not_take(name):
    folder = slug(name)
    assert not PureWindowsPath(folder).is_reserved()
    assert folder.partition(".")[0] not in OF_WINDOWS
    assert not set(folder) & set('<>:"/\\|?*')
    assert folder == folder.lower()
    assert not folder.endswith((".", " "))


@pytest.mark.parametrize("name", ["con", "NUL.2024", "com1", "Aux"])
def test_an_article_never_has_a_name_that_windows_does_not_take(ground, name):
    with pytest.raises(CorpusError, match="cannot be a file name"):
        add_article(ground, name, "reference", "One sentence.")
    given = free_id({"file": f"a/{name}.html", "place": "", "url": "", "title": ""}, {})
    assert given.partition(".")[0] not in OF_WINDOWS


def test_two_sites_that_differ_in_case_have_folders_that_differ_without_it():
    names = ["A.com", "a.com", "a.Com", "ß.com", "SS.com", "ss.com", "ﬁ.com", "fi.com", "K.com", "k.com"]
    assert len({slug(name).casefold() for name in names}) == len(names)
