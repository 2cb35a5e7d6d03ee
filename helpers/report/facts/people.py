"""A text goes in; the people in it who have an office and no name come out: a Kremlin aide, the captain, ministers."""

import re

from helpers.text.english import is_function_word
from helpers.text.spans import Span

ROLES = frozenset(
    """
    activist actor adviser advisor aide ambassador analyst artist author biologist boss broker campaigner candidate
    captain chair chairman chairperson chairwoman chancellor chief clerk coach colonel columnist commander commissioner
    councillor counsel critic dealer defendant delegate deputy designer detective developer diplomat director doctor
    driver economist editor engineer envoy executive expert farmer firefighter fisherman founder general governor guard
    guide historian host hunter insider inspector investigator investor journalist judge keeper lawmaker lawyer leader
    lecturer legislator manager mayor mechanic minister negotiator neighbor neighbour novelist nurse observer officer
    official operator organiser organizer owner participant passenger physician pilot player politician premier
    president principal producer professor prosecutor publisher ranger reporter representative researcher resident
    sailor scholar scientist secretary senator skipper soldier source speaker spokesman spokesperson spokeswoman
    strategist student supporter surgeon survivor teacher technician tourist trader trainer traveller veteran victim
    visitor volunteer voter warden witness worker writer
    """.split()
)
DETERMINERS = frozenset("a an the one another his her its their our my this that two three four some several".split())
MOST_WORDS = 4  # between “the” and the office: “a senior White House official”
WORD = re.compile(r"[^\W\d_](?:[\w’'.-]*\w)?")
OF_WHAT = re.compile(r" (?:of|for|at) (?:the )?(?:[A-Z][\w’'-]+ ?)+(?<! )")  # “the mayor of Zurich”


def people(text: str) -> list[Span]:
    """Return the people that a text names by their office alone.

    >>> text = "A Kremlin aide dismissed it. Officials met Mayor Ada Lind and the mayor of Zurich."
    >>> [text[start:end] for start, end in people(text)]
    ['A Kremlin aide', 'Officials', 'the mayor of Zurich']
    """
    words = [*WORD.finditer(text)]
    found = []
    for place, word in enumerate(words):
        role = word[0].casefold()
        plural = role.endswith("s") and role.removesuffix("s") in ROLES
        start = _start(words, place, text, plural) if plural or role in ROLES else None
        # “the captain, Ada Lind” and “the captain Ada Lind” are called by their names.
        if start is not None and not re.match(r",? [A-Z]|[’'-]", text[word.end() : word.end() + 3]):
            tail = OF_WHAT.match(text, word.end())
            found.append((start, tail.end() if tail else word.end()))
    return found


def _start(words: list[re.Match], place: int, text: str, plural: bool) -> int | None:
    """Where the phrase begins that ends with an office: at its article; of several people it may have none."""
    start = words[place].start() if plural else None
    following = words[place]
    for word in reversed(words[max(0, place - MOST_WORDS - 1) : place]):
        if text[word.end() : following.start()] != " ":
            return start
        if word[0].casefold() in DETERMINERS:
            return word.start()
        if is_function_word(word[0].casefold()):
            return start
        following = word
    return start
