"""What can go wrong with the field's dictionary, made to go wrong: `make faults KINDS=field` prints the counts."""

import multiprocessing
import os
import random
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
from attempts import Attempts

from helpers.corpus import project_folder
from helpers.mapping import add_to_field, dialect, field_dictionary
from helpers.mapping.field import KEY, PAGES, PAIRS, SIGHTINGS, FieldError, read_part
from helpers.mapping.field_entry import reasons

FORK = multiprocessing.get_context("fork")
NAMES = (PAGES, PAIRS, SIGHTINGS)
NASTY = (
    "", " ", "=1+1", "+cmd", "-2", "@sum", "\t", "a\nb", "a\x00b", "\ud800", "jane@site.example", "%40", "x" * 10_000,
    "one two three four five six seven", "He left. She stayed.", "‮txt", "{", "nan", "0", "1e9", "½", "é" * 300,
    "https://site.example/a", "javascript:alert(1)", "../..", "me", "+44 20 7946 0018", "DROP TABLE", "'", '"', "\\",
)  # fmt: skip


def rows_of(number: int, rng: random.Random) -> pd.DataFrame:
    """Return so many rows that are in order, each on a page of its own."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    words = ["".join(rng.choice(letters) for _ in range(9)) for _ in range(2 * number)]
    return pd.DataFrame(
        {
            "spun": words[:number], "original": words[number:], "dialect": "made-up", "how": "evident", "count": "1",
            "address": [f"https://{word}.example/" for word in words[:number]], "confirmed": "Ada Example",
        }
    )  # fmt: skip


def copy_of(home: Path, name: str) -> Path:
    """Return a copy of the shipped dictionary."""
    folder = home / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for part in NAMES:
        shutil.copy(project_folder("corpus/field") / part, folder)
    return folder


def as_it_was(folder: Path) -> dict[str, bytes]:
    """Return the bytes of the dictionary."""
    return {name: (folder / name).read_bytes() for name in NAMES}


def hostile_cells(home: Path, tries: int = 400) -> Attempts:
    """One cell of a row in order is something nasty: it is skipped, or it enters and keeps every rule."""
    rng, folder, wrong, lost, said = random.Random(18), copy_of(home, "hostile"), 0, 0, ""
    start = set(read_part(folder, PAIRS)[KEY].itertuples(index=False, name=None))
    for _ in range(tries):
        row = rows_of(1, rng).astype(object)
        row.at[0, rng.choice(list(row.columns))] = rng.choice(NASTY)
        try:
            found = add_to_field(row, folder)
            said = next(filter(None, found["why"]), said)
        except FieldError as error:
            said = str(error)
        except Exception as error:  # whatever is no clear error is wrong
            wrong, said = wrong + 1, repr(error)
    pairs = read_part(folder, PAIRS)
    wrong += int((reasons(pairs) != "").sum())
    lost += len(start - set(pairs[KEY].itertuples(index=False, name=None)))
    return Attempts("rows with a hostile cell are added to the field's dictionary", tries, lost, wrong, said=said[:120])


def killed(home: Path, tries: int = 30) -> Attempts:
    """The process dies while it adds: the dictionary reads as before or after, and adding again ends it."""
    rng, lost, wrong = random.Random(19), 0, 0
    for _ in range(tries):
        folder, rows = copy_of(home, "killed"), rows_of(20, rng)
        before = len(field_dictionary(folder))
        process = FORK.Process(target=add_to_field, args=(rows, folder))
        process.start()
        time.sleep(rng.uniform(0.0, 0.4))
        os.kill(process.pid or 0, signal.SIGKILL)
        process.join()
        after = len(field_dictionary(folder))
        lost += after < before
        add_to_field(rows, folder)
        wrong += len(field_dictionary(folder)) != before + 20 or after not in (before, before + 20)
    return Attempts("killed while it adds twenty pairs", tries, lost, wrong)


def together(home: Path, people: int = 6) -> Attempts:
    """Several people add at once: all that they added is there."""
    rng, folder = random.Random(20), copy_of(home, "together")
    before, tables = len(field_dictionary(folder)), [rows_of(5, rng) for _ in range(people)]
    processes = [FORK.Process(target=add_to_field, args=(rows, folder)) for rows in tables]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    there = len(field_dictionary(folder)) - before
    return Attempts("several people add at once", 5 * people, lost=5 * people - there)


def damaged(home: Path, tries: int = 60) -> Attempts:
    """A table of the dictionary is cut or overwritten: it reads, or an error names the file and the mend."""
    rng, wrong, said = random.Random(21), 0, ""
    folder = copy_of(home, "damaged")
    whole = as_it_was(folder)
    for _ in range(tries):
        name = rng.choice((PAIRS, SIGHTINGS))
        content = bytearray(whole[name][: rng.randrange(len(whole[name]))])
        if content and rng.random() < 0.5:
            content[rng.randrange(len(content))] = rng.randrange(256)
        (folder / name).write_bytes(bytes(content))
        try:
            field_dictionary(folder)
            dialect(["nothing here"], folder)
        except FieldError as error:
            said = str(error)
            wrong += "Mend:" not in said
        except Exception as error:  # whatever is no clear error is wrong
            wrong, said = wrong + 1, repr(error)
        (folder / name).write_bytes(whole[name])
    return Attempts("a table of the dictionary is cut or overwritten", tries, wrong=wrong, said=said[:160])


def attempts(home: Path) -> Iterator[Attempts]:
    """Yield what came of each kind."""
    for kind in (hostile_cells, killed, together, damaged):
        yield kind(home)
