"""What is written otherwise is no change: the cases of `cases/` and their siblings, from texts to findings."""

import json
from pathlib import Path

import pandas as pd
import pytest

from helpers.align import align_pairs, relatedness
from helpers.comparison.compare_corpus import compare_corpus
from helpers.corpus import near_duplicates, pair_texts
from helpers.detect import spun_score
from helpers.findings import altered_quotations, broken_names, changed_numbers, disguised_words
from helpers.mapping.evidence import evidence
from helpers.sources import SourceIndex
from helpers.substitutions import find_substitutions, substitution_frequency
from helpers.text.disguised import disguised

CASES = Path(__file__).parent / "cases"
HEAD = (
    "The harbour board met on Tuesday to talk about the ferry timetable. Residents asked for a later boat in winter.\n"
)
TAIL = "\nThe next meeting is planned for March. Minutes will be put on the board beside the ticket office."
ZERO_WIDTH = "\u200b"


def case(name: str) -> tuple[str, str]:
    texts = json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))
    return texts["spun"], texts["reference"]


def found(spun: str, reference: str) -> list[tuple[str, str, str]]:
    table = find_substitutions(spun, reference)
    for row in table.itertuples():
        assert spun[row.spun_start : row.spun_end] == row.spun
        assert reference[row.reference_start : row.reference_end] == row.original
    return list(table[["spun", "original", "kind"]].itertuples(index=False, name=None))


def between(spun: str, reference: str) -> list[tuple[str, str, str]]:
    """What is found between two sentences, each in the same article."""
    return found(HEAD + spun + TAIL, HEAD + reference + TAIL)


def articles_of(spun: str, reference: str) -> pd.DataFrame:
    rows = [("s", "spun", "n.example", "r", spun), ("r", "reference", "o.example", "", reference)]
    return pd.DataFrame(rows, columns=["article_id", "role", "site", "reference_id", "text"]).set_index("article_id")


@pytest.mark.parametrize(
    "name",
    ["acute-as-apostrophe", "comma-priority", "cyrillic-lookalikes", "soft-hyphen-quote", "zero-width-everywhere"],
)
def test_a_case_without_a_change_has_none(name):
    assert found(*case(name)) == []


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("hindi-marks", [("नाव", "जहाज़", "synonym")]),
        (
            "hyphen-cooperate",
            [
                ("cooperate", "co-operate", "spelling"),
                ("email", "e-mail", "spelling"),
                ("online", "on-line", "spelling"),
            ],
        ),
        ("initialisms", [("U.S.", "US", "spelling"), ("N.A.T.O.", "NATO", "spelling"), ("U.K.", "UK", "spelling")]),
        ("month-short", [("Sept", "September", "spelling")]),
        ("unit-glued", [("10km", "10 km", "spelling")]),
        ("word-order", [("only saw", "saw only", "order")]),
        ("number-bn", [("2bn", "2 billion", "number")]),
        ("number-3.5-million", [("3.5 million", "3,500,000", "number")]),
    ],
)
def test_a_case_has_the_rows_that_are_right(name, rows):
    assert found(*case(name)) == rows


@pytest.mark.parametrize(
    "sign", ["\u00ad", "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u202a", "\u2063", "\ufe0f"]
)
def test_what_cannot_be_seen_is_no_change_in_a_quotation_or_a_name(sign):
    reference = HEAD + "Ada Lindqvist said: “The government has not supported 1,200 people.” She left." + TAIL
    hidden = sign.join(reference)
    assert found(hidden, reference) == []
    table = articles_of(hidden, reference)
    substitutions = find_substitutions(table)
    assert altered_quotations(table, substitutions).empty
    assert broken_names(table, substitutions).empty


def test_a_change_in_a_text_full_of_what_cannot_be_seen_is_found_alone():
    reference = HEAD + "A mechanic repaired the engine of the ferry." + TAIL
    spun = ZERO_WIDTH.join(reference.replace("repaired", "fixed"))
    [(written, original, kind)] = found(spun, reference)
    assert (written.replace(ZERO_WIDTH, ""), original, kind) == ("fixed", "repaired", "synonym")


