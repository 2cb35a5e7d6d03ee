"""HTML and plain text that say the same go in; what a notebook shows of them comes out."""

from dataclasses import dataclass


@dataclass(frozen=True, repr=False)
class Shown:
    """Something to be read: as HTML where that is shown, as plain text in a terminal."""

    html: str
    text: str

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        """Return the plain text."""
        return self.text
