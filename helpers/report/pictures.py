"""A report's tables go in; its pictures come out: what articles are made of, when they appeared, sites side by side.

As in `plots`, each title states the finding. What a colour says, its lightness or a hatching says too, so that
the pictures can be read in greyscale.
"""

import math
import textwrap
from collections.abc import Iterable
from typing import Any, cast

import numpy as np
import pandas as pd
from scipy.cluster.hierarchy import dendrogram

from helpers.display.plots import BLUE, VERMILLION, Picture, is_narrow, label, many, new_axes, nothing
from helpers.sites.distances import cluster_sites

MOST_BARS = 25  # articles; with more, the articles become a surface
MOST_PANELS = 24
MOST_IN_TREE = 40  # sites
LIGHT = "#CFE0EE"
PARTS = [("copied", LIGHT, ""), ("changed", BLUE, "///"), ("added", "white", "...")]
LABELS = {"copied": "unchanged from the source", "changed": "replaced", "added": "without counterpart"}


def plot_composition(summary: pd.DataFrame, site: str, reconstructed: bool = False) -> Picture:
    """Show which share of each article was copied, changed, added (columns `title`, `words`, `changed`, `copied`).

    With a reconstructed reference nothing is known of copying: what stands in it is the same by its making.
    """
    if summary.empty or not summary["words"].sum():
        return nothing(f"No article at {site} was compared")
    rows = _shares(summary).sort_values("changed_share").reset_index(drop=True)
    total = {part: rows[part].sum() / rows["words"].sum() for part, _, _ in PARTS}
    title = (
        f"Of the words of {many(len(rows), 'article')} at {site},\n"
        f"{total['copied']:.0%} were copied, {total['changed']:.0%} replaced, {total['added']:.0%} have no counterpart"
    )
    labels = LABELS
    if reconstructed:
        title = (
            f"{total['changed']:.0%} of the words of {many(len(rows), 'article')} at {site}\n"
            "differ from the reconstruction"
        )
        labels = {**LABELS, "copied": "as in the reconstruction", "changed": "different"}
    shown = [part for part in PARTS if not (reconstructed and part[0] == "added" and not total["added"])]
    few = len(rows) <= MOST_BARS
    figure, axes = new_axes(0.27 * len(rows) + 1.6 if few else 3.4, title)
    left = np.zeros(len(rows))
    for part, colour, hatch in shown:
        share = rows[f"{part}_share"].to_numpy()
        style: dict[str, Any] = {
            "facecolor": colour,
            "hatch": hatch,
            "edgecolor": "#333333",
            "linewidth": 0.5,
            "label": labels[part],
        }
        if few:
            axes.barh(rows.index, share, left=left, **style)
        else:
            axes.fill_between(rows.index + 1, left, left + share, step="mid", **style)
        left = left + share
    if few:
        titles = rows["title"].map(
            lambda words: textwrap.shorten(label(words), 24 if is_narrow() else 44, placeholder=" …")
        )
        axes.set_yticks(rows.index, titles, fontsize=8)
        axes.set(xlabel="share of the article’s words", xlim=(0, 1))
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    else:
        axes.set(
            xlabel="articles, by share of words replaced", ylabel="share of words", ylim=(0, 1), xlim=(1, len(rows))
        )
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    figure.legend(*axes.get_legend_handles_labels(), loc="outside lower left", frameon=False, ncols=3, fontsize=8)
    low, high = rows["changed_share"].min(), rows["changed_share"].max()
    parts = ", ".join(f"{total[part]:.1%} {labels[part]}" for part, _, _ in shown)
    alt = f"Stacked bars: of {rows['words'].sum():,} words in {many(len(rows), 'article')} at {site}, {parts}."
    if len(rows) > 1:
        alt += f" In single articles {low:.1%} to {high:.1%} are {labels['changed']}."
    return Picture(figure, alt)


def _shares(summary: pd.DataFrame) -> pd.DataFrame:
    rows = summary.assign(added=summary["words"] - summary["changed"] - summary["copied"])
    return rows.assign(**{f"{part}_share": rows[part] / rows["words"].clip(lower=1) for part, _, _ in PARTS})


