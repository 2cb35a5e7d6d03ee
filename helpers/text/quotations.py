"""A paragraph goes in; its quotations come out, whatever marks it sets, the wrong ones as well.

Which mark opens and which one closes is told by what stands beside it, since writers and content systems take one for
the other: “…“, ”…”, '…'. An apostrophe is the same sign as a closing single mark; which it is, is told by what follows.
"""

import re
from collections.abc import Iterator
from itertools import islice

Span = tuple[int, int]
# Opening marks, and what closes them: certainly, and where it stands like a closing mark.
CLOSING = {"“": ("”", '“"〞'), "”": ("", '”"'), "„": ("“”", '"„'), "‟": ("”", '"'), "«": ("»", ""), "»": ("«", ""),
           '"': ('"', "”“"), "＂": ("＂", ""), "‹": ("›", ""), "「": ("」", "")}  # fmt: skip
SINGLE = {"‘": "’'‘", "'": "'’", "‚": "‘’", "`": "'’`", "´": "´'’"}
TO_THE_END = '“"'  # unclosed these run to the paragraph's end; nobody sets the others so
# Marks that may open a quotation: not behind a letter or figure, but for these two, which stand as they like.
MARKS = re.compile(rf"[«»]|(?<!\w)[{''.join([*CLOSING, *SINGLE])}]")
_ALL = sorted({*"".join([*CLOSING, *map("".join, CLOSING.values()), *SINGLE, *SINGLE.values()])} - {*"'’"})
ANY_MARK = re.compile(rf"[{''.join(_ALL)}]|(?<!\w)['’]|['’](?!\w)")  # an apostrophe inside a word is none
MOST_MARKS = 60  # within a quotation; with more no writer would know where it ends, and reading takes its time
# Words that begin with an apostrophe.
CLIPPED = re.compile(r"['‘](?:n['’]|(?:\d\ds?|tis|twas|em|til|till|cause|bout|round|cos)\b(?!['’]\s))", re.IGNORECASE)
ENDS = re.compile(r"[\w.,!?;:…%)\]—–-]")  # what may stand in front of a closing mark
# Behind a plural possessive its thing follows: “the leaders’ plan”, “the boys’ own”.
POSSESSIVE = re.compile(r"(?<=s)['’] (?=[a-z0-9])")


def quotations_in(paragraph: str) -> list[Span]:
    """Return the quotations of a paragraph, their marks included; one that is not closed runs to its end.

    >>> text = "He said “no one“ and 'the boys' boat' and left. “We go."
    >>> [text[start:end] for start, end in quotations_in(text)]
    ['“no one“', "'the boys' boat'", '“We go.']
    """
    found: list[Span] = []
    place = 0
    while mark := MARKS.search(paragraph, place):
        start = mark.start()
        end = _end_of(paragraph, start) if _opens(paragraph, start) else None
        if end:
            found.append((start, end))
        place = end or start + 1
    return found


def _end_of(paragraph: str, start: int) -> int | None:
    """Where the quotation ends that begins with the mark at `start`; None where it is no quotation."""
    mark = paragraph[start]
    if mark in SINGLE:
        return _single_end(paragraph, start)
    sure, likely = CLOSING[mark]
    depth, restart = 1, False
    for place, sign in _marks_behind(paragraph, start):
        if sign in sure or (sign in likely and _closes(paragraph, place)):
            depth -= 1
            if not depth:
                return place + 1
        elif sign == mark == "“" and _opens(paragraph, place):
            depth, restart = depth + 1, True
    # A mark that opens twice and closes once: the first of them is a slip.
    return len(paragraph) if mark in TO_THE_END and not restart else None


def _marks_behind(paragraph: str, start: int) -> Iterator[tuple[int, str]]:
    """The marks behind a place, with theirs."""
    marks = ANY_MARK.finditer(paragraph, start + 1)
    return ((mark.start(), mark[0]) for mark in islice(marks, MOST_MARKS))


def _opens(text: str, place: int) -> bool:
    """Tell whether a mark stands as one that opens: nothing in front of it that it could close, no space behind."""
    before, after = text[place - 1 : place], text[place + 1 : place + 2]
    if text[place] in "«»":
        return text[place] == "«" or (not before.isalnum() and bool(after.strip()))
    free = not (before.isalnum() or before == "_")
    if text[place] in "”'´`":  # these close more often than they open
        return (
            free
            and (not before.strip() or before in '([{—–-:“"')
            and bool(after.strip())
            and not CLIPPED.match(text, place)
        )
    return free and not (text[place] in SINGLE and (not after.strip() or CLIPPED.match(text, place)))


def _closes(text: str, place: int) -> bool:
    """Tell whether a mark stands as one that closes: behind a word or sign, and in front of none."""
    before, after = text[place - 1 : place], text[place + 1 : place + 2]
    return bool(before.strip()) and ENDS.match(before) is not None and not after.isalnum()


def _single_end(paragraph: str, start: int) -> int | None:
    """Where a quotation in single marks ends: at the first mark that closes and is no possessive, or else at the last.

    None where nothing closes it: then the mark was an apostrophe.
    """
    likely = None
    for place, sign in _marks_behind(paragraph, start):
        if likely and sign in SINGLE and _opens(paragraph, place):
            break  # another quotation begins, so that the mark before has closed this one
        if sign not in SINGLE[paragraph[start]] or not _closes(paragraph, place):
            continue
        if not POSSESSIVE.match(paragraph, place):
            return place + 1
        likely = likely or place + 1
    return likely
