"""A file or folder of articles in any common form goes in; a table of candidate articles comes out, and what was wrong.

HTML, MHTML, WARC, CSV, TSV, JSON Lines, JSON, Parquet, Excel, RSS, Atom, a sitemap with its pages, text, Markdown,
a folder or a ZIP of pages and texts; gzipped or not. Nothing is fetched. `import_articles` puts what is
read into a corpus.
"""

import hashlib
import re
from collections.abc import Container, Iterator
from pathlib import Path

import pandas as pd

from helpers.corpus.articles_table import articles_table
from helpers.corpus.formats.sandbox import bounded_messages
from helpers.corpus.terms import ROLES
from helpers.display.visible import OF_WINDOWS
from helpers.files.limits import ARTICLE_COSTS, HOPELESS, MB, MOST_HELD, MOST_NAMED, SECONDS
from helpers.files.problems import PassedOver, Problem, Problems, printable
from helpers.files.urls import host_of, same_page

NOT_IN_NAMES = re.compile(r"[^a-z0-9._-]+")
LONGEST_ID = 60
GIVE_ROLE = 'say what it is: role="spun" or role="reference", or a column role.'


def read(path: str | Path, role: str = "", site: str = "", pages: str | Path | None = None) -> pd.DataFrame:
    """Return the articles in a file or folder, one row each, as candidates: nothing is stored.

    The columns of `load_articles`. `file` is the file, `record` the place in it, `repaired` what had to be mended
    (an encoding, mojibake), `sha256` that of the text. What the container says (a column, a WARC header, a feed's
    entry) goes before what the page says of itself. `role` and `site` given here fill what is empty; without a
    `site` it is the host of the address. `pages` is the folder (or web archive) with the pages of a sitemap; by
    default the sitemap's own folder.

    What is wrong stands in `.attrs["problems"]` (file, row, problem, mend, place), what was passed over because it
    is no article in `.attrs["skipped"]`. Never raises for what is in the file; raises ValueError for
    a `role` that is none.
    """
    table, problems, skipped = _gathered(path, role, site, pages)
    table.attrs |= {"problems": [vars(problem) for problem in problems.listed()], "skipped": skipped.listed()}
    return table


def _gathered(
    path: str | Path, role: str, site: str, pages: str | Path | None = None
) -> tuple[pd.DataFrame, Problems, PassedOver]:
    rows, problems, skipped = [], Problems(), PassedOver()
    for message in read_messages(path, role, site, pages):
        if isinstance(message, Problem):
            problems.add(message)
        elif message["kind"] == "skipped":
            skipped.add(message["what"])
        else:
            rows.append(message)
    return articles_table(_with_ids(rows, problems)), problems, skipped


def read_messages(
    path: str | Path,
    role: str = "",
    site: str = "",
    pages: str | Path | None = None,
    raw: bool = False,
    seconds: float = SECONDS,
) -> Iterator[dict | Problem]:
    """Yield what `read` gathers, one by one, so that a large file need not be in memory: articles, problems, skipped.

    With `raw` each article out of a larger file has `raw`, its ending and its bytes in base64. What has far more
    problems than articles is given up, and so is what has more articles than memory has room for; a last problem says
    so. Raises ValueError for a role that is none.
    """
    if role and role not in ROLES:
        raise ValueError(f"role is one of {', '.join(ROLES)}, not {role!r}")
    problems = articles = held = 0
    for message in _all_messages(path, role, site, pages, raw, seconds):
        yield message
        if isinstance(message, Problem):
            problems += 1
        elif message["kind"] == "article":
            articles += 1
            held += ARTICLE_COSTS + (0 if raw else len(message["text"]))  # with `raw` whoever asks stores the text
        if problems > HOPELESS and 10 * articles < problems:
            what = f"more than {HOPELESS:,} of its records cannot be read. Nothing after this was read."
            yield Problem(printable(str(path)), 0, what, "see whether it is what you think, or split it.")
            return
        if held > MOST_HELD:
            what = (
                f"its first {articles:,} articles take more than {MOST_HELD // MB:,} MB. Nothing after them was read."
            )
            yield Problem(printable(str(path)), 0, what, "split it.")
            return


def _all_messages(
    path: str | Path, role: str, site: str, pages: str | Path | None, raw: bool, seconds: float
) -> Iterator[dict | Problem]:
    addresses: dict[str, dict] = {}
    for message in bounded_messages(path, raw, seconds=seconds):
        if message["kind"] == "address" and len(addresses) == MOST_NAMED:
            what = f"it names more than {MOST_NAMED:,} pages. Those after them were not looked for."
            yield Problem(printable(str(path)), 0, what, "split it.")
            break
        if message["kind"] == "address":
            addresses.setdefault(same_page(message["url"]), message)
        elif (found := _finished(message, printable(str(path)), role, site)) is not None:
            yield found
    if addresses:
        folder = Path(path).parent if pages is None else Path(pages)
        yield from _of_sitemap(Path(path), addresses, folder, (role, site, raw, seconds))


def _finished(message: dict, file: str, role: str, site: str) -> dict | Problem | None:
    """A message as it is given to people; None where it is of no concern to them."""
    if message["kind"] == "problem":
        return Problem(file, message["row"], message["problem"], message["mend"], message["place"])
    if message["kind"] == "article":
        text, said = message["text"].encode(), message["role"] or role
        if said and said not in ROLES:
            what = f"the role {said[:60]!r} is unknown."
            return Problem(file, message["row"], what, f"write one of: {', '.join(ROLES)}.", message["place"])
        message |= {
            "role": said,
            "site": message["site"] or site or host_of(message["url"]) or host_of(message["canonical"]),
            "file": file,
            "record": message["place"],
            "repaired": "; ".join(message["repaired"]),
            "sha256": hashlib.sha256(text).hexdigest(),
        }
    return message if message["kind"] in ("article", "skipped") else None


