"""Run every notebook where it stands and keep its outputs, so that git shows only what changed in them.

nbconvert cannot be told on its command line to keep the last state of a progress bar only, and it records the
Python version and the time of every cell. A widget is kept as the plain table that stands beside it: its number is
another one in every run, and nothing answers to it in a notebook that is only read.
"""

import os
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient

decisions = tempfile.TemporaryDirectory()
os.environ["UNSPUN_DECISIONS"] = decisions.name  # what the user has decided is no part of the outputs

for path in map(Path, sys.argv[1:] or sorted(map(str, Path("notebooks").glob("*.ipynb")))):
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(
        notebook,
        coalesce_streams=True,
        record_timing=False,
        store_widget_state=False,
        resources={"metadata": {"path": str(path.parent)}},
    ).execute()
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            output.get("data", {}).pop("application/vnd.jupyter.widget-view+json", None)
    notebook.metadata.pop("widgets", None)
    notebook.metadata["language_info"] = {"name": "python"}
    nbformat.write(notebook, path)
    print(path)
