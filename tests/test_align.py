"""The alignment of spun texts with their references: nothing is lost, and what moved or was added is seen as such."""

import unicodedata
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers.align import align, align_pairs, fold, relatedness
from helpers.comparison.alignment.align import UnrelatedWarning
from helpers.comparison.alignment.anchors import heaviest_chain
from helpers.comparison.alignment.rows import follow_moves
from helpers.comparison.alignment.string_columns import cut_up, picked
from helpers.corpus.schemas import Alignment
from helpers.spinner import Spinner
from helpers.substitutions import find_substitutions
from helpers.text.spans import is_word, tokens

MESSAGES = "Goodwill messages continued this week’s unprecedented public show of diplomatic unity in Beijing."
ARTICLE = "In an article revealed on Friday by the outlet, Kim was quoted as hailing the scenario."
KREMLIN = "A Kremlin aide dismissed Trump’s remarks, saying nobody even had this of their ideas."
KURSK = "Your fight power liberated the Kursk territories from the invaders at large, Putin’s message learn."


def assert_lossless(alignment: pd.DataFrame, spun: str, reference: str) -> None:
    """The sides join to the texts, the offsets follow each other, and each row shows what stands at its offsets."""
    at = (0, 0)
    columns = ["spun_start", "spun_end", "reference_start", "reference_end", "spun", "reference"]
    for spun_start, spun_end, start, end, side, other in zip(*(alignment[name] for name in columns), strict=True):
        assert (spun_start, start) == at
        assert side == spun[spun_start:spun_end]
        assert other == reference[start:end]
        at = (spun_end, end)
    assert at == (len(spun), len(reference))
    assert "".join(alignment["spun"]) == spun
    assert "".join(alignment["reference"]) == reference


def assert_honest(alignment: pd.DataFrame) -> None:
    """Each op says what its row is."""
    columns = ["op", "spun", "reference", "move"]
    for op, spun, reference, move in zip(*(alignment[name] for name in columns), strict=True):
        sides = (bool(spun), bool(reference))
        assert (op == "move") == pd.notna(move)
        assert op != "equal" or spun == reference
        assert (
            sides
            in {
                "equal": [(True, True)],
                "substitute": [(True, True)],
                "insert": [(True, False)],
                "delete": [(False, True)],
                "move": [(True, False), (False, True)],
            }[op]
        )


def runs(spun: str, reference: str, lexicon: pd.DataFrame | None = None) -> list[tuple[str, str, str]]:
    """The rows that are not equal, without the white space around them."""
    found = align(spun, reference, lexicon)[["op", "spun", "reference"]].itertuples(index=False, name=None)
    return [(op, one.strip(), other.strip()) for op, one, other in found if op != "equal" and (one + other).strip()]


# Texts of every kind

ODD = "ab ’'ns“”.,-1é\u0301\u0130\u00a0\u2028\r\n\t🎉👩\u200dאם北\u00ad\u200b\u202eоаеｂ´`ﬁกำ"
ANY_TEXT = st.one_of(st.text(max_size=80), st.text(alphabet=st.sampled_from(ODD), max_size=80))


@settings(max_examples=800)
@given(ANY_TEXT, ANY_TEXT)
def test_nothing_of_two_unrelated_texts_is_lost(spun, reference):
    alignment = align(spun, reference)
    assert_lossless(alignment, spun, reference)
    assert_honest(alignment)


VOCABULARY = """
    the of in is was also not and Kim Xi Putin KCNA army military help support meeting assembly Chinese language
    federal government general public 1000’s thousands China’s Folks’s isn’t it’s can not cannot “good mates” – (KCNA)
    state-run e-mail objectsfinish 2 two wherein
    """.split()
SENTENCE = st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=9)
SENTENCES = st.lists(SENTENCE, min_size=1, max_size=6)
JOINTS = st.sampled_from([" ", "\n", "\n\n", ""])
WORD_EDITS = st.lists(
    st.tuples(st.sampled_from(["replace", "delete", "insert"]), st.integers(0), st.sampled_from(VOCABULARY)), max_size=8
)


def written(sentences: list[list[str]], joint: str) -> str:
    return joint.join(" ".join(sentence) + "." for sentence in sentences)


