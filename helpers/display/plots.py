"""Tables go in; pictures come out, one function a picture, each with a title that states the finding and alt text.

Colours are Okabe and Ito's, which colour-blind readers tell apart; what a colour says, a shape or label says too.
"""

import base64
import textwrap
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property
from html import escape
from io import BytesIO
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from helpers.display.masking import mask
from helpers.display.visible import visible
from helpers.text.spans import fold

BLUE, ORANGE, VERMILLION, SKY, GREY = "#0072B2", "#E69F00", "#D55E00", "#56B4E9", "#767676"
WIDTH = 7.2  # inches: a text column
NARROW = 3.7  # inches: a telephone held upright
LETTERS_NARROW = 40  # of a title in a narrow picture, a line
WHERE_NARROW = "(max-width: 38rem), print"  # as in the report's stylesheet; on paper two pictures stand in a row
_width: ContextVar[float] = ContextVar("width of a picture", default=WIDTH)
DOTS = 160  # an inch, so that a picture stays sharp on paper


@dataclass(frozen=True)
class Picture:
    """A figure with its alt text; it shows itself in a notebook, alt text included."""

    figure: Figure
    alt: str
    narrow: "Picture | None" = None  # the same drawn for a telephone, and for half the width of a sheet

    def __post_init__(self) -> None:
        """Settle the layout, so that drawing the picture again gives the same again; mask the alt text."""
        object.__setattr__(self, "alt", " ".join(visible(mask(self.alt)).split()))
        self.figure.draw_without_rendering()
        self.figure.set_layout_engine("none")

    def png(self) -> bytes:
        """Return the picture as PNG."""
        return self._png

    @cached_property
    def _png(self) -> bytes:
        """Drawn once: a page shows it and a file beside it is the same."""
        return self._render("png", dpi=DOTS)

    def svg(self) -> str:
        """Return the picture as SVG, its alt text inside, the same for the same data."""
        drawn = self._render("svg", metadata={"Date": None, "Creator": None}).decode()
        start = drawn.index(">", drawn.index("<svg")) + 1
        head = drawn[: start - 1] + f' role="img" aria-label="{escape(self.alt)}">'
        return f"{head}\n <title>{escape(self.alt)}</title>{drawn[start:]}"

    def html(self) -> str:
        """Return the picture as an HTML image that needs no other file."""
        image = f'<img src="{_address(self)}" alt="{escape(self.alt)}">'
        if self.narrow is None:
            return image
        return f'<picture><source media="{WHERE_NARROW}" srcset="{_address(self.narrow)}">{image}</picture>'

    def _render(self, kind: str, **options: Any) -> bytes:
        import matplotlib

        out = BytesIO()
        with matplotlib.rc_context({"svg.hashsalt": "unspun", "svg.fonttype": "none"}):
            self.figure.savefig(out, format=kind, bbox_inches="tight", **options)
        return out.getvalue()

    def __repr__(self) -> str:
        """Say what the picture shows."""
        return self.alt

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> tuple[dict, dict]:
        width = int(self.figure.get_figwidth() * 100)
        return {"image/png": self.png(), "text/plain": self.alt}, {"image/png": {"alt": self.alt, "width": width}}


def _address(picture: Picture) -> str:
    return f"data:image/png;base64,{base64.b64encode(picture.png()).decode()}"


def with_narrow(draw: Callable[[], Picture]) -> Picture:
    """Return a picture that was drawn twice: for a page, and so that it can be read on a telephone."""
    wide = draw()
    token = _width.set(NARROW)
    try:
        object.__setattr__(wide, "narrow", draw())  # `replace` would settle the layout of what is settled
    finally:
        _width.reset(token)
    return wide


def is_narrow() -> bool:
    """Tell whether a picture is being drawn for a telephone."""
    return _width.get() < WIDTH


def label(text: str) -> str:
    """A text from the data as a label: masked, nothing unseen in it, its dollar signs no formulas."""
    return visible(mask(text)).replace("$", r"\$")


def new_axes(height: float, title: str) -> tuple[Figure, Axes]:
    """A figure with its title, and axes without a frame above and to the right."""
    figure = Figure(figsize=(_width.get(), height), layout="constrained")
    axes = figure.subplots()
    if is_narrow():
        title = textwrap.fill(" ".join(title.split()), LETTERS_NARROW)
    figure.suptitle(label(title), x=0.01, ha="left", fontsize=11, fontweight="bold")
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def nothing(title: str) -> Picture:
    """A picture that says that there is nothing to show."""
    figure, axes = new_axes(1.0, title)
    axes.set_axis_off()
    return Picture(figure, f"{title}.")


