"""The field's dictionary: shipped rows keep the rules, dialects are told or refused, what enters was confirmed."""

import math

import pandas as pd
import pytest
from click.testing import CliRunner

from helpers.command.door import cli
from helpers.corpus import project_folder
from helpers.display.masking import mask
from helpers.mapping import MappingTable, add_to_field, dialect, field_dictionary, field_preview
from helpers.mapping.dialects import Dialect, known_by, phrases_in, verdicts, weigh
from helpers.mapping.field import KEY, PAGES, PAIRS, SIGHTINGS, FieldError, field_sightings, read_part
from helpers.mapping.field_additions import ADDED_COLUMNS, WAYS
from helpers.mapping.field_entry import MOST_WORDS, NO_DICTIONARY, reasons, why_not
from helpers.mapping.table import FIELD_PROPOSALS
from helpers.text.spans import fold

FIELD = project_folder("corpus/field")
NEWS = "Additionally, the financial institution mentioned that the hyperlink got here in the past from a web site."


@pytest.fixture(scope="module")
def entries():
    return read_part(FIELD, PAIRS)


@pytest.fixture(scope="module")
def sightings():
    return read_part(FIELD, SIGHTINGS)


@pytest.fixture(scope="module")
def pages():
    return read_part(FIELD, PAGES)


@pytest.fixture
def own(tmp_path):
    """A dictionary of one's own: two dialects, three pages each."""
    rows = [
        (spun, original, name, f"https://{name}{page}.example/a", "evident", 1)
        for name, words in (("red", "alpha bravo charlie delta echo"), ("blue", "foxtrot golf hotel india juliet"))
        for spun, original in ((f"quasi {word}", f"old {word}") for word in words.split())
        for page in range(3)
    ]
    seen = pd.DataFrame(rows, columns=[*KEY, "address", "how", "count"])
    listed = seen.drop_duplicates("address").assign(role="spun", original="", gathered="first")
    tables = {PAIRS: seen[KEY].drop_duplicates().assign(judges="two"), SIGHTINGS: seen}
    tables[PAGES] = listed[["role", "dialect", "address", "original", "gathered"]]
    for name, table in tables.items():
        table.to_csv(tmp_path / name, index=False)
    return tmp_path


def new_rows(**changes):
    row = dict.fromkeys(ADDED_COLUMNS, "")
    row |= {"spun": "provide hyperlink", "original": "source link", "dialect": "red", "how": "evident", "count": "2"}
    row |= {"address": "https://new.example/page", "confirmed": "Ada Example"}
    return pd.DataFrame([row | changes])


# What is shipped


def test_every_shipped_pair_keeps_the_rules_of_entry(entries):
    assert set(reasons(entries)) == {""}


def test_a_shipped_phrase_has_at_most_six_words_and_is_no_sentence(entries):
    for side in ("spun", "original"):
        assert entries[side].str.split().str.len().between(1, MOST_WORDS).all()
        assert not entries[side].str.contains(r"[!?;]|[.:]\s").any()
        assert (entries[side].map(fold) == entries[side]).all()


def test_no_shipped_pair_stands_twice_or_was_never_seen(entries, sightings):
    assert not entries.duplicated(KEY).any()
    assert not sightings.duplicated([*KEY, "address"]).any()
    assert set(entries[KEY].itertuples(index=False, name=None)) == set(
        sightings[KEY].itertuples(index=False, name=None)
    )


def test_every_sighting_is_on_a_listed_spun_page_and_says_how_it_was_known(sightings, pages):
    spun = pages[pages["role"] == "spun"]
    assert set(sightings["address"]) <= set(spun["address"])
    assert set(sightings["how"]) <= set(WAYS)
    assert sightings["address"].str.fullmatch(r"https?://\S+").all()
    assert not set(sightings["dialect"]) & set(NO_DICTIONARY)


def test_nothing_shipped_comes_from_the_real_article_of_the_corpus(pages):
    assert not pages["address"].str.contains("orbitalnewsnetwork").any()


def test_nothing_shipped_holds_an_address_of_a_person_or_a_formula(entries, sightings, pages):
    for text in {*entries["spun"], *entries["original"], *sightings["address"], *pages["address"], *pages["original"]}:
        assert mask(text) == text
        assert text[:1] not in ("=", "+", "-", "@", "\t")


def test_judges_are_counted_honestly(entries):
    assert set(entries["judges"]) == {"one", "two"}


