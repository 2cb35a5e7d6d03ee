"""Links between sites go in; a graph of them, its picture, and files for Gephi, Maltego and spreadsheets come out.

Each group of sites is laid out by itself and the groups are set side by side, so that five sites and two hundred can be
read; sites without a link are named or counted below. A group has a colour and a shape, an account in common a thick
line, several things in common a dashed one.
"""

import math
import textwrap
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from helpers.display.export import write_csv
from helpers.display.masking import mask
from helpers.display.plots import GREY, Picture, label, many, new_axes, nothing
from helpers.display.visible import visible
from helpers.sites.links import ACCOUNT, LINKS, LITTLE, SEVERAL, groups_of, linked_pairs

# Okabe and Ito's colours, dark enough for white paper, with a shape each: the next group begins anew with a shape more.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
SHAPES = ("o", "s", "^", "D", "v", "P", "X", "h")
ROW = 2.2  # inches of a row of groups
COLUMNS = 3.0  # of a row
WIDE_GROUP = 8  # sites; a larger group has a row of its own
ON_A_CIRCLE = 6  # sites; more stand clearer by their links
MOST_LARGE = 40  # linked sites; more have smaller signs and names
MOST_NAMED_ALONE = 12  # sites without a link that are named below; more are counted
MOST_LABELS = 250  # names that are drawn
TALLEST = 60.0  # inches
LETTERS = 110  # of a line below the picture
SEED = 7
WRITERS = {".graphml": nx.write_graphml, ".gexf": nx.write_gexf}


def network(links: pd.DataFrame) -> nx.Graph:
    """Return the sites and their links as a graph.

    A node has its `group` (0: linked with none); an edge the `verdict`, the `surprise` in bits and what it rests on
    (`strongest`). What two sites have “little in common” is no edge.
    """
    return _graph(links, linked_pairs(links))


def _graph(links: pd.DataFrame, pairs: pd.DataFrame) -> nx.Graph:
    graph = nx.Graph()
    groups = {site: number for number, members in enumerate(groups_of(pairs), 1) for site in members}
    for site in sorted({*links.attrs.get("sites", []), *links["site"], *links["other"]}):
        graph.add_node(_shown(site), group=groups.get(site, 0))
    for row in pairs.itertuples():
        if row.verdict in LINKS:
            about = {"verdict": row.verdict, "surprise": round(row.surprise, 2), "strongest": _shown(row.strongest)}
            graph.add_edge(_shown(row.site), _shown(row.other), weight=round(row.surprise, 2), **about)
    return graph


def _shown(text: str) -> str:
    return visible(mask(str(text)))


def write_network(links: pd.DataFrame, path: str | Path) -> Path:
    """Write the network in the form that the file's ending names: .graphml, .gexf, or .csv (a row a pair of sites).

    Gephi reads all three; Maltego the table; yEd and networkx GraphML. Addresses are masked, and no cell of the table
    is one that a spreadsheet would run. Raises ValueError for another ending.
    """
    path = Path(path)
    if path.suffix.lower() == ".csv":
        return write_csv(linked_pairs(links), path)
    if path.suffix.lower() not in WRITERS:
        raise ValueError(f"{path}: its ending is none of .csv, .graphml, .gexf. Mend: choose one of them.")
    WRITERS[path.suffix.lower()](network(links), path)
    return path


def plot_network(links: pd.DataFrame) -> Picture:
    """Show which sites are linked, and by what sort of link; the title says how many, in how many groups."""
    pairs = linked_pairs(links)
    graph, groups = _graph(links, pairs), [[_shown(site) for site in members] for members in groups_of(pairs)]
    number, linked = graph.number_of_nodes(), sum(map(len, groups))
    if not linked:
        return nothing(f"Of {many(number, 'site')}, none is linked with another")
    title = f"Of {many(number, 'site')}, {linked} are linked,\nin {many(len(groups), 'group')}"
    places, height = _places(graph, groups)
    figure, axes = new_axes(min(TALLEST, height + 1.3), title)
    _draw_links(axes, graph, places)
    _draw_sites(axes, groups, places)
    alone = sorted(set(graph) - set(places))
    axes.set_axis_off()
    axes.set(xlim=(0, min(COLUMNS, max(x for x, _ in places.values()) + 0.6)), ylim=(-height / ROW, 0.0))
    _draw_legend(figure, alone)
    return Picture(figure, _alt(graph, groups, alone))


def _places(graph: nx.Graph, groups: list[list[str]]) -> tuple[dict[str, np.ndarray], float]:
    """Where each linked site stands, group by group in rows of three columns; and the height of it all in inches."""
    places: dict[str, np.ndarray] = {}
    column = row = 0.0
    for members in groups:
        across, down = _room(len(members))
        if column + across > COLUMNS:
            column, row = 0.0, row + 1.0
        for site, (x, y) in _layout(graph.subgraph(members)).items():
            places[site] = np.array([column + across * (0.5 + 0.33 * x), -row - down * (0.5 - 0.36 * y)])
        column += across
        if across == COLUMNS:
            column, row = 0.0, row + down
    return places, ROW * (row + (1.0 if column else 0.0))


