"""A folder goes in, and answers as they come; they are on disk when the call returns: in web archives, with a log.

`log.jsonl` has a line for each request and is only ever added to. A page goes into the archive first and then into the
log, both written to disk before the next is asked for. So a kill at any moment loses nothing that had come whole: what
it cut in two is cut off when the folder is opened again, and a page that is in the archive and not yet in the log is
entered there.
"""

import hashlib
import io
import json
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from filelock import FileLock, Timeout

from helpers.corpus.collecting.named import FEED, PAGE, SITEMAP, read_bounded
from helpers.corpus.formats.exchange import Answer, page_headers
from helpers.corpus.formats.warc import one_page
from helpers.files.limits import MB, MOST_PAGE, MOST_WHOLE
from helpers.files.urls import same_page

LOG, LOCK, ENDING = "log.jsonl", ".lock", ".warc.gz"
MOST_ARCHIVE = 500 * MB  # bytes of one archive; then another is begun, so that none is too large to copy
MOST_LINE = 1 * MB  # bytes of a line of the log; ours have some hundred
Line = dict[str, Any]


class CollectingError(Exception):
    """A folder that cannot be collected into; the message names it and the mend."""


def _now() -> datetime:
    return datetime.now(UTC)


class Kept:
    """A folder of collected pages, opened: its log as lines, its archives. Only one program writes to it at a time.

    Use `opened`. `lines` are those of the log, `mended` says what a kill had left and was put right.
    """

    def __init__(self, folder: Path):
        """Read the log, without changing anything."""
        self.folder, self.path = folder, folder / LOG
        self.lines, self._whole = _read_log(self.path)
        self.mended: list[str] = []
        self._archive: Path | None = None
        self._records = Counter(
            name for name, _ in {(line["archive"], line["at"]) for line in self.lines if "at" in line}
        )

    def page_lines(self) -> list[Line]:
        """Return the lines of requests for pages: none for sitemaps, feeds, robots.txt and what lies beside pages."""
        return [line for line in self.lines if line["event"] == "asked" and line.get("kind", PAGE) == PAGE]

    def mend(self) -> None:
        """Cut off what a kill left in the middle, and enter what is in the archive and not in the log."""
        if self.path.exists() and self.path.stat().st_size > self._whole:
            _cut(self.path, self._whole)
            self.mended.append("a line of the log that was not whole was cut off")
        begun = next((line for line in reversed(self.lines) if line["event"] == "begin"), None)
        for path in _parts_of(self.folder, begun["archive"]) if begun else []:
            self._mend_archive(path, begun or {})

    def _mend_archive(self, path: Path, begun: Line) -> None:
        """Enter what is whole in an archive and not in the log, and cut off what is torn."""
        known = [line for line in self.lines if line.get("archive") == path.name and "at" in line]
        end = max((line["at"] + line["length"] for line in known), default=0)
        for line in _lines_of(path, end, self._records[path.name]):
            self._records[path.name] += 1
            is_start = same_page(line["url"]) in map(same_page, begun.get("starts", []))
            about = {"found": "start" if is_start else "link", "recovered": True}
            self.write({"event": "asked", "round": begun["round"], **line, **about})
            self.mended.append(f"{line['url']}: the page was in the archive and is now in the log")
            end = line["at"] + line["length"]
        if path.stat().st_size > end:
            _cut(path, end)
            self.mended.append(f"{path.name}: a record that was not whole was cut off")

    def write(self, *lines: Line) -> None:
        """Add lines to the log; they are on disk when this returns. Each is told its hour."""
        for line in lines:
            line.setdefault("when", hour(_now()))
        coded = [json.dumps({name: value for name, value in line.items() if value not in ("", None)}) for line in lines]
        if coded:
            _append(self.path, "".join(f"{one}\n" for one in coded).encode())
        self.lines += lines

    def begin_archive(self, name: str) -> str:
        """Name the archive that pages go into from now on; one that is there already goes on."""
        self._archive = (_parts_of(self.folder, name) or [self.folder / f"{name}{ENDING}"])[-1]
        return name

    def keep(self, url: str, answer: Answer) -> Line:
        """Put a page into the archive; return where it lies there, for its line in the log."""
        now = _now()
        if self._archive is None:
            raise RuntimeError("no archive was begun")
        if self._archive.exists() and self._archive.stat().st_size > MOST_ARCHIVE:
            self._archive = _next_part(self._archive)
        status = f"{answer.status} {answer.reason}"
        hour_of_it = now.strftime("%Y-%m-%dT%H:%M:%SZ")
        record = one_page(url, answer.body, status, page_headers(answer), WARC_Date=hour_of_it)
        at = _append(self._archive, record)
        self._records[self._archive.name] += 1
        number = self._records[self._archive.name]
        return {"archive": self._archive.name, "at": at, "length": len(record), "record": number}

    def record(self, line: Line) -> bytes:
        """Return the record of a line as an archive of its own; raises `CollectingError` where it is gone."""
        path = self.folder / str(line["archive"])
        try:
            with open(path, "rb") as file:
                file.seek(line["at"])
                found = file.read(line["length"])
        except OSError as error:
            raise CollectingError(f"{path}: {error.strerror}. Mend: put the archive back, or collect anew.") from None
        if len(found) < line["length"]:
            raise CollectingError(f"{path}: it ends before {line['url']}. Mend: put the whole archive back.")
        return found

    def content(self, line: Line) -> tuple[bytes, str]:
        """Return the bytes of a page that was kept, and its Content-Type."""
        from warcio.archiveiterator import ArchiveIterator

        try:
            for record in ArchiveIterator(io.BytesIO(self.record(line))):
                declared = record.http_headers.get_header("Content-Type") if record.http_headers else ""
                return record.content_stream().read(max(MOST_PAGE, MOST_WHOLE) + 1), declared or ""
        except CollectingError:
            raise
        except Exception as error:  # warcio raises its own errors and those of zlib
            what = f"{self.folder / str(line['archive'])}: {line['url']} cannot be read ({str(error)[:200]})"
            raise CollectingError(f"{what}. Mend: put the archive back as it was.") from None
        return b"", ""


