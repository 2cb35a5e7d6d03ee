"""Lines of a log of decisions go in; what stands comes out: which decision counts for each pair of phrases.

A line is a JSON object: `when` (UTC), `who`, `spun`, `original`, `status`, `note` (why). The lines of an act on many
rows share an `act` (“1f3a9c2e 2/3”: the second of three), so that it counts and is undone as a whole; a line that
takes another back names it in `undoes`. Of the lines on one pair, whatever their order in the file, the latest that
no standing line takes back counts: two people's logs fold to the same table however git put them together. Times are
compared as instants, whatever their offset (without one they are UTC); of lines of one moment the ids decide.

Of lines that are no decision there are two kinds. One that an editor or a git merge left is wrong: whoever did it is
there and must mend it before the log is read. One that nobody's editing explains (NULs of a power cut, a status of a
later version, what is no text) is unread: it is named, and the others are read without it.
"""

import gc
import json
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import blake2b
from itertools import chain, groupby
from operator import itemgetter, lt
from typing import Any, NamedTuple

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
NULS = re.compile(rb"\0+")
# A status as this program writes them, in small letters. What looks otherwise (“Approved”, “yes”) somebody typed.
LATER = re.compile(r"[a-z][a-z0-9_ .:-]{3,}")
UNREAD = "not read, and the other lines are:"
MEND_UNREAD = (
    "Mend: correct the line (its git history has the old one), or take it out; it stays where it is till then."
)
MEND_LATER = "Mend: read the log with the version of Unspun that wrote it; the line stays where it is."
AT_ONCE = 20_000  # lines read as one JSON list; where one of them is odd, so many are read one by one
MOST_DIGITS = 9  # of a number of lines in one act
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


class UnreadError(ValueError):
    """A line is no decision that can be read, and nobody's editing made it so; `when` is its time where it has one."""

    def __init__(self, what: str, mend: str = MEND_UNREAD, when: str = "") -> None:
        """Say what is wrong with the line, and the mend."""
        super().__init__(f"{UNREAD} {what}. {mend}")
        self.when = when


def parse(line: bytes) -> Decision:
    """Return the decision on a line.

    Raises ValueError that says what is wrong with it; `UnreadError` where the other lines can be read without it.
    """
    entry = _entry(line)
    try:
        values = [entry[name] for name in REQUIRED] + [entry.get("act", ""), entry.get("undoes", "")]
    except (KeyError, TypeError, AttributeError):
        raise _not_a_decision(line) from None
    _check_texts(dict(zip(Decision._fields, values, strict=True)))
    decision = Decision._make(values)
    if decision.status not in KNOWN:
        raise _unknown_status(decision)
    if not all(decision.pair):
        raise ValueError(f"not a decision: a phrase is empty. {MEND}")
    return decision


def _entry(line: bytes) -> Any:
    """What stands on a line as JSON."""
    if b"\0" in line:
        raise UnreadError("it holds NULs, as a power cut leaves them")
    try:
        return json.loads(line.decode("utf-8-sig"))
    except RecursionError:
        raise UnreadError("it is nested too deep") from None
    except (json.JSONDecodeError, UnicodeDecodeError):
        raise _not_a_decision(line) from None
    except ValueError:
        raise UnreadError("it has a number of too many digits") from None


def _not_a_decision(line: bytes) -> ValueError:
    return ValueError(f"not a decision. {MEND_CONFLICT if line.startswith(CONFLICT) else MEND}")


def _check_texts(values: dict[str, Any]) -> None:
    """Raise `UnreadError` where a field is no text, or has half a character in it."""
    for name, value in values.items():
        if not isinstance(value, str):
            raise UnreadError(f"its {name} is no text ({type(value).__name__})")
    try:
        "".join(values.values()).encode()
    except UnicodeEncodeError:
        raise UnreadError("it holds half a character") from None


