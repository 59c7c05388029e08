"""The mistakes of a refused import: by sheet on the page, all of them in a workbook."""

import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import xlsxwriter

from chuangwei.web.office.models import ImportJob

HEADS = (("文件", 24), ("工作表", 12), ("行", 8), ("列", 16), ("错在哪里", 90))
WHOLE_FILE = "整个文件"


@dataclass(frozen=True)
class Tab:
    """One sheet with how many mistakes it has."""

    title: str
    count: int
    address: str
    is_here: bool


@dataclass(frozen=True)
class Mistakes:
    total: int
    sheets: list[Tab]
    rows: Sequence[Any]


def of(job: ImportJob, sheet: str) -> Mistakes:
    """All mistakes, those of one sheet shown where one is chosen."""
    found: list[dict[str, Any]] = job.outcome.get("mistakes", [])
    counts = Counter(one["sheet"] or WHOLE_FILE for one in found)
    tabs = [Tab("全部", len(found), "?", is_here=sheet not in counts)]
    tabs += [
        Tab(title, count, "?" + urlencode({"sheet": title}), is_here=title == sheet) for title, count in counts.items()
    ]  # fmt: skip
    rows = [one for one in found if (one["sheet"] or WHOLE_FILE) == sheet] if sheet in counts else found
    return Mistakes(len(found), tabs, rows)


def workbook(job: ImportJob) -> io.BytesIO:
    """One row for each mistake. Text is written as text: a sentence may hold what somebody wrote as a formula."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet("错误")
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    for number, (title, width) in enumerate(HEADS):
        sheet.set_column(number, number, width, wrapped)
        sheet.write_string(0, number, title, bold)
    sheet.freeze_panes(1, 0)
    found: list[dict[str, Any]] = job.outcome.get("mistakes", [])
    for line, one in enumerate(found, 1):
        sheet.write_string(line, 0, one["file"])
        sheet.write_string(line, 1, one["sheet"])
        if one["row"] is not None:
            sheet.write_number(line, 2, one["row"])
        sheet.write_string(line, 3, one["column"] or "")
        sheet.write_string(line, 4, one["message"])
    sheet.autofilter(0, 0, len(found), len(HEADS) - 1)
    book.close()
    out.seek(0)
    return out
