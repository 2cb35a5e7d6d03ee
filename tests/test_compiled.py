"""The compiled parts say the same as the slow and simple thing that they stand for."""

import re
import shutil
import subprocess
import sys
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.resources import files
from itertools import groupby

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import Indel, JaroWinkler, LCSseq

from helpers.align import align_pairs, fold
from helpers.comparison.alignment.anchors import NOWHERE, equal_runs, meeting_places
from helpers.comparison.alignment.moved_passages import unit_starts
from helpers.comparison.alignment.string_similarity import common_subsequence, jaro_winkler
from helpers.comparison.alignment.vocabulary import (
    CAPITAL,
    GLUED,
    IS_ABBREVIATION,
    IS_FUNCTION,
    IS_WORD,
    Vocabulary,
    current_vocabulary,
)
from helpers.text import compiled
from helpers.text.english import is_function_word, lemma
from helpers.text.scan import (
    APOSTROPHES,
    HEADS,
    HEADS_OF_THOUSANDS,
    LINE_BREAK_BEFORE,
    NO_SPACE,
    SPACE_BEFORE,
    SPACELESS,
    code_points,
    scan,
)
from helpers.text.seen import seen
from helpers.text.sentence_splitter import ABBREVIATIONS
from helpers.text.word_counts import cohesion, word_count

SIGNS = st.text(
    st.one_of(st.sampled_from("ntT'’ʼsmrevldN.US12,:_ \n\u0301ſé½²-ß😀𝐀"), st.characters(exclude_categories=[])),
    max_size=30,
)
WORDS = st.lists(st.integers(0, 6), max_size=40).map(lambda words: np.array(words, np.int32))
LETTERS = st.text(st.sampled_from("abcdeé"), min_size=1, max_size=20)

# What a token is, as a regular expression: alternatives come first come, first served.
APOSTROPHE, CLITIC = f"[{APOSTROPHES}]", "(?:s|m|re|ll|ve|d|t)"


@cache
def token() -> re.Pattern:
    """What a token is; it takes seconds to compile, so it is not done where tests are only collected."""
    every = [chr(point) for point in range(0x40000)]
    mark = "".join(sign for sign in every if unicodedata.category(sign) in ("Mn", "Mc", "Me")) + "\u0e33\u0eb3🏻-🏿"
    alone = [
        point for start, end in SPACELESS for point in range(start, end)
        if re.fullmatch(r"[^\W\d_]", chr(point)) and chr(point) not in mark
    ]  # fmt: skip
    runs = [[point for _, point in run] for _, run in groupby(enumerate(alone), lambda pair: pair[1] - pair[0])]
    spaceless = "".join(f"{chr(run[0])}-{chr(run[-1])}" for run in runs)
    letter = rf"(?:(?![{spaceless}{mark}])[^\W\d_])"
    some = rf"(?:(?![{spaceless}])[\w{mark}])"
    over = rf"(?!(?![{spaceless}])\w)"
    head = "|".join(HEADS)
    return re.compile(
        rf"""
        (?:{letter}\.){{2,}}
      | (?:{head})(?:\.\d+|,(?=\d{{3}}(?!\d)|\d\d,)\d+)(?:[.,:]\d+)*(?:\.(?:{head})(?!{some})|{some}*)
      | (?:{"|".join(HEADS_OF_THOUSANDS)}),(?=\d{{3}}(?!\d)|\d\d,)\d+(?:[.,:]\d+)*(?:\.(?:{head})(?!{some})|{some}*)
      | {letter}++(?!{some}|{APOSTROPHE})
      | \d+(?:[.,:]\d+)*(?:\.(?:{head})(?!{some})|{some}*)
      | {letter}+?(?=n{APOSTROPHE}t{over})
      | n{APOSTROPHE}t{over}
      | (?<=\w){APOSTROPHE}{CLITIC}{over}
      | {some}+(?:{APOSTROPHE}(?!{CLITIC}{over}){letter}{some}*)*
      | [^\s][{mark}]*
        """,
        re.VERBOSE | re.IGNORECASE,
    )


@settings(max_examples=1000)
@given(SIGNS)
def test_the_scanner_finds_the_tokens_of_the_regular_expression(text):
    shown = seen(text)
    found = scan(code_points(shown))
    spans = zip(found.starts.tolist(), found.ends.tolist(), strict=True)
    assert [shown[start:end] for start, end in spans] == token().findall(shown)
    assert len(scan(code_points(text)).starts) == len(found.starts)


