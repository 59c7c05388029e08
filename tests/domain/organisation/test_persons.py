from datetime import date, datetime, timedelta

import pytest

from chuangwei.core import clock
from chuangwei.core.errors import DomainError, NotAllowed
from chuangwei.core.models import AuditEvent, TransitionLog
from chuangwei.domain.organisation import actions, permissions, queries
from chuangwei.domain.organisation.enums import Permission
from chuangwei.domain.organisation.models import Membership, Person
from tests.factories import organisation, places

pytestmark = pytest.mark.django_db
AT = datetime(2023, 10, 15, 9, 0, tzinfo=clock.SHANGHAI)
DAY = date(2023, 10, 15)
KEEPER = organisation.clerk(Permission.EDIT)


def create(**values):
    return actions.create_person(**{"code": "P9", "name": "李四", "by": KEEPER, "at": AT, **values})


def edit(person, **values):
    given = {"person": person, "name": person.name, "title": person.title, "by": KEEPER, "at": AT, **values}
    return actions.edit_person(**given)


@pytest.fixture
def office():
    return organisation.unit("U-1", kind="办公室")


# --- A person comes ----------------------------------------------------------------------------------------------------


def test_create_person_with_a_main_unit(office):
    made = create(code=" P 9", title=" 干事 ", phone="138 0000 1234", unit=office, from_on=DAY)
    found = Person.objects.get(code="P9")
    served = Membership.objects.get(person=found)
    assert (found.name, found.title, found.phone) == ("李四", "干事", "138 0000 1234")
    assert (served.unit, served.is_main, served.from_on, served.to_on) == (office, True, DAY, None)
    entry = AuditEvent.objects.latest("seq")
    assert (entry.verb, entry.subject_code) == ("登记人员", made.code)
    assert "1234" not in entry.details


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"code": ""}, "请填写编码"),
        ({"code": "system"}, "程序自己用的"),
        ({"code": "P1"}, "已经用过"),
        ({"code": "U-1"}, "已经用过"),
        ({"name": " "}, "请填写姓名"),
        ({"phone": "138****1234"}, "打了码"),
    ],
)
def test_create_person_is_refused(office, values, sentence):
    organisation.person("P1")
    with pytest.raises(DomainError, match=sentence):
        create(**values)
    assert Person.objects.count() == 1


@pytest.mark.parametrize("by", [organisation.clerk(), organisation.clerk(Permission.EDIT, area_paths=("g1/",))])
def test_who_may_not_changes_no_person(office, by):
    person = organisation.person(of=office)
    doings = [
        lambda: create(by=by),
        lambda: create(unit=office, by=by),
        lambda: edit(person, name="别名", by=by),
        lambda: actions.begin_membership(person=person, unit=office, from_on=DAY, by=by, at=AT),
        lambda: actions.end_membership(membership=person.memberships.get(), to_on=DAY, by=by, at=AT),
    ]
    for doing in doings:
        with pytest.raises(NotAllowed):
            doing()
    assert AuditEvent.objects.count() == 0


def test_a_keeper_of_an_area_keeps_the_persons_of_its_units_alone():
    grid = places.area("g1", kind="网格")
    own = organisation.person(of=organisation.unit(area=grid))
    keeper = organisation.clerk(Permission.EDIT, area_paths=(grid.path,))
    assert permissions.may_edit_person(keeper, own)
    Membership.objects.create(person=own, unit=organisation.unit(), is_main=False)
    assert not permissions.may_edit_person(keeper, own)
    assert not permissions.may_edit_person(keeper, organisation.person())


# --- is corrected ------------------------------------------------------------------------------------------------------


def test_edit_person_masks_the_phone_in_the_history():
    person = organisation.person(name="张三", phone="13800001111")
    edit(person, name="张三丰", phone="13900002222", public_phone="0939-8212345", public_phone_consent_on=DAY)
    person.refresh_from_db()
    assert (person.name, person.phone, person.public_phone) == ("张三丰", "13900002222", "0939-8212345")
    moves = {row.move_name: (row.source, row.target) for row in TransitionLog.objects.all()}
    assert moves["变更手机"] == ("138****1111", "139****2222")
    assert set(moves) == {"变更姓名", "变更手机", "变更公开电话", "变更同意公开日期"}


def test_edit_person_without_a_phone_leaves_the_one_there_is():
    person = organisation.person(phone="13800001111")
    edit(person, title="网格员")
    person.refresh_from_db()
    assert (person.phone, person.title) == ("13800001111", "网格员")


def test_edit_person_to_what_it_is_records_nothing():
    edit(organisation.person())
    assert AuditEvent.objects.count() == 0


@pytest.mark.parametrize(
    ("values", "sentence"),
    [({"name": ""}, "请填写姓名"), ({"phone": "138****1"}, "打了码"), ({"public_phone": "123"}, "同意")],
)
def test_edit_person_is_refused(values, sentence):
    with pytest.raises(DomainError, match=sentence):
        edit(organisation.person(), **values)


def test_a_public_phone_that_goes_takes_its_consent_with_it():
    person = organisation.person(public_phone="123", public_phone_consent_on=DAY)
    edit(person, public_phone="", public_phone_consent_on=DAY)
    person.refresh_from_db()
    assert (person.public_phone, person.public_phone_consent_on) == ("", None)


