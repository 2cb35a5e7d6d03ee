"""Pages, notebooks and docstrings go in; a site that asks no other machine for anything comes out.

`make docs` builds it. What does not lie below `docs/` (notebooks, the datasheet, the README and its companions) is
copied here first, and links to it are made to lead to the copies.
"""

import os
import re
import shutil
import sys
from importlib.metadata import version as version_of
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
sys.path[:0] = [str(ROOT), str(HERE / "scripts")]

import examples  # noqa: E402

# Outside docs/ -> where it stands on the site.
COPIES = {
    "README.md": "_project/readme.md",
    "CONTRIBUTING.md": "_project/contributing.md",
    "CHANGELOG.md": "_project/changelog.md",
    "corpus/README.md": "_project/corpus.md",
    "corpus/field/README.md": "_project/field.md",
    "corpus/network/README.md": "_project/network.md",
    "benchmarks/heldout/README.md": "_project/heldout.md",
} | {f"notebooks/{path.name}": f"_notebooks/{path.name}" for path in sorted((ROOT / "notebooks").glob("*.ipynb"))}
PLACES = {ROOT / outside: HERE / inside for outside, inside in COPIES.items()}
ORIGINALS = {inside: outside for outside, inside in PLACES.items()}
LINK = re.compile(r"(?<=\]\()([^()\s#:]+)(?=[#)])")  # the file in [words](file#place)
REPORT = re.compile(r"""(href=\\?['"])\.\./reports/""")  # in what a notebook shows: the reports that it made


def relinked(text: str, page: Path) -> str:
    """Return a page's text with its links to files leading to where they stand on the site."""
    original = ORIGINALS.get(page, page)

    def leads_to(link: re.Match) -> str:
        target = Path(os.path.normpath(original.parent / link[1]))
        if not target.exists():
            return link[1]
        return Path(os.path.relpath(PLACES.get(target, target), page.parent)).as_posix()

    return REPORT.sub(r"\1../examples/", LINK.sub(leads_to, text))


def copy_what_lies_outside() -> None:
    """Copy it, and remove copies of what is no longer there; a page that did not change is not touched."""
    for folder in {copy.parent for copy in ORIGINALS}:
        folder.mkdir(exist_ok=True)
        for old in set(folder.iterdir()) - set(ORIGINALS):
            old.unlink()
    for original, copy in PLACES.items():
        if not copy.exists() or copy.read_bytes() != original.read_bytes():
            shutil.copyfile(original, copy)


CODE = re.compile(r"(?<!`)`([^`]+)`(?!`)")


def as_restructured(lines: list[str]) -> list[str]:
    """Return a docstring, written as we write them, for Sphinx: `code` is code, and no sign means more than itself.

    >>> as_restructured(["`text_` of **two**", ">>> 2 * 3"])
    ['``text_`` of \\\\*\\\\*two\\\\*\\\\*', '>>> 2 * 3']
    """
    done, example = [], False
    for line in lines:
        example = line.lstrip().startswith(">>>") or (example and bool(line.strip()))
        if example:
            done.append(line)
            continue
        parts = CODE.split(line)  # words, code, words, code, …
        parts[::2] = [re.sub(r"([*|\\]|_\b)", r"\\\1", words) for words in parts[::2]]
        parts[1::2] = [f"``{code}``" for code in parts[1::2]]
        done.append("".join(parts))
    return done


def setup(app) -> None:
    """Have every page's links and every docstring rewritten as it is read."""

    def read(app, name: str, source: list[str]) -> None:
        source[0] = relinked(source[0], Path(app.env.doc2path(name)))

    def document(app, what, name, thing, options, lines: list[str]) -> None:
        lines[:] = [] if what == "module" else as_restructured(lines)  # api.md introduces the faces itself

    app.connect("source-read", read)
    app.connect("autodoc-process-docstring", document)


copy_what_lies_outside()
examples.build()

project = "Unspun"
author = "The Unspun authors"
copyright = "the Unspun authors; MIT licence"
version = release = version_of("unspun")
language = "en"
smartquotes = False  # quotes are typographic where they should be; "git diff --word-diff" has no dash

extensions = ["myst_nb", "sphinx.ext.autodoc"]
highlight_language = "none"  # of what names no language
exclude_patterns = ["_build", "scripts", "**.ipynb_checkpoints"]
myst_heading_anchors = 4  # as on the code-hosting pages
myst_enable_extensions = ["html_image"]
nb_execution_mode = "off"  # the notebooks are committed with their outputs, and the tests compare them
nb_ipywidgets_js = {}  # else fetched from elsewhere

autodoc_typehints_format = "short"
autodoc_member_order = "bysource"
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 160

html_theme = "sphinx_book_theme"
html_title = "Unspun"
html_extra_path = ["_extra"]  # the example reports
html_static_path = ["static"]
html_css_files = ["site.css"]
html_show_sourcelink = False
html_copy_source = False
html_theme_options = {"show_toc_level": 2, "use_download_button": False, "home_page_in_toc": True}