def edited(sentences: list[list[str]], edits: list[tuple[str, int, str]]) -> list[list[str]]:
    changed = [list(sentence) for sentence in sentences]
    for op, place, word in edits:
        sentence = changed[place % len(changed)]
        at = place // len(changed) % (len(sentence) + 1)
        sentence[at : at + (op != "insert")] = [] if op == "delete" else [word]
    return changed


@settings(max_examples=800)
@given(SENTENCES, WORD_EDITS, st.randoms(use_true_random=False), JOINTS, JOINTS)
def test_nothing_is_lost_where_words_were_changed_and_sentences_moved(sentences, edits, random, joint, other_joint):
    order = edited(sentences, edits)
    random.shuffle(order)
    spun, reference = written(order, joint), written(sentences, other_joint)
    alignment = align(spun, reference)
    assert_lossless(alignment, spun, reference)
    assert_honest(alignment)


@st.composite
def spun_articles(draw) -> tuple[str, str]:
    """A stretch of the real reference and what a spinner with a dictionary of its words makes of it."""
    text = REFERENCE_TEXTS[draw(st.integers(0, len(REFERENCE_TEXTS) - 1))]
    phrases = [token.fold for token in tokens(text) if is_word(token.fold) and "'" not in token.fold]
    phrase = st.lists(st.sampled_from(phrases), min_size=1, max_size=3).map(" ".join)
    entries = draw(st.lists(st.tuples(st.sampled_from(phrases), phrase), min_size=1, max_size=15))
    dictionary = pd.DataFrame(entries, columns=["original", "spun"])
    spun, _ = Spinner(dictionary, draw(st.sampled_from([0.3, 1.0])), draw(st.integers(0, 9))).spin(text)
    return spun, text


REFERENCE_TEXTS = [
    "Putin and Kim were among some 26 mostly non-Western world leaders in attendance, with the pair meeting with Xi "
    "for two and a half hours on the event’s sidelines in an unprecedented display of unity.",
    "“I am confident that we will continue to work together to consolidate the comprehensive strategic partnership "
    "between our two countries,” Putin added.",
    "Recommended Stories\n\nlist of 3 items\nend of list\n\nIn an article published on Friday, Kim was quoted.",
    "Xi also reportedly told Kim that China and North Korea are “good neighbours, good friends and good comrades” "
    "that share one destiny, and he was willing to “defend, consolidate and develop” the countries’ relations.",
    "Source link\n\nShare This Article\nLeave a comment\n",
]


@settings(max_examples=500, suppress_health_check=[HealthCheck.too_slow])
@given(spun_articles())
def test_nothing_of_a_spun_article_is_lost(texts):
    alignment = align(*texts)
    assert_lossless(alignment, *texts)
    assert_honest(alignment)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(spun_articles())
def test_the_offsets_of_every_substitution_in_a_spun_article_give_its_words_back(texts):
    spun, reference = texts
    for row in find_substitutions(spun, reference).itertuples():
        assert row.spun == spun[row.spun_start : row.spun_end] != ""
        assert row.original == reference[row.reference_start : row.reference_end] != ""


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(spun_articles())
def test_no_place_of_a_spun_article_is_in_two_substitutions(texts):
    found = find_substitutions(*texts)
    for start, end in [("spun_start", "spun_end"), ("reference_start", "reference_end")]:
        places = sorted(zip(found[start], found[end], strict=True))
        assert all(before[1] <= place[0] for before, place in pairwise(places))


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(spun_articles())
def test_a_substitution_in_a_spun_article_shares_no_first_and_no_last_word_with_its_original(texts):
    for row in align(*texts).itertuples():
        if row.op == "substitute" and fold(row.spun) != fold(row.reference):
            sides = [[token.fold for token in tokens(side)] for side in (row.spun, row.reference)]
            assert sides[0][0] != sides[1][0]
            assert sides[0][-1] != sides[1][-1]


@settings(max_examples=200)
@given(st.one_of(ANY_TEXT, SENTENCES.map(lambda sentences: written(sentences, "\n"))))
def test_a_text_compared_with_itself_holds_no_substitutions(text):
    assert find_substitutions(text, text).empty


ODD_TEXTS = {
    "nothing": "",
    "one word": "assembly",
    "one sign": "–",
    "white space only": " \n\t\u00a0\n",
    "emoji": "🎉👩‍👩‍👧 🇰🇵",
    "right to left": "נשיא סין נפגש עם קים. התקיים מצעד בבירה",
    "no spaces": "金正恩星期四离开北京。",
    "decomposed letters": unicodedata.normalize("NFD", "Le général a déclaré à l’état-major: «énorme»."),
    "one word again and again": "help " * 60,
    "line breaks of Windows": "Supply hyperlink\r\n\r\nShare This Article\r\n",
    "quotes that never close": "“Kim “said ‘that “they",
}


