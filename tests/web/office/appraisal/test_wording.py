import pytest

from chuangwei.core.presets import read_preset
from chuangwei.web.office.appraisal import wording
from tests.web.office.conftest import PRESET

HEAD = '[preset]\nslug = "x"\ntitle = "x"\n[series.s]\nsubject = "村"\n'


def series(text: str, slug: str = "s"):
    return read_preset(text, "x").sections["series"].root[slug]


TOWN = series(PRESET, "weekly")
SHARES = series(
    HEAD
    + """
period = "fortnight"
missing = "zero"
min_weight = 0.5
[[series.s.parts]]
slug = "random"
rule = "visit-mean"
rounds = ["随机抽查", "暗访"]
weight = 1
[[series.s.parts]]
slug = "back"
rule = "recurrence"
weight = 2
[series.s.flags]
red = 0.2
yellow = 0.1
ties = "none"
max_score = 90
[series.s.lead]
first = 2
meeting = "调度会"
[series.s.money]
month_red = 0
month_yellow = -5050
"""
)


@pytest.mark.parametrize(
    ("of", "titles"),
    [
        (TOWN, {"regular": "定期督导", "ledger": "按期整改", "complaints": "群众投诉"}),
        (SHARES, {"random": "随机抽查、暗访", "back": "不反弹"}),
    ],
)
def test_a_part_without_a_title_is_named_by_what_it_looks_at(of, titles):
    assert wording.titles(of) == titles


def test_weights_are_told_as_shares_of_all():
    assert [wording.weight_share(part, TOWN) for part in TOWN.parts] == ["75%", "25%"]
    assert [wording.weight_share(part, SHARES) for part in SHARES.parts] == ["33.33%", "66.67%"]


def test_slugs_in_an_explanation_are_told_as_people_name_them():
    told = wording.with_titles("regular缺项；依次按ledger的得分定先后；2023-W05、2023-W36", TOWN)
    assert told == "定期督导缺项；依次按按期整改的得分定先后；2023年第5周、2023年第36周"


@pytest.mark.parametrize(("of", "word"), [(TOWN, "上周"), (SHARES, "上期")])
def test_the_period_before_has_a_name(of, word):
    assert wording.before_word(of) == word


def test_the_rules_of_a_preset_are_told_in_sentences():
    assert wording.rule_sentences(TOWN) == [
        "总分由这几项加权得出：定期督导 75%、按期整改 25%。",
        "某一项缺得分时，它的权重由其余各项分摊；各项都缺的不参加排名。",
        "群众投诉：每件 −0.50 分，以 −5.00 分为限。",
        "总分相同的，依次比按期整改；仍相同的并列，后面的名次空出。",
        "各项得分和总分四舍五入到两位小数，全程按十进制精确计算。",
        "红旗发给前 1 名，总分须不低于 60 分，不够的不发也不递补。",
        "黄旗挂给后 1 名。",
        "名次并列跨在线上的，一并计入。",
        "参加排名的不够红旗加黄旗的名额时，不发黄旗；同时够得上红旗和黄旗的，两样都不发。",
        "后 1 名表态发言（并列的都算，第 1 名除外），在周例会上。",
        "连续 2 次黄旗，由镇纪委约谈包社区领导；约谈后重新计数。",
        "每月按周期结束日所在的月份结算：每面红旗奖励 1000 元，每面黄旗扣减 1000 元。",
    ]


def test_other_rules_are_told_otherwise():
    assert wording.rule_sentences(SHARES) == [
        "总分由这几项加权得出：随机抽查、暗访 33.33%、不反弹 66.67%。",
        "某一项缺得分时按 0 分计。",
        "有得分的各项权重不足 50% 的，不参加排名（检查不足）。",
        "各项得分和总分四舍五入到两位小数，全程按十进制精确计算。",
        "红旗发给前 20%（舍去小数）。",
        "黄旗挂给后 10%（舍去小数），总分须不高于 90 分。",
        "名次并列跨在线上的，都不计入。",
        "参加排名的不够红旗加黄旗的名额时，不发黄旗；同时够得上红旗和黄旗的，两样都不发。",
        "前 2 名先进发言，在调度会上。",
        "每月按周期结束日所在的月份结算：每面红旗不奖不扣，每面黄旗扣减 50.5 元。",
    ]


def test_a_series_without_flags_says_nothing_of_them():
    bare = series(
        HEAD + 'period = "month"\n[[series.s.parts]]\nslug = "a"\nrule = "visit-mean"\nrounds = ["互查"]\nweight = 1'
    )
    assert wording.flag_sentences(bare) == []
    assert len(wording.rule_sentences(bare)) == 3


@pytest.mark.parametrize(
    ("function", "slug", "name"),
    [
        (wording.trigger_name, "interview", "约谈"), (wording.trigger_name, "gone", "gone"),
        (wording.flag_name, "red", "红旗"), (wording.flag_name, None, ""),
    ],
)  # fmt: skip
def test_what_follows_has_a_name(function, slug, name):
    assert function(slug) == name
