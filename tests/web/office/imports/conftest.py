"""Small workbooks to hand in."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

HEADS = {
    "区划": ["编码", "名称", "类型", "上级编码"],
    "点位": ["编码", "名称", "类型", "区划编码"],
    "单位": ["编码", "名称", "类型", "上级编码", "区划编码"],
    "人员": ["编码", "姓名", "职务", "单位编码"],
    "责任": ["责任人编码", "角色", "对象编码", "开始日期"],
}
AREAS = [["62", "云岭县", "县", None], ["6201", "青石镇", "乡镇", "62"], ["620101", "东关社区", "社区", "6201"]]


@pytest.fixture
def register() -> Callable[..., SimpleUploadedFile]:
    """`register(人员=[…])` is a register workbook with three areas and these rows."""

    def build(name: str = "底册.xlsx", **rows: list[list[Any]]) -> SimpleUploadedFile:
        book = openpyxl.Workbook()
        book.remove(book.active)
        for sheet, heads in HEADS.items():
            page = book.create_sheet(sheet)
            page.append(heads)
            for row in rows.get(sheet, AREAS if sheet == "区划" else []):
                page.append(row)
        out = BytesIO()
        book.save(out)
        return SimpleUploadedFile(name, out.getvalue())

    return build


@pytest.fixture
def ruined() -> SimpleUploadedFile:
    """A text that only calls itself a workbook."""
    return SimpleUploadedFile("假的.xlsx", b"hello")