def test_the_refused_are_not_among_the_pairs(entries):
    refused = pd.read_csv(FIELD / "refused.csv", keep_default_na=False)
    assert not set(refused[KEY].itertuples(index=False, name=None)) & set(
        entries[KEY].itertuples(index=False, name=None)
    )
    assert refused["why"].ne("").all()


def test_the_dictionary_has_at_least_three_thousand_pairs(entries):
    assert len(entries.drop_duplicates(["spun", "original"])) >= 3_000


# The rules of entry


@pytest.mark.parametrize(
    ("spun", "original", "why"),
    [
        ("supply hyperlink", "source link", ""),
        ("{hardware}", "hardware", ""),
        ("4", "four", ""),
        ("don't", "do not", "a contraction"),
        ("light-weight", "lightweight", "both sides are written alike"),
        ("the", "a", "nothing but the commonest words"),
        ("three.2%", "3.2%", "signs that no dictionary has"),
        ("a pair of", "2,282", "a number of one page"),
        ("write to jane@site.example", "write to jane", "an address"),
        ("said. he left", "told. he went", "more than a phrase"),
        ("Supply hyperlink", "source link", "not folded"),
        ("=supply", "source", "signs that no dictionary has"),
        ("", "source", "something is empty"),
        ("a b c d e f g", "source", "longer than 6 words"),
        ("movie", "film", ""),
    ],
)
def test_why_a_pair_does_not_enter(spun, original, why):
    assert why_not(spun, original, "news-a") == why


def test_a_dialect_without_a_dictionary_does_not_enter():
    assert why_not("movie", "film", "back-translation")


# Opening


def test_opening_says_where_each_pair_was_seen():
    table = field_dictionary()
    assert list(table.columns) == [*KEY, "sightings", "pages", "judges", "aligned"]
    row = table.set_index(KEY).loc[("additionally", "also", "news-a")]
    assert row["pages"] >= 5
    assert row["sightings"] >= row["pages"]


def test_a_dialect_that_is_not_there_is_named_with_those_that_are():
    with pytest.raises(ValueError, match=r"no dialect klingon.*news-a"):
        field_dictionary(dialects=["klingon"])


def test_a_folder_without_a_dictionary_is_an_error_with_its_mend(tmp_path):
    with pytest.raises(FieldError, match=r"pairs.csv: cannot be read.*Mend"):
        field_dictionary(tmp_path)


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"\xff\xfe\x00broken"])
def test_a_table_that_is_none_is_an_error_with_its_mend(own, content):
    (own / PAIRS).write_bytes(content)
    with pytest.raises(FieldError, match="Mend"):
        field_dictionary(own)


def test_a_count_that_is_none_is_named_with_its_row(own):
    text = (own / SIGHTINGS).read_text().replace("evident,1", "evident,often", 1)
    (own / SIGHTINGS).write_text(text)
    with pytest.raises(FieldError, match="row 2: the count"):
        field_sightings(own)


# Proposals


def test_importing_proposes_and_keeps_every_decision(tmp_path, own):
    mapping = MappingTable.open(tmp_path / "mapping")
    mapping.decide("quasi alpha", "old alpha", "rejected", "Ada Example", "no")
    mapping.decide("own phrase", "own original", "approved", "Ada Example")
    before = (tmp_path / "mapping" / "decisions.jsonl").read_bytes()
    table = mapping.propose_field(["red"], own).table.set_index("spun")
    assert (tmp_path / "mapping" / "decisions.jsonl").read_bytes() == before
    assert table.loc["quasi alpha", "status"] == "rejected"
    assert table.loc["quasi alpha", "note"] == "no"
    assert table.loc["own phrase", "status"] == "approved"
    assert table.loc["quasi bravo", "status"] == "proposed"
    assert table.loc["quasi bravo", "note"] == "the field’s dictionary: red, 3 pages"
    assert "quasi golf" not in table.index


def test_what_the_corpus_proposes_keeps_its_own_counts(tmp_path, own):
    seen = {"spun": ["quasi alpha"], "original": ["old alpha"], "spun_id": ["a"], "site": ["x"], "kind": ["phrase"]}
    mapping = MappingTable.open(tmp_path / "mapping").propose_field(folder=own).propose(pd.DataFrame(seen))
    table = mapping.table.set_index("spun")
    assert table.loc["quasi alpha", "support"] == 1
    assert table.loc["quasi bravo", "support"] == 3
    assert len(mapping.propose_field([], own).table) == 1


