"""No address gets out: on a page, in a picture or in a file, whole or in part."""

import csv
import re

import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from helpers.display import as_read, emails, plots, telephones
from helpers.display.exhibits import marked
from helpers.display.export import write_csv
from helpers.display.first_look import first_look
from helpers.display.masking import MASKED_EMAIL, MASKED_TELEPHONE, masked_spans
from helpers.plots import mask


def test_an_address_that_the_spinner_changed_is_masked():
    text = "e-mail the workforce at info.group@site.example before Friday."
    at = text.index("group")
    assert "@site.example" not in marked(text, (0, len(text)), [(at, at + 5, "for: team")])


def test_exported_context_of_a_changed_address_is_masked(tmp_path):
    t = pd.DataFrame({"spun": ["group"], "left": ["at info."], "right": ["@site.example before"]})
    assert "site.example" not in write_csv(t, tmp_path / "t.csv").read_text()


@pytest.mark.parametrize(
    "n", ["555-867-5309", "555.867.5309", "1-800-555-0199", "+49 (0)30 123456", "Tel.020 7946 0018"]
)
def test_common_numbers_are_masked(n):
    assert "masked" in mask(f"Call {n}.")


@pytest.mark.parametrize("gap", [" ", "\n", "\t"])
@pytest.mark.parametrize(
    "number",
    ["+44 20 7946 0019", "030 1234567", "030/1234567", "212-555-0199", "(212) 555-0199", "212 555 0199",
     "1 800 555 0199", "8 (495) 123-45-67", "0171 234567"],
)  # fmt: skip
def test_two_and_three_numbers_with_a_space_between_are_all_masked(number, gap):
    for row in ([number] * 2, [number] * 3, ["Tel.", number, number]):
        assert not re.search(r"\d", mask(gap.join(row)))


@pytest.mark.parametrize(
    "figures",
    ["1 045 000 222 people", "10 000 000 030 000", "1 045 222 and 1 067 333", "2019 2020 2021 0171",
     "11 12 13 14 15 16 17 18", "100 200 3000 100 200 3000", "2023 0.5 2024 0.7"],
)  # fmt: skip
def test_a_row_of_figures_is_no_row_of_numbers(figures):
    assert mask(figures) == figures


def test_too_few_digits_are_no_number_whatever_stands_beside_them():
    number = "+44 20 7946 0958"
    for few in ("<(0)30 5_6  7", "( 0)6-9-4  1)"):
        assert not telephones.telephones(few)
        text = f"{few} or {number}"
        assert [text[start:end] for start, end in telephones.telephones(text)] == [number]


def test_no_digit_of_a_number_stays():
    assert mask("+1 (555) 867-5309") == "[telephone number masked]"


@pytest.mark.parametrize(
    "number", ["(+44) 20 7946 0018", "(0044) 20 7946 0018", "00 49 30 1234567", "00-49 30 1234567", "(+1)555-867-5309"]
)
def test_country_codes_in_brackets_and_parted_prefixes_are_masked_whole(number):
    assert mask(f"Call {number}, he mentioned.") == f"Call {MASKED_TELEPHONE}, he mentioned."


@pytest.mark.parametrize("text", ["At 14:00 49 people left.", "at 10:00 12 13 14 15 16 17", "(+4.5) 20 of 30"])
def test_hours_and_sums_in_brackets_stay(text):
    assert mask(text) == text


@pytest.mark.parametrize(
    "address",
    ["john-@x.com", "john_.@x.com", "x@\u200bsite.com", "x\u00ad@site\u2060.com", "a\u3164b@si\ufe0fte.com",
     "a@b.c@d.e", "a@b.c-@d.e", "020 7946 0018@site.example", "02079460018@site.example"],
)  # fmt: skip
def test_an_odd_address_is_masked_whole(address):
    masked = mask(f"Write to {address} now.")
    assert masked.removeprefix("Write to ").removesuffix(" now.") in (MASKED_EMAIL, MASKED_TELEPHONE)


