"""`make bench` runs this in .venv-bench: it installs what requirements.lock lists, but for a peer that fails.

A peer may have no wheel for this Python or this machine, or want a compiler. What failed, and why, is kept in
`.venv-bench/not-installed.json`, so that the tables can name it.
"""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
LOCK, ASKED = HERE / "requirements.lock", "-r benchmarks/requirements.in"
FAILURES = HERE.parent / ".venv-bench" / "not-installed.json"
PIP = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]


def pinned() -> dict[str, str]:
    """Return what the lock file lists: package -> its lines."""
    packages = re.split(r"^(?=[a-z0-9])", LOCK.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    # A package can stand there twice, with other versions for other Pythons.
    lines: dict[str, str] = {}
    for package in packages:
        name = package.partition("==")[0]
        lines[name] = lines.get(name, "") + package
    return lines


def install(lines: str, *options: str) -> str:
    """Install some packages with their hashes; return pip's last complaint, or nothing where it has none."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "requirements.txt")
        file.write_text(lines, encoding="utf-8")
        done = subprocess.run([*PIP, *options, "--require-hashes", "-r", str(file)], stderr=subprocess.PIPE, text=True)
    errors = [line for line in done.stderr.splitlines() if line.lower().startswith("error")]
    return (errors or [f"pip ended with {done.returncode}"])[-1] if done.returncode else ""


def main() -> None:
    """Install what Unspun needs, then each peer by itself."""
    packages = pinned()
    peers = {name for name, lines in packages.items() if ASKED in lines}
    needed = "".join(lines for name, lines in packages.items() if name not in peers)
    failed = install(needed, "--no-build-isolation")  # what builds is there already, with its hash
    if failed:
        sys.exit(failed)
    reasons = {name: install(packages[name]) for name in sorted(peers)}
    reasons = {name: reason for name, reason in reasons.items() if reason}
    FAILURES.write_text(json.dumps(reasons, indent=2) + "\n", encoding="utf-8")
    for name, reason in reasons.items():
        print(f"not installed: {name}: {reason}")


if __name__ == "__main__":
    main()