def _unknown_status(decision: Decision) -> ValueError:
    status = decision.status
    if LATER.fullmatch(status) and status.strip() not in KNOWN:
        what = f"its status {status!r} is none that this version of Unspun knows ({', '.join(STATUSES)})"
        return UnreadError(what, MEND_LATER, decision.when)
    return ValueError(f"not a decision: its status {status[:60]!r} is none of {', '.join(STATUSES)}. {MEND}")


def is_decision(line: bytes) -> bool:
    """Tell whether a line is a decision, or has one between NULs."""
    return not wrong_with(line) or (b"\0" in line and any(not wrong_with(piece) for piece in NULS.split(line)))


def wrong_with(line: bytes) -> str:
    """Return what is wrong with a line, and its mend; empty for a decision."""
    try:
        parse(line)
        return ""
    except ValueError as error:
        return str(error)


class Parsed(NamedTuple):
    """What stands on some lines, each with the line's number: decisions, what is wrong, what is left unread."""

    decisions: list[tuple[int, Decision]]
    wrong: list[tuple[int, str]]
    unread: list[tuple[int, UnreadError]]


def _parse_all(lines: list[bytes], first_number: int, folded: dict[str, str]) -> Parsed:
    """What stands on lines; `folded` is filled with phrases and how these are compared."""
    parsed = Parsed([], [], [])
    for start in range(0, len(lines), AT_ONCE):
        part = lines[start : start + AT_ONCE]
        numbered = [(number, line) for number, line in enumerate(part, first_number + start) if line.strip()]
        quick = _parse_at_once([line for _, line in numbered], folded)
        if quick is not None:
            parsed.decisions.extend(zip([number for number, _ in numbered], quick, strict=True))
        else:
            _parse_one_by_one(numbered, parsed)
    return parsed


