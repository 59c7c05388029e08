"""The declared table: every address, what it asks for, and what an account must hold to get an answer. No Django here,
so that tools/docs.py can print it too."""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "addresses.toml"
KINDS = {
    "pages": "页面",
    "commands": "操作",
    "own": "本人的账号",
    "open": "不登录也能打开",
    "closed": "不存在",
}
"""The sections of the file. Pages and commands ask for permissions; `own` answers everybody who is signed in, `open`
everybody; `closed` are names a library looks up, at which nobody finds anything."""


@dataclass(frozen=True)
class Line:
    """One address of the installation.

    `needs` are the permissions it takes, all of them, and one of `any`. `of` is the kind of thing it shows or changes
    (town.py builds them): whoever does not reach that gets 404 too. `given` fills parts of the address that the thing does
    not; `sends` is what the request carries. A `method` other than that of the section, and `answers` other than the usual,
    are written out. `rows_need`: everybody gets an answer, but rows of the register only with one of these. `shows_others`: by a rule of the work it tells of places outside the reader's scope (domain §8).
    """

    name: str
    kind: str
    title: str
    needs: frozenset[str]
    rows_need: frozenset[str]
    any: frozenset[str]
    of: str
    given: Mapping[str, str]
    sends: Mapping[str, str]
    method: str
    answers: frozenset[int]
    shows_others: bool

    @property
    def address(self) -> str:
        """The name Django knows: without the word that tells two lines apart."""
        return self.name.partition("#")[0]


METHODS = {"commands": "POST"}
ANSWERS = {
    "pages": {200},
    "commands": {200, 204, 302, 303, 409, 422},
    "own": {200, 204, 302, 405},
    "open": {200, 302, 405},
}


def lines() -> dict[str, Line]:
    """Every line by the name of its address."""
    document: dict[str, dict[str, Any]] = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {name: _line(name, kind, told) for kind, section in document.items() for name, told in section.items()}


def _line(name: str, kind: str, told: dict[str, Any]) -> Line:
    known = {"title", "needs", "rows_need", "any", "of", "given", "sends", "method", "answers", "shows_others"}
    if kind not in KINDS or told.keys() - known:
        raise ValueError(f"addresses.toml: [{kind}] {name}: {sorted(told.keys() - known)}")
    return Line(
        name, kind, told["title"], frozenset(told.get("needs", ())), frozenset(told.get("rows_need", ())), frozenset(told.get("any", ())), told.get("of", ""),
        told.get("given", {}), told.get("sends", {}),
        told.get("method", METHODS.get(kind, "GET")), frozenset(told.get("answers", ANSWERS.get(kind, {404}))),
        told.get("shows_others", False),
    )  # fmt: skip


def reads(line: Line, permissions: Collection[str]) -> bool:
    """Whether these permissions are enough for what the answer tells."""
    return not line.rows_need or not line.rows_need.isdisjoint(permissions)


def holds(line: Line, permissions: Collection[str]) -> bool:
    """Whether these permissions are enough for the address; the scope is asked about apart."""
    return line.needs <= set(permissions) and (not line.any or not line.any.isdisjoint(permissions))