@pytest.mark.parametrize(
    ("spun", "reference"),
    [
        ("The bоаrd mеt the сaptain.", "The board met the captain."),
        ("The bοard met.", "The board met."),  # a Greek letter
        ("The ｂｏａｒｄ met.", "The board met."),
        ("The 𝗯𝗼𝗮𝗿𝗱 met.", "The board met."),
        ("They ﬁnd the ﬂag.", "They find the flag."),
        ("It`s the board′s boat, they don´t say.", "It’s the board's boat, they don’t say."),
        ("The well‑known board met.", "The well-known board met."),
        ("The board mετ τhε cαρταin.", "The board met the captain."),
        ("The boarⅾ ⅿet.", "The board met."),
        ("The ⓑⓞⓐⓡⓓ met.", "The board met."),
        ("Tʜᴇ ʙᴏᴀʀᴅ ᴍᴇᴛ.", "The board met."),
        ("The gov\u00ad\nernment met.", "The government met."),
        ("The gov¬ernment met.", "The government met."),
        ("The gov¬\nernment met.", "The government met."),
        ("She said: “[W]e cannot go.”", "She said: “We cannot go.”"),
    ],
)
def test_what_looks_the_same_is_the_same(spun, reference):
    assert between(spun, reference) == []


APOSTROPHES = "\u02bd\u02c8\ua78c\u055a\u1fbf\u1fef"
QUOTED = "She said: “It’s Lind’s boat and we don’t want it.” Then O’Neill left."


@pytest.mark.parametrize("sign", APOSTROPHES)
def test_an_apostrophe_of_another_kind_is_no_change(sign):
    assert between(QUOTED.replace("’", sign), QUOTED) == []


def test_an_accent_in_the_place_of_an_apostrophe_is_a_spelling():
    spun, reference = HEAD + QUOTED.replace("’", "\u0301") + TAIL, HEAD + QUOTED + TAIL
    table = articles_of(spun, reference)
    rows = find_substitutions(table)
    assert set(rows["kind"]) == {"spelling"}
    assert broken_names(table, rows).empty
    assert altered_quotations(table, rows).empty


@pytest.mark.parametrize(
    ("spun", "reference"),
    [
        ("توقّفت السفينة في الميناء.", "توقفت السفينة في الميناء."),
        ("توقفت السفـــينة في الميناء.", "توقفت السفينة في الميناء."),
        ("הַסְּפִינָה עזבה את הנמל.", "הספינה עזבה את הנמל."),
        ("Все люди ушли домой.", "Всё люди ушли домой."),
        ("The bo̵ard met at noon.", "The board met at noon."),
    ],
)
def test_marks_that_may_be_left_out_are_a_spelling(spun, reference):
    assert [kind for *_, kind in between(spun, reference)] == ["spelling"]


@pytest.mark.parametrize(
    "marks",
    ["“ ”", "“ ''", "“ ″", "“ „", "” “", '＂ "', "″ ″", ",, ''", "❝ ❞", "〝 〞", "『 』", "《 》", "〈 〉", "’ ’",
     "&quot; &quot;"],
)  # fmt: skip
def test_a_change_stands_in_its_quotation_and_none_of_the_narration_does(marks):
    opening, closing = marks.split()
    spun = f"{opening}We cannot assist the boat,{closing} the skipper said."
    reference = f"{opening}We cannot help the boat,{closing} the captain said."
    table = find_substitutions(HEAD + spun + TAIL, HEAD + reference + TAIL)
    assert table["spun"].tolist() == ["assist", "skipper"]
    assert table["in_quote"].tolist() == [True, False]


def test_a_changed_word_in_look_alike_letters_is_a_change():
    assert between("The соuncil met.", "The board met.") == [("соuncil", "board", "synonym")]


