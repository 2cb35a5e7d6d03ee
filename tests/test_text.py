"""Tokens, sentences, lines and quotations of spun text, as offsets."""

import re
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.align import line_spans, sentence_spans, tokenise
from helpers.text.quotations import is_of_a_word, mark_places
from helpers.text.scan import classes_up_to
from helpers.text.seen import ALL_CHARACTERS, latin_words, seen
from helpers.text.spans import covering, fold, is_word, overlaps, quotation_spans, tokens
from helpers.text.spelling import american, bare_letters, same_letters, shortened

# Signs that are not seen, look-alike letters, marks of several scripts, spaceless scripts, odd apostrophes and hyphens.
ODD = "ab1 ,.’´`'-\u2011\u00ad\u200b\u200d\u2060\u202e\ufeff\ufe0fасеАα𝐚ａ１ﬁnt\u0301कि\u094d国のทำ👩🏽אُ\n"
texts = st.one_of(st.text(), st.text(alphabet=st.sampled_from(ODD), max_size=60))


def words(text: str) -> list[str]:
    return [text[token.start : token.end] for token in tokens(text)]


def cut(text: str, spans: list[tuple[int, int]]) -> list[str]:
    return [text[start:end] for start, end in spans]


def test_a_possessive_ending_is_a_token_of_its_own():
    assert words("China’s pursuits") == ["China", "’s", "pursuits"]


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("it’s", ["it", "’s"]),
        ("I'm", ["I", "'m"]),
        ("we’ll", ["we", "’ll"]),
        ("isn’t", ["is", "n’t"]),
        ("can’t", ["ca", "n’t"]),
        ("CAN’T", ["CA", "N’T"]),
    ],
)
def test_a_contraction_is_cut_in_front_of_its_clitic(written, parts):
    assert words(written) == parts


def test_a_name_with_an_apostrophe_inside_is_one_token():
    assert words("O’Brien’s remarks") == ["O’Brien", "’s", "remarks"]


@pytest.mark.parametrize("number", ["1,000th", "7:30", "2.5", "80", "20th"])
def test_a_number_is_one_token_with_its_inner_marks(number):
    assert words(f"after {number}, they left") == ["after", number, ",", "they", "left"]


def test_the_clitic_of_a_spun_number_is_a_token_of_its_own():
    assert words("forged of 1000’s –") == ["forged", "of", "1000", "’s", "–"]


def test_an_initialism_keeps_its_dots():
    assert words("the U.S. military") == ["the", "U.S.", "military"]


def test_a_full_stop_behind_a_word_is_a_token_of_its_own():
    assert words("the army.”") == ["the", "army", ".", "”"]


def test_a_hyphen_cuts_a_compound():
    assert words("state-run outlet") == ["state", "-", "run", "outlet"]


def test_words_glued_across_a_lost_line_break_are_one_token():
    assert words("three objectsfinish of listing") == ["three", "objectsfinish", "of", "listing"]


def test_a_combining_accent_stays_with_its_letter():
    decomposed = unicodedata.normalize("NFD", "café crème")
    assert words(decomposed) == decomposed.split(" ")


@given(texts)
def test_nothing_that_is_seen_stands_outside_the_tokens(text):
    at = 0
    for token in tokens(text):
        assert not seen(text[at : token.start]).strip()
        assert token.end > token.start
        at = token.end
    assert not seen(text[at:]).strip()


HIDDEN = [
    "\u00ad",
    "\u200b",
    "\u200c",
    "\u200d",
    "\u2060",
    "\u2062",
    "\u202a",
    "\u202c",
    "\u2069",
    "\ufeff",
    "\ufe0f",
    "\u034f",
]


@pytest.mark.parametrize("sign", HIDDEN)
def test_what_cannot_be_seen_changes_no_token(sign):
    shown = "The government hasn’t supported N.A.T.O. since 1,000 days."
    hidden = sign.join(shown)
    assert [token.fold for token in tokens(hidden)] == [token.fold for token in tokens(shown)]
    assert [seen(hidden[token.start : token.end]) for token in tokens(hidden)] == words(shown)
    assert fold(hidden) == fold(shown)


