"""What every writer gives back."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Drawn:
    """The bytes of a file, and a sentence for each thing that could not be drawn as it should."""

    content: bytes
    notices: tuple[str, ...] = ()
