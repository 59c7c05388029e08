"""Private phones: who reads one says why, and it stands in the chain; who may not, learns nothing."""

import json
from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from chuangwei.core import audit
from chuangwei.core.errors import DomainError, NotAllowed
from chuangwei.core.models import AuditEvent, Notice
from chuangwei.core.secrets import BlindIndexField
from chuangwei.domain.organisation import actions
from chuangwei.domain.organisation.enums import Permission
from chuangwei.domain.organisation.models import Person
from chuangwei.domain.organisation.queries import holders_of
from tests.factories import organisation, places
from tests.factories.problems import MONDAY

pytestmark = pytest.mark.django_db
CLERK = organisation.clerk(Permission.VIEW, Permission.REVEAL)
REASON = "联系整改或核查"


@pytest.fixture
def person() -> Person:
    return organisation.person("P1", name="张三", phone="138 0000-1234")


def read(person: Person, **values: object) -> str:
    return actions.reveal_phone(person=person, **{"reason": REASON, "by": CLERK, "at": MONDAY, **values})  # type: ignore[arg-type]


def look_up(phone: str, **values: object) -> list[str]:
    found = actions.persons_by_phone(phone=phone, **{"reason": REASON, "by": CLERK, "at": MONDAY, **values})  # type: ignore[arg-type]
    return [person.code for person in found]


def test_a_phone_is_read_with_a_reason_that_is_kept(person):
    assert read(person, address="10.0.0.7") == "138 0000-1234"
    entry = AuditEvent.objects.get()
    assert (entry.verb, entry.subject_kind, entry.subject_code) == ("查阅手机号", "organisation.person", "P1")
    assert (entry.actor_code, entry.note, json.loads(entry.details)) == ("clerk", REASON, {"address": "10.0.0.7"})
    assert audit.verify() == []


@pytest.mark.parametrize(
    ("reason", "told"),
    [("", "请写明理由，至少 4 个字。"), ("看看", "请写明理由，至少 4 个字。"), ("    看看  ", "至少 4 个字"), ("看" * 201, "200 个字以内")],
)  # fmt: skip
def test_without_a_reason_nothing_is_read(person, reason, told):
    for step in (lambda: read(person, reason=reason), lambda: look_up("13800001234", reason=reason)):
        with pytest.raises(DomainError, match=told):
            step()
    assert not AuditEvent.objects.exists()


def test_who_may_not_read_does_not(person):
    county = places.area("62", kind="县")
    own, other = places.area("6201", parent=county), places.area("6202", parent=county)
    person.memberships.create(unit=organisation.unit(area=other))
    for by in (
        organisation.stranger(),
        organisation.clerk(Permission.VIEW),
        organisation.clerk(Permission.REVEAL),
        organisation.clerk(Permission.VIEW, Permission.REVEAL, area_paths=(own.path,)),
    ):
        with pytest.raises(NotAllowed):
            read(person, by=by)
    assert read(person, by=organisation.clerk(Permission.VIEW, Permission.REVEAL, area_paths=(other.path,)))
    assert AuditEvent.objects.count() == 1


def test_nothing_to_read_is_told_and_is_no_reading(person):
    with pytest.raises(DomainError, match="没有登记手机号"):
        read(organisation.person("P2"))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE organisation_person SET phone = '9:AAAA'")
    with pytest.raises(DomainError, match="张三的手机号无法解密：缺少密钥 9。请联系系统管理员。"):
        read(Person.objects.get(code="P1"))
    assert not AuditEvent.objects.exists()


# --- Looked for by number ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    ["13800001234", "138 0000 1234", "138-0000-1234", "+86 13800001234", "8613800001234", "0086 138 0000 1234",
     "013800001234", "１３８００００１２３４", " 13800001234 "],
)  # fmt: skip
@pytest.mark.usefixtures("person")
def test_a_number_is_found_however_it_is_written(written):
    organisation.person("P2", phone="13800001235")
    assert look_up(written) == ["P1"]


def test_persons_with_the_same_number_are_all_found(person):
    organisation.person("P2", phone="+8613800001234")
    assert look_up("13800001234") == ["P1", "P2"]
    entries = AuditEvent.objects.order_by("seq")
    assert [entry.subject_code for entry in entries] == ["P1", "P2"]
    assert {entry.verb for entry in entries} == {"按号码查人"}
    assert not any("1380000" in entry.details for entry in entries)


def test_a_search_that_finds_nobody_is_a_reading_too(person):
    assert look_up("13900001234") == []
    entry = AuditEvent.objects.get()
    assert (entry.subject_code, json.loads(entry.details)) == ("没有找到", {"masked": "139****1234"})


def test_a_search_answers_only_with_persons_in_sight(person):
    own = places.area("6201")
    person.memberships.create(unit=organisation.unit(area=places.area("6202")))
    assert (
        look_up("13800001234", by=organisation.clerk(Permission.VIEW, Permission.REVEAL, area_paths=(own.path,))) == []
    )
    for by in (organisation.stranger(), organisation.clerk(Permission.VIEW), organisation.clerk(Permission.REVEAL)):
        with pytest.raises(NotAllowed):
            look_up("13800001234", by=by)


