"""Ends what `chuangwei serve` has started once the parent died without doing so: killed outright, or out of memory.

A program of its own beside the parent, on the standard library alone. It reads from the parent, a line each: `+123` a
process that leads its own group, `-123` gone. The end of input is the end of the parent. A signal to the process alone
would not do: the task cluster loses one that comes while it starts, and what it has started would go on for ever.

    python keeper.py <seconds a process may take to finish>
"""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterable


def groups_left(lines: Iterable[str]) -> set[int]:
    """The groups told of and not taken back, when the lines end."""
    groups: set[int] = set()
    for line in lines:
        group = int(line)
        if group > 0:
            groups.add(group)
        else:
            groups.discard(-group)
    return groups


def end(groups: Iterable[int], patience: float) -> None:
    """Ask each group's first process to finish; after `patience` seconds make what is left of the group."""
    left = {group for group in groups if _reached(os.killpg, group, 0)}
    for group in left:
        _reached(os.kill, group, signal.SIGTERM)
    until = time.monotonic() + patience
    while left and time.monotonic() < until:
        time.sleep(0.1)
        left = {group for group in left if _reached(os.killpg, group, 0)}
    for group in left:
        _reached(os.killpg, group, signal.SIGKILL)


def _reached(send: Callable[[int, int], None], to: int, number: int) -> bool:
    try:
        send(to, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def main() -> None:
    # A system that stops everything at once must leave the order to the parent, which closes our input at the end.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    end(groups_left(sys.stdin), float(sys.argv[1]))


if __name__ == "__main__":
    main()
