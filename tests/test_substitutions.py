"""From alignments to substitutions, their kinds and how often each was made."""

from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from helpers.align import align, align_pairs, fold
from helpers.comparison.alignment.segments import side
from helpers.comparison.alignment.string_columns import picked
from helpers.comparison.alignment.vocabulary import current_vocabulary
from helpers.comparison.cuttings import column_of, cut_out
from helpers.comparison.frequency import as_written, wilson_interval
from helpers.comparison.furniture import LONGEST_FURNITURE, _is_long, furniture_spans
from helpers.comparison.kinds import kind_of, of_a_dictionary
from helpers.comparison.span_words import characters, span_words, text_words
from helpers.comparison.substitutions import ASK, BLOCK, COLUMNS, _kind_of_words
from helpers.corpus import pair_texts
from helpers.corpus.schemas import Frequency, Substitutions
from helpers.corpus.terms import KINDS
from helpers.substitutions import compare_corpus, find_substitutions, substitution_frequency
from helpers.text.spans import folded_words, is_word, overlaps, tokens, touch


def changes(spun: str, reference: str) -> list[tuple[str, str]]:
    found = find_substitutions(spun, reference)
    return list(zip(found["spun"], found["original"], strict=True))


def table_of(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    """A table of articles: id, site, reference_id (empty for a reference) and text."""
    table = pd.DataFrame(rows, columns=["article_id", "site", "reference_id", "text"]).set_index("article_id")
    return table.assign(role=["spun" if reference else "reference" for reference in table["reference_id"]])


WORDS = """army military colour color centre center organised organized grey gray sept september st street no number two
three analysed analyzed tyre tire kerb curb pres president learnt learned okay ok
three second the of whose run runs ran better good licence license programme program our or""".split()


def test_a_word_for_a_word_is_of_the_kind_that_phrases_are():
    vocabulary = current_vocabulary()
    numbers = {word: vocabulary.number(word) for word in WORDS}
    kinds = {
        (spun, original): _kind_of_words(numbers[spun], numbers[original], vocabulary.words)
        for spun, original in permutations(WORDS, 2)
    }
    wrong = {pair: kind for pair, kind in kinds.items() if kind != ASK and KINDS[kind] != kind_of(*pair)}
    assert not wrong
    assert {KINDS[kind] for kind in kinds.values() if kind != ASK} == {"synonym", "number", "inflection", "function"}


# Where a substitution begins and ends


def test_a_swapped_word_is_one_substitution():
    assert changes("Kim mentioned that.", "Kim said that.") == [("mentioned", "said")]


def test_a_possessive_ending_stays_outside_the_substitution():
    assert changes("the Folks’s Republic of China", "the People’s Republic of China") == [("Folks", "People")]


def test_a_possessive_ending_behind_a_swapped_object_stays_outside_too():
    assert changes("on the occasion’s sidelines", "on the event’s sidelines") == [("occasion", "event")]


def test_a_word_put_in_keeps_the_neighbour_with_which_it_makes_a_phrase():
    spun, reference = "continued the general public show of unity", "continued the public show of unity"
    assert changes(spun, reference) == [("general public", "public")]


def test_a_word_put_in_behind_its_noun_keeps_the_noun():
    assert changes("He hailed the army chiefs, and left.", "He hailed the army, and left.") == [("army chiefs", "army")]


def test_words_put_in_go_with_the_word_to_which_they_have_the_firmer_tie():
    assert changes("The shelves will likely collapse.", "The shelves will collapse.") == [("will likely", "will")]
    assert changes("They turn it into the space.", "They turn it into space.") == [("into the", "into")]


def test_words_put_in_go_with_the_word_that_a_page_has_beside_them_everywhere():
    spun = "Ships pass and also stop here. They load and also leave again."
    assert changes(spun, spun.replace(" also", "")) == [("and also", "and")] * 2


def test_a_negation_put_in_or_left_out_goes_with_what_it_denies():
    assert changes("We will not rebuild it.", "We will rebuild it.") == [("not rebuild", "rebuild")]
    assert changes("The council did answer them.", "The council did not answer them.") == [("answer", "not answer")]


def test_words_on_both_sides_of_a_word_go_with_it_if_all_three_belong_together():
    spun = "Scientists may apply to make use of it."
    assert changes(spun, "Scientists may apply to use it.") == [("make use of", "use")]
    found = changes(
        "Each catches a totally different a part of the light.", "Each catches a different part of the light."
    )
    assert found == [("totally different", "different"), ("a part", "part")]


def test_words_put_in_at_the_beginning_of_a_sentence_go_with_the_word_that_lost_its_capital():
    assert changes("Each and every account counts.", "Every account counts.") == [("Each and every", "Every")]
    spun, reference = "How it works\n\nEver since then, prices fell.", "How it works\n\nSince then, prices fell."
    assert changes(spun, reference) == [("Ever since", "Since")]
    assert changes(reference, spun) == [("Since", "Ever since")]


def test_a_short_line_put_in_goes_with_no_word_of_another_line():
    assert changes("How it works\n\nRead more\n\nPrices fell.", "How it works\n\nPrices fell.") == []


def test_words_put_in_on_both_sides_of_a_neighbour_are_one_substitution():
    assert changes("Students make use of the dial.", "Students use the dial.") == [("make use of", "use")]


def test_a_word_left_out_keeps_the_neighbour_with_which_it_made_a_phrase():
    assert changes("said the government of China", "said the federal government of China") == [
        ("government", "federal government")
    ]


def test_words_that_no_word_stands_beside_are_no_substitution():
    assert changes("They left (KCNA mentioned), he added.", "They left (), he added.") == []


def test_three_words_put_in_make_a_phrase_with_their_neighbour():
    assert changes("Kim left in the morning Beijing.", "Kim left Beijing.") == [("left in the morning", "left")]


def test_four_words_put_in_are_an_added_passage_and_no_substitution():
    assert changes("Kim left in the early morning Beijing.", "Kim left Beijing.") == []


def test_an_added_sentence_is_no_substitution():
    assert changes("Kim left Beijing. Read the full tale right here.", "Kim left Beijing.") == []


def test_a_dropped_paragraph_is_no_substitution():
    assert changes("Kim left Beijing.", "Kim left Beijing.\n\nKCNA also confirmed that Putin met him.") == []


@pytest.mark.parametrize(
    ("spun", "reference"),
    [
        ("Talks In Beijing", "Talks in Beijing"),
        ("he 'left' Kim's army", "he ‘left’ Kim’s army"),
        ("the  army\nparade", "the army parade"),
        ("the army, he said", "the army he said"),
        ("from 2–3 of them", "from 2-3 of them"),
    ],
    ids=["case", "quotes", "white space", "a comma", "a dash"],
)
def test_texts_that_differ_only_in(spun, reference):
    assert changes(spun, reference) == []


def test_two_places_of_one_substitution_are_two_rows():
    found = find_substitutions("The army met the army.", "The military met the military.")
    assert list(found["spun_start"]) == [4, 17]


def test_a_substitution_beside_the_place_that_moved_is_found():
    messages = "Goodwill messages continued this week’s unprecedented public {} of diplomatic unity in Beijing."
    kremlin = "A Kremlin aide dismissed Trump’s remarks, saying {} even had this of their thoughts."
    spun = "\n".join([kremlin.format("nobody"), messages.format("show")])
    reference = "\n".join([messages.format("display"), kremlin.format("no one")])
    assert changes(spun, reference) == [("nobody", "no one"), ("show", "display")]


def test_the_offsets_of_a_moved_substitution_point_into_both_texts():
    messages = "Goodwill messages continued this week’s unprecedented public {} of diplomatic unity in Beijing."
    kremlin = "A Kremlin aide dismissed Trump’s remarks, saying {} even had this of their thoughts."
    spun = "\n".join([kremlin.format("nobody"), messages.format("show")])
    reference = "\n".join([messages.format("display"), kremlin.format("no one")])
    row = find_substitutions(spun, reference).iloc[0]
    assert spun[row["spun_start"] : row["spun_end"]] == "nobody"
    assert reference[row["reference_start"] : row["reference_end"]] == "no one"


def test_no_substitution_of_the_corpus_but_an_added_or_dropped_word_shares_its_first_or_last_word(substitutions):
    for spun, original in substitutions[["spun", "original"]].drop_duplicates().itertuples(index=False, name=None):
        words, originals = ([token.fold for token in tokens(side)] for side in (spun, original))
        shorter, longer = sorted((words, originals), key=len)
        neighbour = len(shorter) == 1 < len(longer) <= 4 and shorter[0] in (longer[0], longer[-1])
        shared = words[0] == originals[0] or words[-1] == originals[-1]
        assert neighbour or not shared, (spun, original)


def test_the_offsets_of_every_substitution_of_the_corpus_give_its_words_back(articles, substitutions):
    for row in substitutions.itertuples():
        assert articles.loc[row.spun_id, "text"][row.spun_start : row.spun_end] == row.spun
        assert articles.loc[row.reference_id, "text"][row.reference_start : row.reference_end] == row.original


def test_the_originals_put_back_into_the_real_article_give_its_reference(spun_text, reference_text):
    restored, at = [], 0
    for row in find_substitutions(spun_text, reference_text).sort_values("spun_start").itertuples():
        restored += [spun_text[at : row.spun_start], row.original]
        at = row.spun_end
    assert fold("".join([*restored, spun_text[at:]])).replace(" ", "") == fold(reference_text).replace(" ", "")


def test_no_place_of_the_corpus_is_in_two_substitutions(substitutions):
    for start, end in [("spun_start", "spun_end"), ("reference_start", "reference_end")]:
        ordered = substitutions.sort_values(["spun_id", start])
        before = ordered.groupby("spun_id")[end].shift(fill_value=0)
        assert (ordered[start] >= before).all()


@pytest.mark.parametrize(
    ("spun", "original"),
    [
        ("Chinese language", "Chinese"),
        ("got here", "came"),
        ("persevering with", "continuing"),
        ("Battle", "War"),
        ("can not", "cannot"),
        ("federal government", "government"),
        ("Celebration", "Party"),
        ("based on", "according to"),
        ("wherein", "in which"),
        ("in the past", "ago"),
        ("1000’s", "thousands"),
        ("put up", "post"),
        ("Fact", "Truth"),
        ("marketing campaign", "campaign"),
        ("international locations", "countries"),
        ("Supply", "Source"),
        ("hyperlink", "link"),
    ],
)
def test_the_real_article_is_read_as_a_person_reads_it(spun_text, reference_text, spun, original):
    assert (spun, original) in changes(spun_text, reference_text)


# The table


def test_the_text_on_both_sides_goes_with_a_substitution():
    row = find_substitutions("Kim mentioned after assembly.", "Kim said after assembly.").iloc[0]
    assert (row["left"], row["right"]) == ("Kim ", " after assembly.")


def test_two_equal_texts_give_a_table_without_rows_but_with_all_columns():
    found = find_substitutions("Kim left.", "Kim left.")
    assert found.empty
    assert list(found.columns) == COLUMNS


def test_a_spun_text_without_its_reference_is_an_error():
    with pytest.raises(TypeError, match="reference text is missing"):
        find_substitutions("Kim mentioned that.")


def test_an_article_without_a_reference_in_the_table_is_left_out():
    table = table_of(
        ("a", "one.example", "r", "Kim mentioned that."),
        ("b", "one.example", "unknown", "Kim mentioned this."),
        ("r", "news.example", "", "Kim said that."),
    )
    assert list(find_substitutions(table)["spun_id"]) == ["a"]


def test_a_pair_takes_its_site_from_the_spun_article():
    table = table_of(("a", "one.example", "r", "Kim mentioned that."), ("r", "news.example", "", "Kim said that."))
    assert pair_texts(table).to_dict("records") == [
        {
            "spun_id": "a",
            "reference_id": "r",
            "site": "one.example",
            "spun_text": "Kim mentioned that.",
            "reference_text": "Kim said that.",
            "simulated": False,
        }
    ]


def test_an_alignment_made_before_gives_the_same_substitutions(articles):
    some = articles.loc[["kim-xi", "kim-xi-reference"]]
    pd.testing.assert_frame_equal(
        find_substitutions(some), find_substitutions(some, alignment=align_pairs(pair_texts(some)))
    )


def test_a_lexicon_is_handed_on_to_the_alignment():
    spun, reference = "we are going to proceed to work", "we will continue to work"
    lexicon = pd.DataFrame({"spun": ["proceed"], "original": ["continue"], "count": [9]})
    assert list(find_substitutions(spun, reference, lexicon=lexicon)["spun"]) == ["are going to", "proceed"]


def test_articles_teach_each_other():
    table = table_of(
        ("a", "one.example", "r", "we are going to proceed to work"),
        ("b", "one.example", "s", "The talks proceed in Beijing. The works proceed in Kursk."),
        ("r", "news.example", "", "we will continue to work"),
        ("s", "news.example", "", "The talks continue in Beijing. The works continue in Kursk."),
    )
    found = find_substitutions(table)
    assert list(found.loc[found["spun_id"] == "a", "spun"]) == ["are going to", "proceed"]


# Quotations and names


def in_quote(spun: str, reference: str) -> list[bool]:
    return list(find_substitutions(spun, reference)["in_quote"])


def test_a_word_swapped_inside_a_quotation_is_marked():
    assert in_quote("He vowed to “totally help” them.", "He vowed to “fully support” them.") == [True, True]


def test_a_word_swapped_beside_a_quotation_is_not_marked():
    spun, reference = "“Good mates,” he mentioned.", "“Good mates,” he said."
    assert in_quote(spun, reference) == [False]


def test_a_quotation_that_lost_its_marks_is_still_a_quotation():
    assert in_quote("He vowed to help them.", "He vowed to “support” them.") == [True]


def test_a_broken_name_is_marked():
    found = find_substitutions(
        "It was 80 years after the end of World Battle II.", "It was 80 years after the end of World War II."
    )
    assert found[["spun", "kind", "in_name"]].to_numpy().tolist() == [["Battle", "name", True]]


def test_a_word_beside_a_name_is_not_marked():
    found = find_substitutions("Then chief Kim Jong Un left.", "Then leader Kim Jong Un left.")
    assert not found["in_name"].any()


def test_a_capital_that_opens_a_sentence_is_no_broken_name():
    found = find_substitutions("Throughout the parade Xi spoke.", "During the parade Xi spoke.")
    assert found[["spun", "in_name"]].to_numpy().tolist() == [["Throughout", False]]


def test_a_word_in_lower_case_is_no_part_of_the_name_behind_it():
    found = find_substitutions("They met inside the United States.", "They met within the United States.")
    assert not found["in_name"].any()


def test_a_broken_name_in_site_furniture_is_boilerplate():
    found = find_substitutions("Kim left.\n\nShare This Story", "Kim left.\n\nShare This Article")
    assert found[["kind", "in_name"]].to_numpy().tolist() == [["boilerplate", False]]


# Kinds


@pytest.mark.parametrize(
    ("spun", "original", "kind"),
    [
        ("shield", "protect", "synonym"),
        ("persevering with", "continuing", "phrase"),
        ("based on", "according to", "phrase"),
        ("general public", "public", "phrase"),
        ("defended", "defending", "inflection"),
        ("listing", "list", "inflection"),
        ("2", "two", "number"),
        ("1000’s", "thousands", "number"),
        ("wherein", "in which", "function"),
        ("towards", "against the", "function"),
        ("’m", "am", "contraction"),
        ("is not", "isn’t", "contraction"),
        ("’s going to", "will", "contraction"),
        ("can not", "cannot", "spelling"),
        ("color", "colour", "spelling"),
        ("organize", "organise", "spelling"),
        ("center", "centre", "spelling"),
        ("program", "programme", "spelling"),
        ("traveled", "travelled", "spelling"),
        ("e-mail", "email", "spelling"),
        ("5 May", "May 5", "number"),
        ("5 of 10", "10 of 5", "number"),
        ("2-1", "2 1", "number"),
        ("Oslo’s mayor", "the mayor of Oslo", "order"),
        ("its", "it’s", "contraction"),
        ("lets", "let’s", "contraction"),
        ("1990's", "1990s", "spelling"),
        ("kerbed", "curbed", "synonym"),  # the verb is spelled alike everywhere
        ("filled", "filed", "synonym"),
        ("timber", "timbre", "synonym"),
    ],
)
def test_the_kind_of_a_substitution(spun, original, kind):
    assert kind_of(spun, original) == kind


@pytest.mark.parametrize(
    ("spun", "original"),
    [
        pair.replace("_", " ").split("/")
        for pair in """
        analysed/analyzed tire/tyre tyres/tires plow/plough ploughing/plowing aluminum/aluminium pediatric/paediatric
        anesthetic/anaesthetic fetus/foetus judgment/judgement aging/ageing jewelry/jewellery sceptical/skeptical
        kerb/curb skillful/skilful pajamas/pyjamas cozy/cosy yogurt/yoghurt maneuver/manoeuvre maneuvered/manoeuvred
        learnt/learned burnt/burned spelt/spelled OK/okay O.K./okay alright/all_right defense/defence fibers/fibres
        organizers/organisers centered/centred traveler/traveller checks/cheques fulfils/fulfills
        """.split()
    ],
)
def test_british_and_american_are_one_spelling_in_a_name_too(spun, original):
    assert kind_of(spun, original) == kind_of(original, spun) == "spelling"
    assert kind_of(spun.title(), original.title(), in_name=True) == "spelling"


def test_a_number_in_a_name_is_a_number():
    assert kind_of("Two", "2", in_name=True) == "number"


def test_whatever_stands_in_furniture_is_boilerplate():
    assert kind_of("three", "3", in_furniture=True) == "boilerplate"


def test_a_number_for_a_word_is_no_number():
    assert kind_of("1000’s", "crowds") != "number"


@pytest.mark.parametrize("line", ["Source link", "Share This Article", "Leave a comment", "list of 3 itemsend of list"])
def test_a_line_of_furniture_is_known_by_its_words(line):
    text = f"Kim left Beijing.\n\n{line}"
    assert [text[start:end] for start, end in furniture_spans(text)] == [line]


@pytest.mark.parametrize(
    "line",
    ["A sentence about the source of it.", "Why the leader left", "A list as long as this one is no furniture at all"],
    ids=["a sentence", "a heading", "a long line"],
)
def test_no_furniture_is(line):
    assert furniture_spans(f"Kim left Beijing.\n\n{line}") == []


@given(st.lists(st.sampled_from([*"aé中1-’.( \t\u2003", "so\xadft", "’s", "n’t", "a b c d e f", "U.S."])).map("".join))
def test_no_line_is_long_that_has_few_words(line):
    assert not _is_long(line) or sum(is_word(token.fold) for token in tokens(line)) > LONGEST_FURNITURE


def test_the_title_is_no_furniture():
    assert furniture_spans("More stories\n\nKim left Beijing.") == []


# How often


def counted(*pairs: tuple[str, str], **columns: list[str]) -> pd.DataFrame:
    """The frequency of some (spun, original) pairs, all of article a of one site unless told."""
    table = pd.DataFrame(pairs, columns=["spun", "original"]).assign(spun_id="a", site="one.example").assign(**columns)
    return substitution_frequency(table)


def test_a_substitution_is_counted_over_case_and_quotes():
    table = counted(("Folks’s", "People’s"), ("folks's", "people's"))
    assert table[["original", "spun", "count"]].to_numpy().tolist() == [["people's", "folks's", 2]]


def test_one_original_with_two_replacements_is_counted_twice():
    table = counted(("show", "display"), ("exhibit", "display"))
    assert sorted(table["spun"]) == ["exhibit", "show"]


def test_a_replacement_and_its_reverse_are_counted_apart():
    table = counted(("army", "military"), ("military", "army"), ("army", "military"))
    assert table[["original", "spun", "count"]].to_numpy().tolist() == [
        ["military", "army", 2],
        ["army", "military", 1],
    ]


def test_articles_and_sites_of_a_substitution_are_counted_once_each():
    table = counted(
        *[("army", "military")] * 4,
        spun_id=["a", "a", "b", "c"],
        site=["one.example", "one.example", "one.example", "two.example"],
    )
    assert table[["count", "articles", "sites"]].to_numpy().tolist() == [[4, 3, 2]]


def test_the_most_frequent_substitution_comes_first():
    table = counted(("help", "support"), ("army", "military"), ("army", "military"))
    assert list(table["spun"]) == ["army", "help"]


def test_without_articles_the_chances_are_not_known():
    table = counted(("help", "support"))
    assert table[["chances", "rate", "rate_low", "rate_high", "g2"]].isna().all(axis=None)


SPUN = "The army met. The army left. The military stayed.\n\nHe mentioned so."
REFERENCE = "The military met. The military left. The military stayed.\n\nHe said so."


@pytest.fixture
def spun_twice() -> pd.DataFrame:
    return table_of(
        ("a", "one.example", "r", SPUN),
        ("b", "two.example", "r", SPUN.replace("stayed", "remained")),
        ("r", "news.example", "", REFERENCE),
    )


def frequency_of(table: pd.DataFrame, original: str) -> pd.Series:
    frequency = substitution_frequency(find_substitutions(table), table)
    return frequency.set_index("original").loc[original]


def test_chances_are_the_times_the_original_stood_in_the_references_of_the_pairs(spun_twice):
    assert frequency_of(spun_twice, "military")["chances"] == 6


def test_the_rate_is_the_share_of_chances_taken(spun_twice):
    row = frequency_of(spun_twice, "military")
    assert (row["count"], row["rate"]) == (4, pytest.approx(4 / 6))


def test_an_original_of_two_words_is_counted_where_both_stand():
    table = table_of(
        ("a", "one.example", "r", "Based on KCNA they left. According to Xi they came. They accord to it."),
        ("r", "news.example", "", "According to KCNA they left. According to Xi they came. They accord to it."),
    )
    assert frequency_of(table, "according to")["chances"] == 2


def test_a_reference_of_an_article_that_was_not_spun_gives_no_chances(spun_twice):
    unspun = table_of(("c", "two.example", "s", "The military met."), ("s", "news.example", "", "The military met."))
    assert frequency_of(pd.concat([spun_twice, unspun]), "military")["chances"] == 6


def test_a_dropped_passage_gives_no_chances():
    table = table_of(
        ("a", "one.example", "r", "The army met in Beijing."),
        (
            "r",
            "news.example",
            "",
            "The military met in Beijing.\n\nNobody saw the military of Ukraine advance on Kursk.",
        ),
    )
    pairs = pair_texts(table)
    alignment = align_pairs(pairs)
    found = find_substitutions(table, alignment=alignment)
    frequency = substitution_frequency(found, table, alignment).set_index("original")
    assert frequency.loc["military", "chances"] == 1


@given(st.integers(1, 10**6).flatmap(lambda chances: st.tuples(st.integers(0, chances), st.just(chances))))
def test_the_interval_of_a_share_is_the_one_that_scipy_computes(counts):
    of_scipy = binomtest(*counts).proportion_ci(method="wilson")
    assert wilson_interval(*counts) == pytest.approx((of_scipy.low, of_scipy.high), rel=1e-9, abs=1e-15)


@pytest.mark.parametrize("copied", [0, BLOCK, 2 * BLOCK - 1])
def test_a_table_of_several_blocks_is_that_of_its_pairs_though_a_block_holds_nothing(copied):
    said, mentioned = "He said that the war was over.", "He mentioned that the war was over."
    references = [(f"r{number}", "r.example", "", said) for number in range(copied + BLOCK + 1)]
    pages = [
        (f"s{number}", "s.example", f"r{number}", said if number < copied else mentioned)
        for number in range(copied + BLOCK + 1)
    ]
    found = find_substitutions(table_of(*references, *pages))
    alone = find_substitutions(table_of(references[-1], pages[-1]))
    assert found.dtypes.equals(alone.dtypes)
    assert found["spun_id"].tolist() == [page[0] for page in pages[copied:]]
    pd.testing.assert_frame_equal(found.tail(1).reset_index(drop=True)[COLUMNS[3:-1]], alone[COLUMNS[3:-1]])


def test_the_interval_of_a_rate_is_wilsons_by_hand(spun_twice):
    row = frequency_of(spun_twice, "military")
    z, n, p = 1.959964, 6, 4 / 6
    middle = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * (p * (1 - p) / n + z**2 / (4 * n**2)) ** 0.5
    assert (row["rate_low"], row["rate_high"]) == (
        pytest.approx(middle - half, abs=1e-5),
        pytest.approx(middle + half, abs=1e-5),
    )


def test_nine_times_of_nine_is_not_certain_to_be_always():
    low, high = wilson_interval(9, 9)
    assert 0.6 < low < 0.75
    assert high == pytest.approx(1.0)


def test_a_pair_that_always_meets_has_a_higher_g2_than_one_that_meets_by_half(spun_twice):
    frequency = substitution_frequency(find_substitutions(spun_twice), spun_twice).set_index("original")
    once = table_of(("a", "one.example", "r", "He mentioned so. He said so."), ("r", "", "", "He said so. He said so."))
    half = substitution_frequency(find_substitutions(once), once).set_index("original")
    assert frequency.loc["said", "g2"] > half.loc["said", "g2"] > 0


def test_in_the_real_article_meeting_is_always_assembly(spun_text, reference_text, articles):
    real = articles.loc[["kim-xi", "kim-xi-reference"]]
    row = frequency_of(real, "meeting")
    assert (row["spun"], row["count"], row["chances"]) == ("assembly", 8, 8)


def test_a_rate_of_the_corpus_never_exceeds_its_bounds(articles, alignment, substitutions):
    frequency = substitution_frequency(substitutions, articles, alignment)
    assert (frequency["count"] <= frequency["chances"]).all()
    assert (frequency["rate_low"] <= frequency["rate"]).all()
    assert (frequency["rate"] <= frequency["rate_high"] + 1e-12).all()
    assert frequency["count"].sum() == len(of_a_dictionary(substitutions))


def test_a_frequency_to_be_read_is_written_as_it_mostly_stood():
    table = pd.DataFrame(
        {
            "spun": ["Chinese language", "Chinese language", "chinese language"],
            "original": ["Chinese"] * 3,
            "spun_id": "a",
            "site": "one.example",
        }
    )
    written = as_written(substitution_frequency(table), table)
    assert written[["original", "spun", "count"]].to_numpy().tolist() == [["Chinese", "Chinese language", 3]]


GOODWILL = "Goodwill messages continued this week’s unprecedented public show of diplomatic unity."
KREMLIN = "A Kremlin aide dismissed Trump’s remarks about Vladimir Putin."


def test_a_word_dropped_beside_a_moved_passage_does_not_swallow_the_passage():
    assert changes(f"{GOODWILL} {KREMLIN}", f"Meanwhile {KREMLIN} {GOODWILL}") == []


def test_a_moved_sentence_with_other_white_space_is_not_one_substitution():
    spun = f"{GOODWILL}\n{KREMLIN.replace('remarks', 'remarks ,')}"
    reference = f"{KREMLIN.replace('remarks', 'remarks,')}\n{GOODWILL}"
    assert changes(spun, reference) == []


def test_two_sentences_that_came_from_one_do_not_tear_a_move_in_half():
    kim = "North Korean leader Kim Jong Un told Xi Jinping that North Korea will support China."
    west = "Putin and Kim were among some 26 non-Western world leaders in attendance"
    reference = f"{kim} {GOODWILL} {west}, and the pair spent two hours on the event’s sidelines."
    spun = f"The pair spent 2 hours on the event’s sidelines. {west}. {kim} {GOODWILL}"
    alignment = align(spun, reference)
    halves = alignment[alignment["move"].notna()].groupby("move").size()
    assert (halves == 2).all()
    assert alignment["spun"].str.cat() == spun


def test_a_clitic_at_the_start_of_a_phrase_counts_its_chances_inside_words():
    reference = "It’s late. Kim’s here. He’s gone."
    articles = pd.DataFrame(
        {
            "role": ["spun", "reference"],
            "site": ["a.example", "b.example"],
            "reference_id": ["r", ""],
            "text": ["It is late. Kim’s here. He’s gone.", reference],
        },
        index=pd.Index(["s", "r"], name="article_id"),
    )
    frequency = substitution_frequency(find_substitutions(articles), articles)
    assert frequency.loc[frequency["original"] == "'s", "chances"].tolist() == [3]


def test_a_heading_of_everyday_words_is_compared_with_the_heading_in_its_place():
    spun = "It is easy to be taught.\n\nWhat you require\nA shady spot on bare soil"
    reference = "It is easy to learn.\n\nWhat you need\nA shady spot on bare soil"
    assert ("require", "need") in changes(spun, reference)


def test_a_lost_line_break_beside_a_swapped_word_is_one_substitution():
    found = find_substitutions("What you wantA list of your accounts", "What you need\nA list of your accounts")
    assert list(zip(found["spun"], found["original"], strict=True)) == [("wantA", "need\nA")]


def test_a_heading_swapped_one_word_for_two_is_found():
    assert changes("Kim met Xi.\n\nGot here\n\nXi met Kim again.", "Kim met Xi.\n\nCame\n\nXi met Kim again.") == [
        ("Got here", "Came")
    ]


def test_a_word_that_stands_alone_and_unchanged_is_equal():
    assert align("Also", "Also")["op"].tolist() == ["equal"]


def test_no_white_space_hangs_on_a_substitution():
    assert changes("The army chiefs , Xi said.", "The army, Xi said.") == [("army chiefs", "army")]


def test_a_possessive_ending_is_no_neighbour():
    assert all(not original.startswith("’s") for _, original in changes("the army of Kim’s own.", "the army of Kim’s."))


def test_the_tables_of_the_corpus_have_the_columns_of_the_design(articles, alignment, substitutions):
    Substitutions.validate(substitutions)
    Frequency.validate(substitution_frequency(substitutions, articles, alignment))


# Words and spans as compiled code reads them


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30), st.data())
def test_phrases_are_cut_out_as_they_stand(text, data):
    edges = st.integers(0, len(text))
    spans = [sorted(span) for span in data.draw(st.lists(st.tuples(edges, edges), max_size=6))]
    starts, ends = (np.array([span[k] for span in spans], np.int64) for k in (0, 1))
    column = column_of([cut_out(characters(text), starts, ends)] * 2)
    assert list(column) == [text[start:end] for start, end in spans] * 2
    assert column.dtype == pd.Series(["a"]).dtype


