"""The fuzzer tries every reader and the comparison, and says so when one of them fails."""

import pytest
from hypothesis import strategies as st

from benchmarks.fuzz import MEMORY_OF, Child, fuzz
from benchmarks.fuzz_targets import TARGETS
from helpers.files.limits import MEMORY

FEW = 4  # inputs a target; `make fuzz` tries thousands


@pytest.fixture(scope="module")
def children():
    """A process for the few inputs of all targets with the same bound: to start it takes longer than to try them."""
    children = {most: Child(most) for most in {MEMORY, *MEMORY_OF.values()}}
    yield children
    for child in children.values():
        child.close()


@pytest.mark.parametrize("target", TARGETS)
def test_a_few_inputs_crash_nothing_and_hang_nothing(target, tmp_path, children):
    tried = fuzz(target, FEW, first=2026, keep=tmp_path, child=children[MEMORY_OF.get(target, MEMORY)])
    assert tried.inputs >= FEW
    assert tried.crashes == []
    assert tried.hangs == []


@pytest.mark.parametrize(("fault", "crashes"), [("article", True), ("article HANG", False)])
def test_a_planted_fault_is_found_and_its_input_is_kept(fault, crashes, tmp_path, monkeypatch):
    monkeypatch.setattr("benchmarks.fuzz.inputs", lambda _: st.just(f"<{fault}>".encode()))
    monkeypatch.setenv("UNSPUN_PLANTED_FAULT", fault)
    tried = fuzz("html", 1, keep=tmp_path, seconds=-55)  # the first input has a minute more
    assert (len(tried.crashes), len(tried.hangs)) == ((1, 0) if crashes else (0, 1))
    [kept] = tmp_path.iterdir()
    assert kept.read_bytes() == f"<{fault}>".encode()
