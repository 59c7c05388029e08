"""The ledger and the visits at 10,000 and at 1,000,000 problems (ten answers to each): how much longer takes each page?

Two installations are built, a small and a large one, each served by a process of its own that answers through Django's
test client; every page is asked of both in turn, so that what slows the machine slows both. The figure is the ratio of
the medians. `python -m bench.ledger` runs both engines; `build` and `answer` are its steps.
"""

import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime, timedelta
from html import unescape
from itertools import chain, cycle
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SMALL, LARGE = int(os.environ.get("BENCH_SMALL", "10000")), int(os.environ.get("BENCH_PROBLEMS", "1000000"))
ANSWERS_EACH = 10
"""Answers to a problem: ten million at a million problems."""
TIMES = int(os.environ.get("BENCH_TIMES", "15"))
CLICKS = min(199, SMALL // 50 - 2)
NEXT = re.compile(r'href="([^"]*after=[^"]*)"')
LIMIT = 2
FIRST = datetime(2023, 1, 2, tzinfo=UTC)
UNITS, COMMUNITIES, SITES_EACH = 50, 100, 30
WEEK, WEEK_VISITS = datetime(2026, 1, 5, tzinfo=UTC), 2_000
"""One week that is ranked holds as many visits in both: what a community's page shows is then the same."""
PERIOD = "2026-W02"
PASSWORD = "bench-only-2026"
PROBLEM, VISIT = f"P-2023-{min(4321, SMALL // 2):07}", f"JC-{min(321, SMALL // 2):07}"
PAGES = {
    "首页": "/problems/",
    "社区书记的首页": "community:/problems/",
    "按状态": "/problems/?state=dispatched&sort=deadline",
    "按区划和状态": "/problems/?area=690007&state=closed",
    "按全县区划": "/problems/?area=690000&sort=deadline",
    "按类别": "/problems/?category=09006",
    "按单位、期限近的在前": "/problems/?unit=B07&sort=deadline",
    "已逾期": "/problems/?standing=overdue&sort=deadline",
    "搜索：井盖": "/problems/?q=%E4%BA%95%E7%9B%96",
    "搜索：少见的词": "/problems/?q=%E9%95%95%E5%96%86",
    "搜索：常见字、没有的词": "/problems/?q=%E7%9B%96%E4%BA%95",
    "搜索：两个词": "/problems/?q=%E4%BA%95%E7%9B%96%20%E5%B0%8F%E5%B9%BF%E5%91%8A",
    "搜索：编号": f"/problems/?q={PROBLEM}",
    "第 200 页": "next:/problems/",
    "第 200 页，期限近的在前": "next:/problems/?sort=deadline",
    "一个问题": f"/problems/{PROBLEM}/",
    "检查记录": "/visits/",
    "检查记录，得分低的在前": "/visits/?sort=lowest",
    "检查记录，按区划": "/visits/?area=690007",
    "检查记录，按点位类型": "/visits/?site_kind=market",
    "检查记录，按得分": "/visits/?score=80-90",
    "检查记录，按日期": "/visits/?since=2023-06-01&until=2023-06-30",
    "检查记录，搜索点位": "/visits/?q=690007",
    "检查记录，第 200 页": "next:/visits/",
    "一次检查": f"/visits/{VISIT}/",
    "一个点位": "/sites/690007-001/",
    "一期排名": f"/appraisal/weekly/{PERIOD}/",
    "一个社区的总分": f"/appraisal/weekly/{PERIOD}/of/690007/",
    "一个社区的分项": f"/appraisal/weekly/{PERIOD}/of/690007/part/regular/",
}
PHRASES = (
    "路面有积水，行人绕行", "垃圾桶满溢未清", "占道经营，堵住盲道", "墙面小广告未清除", "共享单车乱停放", "绿化带有白色垃圾",
    "路灯不亮", "公厕无人保洁，地面湿滑", "飞线充电，线缆低垂", "建筑垃圾堆放在路边", "河面有漂浮物", "下水道口有异味",
)  # fmt: skip


# --- Building ---------------------------------------------------------------------------------------------------------


def build(folder: Path, count: int) -> dict[str, Any]:
    """An installation of 100 communities with so many problems and ten answers to each."""
    from django.core.management import call_command  # noqa: PLC0415 - after django.setup

    from bench import measure, workbooks  # noqa: PLC0415

    preset = folder / "preset.toml"
    preset.write_text(workbooks.PRESET, encoding="utf-8")
    call_command("init", preset=str(preset), county="试验县", verbosity=0, stdout=sys.stderr)
    size = workbooks.Size(communities=COMMUNITIES, sites_each=SITES_EACH)
    measure._import(folder / "register.xlsx", make=lambda path: workbooks.register(path, size))  # noqa: SLF001
    began = time.perf_counter()
    _accounts()
    with _without_indexes("problems_problem", "inspections_visit", "inspections_answer", "core_transitionlog"):
        _problems(count)
        _visits(count)
    _settle()
    _rank()
    return {"seconds": round(time.perf_counter() - began)}


@contextmanager
def _without_indexes(*tables: str) -> Iterator[None]:
    """A table is filled faster without its indexes; they are made again at the end, as they were."""
    from django.db import connection  # noqa: PLC0415

    is_sqlite = connection.vendor == "sqlite"
    listed = (
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name = %s"
        if is_sqlite else
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s AND NOT EXISTS"
        " (SELECT 1 FROM pg_constraint WHERE conname = indexname)"
    )  # fmt: skip
    with connection.cursor() as cursor:
        if is_sqlite:
            cursor.execute("PRAGMA cache_size = -400000")
            cursor.execute("PRAGMA synchronous = OFF")
        else:
            # Twenty million references need not be checked: they were just read. Only a superuser may leave that out.
            cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
            if cursor.fetchone()[0]:
                cursor.execute("SET session_replication_role = replica")
        dropped = []
        for table in tables:
            cursor.execute(listed, [table])
            dropped += cursor.fetchall()
        for name, _ in dropped:
            cursor.execute(f'DROP INDEX "{name}"')
        yield
        for _, sql in dropped:
            cursor.execute(sql)


def _accounts() -> None:
    from chuangwei.domain.organisation.models import Account, Unit  # noqa: PLC0415
    from chuangwei.domain.places.models import Area  # noqa: PLC0415

    Unit.objects.bulk_create(Unit(code=f"B{n:02}", name=f"单位{n}", kind="部门") for n in range(UNITS))
    Account.objects.create_user(
        username="bench", name="创卫办", password=PASSWORD, roles=["office"], is_everywhere=True
    )
    home = Area.objects.get(code="690007")
    Account.objects.create_user(username="community", name="书记", password=PASSWORD, roles=["community"], area=home)


def _problems(count: int) -> None:
    from django.db import connection, transaction  # noqa: PLC0415

    from chuangwei.core.bulk import insert_rows  # noqa: PLC0415
    from chuangwei.domain.problems.models import Problem  # noqa: PLC0415

    columns = (
        "code", "source", "site_id", "area_id", "category_id", "description", "state", "unit_id", "found_at",
        "dispatched_at", "due_at", "fixed_at", "closed_at", "first_closed_at", "rework_count", "search_text",
    )  # fmt: skip
    with transaction.atomic():
        insert_rows(Problem, columns, _problem_rows(count))
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO core_transitionlog (subject_kind, subject_code, move, move_name, source, target, by_code,"
                " by_name, at, note) SELECT 'problems.problem', code, 'file', '立案', 'reported', 'filed', 'bench',"
                " '试验', found_at, '' FROM problems_problem"
            )


def _problem_rows(count: int) -> Iterator[tuple[Any, ...]]:
    """What the rows are made of is read before the first is asked for: a COPY leaves the connection to nobody else."""
    from chuangwei.domain.organisation.models import Unit  # noqa: PLC0415
    from chuangwei.domain.places.models import Site  # noqa: PLC0415
    from chuangwei.domain.standards.models import Category  # noqa: PLC0415

    sites = list(Site.objects.order_by("code").values_list("pk", "name", "area_id", "area__name"))
    kinds = list(Category.objects.filter(parent__isnull=False).order_by("code").values_list("pk", "name"))
    units = list(Unit.objects.filter(code__startswith="B").order_by("code").values_list("pk", flat=True))
    return _made_rows(count, sites, kinds, units)


def _made_rows(
    count: int, sites: list[Any], kinds: list[Any], units: list[int]
) -> Iterator[tuple[Any, ...]]:  # fmt: skip
    """93 in a hundred are closed; 井盖 stands in 8 of a hundred; 镕喆 in one of a hundred thousand."""
    from chuangwei.core.search import search_text  # noqa: PLC0415

    rng = random.Random(7)
    step = timedelta(days=3 * 365) / count
    for n in range(count):
        site, site_name, area, area_name = sites[rng.randrange(len(sites))]
        category, category_name = kinds[rng.randrange(len(kinds))]
        words = f"{rng.choice(PHRASES)}，{rng.choice(PHRASES)}，约 {rng.randrange(40)} 米处"
        words = f"井盖破损，{words}" if rng.random() < 0.08 else words
        words = f"镕喆路口，{words}" if n % 100_000 == 4321 else words
        found = FIRST + n * step
        state, times = _state(rng, found)
        unit = None if state in {"reported", "filed"} else units[rng.randrange(len(units))]
        code = f"P-2023-{n:07}"
        yield (
            code, rng.choice(("inspection", "resident", "hotline", "patrol")), site, area, category, words, state, unit,
            found, *times, int(rng.random() < 0.03), search_text(code, words, site_name, area_name, category_name),
        )  # fmt: skip


def _state(rng: random.Random, found: datetime) -> tuple[str, tuple[datetime | None, ...]]:
    """A state, and when it was dispatched, due, fixed, closed, and closed for the first time."""
    hour, draw = timedelta(hours=1), rng.random()
    due = found + rng.randrange(8, 200) * hour
    if draw < 0.93:
        closed = found + 30 * hour
        return "closed", (found + hour, due, found + 20 * hour, closed, closed)
    if draw < 0.96:
        return "dispatched", (found + hour, due, None, None, None)
    if draw < 0.97:
        return "fixed", (found + hour, due, found + 20 * hour, None, None)
    return ("filed" if draw < 0.99 else "reported"), (None,) * 5


def _visits(count: int) -> None:
    """One visit to ten answers, by the database itself."""
    from django.db import connection, transaction  # noqa: PLC0415

    from chuangwei.core.bulk import insert_rows  # noqa: PLC0415
    from chuangwei.domain.inspections.models import Round, Visit  # noqa: PLC0415
    from chuangwei.domain.places.models import Site  # noqa: PLC0415
    from chuangwei.domain.standards.models import Checklist  # noqa: PLC0415

    day = FIRST.date()
    squad = Round.objects.create(
        code="R1", name="督导", kind="regular", starts_on=day, ends_on=day + timedelta(days=2000)
    )
    sheets = dict(Checklist.objects.order_by("version").values_list("site_kind_id", "pk"))
    sites = [
        (pk, sheets[kind]) for pk, kind in Site.objects.order_by("code").values_list("pk", "kind_id") if kind in sheets
    ]
    step = timedelta(days=3 * 365) / count
    pause = timedelta(days=6) / WEEK_VISITS
    held = chain(
        ((f"JC-{n:07}", FIRST + n * step) for n in range(count)),
        ((f"JW-{n:07}", WEEK + n * pause) for n in range(WEEK_VISITS)),
    )
    rows = (
        (code, squad.pk, site, sheet, at, 800_000, 1_000_000, 0, 0, FIRST)
        for (code, at), (site, sheet) in zip(held, cycle(sites), strict=False)
    )
    columns = (
        "code", "round_id", "site_id", "checklist_id", "at", "got", "possible", "line_got", "line_possible", "recorded_at",
    )  # fmt: skip
    with transaction.atomic(), connection.cursor() as cursor:
        insert_rows(Visit, columns, rows)
        cursor.execute(
            "INSERT INTO inspections_answer (visit_id, check_item_id, result, lost, note)"
            " SELECT v.id, c.id, 'pass', 0, '' FROM inspections_visit v JOIN standards_check c"
            f' ON c.checklist_id = v.checklist_id WHERE c."order" <= {ANSWERS_EACH} ORDER BY v.id, c.id'
        )


def _rank() -> None:
    """The week that both rank."""
    from chuangwei.core import clock  # noqa: PLC0415
    from chuangwei.core.actor import system_actor  # noqa: PLC0415
    from chuangwei.domain.appraisal import actions  # noqa: PLC0415

    actions.compute_periods(series="weekly", first=PERIOD, last=PERIOD, by=system_actor("bench"), at=clock.now())


def _settle() -> None:
    """What a database does for itself overnight."""
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "PRAGMA optimize")


