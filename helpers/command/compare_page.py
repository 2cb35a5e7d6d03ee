"""A comparison goes in; its page comes out as HTML: a summary, the findings, both texts side by side, all pairs."""

import shlex
from importlib.metadata import version

from helpers.command.compare_texts import REFERENCE, SPUN, Compared
from helpers.command.terminal import rows_of
from helpers.files.dates import now
from helpers.report.facts.numbers import counted_by_change
from helpers.report.rendering import day, render
from helpers.report.texts_side_by_side import Texts, all_marks, kinds_of, passage, shown_rows

TEMPLATE = "compare.html"
PACKAGES = ["unspun", "pandas", "nltk", "numba", "simplemma", "wordsegment"]


def compare_page(compared: Compared, fingerprints: dict[str, str]) -> str:
    """Return the page on a comparison; `fingerprints` of page, table and texts stand in its head."""
    summary = compared.summary
    counts = {name: int(summary[name]) for name in ("words", "copied", "changed", "in_quote")}
    texts = whole_texts(compared)
    both = all_marks(texts)
    sides = {"spun": compared.spun, "reference": compared.reference}
    values = {
        "spun": compared.spun,
        "reference": compared.reference,
        "texts": {"spun": compared.articles.loc[SPUN], "reference": compared.articles.loc[REFERENCE]},
        "n": {**counts, "added": counts["words"] - counts["copied"] - counts["changed"]},
        "caution": compared.caution,
        "related": compared.related,
        "quotations": _quotations(compared),
        "negations": int(((compared.quotations["moved"] == "negation") & compared.quotations["sure"]).sum()),
        "names": compared.names,
        "numbers": compared.numbers,
        "numbers_by_change": counted_by_change(compared.numbers["change"]),
        "frequency": compared.frequency,
        "substitutions": len(compared.substitutions),
        "rows": shown_rows(texts, both),
        "kinds": kinds_of(texts, both) if compared.related else [],
        "made": day(now()),
        "fingerprints": fingerprints,
        "command": " ".join(["unspun compare", *_arguments(compared)]),
        "versions": [(name, version(name)) for name in PACKAGES],
        "files": sides,
    }
    return render(TEMPLATE, values)


def whole_texts(compared: Compared) -> Texts:
    """Return both texts with what comparing them gave, as they stand side by side."""
    return Texts(
        compared.spun_text, compared.reference_text, compared.alignment, compared.paragraphs, compared.substitutions
    )


def _arguments(compared: Compared) -> list[str]:
    """What to type to make the page again, without the folders in which the files lay."""
    words = [compared.spun.file, compared.reference.file]
    for option, source in (("--article", compared.spun), ("--reference-article", compared.reference)):
        words += [option, source.article] if source.article else []
    return [shlex.quote(word) for word in words]


def _quotations(compared: Compared) -> list[dict[str, object]]:
    """The altered quotations, both sides with their changes marked."""
    found = compared.substitutions
    shown: list[dict[str, object]] = []
    for row in rows_of(compared.quotations):
        changes = found[(found["spun_start"] < row.spun_end) & (found["spun_end"] > row.spun_start)]
        spun, reference = (row.spun_start, row.spun_end), (row.reference_start, row.reference_end)
        shown.append(
            {
                "speaker": row.speaker,
                "changed": row.changed,
                "moved": row.moved,
                "spun": passage(compared.spun_text, spun, changes, "spun"),
                "reference": passage(compared.reference_text, reference, changes, "reference"),
            }
        )
    return shown