def _room(members: int) -> tuple[float, float]:
    """How many columns and rows a group takes: two stand above each other, many have a row for themselves."""
    if members > WIDE_GROUP:
        return COLUMNS, max(1.0, 1.3 * math.sqrt(members / WIDE_GROUP))
    return (1.0 if members == 2 else COLUMNS / 2), 1.0


def _layout(group: nx.Graph) -> dict[str, np.ndarray]:
    """A group from -1 to 1 in both directions: small ones on a circle, larger ones by springs."""
    nodes = nx.Graph()
    nodes.add_nodes_from(sorted(group))
    nodes.add_edges_from(sorted(tuple(sorted(edge)) for edge in group.edges))
    begin = _circle(list(nodes))
    if len(nodes) <= ON_A_CIRCLE:
        return begin
    found = nx.spring_layout(nodes, pos=begin, seed=SEED, k=3.0 / math.sqrt(len(nodes)), iterations=300)
    points = np.array(list(found.values()))
    low, high = points.min(axis=0), points.max(axis=0)
    return {site: 2 * (place - low) / np.maximum(high - low, 1e-9) - 1 for site, place in found.items()}


def _circle(nodes: list[str]) -> dict[str, np.ndarray]:
    angles = [math.pi / 2 + 2 * math.pi * place / len(nodes) for place in range(len(nodes))]
    return {site: np.array([math.cos(at), math.sin(at)]) for site, at in zip(nodes, angles, strict=True)}


def _draw_links(axes: Axes, graph: nx.Graph, places: dict[str, np.ndarray]) -> None:
    thin = 0.5 if len(places) > MOST_LARGE else 1.0
    for one, other, about in graph.edges(data=True):
        (x1, y1), (x2, y2) = places[one], places[other]
        is_account = about["verdict"] == ACCOUNT
        colour, width, style = ("#555555", 2.2, "-") if is_account else (GREY, 1.4, (0, (4, 3)))
        axes.plot([x1, x2], [y1, y2], color=colour, zorder=1, linewidth=width * thin, linestyle=style)


def _draw_sites(axes: Axes, groups: list[list[str]], places: dict[str, np.ndarray]) -> None:
    small = len(places) > MOST_LARGE
    for number, members in enumerate(groups):
        colour, shape = COLOURS[number % len(COLOURS)], SHAPES[number % len(SHAPES)]
        x, y = zip(*(places[site] for site in members), strict=True)
        axes.scatter(x, y, s=28 if small else 90, c=colour, marker=shape, zorder=2, edgecolors="white", linewidths=0.6)
        for site in members if len(places) <= MOST_LABELS else members[:1]:
            _name(axes, site, places[site], small)


def _name(axes: Axes, site: str, place: np.ndarray, small: bool) -> None:
    behind = {"boxstyle": "square,pad=0.1", "facecolor": "white", "edgecolor": "none", "alpha": 0.75}
    axes.annotate(
        label(site), tuple(place), (0, -4 if small else -8), textcoords="offset points", ha="center", va="top",
        fontsize=5 if small else 8, zorder=3, bbox=behind,
    )  # fmt: skip


def _draw_legend(figure: Figure, alone: list[str]) -> None:
    said = ", ".join(alone) if len(alone) <= MOST_NAMED_ALONE else f"{len(alone)} sites"
    lines = [
        Line2D([], [], color="#555555", linewidth=2.2, label=ACCOUNT),
        Line2D([], [], color=GREY, linewidth=1.4, linestyle=(0, (4, 3)), label=SEVERAL),
    ]
    heading = textwrap.fill(label(f"Without a link: {said}"), LETTERS) if alone else None
    figure.legend(
        handles=lines, loc="outside lower left", frameon=False, fontsize=8, ncols=2, title=heading, title_fontsize=8,
        alignment="left",
    )  # fmt: skip


def _alt(graph: nx.Graph, groups: list[list[str]], alone: list[str]) -> str:
    named = "; ".join(f"group {number}: {', '.join(members)}" for number, members in enumerate(groups[:6], 1))
    accounts = sum(about["verdict"] == ACCOUNT for _, _, about in graph.edges(data=True))
    more = f"; and {len(groups) - 6} groups more" if len(groups) > 6 else ""
    rest = f" {many(len(alone), 'site')} without a link." if alone else ""
    return (
        f"Network of sites. {many(graph.number_of_edges(), 'link')}, {accounts} of them {ACCOUNT}. "
        f"{named}{more}.{rest} "
        f"What two sites have “{LITTLE}” is not drawn."
    )
