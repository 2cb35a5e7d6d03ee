"""Two texts go in; the substitutions that a common tool sees come out: what a user would take instead of Unspun.

Each peer gets Unspun's own tokens, so that only the comparison differs, and says which block of words replaced
which. Blocks of equal length are cut into single words, which helps every peer. Tokenising is part of every
peer's time. A peer's package is imported where it is used, so that one that is missing takes no other with it.
"""

import io
import subprocess
import tempfile
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from contextlib import redirect_stdout
from difflib import SequenceMatcher
from itertools import pairwise
from pathlib import Path

from rapidfuzz.distance import Indel, Levenshtein

from helpers.text.spans import Token, is_word, tokens

Block = tuple[int, int, int, int]  # spun tokens i0:i1 were put for reference tokens j0:j1
Match = tuple[int, int, int]  # this many tokens from spun i on equal those from reference j on
Found = list[tuple[int, int, str]]  # spun_start, spun_end, original
Compare = Callable[[str, str], Found]

FIRST_SIGN = 0x10000  # words become signs of their own from here on: below lie the surrogates, which are no signs
GIT = "git -c core.quotepath=off diff --no-index --no-ext-diff --no-color --word-diff=porcelain --unified=1000000"


def difflib_blocks(spun: list[str], reference: list[str], autojunk: bool = False) -> Iterable[Block]:
    """Python's difflib (Ratcliff and Obershelp's gestalt matching)."""
    return _replaced(SequenceMatcher(None, spun, reference, autojunk=autojunk))


def cdifflib_blocks(spun: list[str], reference: list[str]) -> Iterable[Block]:
    """cdifflib: difflib's algorithm, compiled."""
    from cdifflib import CSequenceMatcher

    return _replaced(CSequenceMatcher(None, spun, reference, autojunk=False))


def _replaced(matcher: SequenceMatcher) -> Iterable[Block]:
    return [(i0, i1, j0, j1) for tag, i0, i1, j0, j1 in matcher.get_opcodes() if tag == "replace"]


def indel_blocks(spun: list[str], reference: list[str]) -> Iterable[Block]:
    """rapidfuzz's Indel: a longest common subsequence; neighbouring inserts and deletes make a replacement."""
    blocks = Indel.opcodes(spun, reference).as_matching_blocks()
    return between((block.a, block.b, block.size) for block in blocks)


def levenshtein_blocks(spun: list[str], reference: list[str]) -> Iterable[Block]:
    """rapidfuzz's Levenshtein: fewest replaced, inserted and deleted words."""
    opcodes = Levenshtein.opcodes(spun, reference)
    return [(op.src_start, op.src_end, op.dest_start, op.dest_end) for op in opcodes if op.tag == "replace"]


def diff_match_patch_blocks(spun: list[str], reference: list[str]) -> Iterable[Block]:
    """diff-match-patch (Myers 1986) by its own trick for lines: each distinct word becomes one sign."""
    from diff_match_patch import diff_match_patch

    tool = diff_match_patch()
    tool.Diff_Timeout = 0  # no limit: after one second, as it comes, it gives up and calls the rest different
    signs: dict[str, str] = {}
    one, other = (
        "".join(signs.setdefault(word, chr(FIRST_SIGN + len(signs))) for word in side) for side in (reference, spun)
    )
    return between(_matches((" +-"[op], len(run)) for op, run in tool.diff_main(one, other, False)))