@pytest.mark.parametrize(
    ("spun", "reference", "row"),
    [
        ("They made a long-term plan.", "They made a longterm plan.", ("long-term", "longterm")),
        ("The ferry is at-\nlast there.", "The ferry is atlast there.", ("at-\nlast", "atlast")),
        ("The govern-\nment met.", "The government met.", ("govern-\nment", "government")),
        ("She is a co-worker here.", "She is a coworker here.", ("co-worker", "coworker")),
        ("The E.U. paid.", "The EU paid.", ("E.U.", "EU")),
        ("She went to Malaga.", "She went to Málaga.", ("Malaga", "Málaga")),
        ("The cafe in Lodz shut.", "The café in Łódź shut.", ("cafe", "café")),
        ("It weighs 40kg now.", "It weighs 40 kg now.", ("40kg", "40 kg")),
        ("It costs 12 000 euros.", "It costs 12,000 euros.", ("12 000", "12,000")),
        ("It begins at 9am.", "It begins at 9 am.", ("9am", "9 am")),
        ("On Fri. it rained.", "On Friday it rained.", ("Fri", "Friday")),
        ("The World Health Organisation met.", "The World Health Organization met.", ("Organisation", "Organization")),
        ("The Labor Party won.", "The Labour Party won.", ("Labor", "Labour")),
        ("The US paid.", "The United States paid.", ("US", "United States")),
        ("The United Kingdom paid.", "The UK paid.", ("United Kingdom", "UK")),
        ("The Department of Defence paid.", "The Department of Defense paid.", ("Defence", "Defense")),
        ("The World Trade Centre fell.", "The World Trade Center fell.", ("Centre", "Center")),
        ("They climbed Mt. Everest.", "They climbed Mount Everest.", ("Mt", "Mount")),
        ("They climbed Mount Everest.", "They climbed Mt. Everest.", ("Mount", "Mt")),
        ("They prayed to Saint Olaf.", "They prayed to St. Olaf.", ("Saint", "St")),
        ("It lies in Elm St. now.", "It lies in Elm Street now.", ("St", "Street")),
        ("They met Missus Lind.", "They met Mrs. Lind.", ("Missus", "Mrs")),
        ("They met Pres. Lind.", "They met President Lind.", ("Pres", "President")),
        ("They met President Lind.", "They met Pres. Lind.", ("President", "Pres")),
        ("They met Hon Lind.", "They met Honourable Lind.", ("Hon", "Honourable")),
        ("They live in Oakland, Calif. now.", "They live in Oakland, California now.", ("Calif", "California")),
        ("They went to Oslo Univ. then.", "They went to Oslo University then.", ("Univ", "University")),
        ("The gov't paid.", "The government paid.", ("gov't", "government")),
        ("It is an int’l body.", "It is an international body.", ("int’l", "international")),
        ("It is in Fig. 5 there.", "It is in Figure 5 there.", ("Fig", "Figure")),
        ("It is on p. 5 there.", "It is on page 5 there.", ("p", "page")),
        ("The U. S. paid.", "The US paid.", ("U. S.", "US")),
        ("They read J. K. Lind there.", "They read J.K. Lind there.", ("J. K.", "J.K.")),
        ("They read J.R.R. Lind there.", "They read J. R. R. Lind there.", ("J.R.R.", "J. R. R.")),
        ("They read J. R. R. Lind there.", "They read JRR Lind there.", ("J. R. R.", "JRR")),
        ("The NGO's left.", "The NGOs left.", ("NGO's", "NGOs")),
        ("Many TVs broke.", "Many TV's broke.", ("TVs", "TV's")),
        ("They ate at McDonalds today.", "They ate at McDonald’s today.", ("McDonalds", "McDonald’s")),
        ("The US's aim was clear.", "The U.S.’s aim was clear.", ("US", "U.S.")),
        ("The F.B.I.'s aim was clear.", "The FBI’s aim was clear.", ("F.B.I.", "FBI")),
        ("They saw the Ĳssel.", "They saw the IJssel.", ("Ĳssel", "IJssel")),
        ("They met Schroeder.", "They met Schröder.", ("Schroeder", "Schröder")),
        ("They went to Århus.", "They went to Aarhus.", ("Århus", "Aarhus")),
    ],
)
def test_another_way_to_write_a_word_is_one_spelling_of_the_whole_and_no_broken_name(spun, reference, row):
    rows = between(spun, reference)
    assert rows[0] == (*row, "spelling")
    assert {kind for _, _, kind in rows} == {"spelling"}
    assert len(rows) == 1 or spun.startswith("The cafe in Lodz")
    table = articles_of(HEAD + spun + TAIL, HEAD + reference + TAIL)
    assert broken_names(table, find_substitutions(table)).empty


