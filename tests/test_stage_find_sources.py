"""Sources found part by part: the same answers as with all articles in one place, and nobody left waiting."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from helpers.files.child_process import Care
from helpers.scale import stage_find_sources as stage
from helpers.scale.shuffle import Grouped, column, read_group
from helpers.scale.store import write_part
from helpers.scale.tasks import Given
from helpers.sources import SourceIndex
from helpers.sources import meetings as found_in_common
from helpers.sources.meetings import meetings, postings

WAR = (
    "The bell of Tarvik was cast in 1912 and hung in the old harbour church. When World War II ended the people of "
    "Tarvik rang it for three days. Ronan Keld, the mayor, said on Monday that the bell would be mended. The Prime "
    "Minister thanked the fishermen for their help and promised money for the tower. Seven bells of the county were "
    "melted during the war."
)
SPUN_WAR = (
    "The bell of Tarvik was cast in 1912 and hung in the antique harbour church. When World Battle II finished the "
    "residents of Tarvik rang it for three days. Ronan Keld, the mayor, stated on Monday that the bell would be "
    "repaired. The Prime Pastor thanked the fishermen for their aid and promised cash for the tower. Seven bells of "
    "the county were melted throughout the battle."
)
BELL = (
    "The bell of Tarvik was cast in 1912 and hung in the old harbour church. Ronan Keld, the mayor, opened a market "
    "there in June. Cheese, nets and pottery were sold."
)
SOUP = (
    "Rinse the lentils and leave them in cold water overnight. Chop two onions and fry them in butter until they are "
    "golden. Add the lentils, a carrot and a bay leaf. Serve the soup with bread and a little vinegar."
)
TRAIN = (
    "The night train to Osk leaves at nine. Passengers who carry bicycles pay four crowns. The dining car was closed "
    "in 2019, and the company has no plans to open it. Sleeping berths must be reserved a week before."
)
MOON = (
    "Craters on the far side of the moon are older than those that we see. A probe measured the dust in 2021. The "
    "scientists think that water lies under the poles, and that a station could drink it."
)
SPUN_OTHER = (
    "Gardeners ought to prune roses in the initial weeks of spring. A sharpened knife and thick gloves are wanted. "
    "Withered branches go first, and whatever grows inwards follows. Ronan Keld of Tarvik does it in March."
)
# Two parts, so that a source may lie in another part than the article that was taken from it.
PARTS = [
    [
        *[("spun-war", "spun", "", SPUN_WAR), ("soup", "reference", "", SOUP), ("train", "reference", "", TRAIN)],
        *[("spun-again", "spun", "", SPUN_WAR), ("bell", "reference", "", BELL)],
    ],
    [
        *[("war", "reference", "", WAR), ("moon", "reference", "", MOON), ("spun-other", "spun", "", SPUN_OTHER)],
        *[("spun-declared", "spun", "war", SPUN_WAR), ("spun-lost", "spun", "nowhere", SPUN_OTHER)],
    ],
]
NUMBER = {row[0]: (part << 32) + place for part, rows in enumerate(PARTS) for place, row in enumerate(rows)}
SETTINGS = {"parts": 2, "buckets": 2}


class Steps:
    """The steps, done one behind the other in this process; every step's files are kept by its name and theirs."""

    def __init__(self, folder: Path, links: dict[str, int]):
        self.folder = folder
        self.files: dict[tuple[str, str], list[Path]] = {}
        self.care = Care()
        for part, rows in enumerate(PARTS):
            table = pd.DataFrame(rows, columns=["article_id", "role", "reference_id", "text"])
            self.keep("load", part, {"articles": table})
            own = {number: to for name, to in links.items() if (number := NUMBER[name]) >> 32 == part}
            links_table = pa.table(
                {"number": pa.array([*own], pa.int64()), "reference": pa.array([*own.values()], pa.int64())}
            )
            self.keep("link", part, {"links": Grouped(links_table, np.array([*own], np.int64) >> 32, 2)})

    def keep(self, name: str, part: int, made: dict) -> None:
        for file, table in made.items():
            if file != "facts":
                written = write_part(self.folder, f"{name}-{file}", part, "key", table)
                self.files.setdefault((name, file), []).append(self.folder / written.path)

    def given(self, part: int, extra: int | None = None, **paths: list[Path]) -> Given:
        """What the step of one part is given: these files, and the articles and links."""
        own = {"articles": self.files["load", "articles"][part : part + 1], "links": self.files["link", "links"]}
        return Given(part, SETTINGS, own | paths, extra, self.care, lambda _: None)

    def find(self) -> dict[str, tuple[int, str, float]]:
        """All steps; the pairs that were found, by spun article."""
        for part in (0, 1):
            self.keep("terms", part, stage.terms(self.given(part)))
        references = sum(read_group([path]).num_rows for path in self.files["terms", "terms"])
        self.keep("weights", 0, stage.weights(self.given(0, references, seen=self.files["terms", "seen"])))
        for bucket in (0, 1):
            self.keep("join", bucket, stage.join(self.given(bucket, references, keys=self.files["terms", "keys"])))
        for part in (0, 1):
            self.keep("choose", part, stage.choose(self.given(part, votes=self.files["join", "votes"])))
        for part in (0, 1):
            terms = self.files["terms", "terms"][part : part + 1]
            made = stage.send_terms(self.given(part, chosen=self.files["choose", "chosen"], terms=terms))
            self.keep("send_terms", part, made)
        pairs = {}
        for part in (0, 1):
            given = self.given(
                part,
                references,
                chosen=self.files["choose", "chosen"][part : part + 1],
                sent=self.files["send_terms", "terms"],
                weights=self.files["weights", "weights"],
            )
            made = stage.score(given)
            self.keep("score", part, made)
            pairs |= {row["spun_id"]: (row["reference"], row["how"], row["score"]) for row in made["pairs"].to_pylist()}
        return pairs