def plot_timeline(summary: pd.DataFrame, site: str) -> Picture:
    """Show how many hours after its source each article appeared, by day (columns `published`, `hours`)."""
    rows = summary.dropna(subset=["hours", "published"]).sort_values("published")
    if rows.empty:
        return nothing(f"How soon {site} published after its sources is not known")
    after = rows.loc[rows["hours"] >= 0, "hours"]
    half = after.median()
    title = f"Half of {len(after):,} articles at {site} appeared\nwithin {half:,.0f} hours of their sources"
    if len(rows) == 1:
        way = "after its source" if len(after) else "before the text that it is compared with"
        title = f"The article at {site} appeared\n{abs(rows['hours'].median()):,.0f} hours {way}"
    elif after.empty:
        title = f"{len(rows):,} articles at {site} appeared\nbefore the texts that they are compared with"
    elif len(after) < len(rows):
        title = title.replace("Half of ", f"{len(rows) - len(after):,} appeared earlier; half of ")
    figure, axes = new_axes(3.1, title)
    axes.plot(rows["published"], rows["hours"], "o", color=BLUE, markersize=5, alpha=0.75 if len(rows) < 100 else 0.35)
    if len(after):
        axes.axhline(half, color="black", linewidth=1, linestyle="--")
        axes.text(1.01, half, "median", transform=axes.get_yaxis_transform(), va="center", fontsize=8)
    axes.set(
        xlabel="day of publication", ylabel="hours after the source", ylim=(min(0, rows["hours"].min() * 1.05), None)
    )
    axes.tick_params(axis="x", labelsize=8, rotation=20)
    alt = (
        f"Dot plot of {many(len(rows), 'article')} at {site}: hours between the source's publication and this one, "
        f"from {rows['hours'].min():,.1f} to {rows['hours'].max():,.1f}, median {rows['hours'].median():,.1f}; first "
        f"published {rows['published'].min():%Y-%m-%d}, last {rows['published'].max():%Y-%m-%d}."
    )
    return Picture(figure, alt)


def plot_small_multiples(summary: pd.DataFrame) -> Picture:
    """Show the share of words replaced in each article (columns `site`, `share`), one panel a site."""
    if summary.empty:
        return nothing("No article was compared")
    medians = summary.groupby("site")["share"].median().sort_values(ascending=False)
    shown = list(medians.index[:MOST_PANELS])
    title = (
        f"The median article had {medians.min():.0%} ({medians.index[-1]})\n"
        f"to {medians.max():.0%} ({medians.index[0]}) of its words replaced"
    )
    if len(medians) == 1:
        title = f"The median article at {shown[0]} had {medians.max():.0%} of its words replaced"
    columns = min(2 if is_narrow() else 4, len(shown))
    height = math.ceil(len(shown) / columns)
    figure, axes = new_axes(1.5 * height + 1.0, title)
    figure.delaxes(axes)
    panels = figure.subplots(height, columns, sharey=True, squeeze=False).ravel()
    for number, (panel, site) in enumerate(zip(panels, shown, strict=False)):
        shares = summary.loc[summary["site"] == site, "share"].sort_values().to_numpy()
        panel.bar(range(len(shares)), shares, color=BLUE, width=0.85 if len(shares) < 60 else 1.0)
        panel.axhline(medians[site], color="black", linewidth=1, linestyle="--")
        named = textwrap.shorten(label(site), 60, placeholder=" …")
        panel.set_title(f"{named}\nmedian {medians[site]:.0%}", fontsize=7.5, loc="left", wrap=True)
        panel.set_xlabel(many(len(shares), "article"), fontsize=8)
        panel.set_xticks([])
        panel.set_xlim(-0.8, max(len(shares), 5) - 0.2)
        panel.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
        panel.set_ylabel("words replaced" if not number % columns else "", fontsize=8)
        panel.tick_params(axis="y", labelsize=8)
        panel.spines[["top", "right"]].set_visible(False)
    for panel in panels[len(shown) :]:
        panel.set_axis_off()
    more = f" The {MOST_PANELS} sites with the most are shown." if len(medians) > MOST_PANELS else ""
    said = "; ".join(f"{site} {medians[site]:.1%} (n = {(summary['site'] == site).sum()})" for site in shown)
    return Picture(
        figure, f"Small bar charts, one a site: share of words replaced in each article. Medians: {said}.{more}"
    )


