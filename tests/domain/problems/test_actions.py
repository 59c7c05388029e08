from datetime import date, timedelta

import pytest

from chuangwei.core import audit, presets
from chuangwei.core.errors import DomainError, NotAllowed
from chuangwei.core.models import AuditEvent, TransitionLog
from chuangwei.domain.organisation.models import Unit
from chuangwei.domain.places.models import Area, Site
from chuangwei.domain.problems import actions, queries
from chuangwei.domain.problems.enums import Permission, Source
from chuangwei.domain.problems.enums import ProblemState as S
from chuangwei.domain.problems.models import Problem
from tests.factories import organisation, places, standards
from tests.factories.problems import MONDAY, problem

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
CHIEF = organisation.chief()


@pytest.fixture
def community() -> Area:
    return places.town()[1][0]


@pytest.fixture
def lane(community: Area) -> Site:
    return places.site("BL-001", in_area=community)


@pytest.fixture
def city_works() -> Unit:
    return organisation.unit("U001")


def dispatched(site: Site, unit: Unit) -> Problem:
    return actions.dispatch_problem(problem=problem(site=site), to=unit, by=CHIEF, at=MONDAY)


def test_report_problem_takes_its_area_from_the_site(lane: Site):
    made = actions.report_problem(
        code="WT-1", source=Source.RESIDENT, category=standards.category(), description="井盖破损", site=lane,
        by=CHIEF, at=MONDAY,
    )  # fmt: skip
    assert (made.state, made.area, made.comes_back_of) == (S.REPORTED, lane.area, None)


def test_report_problem_without_a_place_is_refused():
    with pytest.raises(DomainError, match="须有点位或区划"):
        actions.report_problem(
            code="WT-1", source=Source.RESIDENT, category=standards.category(), description="x", by=CHIEF, at=MONDAY
        )


@pytest.mark.parametrize(("days", "is_comeback"), [(1, True), (30, True), (31, False)])
def test_report_problem_is_tied_to_the_one_it_comes_back_of(lane: Site, days: int, is_comeback: bool):
    closed = problem(site=lane, state=S.CLOSED, fixed_at=MONDAY, closed_at=MONDAY)
    made = actions.report_problem(
        code="WT-2", source=Source.PATROL, category=closed.category, description="又来了", site=lane,
        by=CHIEF, at=MONDAY + timedelta(days=days),
    )  # fmt: skip
    assert made.comes_back_of == (closed if is_comeback else None)


def test_report_problem_comes_back_in_the_window_of_the_preset_of_its_place(lane: Site):
    text = '[preset]\nslug = "a"\ntitle = "甲"\n[areas]\nlevels = ["社区"]\n[ledger]\nrecurrence_days = 5\n'
    document = presets.read_preset(text, "a.toml")
    presets.use_preset(document=document, area_code=lane.area.code, from_on=None, by=CHIEF, at=MONDAY)
    closed = problem(site=lane, state=S.CLOSED, fixed_at=MONDAY, closed_at=MONDAY)
    given = {"source": Source.PATROL, "category": closed.category, "description": "又来了", "site": lane, "by": CHIEF}
    made = [
        actions.report_problem(code=f"WT-{days}", at=MONDAY + timedelta(days=days), **given).comes_back_of
        for days in (5, 6)
    ]
    assert made == [closed, None]


def test_dispatch_problem_starts_the_clock_in_working_hours(lane: Site, city_works: Unit):
    made = dispatched(lane, city_works)
    made.refresh_from_db()
    assert (made.state, made.unit, made.dispatched_at) == (S.DISPATCHED, city_works, MONDAY)
    assert made.due_at == MONDAY + 6 * HOUR  # three hours before noon, one after the break at two


def test_dispatch_problem_to_another_unit_sets_its_own_time(lane: Site, city_works: Unit):
    made = dispatched(lane, city_works)
    actions.return_problem(problem=made, by=CHIEF, at=MONDAY + HOUR, note="不归我们")
    other = organisation.unit()
    actions.dispatch_problem(problem=made, to=other, by=CHIEF, at=MONDAY + 24 * HOUR)
    assert (made.unit, made.due_at) == (other, MONDAY + 30 * HOUR)


