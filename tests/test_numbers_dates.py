"""Numbers and dates written otherwise are no change; a date that lost its month is broken, and counted once."""

import json
from pathlib import Path

import pandas as pd
import pytest

from helpers.align import align_pairs
from helpers.corpus import pair_texts
from helpers.detection.symptoms import symptoms
from helpers.findings import altered_quotations, broken_names, changed_numbers, paragraphs
from helpers.report.facts.numbers import counted_by_change, same_numbers
from helpers.substitutions import find_substitutions
from helpers.text.numerals import half_spelled, numbers
from helpers.text.units import units_of

CASES = Path(__file__).parent / "cases"
AROUND = (
    "The board met to talk about the ferry, and the island asked for a later boat.\n{}\nThe next meeting is planned."
)


class Compared:
    """Two texts compared, and what a report states of them."""

    def __init__(self, spun: str, reference: str) -> None:
        self.articles = pd.DataFrame(
            {"text": [spun, reference], "role": ["spun", "reference"], "reference_id": ["r", ""],
             "site": ["one.example", "news.example"], "title": ["t", "u"], "published": pd.NaT},
            index=pd.Index(["a", "r"], name="article_id"),
        )  # fmt: skip
        pairs = pair_texts(self.articles)
        alignment = align_pairs(pairs)
        self.found = find_substitutions(self.articles, alignment=alignment)
        parts = paragraphs(pairs, alignment, self.found)
        self.numbers = changed_numbers(self.articles, alignment, self.found, parts)
        self.names = broken_names(self.articles, self.found)
        self.quotations = altered_quotations(self.articles, self.found)


def compared(original: str, spun: str) -> Compared:
    return Compared(AROUND.format(spun), AROUND.format(original))


def changes(original: str, spun: str) -> list[tuple[str, str, str]]:
    table = compared(original, spun).numbers
    return list(table[["original", "spun", "change"]].itertuples(index=False, name=None))


def case(name: str) -> Compared:
    texts = json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))
    return Compared(texts["spun"], texts["reference"])


@pytest.mark.parametrize("name", ["hour-pm", "month-short", "number-3.5-million", "number-bn", "unit-glued"])
def test_a_case_of_a_number_written_otherwise_holds_no_finding(name):
    assert set(case(name).numbers["change"]) <= {"written otherwise"}
    assert case(name).names.empty