@pytest.mark.parametrize("spun", ODD_TEXTS.values(), ids=ODD_TEXTS.keys())
@pytest.mark.parametrize("reference", ODD_TEXTS.values(), ids=ODD_TEXTS.keys())
def test_an_odd_pair_is_aligned_without_loss(spun, reference):
    alignment = align(spun, reference)
    assert_lossless(alignment, spun, reference)
    assert_honest(alignment)


@pytest.mark.parametrize("text", ODD_TEXTS.values(), ids=ODD_TEXTS.keys())
def test_an_odd_text_beside_an_article_is_aligned_without_loss(text):
    article = "Kim mentioned after assembly with Xi.\n\nSupply hyperlink"
    assert_lossless(align(text, article), text, article)
    assert_lossless(align(article, text), article, text)


def test_two_empty_texts_have_an_alignment_without_rows_but_with_all_columns():
    alignment = align("", "")
    assert alignment.empty
    assert list(alignment.columns) == [
        "op", "spun_start", "spun_end", "reference_start", "reference_end", "spun", "reference", "move",
        "confidence",
    ]  # fmt: skip


def test_no_pairs_have_an_alignment_without_rows_but_with_all_columns():
    alignment = align_pairs([])
    assert alignment.empty
    assert list(alignment.columns)[:3] == ["spun_id", "reference_id", "op"]


def test_a_letter_composed_otherwise_is_no_substitution():
    composed = "Le général a déclaré un état d’urgence."
    assert find_substitutions(unicodedata.normalize("NFD", composed), composed).empty


# The shipped corpus


def test_nothing_of_any_pair_of_the_shipped_corpus_is_lost(pairs, alignment):
    rows = dict(tuple(alignment.groupby(["spun_id", "reference_id"])))
    assert len(rows) == len(pairs)
    for pair in pairs.itertuples():
        assert_lossless(rows[pair.spun_id, pair.reference_id], pair.spun_text, pair.reference_text)


def test_each_op_in_the_shipped_corpus_says_what_its_row_is(alignment):
    assert_honest(alignment)


def test_every_moved_run_of_the_shipped_corpus_has_two_halves(alignment):
    halves = alignment[alignment["move"].notna()].groupby(["spun_id", "reference_id", "move"])
    assert (halves.size() == 2).all()
    assert (halves["spun"].agg("".join) != "").all()
    assert (halves["reference"].agg("".join) != "").all()


def test_nothing_is_lost_when_the_moves_of_the_shipped_corpus_are_followed(pairs, alignment):
    followed = dict(tuple(follow_moves(alignment).groupby(["spun_id", "reference_id"])))
    for pair in pairs.itertuples():
        rows = followed[pair.spun_id, pair.reference_id]
        assert "".join(rows["spun"]) == pair.spun_text
        assert "".join(rows.sort_values(["reference_start", "reference_end"])["reference"]) == pair.reference_text


def test_an_article_of_the_shipped_corpus_aligned_with_itself_is_one_equal_run(articles):
    spun = articles.loc[articles["role"] == "spun", "text"]
    alignment = align_pairs([(article_id, "", text, text) for article_id, text in spun.items()])
    assert list(alignment["op"]) == ["equal"] * len(spun)
    assert list(alignment["spun"]) == list(spun)


def test_the_order_of_the_pairs_does_not_matter(pairs):
    some = pairs.iloc[::5]
    sort = ["spun_id", "reference_id", "spun_start", "spun_end", "reference_start", "reference_end"]
    forwards, shuffled = (
        align_pairs(table).sort_values(sort, kind="stable").reset_index(drop=True)
        for table in (some, some.sample(frac=1, random_state=7))
    )
    assert list(some["spun_id"]) != list(some.sample(frac=1, random_state=7)["spun_id"])
    pd.testing.assert_frame_equal(forwards, shuffled)


def test_a_pair_is_aligned_the_same_as_a_row_of_a_table_and_as_a_tuple(spun_text, reference_text):
    names = ["spun_id", "reference_id", "spun_text", "reference_text"]
    pair = ("kim-xi", "kim-xi-reference", spun_text, reference_text)
    pd.testing.assert_frame_equal(align_pairs([pair]), align_pairs(pd.DataFrame([pair], columns=names)))


