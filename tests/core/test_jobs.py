"""When jobs are due, that each is run once for each moment, and that one failure stops no other."""

import re
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from chuangwei.core import clock, jobs
from chuangwei.core.errors import DomainError
from chuangwei.core.jobs import ABANDONED, KEPT, TIMETABLE, Outcome, Timetable, daily, every, run_due
from chuangwei.core.models import Attachment, JobRun

NOON = datetime(2023, 9, 4, 4, tzinfo=UTC)  # twelve o'clock in Shanghai
MINUTE = timedelta(minutes=1)
HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture
def timetable() -> Timetable:
    return Timetable()


@pytest.fixture
def calls() -> list[datetime]:
    return []


@pytest.fixture
def counting(timetable, calls):
    """A job of every fifteen minutes that notes when it ran."""

    @every(minutes=15, title="计数", timetable=timetable)
    def count(*, at: datetime) -> str:
        calls.append(at)
        return f"第 {len(calls)} 次"

    return count


def slug_of(name: str) -> str:
    return f"{__name__.split('.')[-2]}-{name}"


# --- When ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("time", "instant", "due"),
    [
        ("02:00", "2023-09-04T12:00+08:00", "2023-09-04T02:00+08:00"),
        ("02:00", "2023-09-04T02:00+08:00", "2023-09-04T02:00+08:00"),
        ("02:00", "2023-09-04T01:59+08:00", "2023-09-03T02:00+08:00"),
        ("23:30", "2023-09-03T16:00+00:00", "2023-09-03T23:30+08:00"),
    ],
)
def test_a_daily_job_is_due_at_its_time_in_shanghai(timetable, time, instant, due):
    @daily(at=time, timetable=timetable)
    def work(*, at: datetime) -> None: ...

    (job,) = timetable.jobs.values()
    assert job.last_due(datetime.fromisoformat(instant)) == datetime.fromisoformat(due)


@pytest.mark.parametrize(
    ("minutes", "instant", "due"),
    [
        (1, "2023-09-04T12:00:59+08:00", "2023-09-04T12:00+08:00"),
        (15, "2023-09-04T12:14+08:00", "2023-09-04T12:00+08:00"),
        (1440, "2023-09-04T23:59+08:00", "2023-09-04T00:00+08:00"),
        (7, "2023-09-05T00:03+08:00", "2023-09-05T00:00+08:00"),
    ],
)
def test_a_repeated_job_is_due_at_even_steps_of_the_day(timetable, minutes, instant, due):
    @every(minutes=minutes, timetable=timetable)
    def work(*, at: datetime) -> None: ...

    (job,) = timetable.jobs.values()
    assert job.last_due(datetime.fromisoformat(instant)) == datetime.fromisoformat(due)


@given(st.integers(1, 1440), st.integers(0, 3 * 86400))
def test_the_last_due_moment_is_less_than_a_step_ago(minutes, seconds):
    timetable = Timetable()

    @every(minutes=minutes, timetable=timetable)
    def work(*, at: datetime) -> None: ...

    (job,) = timetable.jobs.values()
    instant = NOON + timedelta(seconds=seconds)
    assert timedelta() <= instant - job.last_due(instant) < timedelta(minutes=minutes)


@pytest.mark.parametrize("minutes", [0, -5, 1441])
def test_steps_are_within_a_day(minutes):
    with pytest.raises(ValueError, match="not within a day"):
        every(minutes=minutes)


def test_two_jobs_of_one_name_are_refused(timetable):
    def work(*, at: datetime) -> None: ...

    daily(at="02:00", timetable=timetable)(work)
    with pytest.raises(ValueError, match="two jobs are called"):
        daily(at="03:00", timetable=timetable)(work)


# --- Running ------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_due_job_runs_once_for_each_moment(timetable, counting, calls):
    with clock.frozen(NOON + MINUTE):
        first = run_due(NOON, timetable=timetable)
        again = run_due(NOON + 10 * MINUTE, timetable=timetable)
        next_one = run_due(NOON + 15 * MINUTE, timetable=timetable)
    assert first == [Outcome(slug_of("count"), NOON, True, "第 1 次", "计数")]
    assert (again, len(next_one), calls) == ([], 1, [NOON, NOON + 15 * MINUTE])
    run = JobRun.objects.get(due_at=NOON)
    assert (run.slug, run.started_at, run.finished_at, run.is_ok, run.message) == (
        slug_of("count"), NOON, NOON + MINUTE, True, "第 1 次",
    )  # fmt: skip


@pytest.mark.django_db
def test_after_a_pause_only_the_last_moment_is_made_up_for(timetable, counting, calls):
    run_due(NOON, timetable=timetable)
    run_due(NOON + timedelta(days=3, minutes=20), timetable=timetable)
    assert len(calls) == 2


@pytest.mark.django_db
def test_a_failing_job_is_recorded_and_stops_no_other(timetable, calls, caplog):
    @every(minutes=1, timetable=timetable)
    def a_broken(*, at: datetime) -> None:
        raise ZeroDivisionError("除数为零")

    @every(minutes=1, timetable=timetable)
    def b_sound(*, at: datetime) -> None:
        calls.append(at)

    outcomes = run_due(NOON, timetable=timetable)
    assert [outcome.is_ok for outcome in outcomes] == [False, True]
    assert calls == [NOON]
    (logged,) = [record for record in caplog.records if hasattr(record, "event_id")]
    # The text of an error that is none of our sentences may hold what is in the database: it stays in the log.
    told = f"任务没有完成，详情见日志（事件编号 {logged.event_id}）。"
    assert (outcomes[0].message, JobRun.objects.filter(is_ok=False).get().message) == (told, told)
    assert "ZeroDivisionError: 除数为零" in caplog.text