def plot_paragraphs(paragraphs: pd.DataFrame, name: str = "the article") -> Picture:
    """Show the share of words changed in each paragraph of one article, in reading order.

    Where `paragraphs` has a column `furniture` its lines are shown apart: they are no text of the article. A column
    `row` numbers them as another page does.
    """
    rows = paragraphs.loc[lambda table: table["op"] != "dropped"].reset_index(drop=True)
    furniture = rows["furniture"].to_numpy(bool) if "furniture" in rows else np.zeros(len(rows), bool)
    total = rows["changed"].sum() / max(1, rows["words"].sum())
    figure, axes = new_axes(3.1, f"{total:.0%} of the words of {name} were changed,\nin {_touched(rows)}")
    colours = rows["op"].map({"kept": BLUE, "moved": ORANGE, "added": GREY}).to_numpy()
    at = rows["row"].to_numpy() if "row" in rows else np.arange(1, len(rows) + 1)
    axes.bar(at[~furniture], rows["share"][~furniture], color=colours[~furniture], width=0.8)
    if furniture.any():
        axes.bar(
            at[furniture],
            rows["share"][furniture],
            color="white",
            edgecolor="#333333",
            hatch="///",
            width=0.8,
            label="site furniture",
        )
        figure.legend(loc="outside lower left", frameon=False, fontsize=8)
    axes.axhline(total, color="black", linewidth=1, linestyle="--")
    axes.text(at[-1] + 0.6, total, f" {total:.0%} overall", va="center", fontsize=8)
    named = "row of the article’s page" if "row" in rows else "paragraph, in reading order"
    axes.set(xlabel=named, ylabel="share of words changed", xlim=(0.3, at[-1] + 0.7))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    alt = (
        f"Bar chart: share of words changed in each of {len(rows)} paragraphs of {name}. Overall {total:.1%} of "
        f"{rows['words'].sum()} words; the most in one paragraph is {rows['share'].max():.0%}."
    )
    return Picture(figure, alt)


def _touched(rows: pd.DataFrame) -> str:
    touched = int((rows["changed"] > 0).sum())
    if len(rows) == 1:
        return "its only paragraph" if touched else "none of its paragraphs"
    return f"{touched} of its {len(rows)} paragraphs" if touched < len(rows) else f"all {touched} of its paragraphs"


def plot_rates(frequency: pd.DataFrame, top: int = 20, fewest_chances: int = 2) -> Picture:
    """Show how often the most frequent originals were replaced when they could have been, with Wilson intervals."""
    rows = frequency.loc[lambda table: table["chances"] >= fewest_chances].head(top).iloc[::-1].reset_index(drop=True)
    if rows.empty:
        return nothing(f"No original that stood {many(fewest_chances, 'time')} or more was replaced")
    always = int((rows["count"] == rows["chances"]).sum())
    title = f"Of the {len(rows)} most frequent substitutions,\n{always} were made at every chance"
    if always < len(rows) / 2:
        title = (
            f"The {len(rows)} most frequent substitutions were made\n"
            f"at {rows['rate'].min():.0%} to {rows['rate'].max():.0%} of their chances"
        )
    figure, axes = new_axes(0.27 * len(rows) + 1.3, title)
    spread = [rows["rate"] - rows["rate_low"], rows["rate_high"] - rows["rate"]]
    axes.errorbar(rows["rate"], rows.index, xerr=spread, fmt="o", color=BLUE, ecolor=SKY, elinewidth=2, markersize=5)
    labels = rows["original"] + " → " + rows["spun"]
    axes.set_yticks(rows.index, labels.map(label), fontsize=8)
    for place, count, chances in rows[["count", "chances"]].itertuples(name=None):
        axes.annotate(
            f"{count} of {int(chances)}", (1, place), (9, 0), textcoords="offset points", va="center", fontsize=8
        )
    axes.set(xlim=(0, 1.02), ylim=(-0.7, len(rows) - 0.3), xlabel="share of chances taken (95% Wilson interval)")
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    axes.grid(axis="x", color="#dddddd")
    first = rows.iloc[::-1].head(6)[["original", "spun", "count", "chances"]]
    said = "; ".join(
        f"{original} to {spun} {count} of {int(chances)}"
        for original, spun, count, chances in first.itertuples(index=False, name=None)
    )
    return Picture(figure, f"Dot plot of replacement rates with 95% intervals. {said}.")


