"""The lock files go in; what is known of weaknesses in what they pin comes out: `make audit`.

A source of advisories is asked that speaks as OSV.dev does (UNSPUN_ADVISORIES names another): name and version of each
package, nothing else, go there. The status is 0 where every package was asked for and nothing is known, 1 where
something is, and 2 where it was not checked, for whatever reason: then nothing is known, and that is said.
"""

import json
import os
import queue
import runpy
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
LOCKS = [
    "requirements.lock", "model.lock", "requirements-install.lock", "requirements-test.lock", "requirements-docs.lock",
    "benchmarks/requirements.lock",
]  # fmt: skip
SOURCE = "https://api.osv.dev"
SECONDS = 60.0  # for the whole exchange
MOST = 20_000_000  # bytes of an answer
A_TIME = 500  # packages; OSV takes a thousand
PAGES = 20  # of an answer that comes in pages
KNOWN, NOTHING_KNOWN, NOT_CHECKED = 1, 0, 2


class Package(NamedTuple):
    """A package in a version."""

    name: str
    version: str


class NotCheckedError(Exception):
    """The source did not answer, or not as it should; the message says how."""


def packages(locks: Iterable[str] = LOCKS) -> list[Package]:
    """Return what the lock files pin."""
    pins = runpy.run_path(str(ROOT / ".ci" / "sbom.py"))["pins"]
    return sorted({Package(pin.name, pin.version) for lock in locks for pin in pins(lock)})


def audit(asked: list[Package], source: str = SOURCE, seconds: float = SECONDS) -> tuple[int, list[str]]:
    """Return the status and what to print."""
    heard: queue.SimpleQueue = queue.SimpleQueue()
    # No bound of a socket holds for a server that sends a byte now and then; one on a thread does.
    threading.Thread(target=lambda: heard.put(_answer(asked, source, seconds)), daemon=True).start()
    try:
        known = heard.get(timeout=seconds)
    except queue.Empty:
        known = NotCheckedError(f"no whole answer within {seconds:g} seconds")
    if isinstance(known, Exception):
        return NOT_CHECKED, [
            f"NOTHING WAS CHECKED: {source}: {known}.",
            f"Whether any of these {len(asked)} packages has a known weakness is not known. Mend: run it where the "
            "source is reached, or name another in UNSPUN_ADVISORIES.",
        ]
    lines = [f"{package.name}=={package.version}: {', '.join(ids)}" for package, ids in known.items() if ids]
    if lines:
        mend = "read them at the source; make lock UPGRADE=--upgrade takes the newest versions."
        return KNOWN, [*lines, f"{len(lines)} of {len(asked)} packages have known weaknesses. Mend: {mend}"]
    return NOTHING_KNOWN, [f"{len(asked)} packages were checked at {source}: no weakness of them is known there."]


def _answer(asked: list[Package], source: str, seconds: float) -> dict[Package, list[str]] | Exception:
    """The advisories of each package; what went wrong, where something did."""
    try:
        if not asked:
            raise NotCheckedError("there is no package to ask for")
        known: dict[Package, list[str]] = {}
        for at in range(0, len(asked), A_TIME):
            known |= _ask(asked[at : at + A_TIME], source, seconds)
        return known
    except NotCheckedError as error:
        return error
    except Exception as error:  # whatever it is: not to know is never to know of nothing
        reason = getattr(error, "reason", None) or error
        return NotCheckedError(f"{type(error).__name__}: {reason}")


def _ask(asked: list[Package], source: str, seconds: float) -> dict[Package, list[str]]:
    """Ask for some packages, page by page."""
    known: dict[Package, list[str]] = {package: [] for package in asked}
    more: dict[Package, str] = dict.fromkeys(asked, "")
    for _ in range(PAGES):
        queries = [
            {"package": {"name": package.name, "ecosystem": "PyPI"}, "version": package.version}
            | ({"page_token": page} if page else {})
            for package, page in more.items()
        ]
        results = _post(f"{source.rstrip('/')}/v1/querybatch", {"queries": queries}, seconds).get("results")
        if not isinstance(results, list) or len(results) != len(queries):
            raise NotCheckedError("its answer is not one for each package")
        further = {}
        for package, result in zip(list(more), results, strict=True):
            known[package] += _ids(result)
            if result.get("next_page_token"):
                further[package] = result["next_page_token"]
        if not further:
            return known
        more = further
    raise NotCheckedError(f"its answer has more than {PAGES} pages")


def _ids(result: object) -> list[str]:
    """The names of the advisories in the answer for a package."""
    found = (
        result.get("vulns", []) if isinstance(result, dict) and set(result) <= {"vulns", "next_page_token"} else None
    )
    if not isinstance(found, list) or not all(
        isinstance(one, dict) and isinstance(one.get("id"), str) for one in found
    ):
        raise NotCheckedError("its answer is not as OSV's are")
    return [one["id"] for one in found]


def _post(address: str, content: dict, seconds: float) -> dict:
    """Send JSON and return the JSON that comes back."""
    request = urllib.request.Request(
        address, json.dumps(content).encode(), {"Content-Type": "application/json", "User-Agent": "unspun-audit"}
    )
    with urllib.request.urlopen(request, timeout=seconds) as answer:
        said = answer.read(MOST + 1)
    if len(said) > MOST:
        raise NotCheckedError(f"its answer has more than {MOST:,} bytes")
    found = json.loads(said)
    if not isinstance(found, dict):
        raise NotCheckedError("its answer is not as OSV's are")
    return found


def main() -> None:
    """Ask, print, and end with the status."""
    status, lines = audit(packages(), os.environ.get("UNSPUN_ADVISORIES") or SOURCE)
    print("\n".join(lines), file=sys.stdout if status == NOTHING_KNOWN else sys.stderr)
    sys.exit(status)


if __name__ == "__main__":
    main()