@pytest.mark.parametrize(
    ("original", "spun"),
    [
        ("It cost 2 billion pounds.", "It cost 2bn pounds."),
        ("It cost £3.5m then.", "It cost £3.5 million then."),
        ("It cost $5 million then.", "It cost $5m then."),
        ("It cost 5 dollars then.", "It cost $5 then."),
        ("It reached 1,200,000 people.", "It reached 1.2m people."),
        ("It reached 30,000 people.", "It reached 30k people."),
        ("It reached 3,86,351 people.", "It reached 386,351 people."),
        ("It reached 12,000 people.", "It reached 12 000 people."),
        ("It reached 12,000 people.", "It reached 12\u202f000 people."),
        ("It reached 12,000 people.", "It reached 12\u00a0000 people."),
        ("It reached 12,000 people.", "It reached 12’000 people."),
        ("It rose by 2.5 points.", "It rose by two and a half points."),
        ("It rose by 2.5 points.", "It rose by 2½ points."),
        ("It rose by 3.5 points.", "It rose by 3,5 points."),
        ("It reached 1,500 people.", "It reached fifteen hundred people."),
        ("It left at 18:30.", "It left at 6:30 pm."),
        ("It left at 19:30.", "It left at 7.30pm."),
        ("It left at 9 am.", "It left at 9am."),
        ("It left at half past six.", "It left at 6:30."),
        ("It left at 12:00.", "It left at noon."),
        ("It opened on September 5.", "It opened on Sept. 5."),
        ("It opened on September 5, 2024.", "It opened on 5 September 2024."),
        ("It opened on September 5, 2024.", "It opened on 2024-09-05."),
        ("It opened on December 5.", "It opened on Dec 5th."),
        ("It opened on the 31st.", "It opened on the thirty first."),
        ("It opened on Monday.", "It opened on Mon."),
        ("It ended World War II there.", "It ended World War 2 there."),
        ("It was 10 km off.", "It was 10km off."),
        ("It was 10 km off.", "It was ten kilometres off."),
        ("It was 2 kilometres off.", "It was 2,000 metres off."),
        ("It grew in the last year there.", "It grew in the final 12 months there."),
        ("It came a month later.", "It came a thirty day period later."),
        ("It came after a half-hour there.", "It came after 30 minutes there."),
        ("It took 73 of them.", "It took seventy-3 of them."),
        ("It took 50 per cent of it.", "It took half of it."),
        ("It began in the 1990s there.", "It began in the 90s there."),
        ("It took 20 per cent of it.", "It took a fifth of it."),
        ("It took four-fifths of it.", "It took 80% of it."),
        ("It reached 1.4 m people.", "It reached 1.4 million people."),
        ("It cost £1.5bn then.", "It cost 1.5 billion pounds then."),
        ("It was in Chapter IV of it.", "It was in Chapter 4 of it."),
        ("It came after an hour there.", "It came after 60 minutes there."),
        ("It was 30°C there.", "It was 30 degrees Celsius there."),
        ("It was made in 1984.", "It was made in nineteen eighty-four."),
        # hours
        ("It left at 18:30.", "It left at 18h30."),
        ("It left at 18:30.", "It left at 18:30:00."),
        ("It left at 18:30.", "It left at 18∶30."),
        ("It left at 18:30.", "It left at 18：30."),
        ("It left at 18:30.", "It left at six thirty."),
        ("It left at 18:30.", "It left at half-past six."),
        ("It left at 6:50.", "It left at ten to seven."),
        ("It left at 7:20.", "It left at twenty past seven."),
        ("It left at 6 in the evening on Monday.", "It left at 6 pm on Monday."),
        ("It left at midnight.", "It left at 24:00."),
        ("It took 24 hours there.", "It took 24 noon there."),
        ("It took a second there.", "It took a quarter there."),
        ("A quarter of the men came.", "A fourth of the men came."),
        ("It was open 18:00–20:00 there.", "It was open 6–8 pm there."),
        ("It was open from 18:00 to 20:00 there.", "It was open from 6 to 8 pm there."),
        ("It left at 6 in the morning.", "It left at 6 at the start of the day."),
        # dates and years
        ("It opened on September 5, 2024.", "It opened on Sept.5, 2024."),
        ("It opened on September 5, 2024.", "It opened on 20240905."),
        ("It opened on Wednesday.", "It opened on Weds."),
        ("It ran in 2019–2020 there.", "It ran in 2019-20 there."),
        ("It opened in 2024 there.", "It opened in ’24 there."),
        ("It opened in the 1990s there.", "It opened in the nineties there."),
        ("In his twenties he left.", "In his 20s he left."),
        # shares
        ("It rose 0.5 percent there.", "It rose .5 percent there."),
        ("It rose by 0.5 percent there.", "It rose by half a percent there."),
        ("It rose by 0.5 percent there.", "It rose by half of one percent there."),
        ("It rose by 0.25 percentage points there.", "It rose by 25 basis points there."),
        ("It was a threefold rise there.", "It was a 3-fold rise there."),
        ("It rose threefold there.", "It rose by a factor of 3 there."),
        ("It took 30 minutes there.", "It took half an hour there."),
        ("It took 90 minutes there.", "It took 1 hr 30 mins there."),
        ("It took an hour and a half there.", "It took 90 minutes there."),
        ("It took 1 hr 30 mins there.", "It took an hour and a half there."),
        ("It took two hours and a half there.", "It took two and a half hours there."),
        ("It took two hours and a half there.", "It took 150 minutes there."),
        ("It took 2 hours and a quarter.", "It took 135 minutes."),
        ("It took an hour and a quarter.", "It took 75 minutes."),
        ("They walked three miles and a half.", "They walked 3.5 miles."),
        ("It weighs 4 kilos and a half.", "It weighs 4.5 kg."),
        # money
        ("It cost 2 billion pounds then.", "It cost 2bln pounds then."),
        ("It cost 2 billion pounds then.", "It cost 2 b pounds then."),
        ("It cost £5,000 then.", "It cost 5 grand then."),
        ("It fell $0.35 then.", "It fell 35 cents then."),
        ("It took three-and-a-half years.", "It took three and a half years."),
        ("It fell €0.05 then.", "It fell five cents then."),
        ("It fell £2.18 then.", "It fell 218p then."),
        ("It fell 3 pence then.", "It fell 3p then."),
        ("It had 5 grand pianos.", "It had 5 excellent pianos."),
        ("It cost 2 billion Australian dollars then.", "It cost A$2bn then."),
        ("It cost A$2bn then.", "It cost $2 billion then."),
        ("It cost 500 Swiss francs then.", "It cost CHF 500 then."),
        # units
        ("It was 10 kilometres off.", "It was 10kilometres off."),
        ("It was 86F there.", "It was 30C there."),
        ("It was 86°F there.", "It was 30°C there."),
        ("It grew warmer by 3.6°F there.", "It grew warmer by 2°C there."),
        ("It ran for 10 minutes there.", "It ran for 10 m there."),
        ("It had 20 m2 there.", "It had 20 m² there."),
        ("They drank H2O there.", "They drank H₂O there."),
        ("They met CO2 there.", "They met CO² there."),
        # letters for digits, and signs for words
        ("It had 500 people.", "It had 5ОО people."),
        ("It had 100 people.", "It had l00 people."),
        ("It had 50 people there.", "It had 50people there."),
        ("It had 50 people there.", "It had 50persons there."),
        ("They took No. 5 then.", "They took #5 then."),
        ("It was No. 1 there.", "It was №1 there."),
        # moved in its sentence
        ("Ada Lindqvist spoke in Oslo on Tuesday.", "On Tuesday Ada Lindqvist spoke in Oslo."),
        ("The 20 women and the 500 men came.", "The 500 men and the 20 women came."),
        ("The board met 500 men in 2024.", "In 2024, the board met 500 men."),
        ("The board met in Oslo in 2024.", "In 2024, the board met in Oslo."),
        # signs that say the same, or nothing
        ("It cost $500 then.", "It cost US$500 then."),
        ("It cost 500 then.", "It cost $500 then."),
        ("It fell to -5 then.", "It fell to minus 5 then."),
        ("It grew from 5 to 10 then.", "It grew from 5-10 then."),
        ("Oslo -5 men came.", "Oslo: 5 men came."),
    ],
)
def test_another_way_to_write_a_number_is_none_of_the_findings(original, spun):
    both = compared(original, spun)
    assert set(both.numbers["change"]) <= {"written otherwise"}
    assert both.names.empty