def plot_crossings(frequency: pd.DataFrame, most: int = 24) -> Picture:
    """Show originals with several replacements and replacements with several originals as a two-sided graph."""
    words = frequency.assign(o=frequency["original"], s=frequency["spun"])
    several = words.groupby("o")["s"].transform("nunique").gt(1) | words.groupby("s")["o"].transform("nunique").gt(1)
    rows = words[several].sort_values("count", ascending=False).head(most)
    left = list(dict.fromkeys(rows.sort_values(["s", "o"])["o"]))
    right = list(dict.fromkeys(rows.sort_values(["s", "o"])["s"]))
    title = (
        f"{many(_several(words, 's', 'o'), 'phrase')} replaced more than one original,\n"
        f"{many(_several(words, 'o', 's'), 'original')} got more than one replacement"
    )
    figure, axes = new_axes(0.27 * max(len(left), len(right), 3) + 1.2, title)
    for original, spun, count in rows[["o", "s", "count"]].itertuples(index=False, name=None):
        heights = -_height(left, original), -_height(right, spun)
        axes.plot([0, 1], heights, color=BLUE, linewidth=0.8 + 0.7 * min(count, 9), alpha=0.55)
    for word in left:
        axes.text(-0.03, -_height(left, word), label(word), ha="right", va="center", fontsize=8.5)
    for word in right:
        axes.text(1.03, -_height(right, word), label(word), ha="left", va="center", fontsize=8.5)
    axes.set(xlim=(-0.75, 1.75), xticks=[0, 1], yticks=[])
    axes.set_xticklabels(["original", "as published"])
    axes.spines[["left", "bottom"]].set_visible(False)
    said = "; ".join(f"{row.o} became {row.s} {row.count} times" for row in rows.head(10).itertuples())
    return Picture(figure, f"Two-sided graph of ambiguous substitutions, line width by count. {said}.")


def many(number: int, noun: str) -> str:
    """A number with its noun, as in "1 article" and "1,200 articles"."""
    return f"{number} {noun}" if number == 1 else f"{number:,} {noun}s"


def _several(words: pd.DataFrame, one: str, other: str) -> int:
    return int(words.groupby(one)[other].nunique().gt(1).sum())


def _height(words: list[str], word: str) -> float:
    return words.index(word) / max(1, len(words) - 1)


def plot_kinds(substitutions: pd.DataFrame) -> Picture:
    """Show the kinds of substitutions, those inside quotations apart."""
    if substitutions.empty:
        return nothing("No substitution was found")
    counts = (
        substitutions.assign(where=substitutions["in_quote"].map({True: "in a quotation", False: "elsewhere"}))
        .groupby(["kind", "where"])
        .size()
        .unstack(fill_value=0)
        .reindex(columns=["elsewhere", "in a quotation"], fill_value=0)
        .assign(total=lambda table: table.sum(axis=1))
        .sort_values("total")
    )
    quoted, total = int(counts["in a quotation"].sum()), int(counts["total"].sum())
    figure, axes = new_axes(
        0.3 * len(counts) + 1.5,
        f"{quoted:,} of {total:,} substitutions ({quoted / max(1, total):.0%}) change words inside quotations",
    )
    axes.barh(counts.index, counts["elsewhere"], color=SKY, label="elsewhere")
    axes.barh(
        counts.index, counts["in a quotation"], left=counts["elsewhere"], color=VERMILLION, hatch="//",
        edgecolor="white", label="in a quotation",
    )  # fmt: skip
    axes.set(xlabel=f"substitutions (n = {total:,})")
    axes.legend(frameon=False, loc="lower right")
    said = "; ".join(f"{kind} {row.total}" for kind, row in counts.iloc[::-1].iterrows())
    return Picture(figure, f"Bar chart of substitutions by kind: {said}. {quoted:,} of {total:,} stand in quotations.")


def plot_articles(summary: pd.DataFrame) -> Picture:
    """Show the share of words changed in each article (columns `site` and `share`, a row an article), by site."""
    if summary.empty:
        return nothing("No article was compared")
    sites = summary.groupby("site")["share"].median().sort_values().index.tolist()
    low, high = summary["share"].min(), summary["share"].max()
    figure, axes = new_axes(
        0.45 * len(sites) + 1.4,
        f"Between {low:.0%} and {high:.0%} of an article’s words were replaced",
    )
    for place, site in enumerate(sites):
        shares = summary.loc[summary["site"] == site, "share"].sort_values()
        offsets = [0.22 * ((k * 7) % 5 - 2) / 2 for k in range(len(shares))]
        axes.plot(shares, [place + offset for offset in offsets], "o", color=BLUE, alpha=0.6, markersize=5)
        axes.plot([shares.median()] * 2, [place - 0.35, place + 0.35], color=VERMILLION, linewidth=2.5)
        axes.text(high * 1.06, place, f"n = {len(shares)}", va="center", fontsize=8)
    axes.set_yticks(range(len(sites)), map(label, sites))
    axes.set(xlabel="share of words changed, one dot an article (bar: median)", xlim=(0, high * 1.05))
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    said = "; ".join(
        f"{site} median {summary.loc[summary['site'] == site, 'share'].median():.0%}" for site in reversed(sites)
    )
    return Picture(figure, f"Dot plot of the share of words changed in each article by site: {said}.")