def test_few_pages_can_be_asked_for(tmp_path):
    mapping = MappingTable.open(tmp_path).propose_field(["news-a"], fewest_pages=10)
    assert 0 < len(mapping.table) < 300
    assert (mapping.table["articles"] >= 10).all()


def test_a_damaged_proposal_of_the_field_is_named_with_its_mend(tmp_path):
    mapping = MappingTable.open(tmp_path)
    (tmp_path / FIELD_PROPOSALS).write_text("spun,original\na,b\n")
    with pytest.raises(ValueError, match=r"field.csv.*propose_field"):
        _ = mapping.table


# Dialects


def test_the_real_article_speaks_the_dialect_of_other_sites(articles):
    best = dialect(articles[articles["site"] == "orbitalnewsnetwork.com"]).iloc[0]
    assert (best["dialect"], best["verdict"]) == ("news-a", "speaks it")
    assert best["phrases"] >= 20


def test_honest_texts_speak_no_dialect(articles):
    honest = articles[articles["role"] == "reference"].drop(columns="role").assign(site="honest.example")
    assert set(dialect(honest)["verdict"]) <= {"no sign", "too little"}
    apart = honest.assign(site=honest.index.astype(str))
    assert not dialect(apart)["verdict"].isin(["speaks it", "cannot be told apart"]).any()


@pytest.mark.parametrize("texts", [[], [""], ["Well."], [NEWS[:30]], ["The cat sat on the mat and slept."] * 20])
def test_with_too_little_nothing_is_said(texts):
    assert set(dialect(texts)["verdict"]) <= {"too little"}


def test_a_made_up_bag_is_told_apart(own):
    text = "We saw quasi alpha, quasi bravo, quasi charlie, quasi delta and quasi echo there."
    found = dialect([text], own)
    assert found[["dialect", "verdict"]].values.tolist() == [["red", "speaks it"], ["blue", "no sign"]]
    assert found["phrases"].tolist() == [5, 0]


def test_two_dialects_that_fit_alike_are_not_told_apart(own):
    words = "alpha bravo charlie delta echo foxtrot golf hotel india juliet"
    found = dialect(["Here " + ", ".join(f"quasi {word}" for word in words.split())], own)
    assert set(found["verdict"]) == {"cannot be told apart"}


def test_a_phrase_counts_once_an_article_and_less_in_each_further_one():
    known = Dialect(3, {("quasi", "alpha"): (3e-6, 1e-3)})
    once, often = ({("quasi", "alpha")}, 100), phrases_in("quasi alpha " * 9, {("quasi", "alpha")})
    assert often[0] == once[0]
    one, three = (weigh([once] * number, known)[0][("quasi", "alpha")] for number in (1, 3))
    assert one < three < 3 * one
    assert math.isclose(three, one * (1 + math.log(3)))


def test_of_a_phrase_and_one_inside_it_one_is_asked():
    rows = pd.DataFrame({"spun": ["quasi alpha", "the quasi alpha"], "address": ["a", "a"]})
    assert set(known_by(rows).rates) == {("quasi", "alpha")}


def test_sites_are_judged_apart_and_references_are_left_out(own):
    text = "quasi alpha, quasi bravo, quasi charlie, quasi delta, quasi echo"
    table = pd.DataFrame(
        {"text": [text, "Nothing.", text], "site": ["a", "b", "b"], "role": ["spun", "spun", "reference"]}
    )
    found = dialect(table, own).groupby("site").first()
    assert found["verdict"].to_dict() == {"a": "speaks it", "b": "too little"}


def test_articles_without_texts_are_an_error_with_its_mend():
    with pytest.raises(ValueError, match="Mend"):
        dialect(pd.DataFrame({"title": ["x"]}))


def test_no_articles_give_no_rows():
    assert verdicts({}, {}).empty


# Adding


def test_what_a_person_confirmed_enters_whole(own):
    preview = field_preview(new_rows(), own)
    assert preview["enters"].tolist() == ["new pair"]
    assert len(field_dictionary(own)) == 10
    add_to_field(new_rows(), own)
    row = field_dictionary(own).set_index("spun").loc["provide hyperlink"]
    assert (row["sightings"], row["pages"], row["judges"]) == (2, 1, "one")
    assert read_part(own, PAGES).set_index("address").loc["https://new.example/page", "gathered"] == "Ada Example"


