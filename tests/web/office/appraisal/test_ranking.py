from types import SimpleNamespace

import pytest

from chuangwei.web.office.appraisal.ranking import spark


def told(total, flag=None):
    """A period in which the one subject had this total (none: not ranked; "away": not there at all)."""
    standing = SimpleNamespace(total=total, flag=flag)
    return SimpleNamespace(standings={} if total == "away" else {"A": standing})


def test_a_course_is_drawn_between_its_own_lowest_and_highest():
    drawn = spark([told(9000), told(8000, "yellow"), told(9500, "red")], "A", "甲社区")
    assert drawn.lines == ["4.0,10.7 48.0,24.0 92.0,4.0"]
    assert [dot.flag for dot in drawn.dots] == ["", "yellow", "red"]
    assert drawn.label == "甲社区近 3 期总分：90.00、80.00、95.00"


@pytest.mark.parametrize("missing", [None, "away"])
def test_a_missed_period_breaks_the_line(missing):
    drawn = spark([told(9000), told(9100), told(missing), told(9200), told(9300)], "A", "甲社区")
    assert [len(line.split()) for line in drawn.lines] == [2, 2]
    alone = spark([told(9000), told(missing), told(9100)], "A", "甲社区")
    assert (alone.lines, len(alone.dots)) == ([], 2)


def test_equal_totals_lie_in_the_middle():
    assert spark([told(9000), told(9000)], "A", "甲社区").lines == ["4.0,14.0 92.0,14.0"]


@pytest.mark.parametrize("course", [[], [told(9000)], [told(None), told(9000)]])
def test_one_point_is_no_course(course):
    assert spark(course, "A", "甲社区") is None
