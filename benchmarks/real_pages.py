"""How well are real spun pages told from real honest ones? One command, one table.

`python -m benchmarks.real_pages FOLDER` writes `results/real_pages*.csv`. FOLDER holds the pages' texts, which stay out
of the repository: files `index*.csv` with the columns `address`, `role`, `dialect`, `file`, and the texts they name.
Whoever wants to measure fetches or pastes them himself: no copy of a page comes with Unspun.
Roles: spun and clean (pages of `corpus/field/pages.csv`, from which the field's dictionary was gathered), spun-new and
clean-new (found later, and seen by nobody who built the detector). No weight is learnt from any of them. A page is
judged with the field's dictionary as it is without the rows that were seen on its own site only. The pages fall into
two halves by their addresses (CRC-32, even and odd), so that one can be looked at and the other kept to measure.
Shares have Wilson's 95 % intervals, areas 95 % bootstrap intervals over sites. Simulated texts are those of
`benchmarks.detection`, of 300 words.
"""

import sys
import zlib
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import binomtest

from benchmarks.cores import on_every_core
from benchmarks.detection import model_alone, with_rates
from benchmarks.dictionaries import LIKE_SPINBOT
from benchmarks.train_detector import field_phrases
from helpers.detection.phrase_hits import Phrases, known_phrases
from helpers.detection.spun_score import CANNOT_TELL, LOOK, PRIOR, SPUN, judged
from helpers.files.atomic import write_file
from helpers.files.urls import host_of
from helpers.mapping.field import PAGES, field_folder, field_sightings, read_part

CORPUS = Path(__file__).parents[1] / "corpus"
RESULTS = Path(__file__).parent / "results"
INDEX = ["address", "role", "dialect", "file"]
HONEST, SPUN_ROLES = ("clean", "clean-new"), ("spun", "spun-new")
# What swaps no words: told apart from what the detector is for.
OTHERS = {
    "back-translation": "back-translation",
    "machine-translation": "machine translation",
    "paraphrase-network": "paraphrase by a network",
    "homoglyph": "look-alike letters",
}
SWAPPED = "word-swapped"
BANDS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
DRAWS, SEED = 300, 18


class NoPagesError(ValueError):
    """A folder that holds no pages; the message names it and the mend."""


def pages_of(folder: Path) -> pd.DataFrame:
    """Return the pages of a folder: INDEX, `site`, `text`, `half`; an address that stands twice is taken once.

    Raises `NoPagesError` where there are none, or a text is missing.
    """
    indexes = sorted(folder.glob("index*.csv"))
    if not indexes:
        raise NoPagesError(f"{folder}: no index*.csv in it. Mend: write address,role,dialect,file of each page there.")
    rows = pd.concat([pd.read_csv(path, dtype=str, keep_default_na=False)[INDEX] for path in indexes])
    rows = rows.drop_duplicates("address").reset_index(drop=True)
    if missing := [name for name in rows["file"] if not (folder / name).is_file()]:
        raise NoPagesError(f"{folder / missing[0]}: not there, though an index names it. Mend: put the text there.")
    texts = [(folder / name).read_text(encoding="utf-8") for name in rows["file"]]
    new = rows["role"].str.endswith("-new")
    even = rows["address"].map(lambda address: zlib.crc32(address.encode()) % 2 == 0)
    half = np.where(new, "new", np.where(even, "even half", "odd half"))
    return rows.assign(site=rows["address"].map(host_of), text=texts, half=half)


def family(role: str, dialect: str) -> str:
    """Return the family of a page."""
    return "honest" if role in HONEST else OTHERS.get(dialect, SWAPPED)


def tables_without(site: str) -> list[Phrases]:
    """Return the tables that come with Unspun, without what the field's dictionary saw on one site only."""
    seen = field_sightings(CORPUS / "field")
    return [known_phrases()[0], Phrases.of(with_rates(field_phrases(seen[seen["site"] != site])))]


def score(text: str, site: str, known: frozenset[str], asked: bool = True) -> tuple[float, float, float, str, float]:
    """Return what the detector says of a page, and how the language model is surprised by it."""
    tables = tables_without(site) if site in known else list(known_phrases())
    found = judged(text, tables, asked)
    surprise = model_alone(text, [(0, len(text))])[0] if asked else 0.0
    return found.probability, found.low, found.high, found.verdict, surprise


