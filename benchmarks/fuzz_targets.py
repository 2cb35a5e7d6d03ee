"""One input goes in; whether a reader or the comparison stands it comes out: what must hold of every input.

`python -m benchmarks.fuzz_targets` answers for inputs one by one, in a process with a bound on its memory; `fuzz`
starts it. Anything raised but what is documented is a crash, and so is a promise that does not hold.
"""

import base64
import json
import os
import re
import resource
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path

from helpers.files.child_process import peak_megabytes

READERS = {
    "html": ".html", "mhtml": ".mhtml", "webarchive": ".webarchive", "warc": ".warc",
    "warc.gz": ".warc.gz", "csv": ".csv", "tsv": ".tsv",
    "jsonl": ".jsonl", "json": ".json", "parquet": ".parquet", "excel": ".xlsx", "rss": ".rss", "sitemap": ".xml",
    "text": ".txt", "markdown": ".md", "zip": ".zip", "csv.gz": ".csv.gz", "any": "",
}  # fmt: skip
TEXTS = ("decode", "align")
OTHERS = ("decisions", "sheet", "http")
TARGETS = (*READERS, *TEXTS, *OTHERS)
SURROGATE = re.compile("[\ud800-\udfff]")
KINDS = {"begin", "alive", "article", "problem", "skipped", "address"}
PLANTED = os.environ.get("UNSPUN_PLANTED_FAULT", "")  # a test plants a fault here, to see that it is found


def check_reader(target: str, content: bytes, folder: Path) -> None:
    """Read a file with this content; raise where a record is not as promised."""
    from helpers.corpus.formats.dispatch import messages

    path = folder / f"input{READERS[target]}"
    path.write_bytes(content)
    for message in messages(str(path), raw=True):
        json.dumps(message)
        assert message["kind"] in KINDS, message["kind"]
        assert not message.get("unexpected"), message["problem"]
        if message["kind"] == "problem":
            assert message["problem"], "a problem without a word"
            assert message["mend"], "a problem without a mend"
        if message["kind"] == "article":
            assert message["text"].strip(), "an article without a text"
            assert "\x00" not in message["text"], "a NUL in a text"
            for fact in [message["text"], *(message[name] for name in ("title", "byline", "url", "site", "note"))]:
                fact.encode()


def check_decode(content: bytes) -> None:
    """Decode and mend; the result can be stored, and mending it again changes nothing."""
    from helpers.corpus.formats.encodings import decode, mend

    for declared in ("", "utf-8", "iso-8859-1", "utf-16", "shift_jis", "nonsense\x00"):
        text, _ = mend(decode(content, declared)[0])
        text.encode()
        assert "\x00" not in text, "a NUL in a text"


def check_align(content: bytes) -> None:
    """Compare two texts; every span gives its words back, and the alignment both texts."""
    from helpers.align import align
    from helpers.substitutions import find_substitutions

    spun, _, reference = content.decode("utf-8", "surrogatepass").partition("\x1e")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            rows = align(spun, reference)
            found = find_substitutions(spun, reference)
        except ValueError as error:  # what is documented, and only where it is so
            if "half a character" in str(error) and SURROGATE.search(f"{spun}{reference}"):
                return
            raise
    assert "".join(rows["spun"]) == spun, "the alignment lost a part of the spun text"
    assert "".join(rows["reference"]) == reference, "the alignment lost a part of the reference"
    for row in found.itertuples():
        assert spun[row.spun_start : row.spun_end] == row.spun, "a span of the spun text is not its words"
        assert reference[row.reference_start : row.reference_end] == row.original, "a span is not the original's words"


def must_mend(error: Exception) -> None:
    """Raise where an error does not say what to do."""
    assert "Mend: " in str(error), f"an error without a mend: {error}"


def check_decisions(content: bytes, folder: Path) -> None:
    """Read a log of decisions; it is read or named with its mend, and left as it is but for a torn end."""
    from helpers.mapping import MappingTable
    from helpers.mapping.decision_log import MappingError

    path = folder / "decisions.jsonl"
    for left in folder.glob("decisions.jsonl*"):
        left.unlink()
    path.write_bytes(content)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            mapping = MappingTable.open(folder)
            rows = len(mapping.table)
            mapping.decide("one phrase that is new", "another", "approved", who="Ana")
            assert len(MappingTable.open(folder).table) in (rows, rows + 1), "a decision that is lost"
        except MappingError as error:
            must_mend(error)
            kept = path.read_bytes()
            assert content.startswith(kept), "a log of which more was changed than its torn end"


def check_sheet(content: bytes, folder: Path) -> None:
    """Read a table of phrases in each form that is text; its rows come, or an error with a mend."""
    from helpers.mapping.importing import phrases_in
    from helpers.mapping.sheets import SheetError

    for ending in (".csv", ".tsv", ".json", ".jsonl"):
        path = folder / f"list{ending}"
        path.write_bytes(content)
        try:
            for spun, original, *_ in json.loads(phrases_in(str(path), path.name)):
                assert isinstance(spun, str), "a phrase that is no text"
                assert isinstance(original, str), "a phrase that is no text"
        except SheetError as error:
            must_mend(error)
            said = str(error)
            assert str(folder) not in said, "an error that tells of the machine"


def check_http(content: bytes, folder: Path) -> None:
    """Fetch a page from a host on this computer that answers so; it is kept, or an error with a mend comes."""
    import socket
    import threading

    from helpers.corpus.formats import exchange as fetching
    from helpers.corpus.formats.fetch import fetch

    fetching._last, fetching._robots, fetching._locks = {}, {}, {}
    fetching.WHOLE, fetching._sleep = 5.0, lambda seconds: None
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        for answer in (b"HTTP/1.1 404 X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", *[content] * 20):
            try:
                connection, _ = listening.accept()
                connection.recv(65536)
                connection.sendall(answer)
                connection.close()
            except OSError:
                return

    threading.Thread(target=serve, daemon=True).start()
    try:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/story"
        found = fetch(url, folder, contact="ada@a.example", private=True, timeout=2.0)
        assert found.content.strip(), "a page without anything"
        assert found.status in (200, 203), "an answer that is no page"
        found.path.unlink()
    except fetching.FetchingError as error:
        must_mend(error)
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()


def check(target: str, content: bytes, folder: Path) -> None:
    """Check one input; raises for a crash."""
    if PLANTED and PLANTED.encode() in content:
        if "HANG" in PLANTED:
            time.sleep(600)
        raise ZeroDivisionError("planted")
    if target in READERS:
        check_reader(target, content, folder)
    elif target in OTHERS:
        {"decisions": check_decisions, "sheet": check_sheet, "http": check_http}[target](content, folder)
    else:
        {"decode": check_decode, "align": check_align}[target](content)


def bound_memory(most: int) -> None:
    """Take no more address space than this."""
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def answer(target: str, content: bytes, folder: Path, run: Callable = check) -> dict:
    """Return what became of an input: `seconds`, `memory` (bytes, the most since the process began), `crash`."""
    begun, crash = time.perf_counter(), ""
    try:
        run(target, content, folder)
    except BaseException as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        crash = f"{type(error).__name__}: {str(error)[:300]} ({Path(place.filename).name}:{place.lineno})"
    return {"seconds": time.perf_counter() - begun, "memory": peak_megabytes() * 1e6, "crash": crash}


def main(most: int) -> None:
    """Answer for inputs, one a line, until there are no more."""
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    bound_memory(most)
    with tempfile.TemporaryDirectory() as folder:
        for line in sys.stdin:
            target, coded = line.split()
            print(json.dumps(answer(target, base64.b64decode(coded), Path(folder))), file=out, flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