@pytest.mark.parametrize(
    ("original", "spun", "figures"),
    [
        ("They counted 4,560 birds.", "They counted four,560 birds.", ("4,560", "four,560")),
        ("They counted 2,310 birds.", "They counted a pair of,310 birds.", ("2,310", "a pair of,310")),
        ("It cost $8,200 then.", "It cost $eight,200 then.", ("$8,200", "$eight,200")),
        ("It rose 3.2% then.", "It rose three.2% then.", ("3.2%", "three.2%")),
        ("It rose 61.8% then.", "It rose 61.eight% then.", ("61.8%", "61.eight%")),
        ("It reached 3,86,351 people.", "It reached three,86,351 people.", ("3,86,351", "three,86,351")),
        ("It cost $1.5 million then.", "It cost $one.5 million then.", ("$1.5 million", "$one.5 million")),
        ("It had 1,234,567 birds.", "It had one,234,567 birds.", ("1,234,567", "one,234,567")),
    ],
)
def test_a_figure_whose_part_a_spinner_spelled_is_one_figure_written_otherwise(original, spun, figures):
    assert changes(original, spun) == [(*figures, "written otherwise")]


def test_a_half_spelled_figure_with_another_value_changed():
    assert [change for *_, change in changes("They counted 4,560 birds.", "They counted five,560 birds.")] == [
        "figure changed"
    ]


def test_half_spelled_figures_are_a_sign_of_spinning_and_honest_lists_are_none():
    found = symptoms("They counted four,560 birds and a pair of,310 boats at the quay.")
    said = {"four,560: stands for “4,560”", "a pair of,310: stands for “2,310”"}
    assert said <= {*found.query("kind == 'figure' and weight == 1")["words"]}
    honest = "One, two, 310 of them; chapter three.2 Then two,three. 4,560 and twenty-four. The four, 560 of us."
    assert half_spelled(honest) == []