def test_dispatch_problem_back_to_the_same_unit_keeps_its_deadline(lane: Site, city_works: Unit):
    made = dispatched(lane, city_works)
    due = made.due_at
    actions.return_problem(problem=made, by=CHIEF, at=MONDAY + HOUR, note="不归我们")
    actions.dispatch_problem(problem=made, to=city_works, by=CHIEF, at=MONDAY + 24 * HOUR)
    assert made.due_at == due


def test_dispatch_problem_whose_time_allowed_is_unknown_is_refused(lane: Site, city_works: Unit):
    unknown = standards.category("W9999", name="待定", allowed_amount=None, allowed_unit="")
    with pytest.raises(DomainError, match="整改时限待核"):
        actions.dispatch_problem(problem=problem(site=lane, category=unknown), to=city_works, by=CHIEF, at=MONDAY)


def test_problem_goes_from_report_to_closed_with_every_step_in_the_log(lane: Site, city_works: Unit):
    made = problem(site=lane, state=S.REPORTED)
    actions.file_problem(problem=made, by=CHIEF, at=MONDAY)
    actions.dispatch_problem(problem=made, to=city_works, by=CHIEF, at=MONDAY)
    actions.report_fixed(problem=made, by=CHIEF, at=MONDAY + HOUR)
    actions.send_back(problem=made, by=CHIEF, at=MONDAY + 2 * HOUR, note="仍有垃圾")
    assert (made.rework_count, made.fixed_at) == (1, None)
    actions.report_fixed(problem=made, by=CHIEF, at=MONDAY + 3 * HOUR)
    actions.close_problem(problem=made, by=CHIEF, at=MONDAY + 4 * HOUR)
    actions.reopen_problem(problem=made, by=CHIEF, at=MONDAY + 5 * HOUR, note="回头看未改")
    made.refresh_from_db()
    assert (made.state, made.closed_at, made.fixed_at) == (S.REOPENED, None, MONDAY + 3 * HOUR)
    assert list(TransitionLog.objects.values_list("move", flat=True)) == [
        "file", "dispatch", "report_fixed", "send_back", "report_fixed", "close", "reopen",
    ]  # fmt: skip
    assert AuditEvent.objects.filter(subject_code=made.code).count() == 7
    assert audit.verify() == []


def test_close_on_the_spot_needs_no_unit_and_no_clock(lane: Site):
    made = actions.close_on_the_spot(problem=problem(site=lane), by=CHIEF, at=MONDAY)
    assert (made.state, made.unit, made.due_at, made.closed_at) == (S.CLOSED, None, None, MONDAY)


def test_resume_problem_adds_the_time_it_rested(lane: Site, city_works: Unit):
    made = dispatched(lane, city_works)
    due = made.due_at
    actions.suspend_problem(problem=made, until=date(2023, 12, 31), by=CHIEF, at=MONDAY + HOUR, note="雨污分流")
    assert (made.state, made.pending_until) == (S.PENDING, date(2023, 12, 31))
    actions.resume_problem(problem=made, by=CHIEF, at=MONDAY + 25 * HOUR)
    assert (made.due_at, made.pending_since) == (due + 24 * HOUR, None)


def test_resume_problem_that_was_late_when_it_was_suspended_stays_late(lane: Site, city_works: Unit):
    made = dispatched(lane, city_works)
    due = made.due_at
    actions.suspend_problem(problem=made, until=date(2023, 12, 31), by=CHIEF, at=due + HOUR, note="雨污分流")
    actions.resume_problem(problem=made, by=CHIEF, at=due + 25 * HOUR)
    assert made.due_at == due


def test_suspend_problem_until_yesterday_is_refused(lane: Site, city_works: Unit):
    with pytest.raises(DomainError, match="不能早于今天"):
        actions.suspend_problem(
            problem=dispatched(lane, city_works), until=date(2023, 9, 3), by=CHIEF, at=MONDAY, note="x"
        )


def test_merge_problem_names_the_one_it_goes_into(lane: Site):
    first, second = problem(site=lane), problem(site=lane)
    actions.merge_problem(problem=second, into=first, by=CHIEF, at=MONDAY, note="同一处")
    assert (second.state, second.merged_into) == (S.MERGED, first)
    for into in (second, first):
        with pytest.raises(DomainError):
            actions.merge_problem(problem=into, into=second, by=CHIEF, at=MONDAY, note="x")


