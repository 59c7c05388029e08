"""What may go wrong in words a clerk can read. Every message here is shown to a person as it stands."""

import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chuangwei.core.mistakes import Mistake


def new_event_id() -> str:
    """What ties a sentence on a screen to its line in the log; short enough to be read out over the telephone."""
    return f"{secrets.token_hex(2)}-{secrets.token_hex(2)}".upper()


class DomainError(Exception):
    """A rule of the work refuses; nothing was saved. The message is Chinese and complete."""

    @property
    def message(self) -> str:
        return str(self.args[0]) if self.args else ""


class NotAllowed(DomainError):
    """The person may not do this."""


class StaleState(DomainError):
    """Somebody was first: the thing is no longer in the state this screen showed."""


class NotFound(DomainError):
    """A code that names nothing the person may see."""


class Refused(DomainError):
    """A file or a form is refused whole; `mistakes` says where."""

    def __init__(self, message: str, mistakes: "Sequence[Mistake]" = ()) -> None:
        super().__init__(message)
        self.mistakes = list(mistakes)


def require(allowed: bool, message: str = "您没有权限进行此操作。") -> None:
    if not allowed:
        raise NotAllowed(message)