@pytest.mark.parametrize("values", [["a", "b"], [1, 2], ["a", None], [None, None], [1.5, "b"]])
def test_values_are_picked_as_pandas_picks_them(values):
    places = np.array([1, 0, 1, 1])
    pd.testing.assert_series_equal(
        pd.Series(picked(values, places)), pd.Series(values).take(places).reset_index(drop=True)
    )


def test_no_half_character_is_cut_out():
    with pytest.raises(ValueError, match="half a character"):
        cut_out(characters("a\ud83d"), np.array([0]), np.array([2]))


@pytest.mark.parametrize("original", ["big", "Big", "two", "it", "organise", "runs", "bíg", "10", "it’s"])
@pytest.mark.parametrize("spun", ["large", "Large", "three", "she", "organize", "running", "larger ones", "2", "’tis"])
def test_the_kind_in_the_table_is_that_of_the_phrases(spun, original):
    found = find_substitutions(f"We all said that {spun} was there.", f"We all said that {original} was there.")
    for row in found.itertuples():
        assert row.kind in (kind_of(row.spun, row.original), kind_of(row.spun, row.original, in_name=row.in_name))


@given(
    st.lists(
        st.sampled_from([*"aA’'.-\n 1é,", "n’t", "co", "s\xadt", "Ко", "\U0001d400", "U.S.", "four,560"]), max_size=30
    ),
    st.booleans(),
    st.data(),
)
def test_the_words_of_spans_are_those_of_their_texts(parts, read_before, data):
    text = "".join(parts)
    edges = st.integers(0, len(text))
    spans = [sorted(span) for span in data.draw(st.lists(st.tuples(edges, edges), max_size=6))]
    starts, ends = (np.array([span[side] for span in spans], np.int64) for side in (0, 1))
    vocabulary = current_vocabulary()
    signs = characters(text)
    whole = text_words(signs, vocabulary, side(text, vocabulary)) if read_before else None
    found = span_words(signs, starts, ends, vocabulary, whole)
    names = vocabulary.names()
    for number, (start, end) in enumerate(spans):
        own = slice(found.firsts[number], found.firsts[number + 1])
        read = zip(found.starts[own] - start, found.ends[own] - start, found.folds[own], strict=True)
        assert [(a, b, names[fold]) for a, b, fold in read] == tokens(text[start:end])
        assert found.counts()[number] == len(folded_words(text[start:end]))