def _of_sitemap(path: Path, addresses: dict[str, dict], folder: Path, how: tuple) -> Iterator[dict | Problem]:
    """The pages that a sitemap names, found in a folder and in the web archives in it; and those that are not there."""
    role, site, raw, seconds = how
    found = set()
    archives = sorted(one for one in folder.glob("*") if one.name.lower().endswith((".warc", ".warc.gz")))
    for source in [folder, *(archives if folder.is_dir() else [])]:
        for message in bounded_messages(source, raw, seconds=seconds):
            known = [key for key in _keys(message) if key in addresses and key not in found]
            if not known:
                if message["kind"] in ("article", "problem") and message["place"]:
                    yield {"kind": "skipped", "what": f"{source.name}, {message['place']}: not in the sitemap."}
                elif message["kind"] == "skipped" and source != folder:
                    yield {"kind": "skipped", "what": f"{source.name}, {message['what']}"}
                continue
            found.add(known[0])
            if message["kind"] == "article":
                message["url"] = message["url"] or addresses[known[0]]["url"]
                if changed := addresses[known[0]]["changed"]:
                    message["note"] = message["note"] or f"changed {changed}, says the sitemap"
            if (told := _finished(message, str(source), role, site)) is not None:
                yield told
    for key, address in addresses.items():
        if key not in found:
            what = f"its page {address['url'][:300]} is not there."
            yield Problem(str(path), 0, what, f"save it below {folder}, or fetch it.", f"address {address['row']}")


def _keys(message: dict) -> list[str]:
    """What a saved page may be called in a sitemap: by what it says of itself, then by where it lies."""
    bare = message.get("place", "").removesuffix("index.html").rstrip("/")
    names = [same_page(message[name]) for name in ("canonical", "url") if message.get(name)]
    return [*names, *([bare, bare.rpartition(".")[0]] if bare else [])]


def _with_ids(rows: list[dict], problems: Problems) -> list[dict]:
    """The rows, each with an article_id of its own; a row that claims another's is a problem."""
    taken = {row["article_id"]: row["place"] for row in reversed(rows) if row["article_id"]}
    kept: list[dict] = []
    numbers: dict[str, int] = {}
    for row in rows:
        if not row["article_id"]:
            row["article_id"] = free_id(row, taken, numbers)
            taken[row["article_id"]] = row["place"]
        elif taken[row["article_id"]] != row["place"]:
            what = f"the article_id {row['article_id'][:60]!r} is taken by {taken[row['article_id']]}."
            problems.add(Problem(row["file"], row["row"], what, "rename one of the two.", row["place"]))
            continue
        kept.append(row)
    return kept


def free_id(row: dict, taken: Container[str], numbers: dict[str, int] | None = None) -> str:
    """Return an article_id for an article that has none: from its file's name, its address or its title.

    `numbers` remembers between calls how far each name was counted: a million rows of one name take as many steps.

    >>> free_id({"file": "a/Kim & Xi.html", "place": "", "url": "", "title": ""}, {"kim-xi": ""})
    'kim-xi-2'
    """
    path = Path(row["place"] if _is_name(row["place"]) else row["file"])
    name = path.name.removesuffix(".gz")
    from_file = Path(name).stem if not row["place"] or _is_name(row["place"]) else ""
    from_url = re.sub(r"\.\w{1,5}$", "", row["url"].split("?")[0].rstrip("/").rpartition("/")[2])
    plain = next(filter(None, map(_plain, (from_file, from_url, row["title"], Path(name).stem))), "article")
    counted = {} if numbers is None else numbers
    free = plain if plain not in counted else f"{plain}-{counted[plain]}"
    while free in taken:
        counted[plain] = counted.get(plain, 1) + 1
        free = f"{plain}-{counted[plain]}"
    return free


def _is_name(place: str) -> bool:
    return "." in place and not place.startswith(("row ", "record ", "entry ", "address "))


def _plain(name: str) -> str:
    """A name of letters, digits, dots and hyphens that can be a file's everywhere."""
    plain = NOT_IN_NAMES.sub("-", name.lower()).strip("-._")[:LONGEST_ID].strip("-._")
    stem, *rest = plain.split(".", 1)
    return ".".join([f"{stem}-", *rest]) if stem in OF_WINDOWS else plain


def articles_of(path: str | Path, role: str = "", site: str = "") -> tuple[pd.DataFrame, list[Problem]]:
    """Return the articles in a file as `load_articles` gives them, and what is wrong.

    Those without a role are left out. The references that spun articles name must be in the same file. Raises
    ValueError for a `role` that is none.
    """
    table, problems, _ = _gathered(path, role, site)
    columns = ["file", "record", "reference_id"]
    for file, record, _ in table.loc[table["role"] == "", columns].itertuples(index=False, name=None):
        problems.add(Problem(file, 0, "its role is not known.", GIVE_ROLE, record))
    table = table[table["role"] != ""]
    roles = table["role"].to_dict()
    wanted = table[(table["role"] == "spun") & (table["reference_id"] != "")]
    unmet = wanted.loc[wanted["reference_id"].map(roles) != "reference", columns]
    for file, record, named in unmet.itertuples(index=False, name=None):
        what = f"the reference_id {named[:60]!r} is " + ("not a reference." if named in roles else "not there.")
        mend = "give the article_id of a row whose role is reference, or leave it empty."
        problems.add(Problem(file, 0, what, mend, record))
    table.attrs.clear()
    return table, problems.listed()
