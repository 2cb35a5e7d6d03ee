"""The tables of indicators go in; their part of docs/indicators.md comes out, between its marks.

`python docs/scripts/indicators.py` writes it; a test sees that it is as it would write it.
"""

import csv
import re
from collections import Counter
from pathlib import Path

from helpers.sites.patterns import KINDS, PATTERNS, TIERS, rows_of_table
from helpers.sites.surprise import surprise

DOCS = Path(__file__).parents[1]
PAGE = DOCS / "indicators.md"
THEIRS = DOCS / "information_laundromat.csv"
RESULTS = DOCS.parent / "benchmarks" / "results" / "indicators.csv"
# Where those kinds are found that no pattern finds: by code of their own.
ELSEWHERE = {
    "ads_txt": "ads.txt", "ads_txt_owner": "ads.txt", "ads_txt_manager": "ads.txt", "sellers_json": "sellers.json",
    "tron": "words around the article", "matomo_server": "script", "email": "link, words around the article",
    "telephone": "link, words around the article", "copyright": "foot", "gravatar": "pictures", "favicon": "the file",
    "favicon_murmur": "the file", "css_content": "the file", "server": "headers",
}  # fmt: skip


def their_rows() -> list[dict[str, str]]:
    """The list of Information Laundromat, with what is ours of it."""
    with open(THEIRS, encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def kinds() -> str:
    """All kinds, those of one tier together, with who explains them."""
    rows = ["| kind | tier | stands in | explained by |", "|---|---|---|---|"]
    for tier in TIERS:
        for kind, about in sorted(KINDS.items()):
            if about.tier == tier:
                source = f"[{about.vendor}]({about.source})" if about.source else about.vendor
                rows.append(f"| `{kind}` | {tier} | {_places(kind)} | {source} |")
    return "\n".join(rows)


def _places(kind: str) -> str:
    places = dict.fromkeys(pattern.where for pattern in PATTERNS if pattern.kind == kind)
    return ", ".join(places) or ELSEWHERE.get(kind, "the page")


def laundromat() -> str:
    """What Information Laundromat has and what we have, row by row; and what it lacks."""
    rows = ["| Information Laundromat | its tier | Unspun | |", "|---|---|---|---|"]
    for row in their_rows():
        ours = ", ".join(f"`{kind}`" for kind in row["ours"].split()) or "–"
        rows.append(f"| {row['theirs']} | {row['tier'] or '–'} | {ours} | {row['note']} |")
    named = {kind for row in their_rows() for kind in row["ours"].split()}
    lacks = sorted(set(KINDS) - named)
    return "\n".join(rows) + f"\n\nNot on its list, and here: {', '.join(f'`{kind}`' for kind in lacks)}."


def bits() -> str:
    """How surprising a shared value is, by tier and by how many of how many sites have it."""
    cases = [(2, 6), (3, 6), (2, 30), (10, 30), (2, 200), (20, 200), (100, 200)]
    head = "| | " + " | ".join(f"{k} of {n}" for k, n in cases) + " |"
    rows = [f"| {tier} | " + " | ".join(f"{surprise(k, n, tier):.1f}" for k, n in cases) + " |" for tier in TIERS]
    return "\n".join([head, "|---" * (len(cases) + 1) + "|", *rows])


def measured() -> str:
    """What the benchmark gave, in a sentence or two."""
    with open(RESULTS, encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    whole = next(row for row in rows if row["group"] == "all")
    traps = [row for row in rows if row["group"] == "trap" and int(row["false"])]
    fallen = [f"{row['name']} ({row['false']} of {row['traps']})" for row in traps]
    lost = [row for row in rows if row["group"] == "wrapping" and row["planted"] != row["found"]]
    missed = [f"{row['name']} ({int(row['planted']) - int(row['found'])} of {row['planted']})" for row in lost]
    builders = sum(row["group"] == "builder" for row in rows)
    recall, precision = _share(whole, "recall"), _share(whole, "precision")
    return (
        f"On {whole['pages']} made-up pages of {builders} builders and themes, {int(whole['found']):,} of "
        f"{int(whole['planted']):,} planted identifiers were found (recall {recall}), and {whole['false']} that were "
        f"none (precision {precision}), beside {int(whole['traps']):,} traps. "
        f"Missed: what was {', '.join(missed) or 'nothing'}. Fallen for: traps {', '.join(fallen) or 'none'}."
    )


def _share(row: dict[str, str], name: str) -> str:
    value, low, high = (float(row[f"{name}{part}"]) for part in ("", "_low", "_high"))
    return f"{value:.3f}, 95% interval {low:.3f} to {high:.3f}"


def counts() -> str:
    """How many kinds, patterns and known values there are."""
    tiers = Counter(about.tier for about in KINDS.values())
    named = ", ".join(f"{tiers[tier]} {tier}" for tier in TIERS)
    return (
        f"There are {len(KINDS)} kinds ({named}), {len(PATTERNS)} patterns and {len(rows_of_table('known_values')):,} "
        "known values."
    )


PARTS = {"counts": counts, "kinds": kinds, "laundromat": laundromat, "bits": bits, "measured": measured}


def filled(page: str) -> str:
    """The page with its parts made anew."""
    for name, make in PARTS.items():
        marks = rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)"
        begin, end = re.search(marks, page, re.S).span(1)[1], re.search(marks, page, re.S).span(2)[0]
        page = f"{page[:begin]}{make()}\n{page[end:]}"
    return page


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