@pytest.mark.django_db
def test_a_run_that_was_killed_is_taken_up_again_in_time(timetable, calls):
    @daily(at="02:00", timetable=timetable)
    def nightly(*, at: datetime) -> None:
        calls.append(at)

    (job,) = timetable.jobs.values()
    JobRun.objects.create(slug=job.slug, due_at=job.last_due(NOON), started_at=NOON)
    assert run_due(NOON + ABANDONED - MINUTE, timetable=timetable) == []
    assert len(run_due(NOON + ABANDONED, timetable=timetable)) == 1
    assert run_due(NOON + 2 * ABANDONED, timetable=timetable) == []
    assert calls == [NOON + ABANDONED]


@pytest.mark.django_db(transaction=True)
def test_two_ticks_at_once_run_a_job_once(timetable, calls):
    @every(minutes=1, timetable=timetable)
    def work(*, at: datetime) -> None:
        calls.append(at)

    gate = Barrier(2)

    def tick() -> None:
        try:
            gate.wait()
            run_due(NOON, timetable=timetable)
        finally:
            connection.close()

    for moment in range(5):
        JobRun.objects.all().delete()
        threads = [Thread(target=tick), Thread(target=tick)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(calls) == moment + 1


@pytest.mark.django_db
def test_whoever_is_second_at_the_same_moment_leaves_the_job_alone(timetable, counting, calls):
    def be_first(execute, sql, params, many, context):
        # Another tick writes its row between this one's looking and writing; the table's constraint decides.
        if sql.startswith("INSERT") and not JobRun.objects.exists():
            with connection.cursor() as cursor:
                execute(sql, params, many, {**context, "cursor": cursor})
        return execute(sql, params, many, context)

    with connection.execute_wrapper(be_first):
        assert run_due(NOON, timetable=timetable) == []
    assert calls == []


# --- The program's own --------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_program_finds_the_jobs_of_its_apps():
    run_due(NOON)
    assert {"core-check-data", "core-forget-old-runs"} <= set(TIMETABLE.jobs)
    assert set(JobRun.objects.values_list("slug", flat=True)) == {*TIMETABLE.jobs, jobs.PULSE}


@pytest.mark.django_db
def test_every_job_has_a_name_for_people():
    TIMETABLE.discover()
    assert [job.slug for job in TIMETABLE.jobs.values() if not HAN.search(job.name)] == []


@pytest.mark.django_db
def test_the_clock_leaves_one_pulse_that_moves_on():
    assert jobs.last_pulse() is None
    for minute in range(3):
        run_due(NOON + minute * MINUTE)
    assert jobs.last_pulse() == NOON + 2 * MINUTE
    assert JobRun.objects.filter(slug=jobs.PULSE).count() == 1


@pytest.mark.django_db
def test_a_failure_is_told_to_who_listens_and_a_listener_that_fails_stops_nothing(timetable, calls, caplog):
    @every(minutes=1, title="坏的", timetable=timetable)
    def a_broken(*, at: datetime) -> None:
        raise DomainError("磁盘空间不足。")

    @every(minutes=1, timetable=timetable)
    def b_sound(*, at: datetime) -> None:
        calls.append(at)

    def deaf(outcome: Outcome, *, at: datetime) -> None:
        raise KeyError("nobody")

    told = []
    timetable.listeners += [deaf, lambda outcome, *, at: told.append((outcome.name, outcome.message, at))]
    run_due(NOON, timetable=timetable)
    assert (told, calls) == ([("坏的", "磁盘空间不足。", NOON)], [NOON])
    assert "nobody could be told" in caplog.text


@pytest.mark.django_db
def test_every_run_is_a_line_of_the_log(timetable, counting, caplog):
    with caplog.at_level("INFO"):
        run_due(NOON, timetable=timetable)
    (record,) = [record for record in caplog.records if record.getMessage() == "job"]
    assert (record.job, record.ms >= 0) == (slug_of("count"), True)


@pytest.mark.django_db
def test_old_runs_are_forgotten():
    JobRun.objects.create(slug="a", due_at=NOON - KEPT - MINUTE, started_at=NOON)
    JobRun.objects.create(slug="b", due_at=NOON - KEPT, started_at=NOON)
    assert jobs.forget_old_runs(at=NOON) == "清理任务记录 1 条。"
    assert JobRun.objects.get().slug == "b"


@pytest.mark.django_db
def test_the_nightly_check_says_what_it_found():
    assert jobs.check_data(at=NOON) == "数据完好。"
    for digest in ("a" * 64, "b" * 64):
        Attachment.objects.create(digest=digest, name="照片.jpg", content_type="image/jpeg", size=1, stored_at=NOON)
    assert jobs.check_data(at=NOON).split("\n") == [
        "公共：附件“照片.jpg”（aaaaaaaaaaaa）的文件不见了。",
        "公共：附件“照片.jpg”（bbbbbbbbbbbb）的文件不见了。",
    ]
