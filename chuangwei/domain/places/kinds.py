"""How people write a kind of site, matched to its code (workbooks.md, How cells are read)."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from chuangwei.core.text import alternatives, code_text, without_brackets


@dataclass(frozen=True, slots=True)
class NamedKind:
    """A kind of site as far as its name goes."""

    code: str
    name: str
    aliases: tuple[str, ...] = ()


WAYS: tuple[Callable[[NamedKind], Iterable[str]], ...] = (
    lambda kind: [kind.code],
    lambda kind: [kind.name],
    lambda kind: [without_brackets(code_text(kind.name))],
    lambda kind: alternatives(code_text(kind.name)),
    lambda kind: kind.aliases,
)
"""The ways to write a kind, the surest first: code, name, name without brackets, one of its words, alias."""


class KindNames:
    """Finds the kind somebody means. Built once, asked for every row; asks no database.

    A surer way wins over a looser one. A word that fits several kinds equally well names none of them.
    """

    def __init__(self, kinds: Iterable[NamedKind]) -> None:
        self._named = list(kinds)
        self._codes: dict[str, tuple[str, ...]] = {}
        for way in WAYS:
            for word, codes in _words(self._named, way).items():
                self._codes.setdefault(word, codes)

    def resolve(self, text: str) -> str | None:
        """The code of the kind meant; None where there is none or more than one."""
        found = self.candidates(text)
        return found[0] if len(found) == 1 else None

    def candidates(self, text: str) -> tuple[str, ...]:
        """Every kind the text may mean, by code: empty for an unknown word, several for an ambiguous one."""
        return self._codes.get(code_text(text), ())

    def __iter__(self) -> Iterator[NamedKind]:
        return iter(self._named)


def _words(kinds: Iterable[NamedKind], way: Callable[[NamedKind], Iterable[str]]) -> dict[str, tuple[str, ...]]:
    codes: dict[str, set[str]] = {}
    for kind in kinds:
        for word in way(kind):
            if key := code_text(word):
                codes.setdefault(key, set()).add(kind.code)
    return {word: tuple(sorted(found)) for word, found in codes.items()}
