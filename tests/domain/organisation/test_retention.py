"""Who left long enough ago loses the number, nobody else does, and the chain says so."""

from datetime import date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from chuangwei.core import audit, clock, presets, retention
from chuangwei.core.errors import NotAllowed
from chuangwei.core.models import AuditEvent
from chuangwei.core.secrets import keyed_digest
from chuangwei.domain.organisation import actions
from chuangwei.domain.organisation.enums import Permission
from chuangwei.domain.organisation.models import Person, Unit
from tests.factories import organisation, places

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)
LONG_AGO, JUST_SO, JUST_NOT = date(2024, 1, 1), date(2024, 11, 21), date(2024, 11, 22)
RULE = "phones-of-those-who-left"


@pytest.fixture(autouse=True)
def _today(frozen_clock):
    frozen_clock(noon())


def noon() -> datetime:
    return clock.instant(TODAY) + timedelta(hours=12)


def left(code: str, to_on: date | None, *, unit: Unit | None = None, **values: object) -> Person:
    made = organisation.person(code, **{"phone": f"1380000{code[1:]:0>4}", **values})
    made.memberships.create(unit=unit or organisation.unit(), to_on=to_on)
    return made


def due() -> list[str]:
    rule = next(rule for rule in retention.RULES.all() if rule.slug == RULE)
    return [one.code for one in rule.find(noon())]


@pytest.mark.parametrize(("to_on", "is_due"), [(LONG_AGO, True), (JUST_SO, True), (JUST_NOT, False), (None, False)])
def test_two_years_after_leaving_the_number_goes(to_on, is_due):
    left("P1", to_on)
    assert due() == (["P1"] if is_due else [])


def test_whoever_still_has_a_part_in_the_work_keeps_the_number():
    lane = places.site(in_area=places.area("62"))
    other = organisation.unit()
    left("P1", LONG_AGO).memberships.create(unit=other, is_main=False)
    organisation.duty(left("P2", LONG_AGO), "巷长", lane)
    organisation.duty(left("P3", LONG_AGO), "巷长", lane, ends_on=JUST_NOT)
    organisation.duty(left("P4", LONG_AGO), "巷长", lane, starts_on=TODAY + timedelta(days=9))
    organisation.account("p5", person=left("P5", LONG_AGO))
    left("P6", LONG_AGO, phone="")
    organisation.person("P7", phone="13800000007")
    organisation.duty(left("P8", LONG_AGO), "巷长", lane, ends_on=JUST_SO)
    organisation.account("p9", person=left("P9", LONG_AGO), is_active=False)
    assert due() == ["P8", "P9"]


def test_a_preset_says_how_long_by_where_the_person_served():
    text = '[preset]\nslug = "{}"\ntitle = "x"\n[retention]\nphone_months = {}\n'
    county = places.area("62", kind="县")
    near, far = places.area("6201", parent=county), places.area("6202", parent=county)
    for area, months in (("", 12), (far.code, 36)):
        document = presets.read_preset(text.format(f"p{months}", months), "p")
        presets.use_preset(document=document, area_code=area, from_on=None, by=organisation.chief(), at=noon())
    left("P1", date(2025, 11, 21), unit=organisation.unit(area=near))
    left("P2", date(2025, 11, 21), unit=organisation.unit(area=far))
    left("P3", date(2023, 11, 21), unit=organisation.unit(area=far))
    left("P4", date(2025, 11, 22))
    assert due() == ["P1", "P3"]


def test_what_is_due_goes_and_leaves_a_tombstone_without_the_number():
    left("P1", LONG_AGO, public_phone="0939-8212345", public_phone_consent_on=LONG_AGO)
    left("P2", JUST_NOT)
    assert retention.forget_due(at=noon()) == 1
    gone, kept = Person.objects.order_by("code")
    assert (gone.phone, gone.phone_index, gone.public_phone, gone.public_phone_consent_on) == ("", "", "", None)
    assert (kept.phone, bool(kept.phone_index)) == ("13800000002", True)
    stone = AuditEvent.objects.get()
    assert (stone.verb, stone.subject_kind, stone.subject_code) == ("到期清除", "organisation.person", "P1")
    assert keyed_digest("13800000001\t09398212345") in stone.details
    assert "1380000" not in stone.details + stone.note
    assert "8212345" not in stone.details + stone.note
    assert audit.verify() == []
    assert retention.forget_due(at=noon()) == 0


def test_only_the_program_forgets():
    left("P1", LONG_AGO)
    with pytest.raises(NotAllowed):
        actions.forget_phones(due=[], by=organisation.clerk(Permission.EDIT, Permission.REVEAL), at=noon())


def said_by(*words: str) -> str:
    out = StringIO()
    call_command("retention", *words, stdout=out)
    return out.getvalue()


def test_the_command_shows_first_and_then_clears():
    left("P1", LONG_AGO)
    left("P2", JUST_NOT)
    shown = said_by("--dry-run")
    assert "到期 1 项。\n  P1 手机号、公开电话（2024-01-01 起已满 24 个月）\n" in shown
    assert shown.endswith("没有清除任何内容。\n")
    assert Person.objects.get(code="P1").phone
    assert said_by().endswith("已清除 1 项，审计链中各有一条记录。\n")
    assert not Person.objects.get(code="P1").phone
    assert AuditEvent.objects.get().actor_code == "system"


def test_the_command_does_not_list_without_end(monkeypatch):
    monkeypatch.setattr("chuangwei.core.management.commands.retention.SHOWN", 1)
    for number in range(3):
        left(f"P{number}", LONG_AGO)
    assert "  … 另有 2 项\n" in said_by("--dry-run")


def test_every_night_what_is_due_goes():
    from chuangwei.core.jobs import forget_what_is_due

    left("P1", LONG_AGO)
    assert forget_what_is_due(at=noon()) == "到期清除 1 项。"
