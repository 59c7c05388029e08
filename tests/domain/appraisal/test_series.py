"""What a preset may say of a series, and in what words it is refused."""

from decimal import Decimal

import pytest

from chuangwei.core import presets
from chuangwei.core.errors import DomainError, Refused
from chuangwei.domain.appraisal.enums import PeriodKind
from chuangwei.domain.appraisal.options import AdjustmentOptions, PartOptions
from chuangwei.domain.appraisal.preset import SeriesTables
from chuangwei.domain.appraisal.series import Series, read_series
from chuangwei.domain.places.kinds import KindNames, NamedKind
from tests.domain.appraisal.building import REGULAR, series

HEAD = '[preset]\nslug = "p"\ntitle = "预设"\n[series.weekly]\nsubject = "社区"\nperiod = "week"\n'
PART = '[[series.weekly.parts]]\nslug = "regular"\nrule = "visit-mean"\nrounds = ["定期督导"]\nweight = 1\n'
LEDGER = '[[series.weekly.parts]]\nslug = "ledger"\nrule = "on-time-closure"\nweight = 0.5\n'


def tables(text: str) -> tuple[SeriesTables, list[str]]:
    presets.discover()
    document = presets.read_preset(text, "p.toml")
    found: SeriesTables = document.sections["series"]
    return found, document.notices


def refusals(text: str) -> list[str]:
    presets.discover()
    with pytest.raises(Refused) as refused:
        presets.read_preset(text, "p.toml")
    return [mistake.message for mistake in refused.value.mistakes]


def test_what_is_left_out_gives_nothing() -> None:
    found = tables(HEAD + PART)[0].root["weekly"]
    assert (found.slug, found.name, found.missing, found.tie_breakers, found.adjustments) == ("weekly", "weekly", "spread", (), ())  # fmt: skip
    assert (found.flag_options, found.money, found.min_weight, found.classes) == (None, None, 0, "")
    assert [found.trigger_options(slug) for slug in ("statement", "lead", "interview", "unheard-of")] == [None] * 4


def test_preset_without_series_has_none() -> None:
    assert tables('[preset]\nslug = "p"\ntitle = "预设"\n')[0].root == {}


def test_numbers_are_exact() -> None:
    text = (
        HEAD
        + "min_weight = 0.1\n"
        + PART
        + LEDGER
        + "[series.weekly.flags]\nred = 0.1\nyellow = 3\nmin_score = 85.55\n"
    )
    found = tables(text)[0].root["weekly"]
    assert (found.min_weight, found.parts[1].weight) == (Decimal("0.1"), Decimal("0.5"))
    assert (found.flag_options.red, found.flag_options.yellow, found.flag_options.min_score) == (Decimal("0.1"), 3, Decimal("85.55"))  # fmt: skip
    assert found.weighing.weights == (10, 5)


def test_words_are_read_like_those_of_workbooks() -> None:
    part = PART.replace('"定期督导"', '" 定期 督导", "日巡查", "random"')
    assert tables(HEAD + part)[0].root["weekly"].parts[0].rounds == ("regular", "daily", "random")