def test_adding_twice_changes_nothing(own):
    add_to_field(new_rows(), own)
    before = {path.name: path.read_bytes() for path in own.glob("*.csv")}
    assert add_to_field(new_rows(), own)["enters"].tolist() == ["known"]
    assert {path.name: path.read_bytes() for path in own.glob("*.csv")} == before


def test_a_known_pair_on_a_new_page_is_a_new_sighting(own):
    rows = new_rows(spun="quasi alpha", original="old alpha")
    assert add_to_field(rows, own)["enters"].tolist() == ["new sighting"]
    assert field_dictionary(own).set_index("spun").loc["quasi alpha", "pages"] == 4


@pytest.mark.parametrize(
    "changes",
    [
        {"confirmed": ""},
        {"confirmed": "me"},
        {"confirmed": "ada@site.example"},
        {"confirmed": "x" * 100},
        {"address": "here"},
        {"address": "https://a.example/?to=ada@site.example"},
        {"how": "guessed"},
        {"count": "0"},
        {"count": "many"},
        {"dialect": "=red"},
        {"spun": "=supply hyperlink"},
        {"spun": "provide hyperlink to ada@site.example"},
        {"original": "provide hyperlink"},
        {"spun": "one two three four five six seven"},
    ],
)
def test_what_is_not_confirmed_or_breaks_a_rule_is_shown_and_left(own, changes):
    before = {path.name: path.read_bytes() for path in own.glob("*.csv")}
    found = add_to_field(new_rows(**changes), own)
    assert found["enters"].tolist() == ["skipped"]
    assert found["why"].ne("").all()
    assert {path.name: path.read_bytes() for path in own.glob("*.csv")} == before


def test_a_write_that_fails_leaves_no_half_pair(own, monkeypatch):
    from helpers.mapping import field_additions

    def full(path, content):
        if path.name == SIGHTINGS:
            raise OSError(28, "No space left on device")
        path.write_text(content)

    monkeypatch.setattr(field_additions, "write_file", full)
    with pytest.raises(FieldError, match=r"No space left.*Mend"):
        add_to_field(new_rows(), own)
    monkeypatch.undo()
    assert len(field_dictionary(own)) == 10
    add_to_field(new_rows(), own)
    assert len(field_dictionary(own)) == 11


def test_a_file_that_is_no_table_is_an_error_with_its_mend(own, tmp_path):
    for name, content in (("a.csv", "x,y\n1,2\n"), ("b.txt", "x")):
        (tmp_path / name).write_text(content)
        with pytest.raises(FieldError, match="Mend"):
            add_to_field(tmp_path / name, own)
    with pytest.raises(FieldError, match="no such file"):
        add_to_field(tmp_path / "none.csv", own)


def test_the_command_shows_first_and_writes_when_told(own, tmp_path):
    new_rows().to_csv(tmp_path / "new.csv", index=False)
    words = ["field", "add", str(tmp_path / "new.csv"), "--folder", str(own)]
    shown = CliRunner().invoke(cli, words)
    assert "would enter" in shown.output
    assert len(field_dictionary(own)) == 10
    done = CliRunner().invoke(cli, [*words, "--yes"])
    assert (done.exit_code, "1 of 1 rows entered" in done.output) == (0, True)
    assert len(field_dictionary(own)) == 11


def test_the_command_masks_what_it_shows(own, tmp_path):
    new_rows(spun="write to ada@site.example").to_csv(tmp_path / "new.csv", index=False)
    shown = CliRunner().invoke(cli, ["field", "add", str(tmp_path / "new.csv"), "--folder", str(own)])
    assert "ada@site.example" not in shown.output


# What is said of it


def test_the_figures_of_the_datasheet_are_those_of_the_tables():
    """Mend: python -m benchmarks.field, then the datasheet and docs/field.md."""
    counts = pd.read_csv(project_folder("benchmarks/results") / "field_dialects.csv").set_index("dialect")
    table, sightings = field_dictionary(), field_sightings()
    assert table.groupby("dialect").size().to_dict() == counts["pairs"].drop("all, each pair once").to_dict()
    distinct = len(table.drop_duplicates(["spun", "original"]))
    said = f"{distinct:,}", f"{sightings['address'].nunique()}", f"{sightings['site'].nunique()} sites"
    for page in ("corpus/field/README.md", "docs/field.md"):
        text = project_folder(page).read_text(encoding="utf-8")
        assert all(number in text for number in said), page
    sheet = project_folder("corpus/field/README.md").read_text(encoding="utf-8")
    assert all(f"| {name} |" in sheet for name in counts.index)
