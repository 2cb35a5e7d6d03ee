"""The tables beside this module go in; what may tell who runs a page comes out: kinds, and patterns that find them.

`tables/kinds.csv` has a row a kind: how telling it is, in the three tiers that the field uses, and why; to which family
it belongs (what one person sets up in one go is one sign, not several); who explains the identifier, and on which page.
`tables/patterns.csv` has a row a pattern: where on a page the identifier stands when it is in use, and how it is
written there, `v` its value, `host` what it belongs to. `tables/marks.csv` has the marks of builders, the accounts at
networks and the words on buttons.

The places: `script` (code that runs, without its comments), `loaded` (addresses from which a page loads something),
`link` (addresses that it links to), `attribute` (a line “element name=value” for each attribute), `meta` (a line
“name=content” for each `<meta>` in the head). Nothing is looked for in the text of an article, in comments or in code
that is only shown.
"""

import csv
import re
from pathlib import Path
from typing import NamedTuple

CONCLUSIVE, ASSOCIATIVE, CIRCUMSTANTIAL, NOTHING = "conclusive", "associative", "circumstantial", "none"
TIERS = (CONCLUSIVE, ASSOCIATIVE, CIRCUMSTANTIAL)
SCRIPT = "script"
TABLES = Path(__file__).with_name("tables")
# What the patterns in the table write short.
SHORT = {
    "(?Q)": "[\"'`]",
    "(?UUID)": "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
    "(?TAGS)": r"googletagmanager\.com/(?:gtm\.js|gtag/js|ns\.html)\?(?:[^\s\"'<>]{0,80}&)?id=",
}


class Kind(NamedTuple):
    """A kind of indicator: how telling, of which family, why, who explains it and on which page."""

    tier: str
    family: str
    why: str
    vendor: str
    source: str


class Pattern(NamedTuple):
    """Where an indicator of a kind stands, and how it is written there."""

    kind: str
    where: str
    written: re.Pattern


class Mark(NamedTuple):
    """What a builder leaves in its pages, what stands before a name at a network, or the words of a language."""

    name: str
    where: str
    written: str


def rows_of_table(name: str) -> list[dict[str, str]]:
    """Return the rows of one of the tables."""
    with open(TABLES / f"{name}.csv", encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _compiled(written: str, where: str) -> re.Pattern:
    for short, long in SHORT.items():
        written = written.replace(short, long)
    return re.compile(written, 0 if where == SCRIPT else re.M)  # code has lines of its own, the others a line a piece


def _marks(table: str) -> list[Mark]:
    return [Mark(row["name"], row["where"], row["written"]) for row in rows_of_table("marks") if row["table"] == table]


KINDS = {row.pop("kind"): Kind(**row) for row in rows_of_table("kinds")}
PATTERNS = [
    Pattern(row["kind"], row["where"], _compiled(row["written"], row["where"])) for row in rows_of_table("patterns")
]
BUILDERS = [(mark.name, mark.where, re.compile(mark.written)) for mark in _marks("builder")]
NETWORKS = [(mark.name, mark.written) for mark in _marks("network")]
FURNITURE_WORDS = {mark.name: tuple(mark.written.split("|")) for mark in _marks("words")}
# Addresses at networks that lead to the network itself and to no account.
NO_ACCOUNTS = frozenset(
    """
    share sharer sharer.php share.php intent home hashtag search login plugins dialog tr help about privacy policies
    watch embed playlist feed explore settings i p pin groups events photo photos video videos story.php permalink.php
    profile.php status oauth widgets terms legal reel reels stories tv shorts results submit wall away.php shareArticle
    sharing widget people directory developers business ads login.php
    """.split()
)