def scored(pages: pd.DataFrame) -> pd.DataFrame:
    """Return the pages with `probability`, `low`, `high`, `verdict`, `surprise`, `family`."""
    known = frozenset(field_sightings(CORPUS / "field")["site"])
    found = on_every_core(partial(score, known=known), pages["text"], pages["site"])
    columns = pd.DataFrame(found, columns=["probability", "low", "high", "verdict", "surprise"], index=pages.index)
    families = list(map(family, pages["role"], pages["dialect"]))
    return pages.join(columns).assign(family=families)


# What is measured


def share(hits: int, number: int) -> str:
    """Return a share with its interval, as a cell of a table."""
    if not number:
        return ""
    ends = binomtest(hits, number).proportion_ci(method="wilson")
    return f"{hits}/{number} = {hits / number:.2f} ({ends.low:.2f}–{ends.high:.2f})"


def area(honest: pd.DataFrame, spun: pd.DataFrame, column: str = "probability") -> str:
    """Return the area under the ROC curve with its interval over sites, as a cell of a table."""
    if honest.empty or spun.empty:
        return ""
    rng = np.random.default_rng(SEED)
    draws = [_area(_drawn(honest, column, rng), _drawn(spun, column, rng)) for _ in range(DRAWS)]
    low, high = np.quantile(draws, [0.025, 0.975])
    return f"{_area(honest[column].to_numpy(), spun[column].to_numpy()):.3f} ({low:.3f}–{high:.3f})"


def _area(honest: np.ndarray, spun: np.ndarray) -> float:
    """The share of pairs in which the spun page stands higher; those that are alike count half (Mann and Whitney)."""
    below, above = (np.searchsorted(np.sort(honest), spun, side=side) for side in ("left", "right"))
    return float((below + above).mean() / 2 / len(honest))


def _drawn(rows: pd.DataFrame, column: str, rng: np.random.Generator) -> np.ndarray:
    """The values of as many sites as there are, drawn anew."""
    site, sites = pd.factorize(rows["site"])
    times = np.bincount(rng.integers(len(sites), size=len(sites)), minlength=len(sites))
    return np.repeat(rows[column].to_numpy(), times[site])


def row_of(pages: str, kind: str, honest: pd.DataFrame, spun: pd.DataFrame) -> dict[str, object]:
    """Return a row of the table: some spun pages beside some honest ones."""
    highest = honest["probability"].max()
    return {
        "pages": pages,
        "kind": kind,
        "number": len(spun),
        "above every honest": share(int((spun["probability"] > highest).sum()), len(spun)),
        "above 0.5": share(int((spun["probability"] > 0.5).sum()), len(spun)),
        "said to be spun": share(int((spun["verdict"] == SPUN).sum()), len(spun)),
        "area": area(honest, spun),
        "area of low surprise": area(
            honest.assign(less=-honest["surprise"]), spun.assign(less=-spun["surprise"]), "less"
        ),
    }


def honest_row(pages: str, kind: str, honest: pd.DataFrame) -> dict[str, object]:
    """Return a row of the table for honest pages: how many were suspected."""
    return {
        "pages": pages,
        "kind": f"honest: {kind}",
        "number": len(honest),
        "above 0.5": share(int((honest["probability"] > 0.5).sum()), len(honest)),
        "said to be spun": share(int((honest["verdict"] == SPUN).sum()), len(honest)),
        "highest": f"{honest['probability'].max():.2f}" if len(honest) else "",
    }


