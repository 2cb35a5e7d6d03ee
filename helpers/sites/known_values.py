"""A kind and a value go in; why the value says nothing comes out, where millions are known to have it, or nobody has.

The list is `tables/known_values.csv`, a row a value (* and ? as in names of files) with its reason. What no list can
have in it, a number that was typed to fill a place (0000, 12345, XXXX), is told by its form.
"""

import re
from fnmatch import translate
from functools import cache

from helpers.sites.patterns import rows_of_table

PLACEHOLDER = "a place that was never filled in"
WORDS = re.compile(
    r"(?i)x{4,}|your[_-]|(?<![\w.])example(?![\w.])|placeholder|change_?me|insert[_-]|replace[_-]"
    r"|\{\{|\$\{|<\?|%%|dummy|foobar"
)
FEWEST = 5  # signs; fewer may stand in a row by chance
IN_ORDER = ("0123456789012345678901234567890", "9876543210987654321", "abcdefghijklmnopqrstuvwxyz", "1234567890" * 3)
# Kinds whose values are names that people choose: any word may be one, so only the list speaks.
NAMES = frozenset(
    "theme plugin builder generator feed css_file css_names image_host script_host server language furniture_language "
    "social author copyright email telephone gravatar own_address favicon favicon_murmur css_content".split()
)


def says_nothing(kind: str, value: str) -> str:
    """Return why a value of a kind says nothing of who runs a page; empty where nothing is known against it.

    >>> says_nothing("google_analytics", "UA-7777777"), says_nothing("google_tag_manager", "GTM-K7Q2MW")
    ('a place that was never filled in', '')
    """
    for pattern, reason in _listed().get(kind, ()):
        if pattern.match(value):
            return reason
    return PLACEHOLDER if kind not in NAMES and _is_placeholder(value) else ""


@cache
def _listed() -> dict[str, list[tuple[re.Pattern, str]]]:
    found: dict[str, list[tuple[re.Pattern, str]]] = {}
    for row in rows_of_table("known_values"):
        found.setdefault(row["kind"], []).append((re.compile(translate(row["value"]), re.I), row["reason"]))
    return found


def _is_placeholder(value: str) -> bool:
    if WORDS.search(value):
        return True
    bare = re.sub(r"^[A-Za-z]{1,4}-|[^0-9A-Za-z]", "", value.rpartition("|")[2]).lower()
    return len(bare) >= FEWEST and (len(set(bare)) == 1 or any(bare in row for row in IN_ORDER))
