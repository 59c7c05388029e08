"""A site that is closed takes its duties with it."""

from datetime import date, timedelta

import pytest

from chuangwei.core.errors import DomainError, NotAllowed
from chuangwei.core.models import AuditEvent
from chuangwei.core.rows import Rows
from chuangwei.domain.organisation import actions
from chuangwei.domain.organisation.models import Duty
from tests.factories import organisation, places
from tests.factories.imported import rows, said
from tests.factories.problems import MONDAY

pytestmark = pytest.mark.django_db
DAY = date(2023, 9, 4)
KEEPER = organisation.clerk("places.edit")


@pytest.fixture
def lane():
    return places.site("L-1", in_area=places.area("6201"))


def close(lane, *, by=KEEPER, ends_on=DAY):
    return actions.close_site(site=lane, ends_on=ends_on, by=by, at=MONDAY, note="拆迁")


def test_every_duty_for_it_ends_the_same_day(lane):
    person, before = organisation.person("P"), DAY - timedelta(days=9)
    for role, ends_on in (("巷长", None), ("保洁员", DAY + timedelta(days=9)), ("网格员", before), ("物业", DAY)):
        organisation.duty(person, role, lane, ends_on=ends_on)
    organisation.duty(person, "巷长", places.site("L-2", in_area=lane.area))
    assert close(lane).ends_on == DAY
    held = Duty.objects.filter(site=lane).values_list("role", "ends_on")
    assert dict(held) == {"巷长": DAY, "保洁员": DAY, "网格员": before, "物业": DAY}
    assert Duty.objects.get(site__code="L-2").ends_on is None
    verbs = sorted(AuditEvent.objects.values_list("verb", flat=True))
    assert verbs == ["撤销点位", "结束责任", "结束责任"]


def test_ones_own_duty_ends_too(lane):
    organisation.duty(organisation.person("P"), "巷长", lane)
    close(lane, by=organisation.clerk("places.edit", person_code="P"))
    assert Duty.objects.get().ends_on == DAY


def test_a_duty_that_begins_later_is_named_and_nothing_is_closed(lane):
    organisation.duty(organisation.person("P", name="张三"), "巷长", lane, starts_on=DAY + timedelta(days=3))
    with pytest.raises(DomainError, match="张三从 2023-09-07 起在这里任巷长，撤销日期不能早于这一天"):
        close(lane)
    lane.refresh_from_db()
    assert lane.ends_on is None
    assert close(lane, ends_on=DAY + timedelta(days=3)).ends_on == Duty.objects.get().ends_on


def test_who_may_not_close_a_site_ends_nothing(lane):
    organisation.duty(organisation.person("P"), "巷长", lane)
    for by in (organisation.stranger(), organisation.clerk("organisation.edit")):
        with pytest.raises(NotAllowed):
            close(lane, by=by)
    assert Duty.objects.get().ends_on is None


# --- Once it is gone --------------------------------------------------------------------------------------------------


def begun(place, starts_on, ends_on):
    holder = organisation.person("P-new")
    by = organisation.clerk("organisation.edit")
    actions.begin_duty(
        holder=holder, role="保洁员", place=place, starts_on=starts_on, ends_on=ends_on, by=by, at=MONDAY
    )  # fmt: skip


def taken_in(place, starts_on, ends_on):
    organisation.person("P-new")
    found = rows("holder role place starts_on ends_on hours", ("P-new", "保洁员", place.code, starts_on, ends_on, ""))
    by = organisation.clerk("organisation.edit")
    taking = actions.import_organisation(units=Rows(), persons=Rows(), duties=found, by=by, at=MONDAY)
    if taking.is_faulty:
        [(_, field, message)] = said(taking, "duties")
        assert field == "ends_on"
        raise DomainError(message)


BEFORE, AFTER = DAY - timedelta(days=9), DAY + timedelta(days=1)
LATER = DAY + timedelta(days=9)


@pytest.mark.parametrize("way", [begun, taken_in])
@pytest.mark.parametrize("of_area", [False, True], ids=["site", "area"])
@pytest.mark.parametrize(
    ("starts_on", "ends_on", "is_allowed"),
    [(BEFORE, DAY, True), (DAY, DAY, True), (BEFORE, None, False), (BEFORE, AFTER, False), (AFTER, LATER, False)],
)
def test_no_duty_goes_on_after_the_last_day_of_its_place(lane, way, starts_on, ends_on, *, of_area, is_allowed):
    close(lane)
    place = places.area("6202", ends_on=DAY) if of_area else lane
    if is_allowed:
        way(place, starts_on, ends_on)
        assert Duty.objects.get().ends_on == ends_on
        return
    with pytest.raises(DomainError, match=f"『{place.name}』已于 2023-09-04 撤销，责任须在这一天或以前结束"):
        way(place, starts_on, ends_on)
    assert not Duty.objects.exists()


def end(duty, ends_on):
    by = organisation.clerk("organisation.edit")
    return actions.end_duty(duty=duty, ends_on=ends_on, by=by, at=MONDAY).ends_on


def longer_by_import(duty, ends_on):
    place = duty.site.code
    found = rows("holder role place starts_on ends_on hours", ("P", "巷长", place, duty.starts_on, ends_on, ""))
    by = organisation.clerk("organisation.edit")
    return actions.import_organisation(units=Rows(), persons=Rows(), duties=found, by=by, at=MONDAY)


def test_no_duty_is_made_longer_than_its_place_lasted(lane):
    duty = organisation.duty(organisation.person("P"), "巷长", lane)
    close(lane)
    duty.refresh_from_db()
    with pytest.raises(DomainError, match="已于 2023-09-04 撤销"):
        end(duty, AFTER)
    for ends_on in (AFTER, None):
        assert [field for _, field, _ in said(longer_by_import(duty, ends_on), "duties")] == ["ends_on"]
    assert Duty.objects.get().ends_on == DAY
    assert end(duty, BEFORE) == BEFORE


def test_what_was_there_already_is_not_judged_and_can_be_put_right(lane):
    close(lane)
    duty = organisation.duty(organisation.person("P"), "巷长", lane, starts_on=AFTER)
    assert not longer_by_import(duty, None).is_faulty, "the file changes nothing"
    with pytest.raises(DomainError, match="已于 2023-09-04 撤销"):
        end(duty, LATER)
    assert end(duty, AFTER) == AFTER