def table_of(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the table: by family and dialect, of all pages, of each half, and of the new ones."""
    made = []
    parts = {"all": rows, **{half: rows[rows["half"] == half] for half in ("even half", "odd half", "new")}}
    for name, part in parts.items():
        honest, spun = part[part["family"] == "honest"], part[part["family"] != "honest"]
        swapped = spun[spun["family"] == SWAPPED]
        groups = [(SWAPPED, swapped), ("of these like SpinBot", swapped[swapped["dialect"].isin(LIKE_SPINBOT)])]
        groups += [(kind, spun[spun["family"] == kind]) for kind in OTHERS.values()]
        if name == "all":
            groups += [(f"dialect {dialect}", group) for dialect, group in swapped.groupby("dialect")]
        made += [row_of(name, kind, honest, group) for kind, group in groups if len(group) and len(honest)]
        made.append(honest_row(name, "all", honest))
        if name == "all":
            made += [honest_row(name, kind, group) for kind, group in honest.groupby("dialect")]
    return pd.DataFrame(made).fillna("")


def calibration(rows: pd.DataFrame) -> pd.DataFrame:
    """Return for bands of the probability what share of the pages there is spun; in all spun ones weigh PRIOR."""
    rows = rows[rows["family"].isin(["honest", SWAPPED])]
    spun = (rows["family"] == SWAPPED).to_numpy()
    weight = np.where(spun, PRIOR / max(spun.sum(), 1), (1 - PRIOR) / max((~spun).sum(), 1))
    band = np.clip(np.searchsorted(BANDS, rows["probability"], side="right") - 1, 0, len(BANDS) - 2)
    made = []
    for number in range(len(BANDS) - 1):
        here = band == number
        if not here.any():
            continue
        said = np.average(rows["probability"][here], weights=weight[here])
        was = weight[here & spun].sum() / weight[here].sum()
        effective = weight[here].sum() ** 2 / (weight[here] ** 2).sum()
        ends = binomtest(round(was * effective), round(effective)).proportion_ci(method="wilson")
        band_name = f"{BANDS[number]:.1f} to {BANDS[number + 1]:.1f}"
        made.append((band_name, int(here.sum()), int((here & spun).sum()), said, was, ends.low, ends.high))
    return pd.DataFrame(made, columns=["band", "pages", "spun", "said", "was", "low", "high"])


def had(rows: pd.DataFrame) -> pd.DataFrame:
    """Return how many addresses of the field's pages could be had, by role and dialect."""
    wanted = read_part(field_folder(CORPUS / "field"), PAGES)
    wanted["had"] = wanted["address"].map(_plain).isin(set(rows["address"].map(_plain)))
    counts = wanted.groupby(["role", "dialect"])["had"].agg(wanted="size", had="sum").reset_index()
    sums = wanted.groupby("role")["had"].agg(wanted="size", had="sum").reset_index().assign(dialect="all")
    return pd.concat([sums, counts], ignore_index=True)[["role", "dialect", "wanted", "had"]]


def _plain(address: str) -> str:
    return address.split("://", 1)[-1].rstrip("/")


def simulated(length: int = 300) -> pd.DataFrame:
    """Return the same table of simulated texts, as `benchmarks.detection` scored them; none where it did not run."""
    path = RESULTS / "detection_scores.csv"
    if not path.exists():
        return pd.DataFrame()
    rows = pd.read_csv(path, keep_default_na=False).query("length == @length")
    rows = rows.rename(columns={"source": "site", "said": "probability"})
    rows = rows.assign(verdict="", surprise=0.0)
    honest, spun = rows[rows["rate"] == 0], rows[rows["rate"] > 0]
    groups = [("all", spun), *((f"rate {rate}", group) for rate, group in spun.groupby("rate"))]
    groups += [(f"dictionary {name}", group) for name, group in spun.groupby("dictionary")]
    name = f"simulated, {length} words"
    made = [row_of(name, kind, honest, group) for kind, group in groups] + [honest_row(name, "all", honest)]
    return pd.DataFrame(made).drop(columns=["said to be spun", "area of low surprise"]).fillna("")


def verdicts(rows: pd.DataFrame) -> pd.DataFrame:
    """Return how often each verdict was given, by family."""
    counts = pd.crosstab(rows["family"], rows["verdict"])
    return counts.reindex(columns=[SPUN, LOOK, "no sign", CANNOT_TELL], fill_value=0).reset_index()


def main(folder: str) -> None:
    """Measure, print and write the tables."""
    rows = scored(pages_of(Path(folder)))
    results = {
        "real_pages": pd.concat([table_of(rows), simulated()], ignore_index=True).fillna(""),
        "real_pages_calibration": calibration(rows),
        "real_pages_verdicts": verdicts(rows),
        "real_pages_had": had(rows),
    }
    for name, table in results.items():
        write_file(RESULTS / f"{name}.csv", table.to_csv(index=False, lineterminator="\n", float_format="%.3g"))
        print(table.to_string(index=False))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Mend: python -m benchmarks.real_pages FOLDER")
    main(sys.argv[1])
