"""A line on the terminal that says how far long work is; silent where nobody watches."""

import time
from types import TracebackType
from typing import Any, Self

from chuangwei.web.office.management.tables import width

EVERY = 0.2
"""Seconds between two drawings."""
BAR = 24


class ProgressLine:
    """Redraws itself in place and leaves nothing behind."""

    def __init__(self, out: Any) -> None:
        self._out = out
        self._is_watched = bool(getattr(out, "isatty", lambda: False)())
        self._drawn_at = float("-inf")
        self._width = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._width:
            self._draw("")

    def show(self, what: str, done: int, total: int) -> None:
        """Something to be heard often; drawn a few times a second."""
        if not self._is_watched or time.monotonic() - self._drawn_at < EVERY:
            return
        self._drawn_at = time.monotonic()
        self._draw(f"{what} {_amount(done, total)}".rstrip())

    def _draw(self, text: str) -> None:
        blank = " " * max(self._width - width(text), 0)
        self._out.write(f"\r{text}{blank}" + ("" if text else "\r"), ending="")
        self._out.flush()
        self._width = width(text)


def _amount(done: int, total: int) -> str:
    """A bar where it is known how much there is, else what is done so far."""
    if total:
        full = BAR * done // total
        return f"[{'█' * full}{'·' * (BAR - full)}] {100 * done // total}%"
    return f"{done:,} 行" if done else ""