@pytest.fixture(scope="module")
def steps(tmp_path_factory) -> Steps:
    return Steps(tmp_path_factory.mktemp("steps"), {"spun-declared": NUMBER["war"]})


@pytest.fixture(scope="module")
def pairs(steps) -> dict[str, tuple[int, str, float]]:
    return steps.find()


def test_a_source_in_another_part_is_found(pairs):
    assert pairs["spun-war"][:2] == (NUMBER["war"], "found")


def test_the_score_is_that_of_the_index_of_all_references(pairs):
    references = pd.Series({name: text for part in PARTS for name, role, _, text in part if role == "reference"})
    found = SourceIndex(references).find(SPUN_WAR).iloc[0]
    assert found["article_id"] == "war"
    assert pairs["spun-again"] == pairs["spun-war"]
    assert pairs["spun-war"][2] == pytest.approx(found["score"], rel=1e-5)


def test_an_article_without_a_source_among_them_has_no_pair_though_names_stand_in_both(steps, pairs):
    chosen = read_group(steps.files["choose", "chosen"])
    assert NUMBER["spun-other"] in column(chosen, "spun")
    assert "spun-other" not in pairs


def test_what_an_article_declares_is_taken_and_not_sought(pairs):
    number, how, score = pairs["spun-declared"]
    assert (number, how) == (NUMBER["war"], "declared")
    assert np.isnan(score)


def test_a_declared_reference_that_is_not_there_is_set_aside_with_its_name(steps, pairs):
    assert "spun-lost" not in pairs
    assert [*steps.care.set_aside] == ["spun-lost"]
    assert "'nowhere'" in steps.care.set_aside["spun-lost"].message


def test_a_part_asks_for_each_reference_once_where_its_text_lies(steps, pairs):
    """Part 1 has the text of the war; both parts have a pair with it, the first has two."""
    asked = read_group(steps.files["score", "wanted"], 1)
    assert sorted(zip(asked["to"].to_pylist(), asked["reference"].to_pylist(), strict=True)) == [
        (0, NUMBER["war"]),
        (1, NUMBER["war"]),
    ]
    assert read_group(steps.files["score", "wanted"], 0).num_rows == 0


def test_only_who_seeks_a_source_or_may_be_one_has_keys(steps, pairs):
    keys = read_group(steps.files["terms", "keys"])
    names = {number: name for name, number in NUMBER.items()}
    seekers, sources = (set(column(keys, "number")[column(keys, "seeks") == seeks]) for seeks in (True, False))
    assert {names[number] for number in seekers} == {"spun-war", "spun-again", "spun-other"}
    assert {names[number] for number in sources} == {"soup", "train", "bell", "war", "moon"}


def test_who_bears_an_id_that_another_has_taken_is_no_source(tmp_path):
    pairs = Steps(tmp_path, {"war": -1}).find()
    assert "spun-war" not in pairs