@pytest.mark.parametrize("space", ["\u00ad \u200b", "\u200b\n\u200b"])
def test_a_space_beside_what_cannot_be_seen_still_parts_two_words(space):
    assert words(f"the{space}boat") == ["the", "boat"]


@pytest.mark.parametrize("break_", ["\u00ad", "\u00ad\n", "¬", "¬\n"])
def test_a_word_that_is_broken_by_a_hyphen_for_breaks_alone_is_one(break_):
    written = f"the gov{break_}ernment met"
    assert words(written) == ["the", f"gov{break_}ernment", "met"]
    assert fold(written) == "the government met"


@pytest.mark.parametrize("text", ["boats\u00ad\nThe", "boats.\u00ad\nthe", "ab¬B", "a ¬ b", "not¬", "国国¬a"])
def test_any_other_line_break_and_sign_of_logic_stays(text):
    assert seen(text) == text.replace("\u00ad", "")


@pytest.mark.parametrize(
    ("text", "parts", "folds"),
    [
        ("“[W]e can", ["“", "[W]e", "can"], ['"', "we", "can"]),
        ("[t]he’s [D]on’t", ["[t]he", "’s", "[D]o", "n’t"], ["the", "'s", "do", "n't"]),
        ("we [sic] [a] [W]E [b", ["we", "[", "sic", "]", "[", "a", "]", "[", "W", "]", "E", "[", "b"], None),
    ],
)
def test_a_letter_that_an_editor_changed_is_its_word_s(text, parts, folds):
    assert words(text) == parts
    assert [token.fold for token in tokens(text)] == (folds or [part.lower() for part in parts])


def test_the_marks_of_arabic_numbers_are_drawn_and_stay():
    assert seen("\u0600\u0661") == "\u0600\u0661"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("bоаrd", "board"),  # Cyrillic о and а
        ("Сaptain", "Captain"),
        ("сосоа", "cocoa"),
        ("nοt", "not"),  # Greek omicron
        ("ｂｏａｒｄ", "board"),
        ("𝐛𝐨𝐚𝐫𝐝 𝟏𝟎", "board 10"),
        ("ﬁnd", "find"),
        ("bɑnk", "bank"),
        ("mετ τhε cαρταin", "met the captain"),
        ("тнe кing", "the king"),
        ("boarⅾ ⅿet Ⅱ", "board met II"),
        ("ⓑⓞⓐⓡⓓ 🅱🅰🅳", "board BAD"),
        ("Tʜᴇ ʙᴏᴀʀᴅ ꜰᴀʀ", "The board far"),
        ("Іt", "It"),
    ],
)
def test_letters_that_look_like_latin_ones_are_taken_for_them(written, read):
    assert seen(written) == read
    assert [token.fold for token in tokens(written)] == read.lower().split()


@pytest.mark.parametrize(
    "word",
    [
        "нет",
        "он",
        "Κατά",
        "α",
        "10²",
        "½",
        "café",
        "naïve",
        "日本",
        "m²",
        "µm",
        "straße",
        "ıs",
        "שלום",
        "ⓘ",
        "Ⓜ",
        "ΔT",
        "NFκB",
        "еще",
        "¬p",
        "p¬q",
    ],
)
def test_words_of_other_languages_and_figures_stay_as_they_are(word):
    assert seen(word) == word
    assert latin_words(word) == []


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("नाव कल रुक गई।", ["नाव", "कल", "रुक", "गई", "।"]),
        ("தமிழ் மொழி", ["தமிழ்", "மொழி"]),
        ("اَلْعَرَبِيَّةُ لُغَةٌ", ["اَلْعَرَبِيَّةُ", "لُغَةٌ"]),
        ("国境の長い", ["国", "境", "の", "長", "い"]),
        ("กำลังที่", ["กำ", "ลั", "ง", "ที่"]),
        ("한국어 문장", ["한국어", "문장"]),
        ("👍🏽 ok 1️⃣", ["👍🏽", "ok", "1️⃣"]),
    ],
)
def test_no_script_is_cut_inside_the_marks_of_a_character(text, parts):
    assert words(text) == parts


@pytest.mark.parametrize("figure", ["four,560", "three.2", "61.eight", "eight,200", "three,86,351", "twelve,000,000"])
def test_a_figure_whose_head_was_spelled_out_is_one_token(figure):
    assert words(f"some {figure}, more") == ["some", figure, ",", "more"]


