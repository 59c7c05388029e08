"""Who runs below a process, who has ended, and how long one waits for that."""

import time
from collections.abc import Callable
from pathlib import Path

SOON = 60
"""Seconds within which all has ended: the patience with who does not listen, and a busy machine."""


def wait_for(question: Callable[[], bool], seconds: float = 30) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if question():
            return True
        time.sleep(0.1)
    return False


def family(pid: int) -> set[int]:
    """Every process below this one, at any depth."""
    below: set[int] = set()
    parents = {int(entry.name): _parent_of(entry) for entry in Path("/proc").iterdir() if entry.name.isdigit()}
    grown = {pid}
    while grown:
        grown = {child for child, parent in parents.items() if parent in grown} - below
        below |= grown
    return below


def _parent_of(entry: Path) -> int:
    try:
        return int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
    except (OSError, IndexError):
        return 0


def is_gone(pid: int) -> bool:
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True