def plot_support(mapping: pd.DataFrame, most: int = 12) -> Picture:
    """Show how much support the proposed rows of a mapping table have: how many pairs were seen how often."""
    seen = mapping["support"].clip(upper=most).value_counts().reindex(range(1, most + 1), fill_value=0)
    once, total = int(seen.get(1, 0)), int(seen.sum())
    figure, axes = new_axes(
        3.0, f"{total - once:,} of {total:,} pairs were seen more than once,\n{once:,} rest on a single sighting"
    )
    axes.bar(seen.index, seen, color=[GREY if count == 1 else BLUE for count in seen.index])
    axes.set(xlabel="times a pair was seen", ylabel="pairs")
    axes.set_xticks(range(1, most + 1), [*map(str, range(1, most)), f"{most}+"])
    return Picture(
        figure, f"Bar chart: of {total} proposed pairs {once} were seen once, {total - once} twice or more often."
    )


def plot_coverage(reach: pd.DataFrame) -> Picture:
    """Show how much of each article's replaced words the decided rows explain (columns of `coverage`), by site."""
    if reach.empty:
        return nothing("No article was compared")
    sites = (
        reach.groupby("site")[["words", "explained"]].sum().assign(share=lambda rows: rows["explained"] / rows["words"])
    )
    sites = sites.sort_values("share")
    total = sites["explained"].sum() / sites["words"].sum()
    figure, axes = new_axes(
        0.5 * len(sites) + 1.5,
        f"The decided rows explain {total:.0%} of the {sites['words'].sum():,} replaced words\n"
        f"of {many(len(reach), 'article')}: {sites['share'].min():.0%} to {sites['share'].max():.0%} by site",
    )
    axes.barh(range(len(sites)), sites["share"], color=SKY, height=0.7)
    for place, site in enumerate(sites.index):
        shares = reach.loc[reach["site"] == site, "share"].sort_values()
        offsets = [0.22 * ((k * 7) % 5 - 2) / 2 for k in range(len(shares))]
        axes.plot(shares, [place + offset for offset in offsets], "o", color=BLUE, alpha=0.7, markersize=4.5)
        axes.text(1.02, place, f"n = {len(shares)}", va="center", fontsize=8)
    axes.set_yticks(range(len(sites)), map(label, sites.index))
    axes.set(xlabel="share of replaced words explained (bar: the site, dots: its articles)", xlim=(0, 1))
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    said = "; ".join(f"{row.Index} {row.share:.0%} of {row.words:,} words" for row in sites.iloc[::-1].itertuples())
    return Picture(figure, f"Bar chart of the share of replaced words that decided rows explain, by site: {said}.")


def ambiguous(frequency: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return the rows of words that have several partners, `by` original or spun, the most used words first."""
    other = "spun" if by == "original" else "original"
    words = frequency.assign(**{by: frequency[by].map(fold)})
    partners = words.groupby(by)[other].transform("nunique")
    uses = words.groupby(by)["count"].transform("sum")
    return (
        words.assign(partners=partners, uses=uses)[partners > 1]
        .sort_values(["uses", by, "count"], ascending=[False, True, False])
        .drop(columns="uses")
        .reset_index(drop=True)
    )


def plot_calibration(bands: pd.DataFrame) -> Picture:
    """Show whether a probability holds: the share that was spun (`spun`) for what was said (`said`), band by band.

    The area of a dot grows with the `weight` of its band; a line through it is the interval `low` to `high`, where the
    table has one.
    """
    error = (bands["weight"] * (bands["said"] - bands["spun"]).abs()).sum() / bands["weight"].sum()
    worst = (bands["said"] - bands["spun"]).abs().max()
    title = (
        f"Probabilities are off by {error:.0%} on average, by {worst:.0%} at the worst\n"
        f"({bands['stretches'].sum():,} stretches of text)"
    )
    figure, axes = new_axes(3.6, title)
    axes.plot([0, 1], [0, 1], color=GREY, linestyle="--", linewidth=1, label="perfectly calibrated")
    sizes = 20 + 600 * bands["weight"]
    if {"low", "high"} <= set(bands.columns):
        axes.vlines(bands["said"], bands["low"], bands["high"], color=BLUE, linewidth=1, label="95 % interval")
    axes.scatter(bands["said"], bands["spun"], s=sizes, color=BLUE, zorder=3, label="measured", clip_on=False)
    axes.set(xlabel="probability that was given", ylabel="share that was spun", xlim=(0, 1), ylim=(-0.02, 1.02))
    axes.legend(frameon=False, loc="upper left")
    pairs = ", ".join(f"{said:.2f} was {spun:.2f}" for said, spun in zip(bands["said"], bands["spun"], strict=True))
    return Picture(figure, f"{' '.join(title.split())}. Dot plot with a dashed diagonal. Given and measured: {pairs}.")
