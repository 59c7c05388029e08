"""`chuangwei serve`: pages, background work and the clock under one parent."""

import logging
import os
import signal
import socket
import sys
import time
from argparse import ArgumentParser, ArgumentTypeError
from threading import Thread
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.db import close_old_connections, connection

from chuangwei.config import database
from chuangwei.config.children import Child, Keeper
from chuangwei.core import clock
from chuangwei.web.shared.built import built

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
LAST_PORT = 65535
TICK_SECONDS = 60.0
MOST_TICKS = 4
PATIENCE_SECONDS = 15.0
READY_SECONDS = 30.0

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "启动服务：页面、后台任务与定时任务，一条命令全部运行"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", metavar="地址", help="监听的地址，默认只对本机开放")
        parser.add_argument("--port", type=_port, default=8000, metavar="端口", help="监听的端口，默认 8000")
        parser.add_argument("--workers", type=int, default=0, metavar="个数", help="页面进程数，默认按数据库自动选择")

    def handle(self, *, host: str, port: int, workers: int, **_options: Any) -> None:
        environment = self._environment(host)
        _require_free(host, port)
        self._bring_up_to_date()
        for notice in database.notices():
            self.stderr.write(notice)
        if built() is None:
            self.stderr.write("页面的样式与脚本尚未构建，页面可用但较简陋。请运行 make setup。")
        workers = workers or (1 if connection.vendor == "sqlite" else 2)
        # The children open their own connections; the parent keeps none over the start of theirs.
        connection.close()
        keeper = Keeper(PATIENCE_SECONDS)
        try:
            self._run(_children(host, port, workers, environment, keeper), host, port)
        finally:
            keeper.dismiss()

    def _environment(self, host: str) -> dict[str, str]:
        """The children's environment; refuses to answer other machines over plain HTTP unless told to."""
        environment = os.environ | {"PYTHONUNBUFFERED": "1"}
        if settings.ORIGIN.startswith("https://") or settings.INSECURE:
            return environment
        if host not in LOOPBACK:
            raise CommandError(
                "对其他机器提供服务需要 HTTPS：请由代理提供 HTTPS，并设置 CHUANGWEI_ORIGIN=https://网址（见 docs/operators）；"
                "仅在可信的内网试用时，可设置 CHUANGWEI_INSECURE=1。"
            )
        return environment | {"CHUANGWEI_INSECURE": "1"}

    def _bring_up_to_date(self) -> None:
        if database.is_empty():
            raise CommandError("数据库尚未建立：请先运行 chuangwei init，或用 make demo 看示范。")
        faults = database.check_database(["default"])
        if faults:
            raise CommandError("".join(fault.msg for fault in faults))
        waiting = database.waiting_migrations()
        if waiting:
            copy = database.copy_aside(clock.now())
            self.stdout.write(f"数据库需要更新（{waiting} 步）。" + (f"更新前的副本：{copy}" if copy else ""))
            call_command("migrate", verbosity=0, interactive=False)

    def _run(self, children: list[Child], host: str, port: int) -> None:
        stopping = False

        def stop(_number: int, _frame: FrameType | None) -> None:
            nonlocal stopping
            stopping = True

        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, stop)
        try:
            for child in children:
                child.start()
            self._announce(children[0], host, port)
            next_tick = time.monotonic() + 1
            ticks: list[Thread] = []
            while not stopping:
                for child in children:
                    if child.is_dead and not child.revive():
                        raise CommandError(f"{child.name}反复退出，服务已停止。详情见 {settings.CHUANGWEI_LOGS}。")
                if time.monotonic() >= next_tick:
                    next_tick += TICK_SECONDS
                    ticks = _ticking([tick for tick in ticks if tick.is_alive()])
                time.sleep(0.2)
        finally:
            # Pages first, so that nobody is answered by a half-stopped house; then the worker, which finishes its task.
            for child in children:
                child.stop(PATIENCE_SECONDS)
        self.stdout.write("服务已停止。")

    def _announce(self, pages: Child, host: str, port: int) -> None:
        """Say the address once it answers."""
        until = time.monotonic() + READY_SECONDS
        while time.monotonic() < until and not pages.is_dead:
            try:
                socket.create_connection((host if host != "0.0.0.0" else "127.0.0.1", port), timeout=1).close()  # noqa: S104
            except OSError:
                time.sleep(0.1)
            else:
                shown = settings.ORIGIN or f"http://{f'[{host}]' if ':' in host else host}:{port}"
                self.stdout.write(f"服务已启动：{shown}（按 Ctrl-C 停止）")
                self.stdout.flush()
                return


def _children(host: str, port: int, workers: int, environment: dict[str, str], keeper: Keeper) -> list[Child]:
    pages = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", str(workers), "--blocking-threads", "4", "--no-ws", "--log-level", "error",
        "--respawn-failed-workers", "--workers-kill-timeout", "10", "chuangwei.config.wsgi:application",
    ]  # fmt: skip
    work = [sys.executable, "-m", "django", "qcluster"]
    environment = environment | {"DJANGO_SETTINGS_MODULE": "chuangwei.config.settings"}
    return [Child("页面服务", pages, environment, keeper), Child("后台任务", work, environment, keeper)]


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= LAST_PORT):
        raise ArgumentTypeError(f"“{text}”不合要求，端口须在 0 至 {LAST_PORT} 之间")
    return int(text)


def _require_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))


def _ticking(ticks: list[Thread]) -> list[Thread]:
    """Another look at what is due, beside those that still work: a long backup must not stop the clock.

    Two of them never run the same job: a due moment is taken once.
    """
    if len(ticks) >= MOST_TICKS:
        return ticks
    tick = Thread(target=_tick, name="tick", daemon=True)
    tick.start()
    return [*ticks, tick]


def _tick() -> None:
    """What is due, in this process. One failure must not stop the house, and the next minute tries again."""
    try:
        call_command("tick", verbosity=0, skip_checks=True)
    except Exception:
        log.exception("定时任务未能完成")
    finally:
        close_old_connections()