def test_a_book_of_all_pages_of_a_site_is_aligned_without_loss_and_its_moves_are_found(pairs):
    site = pairs[pairs["site"] == "worldpulse.example"]
    spun, reference = "\n".join(site["spun_text"]), "\n".join(site["reference_text"])
    alignment = align(spun, reference)
    assert_lossless(alignment, spun, reference)
    equal = alignment.loc[alignment["op"] == "equal", "spun"].str.len().sum()
    assert equal > 0.5 * len(spun)


# Single runs


def test_a_swapped_word_is_a_substitution():
    assert runs("The bilateral assembly between Xi and Kim", "The bilateral meeting between Xi and Kim") == [
        ("substitute", "assembly", "meeting")
    ]


def test_two_swapped_words_in_a_row_are_two_substitutions():
    assert runs("China’s improvement pursuits grew", "China’s development interests grew") == [
        ("substitute", "improvement", "development"),
        ("substitute", "pursuits", "interests"),
    ]


@pytest.mark.parametrize(
    ("spun", "original"),
    [
        ("can not", "cannot"),
        ("wherein", "in which"),
        ("based on", "according to"),
        ("persevering with", "continuing"),
        ("in the past", "ago"),
        ("got here", "came"),
        ("put up", "post"),
    ],
)
def test_a_phrase_for_a_phrase_is_one_substitution(spun, original):
    assert runs(f"Kim {spun} Beijing", f"Kim {original} Beijing") == [("substitute", spun, original)]


def test_a_possessive_ending_stays_outside_the_substitution():
    assert runs("the Folks’s Republic", "the People’s Republic") == [("substitute", "Folks", "People")]


def test_words_that_belong_together_on_both_sides_are_one_substitution():
    assert runs("They stood on top of one another in rows.", "They stood on top of each other in rows.") == [
        ("substitute", "one another", "each other")
    ]


def test_two_words_without_a_function_word_for_two_are_two_substitutions():
    assert runs("This compost often requires a year.", "This compost usually takes a year.") == [
        ("substitute", "often", "usually"),
        ("substitute", "requires", "takes"),
    ]


def test_a_clitic_and_its_word_are_no_set_phrase():
    assert runs("“I’m assured that we left", "“I am confident that we left") == [
        ("substitute", "’m", "am"),
        ("substitute", "assured", "confident"),
    ]


def test_a_compound_is_one_word_to_a_spinner():
    assert runs("It is a long-term plan for all.", "It is a lasting plan for all.") == [
        ("substitute", "long-term", "lasting")
    ]
    assert runs("He wrote my e-mail again today.", "He wrote my message again today.") == [
        ("substitute", "e-mail", "message")
    ]


def test_words_stand_for_a_sign_that_is_read_aloud():
    assert runs("Some 60 per cent of them left.", "Some 60 % of them left.") == [("substitute", "per cent", "%")]


def test_words_stand_for_no_full_stop_and_for_no_comma():
    launched = "In season 10 they moved to the islands, and Baywatch Hawaii was launched"
    assert runs(f"{launched}, and it was terrible.", f"{launched}.") == [("insert", ", and it was terrible", "")]
    assert runs(f"{launched}.", f"{launched}, and it was terrible.") == [("delete", "", ", and it was terrible")]


def test_no_substitution_reaches_across_a_comma():
    assert runs("Kim mentioned, additionally they left", "Kim said, also they left") == [
        ("substitute", "mentioned", "said"),
        ("substitute", "additionally", "also"),
    ]


def test_a_word_put_in_is_an_insert():
    assert runs("continued the general public show of unity", "continued the public show of unity") == [
        ("insert", "general", "")
    ]


def test_a_word_left_out_is_a_delete():
    assert runs("conspire against America of old", "conspire against the States, America of old") == [
        ("delete", "", "the States,")
    ]


def test_a_case_that_changed_is_a_substitution():
    assert runs("The Assembly went on", "The assembly went on") == [("substitute", "Assembly", "assembly")]


def test_straight_quotes_for_curly_ones_are_rows_of_their_own():
    assert runs('He "left" them', "He “left” them") == [("substitute", '"', "“"), ("substitute", '"', "”")]


