"""Templates behind many comments: what is read off them, what is not claimed, and that every text can be made again."""

import random
from collections import Counter
from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.comments import Made, comments, honest
from benchmarks.hidden_templates import DEVELOPED
from benchmarks.template import Answer, options_of, score, unspun
from helpers.sources import Template, expand, possible, template
from helpers.sources.slot_grammar import Choice, Grammar, cut, supported, vary_freely
from helpers.sources.spintax import Slot, SpintaxError, everything, parse, write
from helpers.sources.template_reader import is_slip

FREE = (
    "I {urge|ask|beg} the {FCC|Commission} to {keep|save} the {strong |}rules of 2015 as they are{, please|}. "
    "{My {son|daughter} needs them for school.|We have no other provider here.|} {Thank you|Thanks} for reading this."
)


@cache
def batch(names: tuple[str, ...], made: int, honest_ones: int, seed: int = 1) -> tuple[Made, Template]:
    """Comments from these templates and honest ones, and what was found in them."""
    texts = comments([DEVELOPED[name] for name in names], made, honest_ones, seed)
    return texts, template(texts.texts)


def answer(made: Made, found: Template, names: tuple[str, ...]) -> dict:
    claimed = found.texts["template"].where(found.texts["kind"] == "template", 0).to_numpy()
    rows = found.templates[found.templates["kind"] == "template"]
    slots = {row.template: options_of(row.spintax) for row in rows.itertuples()}
    return score(Answer(claimed, slots), made, [DEVELOPED[name] for name in names])


words = st.text(st.sampled_from("ab {|}\\#1:"), max_size=6)


def parts(depth: int = 2) -> st.SearchStrategy:
    if not depth:
        return st.lists(words, max_size=1)
    options = st.lists(parts(depth - 1), min_size=1, max_size=3)
    return st.lists(words | options.map(Slot), max_size=3)


def plain(sequence: list) -> list:
    """A sequence as tuples, its neighbouring strings joined and the empty ones left out."""
    found: list = []
    for part in sequence:
        if isinstance(part, Slot):
            found.append((part.link, tuple(tuple(plain(option)) for option in part.options)))
        elif part and found and isinstance(found[-1], str):
            found[-1] += part
        elif part:
            found.append(part)
    return found


@given(parts())
def test_spintax_is_read_as_it_was_written(sequence):
    assert plain(parse(write(sequence))) == plain(sequence)


@given(parts(), st.integers(0, 99))
def test_what_spintax_makes_is_among_the_texts_that_are_possible(sequence, seed):
    spintax = write(sequence)
    if possible(spintax) > 500:
        return
    made = list(everything(spintax))
    assert len(made) == possible(spintax)
    assert expand(spintax, seed) in made


def test_slots_that_are_chosen_together_are_never_chosen_apart():
    spintax = "{#1:he|she} walks {#1:his|her} {dog|cat}"
    assert possible(spintax) == 4
    assert {"he walks his dog", "she walks her cat"} < set(everything(spintax))
    assert not any("he walks her" in text for text in everything(spintax) if text.startswith("he"))


@pytest.mark.parametrize(
    ("spintax", "wrong"),
    [("a {b|c", "at 2 is not closed"), ("a } b", "at 2 stands outside"), ("{#1:a|b} {#1:c}", "1 and 2 options")],
)
def test_broken_spintax_is_refused_with_the_place(spintax, wrong):
    with pytest.raises(SpintaxError, match=wrong):
        parse(spintax)


NAMES = ("nested", "order", "weighted")


def test_several_templates_are_told_apart_and_their_options_found_among_honest_texts():
    made, found = batch(NAMES, 900, 450)
    result = answer(made, found, NAMES)
    assert result["templates_said"] == 3
    assert result["options_f1"] > 0.98
    assert result["members_recall"] > 0.99
    assert result["honest_called_honest"] == 1
    assert (
        f"{int((made.template > 0).sum()):,} of 1,350 texts fit 3 templates. In 450 none was found." in found.sentence
    )


def test_a_template_is_found_where_honest_texts_outnumber_it_five_to_one():
    made, found = batch(("review",), 120, 600)
    result = answer(made, found, ("review",))
    assert (result["options_f1"], result["honest_called_honest"]) == (1, 1)
    assert result["members_recall"] > 0.98


