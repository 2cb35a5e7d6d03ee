"""Marks that a spinning program leaves and a writer does not: what is one, what only looks so, what they weigh."""

import pandas as pd
import pytest

from helpers.detect import spun_score
from helpers.detection.marks import MARKS, MOST_MARKS, Mark, added, marks
from helpers.detection.phrase_hits import known_phrases
from helpers.text.annotated import read

TABLE = pd.DataFrame({"spun": ["metropolis", "road", "supply", "hyperlink", "collection"],
                      "original": ["city", "street", "source", "link", "series"]})  # fmt: skip


def kinds(text):
    return [mark.kind for mark in marks(read(text), [known.dictionary for known in known_phrases()])]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The new {hardware} is here.", "braces"),
        ("It has {powerful|mighty} graphics.", "braces"),
        ("They sold four,560 of them.", "figure"),
        ("It costs $eight,200 or so.", "figure"),
        ("The vote is on Might 5, they said.", "month"),
        ("Sales fell in Could 2020.", "month"),
        ("The 3 Might 2019 vote was lost.", "month"),
        ("It received’t be easy to do.", "contraction"),
        ("Yesterday Manchester Metropolis won again, and the manager was glad.", "name"),
        ("Shares on Wall Road fell a little when the bank spoke.", "name"),
        ("He spoke again.\nSupply Hyperlink", "spun furniture"),
        ("And now we now have a problem.", "doubled"),
        ("It was in the the house.", "doubled"),
    ],
)
def test_what_a_program_leaves_is_a_mark(text, kind):
    assert kinds(text) == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "Dear {first_name}, set ${home} and {{page}} as in {date}.",
        "Could 20 people fit? Might they? In May 2020 they could.",
        "He couldn’t, wouldn’t and shan’t; ’twasn’t so, and she oughtn’t. See’t? Ain’t it?",
        "He had had enough, and it was very very late. That that is, is. Duran Duran played.",
        "Manchester City won on Wall Street. Source link",
        "It cost four pounds and 560 pence, or $8,200; chapter four, 560 pages.",
        "HE LIVES IN THE COLLECTION ROAD OF THE METROPOLIS",
    ],
)
def test_what_only_looks_like_a_mark_is_none(text):
    assert kinds(text) == []


def test_one_mark_counts_once_and_all_together_have_a_bound():
    one = Mark(0, 4, "month", "Might 5: “May” before a day or year")
    assert added([]) == 0
    assert added([one, one._replace(start=90, end=94)]) == MARKS["month"]
    assert added([one, one._replace(words="Could 7: “May” before a day or year")]) == 1.5 * MARKS["month"]
    assert added([Mark(0, 1, kind, kind) for kind in MARKS]) == MOST_MARKS


HONEST = (
    "The council met on Monday to talk about the new bridge over the river. Most people in the town want it to be "
    "built, but some say that it costs too much. The mayor said that the money had been found last year. {}"
)


def test_a_mark_raises_the_probability_and_is_evidence():
    plain, marked = (
        spun_score(HONEST.format(end), language_model=False)
        for end in ("It will open in May.", "It opens on Might 5th.")
    )
    assert marked.probability > plain.probability
    assert marked.evidence["kind"].iloc[0] == "month"
    assert marked.evidence["weight"].iloc[0] >= MARKS["month"]