@contextmanager
def opened(folder: str | Path) -> Iterator[Kept]:
    """Open a folder to collect into, for one program alone, and put right what a kill left in it.

    Raises `CollectingError` where another program is at work in it, or where it holds other files.
    """
    folder = Path(folder)
    if folder.exists() and not folder.is_dir():
        raise CollectingError(f"{folder}: this is a file, and a folder is wanted. Mend: name another.")
    if folder.is_dir() and not (folder / LOG).exists() and any(path.name != LOCK for path in folder.iterdir()):
        mend = "name a new folder, or one that was collected into before."
        raise CollectingError(f"{folder}: there are other files in it, and no {LOG}. Mend: {mend}")
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        mend = "wait for it to end, or stop it; or collect into another folder."
        raise CollectingError(f"{folder}: another program collects into it just now. Mend: {mend}") from None
    try:
        kept = Kept(folder)
        kept.mend()
        yield kept
    finally:
        lock.release()


def looked_at(folder: str | Path) -> Kept:
    """Open a folder to read it, whoever else is at work in it; raises `CollectingError` where nothing was collected."""
    must_be_collected(Path(folder), "name a folder that collect has written.")
    return Kept(Path(folder))


def must_be_collected(folder: Path, mend: str) -> None:
    """Raise `CollectingError` where nothing was collected into a folder."""
    if not (folder / LOG).is_file():
        raise CollectingError(f"{folder}: nothing was collected into it (there is no {LOG}). Mend: {mend}")


def hour(moment: datetime) -> str:
    """Return a time as the log has it, in UTC, to the second.

    >>> hour(datetime(2025, 9, 5, 14, 30, tzinfo=UTC))
    '2025-09-05T14:30:00Z'
    """
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def digest(content: bytes) -> str:
    """Return the SHA-256 of a page, by which two versions of it are told apart."""
    return hashlib.sha256(content).hexdigest()


