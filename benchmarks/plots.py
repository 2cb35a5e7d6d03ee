"""The measured tables go in; the picture of accuracy against speed comes out, in the manner of `helpers.plots`."""

from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from benchmarks.methods import BASE, UNSPUN
from helpers.plots import BLUE, GREY, VERMILLION, WIDTH, Picture

HEIGHT = 5.2  # inches
LABEL_GAP = 0.032  # of the height of the axes: labels closer than this would touch
LABEL_COLUMN = 1.03  # where the labels stand, in widths of the axes


def plot_accuracy_speed(points: pd.DataFrame) -> Picture:
    """Show each method's F1 with its interval against its pairs a second.

    `points` has one row a method: `method`, `pairs_a_second`, `f1`, `f1_low`, `f1_high`.
    """
    points = points.sort_values("f1", ascending=False).reset_index(drop=True)
    figure = Figure(figsize=(WIDTH, HEIGHT), layout="constrained")
    axes = figure.subplots()
    figure.suptitle(finding(points), x=0.01, ha="left", fontsize=11, fontweight="bold")
    axes.spines[["top", "right"]].set_visible(False)
    axes.set(xscale="log", ylim=(0, 1), xlabel="pairs of 700-word articles a second, one core (logarithmic)")
    axes.set_ylabel("F1 on generated pages (95% interval over sources)")
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    axes.grid(color="#e4e4e4")
    axes.set_axisbelow(True)
    heights = spread(points["f1"].tolist())
    for row, height in zip(points.itertuples(), heights, strict=True):
        _point(axes, row, height)
    said = "; ".join(
        f"{row.method} {row.f1:.2f} at {row.pairs_a_second:.3g} pairs a second" for row in points.itertuples()
    )
    return Picture(figure, f"Scatter plot of F1 against speed. {finding(points)}. {said}.".replace("\n", " "))


def _point(axes, row, height: float) -> None:
    """A point with its interval, and its label in the column on the right, joined by a thin line."""
    own = row.method.startswith("Unspun")
    colour, marker = (VERMILLION, "D") if own else (BLUE, "o")
    spread = [[row.f1 - row.f1_low], [row.f1_high - row.f1]]
    axes.errorbar(row.pairs_a_second, row.f1, yerr=spread, fmt=marker, color=colour, markersize=6, elinewidth=1.5)
    axes.annotate(
        row.method,
        (row.pairs_a_second, row.f1),
        (LABEL_COLUMN, height),
        textcoords=axes.transAxes,
        va="center",
        fontsize=8.5,
        color=VERMILLION if own else "black",
        fontweight="bold" if own else "normal",
        arrowprops={"arrowstyle": "-", "color": GREY, "linewidth": 0.5, "shrinkA": 1, "shrinkB": 4},
    )


def spread(heights: list[float]) -> list[float]:
    """Move falling heights apart until none touch: down first, then up from the bottom.

    >>> [round(height, 3) for height in spread([0.5, 0.5, 0.0])]
    [0.5, 0.468, 0.0]
    """
    placed: list[float] = []
    for height in heights:
        placed.append(min(height, placed[-1] - LABEL_GAP) if placed else height)
    for place in range(len(placed) - 1, -1, -1):
        below = placed[place + 1] + LABEL_GAP if place + 1 < len(placed) else 0.0
        placed[place] = max(placed[place], below)
    return placed


def finding(points: pd.DataFrame) -> str:
    """Say in two lines what the picture shows, whoever is ahead."""
    table = points.set_index("method")
    peers = table[~table.index.str.startswith("Unspun")]
    best, own = peers["f1"].idxmax(), table.loc[UNSPUN]
    rank = "is the most accurate" if own["f1"] > peers["f1"].max() else "is not the most accurate"
    ratio = table.loc[BASE, "pairs_a_second"] / own["pairs_a_second"]
    pace = f"{ratio:.0f} times as long as" if ratio > 1 else f"a {1 / ratio:.1f}th of the time of"
    return (
        f"Unspun {rank} (F1 {own['f1']:.2f}; the best of the others, {best}, {peers['f1'].max():.2f})\n"
        f"and takes {pace} {BASE}"
    )


def save(picture: Picture, path: Path) -> None:
    """Write the picture as PNG and SVG, and its alt text beside them."""
    path.with_suffix(".png").write_bytes(picture.png())
    path.with_suffix(".svg").write_text(picture.svg(), encoding="utf-8")
    path.with_suffix(".txt").write_text(picture.alt + "\n", encoding="utf-8")