@pytest.mark.parametrize(
    ("text", "words"), [("中国’s bank", ["中", "国", "’s", "bank"]), ("Kim’s中国", ["Kim", "’s", "中", "国"])]
)
def test_a_clitic_leans_on_a_letter_that_is_a_word_by_itself_and_ends_before_one(text, words):
    found = scan(code_points(text))
    assert [text[start:end] for start, end in zip(found.starts, found.ends, strict=True)] == words


def test_the_scanner_says_what_stands_in_front_of_a_token():
    found = scan(code_points("one, two\t three\n four \n\n five"))
    assert found.gaps.tolist() == [
        NO_SPACE, NO_SPACE, SPACE_BEFORE, SPACE_BEFORE, LINE_BREAK_BEFORE, LINE_BREAK_BEFORE
    ]  # fmt: skip


def test_every_word_of_the_web_counts_has_a_fingerprint_of_its_own():
    lines = files("wordsegment").joinpath("unigrams.txt").read_text(encoding="utf-8").split("\n")
    counts = dict(line.split("\t") for line in lines if line)
    assert len(counts) > 300_000
    assert all(word_count(word) == float(count) for word, count in counts.items())
    assert word_count("objectsfinish") == 0


def test_words_that_stand_together_cohere():
    assert cohesion("general", "public") > 1.2 > cohesion("public", "show")
    assert cohesion("zzxqj", "public") == cohesion("public", "zzxqj") == -1


def numbers(word: str) -> np.ndarray:
    return code_points(word)


@settings(max_examples=500)
@given(LETTERS, LETTERS)
def test_jaro_winkler_is_rapidfuzz_s(one, other):
    both = numbers("x" + one), numbers(other)
    assert jaro_winkler(both[0], 1, len(one), both[1], 0, len(other)) == pytest.approx(
        JaroWinkler.similarity(one, other)
    )


def test_a_word_without_letters_is_like_no_other():
    assert jaro_winkler(numbers("a"), 0, 0, numbers("a"), 0, 1) == 0


@settings(max_examples=500)
@given(WORDS, WORDS)
def test_equal_runs_are_rapidfuzz_s(one, other):
    blocks = Indel.opcodes(one.tolist(), other.tolist()).as_matching_blocks()
    assert equal_runs(one, other).tolist() == [[block.a, block.b, block.size] for block in blocks if block.size]
    assert common_subsequence(one, other) == LCSseq.similarity(one.tolist(), other.tolist())


@settings(max_examples=30)
@given(st.integers(0, 2**32), st.integers(60, 400), st.integers(1, 200))
def test_equal_runs_of_more_than_one_block_of_words_are_rapidfuzz_s(seed, size, words):
    random = np.random.default_rng(seed)
    one = random.integers(0, words, size).astype(np.int32)
    other = np.where(random.random(size) < 0.8, one, random.integers(0, words, size)).astype(np.int32)
    blocks = Indel.opcodes(one.tolist(), other.tolist()).as_matching_blocks()
    assert equal_runs(one, other).tolist() == [[block.a, block.b, block.size] for block in blocks if block.size]


@given(WORDS, WORDS, st.integers(1, 3))
def test_meeting_places_are_those_of_groups_that_stand_once_in_each(one, other, size):
    groups = [
        [tuple(side[k : k + size].tolist()) for k in range(max(0, len(side) - size + 1))] for side in (one, other)
    ]
    expected = [
        groups[1].index(group) if groups[0].count(group) == groups[1].count(group) == 1 else NOWHERE
        for group in groups[0]
    ]
    assert meeting_places(one, other, size).tolist() == expected + [NOWHERE] * (len(one) - len(expected))


def test_the_vocabulary_knows_its_words():
    vocabulary = Vocabulary()
    text = "The wantA iPhone defending U.S. Mr"
    folds, flags = vocabulary.look_up(text, scan(code_points(text)))
    words = vocabulary.words
    assert [bool(flag & CAPITAL) for flag in flags] == [True, False, False, False, True, True]
    assert [bool(flag & GLUED) for flag in flags] == [False, True, True, False, False, False]
    assert words.flags[folds[0]] & IS_FUNCTION
    assert not words.flags[folds[3]] & IS_FUNCTION
    assert words.flags[folds[5]] & IS_ABBREVIATION
    assert words.lemmas[folds[3]] == words.lemmas[vocabulary.number("defend")]


@settings(max_examples=50)
@given(st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=6), min_size=1, max_size=300))
def test_a_growing_vocabulary_forgets_nothing(written):
    vocabulary = Vocabulary()
    text = " ".join(written)
    found = scan(code_points(text))
    first, _ = vocabulary.look_up(text, found)
    again, _ = vocabulary.look_up(text, found)
    assert first.tolist() == again.tolist()
    tokens = [text[start:end] for start, end in zip(found.starts, found.ends, strict=True)]
    for token, number in zip(tokens, first.tolist(), strict=True):
        assert number == vocabulary.number(fold(token))
        assert bool(vocabulary.words.flags[number] & IS_WORD) == any(sign.isalnum() for sign in fold(token))


