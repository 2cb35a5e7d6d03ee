"""The measured tables go in; the picture of accuracy against speed comes out, in the manner of `plots`."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from benchmarks.methods import BASE, UNSPUN
from helpers.display.plots import BLUE, GREY, VERMILLION, WIDTH, Picture

HEIGHT = 5.0  # inches
FONT = 8.5  # points, as everything below
DOT = 4.0  # half the width of a point
LETTER, LINE = 5.2, 12.0  # the width of a letter, bold ones too, and the height of a label
BESIDE, ABOVE = 8.0, 6.0  # how far right of its point a label stands, on its height and above or below it
FARTHEST = 8  # label heights that a label may be away from its point
TICKS = (0.2, 0.5, 0.7, 0.8, 0.9, 0.95, 0.97, 0.98)  # of F1: stretched towards 1, where the methods are
ROOM = 14  # times the highest speed: labels need room on the right

Box = tuple[float, float, float, float]  # left, bottom, right, top


def plot_accuracy_speed(points: pd.DataFrame) -> Picture:
    """Show each method's F1 with its interval against its pairs a second.

    `points` has one row a method: `method`, `pairs_a_second`, `f1`, `f1_low`, `f1_high`, `sources`.
    """
    points = points.sort_values("f1", ascending=False)
    figure = Figure(figsize=(WIDTH, HEIGHT), layout="constrained")
    figure.suptitle(finding(points), x=0.01, ha="left", fontsize=11, fontweight="bold")
    axes = _axes(figure, points)
    for row in points.itertuples():
        _point(axes, row)
    figure.draw_without_rendering()  # only now it is known where the points are,
    figure.set_layout_engine("none")  # and there they stay
    own = points["method"].map(_is_own)
    _labels(axes, points.assign(own=own).sort_values(["own", "pairs_a_second"], ascending=False))
    said = "; ".join(f"{row.method} {row.f1:.2f} at {row.pairs_a_second:.3g}" for row in points.itertuples())
    headline = finding(points).replace("\n", " ")
    return Picture(figure, f"Scatter plot of F1 against speed. {headline}. F1 at pairs a second: {said}.")


def _axes(figure: Figure, points: pd.DataFrame):
    axes = figure.subplots()
    axes.spines[["top", "right"]].set_visible(False)
    speeds = points["pairs_a_second"]
    axes.set(xscale="log", xlim=(speeds.min() / 2, speeds.max() * ROOM))
    axes.set(yscale="logit", ylim=(min(0.15, points["f1_low"].min() * 0.8), 1 - (1 - points["f1_high"].max()) * 0.5))
    axes.set_yticks(TICKS, [f"{tick:.2f}" for tick in TICKS])
    axes.minorticks_off()
    axes.set_xlabel("pairs of 650-word articles a second, one core (logarithmic)")
    axes.set_ylabel("F1 on generated pages (stretched towards 1)")
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    note = f"Bars: 95% interval over {points['sources'].max()} source articles"
    axes.text(0.99, 0.02, note, transform=axes.transAxes, ha="right", fontsize=FONT, color=GREY)
    axes.grid(color="#e4e4e4")
    axes.set_axisbelow(True)
    return axes


def _is_own(method: str) -> bool:
    return method.startswith("Unspun")


def _point(axes, row) -> None:
    look = {"fmt": "D", "color": VERMILLION} if _is_own(row.method) else {"fmt": "o", "color": BLUE}
    spread = [[row.f1 - row.f1_low], [row.f1_high - row.f1]]
    axes.errorbar(row.pairs_a_second, row.f1, yerr=spread, markersize=6, elinewidth=1.5, **look)


def _labels(axes, points: pd.DataFrame) -> None:
    """Write each method's name where it hides least: beside its point, or above or below with a line to it."""
    scale = 72 / axes.figure.dpi
    low, middle, high = (
        axes.transData.transform(points[["pairs_a_second", column]].to_numpy()) * scale
        for column in ("f1_low", "f1", "f1_high")
    )
    frame = tuple(edge * scale for edge in axes.get_window_extent().extents)
    dots = [
        (x - DOT, min(y - DOT, below), x + DOT, max(y + DOT, above))
        for (_, below), (x, y), (_, above) in zip(low, middle, high, strict=True)
    ]
    written: list[Box] = []
    for row, place, dot in zip(points.itertuples(), middle, dots, strict=True):
        others = [other for other in dots if other != dot]
        candidates = _candidates(place, row.method)
        label = min(candidates, key=lambda boxes, others=others: _hidden(boxes, others, written, frame))
        written += label
        _write(axes, row, place, label[0])