@pytest.mark.parametrize(
    ("spun", "reference", "row"),
    [
        ("There were four,560 cases.", "There were 4,560 cases.", ("four,560", "4,560", "number")),
        ("There were a pair of,310 cases.", "There were 2,310 cases.", ("a pair of,310", "2,310", "number")),
        ("It rose by three.2% in May.", "It rose by 3.2% in May.", ("three.2", "3.2", "number")),
        ("It cost $eight,200 then.", "It cost $8,200 then.", ("eight,200", "8,200", "number")),
        ("The rate is 61.eight% now.", "The rate is 61.8% now.", ("61.eight", "61.8", "number")),
    ],
)
def test_a_figure_whose_head_was_spelled_out_is_one_figure(spun, reference, row):
    assert between(spun, reference) == [row]


@pytest.mark.parametrize(
    ("spun", "reference"),
    [
        ("He only saw the captain.", "He saw only the captain."),
        ("She bought a brand brand new boat.", "She bought a brand new boat."),
        ("It is now again open.", "It is again now open."),
    ],
)
def test_the_same_words_in_another_order_or_doubled_are_of_their_own_kind(spun, reference):
    assert {kind for _, _, kind in between(spun, reference)} == {"order"}


@pytest.mark.parametrize(
    ("spun", "reference", "kept"),
    [
        ("The tall, old, white lighthouse shines.", "The tall, white, lonely lighthouse shines.", "white"),
        ("A small, red, wooden boat came.", "A small, wooden, broken boat came.", "wooden"),
        ("Fish, bread, milk were sold.", "Fish, milk, butter were sold.", "milk"),
    ],
)
def test_a_word_that_stands_in_both_texts_is_given_to_itself(spun, reference, kept):
    assert not [row for row in between(spun, reference) if kept in row[:2]]


def test_disguised_words_are_a_finding_of_their_own():
    spun, reference = case("cyrillic-lookalikes")
    table = disguised_words(articles_of(spun, reference))
    assert table["read"].tolist() == ["board", "met", "captain"]
    assert set(table["kind"]) == {"look-alike letters"}
    for row in table.itertuples():
        assert spun[row.spun_start : row.spun_end] == row.published


def test_hidden_characters_are_one_too_and_soft_hyphens_are_typography():
    hidden = disguised_words(articles_of("The bo\u200bard met the cap\u2060tain.", "x"))
    assert hidden["kind"].tolist() == ["hidden characters"] * 2
    assert disguised_words(articles_of("The govern\u00adment met. \ufeffIt ﬁnds ｆｕｌｌ width.", "x")).empty


@pytest.mark.parametrize(
    "text",
    [
        "Он сказал: сор, а не мусор. The board met.",
        "Η πόλη και το νερό.",
        "The α-helix and the β-sheet.",
        "10 µm, 3 Ω, ½",
        "The word сор is Russian, and so is а.",
        "TNFα, cosα, FcεRI and NFκB rose at τmax.",
        "Stage Ⅱb of World War Ⅱ, part ⅳ, ⅲ and ⅱa.",
        "It is pronounced /bɪt/ or [bɪt].",
        "ⓘ More, Ⓜ station, 🅿 here.",
        "The board\u200bmet.",
    ],
)
def test_other_languages_and_signs_of_science_are_no_disguise(text):
    assert disguised(text) == []


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("The board mετ τhε cαρταin.", ["met", "the", "captain"]),
        ("The boarⅾ ⅿet.", ["board", "met"]),
        ("The ⓑⓞⓐⓡⓓ met.", ["board"]),
        ("Tʜᴇ ʙᴏᴀʀᴅ met.", ["The", "board"]),
        ("А bоаrd met.", ["A", "board"]),
        ("The тнe bo\u200bard met.", ["the", "board"]),
    ],
)
def test_words_in_other_letters_that_look_alike_are_disguised(text, read):
    assert [word.read for word in disguised(text)] == read