def _parse_one_by_one(numbered: Iterable[tuple[int, bytes]], parsed: Parsed) -> None:
    for number, line in numbered:
        try:
            parsed.decisions.append((number, parse(line)))
        except UnreadError as error:
            pieces = NULS.split(line) if b"\0" in line else []
            parsed.decisions.extend((number, parse(piece)) for piece in pieces if not wrong_with(piece))
            parsed.unread.append((number, error))
        except ValueError as error:
            parsed.wrong.append((number, str(error)))


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
        "".join(chain.from_iterable(values)).encode()  # raises where a value is no text, or has half a character
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    phrases = {value[2] for value in values} | {value[3] for value in values}
    new = {phrase: fold(phrase) for phrase in phrases - folded.keys()}
    known = {value[4] for value in values} <= KNOWN and all(new.values())
    folded |= {phrase: key for phrase, key in new.items() if key}
    return list(map(Decision._make, values)) if known and len(values) == len(lines) else None


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
        self.unread: list[tuple[int, str]] = []  # the lines that are left unread, by number, with what is wrong
        self._acts: dict[str, list[int]] = {}  # the positions of the lines of each act
        self._in_order: list[Decision] | None = []  # the lines by time; None where that is to be found out anew
        self._by_id: dict[str, Decision] = {}  # the first line with each id, of so many lines:
        self._with_id = 0
        self._jumps: set[int] = set()  # positions of the lines from the future, but for those that follow such a line

    def feed(self, lines: list[bytes], first_number: int = 1) -> list[tuple[int, str]]:
        """Take in lines; return the number of each line that is no decision, with its mend."""
        with _no_collection():
            folded: dict[str, str] = {}
            decisions, wrong, unread = _parse_all(lines, first_number, folded)
            before = self.latest
            strange, times = self._take_times([decision.when for _, decision in decisions])
            self._keep_order([decision for _, decision in decisions], times, before)
            for number, decision in decisions:
                when, _, spun, original, _, _, act, undoes = decision
                if act or undoes or when in strange:
                    self.numbers[len(self.lines)] = number
                if token := _token(act):
                    self._acts.setdefault(token, []).append(len(self.lines))
                pair = (folded.get(spun) or fold(spun), folded.get(original) or fold(original))
                self.of_pair.setdefault(pair, []).append(decision)
                self.lines.append(decision)
            self._leave_unread(unread)
        return wrong

    def _keep_order(self, decisions: list[Decision], times: list[str], before: str) -> None:
        """Keep the lines by time as long as new ones only come behind them, each later than the last."""
        later = all(times) and all(map(lt, chain([before], times), times))
        if self._in_order is not None and later:
            self._in_order += decisions
        elif decisions:
            self._in_order = None

    def _leave_unread(self, lines: list[tuple[int, UnreadError]]) -> None:
        """Name lines as unread; what is decided from now on is later than they are, for whoever can read them."""
        self.unread += [(number, str(error)) for number, error in lines]
        horizon = a_day_later(canonical(datetime.now(UTC)))
        times = [as_instant(error.when) for _, error in lines if error.when]
        self.latest = max([self.latest, *(time for time in times if time <= horizon)])

    def _take_times(self, whens: list[str]) -> tuple[set[str], list[str]]:
        """Take in the times of new lines; return those that are none or lie in the future, and all as instants."""
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
        return strange, times

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

    def newest(self, who: str | None = None) -> Decision | None:
        """Return the newest decision that stands, of anybody or of one person."""
        if self._in_order is None:
            self._in_order = list(_by_time(self.lines, self.instants))
        for decision in reversed(self._in_order):
            if who not in (None, decision.who) or decision.status == UNDONE:
                continue
            if decision in self.standing(decision.pair):
                return decision
        return None

    def act_of(self, decision: Decision) -> list[Decision]:
        """Return the standing decisions made in one act with this one, itself among them."""
        token = _token(decision.act)
        if not token:
            return [decision]
        mates = dict.fromkeys(self.lines[position] for position in self._acts.get(token, ()))
        return [mate for mate in mates if mate.status != UNDONE and mate in self.standing(mate.pair)]

    def find(self, identity: str) -> Decision | None:
        """Return the line with this id."""
        for line in self.lines[self._with_id :]:
            self._by_id.setdefault(line.id, line)
        self._with_id = len(self.lines)
        return self._by_id.get(identity)

    def oddities(self, since: int = 1) -> list[tuple[int, str]]:
        """Return the lines (by number, from this one on) that are unread, or miss others or a time, with the mend."""
        found = [(number, what) for number, what in self.unread if number >= since]
        acts: dict[str, int] = {}
        ids: dict[Pair, set[str]] = {}
        for position, number in reversed(self.numbers.items()):
            if number < since:
                break
            line = self.lines[position]
            if position in self._jumps or not self.instants.get(line.when, line.when):
                found.append((number, (FUTURE if position in self._jumps else NO_TIME).format(when=line.when[:60])))
            if line.undoes and line.undoes not in self._ids_of(line.pair, ids):
                found.append((number, MISSES_LINE))
            if token := _token(line.act):
                acts.setdefault(token, number)
        for token, number in acts.items():
            places = {self.lines[position].act.partition(" ")[2] for position in self._acts[token]}
            of = max(map(_lines_of_act, places))
            if len(places) < of:
                found.append((number, MISSES_MATES.format(there=len(places), of=of)))
        return sorted(found)

    def _ids_of(self, pair: Pair, known: dict[Pair, set[str]]) -> set[str]:
        """The ids of the lines on a pair, worked out once for all that take back one of them."""
        if pair not in known:
            known[pair] = {mate.id for mate in self.of_pair[pair]}
        return known[pair]


def _token(act: str) -> str:
    """What the lines of one act share; empty for a line that is an act of its own."""
    return act.partition(" ")[0]


def _lines_of_act(place: str) -> int:
    """How many lines an act has, by the place (“2/3”) of one of them; 0 where it does not say."""
    total = place.partition("/")[2]
    return int(total) if total.isdecimal() and len(total) <= MOST_DIGITS else 0


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
