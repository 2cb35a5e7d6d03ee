"""A draft of the lost text and what else may stand in its places go in; what a language model says of each comes out.

The draft's sentences are read once. Of the places in doubt the model reads on with each candidate: the whole of it, and
the word behind.
"""

import numpy as np

from helpers.text.model_file import pieces
from helpers.text.sentence_states import Look, States, looks, parts_read, states
from helpers.text.spans import tokens

MOST = 15.0  # nats below the best candidate of a place: beyond, a model that is sure knows no more


def context_gains(text: str, spans: np.ndarray, asked: dict[int, list[str]]) -> dict[int, np.ndarray]:
    """Return for each place that is asked about two numbers a candidate: log probability of it, and of what follows.

    `spans` (places x 2) are the characters of all places in the text, `asked` has the candidates of some, as they would
    be written; natural logs. A place that runs over the end of a sentence is left out.
    """
    parts = parts_read(text)
    starts = np.array([start for start, _ in parts], dtype=int)
    wanted: dict[int, list[int]] = {}
    for place in asked:
        at = int(np.searchsorted(starts, spans[place, 0], side="right")) - 1
        if at >= 0 and spans[place, 1] <= parts[at][1]:
            wanted.setdefault(at, []).append(place)
    found: dict[int, np.ndarray] = {}
    order = sorted(wanted)
    for first in range(0, len(order), 64):  # so many sentences’ states are held at a time
        batch = order[first : first + 64]
        made = states([text[slice(*parts[at])] for at in batch])
        for at, sentence in zip(batch, made, strict=True):
            if len(sentence.ids):
                found |= _of_sentence(text, parts[at], sentence, spans, {place: asked[place] for place in wanted[at]})
    return found


def _of_sentence(
    text: str, part: tuple[int, int], sentence: States, spans: np.ndarray, asked: dict[int, list[str]]
) -> dict[int, np.ndarray]:
    """What the model says of the candidates of one sentence."""
    words = tokens(text[slice(*part)])
    ends = np.array([token.end for token in words])
    wanted: list[Look] = []
    owners: list[tuple[int, int]] = []
    found = {place: np.zeros((len(candidates), 2)) for place, candidates in asked.items()}
    for place, candidates in asked.items():
        start, end = spans[place, 0] - part[0], spans[place, 1] - part[0]
        front, stop = sentence.of(start, end)
        following = int(np.searchsorted(ends, end, side="right"))
        beyond = sentence.of(words[following].start, words[following].end)[1] if following < len(words) else stop
        behind = tuple(map(int, sentence.ids[stop:beyond]))
        for number, written in enumerate(candidates):
            if written == text[slice(*spans[place])]:
                found[place][number] = sentence.own[front:stop].sum(), sentence.own[stop:beyond].sum()
            else:
                own = pieces(" " + " ".join(written.split()) if start else written)
                wanted.append(Look(sentence, front, own, behind))
                owners.append((place, number))
    told = looks(wanted) if wanted else np.zeros((0, 2))
    for (place, number), values in zip(owners, told, strict=True):
        found[place][number] = values
    return found
