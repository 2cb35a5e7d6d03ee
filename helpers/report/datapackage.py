"""A folder of CSV tables goes in; its `datapackage.json` comes out, in the form of the Frictionless Data Package.

https://specs.frictionlessdata.io/data-package/ says what the fields mean. Every file is listed with its size, its
SHA-256 and its columns, so that a reader, or a program, can tell whether anything was changed.
"""

import hashlib
import json
from pathlib import Path

import pandas as pd
from pandas.api.types import is_bool_dtype, is_datetime64_any_dtype, is_float_dtype, is_integer_dtype

from helpers.files.atomic import write_file

FILE = "datapackage.json"
TABLES = {
    "articles": "Each compared article: words copied and changed, hours after the source, lines moved, dropped, added",
    "quotations": "Passages with words changed inside quotation marks, with the speaker where the reference names one",
    "negations": "Substitutions that put a negation in or leave one out, doubtful readings apart",
    "names": "Names, titles and organisations that were changed",
    "changed_numbers": "Figures and dates that are not written as in the reference",
    "furniture": "Lines of site furniture",
    "frequency": "How often each original was replaced by each phrase, with Wilson's 95% interval",
    "substitutions": "Every substitution with its place in both stored texts",
    "paragraphs": "Every paragraph and what became of it",
    "bylines": "Who signs how many articles in how short a time",
    "sources": "The sites whose articles were used",
    "disguises": "Words written in look-alike letters or with hidden characters, as programs do not know them",
    "headlines": "How much of the source's headline each article keeps",
    "leftovers": "Links to the source and pictures of the source on the stored pages",
    "site_notes": "What the researcher noted in site.yml, with date and source",
    "comparisons": "This site's dictionary against every other's; of more than 30 sites, the 30 with the most articles",
    "linked_sites": "The sites with whose pages the stored pages of this site have something in common, with a verdict",
    "shared_indicators": "Everything that they have in common, with how many sites have it and what it rests on",
    "confirmations": "Each pair of phrases in these articles that somebody decided on: who, when, and in which act",
    "agreement": "How far the substitutions agree with those marked by hand, or by the program that made the site",
    "numbers": "Every number in the running text of the report, and how it was computed",
    "files": "The compared files with their SHA-256",
}
COLUMNS = {
    "spun_id": "article_id of the spun article",
    "reference_id": "article_id of its reference",
    "spun_start": "character offset into the stored spun text",
    "spun_end": "end of it, exclusive",
    "reference_start": "character offset into the stored reference",
    "reference_end": "end of it, exclusive",
    "spun": "as published",
    "original": "as in the reference",
    "words": "words, signs apart",
    "paraphrase": "few words kept, in short stretches: told anew or translated back, not spun word by word",
    "between_spaces": "words of the spun article as a word processor counts them",
    "read": "as a reader sees it",
    "changed": "words, or substitutions, that were changed",
    "copied": "words that stand unchanged in the reference",
    "share": "a share from 0 to 1",
    "count": "how often",
    "chances": "places in the references where the original stands",
    "rate": "count / chances",
    "rate_low": "lower end of Wilson's 95% interval",
    "rate_high": "upper end of it",
    "g2": "Dunning's log-likelihood ratio",
    "in_quote": "inside quotation marks",
    "in_name": "inside a proper name or title",
    "decision": "what a person decided on this pair of phrases in the mapping table",
    "confidence": "how sure the reading is, from 0 to 1",
    "sha256": "fingerprint of the stored file",
    "p": "probability of as much agreement if dictionaries are independent",
    "p_holm": "p corrected for all pairs tested",
    "surprise": "how surprising it is that so few share it, in bits; docs/indicators.md has the model",
    "signs": "families of what is shared: what one person sets up in one go is one",
    "tier": "how telling its kind is, as the field calls it",
    "rests_on": "on how many pages of each site it stands, and one of them",
    "sure": "a change of that gravity is no doubtful reading",
    "at_once": "on how many pairs the same act decided",
    "places": "substitutions that are such a pair",
    "level": "how grave, 6 (a negation) to 0 (mere form)",
    "hours": "from the source's publication to this one",
}


def describe(folder: Path, tables: dict[str, pd.DataFrame], facts: dict, unspun: dict) -> dict:
    """Return the descriptor of `folder`, whose tables lie in `data/NAME.csv`; `facts` are fields of the package.

    `unspun` is kept under the key of that name; the specification allows properties of one's own.
    """
    resources = []
    for name, table in tables.items():
        path = folder / "data" / f"{name}.csv"
        resources.append(
            {
                "name": name,
                "path": f"data/{name}.csv",
                "profile": "tabular-data-resource",
                "description": TABLES.get(name, name),
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                **fingerprint(path),
                "schema": {"fields": [_field(str(column), table[column]) for column in table]},
            }
        )
    return {"profile": "tabular-data-package", **facts, "resources": resources, "unspun": unspun}


def fingerprint(path: Path) -> dict:
    """Return the size and hash of a file, as a data package writes them."""
    content = path.read_bytes()
    return {"bytes": len(content), "hash": f"sha256:{hashlib.sha256(content).hexdigest()}"}


def _field(name: str, column: pd.Series) -> dict:
    kinds = [(is_bool_dtype, "boolean"), (is_integer_dtype, "integer"), (is_float_dtype, "number"),
             (is_datetime64_any_dtype, "string")]  # fmt: skip
    kind = next((kind for fits, kind in kinds if fits(column)), "string")
    field: dict[str, str | list[str]] = {"name": name, "type": kind}
    if kind == "boolean":
        field |= {"trueValues": ["True"], "falseValues": ["False"]}
    return field | ({"description": COLUMNS[name]} if name in COLUMNS else {})


def write_descriptor(folder: Path, descriptor: dict) -> Path:
    """Write `datapackage.json` into a folder, in one step, and return its path."""
    write_file(folder / FILE, json.dumps(descriptor, indent=1, ensure_ascii=False) + "\n")
    return folder / FILE


def read_descriptor(folder: Path) -> dict:
    """Return the descriptor of a report; an empty one where there is none, or none that can be read."""
    try:
        stored = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return stored if listed_files(stored) else {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def listed_files(descriptor: dict) -> list[dict]:
    """Return the entries of all files of a report, each with `path` and `hash`."""
    entries = [*descriptor.get("resources", []), *descriptor.get("unspun", {}).get("files", [])]
    return [entry for entry in entries if isinstance(entry["path"] + entry["hash"], str)]


def is_whole(folder: Path, descriptor: dict) -> bool:
    """Tell whether every file that a descriptor lists is there and as it was."""
    listed = listed_files(descriptor)
    return bool(listed) and all(is_as_listed(folder, entry) for entry in listed)


def is_as_listed(folder: Path, entry: dict) -> bool:
    """Tell whether a file is there and has the contents that its entry in a descriptor says."""
    path = folder / entry["path"]
    return path.is_file() and fingerprint(path)["hash"] == entry["hash"]
