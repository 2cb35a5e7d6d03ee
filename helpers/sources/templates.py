"""Many comments or reviews go in; out come the templates that programs made them from, and which are honest.

In 2017 millions of comments on the Internet's rules were filed with an American agency that a program had put together:
"I urge" or "I ask" or "I implore", "the Commission" or "the FCC", and so on through the text. Here such a template is
read off the comments alone, slot by slot, written as spintax, `{urge|ask|implore}`; every comment is told from which
template it came and which options it has. What came from nowhere is the writer's own, and a text that was merely copied
is a form letter. Where nothing can be claimed, nothing is, with the reason.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from helpers.display.shown import Shown
from helpers.sources.alike_texts import groups, shares_of
from helpers.sources.slot_grammar import Choice, Tokens
from helpers.sources.spintax import Parts, Slot, possible, write
from helpers.sources.template_learning import Learnt, is_member, learn
from helpers.sources.template_reader import Readings, all_tokens, network, read, shortest, slots_of
from helpers.sources.token_table import TokenTable
from helpers.text.compiled import Int64s

ROUNDS = 12  # of looking for groups in what is left
ASKED = 0.25  # of a text's neighbouring words are a template's, so that it is read with it,
HALF_OF_IT = 0.6  # or so many as this part of the template's shortest text
FEWEST_TEXTS = 20  # that can be asked about
OWN_WORDS, FORM_LETTER, TEMPLATE = "own words", "form letter", "template"


@dataclass(frozen=True, eq=False)
class Reading:
    """A template or form letter that was found, and the texts that were read with it."""

    learnt: Learnt
    parts: Parts
    slots: list[Slot]
    texts: Int64s
    readings: Readings
    kind: str


@dataclass(frozen=True, eq=False)
class Template:
    """What was found in many texts; `template` says what each table holds."""

    templates: pd.DataFrame
    slots: pd.DataFrame
    texts: pd.DataFrame
    refusal: str
    _found: list[Reading] = field(repr=False)
    _table: TokenTable | None = field(repr=False)

    @property
    def spintax(self) -> str:
        """The template that most texts came from, as spintax; empty where there is none."""
        return self._first("spintax", "")

    @property
    def possible(self) -> int:
        """How many texts can be made from it; 0 where there is none."""
        return self._first("possible", 0)

    def _first(self, column: str, otherwise):  # noqa: ANN001, ANN202
        made = self.templates[self.templates["kind"] == TEMPLATE]
        return made[column].iloc[0] if len(made) else otherwise

    @cached_property
    def choices(self) -> pd.DataFrame:
        """Which option each text has of each slot, a row each.

        Columns: `text_id`, `template`, `slot`, `option` (as in `slots`), `start`, `end` (characters into the text as it
        was given: `text[start:end]` are the words that stand there, nothing where the option is empty).
        """
        rows = [_choices(self._table, reading, number) for number, reading in enumerate(self._found, 1)]
        table = pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=CHOICES[1:])
        names = self.texts.index.to_numpy()
        table.insert(0, "text_id", names[table.pop("text").to_numpy(int)] if rows else [])
        return table

    def __str__(self) -> str:
        """Say in sentences what was found."""
        return self.sentence

    @property
    def sentence(self) -> str:
        """What was found, in words."""
        counts = self.texts["kind"].value_counts()
        made, letters, own = (int(counts.get(kind, 0)) for kind in (TEMPLATE, FORM_LETTER, OWN_WORDS))
        number = int((self.templates["kind"] == TEMPLATE).sum())
        of = "one template" if number == 1 else f"{number} templates"
        said = [f"{made:,} of {len(self.texts):,} texts were made from {of}."] if number else [self.refusal]
        said += [f"{letters:,} are copies of a form letter."] if letters else []
        return " ".join([*said, *([f"{own:,} are in their writers’ own words."] if number or letters else [])])

    def _repr_html_(self) -> str:
        return self.show().html

    def __repr__(self) -> str:
        """Return what was found as plain text."""
        return self.show().text

    def show(self, texts: int = 0) -> Shown:
        """Return the templates to be read, with each slot's options and their numbers."""
        from helpers.sources.template_shown import shown

        return shown(self, texts)


CHOICES = ["text_id", "text", "template", "slot", "option", "start", "end"]


def template(texts: pd.Series | pd.DataFrame | Mapping[str, str] | Iterable[str], seed: int = 0) -> Template:
    """Return the templates that these texts were made from."""
    names, strings = _named(texts)
    if len(strings) < FEWEST_TEXTS:
        refusal = f"No template is claimed: of {len(strings)} texts nothing can be said, {FEWEST_TEXTS} are needed."
        return _result(names, None, [], refusal)
    table = TokenTable(strings)
    found = _find(table, seed)
    found = [_reading(table, learnt, asked) for learnt, asked in found]
    found = [reading for reading in _settled(table, found) if len(reading.texts) >= FEWEST_TEXTS]
    found.sort(key=lambda reading: (reading.kind != TEMPLATE, -len(reading.texts)))
    refusal = "" if any(reading.kind == TEMPLATE for reading in found) else _refusal(found)
    return _result(names, table, found, refusal)


