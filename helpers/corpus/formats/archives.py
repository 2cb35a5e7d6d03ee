"""A compressed file goes in; its content comes out as a stream with a bound, whatever the file claims.

Nothing is ever written under a name that an archive gives, so that no member can land outside.
"""

import gzip
import io
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from helpers.files.limits import MB, MOST_MEMBERS, MOST_RATIO, MOST_UNPACKED
from helpers.files.problems import RecordError

CHUNK = 1 << 20
MOST_LAYERS = 3  # gzip within gzip
GZIP = b"\x1f\x8b"
ZIP = b"PK\x03\x04"
BOMB = "unpack it yourself and look at it: it grows like nothing that people write."


class GzipStream(io.RawIOBase):
    """A gzip file's content as a stream, whether it was packed whole, in pieces or twice.

    It ends where the file is damaged, and `damage` says how.
    """

    def __init__(self, packed: BinaryIO):
        """Take an open file at its beginning."""
        super().__init__()
        self.damage, self._at = "", 0
        self._content = gzip.GzipFile(fileobj=packed, mode="rb")
        try:
            for _ in range(MOST_LAYERS - 1):
                if self._content.peek(2)[:2] != GZIP:
                    break
                self._content = gzip.GzipFile(fileobj=self._content, mode="rb")
        except (EOFError, zlib.error, OSError) as error:
            self.damage = str(error)

    def read(self, size: int = -1) -> bytes:
        """Return up to `size` bytes of the content; none at its end, or where it is damaged."""
        if self.damage:
            return b""
        try:
            piece = self._content.read1(size if size is not None and size >= 0 else CHUNK)
        except (EOFError, zlib.error, OSError) as error:
            self.damage = str(error)
            return b""
        self._at += len(piece)
        return piece

    def tell(self) -> int:
        """How much of the content was read."""
        return self._at


@contextmanager
def unpacked(path: Path) -> Iterator[tuple[BinaryIO, list[tuple[str, str]]]]:
    """Give a gzip file's content as a file that can be sought, and what was wrong with it (problem, mend).

    What can be had of a truncated file is there. Raises `RecordError` for what is no gzip, and for a bomb.
    """
    wrong: list[tuple[str, str]] = []
    with tempfile.TemporaryFile() as out, open(path, "rb") as packed:
        size = path.stat().st_size
        content = GzipStream(packed)
        while chunk := content.read(CHUNK):
            out.write(chunk)
            check_growth(out.tell(), size)
        if content.damage:
            if not out.tell():
                raise RecordError(f"not valid gzip ({content.damage}).", "download or compress it anew.")
            wrong.append(("the file is damaged, or ends in the middle; what comes before is read.", "get it anew."))
        out.seek(0)
        yield out, wrong


def check_growth(size: int, packed: int) -> None:
    """Raise `RecordError` if what comes out of `packed` bytes is too much."""
    if size > MOST_UNPACKED:
        raise RecordError(f"more than {MOST_UNPACKED // MB:,} MB come out of it.", "split it.")
    if size > 100 * MB and size > MOST_RATIO * packed:
        raise RecordError(f"it grows {size // max(1, packed):,}-fold when it is unpacked.", BOMB)


def members(archive: zipfile.ZipFile, packed: int) -> list[zipfile.ZipInfo]:
    """Return the files in a ZIP, folders left out; raises `RecordError` where they are too many or too much."""
    found = [member for member in archive.infolist() if not member.is_dir()]
    if len(found) > MOST_MEMBERS:
        raise RecordError(f"it holds more than {MOST_MEMBERS:,} files.", "split it.")
    check_growth(sum(member.file_size for member in found), packed)
    return found


def member_bytes(archive: zipfile.ZipFile, member: zipfile.ZipInfo, most: int) -> bytes:
    """Return one file of a ZIP; raises `RecordError` where it is too long, locked or damaged."""
    if member.file_size > most:
        raise RecordError(f"it has more than {most // MB} MB.", "store the article alone.")
    if member.flag_bits & 1:
        raise RecordError("it is locked with a password.", "unpack it and point at the folder.")
    try:
        with archive.open(member) as content:
            found = content.read(most + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        raise RecordError(f"it is damaged ({error}).", "make the ZIP file anew.") from None
    return found


def open_zip(source: Path | BinaryIO) -> zipfile.ZipFile:
    """Open a ZIP; raises `RecordError` for what is none."""
    try:
        return zipfile.ZipFile(source)
    except (
        zipfile.BadZipFile,
        OSError,
        ValueError,
        NotImplementedError,
        EOFError,
        OverflowError,
        UnicodeError,
    ) as error:
        raise RecordError(f"not a valid ZIP file ({error}).", "make it anew.") from None


def is_excel(archive: zipfile.ZipFile) -> bool:
    """Tell whether a ZIP is an Excel file."""
    return "xl/workbook.xml" in archive.namelist()
