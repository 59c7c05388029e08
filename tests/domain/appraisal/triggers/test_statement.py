"""statement: the last ranked speak; all tied included, the first never."""

from chuangwei.domain.appraisal.registry import Ranked
from chuangwei.domain.appraisal.triggers.statement import Statement, statement
from tests.domain.appraisal.building import WEEK, placed


def test_the_last_speak_with_the_reason() -> None:
    ranked = Ranked(WEEK, placed(("A", 1, "90"), ("B", 2, "80"), ("C", 3, "70")), {})
    found = statement(ranked, Statement(last=1))
    assert [(one.subject, one.reason) for one in found] == [("C", "2023年第36周列第 3 名（共 3 个），在后 1 名之内")]


def test_all_tied_speak_but_never_the_first() -> None:
    tied = Ranked(WEEK, placed(("A", 1, "90"), ("B", 2, "80"), ("C", 2, "80")), {})
    alone = Ranked(WEEK, placed(("A", 1, "90")), {})
    assert [one.subject for one in statement(tied, Statement(last=1))] == ["B", "C"]
    assert statement(alone, Statement(last=1)) == []
