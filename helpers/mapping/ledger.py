"""Lines of a log of decisions go in; what stands comes out: which decision counts for each pair of phrases.

A line is a JSON object: `when` (UTC), `who`, `spun`, `original`, `status`, `note` (why). The lines of an act on many
rows share an `act` (“1f3a9c2e 2/3”: the second of three), so that it counts and is undone as a whole; a line that
takes another back names it in `undoes`. Of the lines on one pair, whatever their order in the file, the latest that
no standing line takes back counts: two people's logs fold to the same table however git put them together. Times are
compared as instants, whatever their offset (without one they are UTC); of lines of one moment the ids decide.
"""

import gc
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import blake2b
from itertools import chain, groupby
from operator import itemgetter
from typing import NamedTuple

from helpers.files.dates import a_day_later, are_canonical, as_instant, canonical
from helpers.text.spans import fold

STATUSES = ("approved", "rejected", "edited")
UNDONE = "undone"
KNOWN = frozenset((*STATUSES, UNDONE))
CONFLICT = (b"<<<<<<<", b"=======", b">>>>>>>", b"|||||||")
MEND = "Mend: correct the line (its git history has the old one), or take it out; the other lines are not touched."
MEND_CONFLICT = (
    "Mend: take out the marks of the git merge (<<<<<<<, =======, >>>>>>>) and keep the lines of both sides; "
    "a line that stands there twice counts once."
)
MISSES_LINE = (
    "takes back a decision that is not in the log, so it takes back nothing. Mend: bring back the line that it names "
    "(its git history has it), or take this line out."
)
MISSES_MATES = (
    "{there} of the {of} lines of one act are here; they count. Mend: undo the act and decide again, or decide the "
    "rest."
)
NO_TIME = (
    "its time {when!r} is none, so it counts as made right after the line before it. Mend: write when it was made, as "
    "2026-01-31T14:30:00+00:00."
)
FUTURE = (
    "its time {when!r} lies in the future, and what is decided now is dated behind it. Mend: correct the time on this "
    "line (a computer's clock was wrong)."
)

Pair = tuple[str, str]


class Decision(NamedTuple):
    """One line of the log."""

    when: str
    who: str
    spun: str
    original: str
    status: str
    note: str
    act: str = ""
    undoes: str = ""

    @property
    def id(self) -> str:
        """The name by which another line takes this one back; a note corrected by hand does not change it."""
        return blake2b("\x1f".join(self[:5]).encode(), digest_size=6).hexdigest()

    @property
    def pair(self) -> Pair:
        """The two phrases as they are compared."""
        return fold(self.spun), fold(self.original)

    def entry(self) -> dict[str, str]:
        """Return the decision as it is written, by field; an empty `act` or `undoes` is left out."""
        return {name: value for name, value in self._asdict().items() if value or name not in ("act", "undoes")}

    def line(self) -> str:
        """Return the decision as a line of the log."""
        return json.dumps(self.entry(), ensure_ascii=False) + "\n"


REQUIRED = Decision._fields[:6]
REQUIRED_OF = itemgetter(*REQUIRED)


def parse(line: bytes) -> Decision:
    """Return the decision on a line; raises ValueError that says what is wrong with it."""
    try:
        entry = json.loads(line.decode("utf-8-sig"))
        values = [str(entry[name]) for name in REQUIRED]
        decision = Decision._make([*values, str(entry.get("act", "")), str(entry.get("undoes", ""))])
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ValueError(f"not a decision. {MEND_CONFLICT if line.startswith(CONFLICT) else MEND}") from None
    if decision.status not in KNOWN:
        raise ValueError(f"not a decision: its status {decision.status!r} is none of {', '.join(STATUSES)}. {MEND}")
    if not all(decision.pair):
        raise ValueError(f"not a decision: a phrase is empty. {MEND}")
    return decision


def is_decision(line: bytes) -> bool:
    """Tell whether a line is a decision."""
    return not wrong_with(line)


def wrong_with(line: bytes) -> str:
    """Return what is wrong with a line, and its mend; empty for a decision."""
    try:
        parse(line)
        return ""
    except ValueError as error:
        return str(error)