def git_blocks(spun: list[str], reference: list[str]) -> Iterable[Block]:
    """`git diff --word-diff`, as a user calls it, on the tokens with spaces between them."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, name) for name in ("reference", "spun")]
        for path, side in zip(paths, (reference, spun), strict=True):
            path.write_text(" ".join(side) + "\n", encoding="utf-8")
        done = subprocess.run([*GIT.split(), *paths], capture_output=True, encoding="utf-8", check=False)
    if done.returncode > 1:
        raise OSError(done.stderr.strip())
    _, _, shown = done.stdout.partition("\n@@")
    lines = shown.split("\n")[1:]
    return between(_matches((line[0], len(line[1:].split())) for line in lines if line[:1] in (" ", "-", "+")))


def collatex_blocks(spun: list[str], reference: list[str]) -> Iterable[Block]:
    """CollateX (Haentjens Dekker et al. 2015), which scholars of texts collate versions with."""
    from collatex import collate

    witnesses = [
        {"id": name, "tokens": [{"t": word, "n": word} for word in side]}
        for name, side in (("reference", reference), ("spun", spun))
    ]
    columns = collate({"witnesses": witnesses}, segmentation=False).columns
    cells = [(column.tokens_per_witness.get("spun"), column.tokens_per_witness.get("reference")) for column in columns]
    matches, i, j = [], 0, 0
    for one, other in cells:
        if one and other and one[0].token_string == other[0].token_string:
            matches.append((i, j, 1))
        i, j = i + bool(one), j + bool(other)
    return between(matches)


def text_matcher_blocks(spun: str, reference: str) -> tuple[list[Token], list[Token], Iterable[Block]]:
    """text-matcher (Reeve 2020) finds shared passages; what lies between two of them is a block."""
    from text_matcher.matcher import Matcher, Text

    with redirect_stdout(io.StringIO()):  # it prints what it does
        sides = [Text(text, "", removeStopwords=False) for text in (spun, reference)]
        _, spun_passages, reference_passages = Matcher(*sides, removeStopwords=False).match()
    one, other = tokens(spun), tokens(reference)
    passages = [
        (*_inside(one, *here), *_inside(other, *there))
        for here, there in zip(spun_passages, reference_passages, strict=True)
    ]
    return one, other, [(left[1], right[0], left[3], right[2]) for left, right in pairwise(passages)]


def _inside(side: list[Token], start: int, end: int) -> tuple[int, int]:
    """The tokens, first to last, that stand between two characters."""
    return bisect_left(side, start, key=lambda token: token.end - 1), bisect_right(
        side, end, key=lambda token: token.end
    )


def _matches(runs: Iterable[tuple[str, int]]) -> Iterator[Match]:
    """From runs of words (“ ” in both texts, “-” in the reference, “+” in the spun text) to what is equal."""
    i = j = 0
    for sign, length in runs:
        if sign == " ":
            yield i, j, length
        i, j = i + length * (sign != "-"), j + length * (sign != "+")


def between(matches: Iterable[Match]) -> Iterator[Block]:
    """What lies between neighbouring matches, where both texts have something there."""
    i = j = 0
    for a, b, length in matches:
        if a > i and b > j:
            yield i, a, j, b
        i, j = a + length, b + length


def word_for_word(blocks: Iterable[Block]) -> Iterator[Block]:
    """Cut blocks of equal length into single words."""
    for i0, i1, j0, j1 in blocks:
        if i1 - i0 == j1 - j0:
            yield from ((i0 + k, i0 + k + 1, j0 + k, j0 + k + 1) for k in range(i1 - i0))
        else:
            yield i0, i1, j0, j1


def as_found(blocks: Iterable[Block], one: list[Token], other: list[Token], reference: str) -> Found:
    """From blocks of tokens to substitutions with character offsets; what holds no word on a side is none."""
    return [
        (one[i0].start, one[i1 - 1].end, reference[other[j0].start : other[j1 - 1].end])
        for i0, i1, j0, j1 in blocks
        if i1 > i0 and j1 > j0 and any(is_word(token.fold) for token in one[i0:i1])
    ]


def peer(blocks: Callable[..., Iterable[Block]], cut: bool = True, **options) -> Compare:
    """Make a comparison of two texts from a comparison of two lists of words."""

    def compare(spun: str, reference: str) -> Found:
        one, other = tokens(spun), tokens(reference)
        found = blocks([token.fold for token in one], [token.fold for token in other], **options)
        return as_found(word_for_word(found) if cut else found, one, other, reference)

    return compare


def text_peer(blocks: Callable[[str, str], tuple[list[Token], list[Token], Iterable[Block]]]) -> Compare:
    """Make a comparison from a tool that takes texts, not words."""

    def compare(spun: str, reference: str) -> Found:
        one, other, found = blocks(spun, reference)
        return as_found(word_for_word(found), one, other, reference)

    return compare


PEERS: dict[str, Compare] = {
    "difflib with whole blocks": peer(difflib_blocks, cut=False),
    "difflib": peer(difflib_blocks),
    "difflib with autojunk": peer(difflib_blocks, autojunk=True),
    "cdifflib": peer(cdifflib_blocks),
    "rapidfuzz Indel": peer(indel_blocks),
    "rapidfuzz Levenshtein": peer(levenshtein_blocks),
    "diff-match-patch": peer(diff_match_patch_blocks),
    "git diff --word-diff": peer(git_blocks),
    "CollateX": peer(collatex_blocks),
    "text-matcher": text_peer(text_matcher_blocks),
}
