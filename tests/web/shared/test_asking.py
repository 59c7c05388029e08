"""Sentences of fields: a table of fields and what each says."""

import pytest
from django import forms

from chuangwei.domain.places.queries import areas
from chuangwei.web.shared.asking import speak
from chuangwei.web.shared.forms import DayField, PickField

PICK = {"picker": "areas", "noun": "区划", "found": lambda actor: areas(actor=actor)}


def said(field: forms.Field, value: object) -> list[str]:
    speak(field)
    with pytest.raises(forms.ValidationError) as refused:
        field.clean(value)
    return refused.value.messages


@pytest.mark.parametrize(
    ("field", "sentence"),
    [
        (forms.CharField(label="名称"), "请填写名称。"),
        (forms.ChoiceField(label="类型", choices=[("a", "甲")]), "请选择类型。"),
        (forms.MultipleChoiceField(label="角色", choices=[("a", "甲")]), "请选择角色。"),
        (DayField(label="开始日期"), "请选择开始日期。"),
        (DayField(label="挂账至"), "请选择“挂账至”的日期。"),
        (forms.FileField(label="照片"), "请选择照片。"),
        (forms.BooleanField(label="我已核对"), "请勾选我已核对。"),
        (PickField(label="管辖区划", **PICK), "请选择管辖区划。"),
        (PickField(label="并入", **PICK), "请选择区划。"),
        (forms.CharField(), "请填写这一项。"),
    ],
    ids=lambda value: getattr(value, "label", value),
)
def test_what_was_left_empty_is_named(field, sentence):
    assert said(field, None) == [sentence]


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        (forms.CharField(label="名称", max_length=2), "一二三", "名称最多 2 个字，现在有 3 个，请删短。"),
        (forms.CharField(label="理由", min_length=4), "无", "理由至少 4 个字，现在只有 1 个，请补充。"),
        (forms.IntegerField(label="人口", min_value=0), "三千人", "人口要写成数字，不带单位，例如 1200。"),
        (forms.IntegerField(label="人口", min_value=0), -1, "人口不能小于 0，请改大。"),
        (forms.FloatField(label="经度"), "东经", "经度要写成数字，例如 104.7321。"),
        (DayField(label="日期"), "15.10.2023", "日期要写成 2023-10-15 这样。"),
        (forms.ChoiceField(label="类型", choices=[("a", "甲")]), "b", "类型里没有这一项，请从列表里选。"),
    ],
)
def test_what_is_wrong_says_how_it_is_written(field, value, sentence):
    assert said(field, value) == [sentence]


def test_a_field_keeps_the_sentence_it_brings():
    field = forms.CharField(label="名称", error_messages={"required": "门牌上怎么写，就怎么填。"})
    assert said(field, "") == ["门牌上怎么写，就怎么填。"]


def test_speaking_twice_changes_nothing():
    field = forms.CharField(label="名称", max_length=2)
    speak(field)
    before = dict(field.error_messages)
    speak(field)
    assert field.error_messages == before