def _refusal(found: list[Reading]) -> str:
    if found:
        return "No template is claimed: what the texts have in common is copied word for word, which is a form letter."
    return "No template is claimed: no group of texts has more in common than phrases that anybody may use."


def _named(texts: pd.Series | pd.DataFrame | Mapping[str, str] | Iterable[str]) -> tuple[pd.Index, list[str]]:
    """The texts' ids and the texts. Raises ValueError for what is no text."""
    if isinstance(texts, str):
        raise ValueError("texts are many strings, and one was given. Mend: a list or series of texts.")
    if isinstance(texts, pd.DataFrame):
        if "text" not in texts:
            raise ValueError(f"texts needs a column text; it has {', '.join(map(str, texts.columns))}.")
        texts = texts["text"]
    series = texts if isinstance(texts, pd.Series) else pd.Series(
        dict(texts) if isinstance(texts, Mapping) else list(texts), dtype=object
    )  # fmt: skip
    strings = series.tolist()
    for name, text in zip(series.index, strings, strict=True):
        if not isinstance(text, str):
            raise ValueError(f"texts: {name!r} is no text but {text!r}. Mend: leave it out, or make it a string.")
    if series.index.has_duplicates:
        twice = series.index[series.index.duplicated()][0]
        raise ValueError(f"texts: the id {twice!r} is there twice. Mend: give each text an id of its own.")
    return series.index, strings


def _find(table: TokenTable, seed: int) -> list[tuple[Learnt, Int64s]]:
    """The templates and form letters, each with the texts that may be from it, those found first in front."""
    left = np.flatnonzero(table.lengths > 0)
    found: list[tuple[Learnt, Int64s]] = []
    for turn in range(ROUNDS):
        gone = np.zeros(len(table), bool)
        for members in groups(table, left, seed + turn):
            members = members[~gone[members]]
            learnt = learn(table, members, seed)
            if learnt.reason and not learnt.is_letter:
                gone[members] = True
                continue
            asked = _asked(table, left[~gone[left]], learnt)
            readings = read(table, asked, *_network(table, learnt), learnt.near)
            mine = asked[is_member(readings, table.lengths[asked])]
            gone[mine if len(mine) >= FEWEST_TEXTS else members] = True
            found.append((learnt, asked))
        if not gone.any():
            break
        left = left[~gone[left]]
    return found


def _network(table: TokenTable, learnt: Learnt) -> tuple:
    return network(learnt.tokens, table.vocabulary.ends), len(slots_of(learnt.tokens))


def _asked(table: TokenTable, texts: Int64s, learnt: Learnt) -> Int64s:
    """The texts that have so many of a template's pairs of neighbours that they are read with it."""
    pairs = np.array(sorted(one * table.size + other for one, other in _neighbours(learnt.tokens)), np.int64)
    share = shares_of(table, texts, pairs)
    return texts[(share >= ASKED) | (share * table.lengths[texts] >= HALF_OF_IT * shortest(learnt.tokens))]


def _neighbours(tokens: Tokens) -> set[tuple[int, int]]:
    """The pairs of tokens that can stand beside each other in a text made from a template."""
    pairs: set[tuple[int, int]] = set()

    def walk(parts: Tokens, before: set[int]) -> set[int]:
        for part in parts:
            if isinstance(part, Choice):
                before = set().union(*(walk(option, before) for option in part.options))
            else:
                pairs.update((one, part) for one in before)
                before = {part}
        return before

    walk(tokens, set())
    return pairs


def _reading(table: TokenTable, learnt: Learnt, asked: Int64s) -> Reading:
    readings = read(table, asked, *_network(table, learnt), learnt.near)
    parts, slots = _written(table, learnt.tokens)
    return Reading(learnt, parts, slots, asked, readings, FORM_LETTER if learnt.is_letter else TEMPLATE)


def _settled(table: TokenTable, found: list[Reading]) -> list[Reading]:
    """Each text with the template alone that explains most of it, and with none that explains too little."""
    best = np.full((2, len(table)), -1, np.int64)
    for number, reading in enumerate(found):
        score = reading.readings.matched - reading.readings.missing
        member = is_member(reading.readings, table.lengths[reading.texts])
        better = member & ((best[0, reading.texts] < 0) | (score > best[1, reading.texts]))
        best[:, reading.texts[better]] = np.stack([np.full(better.sum(), number), score[better]])
    return [_only(table, reading, best[0, reading.texts] == number) for number, reading in enumerate(found)]