def test_a_page_in_look_alike_letters_is_judged_and_suspected(reference_text):
    disguise = str.maketrans("aeocp", "аеоср")
    plain = reference_text[:1500]
    assert spun_score(plain.translate(disguise), language_model=False).probability > 0.99
    score = spun_score(plain.replace("government", "gоvernmеnt").replace("the", "thе"), language_model=False)
    assert score.probability > 0.99
    assert "disguise" in set(score.evidence["kind"])
    for row in score.evidence.itertuples():
        assert row.words.startswith(
            plain.replace("government", "gоvernmеnt").replace("the", "thе")[row.start : row.end]
        )


@pytest.mark.parametrize("sign", ["\u00ad", "\u200b"])
def test_a_source_is_found_and_a_near_duplicate_known_whatever_cannot_be_seen(articles, sign):
    references = articles[articles["role"] == "reference"]
    index = SourceIndex(references)
    text = references["text"].iloc[0]
    plain, hidden = index.find(text).iloc[0], index.find(sign.join(text)).iloc[0]
    assert hidden["article_id"] == plain["article_id"]
    assert hidden["score"] == pytest.approx(plain["score"], abs=0.01)
    pair = pd.DataFrame({"text": [text, sign.join(text)], "role": "reference", "site": "n.example"}, index=["a", "b"])
    assert len(near_duplicates(pair.rename_axis("article_id"))) == 1


def test_a_corpus_is_read_alike_by_every_function_that_compares_it(articles):
    """Simulated pages teach each other alone, so that what is known of a real page hangs on no simulation."""
    together = find_substitutions(articles)
    order = ["spun_id", "spun_start"]
    pd.testing.assert_frame_equal(
        compare_corpus(articles).substitutions, together.sort_values(order, ignore_index=True), check_like=True
    )
    real = articles[articles["provenance"] != "simulated"]
    alone = find_substitutions(real[~real["reference_id"].isin(set(articles.index) - set(real.index))])
    pd.testing.assert_frame_equal(
        together[together["spun_id"] == "kim-xi"].reset_index(drop=True),
        alone[alone["spun_id"] == "kim-xi"].reset_index(drop=True),
    )


PARAPHRASE = (
    "Nobody from the ferry company turned up at the meeting, even though the board had sent a letter in June. "
    "On the island people want the last boat to go later once winter gets dark. "
    "According to the chair the town could not go without for another winter, and out she walked with her papers. "
    "What happens next will be known in March, when the council is to vote over the agreement. "
    "Someone came over from the mainland and put the engine right by noon, so that boats crossed again. "
    "Fishermen of the bay, meanwhile, would like other rules, because shellfish can be had again after four years. "
    "They hope for a start in October, which used to be the custom until oil closed the beds. "
    "Whoever was absent may read the minutes on the board, pinned up where tickets are sold.",
    "The ferry company sent no one to the meeting of the board, which had written to its office in June. "
    "Residents of the island have asked for a later departure in the winter months. "
    "The chair said that the town could not wait another winter, and left the room with her papers. "
    "A decision is expected in March, when the agreement for the route will be put to the council. "
    "A mechanic from the mainland repaired the engine before noon, and the crossing was taken up again. "
    "The fishermen of the bay have also asked for a new regulation, since the shellfish are back after four years. "
    "They want the season to begin in October, as it did before the oil came ashore and the beds were shut. "
    "The minutes will be put on the board beside the ticket office for all who were absent.",
)


def test_a_paraphrase_is_told_and_teaches_no_dictionary():
    table = articles_of(*PARAPHRASE)
    relation = relatedness(align_pairs(pair_texts(table)))
    assert relation[["related", "paraphrase"]].iloc[0].tolist() == [True, True]
    substitutions = find_substitutions(table)
    assert set(substitutions["kind"]) <= {"rewritten", "spelling", "boilerplate"}
    assert substitution_frequency(substitutions).empty
    assert evidence(substitutions).empty


