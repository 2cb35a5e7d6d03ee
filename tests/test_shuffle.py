"""How rows change places between the parts of a corpus: nothing lost, nothing twice, the order kept."""

import numpy as np
import pyarrow as pa
import pytest

from helpers.scale.shuffle import Grouped, bucket_of, column, numbers_of, part_of, read_group, row_of, write_groups

PHRASES = ["World Battle II", "the Prime Pastor", "goodwill messages", "a staged show", "the general public"]
GROUPS = [2, 0, 2, 0, 2]


@pytest.fixture
def file(tmp_path):
    write_groups(tmp_path / "phrases.arrow", grouped(PHRASES, GROUPS, 4))
    return tmp_path / "phrases.arrow"


def grouped(phrases: list[str], groups: list[int], how_many: int) -> Grouped:
    return Grouped(pa.table({"spun": pa.array(phrases, pa.string())}), np.array(groups, np.int64), how_many)


def read(paths, group: int | None = None) -> list[str]:
    return read_group(paths, group)["spun"].to_pylist()


def test_a_group_is_read_without_the_others_and_its_rows_keep_their_order(file):
    assert read([file], 0) == ["the Prime Pastor", "a staged show"]
    assert read([file], 2) == ["World Battle II", "goodwill messages", "the general public"]


def test_where_no_group_is_named_all_rows_are_read_group_by_group(file):
    assert read([file]) == read([file], 0) + read([file], 2)


@pytest.mark.parametrize("group", [1, 3])
def test_a_group_without_rows_is_a_table_without_rows_that_has_its_columns(file, group):
    table = read_group([file], group)
    assert table.num_rows == 0
    assert table.schema.field("spun").type == pa.string()


def test_a_file_without_any_row_has_every_group(tmp_path):
    write_groups(tmp_path / "none.arrow", grouped([], [], 3))
    assert [read([tmp_path / "none.arrow"], group) for group in (0, 1, 2, None)] == [[], [], [], []]


def test_the_rows_of_a_group_stand_in_the_order_of_the_files(file, tmp_path):
    other = tmp_path / "other.arrow"
    write_groups(other, grouped(["World Battle I"], [2], 4))
    assert read([other, file], 2)[0] == "World Battle I"
    assert read([file, other], 2)[-1] == "World Battle I"


def test_a_text_that_is_no_ascii_and_one_that_is_empty_come_back_as_they_were(tmp_path):
    phrases = ["“World Battle II”", "", "Müller’s\nsecond line", "\U0001f600"]
    write_groups(tmp_path / "odd.arrow", grouped(phrases, [0, 0, 0, 0], 1))
    assert read([tmp_path / "odd.arrow"], 0) == phrases


def test_a_group_that_lies_outside_is_an_error_and_no_empty_table(file):
    with pytest.raises((IndexError, ValueError, pa.ArrowInvalid)):
        read_group([file], 4)


@pytest.mark.parametrize("count", [1, 2, 3, 64, 1000])
def test_every_key_has_a_bucket_and_always_the_same(count):
    keys = np.random.default_rng(0).integers(0, 2**63, 5000, dtype=np.uint64)
    buckets = bucket_of(keys, count)
    assert buckets.min() >= 0
    assert buckets.max() < count
    order = np.random.default_rng(1).permutation(len(keys))
    assert (bucket_of(keys[order], count) == buckets[order]).all()


@pytest.mark.parametrize("step", [1, 2, 64, 2**20, 2**32])
def test_no_bucket_is_favoured_though_keys_stand_in_even_steps(step):
    sizes = np.bincount(bucket_of(np.arange(8000, dtype=np.uint64) * np.uint64(step), 8), minlength=8)
    assert sizes.min() > 800
    assert sizes.max() < 1200


def test_a_column_of_numbers_is_an_array_of_their_type(file, tmp_path):
    table = pa.table({"number": pa.chunked_array([[1, 2], [3]], pa.int64()), "seeks": [True, False, True]})
    assert column(table, "number").tolist() == [1, 2, 3]
    assert column(table, "number").dtype == np.int64
    assert column(table, "seeks").dtype == bool


def test_the_number_of_an_article_says_its_part_and_its_row():
    numbers = numbers_of(70_000, 3)
    assert part_of(numbers).tolist() == [70_000] * 3
    assert row_of(numbers).tolist() == [0, 1, 2]
