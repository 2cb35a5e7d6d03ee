"""The code goes in; `docs/imports.svg` comes out: which folder of `helpers/` imports from which, by floor.

`python docs/scripts/imports.py`. A line stands for the imports of one folder from another, the thicker the more there
are; it leaves a folder at the bottom and enters another at the top, so that an import that ran up would be seen.
"""

import ast
import sys
from collections import Counter
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

ROOT = Path(__file__).parents[2]
PACKAGE, PICTURE = ROOT / "helpers", ROOT / "docs" / "imports.svg"
FLOORS = [  # from the top down; folders on one floor do not import each other (`tests/test_house.py` sees to it)
    ["command"],
    ["scale"],
    ["sources"],
    ["restoration"],
    ["detection", "report"],
    ["evaluation", "mapping", "sites"],
    ["comparison"],
    ["corpus"],
    ["display"],
    ["text"],
    ["files"],
]
WIDTH, BOX, HEIGHT = 9.0, 1.5, 0.46  # inches: the picture, a box, a box
METADATA = {"Date": None, "Title": "Which folder imports from which"}
BLUE, UP = "#0072B2", "#D55E00"


def imports() -> Counter[tuple[str, str]]:
    """Count the imports of each folder from each other one."""
    found: Counter[tuple[str, str]] = Counter()
    for path in PACKAGE.rglob("*.py"):
        room = path.relative_to(PACKAGE).parts[0]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("helpers."):
                there = (node.module or "").split(".")[1]
                if (PACKAGE / room).is_dir() and (PACKAGE / there).is_dir() and there != room:
                    found[room, there] += 1
    return found


def arrows() -> str:
    """Return every arrow of the picture in words, for those who cannot see it and for the test that it is current."""
    return ", ".join(f"{room} > {there}" for room, there in sorted(imports()))


def places() -> dict[str, tuple[float, float]]:
    """Where the middle of each folder's box lies: folders on one floor side by side, single ones in turn aside."""
    found = {}
    for floor, rooms in enumerate(FLOORS):
        aside = (0.0, -1.9, 1.9)[floor % 3] if len(rooms) == 1 else 0.0
        for number, room in enumerate(rooms):
            x = WIDTH / 2 + aside + (number - (len(rooms) - 1) / 2) * 2.6
            found[room] = (x, len(FLOORS) - floor - 0.5)
    return found


def draw(found: Counter[tuple[str, str]]) -> Figure:
    """Draw the folders and what they import."""
    where = places()
    figure = Figure(figsize=(WIDTH, len(FLOORS) * 0.82))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, WIDTH), ylim=(0, len(FLOORS)))
    axes.axis("off")
    for (room, there), count in sorted(found.items()):
        (x, y), (to_x, to_y) = where[room], where[there]
        arrow = {
            "arrowstyle": "-|>",
            "color": BLUE if to_y < y else UP,
            "linewidth": 0.5 + count / 14,
            "alpha": 0.55 if to_y < y else 1.0,
            "shrinkA": 0,
            "shrinkB": 0,
            "connectionstyle": "arc3,rad=0.06",
        }
        axes.annotate("", (to_x, to_y + HEIGHT / 2), (x, y - HEIGHT / 2), arrowprops=arrow)
    for room, (x, y) in where.items():
        corner = (x - BOX / 2, y - HEIGHT / 2)
        axes.add_patch(Rectangle(corner, BOX, HEIGHT, zorder=3, facecolor="white", edgecolor="#333333"))
        axes.text(x, y, f"{room}/", ha="center", va="center", fontsize=11, zorder=4)
    return figure


def main() -> None:
    """Draw the picture; end with a message where the folders are not those of the floors."""
    rooms = {path.name for path in PACKAGE.iterdir() if path.is_dir() and path.name != "__pycache__"}
    drawn = {room for floor in FLOORS for room in floor}
    if rooms != drawn:
        sys.exit(
            f"{PACKAGE}: folders and floors differ: {', '.join(sorted(rooms ^ drawn))}. Mend: write them down here."
        )
    with mpl.rc_context({"svg.hashsalt": "unspun", "svg.fonttype": "none", "font.family": "sans-serif"}):
        draw(imports()).savefig(PICTURE, metadata=METADATA | {"Description": arrows()})


if __name__ == "__main__":
    main()