def test_unknown_keys_are_reported_with_their_path() -> None:
    text = (
        HEAD + "color = 1\n" + PART + 'extra = "x"\n[series.weekly.flags]\nblue = 1\n[series.weekly.party]\nlast = 1\n'
    )
    assert sorted(tables(text)[1]) == [
        "预设中的『series.weekly.color』未被识别，已忽略。",
        "预设中的『series.weekly.flags.blue』未被识别，已忽略。",
        "预设中的『series.weekly.parts[1].extra』未被识别，已忽略。",
        "预设中的『series.weekly.party』未被识别，已忽略。",
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (HEAD, "『series.weekly.parts』缺少这一项。"),
        (HEAD.replace('period = "week"', 'period = "decade"') + PART, "『series.weekly.period』只能是"),
        (HEAD.replace('subject = "社区"', "subject = 3") + PART, "『series.weekly.subject』须为文字。"),
        (HEAD + 'missing = "skip"\n' + PART, "『series.weekly.missing』只能是 'spread' 或 'zero' 之一。"),
        (HEAD + "min_weight = 1.5\n" + PART, "『series.weekly.min_weight』不得大于 1。"),
        (HEAD + PART.replace("weight = 1", 'weight = "heavy"'), "『series.weekly.parts[1].weight』须为数。"),
        (HEAD + PART.replace("weight = 1", "weight = true"), "『series.weekly.parts[1].weight』须为数，不能是 true 或 false。"),
        (HEAD + PART.replace("weight = 1", "weight = -1"), "『series.weekly.parts[1].weight』不得小于 0。"),
        (HEAD + PART.replace("weight = 1", "weight = 0"), "『series.weekly』parts 的权重不能全为 0。"),
        (HEAD + PART.replace("weight = 1\n", ""), "『series.weekly.parts[1].weight』缺少这一项。"),
        (HEAD + PART.replace('["定期督导"]', "[]"), "『series.weekly.parts[1].rounds』至少要有 1 项。"),
        (HEAD + PART.replace("定期督导", "定期督察"), "『series.weekly.parts[1].rounds[1]』没有名为『定期督察』的轮次类型；可用：定期督导、"),
        (HEAD + PART.replace("visit-mean", "false-closure"), "『series.weekly.parts[1].rule』没有名为『false-closure』的评分规则；可用：on-time-closure、recurrence、series-mean、visit-mean。"),
        (HEAD + PART.replace('"定期督导"', "3"), "『series.weekly.parts[1].rounds[1]』须为文字。"),
        (HEAD + PART.replace('slug = "regular"', 'slug = " "'), "『series.weekly.parts[1].slug』不能为空，也不能含有竖线。"),
        (HEAD + PART.replace('slug = "regular"', 'slug = "a|b"'), "『series.weekly.parts[1].slug』不能为空，也不能含有竖线。"),
        (HEAD + PART.replace('rule = "visit-mean"', "rule = 3"), "『series.weekly.parts[1].rule』须为文字。"),
        (HEAD + "parts = [3]\n", "『series.weekly.parts[1]』须为一张表。"),
        (HEAD + PART.replace("visit-mean", "task-progress"), "『series.weekly.parts[1].rule』没有名为『task-progress』的评分规则"),
        (HEAD + PART + LEDGER + 'count = "all"\n', "『series.weekly.parts[2].count』只能是 'area' 或 'answering' 之一。"),
        (HEAD + PART + LEDGER + 'sources = ["热线"]\n', "『series.weekly.parts[2].sources[1]』没有名为『热线』的问题来源"),
        (HEAD + PART + PART, "『series.weekly』parts 和 adjustments 的 slug 不能重复：regular。"),
        (HEAD + 'tie_breakers = ["ledger"]\n' + PART, "『series.weekly』tie_breakers 中的『ledger』不是 parts 中的 slug；可用：regular。"),
        (HEAD + PART + "[series.weekly.flags]\nred = 1.5\n", "『series.weekly.flags.red』须为整数，或小于 1 的比例。"),
        (HEAD + PART + "[series.weekly.flags]\nyellow = -1\n", "『series.weekly.flags.yellow』不得小于 0。"),
        (HEAD + PART + '[series.weekly.flags]\nties = "some"\n', "『series.weekly.flags.ties』只能是 'all' 或 'none' 之一。"),
        (HEAD + PART + "[series.weekly.flags]\nmin_score = 85.123\n", "『series.weekly.flags.min_score』最多 2 位小数。"),
        (HEAD + PART + "[series.weekly.statement]\nlast = 0\n", "『series.weekly.statement.last』不得小于 1。"),
        (HEAD + PART + "[series.weekly.interview]\nyellow_streak = 3\n", "『series.weekly.interview.of』缺少这一项。"),
        (HEAD + PART + "[series.weekly.money]\nmonth_red = 1000.5\n", "『series.weekly.money.month_red』须为整数。"),
        (HEAD + PART + '[series.weekly.kind_weights]\n"公厕" = -1\n', "『series.weekly.kind_weights.公厕』不得小于 0。"),
        (HEAD + PART + '[[series.weekly.adjustments]]\nslug = "c"\nrule = "verified-complaints"\nsources = ["自查"]\neach = -0.123\n', "『series.weekly.adjustments[1].each』最多 2 位小数。"),
        (HEAD + PART + '[[series.weekly.adjustments]]\nslug = "c"\nrule = "verified-complaints"\nsources = ["自查"]\neach = -0.2\nlimit = 5\n', "『series.weekly.adjustments[1]』limit 须与 each 同号"),
        (HEAD + PART + '[[series.weekly.adjustments]]\nslug = "c"\nrule = "magic"\n', "『series.weekly.adjustments[1].rule』没有名为『magic』的加减分规则；可用：verified-complaints。"),
        (HEAD + PART.replace('rule = "visit-mean"\nrounds = ["定期督导"]', 'rule = "series-mean"\nseries = "daily"'), "『series』评比『weekly』要取平均的『daily』不是本预设中的另一个评比。"),
        (HEAD.replace("社区", "unit:部门") + PART, "『series.weekly』subject 为单位时，须用 roles 写明凭哪些角色认定受检的单位。"),
        ('series = 3\n[preset]\nslug = "p"\ntitle = "预设"\n', "『series』须为一张表。"),
    ],
)  # fmt: skip
def test_wrong_value_is_told_with_its_path(text: str, sentence: str) -> None:
    assert any(told.startswith(sentence) for told in refusals(text)), refusals(text)