def test_spans_give_the_words_of_the_options_back():
    made, found = batch(NAMES, 900, 450)
    spelled = {
        (row.template, row.slot, row.option): list(everything(row.words)) if possible(row.words) < 50 else None
        for row in found.slots.itertuples()
    }
    exact = found.texts["exact"]
    checked = 0
    for row in found.choices.itertuples():
        words = made.texts[row.text_id][row.start : row.end]
        assert words == words.strip()
        options = spelled[row.template, row.slot, row.option]
        if exact[row.text_id] and options is not None:
            assert " ".join(words.split()) in options
            checked += 1
    assert checked > 5_000


def test_every_text_without_a_slip_can_be_made_from_its_template():
    made = [expand(FREE, random.Random(seed)) for seed in range(300)]
    found = template(made)
    assert found.possible == possible(FREE) == possible(found.spintax)
    assert set(everything(found.spintax)) == set(everything(FREE))
    assert found.texts["exact"].all()
    mixed, several = batch(NAMES, 900, 450)
    rows = several.templates.set_index("template")
    for number in rows.index[rows["possible"] < 5_000]:
        can_be_made = set(everything(rows.loc[number, "spintax"]))
        mine = several.texts[(several.texts["template"] == number) & several.texts["exact"]].index
        assert {" ".join(mixed.texts[name].split()) for name in mine} <= can_be_made


def test_slots_far_apart_that_depend_on_each_other_are_linked():
    _, found = batch(NAMES, 900, 450)
    linked = found.slots[found.slots["link"] > 0]
    together = linked.groupby(["option"])["words"].agg(set).tolist()
    assert {"teacher", "my thirty pupils"} in together
    assert "{#1:" in found.templates.loc[found.templates["spintax"].str.contains("veteran"), "spintax"].iloc[0]


def test_the_same_texts_give_the_same_template():
    made, found = batch(("review",), 120, 600)
    assert template(made.texts).templates.equals(found.templates)


def test_honest_texts_alone_have_no_template_and_the_reason_is_said():
    chance = random.Random(3)
    found = template([honest(chance, "Do not let cable companies slow what they dislike.") for _ in range(300)])
    assert found.templates.empty
    assert set(found.texts["kind"]) == {"own words"}
    assert found.refusal.startswith("No template is claimed:")
    assert (found.spintax, found.possible, len(found.choices)) == ("", 0, 0)
    assert found.refusal in repr(found)


def test_copies_of_one_text_are_a_form_letter_and_no_template():
    chance = random.Random(4)
    letter = "Please leave the rules of 2015 as they are, since my children need a fast and open line to learn at home."
    found = template([letter] * 60 + [f"{letter} {honest(chance)}" for _ in range(20)] + [honest(chance)] * 1)
    assert found.templates["kind"].tolist() == ["form letter"]
    assert "form letter" in found.refusal
    assert found.texts["kind"].value_counts()["form letter"] >= 60
    versions = [letter, letter.replace("Please leave", "Do not touch"), letter.replace("children", "two sons")]
    assert template(versions * 30).templates["kind"].tolist() == ["form letter"]


def test_a_form_letter_that_people_edit_is_no_template():
    """They leave sentences out, put their own in, and begin as they like."""
    chance, texts = random.Random(6), []
    letter = (
        "I grew up on the river and I still fish there. The plan to drain it was made without us. Nobody on the board "
        "has answered a letter since March. We ask for a hearing before the first tree is cut. My family will be there."
    ).split(". ")
    for _ in range(200):
        kept = [part.rstrip(".") + "." for part in letter if chance.random() > 0.25]
        if chance.random() < 0.5:
            kept.insert(chance.randint(0, len(kept)), honest(chance))
        texts.append(" ".join(kept))
    found = template(texts)
    assert set(found.templates["kind"]) <= {"form letter"}
    assert found.refusal


@settings(max_examples=12)
@given(st.lists(st.text(max_size=40), max_size=30))
def test_any_texts_are_answered_and_their_spans_lie_inside_them(texts):
    found = template(texts)
    assert len(found.texts) == len(texts)
    for row in found.choices.itertuples():
        assert 0 <= row.start <= row.end <= len(texts[row.text_id])


