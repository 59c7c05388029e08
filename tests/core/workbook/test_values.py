"""What a cell holds, however its XML is written."""

# ruff: noqa: DTZ001 - a cell shows a wall clock, which has no zone

from datetime import datetime

import pytest

from chuangwei.core.workbook.guard import Unreadable
from chuangwei.core.workbook.strings import SharedStrings
from chuangwei.core.workbook.values import NO_RESULT, BadCell, Cell, CellReader, Formats, from_serial, is_date_format

DAY = 1
SHARED = SharedStrings()
for text in ("甲", "  ", "_x0041__x000D_"):
    SHARED.append(text.encode())
READER = CellReader(SHARED, Formats([False, True]))


@pytest.mark.parametrize(
    ("body", "value"),
    [
        ("/>", None),
        (' s="1"/>', None),
        ("></c>", None),
        (' t="s"><v>0</v></c>', "甲"),
        (' s="1" t="s"><v>0</v></c>', "甲"),
        (' t="s"><v>1</v></c>', None),
        (' t="s"><v>2</v></c>', "A\r"),
        ("><v>1.5</v></c>", 1.5),
        (' t="n"><v>1E3</v></c>', 1000.0),
        (' s="9"><v>7</v></c>', 7.0),
        (' s="1"><v>45173</v></c>', datetime(2023, 9, 4)),
        (' s="1" t="n"><v>45173.31319444445</v></c>', datetime(2023, 9, 4, 7, 31)),
        (' t="b"><v>1</v></c>', True),
        (' t="b"><v>0</v></c>', False),
        (' t="str"><f>A1</f><v>甲</v></c>', "甲"),
        (' t="str"><f>""</f><v></v></c>', None),
        ("><f>1+1</f><v>2</v></c>", 2.0),
        ('><f t="shared" si="0"/><v>2</v></c>', 2.0),
        ("><f>1+1</f></c>", BadCell(NO_RESULT)),
        ("><f>1+1</f><v></v></c>", BadCell(NO_RESULT)),
        ("><f>1+1</f><v/></c>", BadCell(NO_RESULT)),
        ("><f>1+1</f><v /></c>", BadCell(NO_RESULT)),
        (' t="e"><v>#N/A</v></c>', BadCell("单元格是 Excel 错误值 #N/A。请改正公式，或填入结果。")),
        (' t="e"><f>1/0</f><v>#DIV/0!</v></c>', BadCell("单元格是 Excel 错误值 #DIV/0!。请改正公式，或填入结果。")),
        ("><v>nan</v></c>", BadCell("这个数读不出来。")),
        ("><v>x</v></c>", BadCell("这个数读不出来。")),
        (' t="inlineStr"><is><t>乙</t></is></c>', "乙"),
        (' t="inlineStr"><is><t xml:space="preserve"> 乙</t></is></c>', " 乙"),
        (' t="inlineStr"><is><r><t>乙</t></r><r><t>丙</t></r><rPh><t>yi</t></rPh></is></c>', "乙丙"),
        (' t="str"><v>1 &lt; 2</v></c>', "1 < 2"),
        (' cm="1" t="str"><v>乙</v></c>', "乙"),
        (' t="d"><v>2023-09-04T15:20:00.6</v></c>', datetime(2023, 9, 4, 15, 20, 1)),
        (' t="d"><v>2023-09-04T15:20:00Z</v></c>', datetime(2023, 9, 4, 15, 20)),
        (' t="d"><v>昨天</v></c>', BadCell("“昨天”不是日期。")),
        (' t="d"><v>9999-12-31T23:59:59.9</v></c>', BadCell("“9999-12-31T23:59:59.9”不是日期。")),
        (' s="1"><v>-1</v></c>', BadCell("-1 不是 Excel 能表示的日期。")),
        (' s="1"><v>3000000</v></c>', BadCell("3e+06 不是 Excel 能表示的日期。")),
    ],
)  # fmt: skip
def test_a_cell_is_read(body: str, value: Cell) -> None:
    found = READER.read(body.encode())
    assert (type(found), found) == (type(value), value)


@pytest.mark.parametrize(
    "body",
    [b' t="s"><v>3</v></c>', b' t="s"><v>x</v></c>', b' t="str"><v>\xff</v></c>', b' t="str"><v>&nope;</v></c>'],
)
def test_a_broken_cell_refuses_the_file(body: bytes) -> None:
    with pytest.raises(Unreadable, match="已损坏"):
        READER.read(body)


@pytest.mark.parametrize(
    ("code", "is_date"),
    [
        ("yyyy-mm-dd", True),
        ('yyyy"年"m"月"d"日"', True),
        ("[$-804]yyyy/m/d;@", True),
        ("h:mm AM/PM", True),
        ("mm:ss", True),
        ("[h]:mm:ss", False),
        ("General", False),
        ("G/通用格式", False),
        ("0.00_);[Red](0.00)", False),
        ("#,##0", False),
        ('0"处"', False),
        ('0.0 "days"', False),
        (r"0\d", False),
        ("[Yellow]0", False),
        ("0_d", False),
        ("@", False),
        ("0;yyyy", False),
        ("", False),
    ],
)
def test_formats_that_show_a_day(code: str, *, is_date: bool) -> None:
    assert is_date_format(code) is is_date


@pytest.mark.parametrize(
    ("number", "is_1904", "moment"),
    [
        (1, False, datetime(1900, 1, 1)),
        (59, False, datetime(1900, 2, 28)),
        (61, False, datetime(1900, 3, 1)),
        (45173, False, datetime(2023, 9, 4)),
        (45173.999994, False, datetime(2023, 9, 4, 23, 59, 59)),
        (45173.999999, False, datetime(2023, 9, 5)),
        (43711, True, datetime(2023, 9, 4)),
        (0.5, False, datetime(1899, 12, 31, 12)),
    ],
)
def test_serial_numbers_are_wall_clock_times(number: float, *, is_1904: bool, moment: datetime) -> None:
    assert from_serial(number, is_1904=is_1904) == moment


@pytest.mark.parametrize(
    ("number", "is_1904"), [(2_958_465.999_999_9, False), (2_958_465, True), (-1, False), (2_958_466, False)]
)
def test_serial_numbers_beyond_the_calendar_are_no_days(number: float, *, is_1904: bool) -> None:
    assert isinstance(from_serial(number, is_1904=is_1904), BadCell)