def _only(table: TokenTable, reading: Reading, kept: np.ndarray) -> Reading:
    """A reading of these of its texts alone."""
    old = reading.readings
    columns = {name: getattr(old, name)[kept] for name in old.__dataclass_fields__ if name != "fits"}
    fits = old.fits[np.repeat(kept, table.lengths[reading.texts])]
    return Reading(reading.learnt, reading.parts, reading.slots, reading.texts[kept], Readings(**columns, fits=fits),
                   reading.kind)  # fmt: skip


def _written(table: TokenTable, tokens: Tokens) -> tuple[Parts, list[Slot]]:
    """A template as strings and slots, and its slots in the order of `slots_of`."""
    known = table.vocabulary
    made: dict[int, Slot] = {}

    def words(parts: Tokens) -> Parts:
        found: Parts = []
        for part in parts:
            if isinstance(part, Choice):
                slot = made.get(id(part)) or Slot([words(option) for option in part.options], part.link)
                made[id(part)] = slot
                found.append(slot)
            else:
                written = known.written[part] if known.glued[part] else " " + known.written[part]
                if found and isinstance(found[-1], str):
                    found[-1] += written
                else:
                    found.append(written)
        return found

    parts = words(tokens)
    return parts, [made[id(slot)] for slot in slots_of(tokens)]


def _result(names: pd.Index, table: TokenTable | None, found: list[Reading], refusal: str) -> Template:
    texts = pd.DataFrame(
        {"kind": OWN_WORDS, "template": 0, "covered": 0.0, "slips": 0, "added": 0, "missing": 0, "exact": False},
        index=names.rename("text_id"),
    )
    columns = {name: texts[name].to_numpy(copy=True) for name in texts}
    rows, slots = [], []
    for number, reading in enumerate(found, 1):
        made, mine = reading.readings, reading.texts
        spintax = write(reading.parts).strip()
        columns["kind"][mine] = reading.kind
        columns["template"][mine] = number
        columns["covered"][mine] = made.matched / table.lengths[mine]
        for name, column in (("slips", "wrong"), ("added", "added"), ("missing", "missing"), ("exact", "exact")):
            columns[name][mine] = getattr(made, column)
        rows.append((number, reading.kind, len(mine), int(made.exact.sum()), _wordings(reading), len(reading.slots),
                     possible(reading.parts), spintax))  # fmt: skip
        slots.append(_slot_rows(number, reading))
    templates = pd.DataFrame(rows, columns=TEMPLATES)
    listed = pd.concat(slots, ignore_index=True) if slots else pd.DataFrame(columns=SLOTS)
    return Template(templates, listed, pd.DataFrame(columns, index=texts.index), refusal, found, table)


TEMPLATES = ["template", "kind", "texts", "exact", "wordings", "slots", "possible", "spintax"]
SLOTS = ["template", "slot", "option", "words", "count", "share", "inside", "link"]


def _wordings(reading: Reading) -> int:
    return len(np.unique(reading.readings.chosen, axis=0)) if len(reading.texts) else 0


def _slot_rows(number: int, reading: Reading) -> pd.DataFrame:
    """The options of a template's slots, a row each."""
    outer = {id(inner): place + 1 for place, slot in enumerate(reading.slots)
             for option in slot.options for inner in option if isinstance(inner, Slot)}  # fmt: skip
    rows = []
    for place, slot in enumerate(reading.slots):
        chosen = reading.readings.chosen[:, place]
        counts = np.bincount(chosen[chosen >= 0], minlength=len(slot.options))
        for option, (words, count) in enumerate(zip(slot.options, counts.tolist(), strict=True), 1):
            rows.append((number, place + 1, option, write(words).strip(), count, count / max(1, counts.sum()),
                         outer.get(id(slot), 0), slot.link))  # fmt: skip
    return pd.DataFrame(rows, columns=SLOTS)


def _choices(table: TokenTable, reading: Reading, number: int) -> pd.DataFrame:
    """The options of one template's texts, with the characters where they stand."""
    made, texts = reading.readings, reading.texts
    row, slot = np.nonzero(made.chosen >= 0)
    first, last = made.starts[row, slot], made.ends[row, slot]
    base = table.bounds[texts[row]]
    filled = last > first
    at = np.minimum(base + first, table.bounds[texts[row] + 1] - 1)
    before = np.where(first > 0, table.ends[base + np.maximum(first - 1, 0)], 0)
    starts = np.where(filled, table.starts[at], before)
    ends = np.where(filled, table.ends[base + np.maximum(last - 1, 0)], before)
    return pd.DataFrame(
        {
            **{"text": texts[row], "template": number, "slot": slot + 1, "option": made.chosen[row, slot] + 1},
            **{"start": starts, "end": ends},
        }
    )
