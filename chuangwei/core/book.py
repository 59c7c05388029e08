"""Double entry of whole numbers in one unit: fen, points, pieces. Pure values; who keeps them keeps rows.

An entry moves amounts between accounts and adds up to nothing, so a book always does. What is wrong is not changed but
reversed by another entry.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from chuangwei.core.errors import DomainError


class BadEntry(DomainError):
    """An entry that a book cannot take."""


@dataclass(frozen=True, slots=True)
class Line:
    """So much into an account (above zero) or out of it (below)."""

    account: str
    amount: int

    def __post_init__(self) -> None:
        if type(self.amount) is not int:
            raise TypeError(f"a book holds whole numbers, not {self.amount!r}")
        if not self.account.strip():
            raise BadEntry("分录须写明账户。")
        if not self.amount:
            raise BadEntry(f"账户“{self.account}”的金额为 0，不必入账。")


@dataclass(frozen=True, slots=True)
class Entry:
    """One event in the book: two lines or more that add up to nothing, each account named once.

    `reverses` is the code of the entry this one takes back.
    """

    code: str
    at: datetime
    text: str
    lines: tuple[Line, ...]
    reverses: str | None = None

    def __post_init__(self) -> None:
        if not self.code.strip():
            raise BadEntry("凭证须有编号。")
        if len(self.lines) < 2:
            raise BadEntry(f"凭证 {self.code} 须至少有两行。")
        if len({line.account for line in self.lines}) != len(self.lines):
            raise BadEntry(f"凭证 {self.code} 里同一个账户出现了两次。")
        total = sum(line.amount for line in self.lines)
        if total:
            raise BadEntry(f"凭证 {self.code} 不平：各行相加为 {total}，应为 0。")

    @classmethod
    def transfer(cls, *, code: str, at: datetime, text: str, source: str, target: str, amount: int) -> Self:
        """An amount above zero from one account to another."""
        if amount <= 0:
            raise BadEntry(f"凭证 {code} 的金额须大于 0。")
        return cls(code, at, text, (Line(source, -amount), Line(target, amount)))

    def reversed(self, *, code: str, at: datetime, text: str) -> "Entry":
        """The entry that takes this one back."""
        return Entry(code, at, text, tuple(Line(line.account, -line.amount) for line in self.lines), self.code)


@dataclass(frozen=True, slots=True)
class Movement:
    """A line of an account's statement: the entry, its amount there, and the balance after it."""

    entry: Entry
    amount: int
    balance: int


@dataclass(frozen=True, slots=True)
class Book:
    """The entries of one book in the order they were made; `unit` is what they count.

    Codes are used once; an entry is reversed at most once, exactly, and a reversal never.
    """

    unit: str
    entries: tuple[Entry, ...] = ()

    def __post_init__(self) -> None:
        known: dict[str, Entry] = {}
        taken_back: set[str] = set()
        for entry in self.entries:
            if entry.code in known:
                raise BadEntry(f"凭证编号 {entry.code} 用过了。")
            if entry.reverses is not None:
                _check_reversal(entry, known.get(entry.reverses))
                if entry.reverses in taken_back:
                    raise BadEntry(f"凭证 {entry.reverses} 已经冲销过。")
                taken_back.add(entry.reverses)
            known[entry.code] = entry

    def post(self, *entries: Entry, never_below_zero: Iterable[str] = ()) -> "Book":
        """The book with these entries behind the others; BadEntry where one of the accounts named would fall below 0."""
        book = Book(self.unit, (*self.entries, *entries))
        balances = book.balances()
        for account in never_below_zero:
            if balances.get(account, 0) < 0:
                raise BadEntry(f"账户“{account}”的余额不足，还差 {-balances[account]} {self.unit}。")
        return book

    def balances(self) -> Mapping[str, int]:
        """Every account that was ever moved, with its balance; they add up to nothing."""
        totals: Counter[str] = Counter()
        for entry in self.entries:
            for line in entry.lines:
                totals[line.account] += line.amount
        return dict(sorted(totals.items()))

    def balance(self, account: str) -> int:
        return self.balances().get(account, 0)

    def statement(self, account: str) -> list[Movement]:
        """What moved an account, in order, with the balance after each."""
        found: list[Movement] = []
        balance = 0
        for entry in self.entries:
            for line in entry.lines:
                if line.account == account:
                    balance += line.amount
                    found.append(Movement(entry, line.amount, balance))
        return found


def _check_reversal(entry: Entry, original: Entry | None) -> None:
    if original is None:
        raise BadEntry(f"凭证 {entry.code} 冲销的 {entry.reverses} 不在账上。")
    if original.reverses is not None:
        raise BadEntry(f"凭证 {original.code} 本身是冲销凭证，不能再冲销，请另记一笔。")
    if {(line.account, -line.amount) for line in entry.lines} != {
        (line.account, line.amount) for line in original.lines
    }:
        raise BadEntry(f"凭证 {entry.code} 与所冲销的 {original.code} 各行不相等。")