def plot_site_tree(distances: pd.DataFrame) -> Picture:
    """Show how near the sites' dictionaries are: a tree, and the distances as a heat map in the tree's order.

    Of more sites than can be told apart in a picture, those that have the nearest neighbours are shown.
    """
    if len(distances) < 2:
        return nothing("There are no two sites to compare")
    every = len(distances)
    if every > MOST_IN_TREE:
        others = distances.mask(np.eye(every, dtype=bool)).min(axis=1).fillna(np.inf)
        near = others.sort_values(kind="stable").head(MOST_IN_TREE).index
        distances = distances.loc[near, near]
    tree = cluster_sites(distances)
    drawn = dendrogram(tree, no_plot=True, labels=[*distances.index])
    order = drawn["ivl"][::-1]
    matrix = distances.loc[order, order]
    above = distances.where(np.triu(np.ones(distances.shape, dtype=bool), 1))
    pairs = cast("pd.Series", above.stack()).dropna()  # the columns have one level
    title = "No two sites share an original"
    if len(pairs):
        one, other = cast("tuple[str, str]", pairs.idxmin())
        title = f"{one} and {other}\nhave the nearest dictionaries (distance {pairs.min():.2f} of 1)"
    if every > MOST_IN_TREE:
        title += f"\n({MOST_IN_TREE} of {every:,} sites are shown)"
    figure, axes = new_axes(0.42 * len(order) + 2.4, title)
    figure.delaxes(axes)
    left, right = figure.subplots(1, 2, width_ratios=[1, 2.2])
    for across, up in zip(drawn["dcoord"], drawn["icoord"], strict=True):
        left.plot(across, [len(order) - height / 10 - 0.5 for height in up], color="black", linewidth=1.2)
    left.set(xlim=(1, 0), ylim=(len(order) - 0.5, -0.5), yticks=[], xlabel="distance at which\nsites join")
    left.spines[["top", "right", "left"]].set_visible(False)
    # The diagonal says nothing and stays white; the ink is where two sites are near each other.
    image = np.ma.masked_invalid(matrix.mask(np.eye(len(matrix), dtype=bool)).to_numpy(float))
    right.pcolormesh(image, cmap="Greys_r", vmin=0, vmax=1, edgecolors="white", linewidth=0.5)
    right.invert_yaxis()
    names = [textwrap.shorten(label(site), 34, placeholder=" …") for site in order]
    middles = [place + 0.5 for place in range(len(order))]
    right.set_yticks(middles, names, fontsize=8)
    right.set_xticks(middles, names, fontsize=8, rotation=35, ha="right")
    if len(order) <= 14:
        for (row, column), value in np.ndenumerate(matrix.to_numpy(float)):
            if row == column:
                continue
            text = "?" if np.isnan(value) else f"{value:.2f}"
            right.text(
                column + 0.5,
                row + 0.5,
                text,
                ha="center",
                va="center",
                fontsize=8,
                color="white" if value < 0.55 else "black",
            )
    nearest = cast("Iterable[tuple[tuple[str, str], float]]", pairs.sort_values().head(10).items())
    said = "; ".join(f"{one} and {other} {value:.2f}" for (one, other), value in nearest)
    fewer = (
        f" Of {every:,} sites the {MOST_IN_TREE} with the nearest neighbours are shown." if every > MOST_IN_TREE else ""
    )
    return Picture(figure, f"Dendrogram and heat map of the distances between the sites' dictionaries.{fewer} {said}.")


def plot_power(summary: pd.DataFrame) -> Picture:
    """Show the power and the false alarms of the test against the number of articles a site."""
    enough = summary.loc[summary["power"] >= 0.8, "articles"]
    title = "Two sites that share a dictionary are found"
    title += (
        f" four times of five\nfrom {enough.min()} articles a site" if len(enough) else " less than four times of five"
    )
    figure, axes = new_axes(3.4, title)
    for name, colour, marker, meaning in [
        ("power", BLUE, "o", "sharing pair found (p below 0.01 after correction)"),
        ("alarms_group", VERMILLION, "s", "false alarm in the group (p at most 0.05 after correction)"),
    ]:
        spread = [summary[name] - summary[f"{name}_low"], summary[f"{name}_high"] - summary[name]]
        axes.errorbar(
            summary["articles"], summary[name], yerr=np.clip(spread, 0, None), color=colour, marker=marker,
            label=meaning, linestyle="-" if name == "power" else "--",
        )  # fmt: skip
    axes.axhline(0.05, color="black", linewidth=0.8, linestyle=":")
    axes.set(xlabel="articles of each site", ylabel=f"share of {summary['groups'].max()} groups", ylim=(-0.02, 1.02))
    axes.set_xticks(summary["articles"])
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    figure.legend(*axes.get_legend_handles_labels(), loc="outside lower left", frameon=False, fontsize=8)
    said = "; ".join(
        f"{row.articles} articles: {row.power:.0%}, {row.alarms_group:.1%}" for row in summary.itertuples()
    )
    groups = int(summary["groups"].max())
    return Picture(figure, f"Lines of power and of false alarms in {groups} simulated groups of four sites. {said}.")