def _write(axes, row, place: tuple[float, float], box: Box) -> None:
    rightwards = box[0] > place[0]
    offset = (box[0] if rightwards else box[2]) - place[0], (box[1] + box[3]) / 2 - place[1]
    line = {"arrowstyle": "-", "color": GREY, "linewidth": 0.6, "shrinkA": 0, "shrinkB": 3}
    axes.annotate(
        row.method,
        (row.pairs_a_second, row.f1),
        offset,
        textcoords="offset points",
        va="center",
        ha="left" if rightwards else "right",
        fontsize=FONT,
        color=VERMILLION if _is_own(row.method) else "black",
        fontweight="bold" if _is_own(row.method) else "normal",
        arrowprops=line | {"relpos": (0 if rightwards else 1, 0.5)} if abs(offset[1]) > 1 else None,
    )


def _candidates(place: tuple[float, float], name: str) -> Iterator[list[Box]]:
    """The boxes that a label may take, with that of its line: right and left of the point, then above and below."""
    x, y = place
    width = LETTER * len(name)
    for left in (x + BESIDE, x - BESIDE - width):
        yield [(left, y - LINE / 2, left + width, y + LINE / 2), (x, y, x, y)]
    for left in (x + ABOVE, x - ABOVE - width):
        for middle in (y + sign * step * LINE for step in range(1, FARTHEST) for sign in (1, -1)):
            line = (x - 1, min(y, middle), x + 1, max(y, middle))
            yield [(left, middle - LINE / 2, left + width, middle + LINE / 2), line]


def _hidden(boxes: list[Box], dots: list[Box], written: list[Box], frame: Box) -> int:
    """How much a label and its line would hide: a line across a dot is the least, a label outside the worst."""
    left, bottom, right, top = boxes[0]
    outside = left < frame[0] or bottom < frame[1] or right > frame[2] or top > frame[3]
    label, line = (sum(_overlap(box, other) for other in written) for box in boxes)
    across = [sum(_overlap(box, dot) for dot in dots) for box in boxes]
    return 1000 * outside + 10 * (label + line + across[0]) + across[1]


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def finding(points: pd.DataFrame) -> str:
    """Say in two lines what the picture shows, whoever is ahead."""
    table = points.set_index("method")
    peers = table[~table.index.str.startswith("Unspun")]
    best, own = peers["f1"].idxmax(), table.loc[UNSPUN]
    rank = "is the most accurate" if own["f1"] > peers["f1"].max() else "is not the most accurate"
    ratio = table.loc[BASE, "pairs_a_second"] / own["pairs_a_second"]
    pace = f"takes {ratio:.1f} times as long as" if ratio > 1 else f"is {1 / ratio:.1f} times as fast as"
    return f"Unspun {rank} (F1 {own['f1']:.2f}; best of the others: {peers['f1'].max():.2f}, {best})\nand {pace} {BASE}"


def save(picture: Picture, path: Path) -> None:
    """Write the picture as PNG and SVG, and its alt text beside them."""
    path.with_suffix(".png").write_bytes(picture.png())
    path.with_suffix(".svg").write_text(picture.svg(), encoding="utf-8")
    path.with_suffix(".txt").write_text(picture.alt + "\n", encoding="utf-8")
