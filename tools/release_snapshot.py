"""A small installation as a release made it, kept for the upgrade test: tests/upgrade/<release>.json.gz.

    .venv/bin/python tools/release_snapshot.py COMMIT

The release's own code, taken out of the repository, makes the database (SQLite) from the first two weeks of its own
examples; what is kept is what the tables hold, engine-neutral, with the keys and the photo that belong to it. The keys
are made for this and open nothing else. Run it once for each release, on the day it is made.
"""

import argparse
import base64
import gzip
import importlib
import json
import os
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

import django
import openpyxl  # type: ignore[import-untyped]
from bootstrap import PYTHON, ROOT
from django.db import connection

TARGET = ROOT / "tests" / "upgrade"
LAST_DAY = datetime(2026, 9, 13, 23, 59)  # noqa: DTZ001 - cells of a workbook hold clock times without a zone
# Kept in the release's own words: what it does here must be what its own code does.
DAY_AT_THE_OFFICE = """
import django
django.setup()
from datetime import UTC, datetime
from io import BytesIO
from PIL import Image
from chuangwei.core import attachments
from chuangwei.core.actor import system_actor
from chuangwei.domain.appraisal import actions, queries
by, at = system_actor("root"), datetime(2026, 10, 26, 1, tzinfo=UTC)
actions.compute_periods(series="weekly", first="2026-W36", last="2026-W37", by=by, at=at)
for slug in ("2026-W36", "2026-W37"):
    period = queries.period_of(actor=by, series="weekly", slug=slug)
    actions.publish_period(period=period, by=by, at=datetime(2026, 9, 15, 1, tzinfo=UTC))
period = queries.period_of(actor=by, series="weekly", slug="2026-W36")
actions.finalise_period(period=period, by=by, at=at)
drawn = BytesIO()
Image.linear_gradient("L").convert("RGB").resize((64, 48)).save(drawn, "JPEG")
drawn.seek(0)
attachments.store(stream=drawn, name="街面.jpg", by=by, at=at, subject_kind="problem", subject_code="TZ-2026-0001")
"""


def main() -> int:
    parser = argparse.ArgumentParser(description="保存一个发布版本的小型数据库，供升级测试使用")
    parser.add_argument("commit", help="发布版本的提交")
    commit = _asked("git", "rev-parse", "--short=7", parser.parse_args().commit)
    with tempfile.TemporaryDirectory() as folder:
        code, home = Path(folder) / "code", Path(folder) / "home"
        code.mkdir()
        archive = subprocess.run(["git", "archive", commit], cwd=ROOT, check=True, capture_output=True).stdout
        subprocess.run(["tar", "x"], cwd=code, input=archive, check=True)
        make_installation(code, home)
        kept = read_installation(home)
        program = _asked(PYTHON, "-c", "import chuangwei; print(chuangwei.__version__)", cwd=code)
    kept = {"release": {"commit": commit, "program": program}, **kept}
    file = TARGET / f"{program}-{commit}.json.gz"
    file.parent.mkdir(parents=True, exist_ok=True)
    body = json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode()
    file.write_bytes(gzip.compress(body, 9, mtime=0))
    print(f"{file.relative_to(ROOT)}：{file.stat().st_size // 1024} kB")
    return 0


def make_installation(code: Path, home: Path) -> None:
    """With the release's code alone: init, import, appraise, draw, a photo."""
    books = [_shortened(code / "examples" / f"{name}.xlsx", home.parent) for name in ("register", "visits", "ledger")]
    run: list[str | Path] = [PYTHON, "-m", "chuangwei.config"]
    steps: list[list[str | Path]] = [
        [*run, "init", "--preset", "examples/preset.toml", "--county", "岚川县"],
        [*run, "import", *map(str, books)],
        [*run, "draw", "RD-1", "--stratum", "背街小巷=5"],
        [PYTHON, "-c", DAY_AT_THE_OFFICE],
    ]
    for step in steps:
        env = os.environ | {
            "CHUANGWEI_HOME": str(home), "DATABASE_URL": "", "CHUANGWEI_FIRST_PASSWORD": "upgrade-test-only",
            "DJANGO_SETTINGS_MODULE": "chuangwei.config.settings", "PYTHONPATH": str(code),
        }  # fmt: skip
        subprocess.run(step, cwd=code, env=env, check=True, stdout=subprocess.DEVNULL)


def _shortened(book: Path, folder: Path) -> Path:
    """The workbook up to the last day, and without the shapes of areas: a hundred times smaller, every sheet used."""
    opened, short = openpyxl.load_workbook(book, read_only=True), openpyxl.Workbook()
    short.remove(short.worksheets[0])
    dropped: set[Any] = set()
    for sheet in opened:
        heads, *rows = sheet.iter_rows(values_only=True)
        kept = short.create_sheet(sheet.title)
        kept.append(heads)
        for row in rows:
            values = dict(zip(heads, row, strict=True))
            day = values.get("开始日期" if sheet.title == "轮次" else "检查时间", values.get("发现时间"))
            if (isinstance(day, datetime) and day > LAST_DAY) or values.get("检查编号") in dropped:
                dropped.add(values.get("编号"))
            else:
                kept.append([None if head == "边界" else value for head, value in values.items()])
    short.save(folder / book.name)
    return folder / book.name


def read_installation(home: Path) -> dict[str, Any]:
    """Every row of the database, and the files that belong to it, by the code of today."""
    os.environ |= {
        "CHUANGWEI_HOME": str(home),
        "DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "chuangwei.config.settings",
    }
    sys.path.insert(0, str(ROOT))
    django.setup()
    tables, making = (importlib.import_module(f"chuangwei.core.backup.{name}") for name in ("tables", "making"))
    numbers = importlib.import_module("chuangwei.core.backup.sequences")
    source = importlib.import_module("chuangwei.core.backup.snapshot").read_directly(connection)
    without = importlib.import_module("chuangwei.config.backups").WITHOUT
    kept = [table for table in tables.tables_of(source) if table.name not in without]
    found = {
        "migrations": sorted(map(list, source.ask("SELECT app, name FROM django_migrations"))),
        "last_numbers": numbers.last_numbers(source),
        "tables": [table.described() | {"rows": list(tables.rows_of(source, table))} for table in kept],
        "sums": {table.name: tables.sum_of(source, table) for table in kept},
        "files": {
            file.relative_to(home).as_posix(): base64.b64encode(file.read_bytes()).decode()
            for file in making.files_of(home)
        },
    }
    connection.close()
    return found


def _asked(*command: str | Path, cwd: Path = ROOT) -> str:
    return subprocess.run(command, cwd=cwd, check=True, capture_output=True, text=True).stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
