"""What is installed on this machine goes in; real texts that are near to each other come out, family by family.

Chapters of one book, the manual pages of one program, a year's news of one region share names, words and whole
phrases, as no text that a program strings together does. They are read where they lie and are no part of the project:
a family that is not installed is left out, and `counts` says how many texts of each could be had. Pages of which
another one holds a good part (one page under two names) are no near texts but the same one: the first is kept.
"""

import gzip
import re
from collections.abc import Callable, Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
from lxml import html

from helpers.sources.index import content_words, hashed, ordered_pairs

WORDS = (150, 1200)  # of a text: shorter ones are left out, longer ones end at a paragraph's end
MOST = 150  # texts of a family
SAME = 0.4  # of a text's pairs of words in another one: the same text
MAN = Path("/usr/share/man")
VIM = Path("/usr/share/vim")
RUST = Path.home() / ".rustup/toolchains"
# A family is for training or for measuring; of the news every other one is for each.
TRAIN = ("git", "gcloud", "Vim", "Cargo", "Rust reference", "news")
TEST = ("Rust book", "PostgreSQL", "Linux calls", "Wikipedia", "news")
_SOURCE = {"train": slice(0, None, 2), "test": slice(1, None, 2)}
ROFF_NAMES = {"aq": "’", "Aq": "'", "bu": "", "em": "—", "en": "–", "lq": "“", "rq": "”", "dq": '"', "ti": "~"}


