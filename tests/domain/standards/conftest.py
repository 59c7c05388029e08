"""A library small enough to read at a glance: one edition, three items, two kinds, five categories, two sheets."""

from collections.abc import Callable
from pathlib import Path

import pytest

FILES = {
    "sources.toml": """
[[source]]
key = "paper"
title = "某文件"
address = "https://example.org/paper"

[[source]]
key = "unseen"
title = "未见原文"
""",
    "editions/town-2021.toml": """
[edition]
code = "TOWN-2021"
title = "乡镇标准"
year = 2021
paper = "某发〔2021〕1号"
levels = ["township"]
status = "current"
source = "paper"
verified = true

[[section]]
number = 3
title = "市容环境卫生"

[[item]]
code = "T-A01"
section = 3
article = "(九)"
article_verified = true
title = "镇区保洁"
text = "有保洁队伍"
kinds = ["back_lane"]
source = "paper"
verified = true

[[item]]
code = "T-I01"
section = 3
parent = "T-A01"
title = "街巷路面每日保洁时间"
indicator = "lane-hours"
comparator = ">="
threshold = 8.5
threshold_source = "paper"
source = "paper"
verified = true

[[item]]
code = "T-I02"
section = 3
parent = "T-A01"
title = "道路装灯率"
indicator = "lit-roads"
comparator = ">="
threshold_source = "unseen"
source = "paper"
verified = false
""",
    "cited-standards.toml": """
[[edition]]
code = "TOWN-OLD"
title = "乡镇标准（旧版）"
levels = ["township"]
status = "superseded"
superseded_by = "TOWN-2021"
source = "paper"
verified = true
""",
    "indicators/standard.toml": """
[[indicator]]
code = "lane-hours"
name = "街巷路面每日保洁时间"
aliases = ["街巷保洁时间"]
unit = "小时"
adds_up = "mean"
source = "paper"
verified = true

[[indicator]]
code = "lit-roads"
name = "道路装灯率"
unit = "%"
adds_up = "ratio"
series_years = 3
source = "paper"
verified = true
""",
    "units.toml": """
[[unit]]
name = "平方米"
base = "平方米"
factor = "1"

[[unit]]
name = "亩"
base = "平方米"
factor = "2000/3"
""",
    "site-kinds.toml": """
[[kind]]
code = "back_lane"
name = "背街小巷"
aliases = ["巷道"]
measure_unit = "条"
sections = ["市容环境卫生"]
standards = ["TOWN-2021"]
source = "paper"
verified = true

[[kind]]
code = "market"
name = "农(集)贸市场"
source = "unseen"
verified = false
""",
    "categories/06.toml": """
[class]
code = "06"
name = "市容环境类"
source = "paper"
verified = true

[[category]]
code = "06010"
name = "暴露垃圾"
matter = "event"
allowed = {amount = 4, unit = "工作时", source = "paper", verified = true}
closes_when = "垃圾清净"
kinds = ["back_lane"]
items = ["T-A01"]
source = "paper"
verified = true

[[category]]
code = "06001"
name = "私搭乱建(棚)"
matter = "event"
allowed = {amount = 160, unit = "工作时", source = "unseen", verified = false}
stages = [{name = "停工", amount = 4, unit = "紧急工作时"}, {name = "拆除", amount = 20, unit = "工作日"}]
source = "paper"
verified = true
""",
    "categories/W5.toml": """
[class]
code = "W5"
name = "小区楼院"
extension = true
source = "unseen"
verified = false

[[category]]
code = "W5001"
name = "楼道堆物"
matter = "extension"
source = "unseen"
verified = false
""",
    "checklists/back-lane.toml": """
[checklist]
code = "CK-LANE"
kind = "back_lane"
title = "背街小巷检查表"
full_points = 10
source = "paper"
verified = true

[[check]]
code = "CK-LANE-01"
text = "路面平整"
points = 4
deduct_per = 0.5
line = "市政"
categories = ["06010"]
items = ["T-A01"]

[[check]]
code = "CK-LANE-02"
text = "路面清洁"
points = 6
deduct_per = 2
categories = ["06010", "06001"]
""",
    "checklists/market.toml": """
[checklist]
code = "CK-MARKET"
kind = "market"
title = "市场检查表"
full_points = 10
source = "paper"
verified = true

[[check]]
code = "CK-MARKET-01"
text = "活禽"
points = 5
deduct_per = 2.5
veto_below_rate = 0.7

[[check]]
code = "CK-MARKET-02"
text = "整洁"
points = 3
rule = "grade"
grades = [{name = "好", points = 3}, {name = "差", points = 0.5}]

[[check]]
code = "CK-MARKET-03"
text = "证照"
points = 2
rule = "pass"
veto = true
""",
    "obsolete.toml": """
[[pattern]]
code = "OB-1"
pattern = '保洁.{0,6}不低于12'
why = "旧版口径"
use_instead = "T-I01"
source = "paper"
verified = true
""",
    "reference/lines.toml": """
[list]
kind = "lines"
title = "条线"

[[entry]]
code = "市政"
name = "市政"
share = 0.10
source = "unseen"
verified = false
""",
}

Edit = Callable[[str, str, str], Path]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The small library as files."""
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def edit(folder: Path) -> Edit:
    """`edit(file, old, new)` changes one place of the small library and returns its folder."""

    def change(name: str, old: str, new: str) -> Path:
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        path.write_text(text.replace(old, new), encoding="utf-8")
        return folder

    return change