@pytest.mark.parametrize(
    ("original", "spun", "change"),
    [
        ("It reached 12,000 people.", "It reached 120,000 people.", "figure changed"),
        ("It cost 3.5 million euros.", "It cost 3.5 billion euros.", "figure changed"),
        ("It left at 18:30.", "It left at 6:30 am.", "figure changed"),
        ("It was 10 km off.", "It was 10 miles off.", "figure changed"),
        ("The first dose was given.", "The second dose was given.", "figure changed"),
        ("It opened on September 5.", "It opened on September 6.", "date changed"),
        ("It opened on Sept. 5.", "It opened on Oct. 5.", "date changed"),
        ("It opened on Sunday there.", "It opened on Monday there.", "date changed"),
        ("On May 5 it opened.", "On Might 5 it opened.", "date broken"),
        ("It opened on May 15, 2024.", "It opened on Could 15, 2024.", "date broken"),
        ("It opened on 5 May there.", "It opened on 5 Could there.", "date broken"),
        ("The May vote failed there.", "The Might vote failed there.", "date broken"),
        ("By May it was clear.", "By Might it was clear.", "date broken"),
        ("In May 2024 it opened.", "In Might 2024 it opened.", "date broken"),
        ("It opened in March 2020.", "It opened in Walk 2020.", "date broken"),
        ("It opened on Sunday there.", "It opened on Solar there.", "date broken"),
        ("It grew in Q4 there.", "It grew in this autumn there.", "date broken"),
        ("It was 10 km off.", "It was 10 m off.", "figure changed"),
        ("It was 10 km off.", "It was 10m off.", "figure changed"),
        ("It was 10 km off.", "It was 10 kg off.", "figure changed"),
        ("It took 10 h there.", "It took 10 min there.", "figure changed"),
        ("It took 10 years there.", "It took 10 months there.", "figure changed"),
        ("It took 80 minutes there.", "It took 1 hr 30 mins there.", "figure changed"),
        ("It took an hour and a half there.", "It took two hours and a half there.", "figure changed"),
        ("It took two hours and a half there.", "It took two hours and a quarter there.", "figure changed"),
        ("It took two hours and a half there.", "It took two hours there.", "figure changed"),
        (
            "They spent two days and a quarter of the money.",
            "They spent three days and a quarter of the money.",
            "figure changed",
        ),
        ("It cost 500 euros then.", "It cost 500 dollars then.", "figure changed"),
        ("It fell $0.35 then.", "It fell 36 cents then.", "figure changed"),
        ("It fell $0.35 then.", "It fell 35 pence then.", "figure changed"),
        ("It took three-and-a-half years.", "It took four and a half years.", "figure changed"),
        ("It rose 20 percent there.", "It rose 20 percentage points there.", "figure changed"),
        ("It left at half past six.", "It left at half past seven.", "figure changed"),
        ("It left at quarter past six.", "It left at quarter to six.", "figure changed"),
        ("It left at eight o’clock there.", "It left at nine o’clock there.", "figure changed"),
        ("It left at midnight.", "It left at noon.", "figure changed"),
        ("It left at 6 in the evening.", "It left at 6 in the morning.", "figure changed"),
        ("It won in 2:03:05 there.", "It won in 2:03:15 there.", "figure changed"),
        ("It took a half of it.", "It took a third of it.", "figure changed"),
        ("It won in the eighties there.", "It won in the nineties there.", "figure changed"),
        ("It was a threefold rise there.", "It was a fourfold rise there.", "figure changed"),
        ("It was 80F there.", "It was 31C there.", "figure changed"),
        ("About 500 men and 20 women came.", "About 20 men and 500 women came.", "figure changed"),
        ("It cost $2bn then, and $5 more.", "It cost £2bn then, and $5 more.", "figure changed"),
        ("It cost $500 then.", "It cost €500 then.", "figure changed"),
        ("It cost 5% then.", "It cost $5 then.", "figure changed"),
        ("It fell to 5 then.", "It fell to -5 then.", "figure changed"),
        ("It was −5 degrees there.", "It was 5 degrees there.", "figure changed"),
    ],
)
def test_another_value_is_a_finding_and_a_date_without_its_month_is_broken(original, spun, change):
    both = compared(original, spun)
    assert both.numbers["change"].tolist() == [change]
    assert both.names.empty  # no change stands under two headings


@pytest.mark.parametrize(
    ("original", "spun"), [("May we meet again?", "Might we meet again?"), ("You may 5 times.", "You might 5 times.")]
)
def test_a_modal_verb_is_no_month(original, spun):
    assert changes(original, spun) == []


