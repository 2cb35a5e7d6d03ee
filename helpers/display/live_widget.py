"""A page (static/*.js) and a plain table go in; a widget comes out, live with a kernel and plain without one.

What the widgets of Unspun have in common: how they are shown, how messages reach them, and the words of their pages.
"""

from pathlib import Path
from typing import ClassVar

import anywidget
from IPython.display import HTML, DisplayHandle, display

SHARED = Path(__file__).parent / "static"
ELEMENTS, WIDGETS = SHARED / "elements.js", SHARED / "widgets.css"  # what the pages of all widgets begin with


def static(*files: Path) -> str:
    """Return some files as one, in this order."""
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


class LiveWidget(anywidget.AnyWidget):
    """A widget with a plain stand-in, `_repr_html_`; `answer` gets each message of its page."""

    INVITATION: ClassVar[str]  # in the place of the widget, where no page can be shown

    def __init__(self) -> None:
        """Listen to the page."""
        super().__init__()
        self._static: DisplayHandle | None = None
        self.on_msg(lambda _, message, __: self.answer(message))

    def _ipython_display_(self) -> None:
        """Show the plain table, which the live page hides (see widgets.css), and the page."""
        self._static = display(HTML(self._repr_html_()), display_id=True)
        bundle: tuple | dict = super()._repr_mimebundle_() or {}
        live = bundle[0] if isinstance(bundle, tuple) else bundle
        display({**live, "text/plain": self.INVITATION}, raw=True)

    def renew_static(self) -> None:
        """Let the plain table, which is saved in the notebook, say what is so now."""
        if self._static is not None:
            self._static.update(HTML(self._repr_html_()))

    def answer(self, message: dict) -> None:
        """Answer a message of the page; raises NotImplementedError where a widget has not said how."""
        raise NotImplementedError

    def _repr_html_(self) -> str:
        raise NotImplementedError
