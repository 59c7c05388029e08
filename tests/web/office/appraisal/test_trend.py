import json
import re
from types import SimpleNamespace

from chuangwei.web.office.appraisal.trend import trend_of


def told(slug, *standings):
    period = SimpleNamespace(slug=slug, series="weekly", area_code="")
    rows = {
        code: SimpleNamespace(code=code, name=name, total=total, rank=rank, flag=flag)
        for code, name, total, rank, flag in standings
    }
    return SimpleNamespace(
        period=period, title=f"第{slug[-2:]}周", standings=rows, outcome=SimpleNamespace(standings=list(rows.values()))
    )


COURSE = [
    told("2023-W36", ("A", "甲", 9000, 1, "red"), ("B", "乙</script>", 8000, 2, "yellow")),
    told("2023-W37", ("B", "乙</script>", 9100, 1, None), ("A", "甲", None, None, None)),
]


def data(trend) -> dict:
    return json.loads(re.fullmatch(r'<script type="application/json">(.*)</script>', trend.json)[1])


def test_the_drawing_is_given_numbers_and_the_table_says_the_same():
    trend = trend_of(COURSE)
    assert data(trend) == {
        "periods": ["2023-W36", "2023-W37"],
        "lines": [
            {"name": "乙</script>", "totals": [80.0, 91.0], "ranks": [2, 1], "flags": ["黄旗", None]},
            {"name": "甲", "totals": [90.0, None], "ranks": [1, None], "flags": ["红旗", None]},
        ],
    }
    assert [[cell.rank for cell in row.cells] for row in trend.rows] == [[2, 1], [1, None]]
    assert (trend.first_title, trend.last_title) == ("第36周", "第37周")


def test_a_name_cannot_break_out_of_the_data():
    assert trend_of(COURSE).json.count("</script>") == 1


def test_only_those_chosen_are_drawn():
    assert [line.name for line in trend_of(COURSE, ["A"]).lines] == ["甲"]