def test_the_head_of_a_figure_may_be_a_pair_of_thousands():
    assert words("a pair of,310 cases") == ["a", "pair", "of,310", "cases"]


@pytest.mark.parametrize("text", ["boats,560", "of,2019", "one, 560", "two,50", "No.5"])
def test_a_word_in_front_of_any_other_figure_is_no_part_of_it(text):
    assert len(words(text)) > 1


APOSTROPHES = "'’‘‛ʼʻ＇`´′\u02bd\u02c8\u02ca\u02cb\u0374\u055a\u05f3\u1fbd\u1fbf\u1fef\u1ffe\u2035\ua78b\ua78c\uff40"


@pytest.mark.parametrize("apostrophe", APOSTROPHES)
def test_any_apostrophe_is_one(apostrophe):
    text = f"It{apostrophe}s O{apostrophe}Neill and we don{apostrophe}t"
    assert [token.fold for token in tokens(text)] == ["it", "'s", "o'neill", "and", "we", "do", "n't"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("co-operate", "cooperate"),
        ("long-\nterm", "longterm"),
        ("N.A.T.O.", "NATO"),
        ("Málaga", "Malaga"),
        ("Łódź", "Lodz"),
        ("10 km", "10km"),
        ("12 000", "12,000"),
        ("9 a.m.", "9am"),
        ("e‑mail", "Email"),
        ("توقّفت", "توقفت"),
        ("السفـــينة", "السفينة"),
        ("הַסְּפִינָה", "הספינה"),
        ("Все", "Всё"),
    ],
)
def test_the_same_letters_are_the_same_phrase_spelled_in_two_ways(one, other):
    assert same_letters(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("3.5", "35"),
        ("2-1", "21"),
        ("mail", "email"),
        ("1.000,5", "10005"),
        ("—", "-"),
        ("5 3", "53"),
        ("की", "का"),
        ("คืน", "คน"),
    ],
)
def test_other_figures_and_other_words_are_not(one, other):
    assert not same_letters(one, other)


def test_a_customary_short_form_is_known_with_its_full_stop():
    assert shortened("Sept.", "September")
    assert shortened("Friday", "Fri")
    assert not shortened("May", "March")
    assert not shortened("Sept", "Sept.")


def test_how_a_word_is_spelled_is_told_at_once_however_long_it_is():
    assert american("our" * 300_000) == "our" * 300_000
    assert bare_letters("a-" * 300_000) == "a" * 300_000
    assert not same_letters("a" * 1_000_000, "b")


def test_the_table_of_tokens_gives_each_token_with_its_offsets():
    text = "Kim’s visit, mentioned KCNA"
    table = tokenise(text)
    assert [text[start:end] for start, end in zip(table["start"], table["end"], strict=True)] == list(table["token"])
    assert list(table["token"]) == ["Kim", "’s", "visit", ",", "mentioned", "KCNA"]


def test_the_table_of_tokens_tells_words_from_signs():
    table = tokenise("Kim’s “visit”")
    assert list(table["is_word"]) == [True, True, False, True, False]


def test_a_text_without_tokens_gives_an_empty_table_with_all_columns():
    assert list(tokenise(" \n").columns) == ["start", "end", "token", "fold", "is_word"]
    assert tokenise(" \n").empty


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Federal Government", "federal government"),
        ("People’s", "people's"),
        ("“fully support”", '"fully support"'),
        ("10–20", "10-20"),
        ("the\n general   public", "the general public"),
        (unicodedata.normalize("NFD", "café"), "café"),
    ],
)
def test_phrases_are_compared_without(one, other):
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("army", "arms"), ("can not", "cannot"), ("resume", "résumé")])
def test_phrases_of_other_letters_are_told_apart(one, other):
    assert fold(one) != fold(other)


@pytest.mark.parametrize("token", ["kim", "80", "’s", "n't", "北"])
def test_letters_digits_and_clitics_are_words(token):
    assert is_word(token)


@pytest.mark.parametrize("token", [",", "“", "–", "🎉", "_"])
def test_signs_are_no_words(token):
    assert not is_word(token)


