"""A bulletin with 10,000 records behind it: how much longer than typst alone for the same pages?

Each step runs in a process of its own, because a second drawing in one process finds most of its work done. `full` reads
the period, writes the paper and draws it; `bare` draws what `full` laid out, with typst and nothing else. `prepare`, `full`
and `bare` are steps of `python -m bench.documents STEP FOLDER`; the database is the one of the environment.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RECORDS = int(os.environ.get("BENCH_RECORDS", "10000"))
PERIOD = "2026-W02"
LIMIT = 3
TIMES = 3
TITLE = f"一份周通报的 PDF（背后 {RECORDS:,} 次检查，100 个社区）"
BARE = "同样几页，只用 typst"
WORDS = """
[documents]
place = "试验县"
code = "试创卫办"
"""


def prepare(folder: Path) -> dict[str, Any]:
    """An installation of its own, with one week of 10,000 visits, computed."""
    from django.core.management import call_command  # noqa: PLC0415 - after django.setup

    from bench import workbooks  # noqa: PLC0415
    from chuangwei.core import clock  # noqa: PLC0415
    from chuangwei.core.actor import system_actor  # noqa: PLC0415
    from chuangwei.domain.appraisal import actions  # noqa: PLC0415
    from chuangwei.domain.standards import queries as standards  # noqa: PLC0415
    from chuangwei.web.office.sheets import importing  # noqa: PLC0415

    size = workbooks.Size(visits=RECORDS, weeks=1, answers_each=2)
    (folder / "papers.toml").write_text(workbooks.PRESET + WORDS, encoding="utf-8")
    call_command("init", preset=str(folder / "papers.toml"), county="试验县", verbosity=0, stdout=sys.stderr)
    sheets = standards.current_checklists()
    checks = {kind: list(sheets[kind].checks) for kind in workbooks.KINDS}
    workbooks.register(folder / "papers-register.xlsx", size)
    workbooks.visits(folder / "papers-visits.xlsx", size, checks)
    by = system_actor("bench")
    for name in ("papers-register.xlsx", "papers-visits.xlsx"):
        outcome = importing.run(files=[importing.ImportFile(folder / name, name)], by=by, at=clock.now())
        if outcome.is_refused:
            raise SystemExit("\n".join(map(str, outcome.mistakes[:5])))
    actions.compute_periods(series="weekly", first=PERIOD, last=PERIOD, by=by, at=clock.now())
    return {}


def full(folder: Path) -> dict[str, Any]:
    from chuangwei.core import clock  # noqa: PLC0415 - after django.setup
    from chuangwei.core.actor import system_actor  # noqa: PLC0415
    from chuangwei.domain.documents import queries  # noqa: PLC0415
    from chuangwei.domain.documents.writers import pdf  # noqa: PLC0415

    begun = time.perf_counter()
    about = {"series": "weekly", "period": PERIOD}
    done = queries.compose(
        kind="weekly-bulletin", about=about, actor=system_actor("bench"), day=clock.today(), edition="inner"
    )  # fmt: skip
    content = queries.drawn(done.sheet, "pdf").content
    seconds = time.perf_counter() - begun
    laid = folder / "paper"
    laid.mkdir(exist_ok=True)
    pdf.lay_out(laid, done.sheet)
    return {"seconds": seconds, "bytes": len(content)}


def bare(folder: Path) -> dict[str, Any]:
    import typst  # noqa: PLC0415 - nothing of ours is loaded

    begun = time.perf_counter()
    content = typst.compile(folder / "paper" / "paper.typ", root=folder / "paper", format="pdf")
    return {"seconds": time.perf_counter() - begun, "bytes": len(content)}


def compared(folder: Path, env: dict[str, str]) -> dict[str, Any]:
    """Both in turn, several times, each in a fresh process; the quickest of each counts."""
    _step("prepare", folder, env)
    pairs = [(_step("full", folder, env), _step("bare", folder, env)) for _ in range(TIMES)]
    ours, alone = (min(pair[place]["seconds"] for pair in pairs) for place in (0, 1))
    return {"seconds": ours, "bare": alone, "ratio": ours / alone}


def _step(step: str, folder: Path, env: dict[str, str]) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.documents", step, str(folder)],
        cwd=ROOT, env=os.environ | env, stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    return json.loads(done.stdout.splitlines()[-1])


STEPS = {"prepare": prepare, "full": full, "bare": bare}

if __name__ == "__main__":
    step, where = sys.argv[1:3]
    if step != "bare":
        import django

        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chuangwei.config.settings")
        os.environ.setdefault("CHUANGWEI_SYNC_TASKS", "1")
        django.setup()
    print(json.dumps(STEPS[step](Path(where))))