def test_a_gap_that_changed_is_a_row_of_its_own():
    alignment = align("Supply\n\nhyperlink", "Supply hyperlink")
    assert alignment[["op", "spun", "reference"]].to_numpy().tolist() == [
        ["equal", "Supply", "Supply"],
        ["substitute", "\n\n", " "],
        ["equal", "hyperlink", "hyperlink"],
    ]


def test_words_glued_across_a_lost_line_break_are_one_substitution():
    spun = "A record of your most important accountsA password manager on your phone"
    reference = "A list of your most important accounts\nA password manager on your phone"
    assert runs(spun, reference) == [("substitute", "record", "list"), ("substitute", "accountsA", "accounts\nA")]


# What other places teach

PROCEED = ("we are going to proceed to work", "we will continue to work")


FINISH = ("It is 80 years for the reason that finish of the war.", "It is 80 years since the end of the war.")
MISREAD = [("substitute", "for", "since"), ("substitute", "reason that finish", "end")]


def test_a_tangled_place_is_misread_while_nothing_is_known():
    assert runs(*FINISH) == MISREAD


def test_a_pair_that_is_known_sets_a_tangled_place_right():
    lexicon = pd.DataFrame({"spun": ["for the reason that"], "original": ["since the"], "count": [9]})
    assert runs(*FINISH, lexicon) == [
        ("substitute", "for the reason that", "since the"),
        ("substitute", "finish", "end"),
    ]


def test_a_known_substitution_cuts_a_tangled_place():
    lexicon = pd.DataFrame({"spun": ["proceed"], "original": ["continue"], "count": [9]})
    assert runs(*PROCEED, lexicon) == [("substitute", "are going to", "will"), ("substitute", "proceed", "continue")]


def test_a_lexicon_without_counts_is_taken_as_seen_once():
    lexicon = pd.DataFrame({"spun": ["Proceed"], "original": ["continue"]})
    assert runs(*PROCEED, lexicon) == [("substitute", "are going to", "will"), ("substitute", "proceed", "continue")]


def test_a_pair_seen_cleanly_in_another_article_cuts_a_tangled_place():
    clean = ("The talks proceed in Beijing. The works proceed in Kursk.",
             "The talks continue in Beijing. The works continue in Kursk.")  # fmt: skip
    alignment = align_pairs([("tangled", "a", *PROCEED), ("clean", "b", *clean)])
    tangled = alignment[(alignment["spun_id"] == "tangled") & (alignment["op"] == "substitute")]
    assert list(tangled["spun"]) == ["are going to", "proceed"]


def test_a_window_does_not_confirm_its_own_reading():
    once = align_pairs([("a", "b", *FINISH)])
    assert list(once.loc[once["op"] == "substitute", "spun"]) == [spun for _, spun, _ in MISREAD]


def test_a_set_phrase_that_the_lexicon_knows_is_not_cut_word_for_word():
    spun, reference = "with army marketing in Ukraine", "with military campaign in Ukraine"
    assert len(runs(spun, reference)) == 2
    lexicon = pd.DataFrame({"spun": ["army marketing"], "original": ["military campaign"], "count": [20]})
    assert runs(spun, reference, lexicon) == [("substitute", "army marketing", "military campaign")]


def test_a_set_phrase_seen_once_is_not_read_across_a_line_break():
    lexicon = pd.DataFrame({"spun": ["army marketing"], "original": ["military campaign"]})
    assert runs("with army marketing in it", "with military campaign in it", lexicon) == [
        ("substitute", "army marketing", "military campaign")
    ]
    assert runs("with army\nmarketing in it", "with military\ncampaign in it", lexicon) == [
        ("substitute", "army", "military"),
        ("substitute", "marketing", "campaign"),
    ]


def test_a_known_pair_that_shares_its_first_word_makes_no_substitution_with_a_shared_word():
    lexicon = pd.DataFrame({"spun": ["the army"], "original": ["the military"], "count": [50]})
    assert runs("he praised chief the army there", "he praised leader the military there", lexicon) == [
        ("substitute", "chief", "leader"),
        ("substitute", "army", "military"),
    ]


# Passages


def swapped(*sentences: str) -> list[str]:
    """The sentences with the words put back that the real spinner swapped."""
    words = {"show": "display", "revealed": "published", "scenario": "situation", "nobody": "no one", "learn.": "read.",
             "ideas.": "thoughts.", "fight": "combat", "power": "force"}  # fmt: skip
    return [" ".join(words.get(word, word) for word in sentence.split(" ")) for sentence in sentences]


