import json
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from chuangwei.core.errors import DomainError
from chuangwei.domain.appraisal import actions
from tests.domain.appraisal.test_history import PAST
from tests.domain.appraisal.world import NOW, World, found_town
from tests.factories import organisation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def town() -> World:
    made = found_town()
    organisation.duty(organisation.person("P1", name="张三"), "包社区领导", made.areas["D"])
    made.week("2023-W36", A="90", B="80", D="60")
    made.week("2023-W37", A="90", B="80", D="60")
    return made


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("appraise", *arguments, stdout=out)
    return out.getvalue()


def test_the_ranking_is_printed_with_flags_and_what_follows() -> None:
    assert run("weekly", "--from", "2023-W36", "--to", "2023-W37").splitlines() == [
        "2023年第36周（2023-09-04 至 2023-09-10）第 1 版，已计算",
        "名次  名称   总分              旗",
        "1     A社区  90.00             红旗",
        "2     B社区  80.00",
        "3     D社区  60.00             黄旗",
        "—     C社区  本期各项均无得分",
        "表态发言：D社区",
        "",
        "2023年第37周（2023-09-11 至 2023-09-17）第 1 版，已计算",
        "名次  名称   总分              旗",
        "1     A社区  90.00             红旗",
        "2     B社区  80.00",
        "3     D社区  60.00             黄旗",
        "—     C社区  本期各项均无得分",
        "约谈：D社区（张三）",
        "表态发言：D社区",
        "",
        "共 2 个周期：新算 2 个，没有变化 0 个。",
    ]


def test_one_period_needs_no_end_and_full_width_digits_are_read() -> None:
    assert run("weekly", "--from", "２０２３-Ｗ36").endswith("共 1 个周期：新算 1 个，没有变化 0 个。\n")
    assert run("weekly", "--from", "2023-W36", "--area", "").endswith("共 1 个周期：新算 0 个，没有变化 1 个。\n")


def test_the_json_has_the_shape_of_the_cases(tmp_path: Path) -> None:
    file = tmp_path / "appraisal.json"
    run("weekly", "--from", "2023-W36", "--to", "2023-W37", "--json", str(file))
    found: dict[str, Any] = json.loads(file.read_text())
    assert list(found) == ["series", "periods", "settlements"]
    assert found["periods"][1]["interviews"] == [{"subject": "D", "person": "P1"}]
    assert [(due["subject"], due["amount"]) for due in found["settlements"]] == [
        ("A", 200000), ("B", 0), ("C", 0), ("D", -200000),
    ]  # fmt: skip


def test_classes_and_nobody_to_speak_to_are_told(town: World) -> None:
    actions.enter_history(series="weekly", slug="2023-W35", lines=PAST, paper="通报", by=organisation.chief(), at=NOW)
    assert "2023年第35周（2023-08-28 至 2023-09-03）第 1 版，已定案" in run(
        "weekly", "--from", "2023-W35", "--to", "2023-W36"
    )


def test_a_count_is_shown_on_a_terminal_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = StringIO()
    shown.isatty = lambda: True  # type: ignore[method-assign]
    monkeypatch.setattr(sys, "stderr", shown)
    run("weekly", "--from", "2023-W36", "--to", "2023-W37")
    assert shown.getvalue() == "\r计算 1/2\r\x1b[K"


def test_an_unknown_series_is_refused_with_those_there_are() -> None:
    with pytest.raises(DomainError, match="启用的预设中没有名为『daily』的评比。现有：monthly、weekly。"):
        run("daily", "--from", "2023-W36")


def test_the_first_period_is_asked_for() -> None:
    with pytest.raises(CommandError):
        run("weekly")
