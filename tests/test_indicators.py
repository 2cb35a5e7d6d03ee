"""A page tells who runs it only where an identifier is in use; what millions share or others wrote says nothing."""

import base64
import json
import random
import zlib
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.indicator_snippets import SNIPPETS, bitcoin
from benchmarks.indicators import TRAP_KINDS, WRAPPINGS
from helpers.corpus.formats.warc import one_page
from helpers.sites import indicators
from helpers.sites.known_values import says_nothing
from helpers.sites.page_reading import ICON, LINES, PAGE, SELLERS, rows_of
from helpers.sites.patterns import ASSOCIATIVE, CONCLUSIVE, KINDS, NOTHING, PATTERNS, TIERS, rows_of_table
from helpers.sites.wallets import wallet_kind, wallets

DOCS = Path(__file__).parents[1] / "docs"
URL = "https://site.example/a/"
SHELL = (
    '<html lang="en"><head>{head}</head><body><article><div class="entry-content"><p>Text.</p>{body}</div></article>'
    "<footer>{foot}</footer></body></html>"
)


def found(content: str | bytes, what: str = PAGE, url: str = URL, headers: list | None = None) -> set[tuple[str, str]]:
    """The kinds and values in an answer."""
    body = base64.b64encode(content if isinstance(content, bytes) else content.encode()).decode()
    return {(kind, value) for kind, value, _, _ in json.loads(rows_of(url, headers or [], what, body))}


def page(where: str, piece: str) -> str:
    return SHELL.format(**{place: piece if place == where else "" for place in ("head", "body", "foot")})