def families(half: str) -> dict[str, pd.Series]:
    """Return the texts for training or for measuring (`half` is train or test) by name, a series for each family."""
    found = {}
    for family in TRAIN if half == "train" else TEST:
        texts = pd.Series(dict(_sized(READERS[family]())), dtype=object)
        if family == "news":
            texts = texts.iloc[_SOURCE[half]]
        if len(texts):
            texts = texts.iloc[:: -(-len(texts) // (2 * MOST))]
            found[family] = distinct(texts).iloc[:MOST]
    return found


def counts(found: dict[str, pd.Series]) -> pd.DataFrame:
    """Return how many texts there are of each family, and their median length in words."""
    rows = [(family, len(texts), int(texts.str.count(r"\s+").median()) + 1) for family, texts in found.items()]
    return pd.DataFrame(rows, columns=["family", "texts", "words"])


def distinct(texts: pd.Series) -> pd.Series:
    """Return the texts without those of whose pairs of words an earlier one has `SAME` of them or more."""
    pairs = hashed([p for words in content_words(text) for p in ordered_pairs([w for w, _ in words])] for text in texts)
    sizes = np.maximum(np.diff(pairs.indptr), 1)
    shared = (pairs @ pairs.T).toarray() / np.minimum(sizes[:, None], sizes[None, :])
    kept: list[int] = []
    for number in range(len(texts)):
        if not kept or shared[number, kept].max() < SAME:
            kept.append(number)
    return texts.iloc[kept]


def _sized(texts: Iterable[tuple[str, list[str]]]) -> Iterator[tuple[str, str]]:
    """Whole paragraphs of each text, up to the most words; what is too short is left out."""
    for name, paragraphs in texts:
        kept, words = [], 0
        for paragraph in paragraphs:
            if words >= WORDS[1]:
                break
            kept.append(" ".join(paragraph.split()))
            words += kept[-1].count(" ") + 1
        if words >= WORDS[0]:
            yield name, "\n\n".join(kept)


def _gensim() -> Path | None:
    spec = find_spec("gensim")
    return Path(spec.origin).parent / "test/test_data" if spec and spec.origin else None


def _news() -> Iterator[tuple[str, list[str]]]:
    """The Lee background corpus: Australian news of 2001, three sentences a paragraph as they came without any."""
    folder = _gensim()
    path = folder / "lee_background.cor" if folder else Path()
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines() if path.is_file() else []):
        sentences = re.split(r"(?<=[.?!]) +(?=[A-Z])", line)
        yield f"news-{number:03d}", [" ".join(sentences[at : at + 3]) for at in range(0, len(sentences), 3)]


def _wikipedia() -> Iterator[tuple[str, list[str]]]:
    """Articles from the beginning of the English Wikipedia, their mark-up taken off as gensim does."""
    folder = _gensim()
    path = folder / "enwiki-latest-pages-articles1.xml-p000000010p000030302-shortened.bz2" if folder else Path()
    if not path.is_file():
        return
    import bz2

    from gensim.corpora.wikicorpus import extract_pages, filter_wiki

    with bz2.open(path) as file:
        for title, text, _ in extract_pages(file, filter_namespaces=("0",)):
            plain = re.sub(r"'{2,}|^[*#:;=|!{].*$", "", filter_wiki(text), flags=re.MULTILINE)
            yield f"wikipedia-{title}", [line for line in plain.splitlines() if len(line) > 80]


def _manual(pattern: str, wanted: Callable[[str], bool]) -> Iterator[tuple[str, list[str]]]:
    for path in sorted(MAN.glob(pattern)):
        if wanted(path.name) and not path.is_symlink():
            yield path.name.removesuffix(".gz"), _roff(gzip.decompress(path.read_bytes()).decode("utf-8", "replace"))


def _roff(page: str) -> list[str]:
    """The paragraphs of a manual page's source; tables, synopses and examples (between .nf and .fi) are left out."""
    paragraphs, lines, verbatim = [], [], False
    for line in page.splitlines():
        request = re.match(r"[.'] *(\w*)", line)
        name = request[1] if request else ""
        verbatim = name in ("nf", "EX", "TS") or (verbatim and name not in ("fi", "EE", "TE"))
        if verbatim or line.startswith((".\\", "'\\")):
            continue
        if name in ("B", "I", "BR", "IR", "RB", "RI", "BI", "IB"):
            lines.append(_unescaped(line.split(None, 1)[1] if " " in line else "").replace('"', ""))
        elif request or not line.strip():
            paragraphs.append(" ".join(lines))
            lines = []
        else:
            lines.append(_unescaped(line))
    paragraphs.append(" ".join(lines))
    return [paragraph for paragraph in paragraphs if paragraph.count(" ") >= 8]


def _unescaped(line: str) -> str:
    line = re.sub(r"\\f(?:\[\w*\]|\(..|.)|\\s[-+]?\d|\\[&|^/,]|\\m\[\w*\]", "", line)
    line = re.sub(r"\\\*?[(](..)|\\\*?\[(\w+)\]", lambda match: ROFF_NAMES.get(match[1] or match[2], ""), line)
    return line.replace("\\-", "-").replace("\\ ", " ").replace("\\e", "\\").replace("\\", "")


def _vim() -> Iterator[tuple[str, list[str]]]:
    """The chapters of Vim's user manual."""
    for path in sorted(VIM.glob("vim*/doc/usr_*.txt")):
        yield path.stem, re.split(r"\n\s*\n", path.read_text(encoding="utf-8", errors="replace"))[2:]


def _rust(book: str) -> Iterator[tuple[str, list[str]]]:
    """The chapters of one of the Rust project's books, without their code."""
    toolchains = sorted(RUST.glob("stable-*"))[:1]
    pattern = f"share/doc/rust/html/{book}/**/{'ch*' if book == 'book' else '*'}.html"
    for path in sorted(path for toolchain in toolchains for path in toolchain.glob(pattern)):
        if path.stem not in ("print", "index", "toc"):
            main = html.fromstring(path.read_bytes()).xpath("//main//p | //main//li[not(.//p)]")
            yield f"{book}-{path.stem}", [" ".join(part.itertext()) for part in main]


READERS: dict[str, Callable[[], Iterator[tuple[str, list[str]]]]] = {
    "git": lambda: _manual("man1/git-*", lambda name: True),
    "gcloud": lambda: _manual("man1/gcloud_*", lambda name: not name.startswith(("gcloud_alpha", "gcloud_beta"))),
    "PostgreSQL": lambda: _manual("man7/*", lambda name: name[:4].isupper() and not name.startswith("EVP")),
    "Linux calls": lambda: _manual("man2/*", lambda name: True),
    "Vim": _vim,
    "Cargo": lambda: _rust("cargo"),
    "Rust reference": lambda: _rust("reference"),
    "Rust book": lambda: _rust("book"),
    "Wikipedia": _wikipedia,
    "news": _news,
}
