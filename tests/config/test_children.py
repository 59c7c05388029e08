"""Processes that are kept alive, given up on, and never left behind."""

import os
import sys
import time

from chuangwei.config import children
from chuangwei.config.children import Child

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
STUBBORN = [
    sys.executable, "-c",
    "import signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); time.sleep(60)",
]  # fmt: skip


def child(command: list[str]) -> Child:
    return Child("试验", command, os.environ)


def wait_until_dead(one: Child) -> None:
    assert one.process is not None
    one.process.wait(10)


def test_stop_ends_a_process() -> None:
    one = child(SLEEP)
    one.start()
    assert not one.is_dead
    one.stop(patience=10)
    assert one.is_dead


def test_stop_ends_a_process_that_will_not_listen() -> None:
    one = child(STUBBORN)
    one.start()
    time.sleep(0.5)
    one.stop(patience=0.2)
    assert one.is_dead


def test_a_process_that_keeps_dying_is_given_up() -> None:
    one = child([sys.executable, "-c", ""])
    one.start()
    answers = []
    for _ in range(children.MOST_EARLY_DEATHS):
        wait_until_dead(one)
        answers.append(one.revive())
    assert answers == [True] * (children.MOST_EARLY_DEATHS - 1) + [False]


def test_a_process_that_lived_long_is_started_again(monkeypatch) -> None:
    monkeypatch.setattr(children, "TOO_SOON_SECONDS", 0.0)
    one = child([sys.executable, "-c", ""])
    one.start()
    for _ in range(children.MOST_EARLY_DEATHS + 1):
        wait_until_dead(one)
        assert one.revive()
    one.stop(patience=10)


def test_stop_before_start_is_harmless() -> None:
    one = child(SLEEP)
    one.stop(patience=0.1)
    assert one.is_dead
