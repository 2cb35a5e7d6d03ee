"""Nothing goes in; a digest of the program comes out, which changes when anything does that results hang on."""

import hashlib
from importlib.metadata import version
from pathlib import Path

PACKAGE = Path(__file__).parents[1]
LEARNT_FROM = ["nltk", "numba", "pandas", "simplemma", "wordsegment"]  # packages whose versions change an alignment


def program_digest() -> str:
    """Return the SHA-256 of this package's code, templates, tables and of the versions it computes with."""
    digest = hashlib.sha256("\n".join(f"{name} {version(name)}" for name in LEARNT_FROM).encode())
    for path in sorted([*PACKAGE.rglob("*.py"), *PACKAGE.rglob("templates/*"), *PACKAGE.rglob("tables/*")]):
        digest.update(f"\n{path.relative_to(PACKAGE).as_posix()}\n".encode() + path.read_bytes())
    return digest.hexdigest()