@settings(max_examples=50)
@given(st.lists(SIGNS, max_size=8))
def test_words_are_known_as_well_whether_they_were_met_page_by_page_or_all_at_once(pages):
    one_by_one, at_once = Vocabulary(), Vocabulary()
    whole = "\n".join(pages)
    for page in pages:
        one_by_one.look_up(page, scan(code_points(page)))
    for vocabulary in (one_by_one, at_once):
        vocabulary.look_up(whole, scan(code_points(whole)))
    assert known_words(one_by_one) == known_words(at_once)


@settings(max_examples=50)
@given(st.lists(SIGNS, min_size=1, max_size=8))
def test_many_texts_are_looked_up_as_each_is_in_turn(pages):
    in_turn, together = Vocabulary(), Vocabulary()
    scans = [scan(code_points(page)) for page in pages]
    one_by_one = [in_turn.look_up(page, found) for page, found in zip(pages, scans, strict=True)]
    for first, second in zip(one_by_one, together.look_up_all(pages, scans), strict=True):
        assert [column.tolist() for column in first] == [column.tolist() for column in second]
    assert in_turn.names() == together.names()


def known_words(vocabulary: Vocabulary) -> dict[str, tuple]:
    """What a vocabulary knows of each word, whatever its number."""
    flags, _, keys, counts, starts, lengths, letters = vocabulary.words
    return {
        word: (flags[at], keys[at], counts[at], "".join(map(chr, letters[starts[at] :][: lengths[at]])))
        for at, word in enumerate(vocabulary.names())
    }


def test_a_vocabulary_that_is_much_too_small_at_first_grows():
    vocabulary = Vocabulary()
    text = " ".join(f"w{number}" for number in range(20_000))
    folds, _ = vocabulary.look_up(text, scan(code_points(text)))
    assert sorted(folds.tolist()) == list(range(20_000))


def test_each_thread_has_a_vocabulary_of_its_own_and_the_same_result(pairs):
    few = pairs.head(8)
    expected = align_pairs(few)
    mine = current_vocabulary()
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: (align_pairs(few), current_vocabulary()), range(8)))
    assert all(alignment.equals(expected) for alignment, _ in found)
    assert all(vocabulary is not mine for _, vocabulary in found)


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("Dr. Fenwick left. She ran.\nThe end", ["Dr. Fenwick left.", "She ran.", "The end"]),
        (
            "It cost 5.5 million. “Why?” he asked. “Never.” Then",
            ["It cost 5.5 million.", "“Why?” he asked.", "“Never.”", "Then"],
        ),
        ("J. Smith met U.S. troops. 12 fell", ["J. Smith met U.S. troops.", "12 fell"]),
        ("one\n\n\ntwo", ["one", "two"]),
    ],
)
def test_a_unit_is_a_sentence_or_a_heading(text, units):
    vocabulary = Vocabulary()
    points = code_points(text)
    found = scan(points)
    starts = unit_starts(points, found.starts, found.gaps, *vocabulary.look_up(text, found), vocabulary.words)
    spans = zip(found.starts[starts[:-1]], found.ends[starts[1:] - 1], strict=True)
    assert [text[start:end] for start, end in spans] == units
    assert starts[-1] == len(found.starts)


def test_abbreviations_and_function_words_are_folded():
    assert all(fold(word) == word for word in ABBREVIATIONS)
    assert is_function_word("the")
    assert lemma("were") == "be"


def test_compiled_code_is_kept_by_the_sources_of_all_modules(tmp_path):
    """A change in one module, in whatever folder, must not leave another module's compiled code in use."""
    package = tmp_path / "helpers"
    shutil.copytree(compiled.PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__", "templates"))
    folder = "from helpers.text.compiled import FOLDERS; print(FOLDERS.own.name)"
    run = [sys.executable, "-c", folder]

    def name() -> str:
        done = subprocess.run(
            run, cwd=tmp_path, capture_output=True, text=True, check=True, env={"PYTHONPATH": str(tmp_path)}
        )
        return done.stdout

    before = name()
    assert name() == before
    costs = package / "comparison" / "alignment" / "edit_costs.py"
    costs.write_text(costs.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert name() != before
    kept = [path.name for path in (package / "__pycache__").glob("compiled-*")]
    assert kept == [name().strip()]