def test_a_spun_page_is_no_paraphrase_however_hard_it_was_spun(articles):
    alignment = align_pairs(pair_texts(articles))
    assert not relatedness(alignment)["paraphrase"].any()


@pytest.mark.parametrize(
    ("spun", "reference"),
    [
        ("The boat that is red sank.", "The red boat sank."),
        ("The minister of defence spoke.", "The defence minister spoke."),
        ("They came on Monday again late.", "They came late again on Monday."),
    ],
)
def test_a_phrase_turned_round_is_in_another_order(spun, reference):
    assert [kind for _, _, kind in between(spun, reference)] == ["order"]


@pytest.mark.parametrize(
    ("spun", "reference"),
    [
        ("On Tuesday Ada Lindqvist spoke in Oslo.", "Ada Lindqvist spoke in Oslo on Tuesday."),
        ("Today the captain left Oslo.", "The captain left Oslo today."),
        ("On 5 May in Oslo it opened.", "It opened in Oslo on 5 May."),
        ("Berg and Lindqvist met on deck.", "Lindqvist and Berg met on deck."),
        ("Said Ada Lindqvist: it is over.", "Ada Lindqvist said: it is over."),
        ("Ada Lindqvist then spoke of it.", "Then Ada Lindqvist spoke of it."),
        ("They met Mayor of Oslo Ada Lindqvist there.", "They met Oslo Mayor Ada Lindqvist there."),
        ("The Defence Ministry paid.", "The Ministry of Defence paid."),
        ("Oslo's mayor came.", "The mayor of Oslo came."),
        ("They met Oslo’s mayor there.", "They met the mayor of Oslo there."),
        ("They met Oslo Mayor Ada Lindqvist there.", "They met Mayor of Oslo Ada Lindqvist there."),
        ("The boat of Ada Lindqvist sank.", "Ada Lindqvist’s boat sank."),
        ("She met on Monday Ada Lindqvist in Bergen.", "She met Ada Lindqvist in Bergen on Monday."),
        ("It was Lindqvist, Ada who came.", "It was Ada Lindqvist who came."),
        ("They met the Bank of Japan and the Bank of England.", "They met the Bank of England and the Bank of Japan."),
        ("Oslo University and Bergen University paid.", "Bergen University and Oslo University paid."),
        ("They flew to Berlin, Rome, and Paris then.", "They flew to Paris, Rome and Berlin then."),
        ("They met Apple CEO Ada Lindqvist there.", "They met Ada Lindqvist, the CEO of Apple, there."),
        ("The government of France said so.", "The French government said so."),
        ("They met Norway’s Mr Lind there.", "They met Mr Lind of Norway there."),
        ("They met the Reds’ Ada Lindqvist there.", "They met Ada Lindqvist of the Reds there."),
        ("They met Italian Ada Lindqvist there.", "They met Ada Lindqvist of Italy there."),
        ("It was the Court of Appeal in London.", "It was London’s Court of Appeal."),
        ("US Senator Ada Lindqvist spoke.", "Ada Lindqvist, a senator of the United States, spoke."),
        ("Emmanuel Macron, the president of France, spoke.", "French President Emmanuel Macron spoke."),
        ("Emmanuel Macron, president of France, spoke.", "President Emmanuel Macron of France spoke."),
        ("The president of France, Emmanuel Macron, spoke.", "French President Emmanuel Macron spoke."),
        ("The Supreme Court of the United States ruled.", "The US Supreme Court ruled."),
        ("Norway’s prime minister, Ada Lindqvist, spoke.", "Norwegian Prime Minister Ada Lindqvist spoke."),
        ("The British prime minister, Ada Lindqvist, spoke.", "Prime Minister Ada Lindqvist of Britain spoke."),
    ],
)
def test_names_that_stand_elsewhere_are_in_another_order_and_not_broken(spun, reference):
    assert {kind for _, _, kind in between(spun, reference)} == {"order"}
    table = articles_of(HEAD + spun + TAIL, HEAD + reference + TAIL)
    substitutions = find_substitutions(table)
    assert not substitutions["in_name"].any()
    assert broken_names(table, substitutions).empty


