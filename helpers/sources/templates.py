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
from helpers.sources.spintax import Parts, Slot, possible, spaced, write
from helpers.sources.template_learning import FEWEST_TEXTS, Learnt, is_member, learn
from helpers.sources.template_reader import Readings, network, read, shortest, slots_of
from helpers.sources.template_shown import shown
from helpers.sources.token_table import TokenTable
from helpers.text.compiled import Bools, Int64s

ROUNDS = 12  # of looking for groups in what is left
ASKED = 0.25  # of a text's neighbouring words are a template's, so that it is read with it,
HALF_OF_IT = 0.6  # or so many as this part of the template's shortest text
OWN_WORDS, FORM_LETTER, TEMPLATE = "own words", "form letter", "template"
TEMPLATES = ["template", "kind", "texts", "exact", "wordings", "slots", "possible", "spintax"]
SLOTS = ["template", "slot", "option", "words", "count", "share", "inside", "link"]
CHOICES = ["text_id", "template", "slot", "option", "start", "end"]


@dataclass(frozen=True, eq=False)
class Reading:
    """A template or form letter that was found, and the texts that were read with it."""

    learnt: Learnt
    parts: Parts
    slots: list[Slot]
    texts: Int64s
    readings: Readings
    kind: str


@dataclass(frozen=True, eq=False, repr=False)
class Template:
    """What `template` found in many texts.

    `templates` has a row for each template, the one of most texts first, and for each form letter behind them:
    `template` (its number), `kind` (template, form letter), `texts` (how many are from it), `exact` (how many of these
    have no typing error and nothing added or left out), `wordings` (different choices of options that were seen),
    `slots`, `possible` (how many texts can be made of it), `spintax`.

    `slots` has a row for each option of each slot: `template`, `slot` (numbered in reading order, an outer slot in
    front of those inside it), `option`, `words` (spintax, where the option has slots of its own), `count` (texts that
    have it), `share` (of the texts that have the slot), `inside` (the slot that this one is inside of, 0 for none) and
    `link` (slots with one number, not 0, are chosen together).

    `texts` has a row for each text, under its id: `kind` (template, form letter, own words), `template` (0: none),
    `covered` (share of its words that the template explains), `slips` (words with a typing error), `added` (words of
    the sender's own), `missing` (words of the template that it has not), `exact`.

    `refusal` says why no template is claimed, and is empty where one is.
    """

    templates: pd.DataFrame
    slots: pd.DataFrame
    texts: pd.DataFrame
    refusal: str
    readings: list[Reading] = field(default_factory=list)
    _table: TokenTable | None = None

    @property
    def spintax(self) -> str:
        """The template that most texts are from, as spintax; empty where there is none."""
        made = self.templates.loc[self.templates["kind"] == TEMPLATE, "spintax"]
        return made.iloc[0] if len(made) else ""

    @property
    def possible(self) -> int:
        """How many texts can be made from it; 0 where there is none."""
        made = self.templates.loc[self.templates["kind"] == TEMPLATE, "possible"]
        return int(made.iloc[0]) if len(made) else 0

    @cached_property
    def choices(self) -> pd.DataFrame:
        """Which option each text has of each slot, a row each.

        Columns: `text_id`, `template`, `slot`, `option` (as in `slots`), `start`, `end` (characters into the text as it
        was given: `text[start:end]` are the words that stand there, none where the option is empty).
        """
        if self._table is None or not self.readings:
            return pd.DataFrame(columns=CHOICES)
        rows = [_choices(self._table, reading, number) for number, reading in enumerate(self.readings, 1)]
        table = pd.concat(rows, ignore_index=True)
        table.insert(0, "text_id", self.texts.index.to_numpy()[table.pop("text").to_numpy(int)])
        return table

    @property
    def sentence(self) -> str:
        """What was found, in words."""
        counts = self.texts["kind"].value_counts()
        made, letters, own = (int(counts.get(kind, 0)) for kind in (TEMPLATE, FORM_LETTER, OWN_WORDS))
        number = int((self.templates["kind"] == TEMPLATE).sum())
        of = "one template" if number == 1 else f"{number} templates"
        said = [f"{made:,} of {len(self.texts):,} texts fit {of}."] if number else [self.refusal]
        said += [f"{letters:,} are copies of a form letter."] if letters else []
        return " ".join([*said, *([f"In {own:,} none was found."] if number or letters else [])])

    def show(self) -> Shown:
        """Return the templates to be read, each slot a box of its options with their shares."""
        return shown(self.sentence, [(reading.kind, reading.parts, len(reading.texts), _shares(reading))
                                     for reading in self.readings])  # fmt: skip

    def _repr_html_(self) -> str:
        return self.show().html

    def __repr__(self) -> str:
        """Return what was found as plain text."""
        return self.show().text


