"""Sentences with gaps: nothing but the known gaps is filled, whatever a preset says."""

import pytest

from chuangwei.domain.documents import phrases
from chuangwei.domain.documents.blocks import Run, plain

USUAL = {"opening": "{period}共{count}个", "closing": "完"}


@pytest.mark.parametrize(
    ("own", "told"),
    [
        ({"opening": "{count}个{period}"}, []),
        ({"opening": "不写数"}, []),
        ({"start": "x"}, ["没有名为『start』的句子；可用：opening、closing。"]),
        ({"opening": "{who}"}, ["『opening』里的 {who} 没有可填的内容；可用：{period}、{count}。"]),
        ({"closing": "{who}"}, ["『closing』里的 {who} 没有可填的内容；这一句没有可填的项。"]),
        ({"opening": "{period"}, ["『opening』花括号须成对，写作 {名称}。"]),
        ({"opening": "{period.__class__}"}, ["『opening』花括号里只能是一个名称，写作 {名称}。"]),
        ({"opening": "{period!r}"}, ["『opening』花括号里只能是一个名称，写作 {名称}。"]),
        ({"opening": "{0}"}, ["『opening』花括号里只能是一个名称，写作 {名称}。"]),
    ],
)
def test_what_a_preset_may_say(own: dict[str, str], told: list[str]) -> None:
    assert list(phrases.faults(own, USUAL)) == told


def test_gaps_are_filled_by_words_and_runs() -> None:
    text = phrases.filled("{period}共{count}个，{{}}", {"period": "本周", "count": Run("3", is_strong=True)})
    assert plain(text) == "本周共3个，{}"
    assert [run.text for run in text if run.is_strong] == ["3"]


def test_what_fills_a_gap_is_not_read_again() -> None:
    assert plain(phrases.filled("{period}", {"period": "{count}"})) == "{count}"