def test_figures_swapped_in_front_of_one_noun_changed():
    original = "It rose 5 percent in Oslo and 6 percent in Rome."
    assert changes(original, "It rose 6 percent in Oslo and 5 percent in Rome.") == [
        ("5 percent in Oslo and 6", "6 percent in Oslo and 5", "figure changed")
    ]


def test_the_other_currency_or_lost_minus_stands_with_its_sign():
    both = compared("It cost $2bn at −5 degrees.", "It cost £2bn at 5 degrees.")
    assert both.found.empty  # signs are no words
    table = both.numbers[["original", "spun", "value_original", "value_spun"]]
    assert table.to_numpy().tolist() == [["$2bn", "£2bn", 2e9, 2e9], ["−5", "5", -5.0, 5.0]]


def test_a_price_in_site_furniture_is_no_figure_of_the_article():
    assert changes("Share this for $5", "Share this for £5") == []


def test_broken_dates_are_counted_apart_from_changed_figures():
    spun = "Five men came. In Might 2024 they left. On Might 5 eight came. On Solar they had 70 boats."
    original = "Six men came. In May 2024 they left. On May 5 eight came. On Sunday they had 60 boats."
    assert counted_by_change(compared(original, spun).numbers["change"]) == [
        ("figures changed", 2), ("dates broken", 3),
    ]  # fmt: skip


def test_a_broken_name_beside_a_number_written_otherwise_stays_a_finding():
    both = compared("They met in Wall Street there at 9 am.", "They met in Wall Road there at 9am.")
    assert both.names[["name", "published_as"]].to_numpy().tolist() == [["Wall Street", "Wall Road"]]


def test_the_places_of_changed_numbers_give_the_words_back():
    both = compared("It left at 18:30 on May 5 with 2,310.", "It left at 6:30 pm on Might 5 with a pair of,310.")
    assert len(both.numbers) == 3
    for row in both.numbers.itertuples():
        assert both.articles.loc["a", "text"][row.spun_start : row.spun_end] == row.spun
        assert both.articles.loc["r", "text"][row.reference_start : row.reference_end] == row.original


@pytest.mark.parametrize(
    ("phrase", "values"),
    [
        ("from 10–12 men to twenty 20-year-olds", [10, 12, 20, 20]),
        ("one hundred and five or two", [105, 2]),
        ("thousands and thousands", [1000, 1000]),
        ("two and a half million, a million and a half", [2.5e6, 1.5e6]),
        ("Q4 and the 21st century", [4, 21]),
        ("10million of 5people, 500metres, in 2024Then", [10e6, 5, 500, 2024]),
        ("at six thirty-year-olds, at ten to twelve sites", [6, 30, 10, 12]),
        ("12:34:56:78, 5 F-16 jets, 5l of O2", [12, 34, 56, 78, 5, 16, 5, 2]),
        ("an army", []),
    ],
)
def test_the_numbers_of_a_phrase_are_told_apart(phrase, values):
    assert [number.value for number in numbers(phrase)] == pytest.approx(values)


def test_numbers_are_the_same_where_any_meaning_of_both_is():
    assert same_numbers("a third", "33%")
    assert same_numbers("6:30", "18:30")
    assert not same_numbers("6:30 am", "18:30")
    assert not same_numbers("10 km", "10 miles")
    assert same_numbers("10 km", "6.2 miles")


def test_a_unit_may_be_of_two_measures():
    assert {unit.dimension for unit in units_of("pounds")} == {"pounds", "mass"}
    assert units_of("boats") == ()


# Names and quotations of the cases


def test_an_adverb_in_front_of_a_name_breaks_no_name():
    both = case("adverb-before-name")
    assert both.names.empty
    assert both.found[["spun", "original", "kind"]].to_numpy().tolist() == [["Afterwards", "Later", "synonym"]]


def test_straight_single_quotation_marks_hold_a_quotation():
    both = case("single-quotes-straight")
    assert both.found["in_quote"].tolist() == [True]
    assert len(both.quotations) == 1


def test_a_quotation_ends_at_a_wrong_closing_mark():
    found = case("wrong-closing-quote").found
    assert dict(zip(found["spun"], found["in_quote"], strict=True)) == {"assist": True, "skipper": False}
