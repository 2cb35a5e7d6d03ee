"""The tables of a reconstruction, together: what pages and editions of it are made from."""

from dataclasses import dataclass, field

import pandas as pd

AGREED, CHOSEN, INFERRED = STATUSES = ("agreed", "chosen", "inferred")


@dataclass(frozen=True)
class Reconstructed:
    """The text and the tables of a reconstruction; `Reconstruction` says what is in them."""

    text: str
    words: pd.DataFrame
    apparatus: pd.DataFrame = field(repr=False)
    sentences: pd.DataFrame = field(repr=False)
    passages: pd.DataFrame = field(repr=False)
    versions: pd.DataFrame = field(repr=False)
    sources: dict[str, str] = field(repr=False)

    def __str__(self) -> str:
        """Return the reconstructed text."""
        return self.text

    @property
    def note(self) -> str:
        """Say in a sentence or two what this is and what it rests on, for a table of articles."""
        names = [str(name) for name in self.versions["version"]]
        sites = list(dict.fromkeys(str(site) for site in self.versions["site"]))
        where = f" ({', '.join(sites)})" if sites != names else ""
        return (
            f"Reconstruction by Unspun from {len(names)} texts taken for versions of a lost source: "
            f"{', '.join(names)}{where}. No publisher’s page, and not to be quoted: each word was chosen, as the "
            "versions and the sites’ dictionaries tell it. Whether the texts were spun was not examined; one of them "
            "may be the source."
        )