def test_all_mistakes_are_told_at_once() -> None:
    text = HEAD + 'missing = "x"\n' + PART.replace("weight = 1", 'weight = "x"') + "[series.weekly.flags]\nred = -1\n"
    assert len(refusals(text)) == 3


def test_kept_options_are_read_back_the_same() -> None:
    text = (
        HEAD + "min_weight = 0.50\n" + PART + "min_visits = 2\n" + LEDGER + 'sources = ["自查"]\n'
        "[series.weekly.flags]\nred = 0.20\n[series.weekly.interview]\nyellow_streak = 3\nof = '包社区领导'\n"
        "[series.weekly.kind_weights]\n'农贸市场' = 2.0\n[series.weekly.money]\nmonth_red = 100000\n"
    )  # fmt: skip
    found: Series = tables(text)[0].root["weekly"]
    assert read_series(found.kept()) == found
    assert read_series(found.kept()).kept() == found.kept()
    assert found.kept()["min_weight"] == "0.5"


NAMES = KindNames([NamedKind("market", "农(集)贸市场", ("菜市场",)), NamedKind("toilet", "公厕/旱厕")])


def test_kind_weights_are_read_by_any_spelling() -> None:
    found = series(kind_weights={"菜市场": 2, "公厕": Decimal("0.5")}).with_kinds(NAMES.resolve)
    assert found.kind_weights == {"market": 2, "toilet": Decimal("0.5")}
    assert found.whole_kind_weights == ({"market": 20, "toilet": 5}, 10)


def test_kind_weight_of_an_unknown_kind_is_told() -> None:
    with pytest.raises(DomainError, match=r"『series.weekly.kind_weights.夜市』没有名为『夜市』的点位类型。"):
        series(kind_weights={"夜市": 2}).with_kinds(NAMES.resolve)


def test_kind_weighed_twice_is_told() -> None:
    with pytest.raises(DomainError, match="同一类点位写了两次权重"):
        series(kind_weights={"菜市场": 2, "market": 3}).with_kinds(NAMES.resolve)


def test_series_of_units_names_their_kind() -> None:
    found = tables(HEAD.replace("社区", "unit:部门") + 'roles = ["包抓 单位"]\n' + PART)[0].root["weekly"]
    assert (found.unit_kind, found.roles, series().unit_kind) == ("部门", ("包抓单位",), "")
    assert found.period_kind == PeriodKind.WEEK


def test_faults_name_the_kinds_an_installation_lacks() -> None:
    found, _ = tables(HEAD + PART + "[series.weekly.kind_weights]\n'夜市' = 2\n'菜市场' = 2\n")
    assert list(found.faults(NAMES)) == ["『series.weekly.kind_weights.夜市』标准库中没有这种点位类型。"]


def test_parts_are_called_by_title_or_by_their_rule() -> None:
    found = series(
        REGULAR | {"rounds": ["定期督导", "日巡查"]},
        {"slug": "b", "rule": "on-time-closure", "weight": 1},
        {"slug": "c", "rule": "recurrence", "weight": 1},
        {"slug": "f", "rule": "recurrence", "weight": 1, "title": "回潮"},
        {"slug": "d", "rule": "series-mean", "series": "x", "weight": 1},
        adjustments=[{"slug": "e", "rule": "verified-complaints", "sources": ["自查"], "each": 1}],
    )
    names = [part.name for part in (*found.parts, *found.adjustments)]
    assert names == ["定期督导、日巡查", "按期销号", "不反弹", "回潮", "各期平均", "群众投诉"]


def test_rule_that_says_nothing_of_itself_goes_by_its_slug() -> None:
    assert PartOptions(slug="x", rule="r", weight=Decimal(1)).name == "x"
    assert AdjustmentOptions(slug="y", rule="r").name == "y"