@pytest.mark.parametrize(
    ("spun", "reference", "name"),
    [
        ("It was World Battle II then.", "It was World War II then.", "World War II"),
        ("The Joined Nations met.", "The United Nations met.", "United Nations"),
        ("The Nations United met.", "The United Nations met.", "United Nations"),
        ("It was Lindqvist Ada who came.", "It was Ada Lindqvist who came.", "Ada Lindqvist"),
        ("They met Ada Berg and Lindqvist.", "They met Ada Lindqvist and Berg.", "Ada Lindqvist and Berg"),
        ("The Vessel of England paid.", "The Bank of England paid.", "Bank of England"),
        ("The England Bank paid.", "The Bank of England paid.", "Bank of England"),
        ("The America Bank paid.", "The Bank of America paid.", "Bank of America"),
        ("They met President Kim and Xi.", "They met President Xi and Kim.", "President Xi and Kim"),
        ("They met Lady Ada there.", "They met Ada there.", "Ada"),
        (
            "The Bank of France and the Bank of Japan met.",
            "The Bank of England and the Bank of Japan met.",
            "Bank of England",
        ),
        ("It was a world battle, World Battle II.", "It was a world battle, World War II.", "World War II"),
        ("They met Italian President Ada Berg.", "They met French President Ada Berg.", "French President Ada Berg"),
        ("They left the Bank of the United States.", "They left the Bank of America.", "Bank of America"),
        (
            "Chinese language President Xi met Ada, who teaches language.",
            "Chinese President Xi met Ada, who teaches.",
            "Chinese President Xi",
        ),
        (
            "Ukrainian President Putin spoke to Zelensky.",
            "Ukrainian President Zelensky spoke to Putin.",
            "Ukrainian President Zelensky spoke to Putin",
        ),
        ("They met Sen. Ada Timber there.", "They met Sen. Ada Wood there.", "Sen. Ada Wood"),
    ],
)
def test_a_name_that_was_broken_still_is(spun, reference, name):
    table = articles_of(HEAD + spun + TAIL, HEAD + reference + TAIL)
    assert broken_names(table, find_substitutions(table))["name"].tolist() == [name]


@pytest.mark.parametrize(
    ("spun", "reference"),
    [
        ("In spite of Berg, it left.", "Despite Berg, it left."),
        ("- Afterwards Berg came.", "- Later Berg came."),
        ("Unlike Berg, she left.", "Like Berg, she left."),
        ("Yes Berg came.", "Yeah Berg came."),
        ("Together with Berg she left.", "Alongside Berg she left."),
        ("Outgoing Mayor Berg left.", "Departing Mayor Berg left."),
        ("Touring Oslo, Berg said so.", "Visiting Oslo, Berg said so."),
        ("“Its Lind’s boat,” she said.", "“It’s Lind’s boat,” she said."),
        ("She said that we saw it.", "She said that I saw it."),
        ("Now she saw Oslo again.", "She saw Oslo again."),
        ("WHO said it.", "The W.H.O. said it."),
        ("They met Mr Berg there.", "They met Berg there."),
        ("They met Berg there.", "They met Mrs. Berg there."),
        ("It was bought on the NYSE then.", "It was bought on the New York Stock Exchange then."),
        ("It was Police Constable Berg.", "It was PC Berg."),
        ("Lind will visit Paris and Berlin subsequent week.", "Lind will visit Berlin and Paris next week."),
    ],
)
def test_what_stands_in_front_of_a_name_or_joins_it_to_the_rest_is_no_broken_name(spun, reference):
    table = articles_of(HEAD + spun + TAIL, HEAD + reference + TAIL)
    substitutions = find_substitutions(table)
    assert not substitutions["in_name"].any()
    assert not substitutions["spun"].str.contains("\n").any()
    assert broken_names(table, substitutions).empty


