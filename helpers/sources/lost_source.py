"""Spun versions of a source go in, the source not among them; the lost source comes out, word by word, with evidence.

Voting does not do: spinners agree with each other in a third of what they put in. What works is to learn, from all
places of all articles, what each site's dictionary puts for what (`channel.py`), and to ask a language model which of
the candidates fits its place (`in_context.py`).
"""

from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from helpers.mapping.table import MappingTable
from helpers.sources.backbone import backbones
from helpers.sources.certainty import probabilities
from helpers.sources.decided import Decided, decide
from helpers.sources.places import places, reading_key
from helpers.sources.reconstruction import Reconstruction, reconstruction
from helpers.sources.witnesses import GROUP, as_articles, stories_of
from helpers.sources.written import Story
from helpers.text.model_file import can_be_asked

Dictionaries: TypeAlias = Mapping[str, pd.DataFrame | MappingTable] | pd.DataFrame
SUPPOSED = 0.5  # the probability of a dictionary’s row that does not say


def reconstruct(
    versions: pd.DataFrame | Mapping[str, str] | Sequence[str],
    dictionaries: Dictionaries | None = None,
    shared: Mapping[str, str] | None = None,
    language_model: bool = True,
) -> Reconstruction:
    """Reconstruct a lost source from several spun versions of it.

    `versions`: articles (index or column `article_id`; `text`, and `site` where it is known), a mapping name -> text,
    or a list of texts. Copies count once. `dictionaries`: what is known of the sites' dictionaries, site -> a table
    with the columns `spun` and `original` (and `probability`), or one table with the column `site` as well;
    mapping tables will do. `shared`: site -> name of its dictionary, where that is known; else sites that agree as only
    sharers do are found, if there is enough of their text. Two versions of one site share its dictionary.

    `language_model=False` asks none (some seconds an article less; also where it is not installed, with a warning).
    Many lost sources of the same sites teach each other: see `reconstruct_all`.

    Raises ValueError for fewer than two versions, for versions that are all the same or have hardly a word in common
    (it names them), and for articles of several groups.

    >>> made = reconstruct(["He said that it was a big house.", "He mentioned that it was a big house.",
    ...                     "He said that it was a large house."], language_model=False)
    >>> made.text
    'He said that it was a big house.\\n'
    >>> made.apparatus[["lemma", "status", "version 2"]]
      lemma  status  version 2
    0  said  chosen  mentioned
    1   big  chosen        big
    """
    articles = as_articles(versions)
    if GROUP in articles and articles[GROUP].nunique() > 1:
        raise ValueError(
            f"the versions are of {articles[GROUP].nunique()} sources ({GROUP}). Mend: reconstruct_all(articles)."
        )
    if len(articles) < 2:
        raise ValueError(
            f"{len(articles)} version: what was replaced shows only where several are beside each other. Mend: add "
            "versions, or use helpers.restore.restore."
        )
    return next(iter(_all(articles.assign(**{GROUP: 0}), GROUP, dictionaries, shared, language_model).values()))


def reconstruct_all(
    articles: pd.DataFrame,
    group: str = GROUP,
    dictionaries: Dictionaries | None = None,
    shared: Mapping[str, str] | None = None,
    language_model: bool = True,
    wanted: Collection[Hashable] | None = None,
) -> dict[Hashable, Reconstruction]:
    """Reconstruct the lost source of every group of articles: group -> Reconstruction.

    `articles` as `reconstruct` takes them, with a column that says which have one source (`version_group`, as
    `group_versions` gives it; rows without a group, and groups of one, are left out). The sites' dictionaries are
    learnt over all groups, also where some are `wanted` alone (their names): what the others say of the dictionaries is
    used, and the language model is not asked about them. Raises ValueError where no group has two versions, for a
    wanted group that is not there, and as `reconstruct` does.
    """
    table = as_articles(articles)
    if group not in table:
        raise ValueError(f"the articles lack the column {group}. Mend: group=…, or helpers.sources.group_versions.")
    table = table[table[group].notna()]
    table = table[table.groupby(group)[group].transform("size") > 1]
    if table.empty:
        raise ValueError(f"no two articles have the same {group}. Mend: add versions.")
    missing = [name for name in wanted or () if name not in set(table[group])]
    if missing:
        raise ValueError(f"no two articles are of the wanted {group} {missing[0]!r}. Mend: name groups with versions.")
    return _all(table, group, dictionaries, shared, language_model, wanted)


def _all(
    articles: pd.DataFrame,
    group: str,
    dictionaries: Dictionaries | None,
    shared: Mapping[str, str] | None,
    language_model: bool,
    wanted: Collection[Hashable] | None = None,
) -> dict[Hashable, Reconstruction]:
    asked = language_model and can_be_asked()
    decided = decide(beside(articles, group), shared, _told(dictionaries), asked, wanted)
    return reconstructions(decided, probabilities(decided, asked), wanted)


def beside(articles: pd.DataFrame, group: str) -> dict[Hashable, Story]:
    """Return the stories of articles, their versions beside each other."""
    versions = stories_of(articles, group)
    spines = backbones(versions)
    return {name: Story(own, spines[name], *places(spines[name], own)) for name, own in versions.items()}


def reconstructions(
    decided: Decided, chances: np.ndarray, wanted: Collection[Hashable] | None = None
) -> dict[Hashable, Reconstruction]:
    """Return the reconstruction of every story, or of those that are wanted, from what was decided.

    `chances` (places): how probable it is that what was chosen in each stood in the source (see `probabilities`).
    """
    first_of: dict[int, str] = {}
    for site, dictionary in zip(decided.sites, decided.readings.dictionary.tolist(), strict=True):
        first_of.setdefault(dictionary, site)
    uses = {
        site: first_of[dictionary]
        for site, dictionary in zip(decided.sites, decided.readings.dictionary.tolist(), strict=True)
    }
    found, at = {}, 0
    for name, story in decided.stories.items():
        own = range(at, at + len(story.places))
        at = own.stop
        if wanted is not None and name not in wanted:
            continue
        found[name] = reconstruction(
            story,
            [decided.candidates(place) for place in own],
            chances[own.start : own.stop],
            [uses[version.site] for version in story.versions],
        )
    return found


def _told(dictionaries: Dictionaries | None) -> dict[str, dict[tuple[str, str], float]]:
    """What is known of the sites' dictionaries: site -> (original, what it puts) -> probability."""
    if dictionaries is None:
        return {}
    if isinstance(dictionaries, pd.DataFrame):
        if "site" not in dictionaries:
            raise ValueError("the dictionaries lack the column site. Mend: add it, or hand in {site: table}.")
        dictionaries = {str(site): rows for site, rows in dictionaries.groupby("site")}
    return {site: _pairs(site, getattr(table, "table", table)) for site, table in dictionaries.items()}


def _pairs(site: str, table: Any) -> dict[tuple[str, str], float]:
    missing = {"spun", "original"} - set(table.columns)
    if missing:
        raise ValueError(
            f"the dictionary of {site!r} lacks the column(s) {', '.join(sorted(missing))}. Mend: add them."
        )
    if "status" in table:
        table = table[table["status"] != "rejected"]
    chance = table["probability"] if "probability" in table else pd.Series(SUPPOSED, index=table.index)
    return {
        (reading_key(original), reading_key(spun)): float(sure)
        for spun, original, sure in zip(table["spun"], table["original"], chance, strict=True)
    }
