"""The whole suite: SQLite, PostgreSQL, the islands, the journeys in a browser. Every part runs; one failure fails all.

    .venv/bin/python tools/test.py [--coverage] [--only sqlite|postgresql|islands|journeys] [-- pytest arguments]

PostgreSQL: CHUANGWEI_TEST_DATABASE_URL, else the server at 127.0.0.1:5432 if it lets us in and make databases, else a
server of our own, made for this run and thrown away.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable

from bootstrap import FRONTEND, PYTHON, ROOT, chromium, node_folder
from postgresql import CannotServe, test_server
from steps import Outcome, call, report

CORES = str(min(os.cpu_count() or 1, 4))


def pytest(*arguments: str, env: dict[str, str] | None = None) -> bool:
    return call([PYTHON, "-m", "pytest", "-q", *arguments], env=env)


# The shape of the house is what `make lint` looks at.
SUITE = ["-n", CORES, "--ignore=tests/architecture"]


def on_sqlite(more: list[str]) -> bool | str:
    return pytest(*SUITE, *more, env={"DATABASE_URL": ""})


def on_postgresql(more: list[str]) -> bool | str:
    try:
        with test_server() as url:
            return pytest(*SUITE, *more, env={"DATABASE_URL": url})
    except CannotServe as stop:
        return str(stop)


def of_islands(_more: list[str]) -> bool | str:
    folder = node_folder()
    env = {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"} if folder else {}
    return call(["npm", "run", "--silent", "test"], cwd=FRONTEND, env=env)


def in_a_browser(more: list[str]) -> bool | str:
    journeys = ROOT / "tests" / "journeys"
    if not any(journeys.glob("test_*.py")):
        return True
    browser = chromium()
    if browser is None:
        return "没有浏览器：请由管理员运行 sudo apt-get install -y chromium fonts-noto-cjk"
    # Two towns side by side, each with its server and its browser; the journeys of one file share theirs, in order.
    env = {"DATABASE_URL": "", "CHUANGWEI_CHROMIUM": browser}
    shared = ["-n", "2", "--dist", "loadfile", "-o", "addopts=--import-mode=importlib"]
    return pytest(*shared, str(journeys), *more, env=env)


PARTS: dict[str, tuple[str, Callable[[list[str]], bool | str]]] = {
    "sqlite": ("内置数据库 SQLite", on_sqlite),
    "postgresql": ("PostgreSQL", on_postgresql),
    "islands": ("页面脚本", of_islands),
    "journeys": ("浏览器", in_a_browser),
}


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", choices=PARTS, action="append")
    parser.add_argument("--coverage", action="store_true")
    parser.add_argument("pytest", nargs="*")
    wishes = parser.parse_args()
    if wishes.coverage:
        more = ["--cov", "--cov-report=term", f"--cov-report=html:{ROOT / 'var' / 'coverage'}", *wishes.pytest]
        return 0 if pytest("-n", CORES, *more, env={"DATABASE_URL": ""}) else 1
    outcomes = []
    for slug in wishes.only or PARTS:
        title, part = PARTS[slug]
        print(f"\n=== 测试：{title} ===", flush=True)
        began = time.monotonic()
        outcomes.append(Outcome.of(title, part(wishes.pytest), time.monotonic() - began))
    return report(outcomes)


if __name__ == "__main__":
    sys.exit(main())