def test_a_full_stop_ends_a_sentence():
    text = "Kim departed Beijing on Thursday. The pair met Putin."
    assert cut(text, sentence_spans(text)) == ["Kim departed Beijing on Thursday.", "The pair met Putin."]


@pytest.mark.parametrize("opening", ["Mr. Trump", "Dr. Fenwick", "Gen. Kim", "Troops of the U.S. army", "At 9 a.m. Xi"])
def test_the_full_stop_of_an_abbreviation_ends_no_sentence(opening):
    text = f"{opening} spoke. Nobody asked."
    assert cut(text, sentence_spans(text)) == [f"{opening} spoke.", "Nobody asked."]


def test_a_line_break_ends_a_sentence_without_a_full_stop():
    text = "Supply hyperlink\n\nShare This Article\nLeave a comment"
    assert cut(text, sentence_spans(text)) == ["Supply hyperlink", "Share This Article", "Leave a comment"]


def test_a_quotation_mark_stays_with_the_sentence_that_it_closes():
    text = "He asked: “Why?” Nobody knew."
    assert cut(text, sentence_spans(text)) == ["He asked: “Why?”", "Nobody knew."]


@given(st.text(alphabet=st.sampled_from("ab .!?\n\t“”’U")))
def test_every_sign_stands_in_just_one_sentence(text):
    at, outside = 0, []
    for start, end in sentence_spans(text):
        assert at <= start < end
        outside.append(text[at:start])
        at = end
    assert not "".join([*outside, text[at:]]).strip()


def test_a_line_is_given_without_the_white_space_around_it():
    text = "\n  Beneficial Tales \n \nlisting of three\r\n"
    assert cut(text, line_spans(text)) == ["Beneficial Tales", "listing of three"]


def test_a_quotation_is_given_with_its_marks():
    text = "Kim was quoted as saying, “Irrespective of how the scenario modifications” between them."
    assert cut(text, quotation_spans(text)) == ["“Irrespective of how the scenario modifications”"]


@pytest.mark.parametrize("quotation", ["“help”", '"help"', "‘help’", "„help“", "«help»"])
def test_a_quotation_is_found_whatever_its_marks(quotation):
    text = f"would {quotation} Russia"
    assert cut(text, quotation_spans(text)) == [quotation]


def test_a_possessive_ending_opens_and_closes_no_quotation():
    assert quotation_spans("Trump’s remarks on China’s pursuits and the leaders’ plan") == []


def test_a_possessive_ending_does_not_close_a_quotation_in_single_marks():
    text = "They hailed ‘Kim’s visit’ on Thursday."
    assert cut(text, quotation_spans(text)) == ["‘Kim’s visit’"]


def test_an_open_quotation_runs_to_the_end_of_its_paragraph():
    text = "“The trio met.\n“They left,” he mentioned."
    assert cut(text, quotation_spans(text)) == ["“The trio met.", "“They left,”"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("'We cannot help the boat,' the chair said.", ["'We cannot help the boat,'"]),
        ("He said: 'It's the men's boat, isn't it?' and left.", ["'It's the men's boat, isn't it?'"]),
        ("'The leaders' plan is bad,' he said. 'We go.'", ["'The leaders' plan is bad,'", "'We go.'"]),
        ("‘The leaders’ plan is bad,’ he said.", ["‘The leaders’ plan is bad,’"]),
        ("The ‘leaders’ met and the ‘plan’ failed.", ["‘leaders’", "‘plan’"]),
        ("‘He said “no” twice,’ she said.", ["‘He said “no” twice,’"]),
        ("“We go,“ she said, “and stay.“ They left.", ["“We go,“", "“and stay.“"]),
        ("”We go,” she said.", ["”We go,”"]),
        ('“We go," she said. "We stay,” he said.', ['“We go,"', '"We stay,”']),
        ("“We left “no one” behind.” They left.", ["“We left “no one” behind.”"]),
        ("“We left. “They came,” he said.", ["“They came,”"]),
        ("»We go«, she said. « We stay », he said.", ["»We go«", "« We stay »"]),
        ("“We go,'' she said. “We stay,’’ he said.", ["“We go,''", "“We stay,’’"]),
        ("“We go,″ she said, “and go.„ „No.“", ["“We go,″", "“and go.„", "„No.“"]),
        ("“A 6″ pipe,” she said.", ["“A 6″ pipe,”"]),
        ("“He said ‘she said ’no’’” again.", ["“He said ‘she said ’no’’”"]),
        ("”We go,“ she said. “No,” he said.", ["”We go,“", "“No,”"]),
        ('＂We go," she said. ＂No,＂ he said.', ['＂We go,"', "＂No,＂"]),
        ("″We go,″ she said of a 6″ pipe and a 9″ one.", ["″We go,″"]),
        (",,We go,'' she said, and on,, ,,so“.", [",,We go,''", ",,so“"]),
        ("❝We go,❞ she said. 〝No,〞 he said.", ["❝We go,❞", "〝No,〞"]),
        ("彼は『行く』と。《本》 〈We go,〉 she said.", ["『行く』", "《本》", "〈We go,〉"]),
        ("&quot;We go,&quot; she said of AT&T & Co.", ["&quot;We go,&quot;"]),
        ("&ldquo;We go,&#8221; she said.", ["&ldquo;We go,&#8221;"]),
        ("It&#39;s &#39;all&#39; lost.", ["&#39;all&#39;"]),
        ("’We go to the boys’ boat,’ she said.", ["’We go to the boys’ boat,’"]),
    ],
)
def test_a_quotation_ends_where_a_reader_sees_its_end(text, found):
    assert cut(text, quotation_spans(text)) == found