def _read_log(path: Path) -> tuple[list[Line], int]:
    """The whole lines of a log, and where they end."""
    if not path.exists():
        return [], 0
    lines, end = [], 0
    with open(path, "rb") as file:
        while (raw := file.readline(MOST_LINE + 1)).endswith(b"\n"):
            try:
                lines.append(_checked(json.loads(raw)))
            except (ValueError, TypeError, KeyError) as error:
                number = len(lines) + 1
                mend = "put back the file as it was, or collect into a new folder."
                raise CollectingError(f"{path}, line {number}: no line of this log ({error}). Mend: {mend}") from None
            end += len(raw)
    if len(raw) > MOST_LINE:
        raise CollectingError(
            f"{path}, line {len(lines) + 1}: longer than {MOST_LINE:,} bytes. Mend: put back the file."
        )
    return lines, end


def _checked(line: Any) -> Line:
    """A line that has what every line has; a name that leads out of the folder is no archive of ours."""
    if not isinstance(line, dict) or not isinstance(line["event"], str) or not isinstance(line["round"], int):
        raise ValueError("it has no event and round")
    name = line.get("archive", "")
    if not isinstance(name, str) or Path(name).name != name:
        raise ValueError(f"{str(name)[:60]!r} is no archive here")
    if "at" in line and not all(isinstance(line[part], int) and line[part] >= 0 for part in ("at", "length")):
        raise ValueError("its place in the archive is no number")
    return line


def _append(path: Path, content: bytes) -> int:
    """Write behind the end of a file; return where. What a full disk cuts in two is taken away again."""
    with open(path, "ab", buffering=0) as file:
        at = file.seek(0, os.SEEK_END)
        rest = memoryview(content)
        try:
            while rest:
                rest = rest[file.write(rest) or 0 :]
            os.fsync(file.fileno())
        except BaseException:
            file.truncate(at)
            raise
    return at


def _cut(path: Path, size: int) -> None:
    with open(path, "rb+") as file:
        file.truncate(size)
        os.fsync(file.fileno())


def _parts_of(folder: Path, name: str) -> list[Path]:
    """The archives of one run that are there, in order."""
    numbered = sorted(folder.glob(f"{name}-*{ENDING}"), key=lambda path: (len(path.name), path.name))
    return [path for path in (folder / f"{name}{ENDING}", *numbered) if path.exists()]


def _next_part(path: Path) -> Path:
    stem = path.name.removesuffix(ENDING)
    first, _, number = stem.rpartition("--")
    return path.with_name(f"{first or stem}--{int(number) + 1 if first else 2:03}{ENDING}")


def _lines_of(path: Path, start: int, records: int) -> Iterator[Line]:
    """The whole records of an archive behind a place, as lines of the log; what is cut in two ends it."""
    from warcio.archiveiterator import ArchiveIterator

    with open(path, "rb") as file:
        for at, end in _members(file, start):
            file.seek(at)
            try:
                record = next(iter(ArchiveIterator(io.BytesIO(file.read(end - at)))))
                body = record.content_stream().read()
                url, when = (record.rec_headers.get_header(name) for name in ("WARC-Target-URI", "WARC-Date"))
                status = int(record.http_headers.get_statuscode())
            except Exception:  # whatever warcio makes of half a record
                return
            records += 1
            yield {
                "when": when, "url": url, "status": status, "bytes": len(body), "sha256": digest(body),
                "archive": path.name, "at": at, "length": end - at, "record": records, **_looks(body, url),
            }  # fmt: skip


def _looks(body: bytes, url: str) -> Line:
    """What the log would have said of an answer."""
    parts = urlsplit(url)
    if parts.path == "/robots.txt":
        return {"kind": "robots", "root": f"{parts.scheme}://{parts.netloc}"}
    read = read_bounded(body, url)
    return {"kind": read.looks if read.looks in (SITEMAP, FEED) else PAGE, "looks": read.looks, "title": read.title}


def _members(file: IO[bytes], start: int) -> Iterator[tuple[int, int]]:
    """Where the whole parts of a gzip file lie, from a place on: each of our records is one."""
    import zlib

    size, at = file.seek(0, os.SEEK_END), start
    while at < size:
        file.seek(at)
        packed, end = zlib.decompressobj(zlib.MAX_WBITS | 16), at
        try:
            while not packed.eof and (piece := file.read(1 << 16)):
                packed.decompress(piece)
                end += len(piece)
        except zlib.error:
            return
        if not packed.eof:
            return
        end -= len(packed.unused_data)
        yield at, end
        at = end
