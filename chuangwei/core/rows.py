"""Many rows handed to an action at once, and what is wrong with them: which line, which field, and a sentence.

Actions know rows by the line they came from and fields by their own names; whoever read the rows knows which
sheet and which column that was.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Protocol, TypeVar

FAULT_LIMIT = 10_000
PROGRESS_EVERY = 5_000
MOVES_SHOWN = 200
Row = TypeVar("Row")


Progress = Callable[[int, int], None]
"""How many rows are done, of how many."""


def silent(_done: int, _total: int) -> None:
    """For whoever does not want to hear of progress."""


def counted(rows: Iterable[Row], total: int, progress: Progress) -> Iterator[Row]:
    """The same rows, with progress told now and then."""
    for done, row in enumerate(rows):
        if done % PROGRESS_EVERY == 0:
            progress(done, total)
        yield row


@dataclass(slots=True)
class Rows:
    """Rows by column: `lines[i]` is the line that value i of every column stood in.

    `given` names the fields whose column was there at all: what nobody wrote down is not the same as an empty cell.
    Rows that are not whole lack their sheet or their codes; what refers to them cannot be judged.
    """

    lines: Sequence[int] = ()
    columns: dict[str, list[Any]] = field(default_factory=dict)
    given: frozenset[str] = frozenset()
    is_whole: bool = True

    def __len__(self) -> int:
        return len(self.lines)

    def __getitem__(self, name: str) -> list[Any]:
        return self.columns[name]

    def each(self, *names: str) -> Iterator[tuple[Any, ...]]:
        """Line and the values of these fields, row by row."""
        return zip(self.lines, *(self.columns[name] for name in names), strict=True)


class Codes:
    """Codes a reference may name. An open one holds every code: its own sheet cannot be read, so nothing is judged."""

    def __init__(self, *groups: Iterable[str | None], is_open: bool = False) -> None:
        self._codes = {code for group in groups for code in group}
        self._is_open = is_open

    def __contains__(self, code: str) -> bool:
        return self._is_open or code in self._codes


NO_CODES = Codes()


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """A mistake in the row of this line; `field` is empty where the row as a whole is wrong."""

    line: int
    field: str
    message: str


class Faults:
    """Collects faults up to a limit: a file of a million bad rows must not fill the memory with sentences."""

    def __init__(self, limit: int = FAULT_LIMIT) -> None:
        self._found: list[Fault] = []
        self._limit = limit
        self.dropped = 0

    def add(self, line: int, field: str, message: str) -> None:
        if len(self._found) < self._limit:
            self._found.append(Fault(line, field, message))
        else:
            self.dropped += 1

    def extend(self, faults: Iterable[Fault]) -> None:
        for fault in faults:
            self.add(fault.line, fault.field, fault.message)

    def __iter__(self) -> Iterator[Fault]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found) + self.dropped


@dataclass(frozen=True, slots=True)
class Tally:
    """What taking in some rows did."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.added + other.added, self.changed + other.changed, self.unchanged + other.unchanged)


@dataclass(frozen=True, slots=True)
class Move:
    """One change of one thing, as the history tells it."""

    code: str
    what: str
    old: str
    new: str


class HistoryRow(Protocol):
    """What a row of the log of moves says of a change."""

    subject_code: str
    move_name: str
    source: str
    target: str


@dataclass(slots=True)
class Taking:
    """What an action says of the rows it was given, by the name of each set of rows. With faults, nothing was saved.

    `codes` are those the rows and the system know together, for whoever checks what refers to them. `moves` are the
    first of the changes made, for a preview.
    """

    tallies: dict[str, Tally] = field(default_factory=dict)
    codes: dict[str, Codes] = field(default_factory=dict)
    moves: list[Move] = field(default_factory=list)
    faults: dict[str, Faults] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)

    def of(self, name: str) -> Faults:
        """The faults of one set of rows, to add to."""
        return self.faults.setdefault(name, Faults())

    def show(self, logs: Iterable[HistoryRow]) -> None:
        """Keep the first changes to be shown."""
        for log in islice(logs, max(MOVES_SHOWN - len(self.moves), 0)):
            self.moves.append(Move(log.subject_code, log.move_name, log.source, log.target))

    @property
    def is_faulty(self) -> bool:
        return any(self.faults.values())
