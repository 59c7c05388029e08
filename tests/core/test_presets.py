from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from pydantic import RootModel

from chuangwei.core import presets
from chuangwei.core.actor import system_actor
from chuangwei.core.errors import DomainError, Refused
from chuangwei.core.models import PresetUse, PresetVersion
from chuangwei.core.presets import Part

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
SYSTEM = system_actor("root")
HEAD = '[preset]\nslug = "trial"\ntitle = "试"\n'


class Weight(Part):
    weight: Decimal
    name: str = ""


class Trial(RootModel[dict[str, list[Weight]]]):
    """A table only these tests read."""


class Needed(Part):
    days: int


@pytest.fixture(autouse=True)
def _trial_section(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(presets, "_sections", {"preset": presets.Head, "trial": Trial})
    presets._kept.cache_clear()
    yield
    presets._kept.cache_clear()


def sentences(text: str) -> list[str]:
    with pytest.raises(Refused) as refused:
        presets.read_preset(text, "试.toml")
    return [mistake.message for mistake in refused.value.mistakes]


def test_preset_numbers_are_exact():
    document = presets.read_preset(HEAD + "[[trial.a]]\nweight = 0.1\n", "试.toml")
    assert document.sections["trial"].root["a"][0].weight == Decimal("0.1")
    assert (document.slug, document.title, document.notices) == ("trial", "试", [])


def test_preset_tells_every_mistake_at_once_with_its_path():
    assert sentences(HEAD + '[[trial.a]]\nname = 1\n[[trial.a]]\nweight = "很多"\n') == [
        "『trial.a[1].weight』缺少这一项。",
        "『trial.a[1].name』须为文字。",
        "『trial.a[2].weight』须为数。",
    ]


def test_preset_without_a_head_is_refused():
    assert sentences("") == ["缺少 [preset] 一节，其中须有 slug 和 title。"]


@pytest.mark.parametrize("text", ["[preset", HEAD + "x = = 1", "x ="])
def test_preset_that_is_not_toml_is_refused_in_words(text: str):
    assert sentences(text)[0].startswith("不是有效的 TOML：")


def test_preset_keys_nobody_reads_are_reported_and_ignored():
    text = HEAD + "extra = 1\n[[trial.a]]\nweight = 1\nwieght = 2\n[unheard]\n"
    assert presets.read_preset(text, "试.toml").notices == [
        "预设中的『unheard』未被识别，已忽略。",
        "预设中的『preset.extra』未被识别，已忽略。",
        "预设中的『trial.a[1].wieght』未被识别，已忽略。",
    ]


def test_preset_table_that_is_left_out_is_only_asked_for_where_it_has_no_defaults(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(presets._sections, "needed", Needed)
    document = presets.read_preset(HEAD, "试.toml")
    assert "needed" not in document.sections


def test_preset_opens_by_slug_or_file(tmp_path):
    with pytest.raises(DomainError, match="没有名为 nowhere 的预设"):
        presets.open_preset("nowhere")
    path = tmp_path / "试.toml"
    path.write_text("﻿" + HEAD, encoding="utf-8")
    assert presets.open_preset(str(path)).slug == "trial"
    path.write_bytes("试".encode("gb18030"))
    with pytest.raises(Refused):
        presets.open_preset(str(path))


def put(text: str, area: str = "", from_on: date | None = None) -> PresetUse:
    return presets.use_preset(
        document=presets.read_preset(HEAD + text, "t"), area_code=area, from_on=from_on, by=SYSTEM, at=NOON
    )


@pytest.mark.django_db
def test_preset_versions_are_numbered_and_kept():
    first, again = put(""), put("", "A")
    second = put("[[trial.a]]\nweight = 1\n", "B")
    assert first.version == again.version
    assert [v.number for v in PresetVersion.objects.order_by("number")] == [1, 2]
    assert (str(second.version), str(first), str(second)) == (
        "trial 第 2 版",
        "trial 第 1 版 @ 全域",
        "trial 第 2 版 @ B",
    )


@pytest.mark.django_db
def test_preset_cannot_be_used_twice_in_an_area_on_a_day():
    put("")
    with pytest.raises(DomainError, match="已经启用"):
        put("[[trial.a]]\nweight = 1\n")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("codes", "day", "found"),
    [
        (["T", "C"], date(2026, 1, 1), ("", None)),
        (["T", "C"], date(2026, 3, 1), ("T", date(2026, 3, 1))),
        (["T", "C"], date(2026, 2, 28), ("", None)),
        (["T", "C"], date(2026, 5, 1), ("T", date(2026, 4, 1))),
        (["T", "C", "G"], date(2026, 5, 1), ("T", date(2026, 4, 1))),
        (["T", "D"], date(2026, 5, 1), ("D", date(2026, 2, 1))),
        (["X"], date(2026, 5, 1), ("", None)),
        ([], date(2026, 5, 1), ("", None)),
    ],
)
def test_preset_that_holds_is_the_nearest_then_the_latest(codes: list[str], day: date, found: tuple[str, date | None]):
    put("")
    put("", "T", date(2026, 3, 1))
    put("", "T", date(2026, 4, 1))
    put("", "D", date(2026, 2, 1))
    use = presets.holding(presets.holdings(), codes, day)
    assert use is not None
    assert (use.area_code, use.from_on) == found


@pytest.mark.django_db
def test_preset_holds_nowhere_before_one_is_used():
    assert presets.holding(presets.holdings(), ["T"], date(2026, 1, 1)) is None


@pytest.mark.django_db
def test_preset_that_holds_since_ever_is_one_on_both_engines():
    first = put("")
    with pytest.raises(IntegrityError), transaction.atomic():
        PresetUse.objects.create(version=first.version, area_code="", from_on=None, recorded_at=NOON, by_name="x")
