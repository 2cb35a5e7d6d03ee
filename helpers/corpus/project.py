"""The name of a folder goes in; where it lies in the project comes out, wherever a notebook or a shell is at work.

JupyterLab, Notebook 7 and nbconvert run a notebook in its own folder, VS Code and papermill in any other.
"""

import os
from pathlib import Path

MY_CORPUS, MY_REPORTS = "my-corpus", "my-reports"  # where a user's own articles and reports lie, unless they say else
PACKAGE = Path(__file__).parents[2]


def project_folder(name: str = "") -> Path:
    """Return a folder of the project, whether it is there or not: `project_folder("corpus")`.

    The project is the nearest folder, from the working folder up, with `notebooks/` and a `corpus/` in it; or that of
    the package; or else the working folder. The path is as short as it can be said from the working folder.

    >>> project_folder("corpus").name
    'corpus'
    """
    here = Path.cwd()
    for root in (here, *here.parents):
        if _is_project(root):
            return Path(os.path.relpath(root / name, here))
    return PACKAGE / name if _is_project(PACKAGE) else Path(name)


def _is_project(folder: Path) -> bool:
    return (folder / "notebooks").is_dir() and (folder / "corpus" / "articles.csv").is_file()
