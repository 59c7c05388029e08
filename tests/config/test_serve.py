"""`chuangwei serve` answers, works in the background, and leaves nothing behind when it goes."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.architecture.house import ROOT
from tests.config.processes import SOON, family, is_gone, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.embedded]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation with its tables, made once."""
    home = tmp_path_factory.mktemp("home")
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env=environment(home), check=True, capture_output=True)
    return home


def environment(home: Path) -> dict[str, str]:
    return os.environ | {"CHUANGWEI_HOME": str(home), "DATABASE_URL": "", "CHUANGWEI_SYNC_TASKS": ""}


@pytest.fixture
def served(home: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "chuangwei.config", "serve", "--port", str(port)]
    parent = subprocess.Popen(
        command, cwd=ROOT, env=environment(home), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    line = parent.stdout.readline()
    assert f"http://127.0.0.1:{port}" in line, line
    yield parent, port
    if parent.poll() is None:
        parent.kill()
    parent.communicate(timeout=SOON)


def test_it_answers_with_the_headers_that_keep_pages_at_home(served: tuple) -> None:
    _, port = served
    with urlopen(f"http://127.0.0.1:{port}/healthz") as answer:
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_task_handed_over_is_done_by_the_worker(served: tuple, home: Path) -> None:
    mark = home / "done-by-the-worker"
    hand_over = (
        "import django; django.setup()\n"
        "from chuangwei.core.tasks import enqueue\n"
        f"assert enqueue('os.mkdir', path={str(mark)!r})"
    )
    env = environment(home) | {"DJANGO_SETTINGS_MODULE": "chuangwei.config.settings"}
    subprocess.run([sys.executable, "-c", hand_over], cwd=ROOT, env=env, check=True)
    assert wait_for(mark.is_dir)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_asked_to_stop_it_stops_everything(served: tuple, number: signal.Signals) -> None:
    parent, _ = served
    below = family(parent.pid)
    assert len(below) >= 3
    parent.send_signal(number)
    assert parent.wait(SOON) == 0
    assert wait_for(lambda: all(map(is_gone, below)))


def test_killed_outright_it_leaves_nothing_behind(served: tuple) -> None:
    parent, port = served
    below = family(parent.pid)
    parent.kill()
    parent.wait(10)
    assert wait_for(lambda: all(map(is_gone, below)), SOON), f"port {port}"


def test_a_taken_port_is_said(served: tuple, home: Path) -> None:
    _, port = served
    command = [sys.executable, "-m", "chuangwei.config", "serve", "--port", str(port)]
    answer = subprocess.run(command, cwd=ROOT, env=environment(home), capture_output=True, text=True, check=False)
    assert (answer.returncode, "端口" in answer.stderr) == (1, True)
