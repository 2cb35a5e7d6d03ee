"""An address goes in; the page is kept as a web archive, with its headers and the hour, or a clear error comes out.

Only one page, and only when it is called. How a host is asked, and what is refused, stands in `exchange`.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from helpers.corpus.formats.exchange import (
    BROWSER,
    TIMEOUT,
    WAIT,
    Answer,
    Asking,
    FetchingError,
    agent_of,
    page_headers,
)
from helpers.corpus.formats.warc import one_page
from helpers.display.visible import slug
from helpers.files.atomic import write_file
from helpers.files.limits import MOST_PAGE

ENDING = ".warc.gz"
BLANK = b"\x00 \t\r\n\xef\xbb\xbf"  # an answer of nothing else holds nothing
# Answers with success that hold no page, or not all of it.
NO_PAGE = {204: ", which says that it holds no page", 205: ", which says that it holds no page",
           206: " and sent a part of the page only", 304: ", as if we knew the page already"}  # fmt: skip


@dataclass(frozen=True)
class Fetched:
    """A page as it came: where it is kept, the address it came from in the end, its status, the hour, its bytes."""

    path: Path
    url: str
    status: int
    retrieved: datetime
    content: bytes


def fetch(
    url: str,
    folder: str | Path,
    *,
    contact: str,
    wait: float = WAIT,
    timeout: float = TIMEOUT,
    most: int = MOST_PAGE,
    private: bool = False,
) -> Fetched:
    """Fetch one page and keep it below `folder` as `HOST-PATH-HOUR.warc.gz`; return where, and what came.

    `contact` is your e-mail address or a web page about your research: it is sent with the request, so that the
    site's owner can write to you. `wait` is the seconds between two requests to a host (at least 1), `timeout` those
    until something must come that leads on (a connection, a whole head, a piece of the page), `most` the bytes that a
    page may have. Two minutes (`WHOLE`) are all that a call may take, our own waits not counted. Redirects are followed
    to http and https only, each checked like the first address. Hosts on this computer or in a private network are
    refused unless `private`, however their numbers are written and whatever carries them.

    Of the headers those are kept that tell of the page; none that may tell of you (cookies, numbers sent back).

    Raises `FetchingError` where robots.txt forbids it, the host does not answer in its time, the answer is no page, or
    it is too long. Nothing is kept then. Raises ValueError where `contact` is no such address. The archive is read by
    `helpers.corpus.read`, and `import_articles` puts it in.
    """
    asking = Asking(agent_of(contact), wait, timeout, private)
    at, answer = asking.follow(url, most, check=asking.check_allowed)
    if answer.status not in (200, 203):
        said = f"the host answered {answer.status}{NO_PAGE.get(answer.status, '')}"
        raise FetchingError(f"{at}: {said}. Mend: {BROWSER}")
    if not answer.body.strip(BLANK):
        raise FetchingError(f"{at}: the host answered {answer.status} and sent nothing. Mend: {BROWSER}")
    now = datetime.now(UTC).replace(microsecond=0)
    return Fetched(_keep(Path(folder), at, answer, now), at, answer.status, now, answer.body)


def _keep(folder: Path, url: str, answer: Answer, now: datetime) -> Path:
    """Write the page as a web archive, in one step."""
    status, hour = f"{answer.status} {answer.reason}", now.strftime("%Y-%m-%dT%H:%M:%SZ")
    content = one_page(url, answer.body, status, page_headers(answer), WARC_Date=hour)
    parts = urlsplit(url)
    name = slug(f"{parts.hostname}{parts.path.rstrip('/')}".lower().replace("/", "-").replace("_", "-"), 100)
    folder.mkdir(parents=True, exist_ok=True)
    path = _free(folder, f"{name}-{now:%Y%m%dT%H%M%SZ}")
    write_file(path, content)
    return path


def _free(folder: Path, name: str) -> Path:
    number, path = 1, folder / f"{name}{ENDING}"
    while path.exists():
        number += 1
        path = folder / f"{name}-{number}{ENDING}"
    return path
