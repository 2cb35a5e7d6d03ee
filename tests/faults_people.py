"""Addresses are planted in every spelling, markup that would run, folders with telling names: what gets out is counted.

`make faults KINDS=people` tries all of it on one small corpus; `wrong` is what was shown, masked by mistake, or run.
"""

import getpass
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import planted
import planted_corpus
import pypdf
from attempts import Attempts
from pages import CHROMIUM

from helpers.display.masking import addresses
from helpers.report.build import run_notebooks

TELLING = "zq-telling-name"  # of the folder that a report is made in
MARKUP = [
    "<img src=x onerror=alert(1)>",
    '<script>alert("zq")</script>',
    '"><svg onload=alert(1)>',
    "javascript:alert(1)",
]


def attempts(home: Path) -> Iterator[Attempts]:
    """Everything, in full number."""
    yield shown_by_mask()
    yield masked_by_mistake()
    forms = [form for form, _ in planted.everything()]
    corpus = planted_corpus.make_corpus(home / TELLING / "corpus", forms, f"desk {forms[3]}", forms)
    out = home / TELLING / "reports"
    made = dict(planted_corpus.made_of(corpus, out, CHROMIUM is not None))
    yield shown_anywhere(made)
    site = f"desk {forms[3]}"
    run_notebooks([site], corpus, out, progress=False)
    yield paths_shown(out, home)
    corpus = planted_corpus.make_corpus(home / "markup" / "corpus", MARKUP * 2, f"{MARKUP[0]}{MARKUP[1]}", MARKUP)
    yield run_as_markup(dict(planted_corpus.made_of(corpus, home / "markup" / "out", False)))


def shown_by_mask() -> Attempts:
    """Every form by itself and in sentences."""
    tried = [(frame.format(form), secret) for form, secret in planted.everything() for frame in planted.SENTENCES]
    from helpers.display.masking import mask

    shown = [text for text, secret in tried if secret in planted.bare(mask(text))]
    return Attempts("addresses in a text, in every spelling", len(tried), wrong=len(shown), said="; ".join(shown[:3]))


def masked_by_mistake() -> Attempts:
    """Every honest figure by itself and in sentences."""
    tried = [frame.format(honest) for honest in planted.HONEST for frame in [*planted.SENTENCES, "In 2024 {} were."]]
    wrong = [text for text in tried if addresses(text)]
    return Attempts("honest figures, dates and identifiers", len(tried), wrong=len(wrong), said="; ".join(wrong[:3]))


def shown_anywhere(made: dict[str, str]) -> Attempts:
    """Each form in each thing that was made."""
    forms = len(planted.everything())
    shown = {name: found for name, text in made.items() if (found := planted.shown_in(text))}
    said = "; ".join(f"{name}: {', '.join(found[:4])}" for name, found in list(shown.items())[:5])
    kind = f"addresses in {len(made)} files, widgets, answers and printed lines"
    return Attempts(kind, forms * len(made), wrong=sum(map(len, shown.values())), said=said)


def paths_shown(out: Path, home: Path) -> Attempts:
    """The folder's name, this person's home and account in every file below a folder of reports."""
    wanted = {TELLING, str(home), f"{Path.home()}/", "file://"}
    wanted |= {name for name in [getpass.getuser()] if len(name) > 4}
    files = [path for path in out.rglob("*") if path.is_file() and not path.relative_to(out).parts[0].startswith(".")]
    shown = [f"{path.name}: {word}" for path in files for word in wanted if word.encode() in contents(path)]
    return Attempts("paths of this machine in published files", len(files) * len(wanted), wrong=len(shown),
                    said="; ".join(shown[:5]))  # fmt: skip


def contents(path: Path) -> bytes:
    """The bytes of a file; of a PDF every stream and string unpacked."""
    if path.suffix != ".pdf":
        return path.read_bytes()
    reader = pypdf.PdfReader(path)
    parts = [path.read_bytes()]
    for number in range(1, len(reader.xref_objStm) + sum(map(len, reader.xref.values())) + 1):
        thing = reader.get_object(number)
        parts.append(repr(thing).encode("utf-8", "replace"))
        if isinstance(thing, pypdf.generic.StreamObject):
            parts.append(thing.get_data() if "/Image" not in repr(thing.get("/Subtype")) else b"")
    return b"\n".join(parts)


class Running(HTMLParser):
    """What a browser would run of a page."""

    def __init__(self) -> None:
        """Nothing yet."""
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Scripts, handlers, and links that run."""
        if tag == "img" and dict(attrs).get("src") == "x":
            self.found.append(tag)
        for name, value in attrs:
            if name.startswith("on") or (value or "").strip().casefold().startswith("javascript:"):
                self.found.append(f"{tag} {name}")

    def handle_data(self, data: str) -> None:
        """A script of ours that was planted."""
        if self.get_starttag_text() == "<script>" and self.cdata_elem == "script" and "alert(" in data:
            self.found.append("script")


def runs(page: str) -> list[str]:
    """What of the planted markup a browser would run, read as HTML."""
    parser = Running()
    parser.feed(page)
    return parser.found


def run_as_markup(made: dict[str, str]) -> Attempts:
    """Every page, picture as SVG, Markdown and HTML of a notebook or widget."""
    pages = {
        name: re.sub(r"(?m)^    .*", "", text) if name.endswith(".md") else text  # code is shown as it stands
        for name, text in made.items()
        if re.search(r"\.(?:html|svg|md)$|HTML", name) and not name.startswith("the name")
    }  # fmt: skip
    found = {name: what for name, text in pages.items() if (what := runs(text))}
    return Attempts(f"markup in names, titles, authors and notes, in {len(pages)} pages", len(pages) * len(MARKUP),
                    wrong=len(found), said=json.dumps(dict(list(found.items())[:4])) if found else "")  # fmt: skip
