"""Every address × every role, in one's own place and beside it. A surprise fails: an address nobody declared, an access
nobody declared, and a declared access that does not work."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.db import connection, transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pytest_django.plugin import DjangoDbBlocker

from chuangwei.domain.organisation.preset import default_bundles
from tests.matrix import town
from tests.matrix.table import KINDS, Line, holds, lines, reads
from tests.matrix.town import Caller, Community, Thing
from tools import rights

WRITE = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM|REPLACE INTO)\s+"?(\w+)"?', re.IGNORECASE)
OF_NO_MATTER = re.compile(r"django_session|usersessions_|.*cache")
"""Who is signed in, and how often somebody asked, is kept whatever the answer."""
LINES = lines()
DECLARED = {line.address for line in LINES.values()}
# Without a mark of its own the module would be given the installation's own database instead of one for tests.
pytestmark = pytest.mark.django_db


def patterns(resolver: URLResolver, spaces: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address of the installation by name, or by its route where it has none."""
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from patterns(one, f"{spaces}{one.namespace}:" if one.namespace else spaces)
        else:
            yield f"{spaces}{one.name or one.pattern}", one


ADDRESSES = dict(patterns(get_resolver()))


def test_every_address_is_declared() -> None:
    missing = [_suggested(name, ADDRESSES[name]) for name in sorted(ADDRESSES.keys() - DECLARED)]
    assert not missing, (
        "add to tests/matrix/addresses.toml (and a kind of thing to town.py where it needs one):\n" + "\n".join(missing)
    )


def test_nothing_is_declared_that_does_not_exist() -> None:
    assert sorted(DECLARED - ADDRESSES.keys()) == []


def _suggested(name: str, pattern: URLPattern) -> str:
    parts = _all_parts(name)
    of = f', of = "…"  # its {", ".join(parts)}' if parts else ""
    methods = getattr(pattern.callback, "methods", ())
    section = "[commands]" if "POST" in methods else "[pages]" if methods else f"one of {sorted(KINDS)}"
    key = name if re.fullmatch(r"[\w-]+", name) else f'"{name}"'
    return f'  {section}  {key} = {{ title = "…", needs = ["…"] }}{of}'


def test_pages_and_commands_are_declared_as_what_they_are() -> None:
    kinds = {name: getattr(one.callback, "methods", None) for name, one in ADDRESSES.items()}
    wrong = {name for name, line in LINES.items() if _method(kinds.get(line.address)) not in (None, line.method)}
    assert wrong == set()


def _method(methods: frozenset[str] | None) -> str | None:
    return None if methods is None else "POST" if "POST" in methods else "GET"


# --- The walk ---------------------------------------------------------------------------------------------------------


class World:
    """The town of the matrix and everybody at its door."""

    def __init__(self) -> None:
        self.communities, self.things = town.build()
        self.callers = town.callers(self.communities[0], list(default_bundles()))

    @property
    def other(self) -> Community:
        return self.communities[1]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Built once, taken back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield World()
        transaction.set_rollback(True)


@pytest.mark.parametrize("name", sorted(name for name, line in LINES.items() if line.address in ADDRESSES))
def test_an_address_answers_whom_it_should(name: str, world: World) -> None:
    line = LINES[name]
    things = _things(line, world)
    surprises = [
        surprise
        for caller in world.callers
        for thing in (things if not caller.state and holds(line, caller.permissions) else things[:1])
        if (surprise := _surprise(line, caller, thing, world))
    ]
    assert not surprises, "\n".join([f"{name}（{line.title}）：", *surprises])


def _things(line: Line, world: World) -> list[Thing | None]:
    if not line.of:
        return [None]
    assert line.of in world.things, f"town.py builds no {line.of}; it builds {', '.join(sorted(world.things))}"
    return list(world.things[line.of])