def test_names_that_went_to_other_places_of_their_sentence_are_not_broken():
    spun = "Mayor Ada Lind of Oslo met Swedish Prime Minister Kai Berg."
    table = articles_of(
        HEAD + spun + TAIL, HEAD + "Oslo Mayor Ada Lind met Kai Berg, the prime minister of Sweden." + TAIL
    )
    assert broken_names(table, find_substitutions(table)).empty


def test_the_dot_of_a_short_form_is_not_left_behind_in_a_name_that_was_broken():
    table = articles_of("They met Sir Lind there.", "They met Gen. Lind there.")
    [name] = broken_names(table, find_substitutions(table)).itertuples()
    assert (name.name, name.published_as) == ("Gen. Lind", "Sir Lind")


def test_a_clause_written_anew_is_one_place_and_no_chance_pairs():
    spun = "Nobody from the company had been present at the meeting, although it had been informed in spring."
    reference = "The company sent no one, though the board had written to its office in the spring."
    kinds = [kind for _, _, kind in between(spun, reference)]
    assert "rewritten" in kinds
    assert len(kinds) <= 3


def test_confidence_is_lower_where_little_of_the_text_around_was_kept():
    reference = "The mechanic from the mainland repaired the old engine of the ferry long before noon on Tuesday."
    kept = find_substitutions(reference.replace("repaired", "fixed"), reference)
    changed = find_substitutions(*PARAPHRASE)
    assert kept["confidence"].min() > 0.9
    assert changed["confidence"].mean() < 0.7


@pytest.mark.parametrize(
    ("coded", "plain"),
    [
        ("He said: &quot;I don&#8217;t like AT&amp;T,&quot; and left.", 'He said: "I don’t like AT&T," and left.'),
        ("&ldquo;It&#39;s over,&rdquo; Kim said. &#8220;We can&#x2019;t.&#8221;", "“It’s over,” Kim said. “We can’t.”"),
        ("They met in M&aacute;laga on 5&nbsp;May.", "They met in Málaga on 5 May."),
        ("It grew 5&#37; to &pound;2bn &mdash; or &#163;3bn.", "It grew 5% to £2bn — or £3bn."),
        ("It don&amp;#8217;t matter to Kim&rsquo;s men.", "It don’t matter to Kim’s men."),  # escaped once more
        ("Use line<br>breaks and a long<wbr>word<br />of it.", "Use line breaks and a longword of it."),
        ("It co&shy;operates at 10&#8239;000.", "It cooperates at 10 000."),
        ("Write &amp;amp; where an &amp; must stand.", "Write &amp; where an & must stand."),
        ("R&D; 3 < 4, a&b; and AT&T; stay.", "R&D; 3 < 4, a&b; and AT&T; stay."),
    ],
)
def test_references_of_html_that_nobody_read_are_the_signs_they_stand_for(coded, plain):
    for spun, reference in ((coded, plain), (plain, coded)):
        assert between(spun, reference) == []
        comparison = compare_corpus(articles_of(HEAD + spun + TAIL, HEAD + reference + TAIL))
        tables = comparison.articles, comparison.alignment, comparison.substitutions, comparison.paragraphs
        assert changed_numbers(*tables).query("change != 'written otherwise'").empty


def test_what_was_changed_beside_references_is_found_where_it_stands():
    spun = "&ldquo;It is finished,&rdquo; Ada&nbsp;Timber said on 6&nbsp;May of Andr&eacute;&#8217;s vessel."
    reference = "“It is over,” Ada Lind said on 5 May of André’s boat."
    rows = [("finished", "over", "synonym"), ("Timber", "Lind", "name"), ("6", "5", "number")]
    assert between(spun, reference) == [*rows, ("vessel", "boat", "synonym")]
    table = articles_of(HEAD + spun + TAIL, HEAD + reference + TAIL)
    [quotation] = altered_quotations(table, find_substitutions(table)).itertuples()
    assert quotation.published == spun
    assert disguised_words(table).empty