def _parse_all(
    lines: list[bytes], first_number: int, folded: dict[str, str]
) -> tuple[list[tuple[int, Decision]], list[tuple[int, str]]]:
    """The decisions on lines with their numbers, and the numbers of the lines that are none with their mends."""
    numbered = [(number, line) for number, line in enumerate(lines, first_number) if line.strip()]
    quick = _parse_at_once([line for _, line in numbered], folded)
    if quick is not None:
        return list(zip([number for number, _ in numbered], quick, strict=True)), []
    decisions, wrong = [], []
    for number, line in numbered:
        try:
            decisions.append((number, parse(line)))
        except ValueError as error:
            wrong.append((number, str(error)))
    return decisions, wrong


def _parse_at_once(lines: list[bytes], folded: dict[str, str]) -> list[Decision] | None:
    """The decisions on lines, read as one JSON list, which is faster; None where one is not in order.

    `folded` is filled with their phrases and how these are compared.
    """
    if not all(line.startswith(b'{"') and line.endswith(b"}") for line in lines):
        return None
    try:
        entries = json.loads((b"[" + b",".join(lines) + b"]").decode("utf-8"))
        rest = [(entry.get("act", ""), entry.get("undoes", "")) for entry in entries]
        values = [(*required, *more) for required, more in zip(map(REQUIRED_OF, entries), rest, strict=True)]
        "".join(chain.from_iterable(values))  # raises where a value is no text
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    folded |= {phrase: fold(phrase) for phrase in {value[2] for value in values} | {value[3] for value in values}}
    in_order = len(values) == len(lines) and {value[4] for value in values} <= KNOWN and all(folded.values())
    return list(map(Decision._make, values)) if in_order else None