def test_a_number_with_unseen_characters_in_it_is_masked():
    assert mask("Call 020\u200b7946\u200b0018.") == f"Call {MASKED_TELEPHONE}."
    assert mask("Call\u200b020 7946 0018.") == f"Call\u200b{MASKED_TELEPHONE}."


OLD_EMAIL = re.compile(
    r"[\w.+%'’-]*\w@[\w-]+(?:\.[\w-]+)+\b"
)  # one pattern, tried from every letter: slow on long words
ODD = re.compile(r"[.+%'’-]@|@[^@\s]*\.[^@\s]*@|@\d+\.\d")  # what it did not mask, or not whole; a version


@given(st.text(alphabet="ab9é_.-+%'’@@ \n,<(", max_size=40))
def test_addresses_are_found_where_one_pattern_found_them(text):
    assume(not ODD.search(text))
    hidden = [span for span, kind in masked_spans(text) if kind == MASKED_EMAIL]
    for match in OLD_EMAIL.finditer(text):
        assert any(start <= match.start() and match.end() <= end for start, end in hidden)


@given(st.text(alphabet="ab.-+@ \u200b", max_size=30))
def test_no_more_of_any_text_is_shown_than_one_pattern_showed(text):
    hidden = {place for (start, end), _ in masked_spans(text) for place in range(start, end)}
    assert hidden >= {place for match in OLD_EMAIL.finditer(text) for place in range(*match.span())}


def test_a_long_word_is_searched_once():
    # a pattern that is tried from each of these letters would take days; nothing here is timed
    assert mask("a" * 3_000_000 + " b@site.example") == "a" * 3_000_000 + f" {MASKED_EMAIL}"
    assert mask("a" * 200_000 + "@" + "b" * 200_000) == "a" * 200_000 + "@" + "b" * 200_000


@pytest.mark.parametrize("d", ["05/09/2025", "05.09.2025", "05-09-2025", "04-05 2023-2024"])
def test_day_first_dates_stay(d):
    assert mask(f"On {d} they met.") == f"On {d} they met."


def test_an_address_with_an_apostrophe_is_masked_whole():
    assert mask("o'brien@site.example") == "[e-mail address masked]"


@pytest.mark.parametrize(
    "column", [pd.Categorical(["a.b@site.example"]), [["mailto:a.b@site.example"]]], ids=["categories", "lists"]
)
def test_text_in_other_columns_is_masked(tmp_path, column):
    assert "@site" not in write_csv(pd.DataFrame({"c": column}), tmp_path / "t.csv").read_text()


@pytest.mark.parametrize("cell", ["\r=1+1", "safe\r=1+1"])
def test_a_carriage_return_cannot_start_a_new_row(tmp_path, cell):
    path = write_csv(pd.DataFrame({"a": [cell], "b": [1]}), tmp_path / "t.csv")
    with open(path, newline="") as f:
        assert len(list(csv.reader(f))) == 2


def test_large_numbers_keep_their_digits(tmp_path):
    assert "1234567" in write_csv(pd.DataFrame({"chances": [1234567.0]}), tmp_path / "t.csv").read_text()


def test_alt_text_in_a_page_is_masked():
    summary = pd.DataFrame({"site": ["a.b@site.example"], "words": [10], "changed": [1], "share": [0.1]})
    assert "@site.example" not in plots.plot_articles(summary).html()


