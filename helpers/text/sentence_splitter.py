"""A line goes in; the spans of its sentences come out: Punkt (Kiss and Strunk 2006), as NLTK has it.

NLTK loads all of itself for any part of it, and scikit-learn and SciPy for parsers and measures of which nothing is
asked here: a second and more of every process that reads a text. It goes on without them, so they are held back while
it is loaded; who wants them later imports them as ever.
"""

import re
import sys
import threading
from functools import lru_cache
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nltk.tokenize.punkt import PunktSentenceTokenizer

# Punkt learns abbreviations from large corpora that are not shipped with NLTK; these cover news prose.
ABBREVIATIONS = """
    dr mr mrs ms prof st mt jr sr gen col maj capt sgt cpl lt adm cmdr supt rep rev hon sen gov pres no vol
    fig ca vs etc e.g i.e u.s u.k u.n a.m p.m
    jan feb mar apr jun jul aug sept sep oct nov dec inc ltd co corp approx dept est
    """.split()
INITIALS = re.compile(r"(?:[a-z]\.){1,3}[a-z]")


class _HeldBack(MetaPathFinder):
    """Tells the thread that made it that some modules are not there, and no other thread."""

    def __init__(self, *names: str) -> None:
        self.names, self.thread = names, threading.get_ident()

    def find_spec(self, fullname: str, path: object, target: object = None) -> ModuleSpec | None:
        """Find nothing; raises ImportError for a module that is held back."""
        if fullname in self.names and threading.get_ident() == self.thread:
            raise ImportError(f"{fullname} is not needed here", name=fullname)
        return None


class _Abbreviations(set):
    """Words behind which a full stop ends no sentence: the known ones, and initials (J.K. Lind)."""

    def __contains__(self, word: object) -> bool:
        return super().__contains__(word) or INITIALS.fullmatch(str(word)) is not None


def sentences_in(line: str) -> list[tuple[int, int]]:
    """Return the spans of the sentences of a line."""
    return list(_splitter().span_tokenize(line))


@lru_cache(maxsize=1)
def _splitter() -> "PunktSentenceTokenizer":
    held_back = _HeldBack("sklearn", "scipy.sparse", "scipy.stats")
    sys.meta_path.insert(0, held_back)
    try:
        from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer
    finally:
        sys.meta_path.remove(held_back)
    parameters = PunktParameters()
    parameters.abbrev_types = _Abbreviations(ABBREVIATIONS)
    return PunktSentenceTokenizer(parameters)