def test_what_is_no_text_is_refused_with_its_id():
    with pytest.raises(ValueError, match="'b' is no text but None"):
        template(pd.Series(["one", None], index=["a", "b"], dtype=object))
    with pytest.raises(ValueError, match="one was given"):
        template("one text")
    with pytest.raises(ValueError, match="the id 'a' is there twice"):
        template(pd.Series(["one", "two"], index=["a", "a"]))
    with pytest.raises(ValueError, match="column text"):
        template(pd.DataFrame({"body": ["one"]}))
    assert "20 texts are needed, and 2 were given" in template(["one", "two"]).refusal


def test_what_a_notebook_shows_is_masked_and_says_the_shares():
    spintax = (
        "Write to {jane@example.org|joe@example.org} or {call|ring}, as I {did|have}, before the {vote|end} of May."
    )
    found = template([expand(spintax, random.Random(seed)) for seed in range(200)])
    page = found._repr_html_()
    assert found.possible == 16
    assert "jane@example.org" not in page + repr(found)
    assert '<span class="slot">' in page
    assert "%</small>" in page


def test_two_slots_side_by_side_are_cut_apart_and_dependent_ones_are_not():
    free = {(a, b): 9 for a in (1, 2, 3) for b in (4, 5)} | {(9, 9): 1}
    left, right = cut(free)
    assert (set(supported(left)), set(supported(right))) == ({(1,), (2,), (3,)}, {(4,), (5,)})
    assert cut({(1, 4): 20, (1, 5): 20, (2, 6): 20, (3, 7): 20}) is None
    assert not vary_freely({("a", 1): 30, ("b", 2): 30, ("c", 3): 30})
    optional_left, _ = cut({(1, 2): 9, (1, 3): 9, (2,): 9, (3,): 9})
    assert set(optional_left) == {(1,), ()}


def slots_in(tokens: list) -> list[Choice]:
    """All slots of a template, an outer one in front of those inside it."""
    found = []
    for slot in (part for part in tokens if isinstance(part, Choice)):
        found += [slot, *(inner for option in slot.options for inner in slots_in(option))]
    return found


def made_from(spintax: str, texts: int, seed: int) -> tuple[Grammar, Counter]:
    """The wordings of so many texts, as tokens, and a grammar that knows the full stop."""
    chance, numbers = random.Random(seed), {".": 0}
    made = (expand(spintax, chance).replace(".", " .").split() for _ in range(texts))
    bag = Counter(tuple(numbers.setdefault(word, len(numbers)) for word in words) for words in made)
    return Grammar(np.arange(len(numbers)) == 0), bag


def test_the_rarest_wordings_of_several_slots_are_no_errors():
    grammar, bag = made_from(
        "breakfast{ buffet|} {had everything|was superb|was good}. {Staff at {desks|reception} {could|did} have been "
        "{kinder|nicer|best}. |}{Parking is {free|easy}. |}We {will|shall} {return|come}.",
        3_000,
        2,
    )
    assert min(bag.values()) < 6, "some wordings have to be rare"
    assert max(len(slot.options) for slot in slots_in(grammar.read(bag))) == 3


def test_what_is_left_of_long_options_is_one_option():
    grammar, bag = made_from(
        "{As {a school|an emergency room} nurse with {ten|twelve} years {on the job|of service} I know what {it|this}"
        " means|Two {friends|cousins} of mine left {nursing|their work} because {nobody|hardly anyone} listened"
        "|{When|While} my {father|mother} was ill one person had {eight|nine} {patients|beds} to look after}",
        2_000,
        3,
    )
    assert len(slots_in(grammar.read(bag))[0].options) == 3


def test_slips_are_told_from_other_words():
    assert all(is_slip(typed, "freedom") for typed in ("freedm", "fredeom", "freeedom", "freedim"))
    assert not any(is_slip(*pair) for pair in (("keep", "save"), ("of", "if"), ("free", "freedom")))


def test_the_benchmark_counts_options_in_one_form():
    assert options_of("I {ask you|ask them} now") == [{"you", "them"}]
    assert options_of("{a {b|c}|d} e") == options_of("{a b|a c|d} e")
    made, _ = batch(("review",), 120, 600)
    assert score(unspun(made.texts), made, [DEVELOPED["review"]])["options_precision"] == 1