@contextmanager
def _no_collection() -> Iterator[None]:
    """Keep Python's garbage collector from looking at a hundred thousand new lines again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class Ledger:
    """All lines read so far, by the pair they are about; lines can be fed as they come."""

    def __init__(self) -> None:
        """Start with no line."""
        self.lines: list[Decision] = []
        self.numbers: dict[int, int] = {}  # of the lines that may be odd: position here -> line in the file
        self.of_pair: dict[Pair, list[Decision]] = {}
        self.instants: dict[str, str] = {}  # each `when` that is not canonical, made so; empty where it is no time
        self.latest = ""  # the latest time on any line
        self._jumps: set[int] = set()  # positions of the lines from the future, but for those that follow such a line

    def feed(self, lines: list[bytes], first_number: int = 1) -> list[tuple[int, str]]:
        """Take in lines; return the number of each line that is no decision, with its mend."""
        with _no_collection():
            folded: dict[str, str] = {}
            decisions, wrong = _parse_all(lines, first_number, folded)
            strange = self._take_times([decision.when for _, decision in decisions])
            for number, decision in decisions:
                when, _, spun, original, _, _, act, undoes = decision
                if act or undoes or when in strange:
                    self.numbers[len(self.lines)] = number
                pair = (folded.get(spun) or fold(spun), folded.get(original) or fold(original))
                self.of_pair.setdefault(pair, []).append(decision)
                self.lines.append(decision)
        return wrong

    def _take_times(self, whens: list[str]) -> set[str]:
        """Take in the times of new lines; return those that are none or lie in the future."""
        if not are_canonical(whens):
            self.instants |= {when: instant for when in set(whens) if (instant := as_instant(when)) != when}
        times = [self.instants.get(when, when) for when in whens] if self.instants else whens
        now, latest = datetime.now(UTC), max(times, default="")
        horizon = a_day_later(canonical(now))  # clocks of people who work together differ by less than a day
        strange = set() if all(times) else {when for when, time in zip(whens, times, strict=True) if not time}
        if latest > horizon:
            for position, (when, time) in enumerate(zip(whens, times, strict=True), len(self.lines)):
                if time > horizon and time > a_day_later(max(self.latest, canonical(now))):
                    strange.add(when)
                    self._jumps.add(position)
                self.latest = max(self.latest, time)
        self.latest = max(self.latest, latest)
        return strange

    def standing(self, pair: Pair) -> list[Decision]:
        """Return the decisions on a pair that no standing line takes back, oldest first."""
        lines = self.of_pair.get(pair, [])
        if len(lines) <= 1:
            return lines if not lines or lines[0].status != UNDONE else []
        return _standing(lines, self.instants)

    def last(self) -> dict[Pair, Decision]:
        """Return the decision that counts for each pair on which one stands: the newest."""
        with _no_collection():
            return {pair: kept[-1] for pair in self.of_pair if (kept := self.standing(pair))}

    def newest(self) -> Decision | None:
        """Return the newest decision that stands."""
        for decision in reversed(_by_time(self.lines, self.instants)):
            if decision.status != UNDONE and decision in self.standing(decision.pair):
                return decision
        return None

    def act_of(self, decision: Decision) -> list[Decision]:
        """Return the standing decisions made in one act with this one, itself among them."""
        if not decision.act:
            return [decision]
        token = decision.act.split()[0]
        mates = dict.fromkeys(line for line in self.lines if line.act.split()[:1] == [token])
        return [mate for mate in mates if mate.status != UNDONE and mate in self.standing(mate.pair)]

    def find(self, identity: str) -> Decision | None:
        """Return the line with this id."""
        return next((line for line in self.lines if line.id == identity), None)

    def oddities(self, since: int = 1) -> list[tuple[int, str]]:
        """Return the lines (by number, from this one on) that miss others or a time, with what is odd and the mend."""
        found: list[tuple[int, str]] = []
        acts: dict[str, int] = {}
        for position, number in reversed(self.numbers.items()):
            if number < since:
                break
            line = self.lines[position]
            if position in self._jumps or not self.instants.get(line.when, line.when):
                found.append((number, (FUTURE if position in self._jumps else NO_TIME).format(when=line.when)))
            if line.undoes and line.undoes not in {mate.id for mate in self.of_pair[line.pair]}:
                found.append((number, MISSES_LINE))
            if line.act:
                acts.setdefault(line.act.partition(" ")[0], number)
        for token, places in self._places_of(set(acts)).items():
            of = max((int(total) for place in places if (total := place.partition("/")[2]).isdigit()), default=0)
            if len(places) < of:
                found.append((acts[token], MISSES_MATES.format(there=len(places), of=of)))
        return sorted(found)

    def _places_of(self, tokens: set[str]) -> dict[str, set[str]]:
        """The places (“2/3”) of all lines of some acts; each part of an act may have come from another file."""
        places: dict[str, set[str]] = {token: set() for token in tokens}
        for position in self.numbers if tokens else ():
            token, _, place = self.lines[position].act.partition(" ")
            if token in places:
                places[token].add(place)
        return places


def _standing(lines: list[Decision], instants: dict[str, str]) -> list[Decision]:
    """The decisions among the lines of one pair that stand, oldest first."""
    lines = _each_once(_by_time(lines, instants))
    if UNDONE not in {line.status for line in lines}:
        return lines
    undone: set[str] = set()
    for line in reversed(lines):  # a line stands if no later one that stands takes it back
        if line.undoes and line.id not in undone:
            undone.add(line.undoes)
    kept: list[Decision] = []
    for line in lines:
        if line.status != UNDONE and line.id not in undone:
            kept.append(line)
        elif line.status == UNDONE and not line.undoes and kept:  # names none: it takes back the one before it
            kept.pop()
    return kept


def _by_time(lines: list[Decision], instants: dict[str, str]) -> list[Decision]:
    """The lines by time; one without a time stays behind the line before it."""
    times = [instants.get(line.when, line.when) for line in lines] if instants else [line.when for line in lines]
    if "" not in times and times == sorted(set(times)):
        return lines
    timed: list[tuple[str, list[Decision]]] = []  # a line with a time, and those without one behind it
    for line, time in zip(lines, times, strict=True):
        if time or not timed:
            timed.append((time, [line]))
        else:
            timed[-1][1].append(line)
    timed.sort(key=lambda entry: entry[0])
    ordered: list[Decision] = []
    for _, entries in groupby(timed, key=lambda entry: entry[0]):
        together = [group for _, group in entries]
        for group in sorted(together, key=_place_in_moment) if len(together) > 1 else together:
            ordered += group
    return ordered


def _each_once(lines: list[Decision]) -> list[Decision]:
    """The lines without those that stand there twice, as git may leave them."""
    if len({line.when for line in lines}) == len(lines):
        return lines
    seen: set[Decision] = set()
    kept = []
    for line in lines:
        if line not in seen or (line.status == UNDONE and not line.undoes):
            kept.append(line)
        seen.add(line)
    return kept


def _place_in_moment(group: list[Decision]) -> tuple:
    """What decides between lines of one moment, whatever their order in the file: what takes back comes last."""
    line = group[0]
    return line.status == UNDONE, line.id, line
