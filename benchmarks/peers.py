"""Two texts go in; the substitutions that a common tool sees come out: what a user would take instead of Unspun.

Each peer gets Unspun's own tokens, so that only the comparison differs, and says which block of words replaced
which. `blocks_whole` takes such a block as one substitution; `word_for_word` cuts blocks of equal length into
single words. Tokenising is part of every peer's time.
"""

from collections.abc import Callable, Iterable
from difflib import SequenceMatcher

from rapidfuzz.distance import Indel, Levenshtein

from helpers.text import is_word, tokens

Block = tuple[int, int, int, int]  # spun tokens i0:i1 were put for reference tokens j0:j1
Found = list[tuple[int, int, str]]  # spun_start, spun_end, original


def difflib_blocks(spun: list[str], reference: list[str], autojunk: bool = False) -> Iterable[Block]:
    """Python's difflib (Ratcliff and Obershelp's gestalt matching)."""
    opcodes = SequenceMatcher(None, spun, reference, autojunk=autojunk).get_opcodes()
    return [(i0, i1, j0, j1) for tag, i0, i1, j0, j1 in opcodes if tag == "replace"]


def indel_blocks(spun: list[str], reference: list[str]) -> Iterable[Block]:
    """rapidfuzz's Indel: a longest common subsequence; neighbouring inserts and deletes make a replacement."""
    return _between(Indel.opcodes(spun, reference).as_matching_blocks())


def levenshtein_blocks(spun: list[str], reference: list[str]) -> Iterable[Block]:
    """rapidfuzz's Levenshtein: fewest replaced, inserted and deleted words."""
    opcodes = Levenshtein.opcodes(spun, reference)
    return [(op.src_start, op.src_end, op.dest_start, op.dest_end) for op in opcodes if op.tag == "replace"]


def _between(matches: Iterable) -> Iterable[Block]:
    i = j = 0
    for match in matches:
        if match.a > i and match.b > j:
            yield i, match.a, j, match.b
        i, j = match.a + match.size, match.b + match.size


def word_for_word(blocks: Iterable[Block]) -> Iterable[Block]:
    """Cut blocks of equal length into single words."""
    for i0, i1, j0, j1 in blocks:
        if i1 - i0 == j1 - j0:
            yield from ((i0 + k, i0 + k + 1, j0 + k, j0 + k + 1) for k in range(i1 - i0))
        else:
            yield i0, i1, j0, j1


def peer(blocks: Callable[..., Iterable[Block]], cut: bool = True, **options) -> Callable[[str, str], Found]:
    """Make a comparison of two texts from a comparison of two lists of words."""

    def compare(spun: str, reference: str) -> Found:
        sides = tokens(spun), tokens(reference)
        found = blocks([token.fold for token in sides[0]], [token.fold for token in sides[1]], **options)
        return [
            (sides[0][i0].start, sides[0][i1 - 1].end, reference[sides[1][j0].start : sides[1][j1 - 1].end])
            for i0, i1, j0, j1 in (word_for_word(found) if cut else found)
            if any(is_word(token.fold) for token in sides[0][i0:i1])
        ]

    return compare


PEERS: dict[str, Callable[[str, str], Found]] = {
    "difflib, blocks whole": peer(difflib_blocks, cut=False),
    "difflib, word for word": peer(difflib_blocks),
    "difflib, autojunk, word for word": peer(difflib_blocks, autojunk=True),
    "rapidfuzz Indel, word for word": peer(indel_blocks),
    "rapidfuzz Levenshtein, word for word": peer(levenshtein_blocks),
}