def template(texts: pd.Series | pd.DataFrame | Mapping[str, str] | Iterable[str], seed: int = 0) -> Template:
    """Return the templates that a program made many of these texts from, and which texts are honest.

    `texts` is a series of texts by id, a table with a column `text` (what `load_articles` returns will do), a mapping,
    or any list of strings. What comes out is a `Template`: its tables `templates`, `slots`, `texts` and `choices`,
    `spintax` and `possible` of the largest template, and what a notebook shows. A template is claimed of 20 texts or
    more, in 12 wordings or more, with two slots or more that vary freely and say one thing in several ways; else
    `refusal` says why none is. Copies of one text, also edited ones, are a form letter, and no template. Short texts
    (below some fifteen words) and templates in which nearly every word varies are not found.

    An option that few texts have (a twentieth of what the typical option of its slot has) is taken for the sender's
    own. What a program may do to a text that it made, and people to a text they were sent, is borne: typing errors,
    salutations, signatures, sentences put in or left out. The work grows with the number of texts. `seed` is that of
    the samples that templates are learnt from.

    Raises ValueError for what is no text, and for an id that is there twice.

    Jeff Kao, "More than a Million Pro-Repeal Net Neutrality Comments were Likely Faked" (2017), found such comments by
    clusters; the reading of slots is that of regular grammar induction, with the backbone of progressive alignment.

    >>> from helpers.sources.spintax import expand
    >>> spintax = "I {urge|ask|beg} you to {keep|save} the rules of 2015 as they are{, please|}. Thank you."
    >>> made = [expand(spintax, seed) for seed in range(99)]
    >>> found = template(made)
    >>> found.possible, found.slots.loc[found.slots["slot"] == 1, "words"].sort_values().tolist()
    (12, ['ask', 'beg', 'urge'])
    """
    names, strings = _named(texts)
    if len(strings) < FEWEST_TEXTS:
        refusal = f"No template is claimed: {FEWEST_TEXTS} texts are needed, and {len(strings)} were given."
        return _result(names, None, [], refusal)
    table = TokenTable(strings)
    readings = _settled(table, [_reading(table, learnt, asked) for learnt, asked in _find(table, seed)])
    found = [reading for reading in readings if len(reading.texts) >= FEWEST_TEXTS]
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
            readings = _read(table, asked, learnt)
            mine = asked[is_member(readings, table.lengths[asked])]
            gone[mine if len(mine) >= FEWEST_TEXTS else members] = True
            found.append((learnt, asked))
        if not gone.any():
            break
        left = left[~gone[left]]
    return found


def _read(table: TokenTable, texts: Int64s, learnt: Learnt) -> Readings:
    net = network(learnt.tokens, table.vocabulary.ends)
    return read(table, texts, net, len(slots_of(learnt.tokens)), learnt.near)


def _asked(table: TokenTable, texts: Int64s, learnt: Learnt) -> Int64s:
    """The texts that have so many of a template's pairs of neighbours that it pays to read them with it."""
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
    readings = _read(table, asked, learnt)
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


def _only(table: TokenTable, reading: Reading, kept: Bools) -> Reading:
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
                if id(part) not in made:
                    made[id(part)] = Slot([words(option) for option in part.options], part.link)
                found.append(made[id(part)])
            else:
                written = known.written[part] if known.glued[part] else " " + known.written[part]
                last = found[-1] if found else None
                if isinstance(last, str):
                    found[-1] = last + written
                else:
                    found.append(written)
        return found

    parts = spaced(words(tokens))
    return parts, [made[id(slot)] for slot in slots_of(tokens)]


def _result(names: pd.Index, table: TokenTable | None, found: list[Reading], refusal: str) -> Template:
    texts = pd.DataFrame(
        {"kind": OWN_WORDS, "template": 0, "covered": 0.0, "slips": 0, "added": 0, "missing": 0, "exact": False},
        index=names.rename("text_id"),
    )
    columns = {name: texts[name].to_numpy(copy=True) for name in texts}
    rows, slots = [], []
    lengths = table.lengths if table else np.empty(0, np.int64)
    for number, reading in enumerate(found, 1):
        made, mine = reading.readings, reading.texts
        spintax = write(reading.parts).strip()
        columns["kind"][mine] = reading.kind
        columns["template"][mine] = number
        columns["covered"][mine] = made.matched / lengths[mine]
        for name, column in (("slips", "wrong"), ("added", "added"), ("missing", "missing"), ("exact", "exact")):
            columns[name][mine] = getattr(made, column)
        rows.append((number, reading.kind, len(mine), int(made.exact.sum()), _wordings(reading), len(reading.slots),
                     possible(reading.parts), spintax))  # fmt: skip
        slots.append(_slot_rows(number, reading))
    templates = pd.DataFrame(rows, columns=TEMPLATES)
    listed = pd.concat(slots, ignore_index=True) if slots else pd.DataFrame(columns=SLOTS)
    return Template(templates, listed, pd.DataFrame(columns, index=texts.index), refusal, found, table)


def _wordings(reading: Reading) -> int:
    return len(np.unique(reading.readings.chosen, axis=0)) if len(reading.texts) else 0


def _slot_rows(number: int, reading: Reading) -> pd.DataFrame:
    """The options of a template's slots, a row each."""
    outer = {
        id(inner): place
        for place, slot in enumerate(reading.slots, 1)
        for option in slot.options
        for inner in option
        if isinstance(inner, Slot)
    }
    shares, rows = _shares(reading), []
    for place, slot in enumerate(reading.slots, 1):
        chosen = reading.readings.chosen[:, place - 1]
        counts = np.bincount(chosen[chosen >= 0], minlength=len(slot.options)).tolist()
        for option, words in enumerate(slot.options):
            known = write(words).strip(), counts[option], shares[id(slot)][option]
            rows.append((number, place, option + 1, *known, outer.get(id(slot), 0), slot.link))
    return pd.DataFrame(rows, columns=SLOTS)


def _shares(reading: Reading) -> dict[int, list[float]]:
    """For each slot, by its identity, the share of each option among the texts that have the slot."""
    shares = {}
    for place, slot in enumerate(reading.slots):
        chosen = reading.readings.chosen[:, place]
        counts = np.bincount(chosen[chosen >= 0], minlength=len(slot.options))
        shares[id(slot)] = (counts / max(1, counts.sum())).tolist()
    return shares


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
