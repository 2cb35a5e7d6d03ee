"""Reports below a folder go in; their index comes out: a table that sorts, small multiples, pairs of sites."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from helpers.corpus.terms import RECONSTRUCTED, SIMULATED
from helpers.display.plots import Picture, with_narrow
from helpers.files.atomic import write_file
from helpers.report.datapackage import read_descriptor
from helpers.report.facts.articles import pooled_share
from helpers.report.pictures import plot_site_tree, plot_small_multiples
from helpers.report.rendering import render

FIGURES = "figures"
MARK = "<title>Unspun: published articles compared with their sources</title>"  # every index has it
SavesPicture = Callable[[Picture, Path], object]  # see `report.save_picture`


def build_index(out: str | Path, made: str = "", save: SavesPicture | None = None, current: str = "") -> Path:
    """Write `out/index.html`, which lists the reports that lie below `out`, and return it.

    It says what the reports' own data say. `save` writes a picture beside the page (see `report.save_picture`). A
    report that was not made from `current` (the digest of a corpus) is marked so: its site may have left the corpus.
    Raises ValueError where the page that is there is somebody else's.
    """
    out = Path(out)
    page = must_be_index(out)
    reports = [
        report for path in sorted(out.glob("*/data/articles.csv")) if (report := _read(path.parents[1], current))
    ]
    parts = [_part(out, reports, simulated, save) for simulated in (False, True)]
    values = {"parts": [part for part in parts if part["rows"]], "made": made}
    write_file(page, render("index.html", values))
    return page


def must_be_index(out: Path) -> Path:
    """Return the page of an index; raise ValueError where a page is there that is somebody else's."""
    page = out / "index.html"
    if page.exists() and MARK not in page.read_text(encoding="utf-8", errors="replace"):
        mend = "move it, or name another folder."
        raise ValueError(f"{page}: this is no index of Unspun, and would be lost. Mend: {mend}")
    return page


def _read(folder: Path, current: str) -> dict | None:
    """What a report says about its site; None where it is not whole, or its summary is empty."""
    descriptor = read_descriptor(folder)
    if not descriptor or not (folder / "index.html").exists():
        return None
    summary = pd.read_csv(folder / "data" / "articles.csv", keep_default_na=False, na_values={"hours": [""]})
    if summary.empty:
        return None
    files = pd.read_csv(folder / "data" / "files.csv", keep_default_na=False)
    provenance = files["provenance"]
    comparisons, names = folder / "data" / "comparisons.csv", folder / "data" / "names.csv"
    return {
        "folder": folder.name,
        "site": str(summary["site"].iloc[0]),
        "summary": summary,
        "simulated": SIMULATED in provenance[files["role"] == "spun"].array,
        "reconstructed": RECONSTRUCTED in provenance[files["role"] == "reference"].array,
        "pdf": (folder / "report.pdf").exists(),
        "markdown": (folder / "report.md").exists(),
        "notebook": (folder / "report.ipynb").exists(),
        "comparisons": pd.read_csv(comparisons, keep_default_na=False, na_values={"p_holm": [""], "distance": [""]})
        if comparisons.exists()
        else pd.DataFrame(),
        "names": int(pd.read_csv(names, keep_default_na=False)["count"].sum()) if names.exists() else 0,
        "old": bool(current) and descriptor.get("unspun", {}).get("made_from") != current,
    }


def _part(out: Path, reports: list[dict], simulated: bool, save: SavesPicture | None) -> dict:
    """The real sites, or the simulated ones: rows of the table, pictures, and the pairs of sites."""
    chosen = [report for report in reports if report["simulated"] == simulated]
    name = "simulated" if simulated else "real"
    pictures = {}
    if sum(len(report["summary"]) for report in chosen) > 1:
        summaries = pd.concat([report["summary"] for report in chosen])
        pictures[f"{name}-articles"] = with_narrow(lambda: plot_small_multiples(summaries))
    distances = _distances(chosen)
    if len(distances) > 1:
        pictures[f"{name}-dictionaries"] = with_narrow(lambda: plot_site_tree(distances))
    if save and pictures:
        (out / FIGURES).mkdir(exist_ok=True)
        for file, picture in pictures.items():
            save(picture, out / FIGURES / file)
    return {
        "simulated": simulated,
        "rows": [_row(report) for report in chosen],
        "pictures": pictures,
        "saved": save is not None,
        "pairs": _pairs(chosen),
    }


def _row(report: dict) -> dict:
    summary, hours = report["summary"], report["summary"]["hours"].loc[lambda hours: hours >= 0]
    share, low, high = pooled_share(summary)
    return {
        **{name: report[name] for name in ("folder", "site", "reconstructed", "old", "pdf", "markdown", "notebook")},
        "articles": len(summary),
        "words": int(summary["words"].sum()),
        "share": share,
        "low": low,
        "high": high,
        "substitutions": int(summary["substitutions"].sum()),
        "in_quote": int(summary["in_quote"].sum()),
        "names": report["names"],
        "hours": float(hours.median()) if len(hours) else float("nan"),
    }


def _distances(reports: list[dict]) -> pd.DataFrame:
    sites = list(dict.fromkeys(report["site"] for report in reports if len(report["comparisons"])))
    table = pd.DataFrame(float("nan"), index=sites, columns=sites)
    for report in reports:
        for row in report["comparisons"].itertuples():
            if row.other in table.index and report["site"] in table.index:
                table.loc[report["site"], row.other] = row.distance
    for site in sites:
        table.loc[site, site] = 0.0
    return table


def _pairs(reports: list[dict]) -> list[dict]:
    """Each two sites once, the smallest p first."""
    shown = {report["site"] for report in reports}
    rows = [
        {**row, "site": report["site"]}
        for report in reports
        for row in report["comparisons"].to_dict("records")
        if row["other"] in shown and report["site"] < row["other"]
    ]
    return sorted(rows, key=lambda row: (row["p_holm"] != row["p_holm"], row["p_holm"], row["distance"]))