# --- Answering --------------------------------------------------------------------------------------------------------


def answer() -> None:
    """For each line of input (who:address) one line: the seconds, how many questions were asked, how many bytes came."""
    from django.conf import settings  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    from chuangwei.domain.organisation.models import Account  # noqa: PLC0415

    settings.ALLOWED_HOSTS = ["testserver"]
    Account.objects.update(must_change_password=False)
    people: dict[str, Client] = {}
    for line in sys.stdin:
        who, _, path = line.strip().partition(":")
        if who not in people:
            people[who] = Client()
            people[who].force_login(Account.objects.get(username=who))
        if path.startswith("next:"):
            path = _clicked(people[who], path.removeprefix("next:"))
            print(json.dumps(path), flush=True)
            continue
        began = time.perf_counter()
        response = people[who].get(path)
        seconds = time.perf_counter() - began
        if response.status_code != 200:
            raise SystemExit(f"{path}: {response.status_code}")
        with CaptureQueriesContext(connection) as asked:
            people[who].get(path)
        slowest = max(asked.captured_queries, key=lambda one: float(one["time"]))
        print(json.dumps([seconds, len(asked), float(slowest["time"]), slowest["sql"]]), flush=True)


def _clicked(client: Any, path: str) -> str:
    for _ in range(CLICKS):
        found = NEXT.search(client.get(path).content.decode())
        if found is None:
            raise SystemExit(f"{path}: no further page")
        path = unescape(found[1])
    return path


