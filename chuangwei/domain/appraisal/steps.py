"""How a number came about: a tree of steps a page can open one by one (domain §8, Explain)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple


@dataclass(frozen=True, slots=True)
class Step:
    """One line of an explanation.

    `value` is what the line comes to, as people read it; `words` says how. `kind` and `code` name the row behind it
    ("visit", "problem", "period", "subject", "site_kind"), where there is one.
    """

    label: str
    value: str = ""
    words: str = ""
    kind: str = ""
    code: str = ""
    steps: tuple["Step", ...] = ()

    def kept(self) -> dict[str, Any]:
        """Plain values for JSON; what is empty is left out."""
        own = {name: getattr(self, name) for name in ("label", "value", "words", "kind", "code") if getattr(self, name)}
        return own | ({"steps": [step.kept() for step in self.steps]} if self.steps else {})


class Score(NamedTuple):
    """What a rule gives for one subject: hundredths of a point (none: missing), and the reason when somebody asks.

    A ranking asks for hundreds of scores and for no reason; so the reason is a function, called when a page opens it.
    """

    value: int | None
    reason: Callable[[], tuple[str, tuple[Step, ...]]]
    """The formula in words, and the steps below it."""
