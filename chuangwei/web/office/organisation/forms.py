"""What people fill in to keep persons and duties."""

from typing import Any

from django import forms

from chuangwei.core import clock
from chuangwei.core.actor import EVERYWHERE, Actor
from chuangwei.domain.organisation import queries
from chuangwei.domain.organisation.enums import KNOWN_UNIT_KINDS
from chuangwei.domain.organisation.models import Membership
from chuangwei.domain.places.queries import areas, sites
from chuangwei.web.office.places import households
from chuangwei.web.shared.forms import ActionForm, DayField, PickField


def _unit(label: str, **options: Any) -> PickField:
    return PickField(
        picker="units", noun="单位", found=lambda actor: queries.units(actor=actor), label=label, **options
    )


def _person(label: str, **options: Any) -> PickField:
    found = lambda actor: queries.persons(actor=actor)  # noqa: E731  (the pair of the one above)
    return PickField(picker="persons", noun="人员", found=found, label=label, **options)


def _note(label: str = "依据或理由") -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=200)


# --- Persons ----------------------------------------------------------------------------------------------------------


class PersonNew(ActionForm):
    code = forms.CharField(label="编码", max_length=64)
    name = forms.CharField(label="姓名", max_length=64)
    title = forms.CharField(label="职务", max_length=64, required=False)
    phone = forms.CharField(label="手机", max_length=32, required=False, help_text="加密保存，页面上只显示打码的号码。")
    unit = _unit("主要单位", required=False)
    from_on = DayField(label="任职开始日期", required=False, help_text="不填表示一直在这个单位。")


class PersonEdit(ActionForm):
    name = forms.CharField(label="姓名", max_length=64)
    title = forms.CharField(label="职务", max_length=64, required=False)
    phone = forms.CharField(label="换手机号", max_length=32, required=False, help_text="不换就留空，原号码不变。")
    public_phone = forms.CharField(
        label="公开电话", max_length=32, required=False, help_text="印在公示牌、显示在公众页面上，须本人同意。"
    )  # fmt: skip
    public_phone_consent_on = DayField(label="本人同意公开的日期", required=False)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("public_phone") and not values.get("public_phone_consent_on"):
            self.add_error("public_phone_consent_on", "公开电话须记下本人同意的日期。")
        return values


class MembershipBegin(ActionForm):
    unit = _unit("单位")
    from_on = DayField(label="自哪天起", initial=clock.today)
    is_main = forms.BooleanField(label="主要单位（原来的主要单位任职于前一天结束）", required=False, initial=True)
    note = _note()


class MembershipEnd(ActionForm):
    membership = forms.ModelChoiceField(label="任职", queryset=Membership.objects.none(), empty_label=None)
    to_on = DayField(label="最后一天", initial=clock.today)
    note = _note()

    def prepare(self) -> None:
        field: Any = self.fields["membership"]
        field.queryset = self.thing.memberships.filter(to_on__isnull=True).select_related("unit", "person")
        field.label_from_instance = lambda one: f"{one.unit.name}{'（主要）' if one.is_main else ''}"


# --- Units ------------------------------------------------------------------------------------------------------------


OF_ALL = "不属于某个区划的单位，由管全域的人登记。"


class UnitEdit(ActionForm):
    name = forms.CharField(label="名称", max_length=100)
    kind = forms.ChoiceField(
        label="类型", help_text="社区、村、街道、乡镇类的单位，就是所属区划的居委会、村委会或政府。"
    )
    parent = _unit("上级", required=False)
    area = PickField(
        picker="areas", noun="区划", found=lambda actor: areas(actor=actor), label="所属区划", required=False,
        help_text="不填表示全域的单位。",
    )  # fmt: skip
    note = _note()

    def prepare(self) -> None:
        own = [self.thing.kind] if self.thing else []
        kinds = dict.fromkeys((*own, *KNOWN_UNIT_KINDS))
        self.fields["kind"].choices = [(kind, kind) for kind in kinds]  # type: ignore[attr-defined]
        if not self.actor.covers(EVERYWHERE):
            area = self.fields["area"]
            area.required = area.widget.is_required = True
            area.help_text = OF_ALL
            area.error_messages["required"] = f"请选择所属区划。{OF_ALL}"


class UnitNew(UnitEdit):
    code = forms.CharField(label="编码", max_length=64, help_text="定了就不再改；单位和人员不能同码。")
    note = None  # type: ignore[assignment]
    field_order = ("code", "name", "kind", "parent", "area")


# --- Duties -----------------------------------------------------------------------------------------------------------


class Holding(ActionForm):
    """A form that names who answers: a person or a unit."""

    person = _person("责任人", either=True)
    unit = _unit("或责任单位", either=True)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        _exactly_one(self, values, ("person", "unit"), "责任人和责任单位填一个，也只填一个。")
        return values

    def arguments(self) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        person, unit = values.pop("person"), values.pop("unit")
        return {**values, "holder": person or unit}


class DutyBegin(Holding):
    role = forms.ChoiceField(label="角色")
    area = PickField(
        picker="areas", noun="区划", found=lambda actor: areas(actor=actor), label="对哪个区划", either=True
    )
    site = PickField(
        picker="sites", noun="点位", found=lambda actor: sites(actor=actor), named=households.name_of,
        label="或对哪个点位", either=True,
    )  # fmt: skip
    starts_on = DayField(label="开始日期", initial=clock.today)
    ends_on = DayField(label="结束日期", required=False, help_text="两天都算在内；不填表示一直到另行结束。")
    hours = forms.CharField(
        label="时段", max_length=64, required=False, help_text="如 06:00-10:00、14:00-18:00；全天留空。"
    )
    field_order = ("role", "person", "unit", "area", "site", "starts_on", "ends_on", "hours")

    def prepare(self) -> None:
        self.fields["role"].choices = [(role, role) for role in queries.known_roles()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        _exactly_one(self, values, ("area", "site"), "区划和点位填一个，也只填一个。")
        return values

    def arguments(self) -> dict[str, Any]:
        values = super().arguments()
        area, site = values.pop("area"), values.pop("site")
        return {**values, "place": area or site}


class DutyEnd(ActionForm):
    ends_on = DayField(label="最后一天", initial=clock.today)
    note = _note()


class DutyHandOver(Holding):
    from_on = DayField(label="新责任人自哪天起", initial=clock.today)
    note = _note()


def _sites(actor: Actor) -> Any:
    return sites(actor=actor)


def _exactly_one(form: ActionForm, values: dict[str, Any], names: tuple[str, str], message: str) -> None:
    """A field that is wrong in itself has its own sentence already."""
    if not set(names) & set(form.errors) and (values.get(names[0]) is None) == (values.get(names[1]) is None):
        form.add_error(names[0], message)
