"""The preset of the town: the bundled `town-weekly-flags`, with the paper it rests on filled in.

A town that takes the bundled preset does just that; without the paper a settlement can be computed, not approved.
"""

import tomllib
from importlib import resources

from chuangwei.core.calendar import Calendar, OfficeHours
from chuangwei.demo.town.ground import TOWN_NAME

BUNDLED = "town-weekly-flags"
PAPER = f"《{TOWN_NAME}环境卫生“日督导、周评比、月奖惩”考核办法》（云政发〔2026〕31号）"
SIGN_IN = """# 示范账号只凭密码登录；正式使用请删去这一节，管理员须有第二因素。
[sign_in]
second_factor = "never"
"""
ISSUER_CODE = "云创卫办"
FILLED_IN = {
    'slug = "town-weekly-flags"': 'slug = "yundu-weekly-flags"',
    'title = "乡镇·周评比红黄旗"': f'title = "{TOWN_NAME}·周评比红黄旗"',
    'paper = ""': f'paper = "{PAPER}"',
    'place = ""': f'place = "{TOWN_NAME}"',
    'code = ""': f'code = "{ISSUER_CODE}"',
    'issuer = "{place}创建国家卫生城市': 'issuer = "{place}创建国家卫生县城',
    'banner = "{place}创建国家卫生城市': 'banner = "{place}创建国家卫生县城',
}


def text() -> str:
    """The preset as a file."""
    lines = (resources.files("chuangwei.presets") / "regions" / f"{BUNDLED}.toml").read_text(encoding="utf-8")
    for before, after in FILLED_IN.items():
        if lines.count(before) != 1:
            raise ValueError(f"the bundled preset no longer holds exactly one line {before}")
        lines = lines.replace(before, after)
    head = f"# {TOWN_NAME}（虚构）的预设：随程序附带的 {BUNDLED}，补上了本镇的名称和依据文件。"
    return f"{head}\n#\n{lines}\n{SIGN_IN}"


def office_hours(calendar: Calendar) -> Calendar:
    """The calendar with the office hours of the preset."""
    seasons = tomllib.loads(text()).get("office_hours", [])
    return calendar.with_hours([OfficeHours.parse(**season) for season in seasons]) if seasons else calendar