def test_a_moved_sentence_stands_in_two_halves_with_one_number():
    spun = " ".join([KREMLIN, MESSAGES, ARTICLE, KURSK])
    reference = " ".join([MESSAGES, ARTICLE, KURSK, KREMLIN])
    moved = align(spun, reference).loc[lambda table: table["op"] == "move"]
    assert list(moved["spun"]) == [KREMLIN, ""]
    assert list(moved["reference"]) == ["", KREMLIN]
    assert moved["move"].nunique() == 1


def test_followed_the_halves_of_a_moved_sentence_stand_in_one_row():
    spun = " ".join([KREMLIN, MESSAGES, ARTICLE, KURSK])
    reference = " ".join([MESSAGES, ARTICLE, KURSK, KREMLIN])
    moved = follow_moves(align(spun, reference)).loc[lambda table: table["op"] == "move"]
    assert moved[["spun", "reference"]].to_numpy().tolist() == [[KREMLIN, KREMLIN]]


def test_followed_what_was_swapped_inside_a_moved_sentence_is_a_substitution():
    reference = "\n".join(swapped(MESSAGES, ARTICLE, KURSK, KREMLIN))
    followed = follow_moves(align("\n".join([KREMLIN, MESSAGES, ARTICLE, KURSK]), reference))
    found = followed[(followed["op"] == "substitute") & followed["move"].notna()]
    assert found[["spun", "reference"]].to_numpy().tolist() == [["nobody", "no one"], ["ideas", "thoughts"]]


def test_the_shorter_passage_is_the_one_that_moved():
    short = "Putin praised Pyongyang’s prior parade."
    moved = align(f"{short} {KURSK} {ARTICLE}", f"{KURSK} {ARTICLE} {short}")
    assert moved.loc[moved["op"] == "move", "spun"].sum() == short


def test_two_sentences_that_moved_together_are_moved_together():
    spun, reference = " ".join([KREMLIN, MESSAGES, ARTICLE, KURSK]), " ".join([ARTICLE, KURSK, KREMLIN, MESSAGES])
    moved = align(spun, reference).loc[lambda table: table["op"] == "move"]
    assert list(moved["spun"]) in ([f"{KREMLIN} {MESSAGES}", ""], ["", f"{ARTICLE} {KURSK}"])


def test_furniture_that_the_reference_lacks_is_an_insert():
    spun = "\n".join([MESSAGES, "Join our newsletter for every tale", KREMLIN])
    assert runs(spun, "\n".join([MESSAGES, KREMLIN])) == [("insert", "Join our newsletter for every tale", "")]


def test_a_dropped_paragraph_is_a_delete():
    assert runs(f"{MESSAGES}\n\n{KREMLIN}", f"{MESSAGES}\n\n{KURSK}\n\n{KREMLIN}") == [("delete", "", KURSK)]


def test_a_heading_of_which_every_word_was_swapped_is_no_furniture():
    spun, reference = f"{MESSAGES}\n\nBeneficial Tales\n\n{KREMLIN}", f"{MESSAGES}\n\nRecommended Stories\n\n{KREMLIN}"
    assert runs(spun, reference) == [
        ("substitute", "Beneficial", "Recommended"),
        ("substitute", "Tales", "Stories"),
    ]


def test_furniture_in_place_of_a_dropped_paragraph_is_no_substitution():
    furniture = "Click the big button below"
    assert runs(f"{MESSAGES}\n{furniture}\n{KREMLIN}", f"{MESSAGES}\n{KURSK}\n{KREMLIN}") == [
        ("insert", furniture, ""),
        ("delete", "", KURSK),
    ]


def kept_in_order(targets: list[int], weights: list[int]) -> list[int]:
    return np.flatnonzero(heaviest_chain(np.array(targets, np.int64), np.array(weights, np.int64))).tolist()