def test_close_problem_by_the_unit_that_put_it_right_or_one_below_is_refused(lane: Site, city_works: Unit):
    below = organisation.unit("U001-1", parent=city_works)
    made = dispatched(lane, city_works)
    actions.report_fixed(problem=made, by=CHIEF, at=MONDAY)
    for own in (city_works, below):
        with pytest.raises(NotAllowed, match="不能是整改单位"):
            actions.close_problem(problem=made, by=organisation.chief(unit_codes=(own.code,)), at=MONDAY)
    other = organisation.chief(unit_codes=(organisation.unit().code,))
    assert actions.close_problem(problem=made, by=other, at=MONDAY).state == S.CLOSED


VERBS = {
    Permission.REPORT: lambda p, _, by: actions.report_problem(
        code="N", source=Source.PATROL, category=p.category, description="x", site=p.site, by=by, at=MONDAY
    ),
    Permission.FILE: lambda p, _, by: actions.file_problem(problem=p, by=by, at=MONDAY),
    Permission.DISPATCH: lambda p, u, by: actions.dispatch_problem(problem=p, to=u, by=by, at=MONDAY),
    Permission.FIX: lambda p, _, by: actions.report_fixed(problem=p, by=by, at=MONDAY),
    Permission.VERIFY: lambda p, _, by: actions.close_problem(problem=p, by=by, at=MONDAY),
    Permission.APPROVE: lambda p, _, by: actions.suspend_problem(
        problem=p, until=date(2023, 12, 31), by=by, at=MONDAY, note="x"
    ),
}
BEFORE = {
    Permission.REPORT: S.FILED, Permission.FILE: S.REPORTED, Permission.DISPATCH: S.FILED, Permission.FIX: S.DISPATCHED,
    Permission.VERIFY: S.FIXED, Permission.APPROVE: S.DISPATCHED,
}  # fmt: skip


def ready(permission: Permission, site: Site, unit: Unit) -> Problem:
    values = {} if BEFORE[permission] in (S.REPORTED, S.FILED) else {"unit": unit, "due_at": MONDAY}
    if BEFORE[permission] == S.FIXED:
        values["fixed_at"] = MONDAY
    return problem(site=site, state=BEFORE[permission], **values)


@pytest.mark.parametrize("permission", list(VERBS))
def test_verb_is_done_by_who_may_in_the_area(permission: Permission, lane: Site, city_works: Unit):
    by = organisation.clerk(permission, area_paths=(lane.area.path,))
    assert VERBS[permission](ready(permission, lane, city_works), city_works, by)


@pytest.mark.parametrize("permission", list(VERBS))
def test_verb_is_refused_to_a_stranger_and_outside_the_area(permission: Permission, lane: Site, city_works: Unit):
    made = ready(permission, lane, city_works)
    for by in (organisation.stranger(), organisation.clerk(permission, area_paths=("elsewhere/",))):
        with pytest.raises(NotAllowed):
            VERBS[permission](made, city_works, by)


def test_report_fixed_is_the_responsible_units_right_wherever_it_sits(lane: Site, city_works: Unit):
    by = organisation.clerk(Permission.FIX, area_paths=(), unit_codes=(city_works.code,))
    assert actions.report_fixed(problem=dispatched(lane, city_works), by=by, at=MONDAY).state == S.FIXED


def test_problems_are_seen_in_the_area_and_by_the_responsible_unit_only(lane: Site, city_works: Unit):
    made = dispatched(lane, city_works)
    view = Permission.VIEW
    assert list(queries.problems(actor=organisation.clerk(view))) == [made]
    assert list(queries.problems(actor=organisation.clerk(view, area_paths=(lane.area.path,)))) == [made]
    assert list(queries.problems(actor=organisation.clerk(view, area_paths=(), unit_codes=(city_works.code,)))) == [
        made
    ]
    assert not queries.problems(actor=organisation.clerk(view, area_paths=("x/",)))
    assert not queries.problems(actor=organisation.stranger())


def test_overdue_problems_are_dispatched_or_returned_and_past_the_deadline(lane: Site, city_works: Unit):
    late = dispatched(lane, city_works)
    problem(site=lane, state=S.FIXED, unit=city_works, due_at=MONDAY, fixed_at=MONDAY)
    assert list(queries.overdue_problems(actor=CHIEF, at=late.due_at)) == []
    assert list(queries.overdue_problems(actor=CHIEF, at=late.due_at + HOUR)) == [late]
    assert queries.counts_by_state(actor=CHIEF) == {S.DISPATCHED: 1, S.FIXED: 1}