@given(
    st.lists(st.integers(0, 40), max_size=12, unique=True), st.lists(st.tuples(st.integers(0, 40), st.integers(0, 9)))
)
def test_spans_touch_where_they_overlap(edges, asked):
    edges = sorted(edges)
    spans = list(zip(edges[::2], edges[1::2], strict=False))
    starts = np.array([start for start, _ in asked], np.int64)
    ends = np.array([start + size for start, size in asked], np.int64)
    expected = [overlaps(spans, start, start + size) for start, size in asked]
    assert touch(spans, starts, ends).tolist() == expected


def test_passages_that_moved_in_one_pair_change_nothing_in_another():
    first, second = "Kim met Xi in Beijing on Monday morning.", "The army marched to the old bridge near Kursk."
    doubled = ("m", "one.example", "r", "Transfer out a result of you you’ll be able to and push the rest.")
    table = table_of(
        doubled,
        ("n", "one.example", "s", f"{second}\n\n{first}"),
        ("r", "news.example", "", "Transfer out you can and push the rest."),
        ("s", "news.example", "", f"{first}\n\n{second}"),
    )
    both, alone = find_substitutions(table), find_substitutions(table.drop(index="n"))
    assert both[both["spun_id"] == "m"].equals(alone)


def test_a_corpus_without_any_pair_has_tables_without_rows(articles):
    alone = articles.assign(reference_id="").head(3)
    comparison = compare_corpus(alone)
    assert comparison.pairs.empty
    assert comparison.substitutions.empty
    assert list(comparison.substitutions) == COLUMNS
    assert comparison.paragraphs.empty