def identifying(rows: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those that tell of who runs a page."""
    tiers = (CONCLUSIVE, ASSOCIATIVE)
    return {(kind, value) for kind, value in rows if KINDS[kind].tier in tiers and not says_nothing(kind, value)}


@pytest.mark.parametrize("number", range(len(SNIPPETS)), ids=lambda n: f"{SNIPPETS[n].kind} {n}")
def test_an_identifier_is_found_where_its_vendor_has_one_put_it_and_nothing_else_is(number):
    snippet = SNIPPETS[number]
    x = snippet.make(random.Random(number))
    rows = identifying(found(page(snippet.where, snippet.html.format(x=x))))
    assert (snippet.kind, snippet.value(x)) in rows
    assert {kind for kind, _ in rows} <= {snippet.kind, "matomo_server"}


@pytest.mark.parametrize("wrapping", [name for name in WRAPPINGS if name != "put together by code"])
def test_what_optimisers_and_consent_banners_wrap_is_found_all_the_same(wrapping):
    for number, snippet in enumerate(SNIPPETS):
        if "<script>" in snippet.html:
            x = snippet.make(random.Random(number))
            piece = WRAPPINGS[wrapping][1](snippet.html.format(x=x))
            assert (snippet.kind, snippet.value(x)) in found(page(snippet.where, piece)), snippet.kind


@pytest.mark.parametrize("trap", [name for name in TRAP_KINDS if name != "in code that never runs"])
def test_what_only_looks_like_an_identifier_of_the_page_is_none(trap):
    where, make = TRAP_KINDS[trap]
    for seed in range(5):
        assert identifying(found(page(where, make(random.Random(seed))))) == set()


def test_every_pattern_has_a_kind_and_every_kind_a_tier_a_reason_and_who_explains_it():
    assert {pattern.kind for pattern in PATTERNS} <= set(KINDS)
    for kind, about in KINDS.items():
        assert about.tier in TIERS, kind
        assert about.why, kind
        assert about.family, kind
        assert about.vendor, kind
        assert about.source.startswith("https://") or not about.source, kind
    with_page = [kind for kind in {pattern.kind for pattern in PATTERNS} if not KINDS[kind].source]
    assert with_page == []


def test_every_pattern_but_those_of_builders_has_an_example():
    without = {pattern.kind for pattern in PATTERNS} - {snippet.kind for snippet in SNIPPETS}
    assert without == {"generator", "theme", "plugin", "author", "litecoin", "dogecoin"}


def test_every_known_value_is_of_a_kind_and_has_its_reason():
    for row in rows_of_table("known_values"):
        assert row["kind"] in KINDS
        assert len(row["reason"]) > 10


def test_a_theme_a_plug_in_and_a_generator_are_named_and_common_ones_say_nothing():
    head = (
        '<meta name="generator" content="WordPress 6.6.2"><link rel="stylesheet" href="/wp-content/themes/astra/a.css">'
        '<script src="/wp-content/plugins/contact-form-7/a.js"></script>'
        '<script src="/wp-content/plugins/harbor-ticker/a.js"></script>'
    )
    rows = found(page("head", head))
    assert {
        ("generator", "WordPress"),
        ("theme", "astra"),
        ("plugin", "harbor-ticker"),
        ("builder", "WordPress"),
    } <= rows
    assert says_nothing("theme", "astra")
    assert says_nothing("plugin", "contact-form-7")
    assert not says_nothing("plugin", "harbor-ticker")


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        *(
            ("google_analytics", "UA-1234567"),
            ("google_analytics", "UA-00000000"),
            ("google_tag_manager", "GTM-XXXXXX"),
        ),
        *(
            ("google_analytics_4", "G-XXXXXXXXXX"),
            ("meta_pixel", "123456789012345"),
            ("matomo", "demo.matomo.cloud|62"),
        ),
        *(("adsense", "pub-3940256099942544"), ("recaptcha", "6LeIxAcTAAAAAJcZVRqyHh71UMIEGNQ_MXjiZKhI")),
        *(("google_verification", "YOUR_VERIFICATION_CODE"), ("bitcoin", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa")),
        *(("image_host", "cdn.jsdelivr.net"), ("image_host", "i0.wp.com"), ("author", "admin"), ("feed", "/feed/")),
    ],
)
def test_examples_placeholders_and_what_millions_share_say_nothing(kind, value):
    assert says_nothing(kind, value)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        *(
            ("google_analytics", "UA-48213907"),
            ("google_tag_manager", "GTM-K7Q2MW"),
            ("matomo", "stats.site.example|3"),
        ),
        *(("meta_pixel", "728401936528107"), ("image_host", "img.brackwater.example"), ("author", "j-marrow")),
    ],
)
def test_an_identifier_of_ones_own_says_something(kind, value):
    assert not says_nothing(kind, value)


def test_lines_of_ads_txt_name_who_sells_directly_and_who_owns_and_resellers_say_nothing():
    lines = (
        "# our sellers\ngoogle.com, pub-7716402938815524, DIRECT, f08c47fec0942fa0\nadflow.example,4471,direct\n"
        "adflow.example, 9904, RESELLER\nOWNERDOMAIN=brackwater.example\nMANAGERDOMAIN=adflow.example\ncontact=x\n"
    )
    assert found(lines, LINES) == {
        *(("adsense", "pub-7716402938815524"), ("ads_txt", "google.com|pub-7716402938815524")),
        *(
            ("ads_txt", "adflow.example|4471"),
            ("ads_txt_owner", "brackwater.example"),
            ("ads_txt_manager", "adflow.example"),
        ),
    }


def test_sellers_are_read_and_what_is_no_list_is_nothing():
    sellers = {"sellers": [{"seller_id": "17", "name": "A", "domain": "a.example"}, "x", {}]}
    assert found(json.dumps(sellers), SELLERS) == {("sellers_json", "site.example|17")}
    for broken in ("[", "[]", "{}", '{"sellers": 3}'):
        assert found(broken, SELLERS) == set()


def test_an_icon_is_known_by_its_bytes_in_a_file_or_in_the_page():
    icon = b"\x00\x00\x01\x00" + bytes(40)
    address = f"data:image/x-icon;base64,{base64.b64encode(icon).decode()}"
    in_page = found(page("head", f'<link rel="icon" href="{address}">'))
    assert {row for row in found(icon, ICON) if row[0] == "favicon"} <= in_page


def test_another_host_that_a_page_gives_as_its_own_is_noted_and_its_own_subdomain_is_not():
    head = (
        '<link rel="canonical" href="https://older.example/a/"><meta property="og:url" content="https://www.site.example/a/">'
        '<link rel="https://api.w.org/" href="https://m.site.example/wp-json/">'
    )
    assert {row for row in found(page("head", head)) if row[0] == "own_address"} == {("own_address", "older.example")}


def test_a_theme_in_another_language_than_the_page_is_noted():
    foot = "<a>Читать далее</a> <a>Рубрики</a> <a>Поделиться</a>"
    assert ("furniture_language", "ru on a page in en") in found(page("foot", foot))
    assert not [
        row for row in found(page("foot", "<a>Read more</a> <a>Categories</a>")) if row[0] == "furniture_language"
    ]


def test_no_address_of_a_person_leaves_the_reader():
    foot = (
        '<p>Write to jane.doe@site.example, +44 20 7946 0018</p><a href="mailto:desk@site.example">us</a>'
        '<a href="tel:+442079460018">call</a><a class="__cf_email__" data-cfemail="422328602c6c273a232f322e27">x</a>'
    )
    said = rows_of(URL, [], PAGE, base64.b64encode(page("foot", foot).encode()).decode()).decode()
    assert {"email", "telephone"} <= {row[0] for row in json.loads(said)}
    for secret in ("jane", "desk@", "7946"):
        assert secret not in said


def test_an_address_hidden_by_cloudflare_is_the_same_as_the_open_one():
    hidden = bytes([7, *(ord(sign) ^ 7 for sign in "desk@site.example")]).hex()
    in_link = found(page("foot", '<a href="mailto:Desk@site.example?subject=x">us</a>'))
    assert {row for row in in_link if row[0] == "email"} <= found(page("foot", f'<a data-cfemail="{hidden}">x</a>'))


def test_the_server_is_told_by_its_headers():
    assert ("server", "nginx") in found("<p>x</p>", headers=[["Server", "nginx/1.2"]])


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", "bitcoin"),
        ("1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN3", ""),
        ("3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy", "bitcoin"),
        ("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "bitcoin"),
        ("bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0", "bitcoin"),
        ("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5", ""),
        ("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "ethereum"),
        ("0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", ""),
        ("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", "ethereum"),
        ("TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t", "tron"),
        ("0000", ""),
    ],
)
def test_a_wallet_is_known_by_its_checksum(address, kind):
    assert wallet_kind(address) == kind


@given(st.randoms(use_true_random=False), st.integers(0, 33), st.sampled_from("123456789ABCDEFGHJKLMNPQRSTUVWXYZ"))
def test_one_changed_sign_makes_a_wallet_none(rng, at, sign):
    address = bitcoin(rng)
    changed = address[:at] + sign + address[at + 1 :]
    assert wallet_kind(address) == "bitcoin"
    assert changed == address or len(changed) != len(address) or wallet_kind(changed) == ""


@given(st.text(alphabet=st.sampled_from("bc1qw508d6ejxtg4yvHKzLM0x9AF "), max_size=150))
def test_whatever_is_said_of_a_wallet_stands_in_the_text(text):
    assert all(text[at : at + len(address)] == address for _, address, at in wallets(text))


@given(st.text(alphabet=st.sampled_from("<>/\"'=scriptmeasrc-UA0123456789 \n!*`"), max_size=400))
def test_no_page_breaks_the_reader(text):
    assert isinstance(found(text), set)


@pytest.mark.parametrize("url", ["", "http://[broken", "about:blank", "https://"])
def test_broken_addresses_break_nothing(url):
    head = '<link rel="stylesheet" href="http://[x/a.css"><link rel="alternate" href="http://[x/feed"><img src="//[">'
    foot = '<a href="http://[::1">x</a><a href="mailto:">y</a><a href="tel:">z</a>'
    assert ("language", "en") in found(page("head", head), url=url)
    assert ("language", "en") in found(page("foot", foot), url=url)


def archive(*answers: tuple[str, str, bytes]) -> bytes:
    return b"".join(one_page(url, body, "200 OK", [("Content-Type", form)]) for url, form, body in answers)


def test_archives_in_a_folder_are_read_page_by_page_and_what_is_broken_is_named(tmp_path):
    tag = b"<html><script>gtag('config', 'G-K7Q2MW4XPA')</script></html>"
    good = archive(("https://a.example/", "text/html", tag), ("https://a.example/x.png", "image/png", b"\x89PNG"))
    (tmp_path / "a.warc.gz").write_bytes(good)
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "b.warc.gz").write_bytes(archive(("https://b.example/", "text/html", tag))[:-9] + b"xxxxxxxxx")
    (tmp_path / "notes.txt").write_text("no archive")
    table = indicators(tmp_path)
    assert set(table.loc[table["kind"] == "google_analytics_4", "site"]) >= {"a.example"}
    assert table.attrs["pages"]["a.example"] == 1
    assert any("deep" in problem["file"] for problem in table.attrs["problems"])


def test_a_page_that_is_too_much_is_named_and_the_others_are_read(tmp_path):
    deep = b"<html>" + b"<div>" * 400 + b"x"
    (tmp_path / "a.warc.gz").write_bytes(
        archive(("https://a.example/", "text/html", deep), ("https://b.example/", "text/html", b"<html lang=en>"))
    )
    table = indicators(tmp_path / "a.warc.gz")
    assert set(table["site"]) == {"b.example"}
    [problem] = table.attrs["problems"]
    assert (problem["place"], problem["mend"]) == ("record 1", "leave the page out, or look at it by hand.")


def test_a_page_that_the_wayback_machine_handed_out_is_of_the_site_it_shows():
    was = "https://web.archive.org/web/20230104112233"
    loaded = f'<script src="{was}js_/https://scripts.mediavine.com/tags/harbor-wire.js"></script>'
    content = page("head", f'<link rel="canonical" href="{was}/https://older.example/a/">{loaded}')
    rows = indicators(pd.DataFrame({"url": [f"{was}/https://www.site.example/a/"], "html": [content]})).set_index(
        "kind"
    )
    assert set(rows["site"]) == {"site.example"}
    assert rows.loc["mediavine", "value"] == "harbor-wire"
    assert rows.loc["own_address", "value"] == "older.example"


def test_a_table_of_pages_gives_the_same_as_an_archive_and_one_that_lacks_a_column_is_refused(tmp_path):
    content = page("head", "<script>fbq('init', '728401936528107');</script>")
    (tmp_path / "a.warc.gz").write_bytes(archive((URL, "text/html; charset=utf-8", content.encode())))
    table = pd.DataFrame({"url": [URL], "html": [content], "headers": [{"Content-Type": "text/html"}]})
    pd.testing.assert_frame_equal(indicators(table), indicators([tmp_path / "a.warc.gz"]))
    with pytest.raises(ValueError, match=r"lacks html\. Mend"):
        indicators(table.drop(columns="html"))
    with pytest.raises(FileNotFoundError, match="Mend"):
        indicators(tmp_path / "none")


def test_the_network_in_the_corpus_is_what_its_program_makes(corpus):
    from helpers.evaluation.network import network_files

    made = network_files(corpus)
    assert sorted(path.name for path in (corpus / "network").glob("*.gz")) == sorted(made)
    for name, content in made.items():  # packed anew it may have other bytes elsewhere
        assert _unpacked((corpus / "network" / name).read_bytes()) == _unpacked(content)


def _unpacked(content: bytes) -> bytes:
    pieces = []
    while content:
        packed = zlib.decompressobj(zlib.MAX_WBITS | 16)
        pieces.append(packed.decompress(content))
        content = packed.unused_data
    return b"".join(pieces)


SCRIPT = spec_from_file_location("indicators_page", DOCS / "scripts" / "indicators.py")
written = module_from_spec(SCRIPT)
SCRIPT.loader.exec_module(written)


def test_the_page_on_indicators_is_what_its_tables_make_of_it():
    """Mend: python docs/scripts/indicators.py."""
    page_now = (DOCS / "indicators.md").read_text(encoding="utf-8")
    assert written.filled(page_now) == page_now


def test_every_kind_beside_information_laundromat_is_one_of_ours_and_what_we_lack_has_its_reason():
    for row in written.their_rows():
        assert set(row["ours"].split()) <= set(KINDS), row["theirs"]
        assert row["ours"] or row["note"], row["theirs"]


def test_the_benchmark_gives_the_same_again_for_a_builder():
    from benchmarks.indicators import BUILDERS, _of_page

    builder = next(iter(BUILDERS))
    rows = [row for number in range(3) for row in _of_page(builder, random.Random(f"{builder} {number}"), number)]
    assert {row[-1] for row in rows} <= {"found", "missed", "trap", "false"}
    assert rows == [
        row for number in range(3) for row in _of_page(builder, random.Random(f"{builder} {number}"), number)
    ]


def test_a_value_that_says_nothing_keeps_its_row_and_its_reason():
    content = page("head", "<script>ga('create', 'UA-54516992-1')</script>")
    table = indicators(pd.DataFrame({"url": [URL], "html": [content]})).set_index("kind")
    assert table.loc["google_analytics", ["value", "tier"]].tolist() == ["UA-54516992", NOTHING]
    assert "demonstration" in table.loc["google_analytics", "why"]
