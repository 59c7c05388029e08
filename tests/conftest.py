"""What every test runs on: a database of its own, a home of its own, no network, a clock that can be stopped."""

import os
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.test import SimpleTestCase
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

# A busy machine is no fault of the program: no test asserts how long anything took.
hypothesis_settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("house")

TESTS = Path(__file__).resolve().parent
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def pytest_configure(config: pytest.Config) -> None:
    """Give this process a home that nobody else uses, before any database is made."""
    home = Path(tempfile.mkdtemp(prefix="chuangwei-test-"))
    config.add_cleanup(lambda: shutil.rmtree(home, ignore_errors=True))
    settings.CHUANGWEI_HOME = home
    settings.MEDIA_ROOT = home / "files"
    settings.BACKUPS, settings.CHUANGWEI_LOGS = home / "backups", home / "logs"
    # Slow hashing protects people; here it would only slow the suite.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.Q_CLUSTER["sync"] = settings.SYNC_TASKS = True
    database = connections.databases["default"]
    if database["ENGINE"].endswith("sqlite3"):
        # A file, not memory: only a file has the write-ahead log and the locks that people will meet.
        database["TEST"]["NAME"] = str(home / "test.sqlite3")
        database["OPTIONS"] = database["OPTIONS"] | {
            "init_command": database["OPTIONS"]["init_command"] + " PRAGMA synchronous=OFF;"
        }
    else:
        # Nothing of a test need survive a power cut.
        database["OPTIONS"] = database["OPTIONS"] | {"options": "-c synchronous_commit=off"}
        database["TEST"] |= {"NAME": f"test_chuangwei_{os.getpid()}", "TEMPLATE": "template0", "CHARSET": "UTF8"}


ASKS_A_DATABASE = {"db", "transactional_db", "live_server"}
ON_EVERY_ENGINE = ("config", "demo", "upgrade")
"""Folders of tests that run the program in processes of its own, with a database that no fixture tells of."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What asks no database is proved once, on the embedded one: the engine makes no difference to it."""
    if connections.databases["default"]["ENGINE"].endswith("sqlite3"):
        return
    config.hook.pytest_deselected(items=[item for item in items if not _depends_on_the_engine(item)])
    items[:] = filter(_depends_on_the_engine, items)


def _depends_on_the_engine(item: pytest.Item) -> bool:
    own = getattr(item, "cls", None)
    return item.get_closest_marker("embedded") is None and (
        item.path.relative_to(TESTS).parts[0] in ON_EVERY_ENGINE
        or item.get_closest_marker("django_db") is not None
        or bool(ASKS_A_DATABASE & set(getattr(item, "fixturenames", ())))
        or (own is not None and issubclass(own, SimpleTestCase))
    )


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test, and nothing a test runs, may speak to another machine."""
    connect = socket.socket.connect

    def local_only(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and address[0] not in LOOPBACK:
            raise AssertionError(f"a test tried to reach {address[0]}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", local_only)


@pytest.fixture
def frozen_clock() -> Iterator[Callable[[datetime], datetime]]:
    """`frozen_clock(instant)` stops core's clock there until the test ends; called again, it moves the clock."""
    from chuangwei.core import clock

    with ExitStack() as stops:
        yield lambda instant: stops.enter_context(clock.frozen(instant))
