"""The figures of `benchmarks.decipher` go in; a picture of what more articles give comes out."""

import pandas as pd
from matplotlib.figure import Figure

from helpers.display.plots import BLUE, GREY, ORANGE, SKY, VERMILLION, WIDTH, Picture

HEIGHT = 3.4  # inches
GREEN = "#009E73"  # with the colours of `plots` from Okabe and Ito's set, which colour-blind readers tell apart
COLOURS = {"tortured": VERMILLION, "wordnet": BLUE, "amber": ORANGE, "birch": GREEN, "cobalt": SKY}
MARKS = {"tortured": "o", "wordnet": "s", "amber": "^", "birch": "v", "cobalt": "D"}
WANTED = 0.85  # precision


def plot_deciphered(rows: pd.DataFrame, method: str) -> Picture:
    """Show the share restored and the precision of a method by the number of articles, a line a dictionary.

    `rows`: those of `decipher.csv`; each point has its bootstrap interval.
    """
    rows = rows[(rows["method"] == method) & (rows["gold"] > 0)]
    figure = Figure(figsize=(WIDTH, HEIGHT), layout="constrained")
    figure.suptitle(finding(rows), x=0.01, ha="left", fontsize=11, fontweight="bold")
    for axes, name, label in zip(
        figure.subplots(1, 2),
        ("restored", "precision"),
        ("replaced places restored", "claims that are right"),
        strict=True,
    ):
        _lines(axes, rows, name)
        _frame(axes, sorted(rows["articles"].unique()), label)
    beside = figure.axes[1]
    beside.axhline(WANTED, color=GREY, linewidth=0.8, linestyle="--")
    place = {"x": 0.99, "y": WANTED - 0.015, "transform": beside.get_yaxis_transform(), "ha": "right", "va": "top"}
    beside.text(s=f"wanted at least: {WANTED}", fontsize=8, color=GREY, **place)
    figure.axes[0].legend(frameon=False, fontsize=8)
    said = "; ".join(
        f"{name}: "
        + ", ".join(f"{row.restored:.2f} at {row.precision:.2f} of {row.articles}" for row in some.itertuples())
        for name, some in rows.groupby("dictionary", sort=False)
    )
    return Picture(figure, f"Two line plots by the number of articles. {finding(rows)}. Restored at precision: {said}.")


def _lines(axes, rows: pd.DataFrame, name: str) -> None:
    """Draw a line a dictionary, each a little beside the others, so that the intervals can be told apart."""
    for number, (dictionary, some) in enumerate(rows.groupby("dictionary", sort=False)):
        spread = [some[name] - some[f"{name}_low"], some[f"{name}_high"] - some[name]]
        places = some["articles"] * 1.03 ** (number - 2)
        look = {"color": COLOURS[dictionary], "marker": MARKS[dictionary], "label": dictionary}
        axes.errorbar(places, some[name], yerr=spread, markersize=4, linewidth=1.2, elinewidth=0.8, **look)


def _frame(axes, sizes: list[int], label: str) -> None:
    axes.set(xscale="log", ylim=(0, 1), xlabel="articles of the site", ylabel=label)
    axes.set_xticks(sizes, [str(size) for size in sizes])
    axes.minorticks_off()
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(color="#e4e4e4")
    axes.set_axisbelow(True)


def finding(rows: pd.DataFrame) -> str:
    """Say what the picture shows, whatever it is."""
    curves = rows.sort_values("articles").groupby("dictionary")["restored"]
    rise = sum(some.is_monotonic_increasing for _, some in curves)
    every = rows.groupby("articles")["restored"].agg(["mean", "size"])
    mean = every.loc[every["size"] == curves.ngroups, "mean"]  # a size that some alone have says nothing beside others
    return (
        f"Of {mean.index.max()} articles {mean.iloc[-1]:.0%} comes back, of {mean.index.min()} {mean.iloc[0]:.0%}; "
        f"the curve rises for {rise} of {curves.ngroups} dictionaries"
    )
