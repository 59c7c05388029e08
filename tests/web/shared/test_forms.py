import pytest
from django import forms

from chuangwei.core.errors import DomainError, NotAllowed
from chuangwei.domain.places.enums import Permission
from chuangwei.domain.places.models import Area
from chuangwei.domain.places.queries import areas
from chuangwei.web.shared.forms import ActionForm, DayField, NoteField, PickField
from tests.factories import organisation, places

pytestmark = pytest.mark.django_db


class Form(ActionForm):
    name = forms.CharField(label="名称", max_length=8)
    area = PickField(picker="areas", noun="区划", found=lambda actor: areas(actor=actor), either=True)
    day = DayField(label="日期", required=False)
    is_main = forms.BooleanField(required=False)


def filled(**values):
    return Form({"name": "甲", **values}, actor=organisation.clerk(Permission.VIEW, area_paths=("g1/",)))


def test_what_was_typed_becomes_the_arguments_of_the_action():
    area = places.area("g1")
    form = filled(area=" g 1 ", day="2023-10-15", is_main="on")
    assert form.accepted_by(lambda **given: given, by="me")
    assert form.result == {"name": "甲", "area": area, "day": form.cleaned_data["day"], "is_main": True, "by": "me"}
    assert form.cleaned_data["day"].isoformat() == "2023-10-15"


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"name": ""}, "name", "请填写名称。"),
        ({"name": "一二三四五六七八九"}, "name", "名称最多 8 个字，现在有 9 个，请删短。"),
        ({"area": "g2"}, "area", "没有编码为 g2 的区划"),
        ({"day": "15.10.2023"}, "day", "日期要写成 2023-10-15 这样。"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_is_done(values, field, sentence):
    places.area("g2")
    form = filled(**values)
    assert not form.accepted_by(lambda **_: pytest.fail("done all the same"))
    assert sentence in str(form.errors[field])


def test_a_refusal_stands_above_the_form_and_what_is_not_allowed_goes_on():
    def refuse(error):
        def action(**_):
            raise error

        return action

    form = filled()
    assert not form.accepted_by(refuse(DomainError("今天不行。")))
    assert form.non_field_errors() == ["今天不行。"]
    with pytest.raises(NotAllowed):
        filled().accepted_by(refuse(NotAllowed("不行")))


def test_fields_bear_their_looks_and_show_the_code_of_a_row():
    area = places.area("g1")
    form = Form(actor=organisation.chief(), initial={"area": area})
    assert 'class="form-control"' in str(form["name"])
    assert 'class="form-check-input"' in str(form["is_main"])
    assert 'value="g1"' in str(form["area"])


class Noted(ActionForm):
    note = NoteField(label="说明", max_length=5)


@pytest.mark.parametrize(
    ("typed", "kept"), [(" 一\r\n二\r\n三 ", "一\n二\n三"), ("一二三四五", "一二三四五"), ("一二三四五六", None)]
)
def test_a_note_is_counted_as_people_count_and_never_cut(typed, kept):
    form = Noted({"note": typed}, actor=organisation.clerk())
    assert form.is_valid() is (kept is not None)
    assert form.cleaned_data.get("note") == kept
    assert "maxlength" not in str(form["note"])


def test_a_refusal_is_kept_beside_its_sentence():
    refusal = DomainError("不行")

    def refuse(**_given):
        raise refusal

    form = Noted({"note": "一"}, actor=organisation.clerk())
    assert not form.accepted_by(refuse)
    assert (form.refusal, form.non_field_errors()) == (refusal, ["不行"])


@pytest.mark.parametrize(
    ("typed", "code", "sentence"),
    [
        ("南渡", "", "名称里有“南渡”的区划不止一个：南渡社区（g1）、南渡新村（g2）。"),
        ("渡社", "g1", ""),
        ("北", "g4", ""),
        ("西关", "", "没有名称里有“西关”的区划"),
    ],
)
def test_a_name_is_taken_where_it_is_said_of_one_thing_alone(typed, code, sentence):
    for own, name in [("g1", "南渡社区"), ("g2", "南渡新村"), ("g3", "东关社区"), ("g4", "北"), ("g5", "北关")]:
        places.area(own, name=name)
    field = PickField(picker="areas", noun="区划", found=lambda _actor: Area.objects.all())
    field.actor = organisation.chief()
    if code:
        assert field.clean(typed).code == code
    else:
        with pytest.raises(forms.ValidationError, match=sentence):
            field.clean(typed)


def test_a_name_that_is_not_shown_finds_nothing():
    places.area("g1", name="南渡社区")
    field = PickField(picker="areas", noun="区划", found=lambda _actor: Area.objects.all(), named=lambda *_: "不显示")
    field.actor = organisation.chief()
    with pytest.raises(forms.ValidationError, match="没有名称里有“南渡”的区划"):
        field.clean("南渡")