class Served:
    """A process that answers for one installation."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.ledger", "answer"], cwd=ROOT, env=os.environ | dict(env), text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def ask(self, line: str) -> Any:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()


def compared(small: Served, large: Served) -> dict[str, dict[str, Any]]:
    """Every page, asked of both in turn."""
    found = {}
    for title, page in PAGES.items():
        who = "community" if page.startswith("community:") else "bench"
        path = page.removeprefix("community:")
        paths = [one.ask(f"{who}:{path}") if path.startswith("next:") else path for one in (small, large)]
        seconds: list[list[float]] = [[], []]
        asked: list[int] = [0, 0]
        worst: list[Any] = [None, None]
        for place, one in enumerate((small, large)):
            one.ask(f"{who}:{paths[place]}")
        for _ in range(TIMES):
            for place, one in enumerate((small, large)):
                took, asked[place], *worst[place] = one.ask(f"{who}:{paths[place]}")
                seconds[place].append(took)
        at = [median(one) for one in seconds]
        found[title] = {
            "ratio": at[1] / at[0],
            "ms": [round(one * 1000, 1) for one in at],
            "queries": asked,
            "worst": worst[1],
        }
        print(f"{title}: {found[title]['ratio']:.2f} × ({found[title]['ms']} ms, {asked} questions)", flush=True)
        if os.environ.get("BENCH_EXPLAIN"):
            print("    ", worst[1][0], worst[1][1][:600], flush=True)
    return found


def run(engine: str) -> dict[str, dict[str, Any]]:
    """Both installations of one engine, compared and thrown away; kept in the folder BENCH_KEEP names, to look closer."""
    kept = os.environ.get("BENCH_KEEP")
    with ExitStack() as stack:
        served = []
        for count in (SMALL, LARGE):
            place = _kept(Path(kept), engine, count) if kept else _passing(stack, engine, count)
            home, url = place
            env = {"CHUANGWEI_HOME": home, "DATABASE_URL": url, "CHUANGWEI_FIRST_PASSWORD": PASSWORD}
            if not (Path(home) / "built").exists():
                done = subprocess.run(
                    [sys.executable, "-m", "bench.ledger", "build", home, str(count)],
                    cwd=ROOT, env=os.environ | env, stdout=subprocess.PIPE, text=True, check=True,
                )  # fmt: skip
                (Path(home) / "built").touch()
                print(f"{engine} {count:,}: built, {done.stdout.splitlines()[-1]}", flush=True)
            served.append(stack.enter_context(closing(Served(env))))
        return compared(*served)


def _passing(stack: ExitStack, engine: str, count: int) -> tuple[str, str]:
    from bench.run import database_of  # noqa: PLC0415

    return stack.enter_context(tempfile.TemporaryDirectory()), stack.enter_context(
        database_of(engine, f"ledger_{count}")
    )


def _kept(folder: Path, engine: str, count: int) -> tuple[str, str]:
    """A home that stays; for PostgreSQL the address of an empty database stands in its file `url`."""
    home = folder / f"{engine}-{count}"
    home.mkdir(parents=True, exist_ok=True)
    url = home / "url"
    return str(home), url.read_text(encoding="utf-8").strip() if url.exists() else ""


def lines(results: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """The part of docs/bench.md."""
    told = [
        "",
        "## 台账和检查记录",
        "",
        (
            f"{LARGE:,} 个问题、{LARGE:,} 次检查、{LARGE * ANSWERS_EACH:,} 条评分时，每页用时是 {SMALL:,} 个问题时的几倍（上限 {LIMIT}；"
            f"两边轮流打开，各 {TIMES} 次取中位数），括号里是问数据库几次。"
        ),
        "",
        "| 页面 | " + " | ".join(results) + " |",
        "| --- | " + " | ".join("---" for _ in results) + " |",
    ]
    for title in PAGES:
        cells = [f"{one[title]['ratio']:.2f}（{_asked(one[title]['queries'])}）" for one in results.values()]
        told.append(f"| {title} | " + " | ".join(cells) + " |")
    return told


def _asked(queries: list[int]) -> str:
    small, large = queries
    return f"{small} 次" if small == large else f"{small}→{large} 次"


def main() -> int:
    step, *rest = sys.argv[1:] or ["run"]
    if step == "run":
        results = {engine: run(engine) for engine in (rest or ["SQLite", "PostgreSQL"])}
        print("\n".join(lines(results)))
        return 0
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chuangwei.config.settings")
    os.environ.setdefault("CHUANGWEI_SYNC_TASKS", "1")
    import django  # noqa: PLC0415

    django.setup()
    if step == "build":
        print(json.dumps(build(Path(rest[0]), int(rest[1]))))
    else:
        answer()
    return 0


if __name__ == "__main__":
    sys.exit(main())