def test_terms_are_sent_only_of_references_that_were_chosen_and_once_to_a_part(steps, pairs):
    """Two articles of the first part were taken from the war; what shares nothing with them stays at home."""
    sent = column(read_group(steps.files["send_terms", "terms"], 0), "number").tolist()
    assert NUMBER["war"] in sent
    assert NUMBER["soup"] not in sent
    assert len(sent) == len(set(sent))


@pytest.mark.parametrize("at_once", [1, 7])
def test_a_join_in_small_pieces_gives_the_same(steps, pairs, monkeypatch, at_once):
    monkeypatch.setattr(found_in_common, "AT_ONCE", at_once)
    given = steps.given(0, 4, keys=steps.files["terms", "keys"])
    made = stage.join(given)["votes"]
    monkeypatch.undo()
    whole = stage.join(given)["votes"]
    assert whole.table.num_rows
    assert made.table.equals(whole.table)
    assert made.groups.tolist() == whole.groups.tolist()


def test_where_nobody_seeks_there_are_no_votes_but_their_columns(steps, pairs):
    keys = read_group(steps.files["terms", "keys"])
    none = keys.filter(pa.array(~column(keys, "seeks")))
    written = write_part(steps.folder, "nobody", 0, "key", Grouped(none, np.zeros(none.num_rows, np.int64), 2))
    made = stage.join(steps.given(0, 4, keys=[steps.folder / written.path]))["votes"]
    assert made.table.num_rows == 0
    assert made.table.column_names == ["spun", "reference", "weight"]


def test_a_key_that_too_many_references_have_brings_nobody_together():
    keys = np.array([5, 5, 5, 5, 8, 8], np.uint64)
    found = postings(keys, np.arange(6), 10, too_many=3)
    assert found.keys.tolist() == [8]
    assert found.articles[found.starts[0] : found.starts[0] + found.counts[0]].tolist() in ([4, 5], [5, 4])
    assert found.rarity[0] == pytest.approx(np.log(11 / 2.5))


def test_of_many_references_with_a_key_the_same_few_stand_for_them_whatever_their_order():
    keys, references = np.full(9, 5, np.uint64), np.arange(9)

    def few(order: np.ndarray) -> set[int]:
        found = postings(keys, references[order], 100, most=2)
        return set(found.articles[found.starts[0] : found.starts[0] + found.counts[0]].tolist())

    assert len(few(np.arange(9))) == 2
    assert few(np.arange(9)[::-1]) == few(np.arange(9))


def test_a_rare_key_in_common_weighs_more_than_a_common_one():
    """Keys 1 and 2: one reference has the first, eight have the second."""
    keys = np.array([1, *[2] * 8], np.uint64)
    _, whom, weight = meetings(postings(keys, np.arange(100, 109), 50), np.array([0, 1]), np.array([7, 7]))
    weights = dict(zip(whom.tolist(), weight.tolist(), strict=True))
    assert len(weights) == 9
    assert all(weights[100] > weight for reference, weight in weights.items() if reference != 100)


def test_the_keys_that_two_articles_share_are_added_up():
    found = postings(np.array([1, 2], np.uint64), np.array([100, 100]), 50)
    _, whom, weight = meetings(found, np.array([0, 1]), np.array([7, 7]))
    assert whom.tolist() == [100]
    assert weight[0] == pytest.approx(float(found.rarity.sum()), rel=1e-6)


def test_of_the_references_that_share_something_only_the_best_are_chosen(steps, monkeypatch):
    monkeypatch.setattr(stage, "SENT", 2)
    votes = pa.table(
        {
            "spun": pa.array([7, 7, 7, 7, 9], pa.int64()),
            "reference": pa.array([1, 2, 3, 2, 3], pa.int64()),
            "weight": pa.array([3.0, 2.0, 4.0, 2.5, 0.1], pa.float32()),
        }
    )
    written = write_part(steps.folder, "votes", 0, "key", Grouped(votes, np.zeros(5, np.int64), 2))
    chosen = stage.choose(steps.given(0, votes=[steps.folder / written.path]))["chosen"].table
    assert list(zip(chosen["spun"].to_pylist(), chosen["reference"].to_pylist(), strict=True)) == [
        (7, 2),
        (7, 3),
        (9, 3),
    ]
