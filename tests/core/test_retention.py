from datetime import UTC, date, datetime

import pytest

from chuangwei.core import audit, retention
from chuangwei.core.actor import system_actor
from chuangwei.core.models import AuditEvent
from chuangwei.core.retention import Due, Rules, months_later
from chuangwei.core.secrets import keyed_digest
from chuangwei.core.writes import action

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
DAY = date(2024, 1, 31)


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (DAY, 1, date(2024, 2, 29)),
        (DAY, 13, date(2025, 2, 28)),
        (DAY, 3, date(2024, 4, 30)),
        (DAY, 12, date(2025, 1, 31)),
        (date(2024, 12, 15), 1, date(2025, 1, 15)),
        (date(2024, 11, 30), 1, date(2024, 12, 30)),
        (date(2024, 11, 30), 24, date(2026, 11, 30)),
    ],
)
def test_months_later(day, months, then):
    assert months_later(day, months) == then


@pytest.mark.django_db
def test_what_is_due_goes_in_batches_and_leaves_a_tombstone(monkeypatch):
    monkeypatch.setattr(retention, "BATCH", 2)
    rules = Rules()
    kept = {str(number): f"1380000{number}" for number in range(5)}
    batches = []

    @rules.rule(slug="numbers", title="号码", after="满 1 个月")
    def numbers(at):
        for code in kept:
            yield Due("test.thing", code, "号码", DAY, 1)

    @numbers.forgets
    @action
    def forget(due, by, at):
        batches.append(len(due))
        for one in due:
            retention.tombstone(due=one, content=kept.pop(one.code), title="期满", by=by, at=at)

    assert retention.forget_due(at=NOON, rules=rules) == 5
    assert (kept, batches) == ({}, [2, 2, 1])
    assert retention.forget_due(at=NOON, rules=rules) == 0
    event = AuditEvent.objects.get(subject_code="3")
    assert (event.verb, event.note, event.actor_name) == ("到期清除", "期满", "系统（夜间整理）")
    assert keyed_digest("13800003") in event.details
    assert "13800003" not in event.details
    assert audit.verify() == []


@pytest.mark.django_db
def test_a_rule_nobody_carries_out_is_a_mistake_of_ours():
    rules = Rules()
    rules.rule(slug="a", title="", after="")(lambda at: iter([at][1:]))
    with pytest.raises(ValueError, match="nobody forgets a"):
        retention.forget_due(at=NOON, rules=rules, by=system_actor("root"))
    with pytest.raises(ValueError, match="two rules"):
        rules.rule(slug="a", title="", after="")(lambda at: iter([at][1:]))


def test_the_rules_of_the_nouns_are_found():
    assert "phones-of-those-who-left" in [rule.slug for rule in retention.RULES.all()]