@pytest.mark.parametrize(
    ("targets", "weights", "kept"),
    [
        ([0, 1, 2], [1, 1, 1], [0, 1, 2]),
        ([2, 0, 1], [1, 1, 1], [1, 2]),
        ([2, 0, 1], [9, 1, 1], [0]),
        ([1, 1, 0], [1, 1, 1], [0, 1]),
        ([], [], []),
    ],
    ids=["in order", "one moved up", "one moved up that outweighs the rest", "two share a place", "none"],
)
def test_the_heaviest_passages_that_keep_their_order_stay(targets, weights, kept):
    assert kept_in_order(targets, weights) == kept


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(1, 5)), max_size=8))
def test_no_other_choice_of_passages_in_order_is_heavier(places):
    heaviest = 0
    for choice in range(2 ** len(places)):
        chosen = [place for k, place in enumerate(places) if choice >> k & 1]
        order = [target for target, _ in chosen]
        if order == sorted(order):
            heaviest = max(heaviest, sum(weight for _, weight in chosen))
    chain = [places[k] for k in kept_in_order([target for target, _ in places], [weight for _, weight in places])]
    assert sum(weight for _, weight in chain) == heaviest
    assert [target for target, _ in chain] == sorted(target for target, _ in chain)


def pages(*lines: str) -> str:
    return "\n\n".join(lines) + "\n"


CORN = "The farmers of Lower Saxony brought in 40,000 tonnes of corn before the September storms arrived."
HARBOUR = "Rotterdam’s harbour master counted 212 ships at anchor on Tuesday, the most since 1998."
GLASS = "A glassblower from Murano repaired the chandelier that Napoleon’s soldiers had shot at."
OWL = "Two barn owls moved into the bell tower of St. Florian and raised five chicks there."


def test_a_heading_that_moved_with_nearly_every_word_swapped_is_found():
    reference = pages("The title", CORN, "Choose the right place", HARBOUR, GLASS, OWL)
    spun = pages("The title", CORN, HARBOUR, GLASS, "Select the proper location", OWL)
    table = follow_moves(align(spun, reference))
    found = table[(table["op"] == "substitute") & table["move"].notna()]
    assert list(zip(found["spun"], found["reference"], strict=True)) == [
        ("Select", "Choose"), ("proper", "right"), ("location", "place")
    ]  # fmt: skip


def test_a_word_that_a_heading_has_in_common_with_a_sentence_by_chance_does_not_bind_it():
    hole = "The old tyre of the bicycle had a hole near the valve, and 30 minutes later Anna had mended it."
    reference = pages("The title", "Find the hole", CORN, hole, OWL)
    spun = pages("The title", CORN, "Discover the hole", hole, OWL)
    table = follow_moves(align(spun, reference))
    assert table.loc[table["spun"] == "Discover", ["op", "reference"]].to_numpy().tolist() == [["substitute", "Find"]]


def test_lonely_lines_between_the_same_neighbours_are_paired_in_order():
    reference = pages("The title", CORN, "Recommended Stories", HARBOUR)
    spun = pages("The title", CORN, "Join our newsletter for weekly news", "Beneficial Tales", HARBOUR)
    assert runs(spun, reference) == [
        ("insert", "Join our newsletter for weekly news", ""),
        ("substitute", "Beneficial", "Recommended"),
        ("substitute", "Tales", "Stories"),
    ]


def test_a_line_on_pages_from_different_sources_is_the_site_s_and_not_the_counterpart_of_a_dropped_one():
    credit = "Additional reporting by the science desk"
    furniture = "Read the full tale"
    first = ("a", "A", pages("The title", CORN, furniture, HARBOUR), pages("The title", CORN, credit, HARBOUR))
    second = ("b", "B", pages("Other title", GLASS, furniture, OWL), pages("Other title", GLASS, OWL))
    alone = align_pairs([first])
    together = align_pairs([first, second]).loc[lambda table: table["spun_id"] == "a"]
    assert "substitute" in set(alone["op"])
    assert set(together["op"]) == {"equal", "insert", "delete"}
    assert_lossless(together, *first[2:])
    assert (
        align_pairs([second, first]).loc[lambda table: table["spun_id"] == "a", "op"].tolist()
        == together["op"].tolist()
    )


def unrelated_pair(articles) -> tuple[str, str]:
    return articles.loc["howto-compost", "text"], articles.loc["news-panama-canal", "text"]


def test_unrelated_articles_are_not_compared_and_a_warning_names_them(articles):
    spun, reference = unrelated_pair(articles)
    with pytest.warns(UnrelatedWarning, match="compost and panama"):
        alignment = align_pairs([("compost", "panama", spun, reference)])
    assert alignment.loc[alignment["op"] == "equal", "spun"].str.strip().eq("").all()
    assert not alignment["op"].isin(["substitute", "move"]).any()
    assert alignment["spun"].str.cat() == spun
    assert alignment["reference"].str.cat() == reference


