"""What a cell means in its column (workbooks.md, How cells are read)."""

# ruff: noqa: DTZ001 - a cell shows a wall clock, which has no zone

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuangwei.core import clock
from chuangwei.core.workbook import cells
from chuangwei.core.workbook.cells import BadValue, Reader
from chuangwei.core.workbook.values import Cell

NINE = datetime(2023, 9, 4, 1, tzinfo=UTC)
"""Nine o'clock in Shanghai."""

# ruff: noqa: DTZ001 - a cell shows a wall clock, which has no zone


@pytest.mark.parametrize(
    ("reader", "value", "meaning"),
    [
        (cells.code, "BL-001", "BL-001"),
        (cells.code, " ＢＬ－００１　", "BL-001"),
        (cells.code, "bl 0 01", "bl001"),
        (cells.code, "\ufeff\u200b甲\xa0乙", "甲乙"),
        (cells.code, 629921000000.0, "629921000000"),
        (cells.code, 0.0, "0"),
        (cells.code, 9007199254740992.0, "9007199254740992"),
        (cells.codes, "P1、P2", ("P1", "P2")),
        (cells.codes, "P2，P1, P2､", ("P2", "P1")),
        (cells.codes, 7.0, ("7",)),
        (cells.word, "社区 党支部书记", "社区党支部书记"),
        (cells.words(length=4), "网格员", "网格员"),
        (cells.choice(["合格", "不合格"]), " 不 合格", "不合格"),
        (cells.choice({"WGS84": 1, "GCJ02": 2}), "ＧＣＪ０２", 2),
        (cells.text(), "  第一行\r\n第二行\u3000", "第一行\n第二行"),
        (cells.text(), 3.0, "3"),
        (cells.text(), 2.5, "2.5"),
        (cells.text(), True, "TRUE"),
        (cells.text(), False, "FALSE"),
        (cells.text(), datetime(2023, 9, 4), "2023-09-04"),
        (cells.text(), datetime(2023, 9, 4, 15, 20), "2023-09-04 15:20"),
        (cells.text(), "=1+1", "=1+1"),
        (cells.yes_or_no, "是", True),
        (cells.yes_or_no, "否 ", False),
        (cells.yes_or_no, "√", True),
        (cells.yes_or_no, True, True),
        (cells.number, 0.1, Decimal("0.1")),
        (cells.number, 1e-7, Decimal("0.0000001")),
        (cells.number, 100.0, Decimal(100)),
        (cells.number, "１２.５０", Decimal("12.50")),
        (cells.number, "-1,234.5", Decimal("-1234.5")),
        (cells.amount(places=2), 2.25, Decimal("2.25")),
        (cells.amount(places=2), "0", Decimal(0)),
        (cells.count, 0.0, 0),
        (cells.count, "418,200", 418200),
        (cells.degrees, 104.924733, 104.924733),
        (cells.degrees, "104.92473312345678", 104.92473312345678),
        (cells.day, "2023-09-04", date(2023, 9, 4)),
        (cells.day, "2023-9-4", date(2023, 9, 4)),
        (cells.day, "２０２３－０９－０４ ", date(2023, 9, 4)),
        (cells.day, "2023/9/4", date(2023, 9, 4)),
        (cells.day, "2023.09.04", date(2023, 9, 4)),
        (cells.day, "2023年9月4日", date(2023, 9, 4)),
        (cells.day, "2023-09-04 00:00", date(2023, 9, 4)),
        (cells.day, datetime(2023, 9, 4), date(2023, 9, 4)),
        (cells.day, datetime(2023, 9, 4, 15, 20), date(2023, 9, 4)),
        (cells.instant, "2023-09-04 09:00", NINE),
        (cells.instant, "2023-09-04T9:00", NINE),
        (cells.instant, "2023-09-04 09：00：00", NINE),
        (cells.instant, "2023-09-04  08:59:59.5", NINE),
        (cells.instant, "2023-09-04 09:00:00.499", NINE),
        (cells.instant, "2023-09-04", NINE - timedelta(hours=9)),
        (cells.instant, datetime(2023, 9, 4, 9), NINE),
        (cells.deadline, "2023-09-04", datetime(2023, 9, 4, 15, 59, 59, tzinfo=UTC)),
        (cells.deadline, datetime(2023, 9, 4), datetime(2023, 9, 4, 15, 59, 59, tzinfo=UTC)),
        (cells.deadline, "2023-09-04 00:00", datetime(2023, 9, 3, 16, tzinfo=UTC)),
        (cells.deadline, "2023-09-04 09:00", NINE),
        (cells.deadline, datetime(2023, 9, 4, 9), NINE),
    ],
)
def test_a_cell_means(reader: Reader, value: Cell, meaning: Any) -> None:
    found = reader(value)
    assert (type(found), found) == (type(meaning), meaning)