@pytest.mark.parametrize(
    "text",
    ["'Tis the season of the '90s", "rock 'n' roll and rock ‘n’ roll", "dogs' and cats' food", "He is 6' 2\" tall",
     "the leaders' plan and the boys' boat", "She's the '98 winner's coach",
     "the ’Ndrangheta’s bosses’ plan of the leaders’.", "’Tis of the ’90s, the boys’ own ’bout,", "5,,6 and 6″ by 9″"],
)  # fmt: skip
def test_an_apostrophe_opens_no_quotation(text):
    assert quotation_spans(text) == []


# Any mark, as one pattern has it: an apostrophe inside a word is none.
ANY_MARK = re.compile("[\"´“”„‟«»〝〞〟＂‚‘‹›`「」『』《》〈〉❝❞″]|(?<!\\w)['’]|['’](?!\\w)|,(?=,)")


@given(st.lists(st.sampled_from([*"\"´“”„‟«»〞〟＂‚‘‹›`「」❝❞″,,,''’’aé1_中 \n\u0301😀.&"])).map("".join))
def test_marks_are_found_where_a_pattern_finds_them(text):
    assert mark_places(text) == [match.start() for match in ANY_MARK.finditer(text)]


def test_what_is_of_a_word_is_what_patterns_take_for_it():
    classes = classes_up_to(ALL_CHARACTERS)
    signs = map(chr, range(ALL_CHARACTERS))
    wrong = [hex(ord(sign)) for sign in signs if is_of_a_word(ord(sign), classes) != bool(re.match(r"\w", sign))]
    assert not wrong


def test_quotations_are_found_in_time_that_grows_with_the_text():
    started = time.perf_counter()
    for unit in ("“a ", "'a ", "« a ", "‘a’ s’ "):
        quotation_spans(unit * 20_000)
    assert time.perf_counter() - started < 20


def test_an_inch_sign_opens_no_quotation():
    assert quotation_spans('a 6" pipe and a 9" pipe') == []


SPANS = st.lists(st.integers(0, 40), unique=True, max_size=12).map(
    lambda ends: list(zip(sorted(ends)[::2], sorted(ends)[1::2], strict=False))
)
PLACE = st.tuples(st.integers(0, 40), st.integers(1, 10)).map(lambda place: (place[0], place[0] + place[1]))


@given(SPANS, PLACE)
def test_a_place_overlaps_spans_when_it_shares_a_character_with_one(spans, place):
    shared = any(set(range(*span)) & set(range(*place)) for span in spans)
    assert overlaps(spans, *place) == shared


@given(SPANS, PLACE)
def test_a_place_is_widened_to_the_ends_of_the_spans_it_touches(spans, place):
    touched = [span for span in spans if set(range(*span)) & set(range(*place))]
    ends = [end for span in [*touched, place] for end in span]
    assert covering(spans, *place) == (min(ends), max(ends))