def test_unrelated_articles_are_marked_as_such_and_related_ones_are_not(articles):
    spun, reference = unrelated_pair(articles)
    texts = articles["text"]
    pairs = [("a", "b", spun, reference), ("kim", "xi", texts["kim-xi"], texts["kim-xi-reference"])]
    with pytest.warns(UnrelatedWarning):
        table = relatedness(align_pairs(pairs))
    assert table.set_index("spun_id")["related"].to_dict() == {"a": False, "kim": True}


def test_an_extract_of_a_long_source_is_related(spun_text, reference_text):
    extract = "\n\n".join(spun_text.split("\n\n")[8:11])
    assert relatedness(align(extract, reference_text))["related"].tolist() == [True]


def test_two_lone_sentences_are_compared_however_little_they_share():
    spun = "A man in a blue shirt plays the guitar on a wooden stage in the park."
    alignment = align(spun, "The man is outside.")
    assert "man" in " ".join(alignment.loc[alignment["op"] == "equal", "spun"]).split()


def test_a_lone_sentence_inside_a_paragraph_is_the_counterpart_of_the_lone_one_in_its_place():
    """Not so where it has a line for itself: furniture stands in the place of what was dropped."""
    spun = "The officials of the large bank declared it would persist."
    original = "The managers of this big lender said that could go on."
    found = runs(f"{MESSAGES} {spun} {KREMLIN}", f"{MESSAGES} {original} {KREMLIN}")
    assert ("substitute", "officials", "managers") in found
    assert {op for op, *_ in found} == {"substitute"}


def test_a_short_text_is_always_compared():
    assert "substitute" in set(align("World Battle II", "Second World War")["op"])


def test_every_confidence_lies_between_0_and_1(alignment):
    assert alignment["confidence"].between(0, 1).all()


def test_a_word_swapped_for_a_word_is_surer_than_a_tangle():
    alignment = align(
        "Kim informed Xi that he was assured that they are going to proceed collectively in Beijing",
        "Kim told Xi that he was confident that they will continue together in Beijing",
    )
    sure = alignment[alignment["op"] == "substitute"].set_index("spun")["confidence"]
    assert sure["informed"] > sure.drop("informed").min()


def test_the_alignment_of_the_corpus_has_the_columns_of_the_design(alignment):
    Alignment.validate(alignment)


@pytest.mark.parametrize("call", [align, find_substitutions], ids=["align", "find_substitutions"])
def test_half_a_character_is_a_clear_error(call):
    with pytest.raises(
        ValueError, match=r"half a character \(U\+D83D\) at 4\. Mend: helpers\.corpus\.formats\.encodings\.mend"
    ):
        call("Kim \ud83d said.", "Kim said.")


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=5), max_size=6), max_size=5))
def test_columns_of_strings_made_of_bytes_are_those_made_one_by_one(parts):
    sizes = [np.array([len(part) for part in text], np.int64) for text in parts]
    starts = [np.cumsum(size) - size for size in sizes]
    expected = pd.array([part for text in parts for part in text], dtype="str")
    found = cut_up(["".join(text) for text in parts], starts)
    pd.testing.assert_extension_array_equal(found, expected)
    numbers = np.arange(len(expected))[::-1]
    pd.testing.assert_extension_array_equal(picked(expected.tolist(), numbers), expected[numbers])


@pytest.mark.parametrize(
    ("spun", "reference", "added"),
    [
        (
            "On Friday the newspaper published a plea for the dead, printing a bold headline.",
            "On Friday the newspaper published a bold headline.",
            "a plea for the dead, printing",
        ),
        ("She left the old house and the garden at noon.", "She left the garden at noon.", "the old house and"),
        ("It was a long, cold and a bitter winter here.", "It was a bitter winter here.", "a long, cold and"),
    ],
)  # fmt: skip
def test_words_put_in_part_no_function_word_from_what_it_leads_to(spun, reference, added):
    for one, other, op, side in ((spun, reference, "insert", "spun"), (reference, spun, "delete", "reference")):
        rows = align(one, other).query("op != 'equal'")
        assert rows["op"].tolist() == [op]
        assert rows[side].str.strip().tolist() == [added]
