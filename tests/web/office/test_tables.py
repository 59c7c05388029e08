import pytest

from chuangwei.web.office.management.tables import table, width


@pytest.mark.parametrize(("text", "columns"), [("", 0), ("BL-1", 4), ("网格员", 6), ("Ａ、b", 5)])
def test_width_counts_two_columns_for_a_chinese_character(text, columns):
    assert width(text) == columns


def test_table_aligns_its_columns():
    assert list(table(("点位", "名称", "缺"), [("BL-1", "竹篮巷", "网格员"), ("M", "市场", "")])) == [
        "点位  名称    缺",
        "BL-1  竹篮巷  网格员",
        "M     市场",
    ]


def test_table_without_rows_is_nothing():
    assert list(table(("点位",), [])) == []
