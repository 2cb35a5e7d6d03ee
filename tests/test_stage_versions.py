"""Versions found part by part: the tables of one machine, to the last bit, wherever articles lie."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from benchmarks.testsets import dictionary, references
from helpers.files.child_process import Care
from helpers.scale import run, stage_versions
from helpers.scale.shuffle import Grouped, read_group
from helpers.scale.store import as_frame, read_parquet, write_part
from helpers.scale.tasks import Given
from helpers.sources import group_versions
from helpers.spinner import Spinner

PARTS = 3


@pytest.fixture(scope="module")
def articles(corpus) -> pd.DataFrame:
    """Versions of three sources and a copy, in an order that tears them apart; a reference, and a text too short."""
    rows = {}
    for source, text in references(corpus).iloc[:3].items():
        rows[source] = ("reference", text)
        for number, name in enumerate(("amber", "birch", "cobalt")):
            rows[f"{source}-{name}"] = ("spun", Spinner(dictionary(corpus, name), 0.4, number).spin(text)[0])
    rows["copy"] = rows[f"{source}-birch"]
    rows["short"] = ("spun", "Kim met Xi in Beijing.")
    table = pd.DataFrame(rows.values(), index=pd.Index(rows, name="article_id"), columns=["role", "text"])
    return table.sample(frac=1, random_state=5)


class Steps:
    """The steps, done one behind the other in this process, as a run would do them."""

    def __init__(self, folder: Path, articles: pd.DataFrame, taken: tuple[int, ...] = ()):
        self.folder, self.care = folder, Care()
        self.files: dict[tuple[str, str], list[Path]] = {}
        for part, rows in enumerate(np.array_split(np.arange(len(articles)), PARTS)):
            self.keep("load", part, {"articles": articles.iloc[rows]})
        numbers = np.array(taken, np.int64)
        links = pa.table({"number": numbers, "reference": np.full(len(numbers), -1)})
        self.keep("link", 0, {"links": Grouped(links, numbers >> 32, PARTS)})
        self.counted = 0
        for stage in run.VERSIONS:
            made = [self.do(stage, part) for part in range(1 if stage.over == run.ONE else PARTS)]
            self.counted = self.counted or sum(found["facts"]["articles"] for found in made)
            for part, found in enumerate(made):
                self.keep(stage.name, part, found)

    def keep(self, name: str, part: int, made: dict) -> None:
        for file, table in made.items():
            if file != "facts":
                written = write_part(self.folder, f"{name}-{file}", part, "key", table)
                self.files.setdefault((name, file), []).append(self.folder / written.path)

    def do(self, stage: run.Stage, part: int) -> dict:
        paths = {
            name: self.files[made_by, file][part : part + 1] if whose == run.OWN else self.files[made_by, file]
            for name, (made_by, file, whose) in stage.takes.items()
        }
        settings = {"parts": PARTS, "buckets": PARTS}
        given = Given(part, settings, paths, self.counted, self.care, lambda _: None)
        return getattr(stage_versions, stage.function.split(":")[1])(given)

    def table(self, stage: str, name: str) -> pd.DataFrame:
        return as_frame(pa.concat_tables([read_parquet(path) for path in self.files[stage, name]]))


@pytest.fixture(scope="module")
def steps(tmp_path_factory, articles) -> Steps:
    return Steps(tmp_path_factory.mktemp("steps"), articles)


def test_the_tables_are_those_of_one_machine(steps, articles):
    groups, links = group_versions(articles, links=True)
    assert groups["version_group"].nunique() == 3
    pd.testing.assert_frame_equal(steps.table("tell_versions", "versions"), groups, check_exact=True)
    found = steps.table("compare", "version_links").reset_index(drop=True)
    pd.testing.assert_frame_equal(found, links, check_exact=True)
    assert set(links["kind"]) == {"version", "copy"}


def test_outlines_are_sent_once_to_a_part_and_not_to_their_own(steps):
    for part in range(PARTS):
        numbers = read_group(steps.files["send_outlines", "sent"], part)["number"].to_pylist()
        assert len(numbers) == len(set(numbers))
        assert part not in [number >> 32 for number in numbers]


def test_who_bears_an_id_that_another_has_taken_is_left_out(tmp_path, articles):
    place = articles.index.get_loc("copy")
    sizes = [len(rows) for rows in np.array_split(np.arange(len(articles)), PARTS)]
    part = int(np.searchsorted(np.cumsum(sizes), place, side="right"))
    found = Steps(tmp_path, articles, ((part << 32) + place - sum(sizes[:part]),)).table("tell_versions", "versions")
    pd.testing.assert_frame_equal(found, group_versions(articles.drop("copy")), check_exact=True)
