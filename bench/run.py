"""`make bench`: every figure a ratio of two measurements in one run, or a count. Writes docs/bench.md.

`python bench/run.py --tiny` takes the same way with little of everything, in minutes, and writes nothing: it shows that
the bench still runs, its figures mean nothing. Engines may be named: `python bench/run.py SQLite`.

Each step runs in a process of its own on an installation made for it. Bare measurements are taken before and after
the one they are compared with, and their mean counts: the machines are shared, and what slows one half of a run must
not decide the ratio.
"""

import json
import os
import platform
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

TINY = {
    "BENCH_VISITS": "2600", "BENCH_RECORDS": "300", "BENCH_SMALL": "600", "BENCH_PROBLEMS": "1200", "BENCH_TIMES": "2",
}  # fmt: skip
ENGINES = ("SQLite", "PostgreSQL")
IS_TINY = "--tiny" in sys.argv
if IS_TINY:
    # The steps are processes of their own and read their sizes from the environment, as do the modules below.
    os.environ |= TINY

from postgresql import CannotServe, test_server  # noqa: E402

from bench import documents, ledger  # noqa: E402

LIMITS = {"import": 4, "ranking": 3}
DATABASE = f"chuangwei_bench_{os.getpid()}"


def measured(step: str, folder: Path, env: dict[str, str]) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.measure", step, str(folder)],
        cwd=ROOT, env=os.environ | env, stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    return json.loads(done.stdout.splitlines()[-1])


@contextmanager
def database_of(engine: str, suffix: str = "") -> Iterator[str]:
    """The address of an empty database, "" for SQLite; thrown away afterwards."""
    name = f"{DATABASE}{suffix}"
    if engine == "SQLite":
        yield ""
        return
    with test_server() as url:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        try:
            yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
        finally:
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def run(engine: str, folder: Path) -> dict[str, Any]:
    with database_of(engine) as url, tempfile.TemporaryDirectory() as home:
        env = {"CHUANGWEI_HOME": home, "DATABASE_URL": url, "CHUANGWEI_FIRST_PASSWORD": "bench-only-2026"}
        found: dict[str, Any] = {"prepare": measured("prepare", folder, env)}
        for step in ("import", "ranking"):
            before = measured(f"bare-{step}", folder, env) if step == "import" else None
            found[step] = measured(step, folder, env)
            after = measured(f"bare-{step}", folder, env)
            found[f"bare-{step}"] = (before["seconds"] + after["seconds"]) / 2 if before else after["seconds"]
            print(f"{engine} {step}: {found[step]['seconds'] / found[f'bare-{step}']:.2f} × bare", flush=True)
        return found | measured("pages", folder, env) | {"papers": papers(engine, folder)}


def papers(engine: str, folder: Path) -> dict[str, Any]:
    """A bulletin, on an installation of its own (bench/documents.py)."""
    with database_of(engine, "_papers") as url, tempfile.TemporaryDirectory() as home:
        env = {"CHUANGWEI_HOME": home, "DATABASE_URL": url, "CHUANGWEI_FIRST_PASSWORD": "bench-only-2026"}
        found = documents.compared(folder, env)
        print(f"{engine} papers: {found['ratio']:.2f} × bare", flush=True)
        return found


def page(results: dict[str, dict[str, Any]]) -> str:
    lines = [
        "# 性能对比",
        "",
        "`make bench` 的结果。比值是同一次运行里两个时间之比（机器忙闲不定，秒数本身没有意义），其余是个数。",
        "",
        f"最近一次：{date.today()}。督查记录 {_count()} 次检查、{_count() * 10} 条评分，100 个社区，26 周。",  # noqa: DTZ011
        "",
        f"机器：{machine()}。",
        "",
        "| 做什么 | 与什么比 | 上限 | " + " | ".join(results) + " |",
        "| --- | --- | --- | " + " | ".join("---" for _ in results) + " |",
    ]
    rows = {
        "import": ("导入督查记录", "calamine 读出 + 原样 executemany"),
        "ranking": ("评比 26 周并存下结果和依据", "评分表一次 GROUP BY + 读出全部检查"),
    }
    for step, (title, bare) in rows.items():
        ratios = [f"{found[step]['seconds'] / found[f'bare-{step}']:.2f}" for found in results.values()]
        lines.append(f"| {title} | {bare} | {LIMITS[step]} | " + " | ".join(ratios) + " |")
    drawn = " | ".join(f"{found['papers']['ratio']:.2f}" for found in results.values())
    lines.append(f"| {documents.TITLE} | {documents.BARE} | {documents.LIMIT} | {drawn} |")
    for step, (title, _) in rows.items():
        peaks = [f"{found[step]['megabytes']:.0f} MB" for found in results.values()]
        lines.append(f"| {title}：内存峰值 | | | " + " | ".join(peaks) + " |")
    lines += ["", "每页问数据库几次（数据全部在内）：", "", "| 页面 | " + " | ".join(results) + " |"]
    lines.append("| --- | " + " | ".join("---" for _ in results) + " |")
    for title in next(iter(results.values()))["queries"]:
        lines.append(f"| {title} | " + " | ".join(str(found["queries"][title]) for found in results.values()) + " |")
    return "\n".join(lines) + "\n"


def machine() -> str:
    """What it was measured on: processor, cores, memory, and the versions that matter."""
    told = Path("/proc/cpuinfo")
    names = [line.partition(":")[2].strip() for line in told.read_text().splitlines() if line.startswith("model name")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    try:
        with test_server() as url, psycopg.connect(url) as connection:
            server = f"PostgreSQL {connection.info.server_version // 10_000}"
    except CannotServe:
        server = "没有 PostgreSQL"
    return "，".join((
        f"{names[0] if names else platform.machine()} {os.cpu_count()} 核", f"内存 {memory:.0f} GB",
        f"{platform.system()} {platform.release().partition('-')[0]}", f"Python {platform.python_version()}",
        f"SQLite {sqlite3.sqlite_version}", server,
    ))  # fmt: skip


def _count() -> int:
    return int(os.environ.get("BENCH_VISITS", "60000"))


def main() -> int:
    results: dict[str, dict[str, Any]] = {}
    ledgers: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for engine in [one for one in ENGINES if one in sys.argv] or ENGINES:
            try:
                results[engine] = run(engine, Path(folder))
                ledgers[engine] = ledger.run(engine)
            except CannotServe as stop:
                print(stop)
    text = page(results) + "\n".join([*ledger.lines(ledgers), ""])
    if not IS_TINY:
        (ROOT / "docs" / "bench.md").write_text(text, encoding="utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
