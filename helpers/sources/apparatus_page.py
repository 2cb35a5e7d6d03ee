"""A reconstruction goes in; a page to read comes out: the text, its places numbered, what versions read beside it."""

import hashlib
from functools import lru_cache
from html import escape
from string import ascii_uppercase
from typing import Any

import jinja2

from helpers.display.masking import is_masked
from helpers.sources.readings_shown import lines_shown, shown
from helpers.sources.reconstructed import Reconstructed

DOUBTFUL = 0.9  # a word that is less probable has a question mark
SEARCHED, FEWEST_WORDS = 8, 6  # sentences that are named to search for; a shorter one is found anywhere
LEAST_SURE = 0.5  # that every word of such a sentence is right
POLICY = "default-src 'none'; style-src 'unsafe-inline'"


@lru_cache(maxsize=1)
def _template() -> jinja2.Template:
    loader = jinja2.PackageLoader("helpers.sources", ".")
    environment = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True)
    environment.filters["percent"] = percent
    return environment.get_template("apparatus.html.jinja")


def percent(share: float) -> str:
    """Return a share in percent, rounded, but what is not certain is never 100.

    >>> percent(0.999), percent(1.0), percent(0.776)
    ('99%', '100%', '78%')
    """
    return f"{100 if share >= 1 else min(round(100 * share), 99)}%"


def sigla(count: int) -> list[str]:
    """Return a short sign for each of some versions.

    >>> sigla(28)[-3:]
    ['Z', 'A2', 'B2']
    """
    return [
        ascii_uppercase[at % 26] + (str(at // 26 + 1) if at >= 26 else "") for at in range(count)
    ]  # fmt: skip


def apparatus_page(made: Reconstructed, whole: bool = True) -> str:
    """Return the page of a reconstruction; not `whole`: the part that a notebook shows."""
    title = "The lost source: " + shown(made.text.split("\n", 1)[0])
    lines = [{"pieces": line, "notes": [piece.note for piece in line if piece.note]} for line in lines_shown(made)]
    text = _template().render(
        whole=whole,
        title=title,
        note=shown(made.note),
        key="r" + hashlib.sha256(made.text.encode()).hexdigest()[:6],
        words=f"{len(made.words):,}",
        places=f"{len(made.apparatus):,}",
        doubtful=DOUBTFUL,
        lines=lines,
        versions=_versions(made),
        searched=_searched(made),
        passages=_passages(made),
        masked=is_masked(shown(made.text + "\n".join(made.sources.values()))),
    )
    if not whole:
        return text
    head = (
        f'<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}"><title>{escape(title)}</title>'
    )
    return f'<!DOCTYPE html>\n<html lang="en">\n<head>{head}</head>\n<body>\n{text}\n</body>\n</html>\n'


def _versions(made: Reconstructed) -> list[dict[str, Any]]:
    signs = sigla(len(made.versions))
    return [
        {
            "siglum": sign,
            "name": shown(str(row["version"])),
            "site": shown(str(row["site"])),
            "copies": ", ".join(shown(str(name)) for name in row["copies"]),
            "kept": row["kept"],
            "dictionary": "no sharing seen"
            if row["same_dictionary"] == row["site"]
            else f"taken for that of {shown(row['same_dictionary'])}",
        }
        for sign, row in zip(signs, made.versions.to_dict("records"), strict=True)
    ]


def _searched(made: Reconstructed) -> list[dict[str, Any]]:
    places = {name: at for at, name in enumerate(made.versions["version"])}
    rows = [
        row
        for row in made.sentences.to_dict("records")
        if row["left_alone"] and row["probability"] >= LEAST_SURE and len(row["sentence"].split()) >= FEWEST_WORDS
    ]
    rows = [row for row in rows if not is_masked(shown(row["sentence"]))]
    rows.sort(key=lambda row: -len(row["sentence"]))
    return [
        {
            "words": shown(row["sentence"]),
            "who": [places[name] for name in row["left_alone"]],
            "probability": row["probability"],
        }
        for row in rows[:SEARCHED]
    ]


def _passages(made: Reconstructed) -> list[dict[str, str]]:
    signs = dict(zip(made.versions["version"], sigla(len(made.versions)), strict=True))
    return [
        {"siglum": signs[row["version"]], "op": row["op"], "words": shown(row["passage"])}
        for row in made.passages.to_dict("records")
    ]