def _surprise(line: Line, caller: Caller, thing: Thing | None, world: World) -> str:
    """What went otherwise than declared; empty where nothing did."""
    address = _address(line, thing)
    with _taken_back() as written:
        response = _asked(caller.client, line, address)
        body = _body(response)
    wanted = _wanted(line, caller, thing)
    told = f"  {caller.title} {line.method} {address} → {response.status_code}"
    if response.status_code not in wanted:
        return f"{told}, declared {sorted(wanted)}"
    if 404 in wanted and written:
        return f"{told}, but wrote to {sorted(written)}"
    if caller.reaches is not None and not line.shows_others and world.other.secret in body:
        return f"{told}, but shows what lies in {world.other.name}社区: {_around(body, world.other.secret)}"
    if not reads(line, caller.permissions) and town.SECRET in body:
        return f"{told}, but shows rows: {_around(body, town.SECRET)}"
    return ""


def _asked(client: Client, line: Line, address: str) -> HttpResponseBase:
    return client.get(address, line.sends) if line.method == "GET" else client.post(address, line.sends)


def _wanted(line: Line, caller: Caller, thing: Thing | None) -> frozenset[int]:
    nowhere, away = frozenset({404}), frozenset({302})
    if line.kind in ("open", "closed"):
        return line.answers
    if caller.state == "stranger":
        return away if line.name == "office:front" else nowhere
    if line.kind == "own":
        return line.answers | away | {403}
    if caller.state == "must-change":
        return away
    return line.answers if holds(line, caller.permissions) and caller.reaches_to(thing) else nowhere


def _address(line: Line, thing: Thing | None) -> str:
    known = {**(thing.named if thing else {}), **line.given}
    parts = _all_parts(line.address)
    missing = [part for part in parts if part not in known]
    assert not missing, f"{line.name} wants {missing}: give them by `of` or `given`; known are {sorted(known)}"
    return reverse(line.address, kwargs={part: known[part] for part in parts})


def _all_parts(name: str) -> list[str]:
    """The parts in angle brackets of the whole address, prefixes included."""
    callback = ADDRESSES[name]
    found = get_resolver().reverse_dict if ":" not in name else None
    if found is None:
        resolver: Any = get_resolver()
        for space in name.split(":")[:-1]:
            resolver = resolver.namespace_dict[space][1]
        found = resolver.reverse_dict
    possibilities = found.getlist(name.rsplit(":", maxsplit=1)[-1])
    return list(possibilities[0][0][0][1]) if possibilities else list(callback.pattern.converters)


@contextmanager
def _taken_back() -> Iterator[set[str]]:
    """Undo whatever the request does, and tell which tables it wrote to."""
    written: set[str] = set()

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found = WRITE.match(sql)
        if found and not OF_NO_MATTER.match(found[1]):
            written.add(found[1])
        return execute(sql, params, many, context)

    with transaction.atomic(), connection.execute_wrapper(watch):
        yield written
        transaction.set_rollback(True)


def _body(response: HttpResponseBase) -> str:
    """What can be read in an answer; of a workbook, all its sheets."""
    raw = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    if raw.startswith(b"PK"):
        with ZipFile(BytesIO(raw)) as file:
            raw = b"".join(map(file.read, file.namelist()))
    return raw.decode("utf-8", "replace")


def _around(body: str, word: str) -> str:
    place = body.index(word)
    return " ".join(body[max(place - 60, 0) : place + 40].split())


# --- What holds beside the table --------------------------------------------------------------------------------------


def test_a_page_takes_no_post_and_a_command_no_get(world: World) -> None:
    everybody = next(one.client for one in world.callers if one.title == "全部权限（全域）")
    wrong = [
        f"{line.name}: {answered}"
        for line in LINES.values()
        if line.kind in ("pages", "commands") and line.address in ADDRESSES
        for thing in _things(line, world)[:1]
        if (answered := _asked_the_other_way(everybody, line, thing)) != 405
    ]
    assert not wrong


def _asked_the_other_way(client: Client, line: Line, thing: Thing | None) -> int:
    with _taken_back():
        return client.generic("POST" if line.method == "GET" else "GET", _address(line, thing)).status_code


def test_no_two_lines_lie_about_one_title() -> None:
    told = [(line.kind, line.title) for line in LINES.values() if line.kind in ("pages", "commands")]
    assert len(told) == len(set(told))


def test_the_printed_table_is_fresh() -> None:
    assert rights.TARGET.read_text(encoding="utf-8") == rights.text(), "run make docs"
