"""lead: the first ranked tell how they did it."""

from chuangwei.domain.appraisal.registry import Ranked
from chuangwei.domain.appraisal.triggers.lead import Lead, lead
from tests.domain.appraisal.building import WEEK, placed


def test_the_first_lead_with_the_reason() -> None:
    ranked = Ranked(WEEK, placed(("A", 1, "90"), ("B", 2, "80"), ("C", 3, "70")), {})
    assert [(one.subject, one.reason) for one in lead(ranked, Lead())] == [("A", "2023年第36周列第 1 名（共 3 个）")]


def test_all_tied_lead() -> None:
    ranked = Ranked(WEEK, placed(("A", 1, "90"), ("B", 1, "90"), ("C", 3, "70")), {})
    assert [one.subject for one in lead(ranked, Lead(first=1))] == ["A", "B"]
    assert [one.subject for one in lead(ranked, Lead(first=3))] == ["A", "B", "C"]
