"""docs/rights.md: every address of the installation against every role, from the table the matrix test walks.

The test (tests/matrix/test_rights.py) proves that the program answers as the table says; this prints the table.
"""

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tests.matrix.table import KINDS, Line, holds, lines, reads

ROOT = Path(__file__).resolve().parent.parent
ROLES = ROOT / "chuangwei" / "presets" / "roles.toml"
TARGET = ROOT / "docs" / "rights.md"
HEAD = """<!-- 由 make docs 生成，请勿手改。 -->
# 权限表

每个地址对每个角色的规定。表由 `tests/matrix/addresses.toml` 和 `chuangwei/presets/roles.toml` 印出；`tests/matrix/test_rights.py` 拿着它，
以每个角色、在自己的地方和别人的地方，逐个地址去敲门：没有写进表的地址、表上没有而能进的门、表上有而进不去的门，都算错；进不去的一律
404，而且什么也没有写下。

● 有权限。仍要看**范围**：在自己的区划、单位、责任之外的，同样是 404。标 ◆ 的不分区划。角色是随程序的；预设可以增改。
角色和范围怎么给，见 [账号、角色、范围](operators/accounts.md)。
"""
SCOPES = """
## 范围

| 范围 | 看得到 |
| --- | --- |
| 全域 | 一切 |
| 管辖区划 | 这个区划和它下面的区划、点位、责任、问题；检查归检查那天所在的区划 |
| 代表单位 | 派给这个单位和下级单位的问题，单位和它的人员；居委会另看本社区的评比 |
| 按责任（区划） | 本人或所在单位今天负责的区划，同管辖区划 |
| 按责任（点位） | 那一个点位和它的检查、问题；旁边的一个也没有 |

评比公示以后，参加排名的都看得到全部总分、分项和旗；检查记录和问题只看得到自己的。
"""


def text() -> str:
    """The whole page."""
    known: dict[str, dict[str, Any]] = tomllib.loads(ROLES.read_text(encoding="utf-8"))
    every = lines().values()
    parts = [HEAD, *(_section(kind, every, known) for kind in ("pages", "commands")), SCOPES]
    parts += [_others(kind, every) for kind in ("own", "open", "closed")]
    return "\n".join(parts).rstrip() + "\n"


def _section(kind: str, every: Iterable[Line], known: Mapping[str, dict[str, Any]]) -> str:
    heads = [KINDS[kind], *(role["title"] for role in known.values())]
    rows = [f"## {KINDS[kind]}\n", _row(heads), _row(["---", *[":-:"] * len(known)])]
    for line in every:
        if line.kind == kind:
            marks = [
                "●" if holds(line, role["permissions"]) and reads(line, role["permissions"]) else ""
                for role in known.values()
            ]
            rows.append(_row([line.title + ("" if line.of else " ◆"), *marks]))
    return "\n".join(rows) + "\n"


def _others(kind: str, every: Iterable[Line]) -> str:
    told = {
        "own": "凡登录的人，只对自己的账号：", "open": "不登录也应答：", "closed": "登录库会找、这里没有的地址（一律 404）：",
    }  # fmt: skip
    return f"## {KINDS[kind]}\n\n{told[kind]}{'、'.join(line.title for line in every if line.kind == kind)}。\n"


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
