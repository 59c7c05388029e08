"""One measurement in a process of its own: `python -m bench.measure STEP FOLDER`; prints one line of JSON.

Steps: prepare, bare-import, import, bare-ranking, ranking, pages. The database is the one of the environment.
"""

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chuangwei.config.settings")
os.environ.setdefault("CHUANGWEI_SYNC_TASKS", "1")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from bench import workbooks  # noqa: E402
from chuangwei.core import clock  # noqa: E402
from chuangwei.core.actor import system_actor  # noqa: E402

BY = system_actor("bench")
SIZE = workbooks.Size(visits=int(os.environ.get("BENCH_VISITS", "60000")))


def timed(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def prepare(folder: Path) -> dict[str, Any]:
    """An empty installation with the bench's preset, and the workbooks."""
    preset = folder / "preset.toml"
    preset.write_text(workbooks.PRESET, encoding="utf-8")
    call_command("init", preset=str(preset), county="试验县", verbosity=0, stdout=sys.stderr)
    _import(folder / "register.xlsx", make=lambda path: workbooks.register(path, SIZE))
    if not (folder / "visits.xlsx").exists():
        from chuangwei.domain.standards import queries as standards  # noqa: PLC0415 - after init

        sheets = standards.current_checklists()
        checks = {kind: list(sheets[kind].checks) for kind in workbooks.KINDS}
        workbooks.visits(folder / "visits.xlsx", SIZE, checks)
    return {"bytes": (folder / "visits.xlsx").stat().st_size}


def _import(path: Path, make: Callable[[Path], None] | None = None) -> None:
    from chuangwei.web.office.sheets import importing  # noqa: PLC0415 - after django.setup

    if make and not path.exists():
        make(path)
    outcome = importing.run(files=[importing.ImportFile(path, path.name)], by=BY, at=clock.now())
    if outcome.is_refused:
        raise SystemExit("\n".join(map(str, outcome.mistakes[:5])))


def bare_import(folder: Path) -> dict[str, Any]:
    """Calamine reads every sheet; the rows as they are go into bare tables by one executemany each."""
    from python_calamine import CalamineWorkbook  # noqa: PLC0415

    sheets: dict[str, list[list[Any]]] = {}

    def read() -> None:
        book = CalamineWorkbook.from_path(str(folder / "visits.xlsx"))
        for name in book.sheet_names:
            sheets[name] = book.get_sheet_by_name(name).to_python()[1:]

    reading = timed(read)
    rows = {name: [[str(cell) for cell in row] for row in body] for name, body in sheets.items()}

    def write() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            for number, body in enumerate(rows.values()):
                width = len(body[0])
                columns = ", ".join(f"c{n} text" for n in range(width))
                cursor.execute(f"CREATE TABLE bare_{number} ({columns})")
                marks = ", ".join(["%s"] * width)
                cursor.executemany(f"INSERT INTO bare_{number} VALUES ({marks})", body)

    writing = timed(write)
    with connection.cursor() as cursor:
        for number in range(len(rows)):
            cursor.execute(f"DROP TABLE bare_{number}")
    return {"reading": reading, "writing": writing, "seconds": reading + writing, "rows": sum(map(len, rows.values()))}


def full_import(folder: Path) -> dict[str, Any]:
    seconds = timed(lambda: _import(folder / "visits.xlsx"))
    return {"seconds": seconds, "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def bare_ranking(_folder: Path) -> dict[str, Any]:
    def read() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT visit_id, count(*), sum(lost) FROM inspections_answer GROUP BY visit_id")
            cursor.fetchall()
            cursor.execute("SELECT * FROM inspections_visit")
            cursor.fetchall()

    timed(read)  # once to warm what the ranking will find warm too
    return {"seconds": timed(read)}


def ranking(_folder: Path) -> dict[str, Any]:
    from chuangwei.domain.appraisal import actions  # noqa: PLC0415 - after django.setup

    first, last = "2026-W02", f"2026-W{1 + SIZE.weeks:02}"
    seconds = timed(lambda: actions.compute_periods(series="weekly", first=first, last=last, by=BY, at=clock.now()))
    return {"seconds": seconds, "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def pages(_folder: Path) -> dict[str, Any]:
    """How many questions each page asks of the database, signed in, with everything there."""
    from django.conf import settings  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    from chuangwei.domain.organisation.models import Account  # noqa: PLC0415

    settings.ALLOWED_HOSTS = ["testserver"]
    client = Client()
    client.force_login(Account.objects.get(username="admin"))
    Account.objects.update(must_change_password=False)
    period = f"/appraisal/weekly/2026-W{1 + SIZE.weeks:02}/"
    subject = f"{period}of/690001/"
    asked = {}
    for title, path in (
        ("评比", "/appraisal/"), ("一期排名", period), ("一个社区的总分", subject),
        ("一个分项", f"{subject}part/regular/"), ("走势", "/appraisal/weekly/trend/"),
        ("一次检查", "/visits/JC-000001/"), ("盲区", "/duties/"), ("导入", "/imports/"),
    ):  # fmt: skip
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(path)
        asked[title] = len(queries) if answer.status_code == 200 else f"{answer.status_code}"
    return {"queries": asked}


STEPS = {
    "prepare": prepare, "bare-import": bare_import, "import": full_import, "bare-ranking": bare_ranking,
    "ranking": ranking, "pages": pages,
}  # fmt: skip

if __name__ == "__main__":
    step, where = sys.argv[1:3]
    print(json.dumps(STEPS[step](Path(where))))