# --- serves ------------------------------------------------------------------------------------------------------------


def test_a_new_main_unit_ends_the_old_membership_the_day_before(office):
    person = organisation.person(of=organisation.unit("U-2"))
    actions.begin_membership(person=person, unit=office, from_on=DAY, by=KEEPER, at=AT)
    served = list(person.memberships.order_by("pk").values_list("unit__code", "is_main", "from_on", "to_on"))
    assert served == [("U-2", True, None, DAY - timedelta(days=1)), ("U-1", True, DAY, None)]
    assert queries.main_units([person.pk], DAY) == {person.pk: office}


def test_a_second_unit_beside_the_main_one_ends_nothing(office):
    person = organisation.person(of=organisation.unit("U-2"))
    actions.begin_membership(person=person, unit=office, from_on=DAY, is_main=False, by=KEEPER, at=AT)
    assert person.memberships.filter(to_on__isnull=True).count() == 2
    with pytest.raises(DomainError, match="已在"):
        actions.begin_membership(person=person, unit=office, from_on=DAY, by=KEEPER, at=AT)


def test_end_membership_once_and_not_before_it_began(office):
    person = organisation.person()
    held = actions.begin_membership(person=person, unit=office, from_on=DAY, by=KEEPER, at=AT)
    with pytest.raises(DomainError, match="不能早于这一天结束"):
        actions.end_membership(membership=held, to_on=DAY - timedelta(days=1), by=KEEPER, at=AT)
    actions.end_membership(membership=held, to_on=DAY, by=KEEPER, at=AT)
    assert Membership.objects.get().to_on == DAY
    with pytest.raises(DomainError, match="已于 2023-10-15 结束"):
        actions.end_membership(membership=held, to_on=DAY, by=KEEPER, at=AT)


def test_nobody_begins_or_ends_a_membership_of_her_own(office):
    person = organisation.person("P1", of=organisation.unit("U-2"))
    own = organisation.clerk(Permission.EDIT, person_code="P1")
    held = person.memberships.get()
    for refused in (
        lambda: actions.begin_membership(person=person, unit=office, from_on=DAY, by=own, at=AT),
        lambda: actions.end_membership(membership=held, to_on=DAY, by=own, at=AT),
    ):
        with pytest.raises(DomainError, match="自己的任职和责任须由另一人登记。"):
            refused()
    assert Membership.objects.get().to_on is None
    program = organisation.chief(person_code="P1")
    actions.begin_membership(person=person, unit=office, from_on=DAY, is_main=False, by=program, at=AT)
    other = organisation.clerk(Permission.EDIT, person_code="P2")
    actions.end_membership(membership=held, to_on=DAY, by=other, at=AT)


# --- and hands a duty over ---------------------------------------------------------------------------------------------


@pytest.fixture
def duty():
    return organisation.duty(organisation.person("P1"), "网格员", places.area("g1", kind="网格"), hours="08:00-12:00")


def hand_over(duty, holder, **values):
    return actions.hand_over_duty(**{"duty": duty, "holder": holder, "from_on": DAY, "by": KEEPER, "at": AT, **values})


def test_hand_over_ends_one_duty_and_begins_the_next_alike(duty):
    heir = organisation.person("P2")
    new = hand_over(duty, heir)
    duty.refresh_from_db()
    assert (duty.ends_on, new.starts_on, new.ends_on) == (DAY - timedelta(days=1), DAY, None)
    assert (new.person, new.role, new.area, new.hours) == (heir, duty.role, duty.area, duty.hours)
    assert [entry.verb for entry in AuditEvent.objects.order_by("seq")] == ["结束责任", "开始责任"]


def test_hand_over_is_refused(duty):
    heir = organisation.person("P2")
    for holder, values, sentence in [
        (duty.person, {}, "就是现在的责任人"),
        (heir, {"from_on": duty.starts_on}, "须在开始日期"),
    ]:
        with pytest.raises(DomainError, match=sentence):
            hand_over(duty, holder, **values)
    duty.ends_on = DAY - timedelta(days=1)
    duty.save()
    with pytest.raises(DomainError, match="不能交接"):
        hand_over(duty, heir)
    with pytest.raises(NotAllowed):
        hand_over(duty, heir, by=organisation.stranger())


def test_nobody_begins_ends_or_takes_over_a_duty_of_her_own(duty):
    heir = organisation.person("P2")
    for code, refusals in {
        "P1": [
            lambda by: actions.begin_duty(
                holder=duty.person, role="路长", place=duty.area, starts_on=DAY, by=by, at=AT
            ),
            lambda by: actions.end_duty(duty=duty, ends_on=DAY, by=by, at=AT),
            lambda by: hand_over(duty, heir, by=by),
        ],
        "P2": [lambda by: hand_over(duty, heir, by=by)],
    }.items():
        for refused in refusals:
            with pytest.raises(DomainError, match="自己的任职和责任须由另一人登记。"):
                refused(organisation.clerk(Permission.EDIT, person_code=code))
    assert AuditEvent.objects.count() == 0
    new = hand_over(duty, heir, by=organisation.clerk(Permission.EDIT, person_code="P3"))
    actions.end_duty(duty=new, ends_on=DAY, by=organisation.chief(person_code="P2"), at=AT)
