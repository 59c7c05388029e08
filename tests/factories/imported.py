"""Rows as a workbook hands them to an action, and the actor who takes them in."""

from collections.abc import Sequence
from typing import Any

from chuangwei.core.rows import Faults, Rows, Taking


def rows(fields: str, *values: Sequence[Any], first_line: int = 2, is_whole: bool = True, **empty: Any) -> Rows:
    """Rows of these fields (separated by spaces), from line 2 on; `empty` are columns the sheet does not have."""
    names = fields.split()
    columns: dict[str, list[Any]] = {name: [row[i] for row in values] for i, name in enumerate(names)}
    for name, value in empty.items():
        columns[name] = [value] * len(values)
    lines = range(first_line, first_line + len(values))
    return Rows(lines, columns, frozenset(names), is_whole)


def said(taking: Taking | Faults, name: str = "") -> list[tuple[int, str, str]]:
    """The faults of one set of rows: line, field, sentence."""
    faults = taking if isinstance(taking, Faults) else taking.faults.get(name, Faults())
    return [(fault.line, fault.field, fault.message) for fault in faults]


__all__ = ["rows", "said"]