@pytest.mark.parametrize(
    ("reader", "value", "words"),
    [
        (cells.code, "A|B", "不能有 |"),
        (cells.code, "A｜B", "不能有 |"),
        (cells.code, "A" * 65, "最长 64 个字符，这里有 65 个"),
        (cells.code, 1.5, "1.5 不能作编码"),
        (cells.code, 1e17, "不能作编码"),
        (cells.code, datetime(2023, 9, 4), "这里是日期 2023-09-04"),
        (cells.code, True, "逻辑值"),
        (cells.code, "A\x01", "控制字符"),
        (cells.codes, "、,", "没有编码"),
        (cells.codes, "P1、P|2", "不能有 |"),
        (cells.words(length=3), "网格员长", "最长 3 个字，这里有 4 个"),
        (cells.choice(["合格", "不合格"]), "良好", "“良好”不在可填的词里：合格、不合格"),
        (cells.choice(["合格"]), 1.0, "“1”不在可填的词里"),
        (cells.text(length=3), "一二三四", "最长 3 个字，这里有 4 个"),
        (cells.text(), "甲\ud800", "控制字符"),
        (cells.yes_or_no, "有", "只能填是或否"),
        (cells.number, "约 12", "“约12”不是数"),
        (cells.number, "1e3", "不是数"),
        (cells.number, "1,2", "不是数"),
        (cells.number, 1e15, "太大"),
        (cells.number, datetime(2023, 9, 4), "这里是日期"),
        (cells.amount(places=2), -1.0, "不能小于 0"),
        (cells.amount(places=2), 0.125, "最多 2 位小数，这里是 0.125"),
        (cells.count, 1.5, "整数，这里是 1.5"),
        (cells.count, -1.0, "不小于 0"),
        (cells.count, 3e9, "整数"),
        (cells.day, "2023-02-30", "没有“2023-02-30”这一天"),
        (cells.instant, "9999-12-31 23:59:59.9", "没有“9999-12-31 23:59:59.9”这一天"),
        (cells.day, "2023-13-01", "没有"),
        (cells.day, "九月四日", "“九月四日”不是日期"),
        (cells.day, "20230904", "不是日期"),
        (cells.day, "2023-09/04", "不是日期"),
        (cells.day, "2023-09-04 15:20", "只填日期"),
        (cells.day, 45173.0, "45173 不是日期"),
        (cells.day, True, "不是日期"),
        (cells.day, "0203-09-04", "不像实际的日期"),
        (cells.day, datetime(1899, 12, 31, 9), "不像实际的日期"),
        (cells.instant, "2023-09-04 25:00", "没有"),
        (cells.instant, "2023-09-04 下午", "时刻读不出来"),
        (cells.instant, "2023-09-0415:20", "时刻读不出来"),
        (cells.instant, "2023-09-04 15", "时刻读不出来"),
        (cells.deadline, "明天", "不是日期"),
    ],
)
def test_a_cell_is_refused_in_words(reader: Reader, value: Cell, words: str) -> None:
    with pytest.raises(BadValue) as refusal:
        reader(value)
    assert words in str(refusal.value)
    assert str(refusal.value).endswith("。")


@pytest.mark.parametrize(
    ("value", "name"),
    [("编码", "编码"), (" 编 码 ", "编码"), ("编码*", "编码"), ("编码＊", "编码"), (2023.0, "2023"),
     (datetime(2023, 9, 4), "2023-09-04"), ("编\x7f码\x00", "编码"), ("\ud800", "")],
)  # fmt: skip
def test_heads_are_read_like_codes(value: Cell, name: str) -> None:
    assert cells.head(value) == name


@given(st.decimals(-(10**9), 10**9, places=4))
def test_numbers_are_taken_in_their_shortest_form(number: Decimal) -> None:
    assert cells.number(float(number)) == number
    assert cells.number(f"{number:f}") == number


@given(st.datetimes(datetime(1992, 1, 1), datetime(2199, 12, 30)).map(lambda at: at.replace(microsecond=0)))
def test_a_time_reads_alike_as_text_and_as_an_excel_date(moment: datetime) -> None:
    found = cells.instant(moment)
    assert found == cells.instant(f"{moment:%Y-%m-%d %H:%M:%S}")
    assert clock.local(found).replace(tzinfo=None) == moment


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="|"), max_size=20))
def test_a_code_read_twice_is_the_same(text: str) -> None:
    try:
        once = cells.code(text)
    except BadValue:
        return
    assert cells.code(once) == once
    assert not any(character.isspace() for character in once)
