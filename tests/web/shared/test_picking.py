"""Several things in one field: by code or by name, in order, and what is said of what is neither."""

import json

import pytest

from chuangwei.core.errors import DomainError
from chuangwei.domain.organisation.models import Unit
from chuangwei.web.shared.forms import ActionForm
from chuangwei.web.shared.picking import MOST, PicksField, rows_of, words_in
from tests.factories import organisation

pytestmark = pytest.mark.django_db
ACTOR = organisation.chief()


class Form(ActionForm):
    units = PicksField(picker="units", noun="单位", found=lambda _actor: Unit.objects.exclude(code="U-SECRET"))


@pytest.fixture
def units():
    names = {"U-1": "市政所", "U-2": "卫生院", "U-3": "环卫站", "U-4": "环卫站", "U-SECRET": "密组"}
    return {code: organisation.unit(code, name=name) for code, name in names.items()}


@pytest.mark.parametrize(
    ("text", "words"),
    [("U-1、U-2，U-1\n 市政所；", ["U-1", "U-2", "市政所"]), ("", []), (" 、 ", [])],
)
def test_words_stand_one_behind_the_other(text, words):
    assert words_in(text) == words


@pytest.mark.parametrize(
    ("text", "codes"),
    [("U-2、U-1", ["U-2", "U-1"]), ("市政所 U-2 U-1", ["U-1", "U-2"]), ("Ｕ-1", ["U-1"]), ("", [])],
)
def test_codes_and_names_become_rows_in_their_order_each_once(units, text, codes):
    form = Form({"units": text}, actor=ACTOR)
    assert form.accepted_by(lambda **given: given["units"])
    assert form.result == [units[code] for code in codes]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("U-1 U-9、甲", "没有名称或编码是“U-9”、“甲”的单位。请从列表里选，或改正。"),
        ("U-SECRET 密组", "没有名称或编码是“U-SECRET”、“密组”的单位。请从列表里选，或改正。"),
        ("1 2 3 4 5 6", "没有名称或编码是“1”、“2”、“3”、“4”、“5”等 6 个的单位。请从列表里选，或改正。"),
        ("环卫站", "有 2 个单位叫“环卫站”（编码 U-3、U-4）。请从列表里选一个，或写编码。"),
        (" ".join(f"X{n}" for n in range(MOST + 1)), "一次最多写 500 个单位，现在有 501 个。"),
    ],
)
@pytest.mark.usefixtures("units")
def test_what_names_nothing_or_several_is_said_by_its_name(text, sentence):
    form = Form({"units": text}, actor=ACTOR)
    assert not form.is_valid()
    assert form.errors["units"] == [sentence]


@pytest.mark.usefixtures("units")
def test_nothing_is_found_by_a_name_that_is_not_shown():
    found = Unit.objects.all()
    with pytest.raises(DomainError, match="没有名称或编码是“卫生院”"):
        rows_of("卫生院", found=found, noun="单位", actor=ACTOR, named=lambda _actor, _row: "名称不显示")


def test_the_page_has_the_codes_and_the_picker_their_names(units):
    form = Form(actor=ACTOR, initial={"units": [units["U-2"], units["U-1"]]})
    assert "U-2、U-1</textarea>" in str(form["units"])
    assert json.loads(form["units"].names) == {"U-1": "市政所", "U-2": "卫生院"}
    again = Form({"units": "U-1 U-9"}, actor=ACTOR)
    assert json.loads(again["units"].names) == {"U-1": "市政所"}
