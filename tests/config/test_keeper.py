"""What is left behind by a parent that was killed is ended, politely first."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from threading import Thread

import pytest

from chuangwei.config import keeper
from chuangwei.config.children import Child
from tests.architecture.house import ROOT
from tests.config.processes import SOON, family, is_gone, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.embedded]

POLITE = """
import signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: (print("finished", flush=True), sys.exit()))
print("ready", flush=True)
time.sleep(60)
"""
STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("ready", flush=True)
time.sleep(60)
"""
MOTHER = f"""
import subprocess, sys
subprocess.Popen([sys.executable, "-c", {STUBBORN!r}]).wait()
"""
PARENT = f"""
import os, sys, time
from chuangwei.config.children import Child, Keeper
Child("试验", [sys.executable, "-c", {STUBBORN!r}], os.environ, Keeper(patience=0.3)).start()
time.sleep(60)
"""


@pytest.fixture
def start() -> Iterator[Callable[[str], subprocess.Popen[str]]]:
    """`start(words)` runs a program in a group of its own, and answers once it has said that it is ready."""
    started: list[subprocess.Popen[str]] = []

    def run(words: str) -> subprocess.Popen[str]:
        one = subprocess.Popen(
            [sys.executable, "-c", words], cwd=ROOT, stdout=subprocess.PIPE, text=True, process_group=0
        )
        started.append(one)
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
        return one

    yield run
    for one in started:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(one.pid, signal.SIGKILL)
        one.wait()
        assert one.stdout is not None
        one.stdout.close()


@pytest.mark.parametrize(
    ("lines", "left"),
    [([], set()), (["+7\n"], {7}), (["+7\n", "+8\n", "-7\n"], {8}), (["+7\n", "-7\n", "-9\n"], set())],
)
def test_what_is_left_when_the_parent_is_gone(lines: list[str], left: set[int]) -> None:
    assert keeper.groups_left(lines) == left


def test_who_listens_finishes_by_itself(start: Callable) -> None:
    one = start(POLITE)
    # Its parent takes note of its end, as it would of any.
    Thread(target=one.wait).start()
    keeper.end([one.pid], patience=SOON)
    assert one.communicate()[0] == "finished\n"
    assert one.returncode == 0


def test_who_does_not_listen_is_made_to(start: Callable) -> None:
    one = start(STUBBORN)
    keeper.end([one.pid], patience=0.3)
    assert one.wait(10) == -signal.SIGKILL


def test_what_a_dead_process_has_started_is_ended_too(start: Callable) -> None:
    one = start(MOTHER)
    below = family(one.pid)
    one.kill()
    one.wait(10)
    assert not any(map(is_gone, below))
    keeper.end([one.pid], patience=0.1)
    assert wait_for(lambda: all(map(is_gone, below)))


def test_nobody_is_waited_for_who_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""], process_group=0)
    gone.wait(30)
    waited: list[float] = []
    monkeypatch.setattr(keeper.time, "sleep", waited.append)
    keeper.end([gone.pid], patience=60)
    assert waited == []


def test_a_parent_killed_outright_leaves_nothing_however_deaf(start: Callable) -> None:
    parent = start(PARENT)
    below = family(parent.pid)
    assert len(below) == 2
    parent.kill()
    parent.wait(10)
    assert wait_for(lambda: all(map(is_gone, below)))


def test_a_child_started_again_leaves_nothing_of_its_first_life() -> None:
    child = Child("试验", [sys.executable, "-c", MOTHER], os.environ)
    child.start()
    assert child.process is not None
    first = child.process
    assert wait_for(lambda: bool(family(first.pid)))
    below = family(first.pid)
    first.kill()
    first.wait(10)
    assert child.revive()
    assert wait_for(lambda: all(map(is_gone, below)))
    child.stop(patience=0.1)
    assert child.is_dead
