"""A reconstruction goes in; the same comes out as TEI: a critical text with its apparatus (app, lem, rdg, listWit).

The apparatus is written in parallel segmentation (TEI P5, chapter 13): every version's text can be read off it, where
the version has the passage. `lem` has the versions that read so (`wit`) and how probable it is (`cert`); a lemma that
no version reads is of the type “inferred”. A version that lacks the place has an empty `rdg` of the type “absent”.
`apparatus.rng` is the schema of what is written, a part of TEI’s.
"""

from importlib.resources import files

from lxml import etree

from helpers.sources.readings_shown import Note, lines_shown, shown
from helpers.sources.reconstructed import INFERRED, Reconstructed

SPACE = "http://www.tei-c.org/ns/1.0"
ID = "{http://www.w3.org/XML/1998/namespace}id"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def tei(made: Reconstructed) -> str:
    """Return the TEI document of a reconstruction."""
    root = etree.Element(f"{{{SPACE}}}TEI", nsmap={None: SPACE})
    _header(root, made)
    body = _add(_add(root, "text"), "body")
    division = _add(body, "div")
    lines = lines_shown(made)
    for pieces in lines:
        paragraph = _add(division, "p")
        for piece in pieces:
            if piece.note is None:
                _write(paragraph, piece.words)
            else:
                _app(paragraph, piece.note)
    if not lines:
        _add(division, "p")
    return etree.tostring(root, encoding="unicode", xml_declaration=False, pretty_print=False) + "\n"


def schema() -> etree.RelaxNG:
    """Return the schema that `tei` keeps to."""
    return etree.RelaxNG(etree.fromstring(files("helpers.sources").joinpath("apparatus.rng").read_bytes()))


def _header(root: etree._Element, made: Reconstructed) -> None:
    header = _add(root, "teiHeader")
    description = _add(header, "fileDesc")
    title = made.text.split("\n", 1)[0] if made.text else ""
    _add(_add(description, "titleStmt"), "title").text = f"Reconstruction: {shown(title)}"
    _add(_add(description, "publicationStmt"), "p").text = "Made with Unspun; not published."
    source = _add(description, "sourceDesc")
    _add(source, "p").text = shown(made.note)
    witnesses = _add(source, "listWit")
    for number, (name, site) in enumerate(zip(made.versions["version"], made.versions["site"], strict=True)):
        witness = _add(witnesses, "witness")
        witness.set(ID, _witness(number))
        witness.text = shown(str(name) if site == name else f"{name} ({site})")
    encoding = _add(header, "encodingDesc")
    variant = _add(encoding, "variantEncoding")
    variant.set("method", "parallel-segmentation")
    variant.set("location", "internal")
    language = _add(_add(_add(header, "profileDesc"), "langUsage"), "language")
    language.set("ident", "en")
    language.text = "English"


def _app(paragraph: etree._Element, note: Note) -> None:
    app = _add(paragraph, "app")
    lemma = _add(app, "lem")
    if note.with_lemma:
        lemma.set("wit", _all(note.with_lemma))
    if note.status == INFERRED:
        lemma.set("type", "inferred")
    lemma.set("cert", f"{note.probability:.3f}")
    _write(lemma, note.lemma)
    for words, who in note.others.items():
        reading = _add(app, "rdg")
        reading.set("wit", _all(who))
        _write(reading, words)
    if note.absent:
        reading = _add(app, "rdg")
        reading.set("wit", _all(note.absent))
        reading.set("type", "absent")


def _witness(number: int) -> str:
    return f"v{number + 1}"


def _all(numbers: list[int]) -> str:
    return " ".join(f"#{_witness(number)}" for number in numbers)


def _add(parent: etree._Element, name: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{SPACE}}}{name}")


def _write(element: etree._Element, words: str) -> None:
    """Put words behind what an element holds; a line break becomes `lb`."""
    for number, line in enumerate(words.split("\n")):
        if number:
            _add(element, "lb")
        if len(element):
            element[-1].tail = (element[-1].tail or "") + line
        else:
            element.text = (element.text or "") + line
