from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chuangwei.core import audit, audit_list, clock
from chuangwei.core.actor import system_actor
from chuangwei.core.audit_list import Sealed
from chuangwei.core.models import AuditEvent
from chuangwei.core.writes import action

pytestmark = pytest.mark.django_db
SYSTEM = system_actor("root")
MONDAY = date(2026, 11, 16)
MIDNIGHT = clock.instant(MONDAY)
MINUTE = timedelta(minutes=1)


@action
def deed(code: str, at: datetime, verb: str = "登记", kind: str = "test.thing") -> None:
    with clock.frozen(at):
        audit.record(verb=verb, subject_kind=kind, subject_code=code, by=SYSTEM, at=at)


def codes(condition) -> list[str]:
    return list(AuditEvent.objects.filter(condition).order_by("seq").values_list("subject_code", flat=True))


@pytest.fixture
def night() -> None:
    """Around two midnights, with one entry recorded before the first and chained after others of the new day."""
    for code, at in [
        ("long before", MIDNIGHT - timedelta(days=9)),
        ("before", MIDNIGHT - MINUTE),
        ("first", MIDNIGHT),
        ("second", MIDNIGHT + MINUTE),
        ("ran over", MIDNIGHT - 20 * MINUTE),
        ("noon", MIDNIGHT + timedelta(hours=12)),
        ("last", MIDNIGHT + timedelta(hours=24) - MINUTE),
        ("tuesday", MIDNIGHT + timedelta(hours=24)),
        ("ran over again", MIDNIGHT + timedelta(hours=24) - 20 * MINUTE),
        ("wednesday", MIDNIGHT + timedelta(hours=49)),
    ]:
        deed(code, at)


@pytest.mark.usefixtures("night")
def test_a_day_is_what_was_recorded_in_it_wherever_it_was_chained():
    day = audit_list.since(MONDAY) & audit_list.until(MONDAY)
    assert codes(day) == ["first", "second", "noon", "last", "ran over again"]
    sunday = MONDAY - timedelta(days=1)
    assert codes(audit_list.since(sunday) & audit_list.until(sunday)) == ["before", "ran over"]
    assert codes(audit_list.since(MONDAY + timedelta(days=2))) == ["wednesday"]
    assert codes(audit_list.until(MONDAY - timedelta(days=2))) == ["long before"]
    assert codes(audit_list.since(date(2020, 1, 1)) & audit_list.until(date(2030, 1, 1))) == codes(
        audit_list.since(date(2000, 1, 1))
    )


def test_what_is_known_of_a_column_is_asked_in_one_question(monkeypatch):
    monkeypatch.setattr(audit_list, "_sealings", tuple)
    assert audit_list.known("verb", actor=SYSTEM) == []
    for verb in ("登记", "派遣", "登记", "销号"):
        deed("1", MIDNIGHT, verb=verb)
    with CaptureQueriesContext(connection) as asked:
        assert audit_list.known("verb", actor=SYSTEM) == sorted(["登记", "派遣", "销号"])
    assert len(asked) == 1
    assert audit_list.known("subject_kind", actor=SYSTEM) == ["test.thing"]
    with pytest.raises(KeyError):
        audit_list.known("nonsense", actor=SYSTEM)


def test_what_a_noun_seals_is_left_out(monkeypatch):
    for code, kind in (("1", "test.round"), ("2", "test.round"), ("1", "test.site")):
        deed(code, MIDNIGHT, kind=kind)
    nobody = system_actor("nobody")

    def sealing(actor):
        yield Sealed("test.round", ["1"] if actor is SYSTEM else [])

    monkeypatch.setattr(audit_list, "_sealings", lambda: (sealing,))
    seen = list(audit_list.events(actor=SYSTEM).order_by("seq").values_list("subject_kind", "subject_code"))
    assert seen == [("test.round", "2"), ("test.site", "1")]
    assert audit_list.events(actor=nobody).count() == 3
    deed("1", MIDNIGHT, verb="暗访", kind="test.round")
    assert audit_list.known("verb", actor=SYSTEM) == ["登记"]
    assert audit_list.known("verb", actor=nobody) == sorted(["暗访", "登记"])


def test_the_nouns_that_seal_are_found():
    assert any(sealing.__module__ == "chuangwei.domain.inspections.sealing" for sealing in audit_list._sealings())


@pytest.mark.parametrize(
    ("at", "length"),
    [
        (MIDNIGHT - timedelta(days=10), 0),
        (MIDNIGHT - MINUTE, 2),
        (MIDNIGHT + timedelta(hours=13), 6),
        (MIDNIGHT + timedelta(days=9), 10),
    ],
)
def test_how_long_the_chain_is_and_was(night, at, length):
    assert audit_list.length() == 10
    assert audit_list.length_at(at) == length


def test_what_was_chained_before_an_entry_recorded_earlier_is_no_part_of_what_was_there():
    for code, minutes in (("there", 0), ("quick", 20), ("recorded first, chained last", 10)):
        deed(code, MIDNIGHT + minutes * MINUTE)
    assert audit_list.length_at(MIDNIGHT + 5 * MINUTE) == 1