@pytest.mark.parametrize("phone", ["", "138", "abc", "1234 56"])
def test_a_piece_of_a_number_is_not_looked_for(phone):
    with pytest.raises(DomainError, match="请填写完整的号码"):
        look_up(phone)


def test_the_index_follows_the_number(person):
    field = Person._meta.get_field("phone_index")
    assert isinstance(field, BlindIndexField)
    assert person.phone_index == field.index_of("13800001234")
    assert "13800001234" not in person.phone_index
    person.phone = ""
    person.save()
    assert Person.objects.get().phone_index == ""
    assert look_up("13800001234") == []


def test_an_old_database_is_given_its_indexes(person):
    fill = import_module("chuangwei.domain.organisation.migrations.0003_fill_phone_index").fill

    organisation.person("P2")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE organisation_person SET phone_index = ''")
    fill(apps, SimpleNamespace(connection=connection))
    assert look_up("13800001234") == ["P1"]
    assert Person.objects.get(code="P2").phone_index == ""


def test_an_old_database_without_numbers_asks_for_no_key(settings, tmp_path):
    settings.CHUANGWEI_HOME = tmp_path
    organisation.person("P2")
    import_module("chuangwei.domain.organisation.migrations.0003_fill_phone_index").fill(
        apps, SimpleNamespace(connection=connection)
    )
    assert list(tmp_path.iterdir()) == []


# --- Too often --------------------------------------------------------------------------------------------------------


def auditor(username: str = "shenji") -> None:
    organisation.account(username, roles=["audit-administrator"])


def test_who_reads_often_is_noticed(person, settings, frozen_clock):
    settings.CHUANGWEI_READINGS_AN_HOUR = 3
    auditor()
    organisation.account("office", roles=["office"])
    frozen_clock(MONDAY)
    for _ in range(2):
        read(person)
    frozen_clock(MONDAY + timedelta(minutes=61))
    for minute in range(2):
        read(person, at=MONDAY + timedelta(minutes=61 + minute))
    assert not Notice.objects.exists()
    look_up("13800001234", at=MONDAY + timedelta(minutes=63))
    notice = Notice.objects.get()
    assert (notice.recipient_code, notice.title) == ("shenji", "小李一小时内查阅了 3 次个人信息")
    assert (notice.subject_kind, notice.subject_code) == ("organisation.account", "clerk")


def test_a_look_up_that_finds_several_cannot_jump_over_the_limit(person, settings, frozen_clock):
    settings.CHUANGWEI_READINGS_AN_HOUR = 3
    auditor()
    frozen_clock(MONDAY)
    for code in ("P2", "P3"):
        organisation.person(code, phone="13800001234")
    read(person)
    assert len(look_up("13800001234")) == 3
    assert Notice.objects.get().title == "小李一小时内查阅了 4 次个人信息"
    read(person)
    assert Notice.objects.count() == 1


def test_readings_are_told_of_only_where_the_operator_wants_it(person, settings):
    settings.CHUANGWEI_READINGS_AN_HOUR = 0
    auditor()
    read(person)
    assert not Notice.objects.exists()


def test_holders_of_a_permission_are_found_by_their_roles():
    auditor("b")
    auditor("a")
    organisation.account("off", roles=["audit-administrator"], is_active=False)
    organisation.account("clerk", roles=["office"])
    assert holders_of(Permission.AUDIT) == ["a", "b"]


def test_an_auditor_of_one_area_is_told_nothing_of_all_the_others():
    own = {"area": places.area("6201"), "is_everywhere": False}
    organisation.account("narrow", roles=["audit-administrator", "leader"], **own)
    assert holders_of(Permission.AUDIT) == []
    assert holders_of(Permission.VIEW) == ["narrow"]


# --- Export -----------------------------------------------------------------------------------------------------------


def test_an_export_of_numbers_needs_its_own_permission_and_is_told(person):
    auditor()
    may = organisation.clerk(Permission.EXPORT, Permission.EXPORT_PERSONAL)
    assert actions.record_phone_export(count=7, reason=" 换届核对 ", by=may, at=MONDAY) == "换届核对"
    entry = AuditEvent.objects.get()
    assert (entry.verb, entry.subject_code, entry.note) == ("导出手机号", "全部人员", "换届核对")
    assert json.loads(entry.details) == {"count": 7}
    assert Notice.objects.get().title == "小李导出了 7 个完整手机号"
    with pytest.raises(DomainError, match="至少 4 个字"):
        actions.record_phone_export(count=7, reason="看", by=may, at=MONDAY)
    for by in (
        organisation.clerk(Permission.EXPORT, Permission.REVEAL),
        organisation.clerk(Permission.EXPORT_PERSONAL),
        organisation.stranger(),
    ):
        with pytest.raises(NotAllowed):
            actions.record_phone_export(count=7, reason="换届核对", by=by, at=MONDAY)