# What is quickly passed over holds no address: the quick way says what the patterns say.
SIGNS_OF_ADDRESSES = st.lists(
    st.sampled_from(
        [
            *"jane at At AT AT-SIGN ett ſnabel-a snabel-a собака zavináč home dot DOT . example com ( [ < – “".split(),
            *"· é ² İ ı call ring tel: T: ☎ 030 1234567 +49 (0)30 555-1234 2024-11-05 1,200,000 12 5 7 _ _1 ﬁ".split(),
            *"no n 1800 ISBN 978 % ( )".split(),
            *"one-Two three,five six (a) -a- ”at” (at) “ Ät Nine-oh-four double-seven 5_6 ١٢٣٤٥".split(),
            *"1-800-FLOWERS 800-abcde 8.FU".split(),
            "\u2003",
            "K\u212aat",
            *"\n\t",
            *"toll-free WhatsApp whats app Te\u017f fax7 ate atsign at- ' \" * jane.doe @ &#64;".split(),
            *"so\u00adft e\u0301 8\ufe0f".split(),
            *"punkt PONTO tecka kropka d0t well-known home. wa.me/ tel= @@ ((".split(),
        ]
    ),
    max_size=14,
)
SIGNS_OF_ADDRESSES = st.builds(lambda parts, gap: gap.join(parts), SIGNS_OF_ADDRESSES, st.sampled_from(["", " "]))


def emails_without_a_look(text):
    """What `emails` finds where every pattern that may be needed searches the whole text."""
    found = [*emails._signed(text), *emails._spelled(text, emails.AT_SIGN, emails._sign_fits)] if "@" in text else []
    found += [match.span() for match in emails.SPACED_OUT.finditer(text)]
    in_words = emails.IN_WORDS.search(text) is not None
    if in_words or "AT" in text or emails.IN_BRACKETS.search(text):
        for pattern, fits in emails.SPELLINGS:
            found += emails._spelled(text, pattern, fits)
    if in_words:
        for match in emails.AT_WORD.finditer(text):
            first = max(0, match.start() - emails.LONGEST_LOCAL)
            local, site = emails.PERSON.search(text[first : match.start()]), emails.SITE.match(text, match.end())
            if local and site and emails._word_fits(emails._Around(text, match, local, site)):
                found.append((first + local.start(), site.end()))
    return found


@settings(max_examples=300)
@given(SIGNS_OF_ADDRESSES)
def test_a_text_is_passed_over_only_where_no_pattern_finds_anything(text):
    look = first_look(text)
    found = emails._matches_at(emails.AT_WORD, text, look.before_words)
    assert [match.span() for match in found] == [match.span() for match in emails.AT_WORD.finditer(text)]
    in_words = any(emails.IN_WORDS.match(text, place) for place in look.before_words)
    assert in_words == (emails.IN_WORDS.search(text) is not None)
    bracketed = any(pattern.search(text) for pattern in (emails.IN_BRACKETS, *(row[0] for row in emails.SPELLINGS[:3])))
    assert look.signed or not bracketed
    places = [emails.places_of("@", text), *[look.signed] * 3, emails.places_of("AT", text)]
    for pattern, signs in zip((emails.AT_SIGN, *(row[0] for row in emails.SPELLINGS)), places, strict=True):
        found = emails._matches_at(pattern, text, emails.starts_of(signs))
        assert [match.span() for match in found] == [match.span() for match in pattern.finditer(text)]
    in_brackets = any(emails.IN_BRACKETS.match(text, place) for place in look.signed)
    assert in_brackets == (emails.IN_BRACKETS.search(text) is not None)
    assert sorted(emails.emails(text)) == sorted(emails_without_a_look(text))
    close = [match.span() for start, end in look.digits for match in telephones.CLOSE.finditer(text, start, end)]
    assert close == [match.span() for match in telephones.CLOSE.finditer(text)]
    assert look.spoken or not telephones.SPOKEN.search(text)
    assert look.lettered or not telephones.LETTERS_BEHIND.search(text)
    assert as_read._in_plain_signs(text) == text.translate(as_read.SIGNS)
    assert as_read.has_undrawn(text) == (as_read.UNDRAWN.search(text) is not None)
    blank = re.sub(r"\d", "n", text)
    assert telephones._says(blank) or not telephones.SAYING.search(blank)
    assert telephones._may_hold_a_link(text) or not telephones.IN_LINK.search(text)
    plain = telephones._without_honest(text)
    slowly = {*telephones._by_shape(plain), *telephones._by_word(plain)}
    slowly |= {match.span("number") for match in telephones.IN_LINK.finditer(text)}
    assert slowly <= set(telephones._near_digits(text))
