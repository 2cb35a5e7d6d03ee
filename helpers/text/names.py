"""A text goes in; the spans of what looks like proper names and titles come out.

Capitals are all there is to go by: a model that knows names would have to be fetched, and would know the famous
ones best. What a capital is worth depends on where it stands.
"""

import re
from functools import lru_cache

from helpers.text.english import is_function_word
from helpers.text.spans import APOSTROPHES, Span, sentence_spans

NAME_GLUE = frozenset(
    "of the de la del di da du der den von van bin ibn al el y".split()
)  # may stand inside a name, not at its ends
TITLES = frozenset("Dr Mr Mrs Ms St Prof Gen Col Capt Lt Sgt Gov Sen Rep Rev Hon".split())
WORD = re.compile(r"[^\W_][\w’'.-]*\w|\w")
OPENING = re.compile(r"(?:^|[:.?!“\"‘«„(•])\s*$")  # a capital behind these only opens a sentence


def name_spans(text: str) -> list[Span]:
    """Return what looks like a proper name or title: capitalised words in a row, “of” and “the” between them allowed.

    A capital that opens a sentence, quotation or list item proves nothing by itself: such a word counts if a second
    capital follows and it is no function word, or if the text has it with a capital inside a sentence too and
    never without one. Lines set in title case throughout (headlines) are left out.

    >>> [text[a:b] for text in ["The end of World War II. During it Xi met Kim."] for a, b in name_spans(text)]
    ['World War II', 'Xi', 'Kim']
    """
    return list(_name_spans(text))


@lru_cache(maxsize=4096)  # a corpus of that size: several tables ask for the names of every text
def _name_spans(text: str) -> tuple[Span, ...]:
    sentences = sentence_spans(text)
    sure = _surely_names(text, sentences)
    spans = []
    for start, end in sentences:
        if _is_title_case(text[start:end]):
            continue
        run: list[re.Match] = []
        for word in [*WORD.finditer(text, start, end), None]:
            opens = word is not None and word[0][0].isupper()
            if word and (opens or (run and word[0] in NAME_GLUE)) and (not run or _adjoin(run[-1], word, text)):
                run.append(word)
                continue
            spans += _name_in_run(run, text[start:end], start, sure)
            run = [word] if word and opens else []
    return tuple(spans)


def _adjoin(word: re.Match, following: re.Match, text: str) -> bool:
    """Tell whether only a space stands between two words, or a full stop and a space behind a title."""
    gap = text[word.end() : following.start()]
    return gap == " " or (gap == ". " and word[0] in TITLES)


def _surely_names(text: str, sentences: list[Span]) -> frozenset[str]:
    """Words that stand with a capital inside a sentence, and nowhere without one."""
    capital = {
        _stem(word)
        for line in (text[start:end] for start, end in sentences)
        if not _is_title_case(line)
        for word in re.findall(r"(?<=[a-z,] )[A-Z][\w’'-]*", line)
    }
    lower = set(re.findall(r"\b[a-z][\w-]*", text))
    return frozenset(word for word in capital if word.lower() not in lower)


def _stem(word: str) -> str:
    return re.sub(rf"[{APOSTROPHES}]s?$", "", word)


def _name_in_run(run: list[re.Match], sentence: str, start: int, sure: frozenset[str]) -> list[Span]:
    """The name in a run of capitalised words, if there is one."""
    if run and OPENING.search(sentence[: run[0].start() - start]):
        first = run[0][0]
        alone = len(run) == 1 or run[1][0] in NAME_GLUE
        # “During Kim’s visit”, “Top-ranking Chinese”: the capital of the first word is the sentence's.
        if _stem(first) not in sure and (alone or is_function_word(first.lower()) or re.search("-[a-z]", first)):
            run = run[1:]
    while run and run[0][0] in NAME_GLUE:
        run = run[1:]
    while run and run[-1][0] in NAME_GLUE:
        run = run[:-1]
    # A possessive ending stays outside.
    return [(run[0].start(), run[-1].start() + len(_stem(run[-1][0])))] if run else []


def _is_title_case(line: str) -> bool:
    """Tell whether nearly every longer word of a headline has a capital; a full stop makes it no headline."""
    words = re.findall(r"[^\W\d_]{4,}", line)
    return line[-1:] not in ".!?”" and len(words) > 3 and sum(word[0].isupper() for word in words) / len(words) > 0.8
