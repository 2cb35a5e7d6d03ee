"""A folder that a site was collected into goes in; what looks like an article is in a corpus, each text once."""

from pathlib import Path

from helpers.corpus.articles import TABLE, load_articles
from helpers.corpus.collecting.keeping import Kept
from helpers.corpus.collecting.named import ARTICLE
from helpers.corpus.collecting.pages import versions_table
from helpers.corpus.imports import ADDED, import_articles
from helpers.corpus.terms import ROLES
from helpers.files.urls import host_of_site, same_page

NO_ARTICLE = "it names other pages, or is one of those that every site has"
TWICE = "its text is there already"
LATER = "another version of it"


def check_role(role: str) -> None:
    """Raise ValueError for a role that is none, before a site is asked for hours and nothing can be imported."""
    if role not in ROLES:
        raise ValueError(f"role is one of {', '.join(ROLES)}, not {role!r}. Mend: name one of them.")


def import_collected(kept: Kept, corpus: str | Path, role: str, site: str) -> str:
    """Put what looks like an article into a corpus; return a sentence on what became of all pages.

    Each text goes in once, whatever address it stands under. A later version of a page goes in beside the first, under
    an `article_id` of its own, with a note that says so.
    """
    folder = Path(corpus)
    known, versions = _known(folder), versions_table(kept)
    place = str(folder.resolve())
    done = {line["archive"] for line in kept.lines if line["event"] == "imported" and line["corpus"] == place}
    done = done if known else set()
    counts = dict.fromkeys(("added", "there", "twice", "none", "problems"), 0)
    for name, group in versions[~versions["archive"].isin(done)].groupby("archive", sort=False):
        looks = dict(zip(group["record"], group["looks"], strict=True))
        chooser = _Chooser(looks, known)
        table = import_articles(
            kept.folder / str(name), corpus, role, site=host_of_site(site), errors="collect", choose=chooser.why_not
        )
        counts["added"] += int((table["status"] == ADDED).sum())
        counts["there"] += int((table["status"] != ADDED).sum())
        counts["twice"] += chooser.twice
        counts["none"] += int((group["looks"] != ARTICLE).sum())
        counts["problems"] += len(table.attrs["problems"])
        kept.write({"event": "imported", "round": kept.lines[-1]["round"], "archive": name, "corpus": place})
    return _said(counts, corpus)


def _known(corpus: Path) -> dict[str, str]:
    """The texts of a corpus by their SHA-256, each with its page; none where there is no corpus yet."""
    if not (corpus / TABLE).exists():
        return {}
    table = load_articles(corpus)
    return dict(zip(table["sha256"], table["url"].map(same_page), strict=True))


class _Chooser:
    """Tells of each record of an archive whether it is wanted."""

    def __init__(self, looks: dict[int, str], known: dict[str, str]):
        self.looks, self.known, self.twice = looks, known, 0

    def why_not(self, facts: dict) -> str:
        """Why an article is not wanted, empty where it is; a later version is told so in its note."""
        number = int(facts["place"].removeprefix("record ")) if facts["place"].startswith("record ") else 0
        if self.looks.get(number) != ARTICLE:
            return NO_ARTICLE
        page = same_page(facts["url"])
        if self.known.get(facts["sha256"], page) != page or facts["sha256"] in self.known:
            self.twice += 1
            return TWICE
        if page in self.known.values():
            facts["note"] = "; ".join(filter(None, [facts["note"], LATER]))
        self.known[facts["sha256"]] = page
        return ""


def _said(counts: dict[str, int], corpus: str | Path) -> str:
    parts = [
        f"{counts['added']:,} added to {corpus}",
        f"{counts['there'] + counts['twice']:,} there already or twice",
        f"{counts['none']:,} no articles",
    ]
    if counts["problems"]:
        parts.append(f"{counts['problems']:,} that could not be read")
    return f"{', '.join(parts)}."
