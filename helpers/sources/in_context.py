"""A draft of the lost text and what else may stand in its places go in; what a language model says of each comes out.

The draft's sentences are read once, which tells how readily each candidate begins where it stands. With the best few
the model reads on: the whole of it, and the word behind.
"""

import numpy as np

from helpers.text.model_file import pieces
from helpers.text.sentence_states import Look, States, looks, parts_read, states
from helpers.text.spans import tokens

LOOKED_AT = 4  # candidates of a place that the model reads on with
Asked = tuple[str, float]  # a candidate as it would be written, and its log probability by all else that is known


def context_gains(text: str, spans: np.ndarray, asked: dict[int, list[Asked]]) -> dict[int, np.ndarray]:
    """Return for each place that is asked about two numbers a candidate: log probability of it, and of what follows.

    Of those candidates that are not read on with, only the first piece of the first is known, and of the second that it
    is taken to be no better than the others'.

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
    text: str, part: tuple[int, int], sentence: States, spans: np.ndarray, asked: dict[int, list[Asked]]
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
        written = [pieces((" " if start else "") + " ".join(words.split())) for words, _ in candidates]
        found[place][:, 0] = sentence.log_probabilities(front, np.array([own[0] for own in written]))
        found[place][:, 1] = np.nan
        seeming = found[place][:, 0] + [chance for _, chance in candidates]
        for number in np.argsort(-seeming, kind="stable")[:LOOKED_AT].tolist():
            if candidates[number][0] == text[slice(*spans[place])]:
                found[place][number] = sentence.own[front:stop].sum(), sentence.own[stop:beyond].sum()
            else:
                wanted.append(Look(sentence, front, written[number], behind))
                owners.append((place, number))
    told = looks(wanted) if wanted else np.zeros((0, 2))
    for (place, number), values in zip(owners, told, strict=True):
        found[place][number] = values
    for values in found.values():
        values[np.isnan(values[:, 1]), 1] = np.nanmin(values[:, 1])
    return found
