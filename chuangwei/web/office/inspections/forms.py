"""What somebody fills in to plan a round, release it, correct a visit or draw."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet

from chuangwei.core.actor import Actor
from chuangwei.domain.inspections import queries
from chuangwei.domain.inspections.actions import RoundPlan
from chuangwei.domain.inspections.enums import Choosing, RoundKind
from chuangwei.domain.inspections.models import Round
from chuangwei.domain.organisation.permissions import visible_persons, visible_units
from chuangwei.domain.places import queries as places
from chuangwei.domain.places.queries import site_kinds
from chuangwei.web.office.places import households
from chuangwei.web.shared.forms import ActionForm, DayField, PickField
from chuangwei.web.shared.picking import PicksField


def _units(actor: Actor) -> QuerySet[Any]:
    return visible_units(actor)


class RoundForm(ActionForm):
    name = forms.CharField(label="名称", max_length=100)
    kind = forms.ChoiceField(label="类型", choices=RoundKind.choices)
    starts_on = DayField(label="开始日期")
    ends_on = DayField(label="结束日期")
    hours = forms.CharField(label="时段", required=False, max_length=64, help_text="如 07:00-09:00；早晚点各写一段。")
    area = PickField(
        picker="areas",
        noun="区划",
        found=lambda actor: places.areas(actor=actor),
        label="检查范围",
        required=False,
        help_text="不填则为督查组所属区划，没有则为全域。",
    )
    team = PickField(picker="units", noun="单位", found=_units, label="督查组", required=False)
    persons = PicksField(
        picker="persons", noun="人员", found=visible_persons, label="组员", help_text="督查组以外的人，可以选多个。"
    )  # fmt: skip
    units = PicksField(
        picker="units", noun="单位", found=_units, label="参加单位", help_text="单位里的人都在检查组里，可以选多个。"
    )  # fmt: skip
    choosing = forms.ChoiceField(label="点位取法", choices=Choosing.choices, initial=Choosing.KINDS)
    kinds = forms.MultipleChoiceField(label="整类点位", required=False, help_text="取检查范围内这些类型的全部点位。")
    sites = PicksField(
        picker="sites", noun="点位", found=lambda actor: places.sites(actor=actor), named=households.name_of,
        label="指定点位", help_text="按“指定点位”检查时，一个一个选；也可以把编码一起粘进来，用顿号或换行隔开。",
    )  # fmt: skip
    is_sealed = forms.BooleanField(
        label="密封（暗访）", required=False, help_text="解封前，检查组以外的人看不到这个轮次、它的检查和发现的问题。"
    )

    def prepare(self) -> None:
        kinds = list(site_kinds().values_list("code", "name"))
        self.fields["kinds"].choices = kinds  # type: ignore[attr-defined]
        self.fields["kinds"].widget = forms.CheckboxSelectMultiple(choices=kinds, attrs={"class": "form-check-input"})
        if isinstance(self.thing, Round):
            self.fields["is_sealed"].disabled = True
        self.versions = _versions()
        for kind, (title, choices) in self.versions.items():
            self.fields[f"sheet_{kind}"] = forms.TypedChoiceField(
                label=title, choices=choices, required=False, coerce=_number, empty_value=None
            )

    def version_fields(self) -> list[Any]:
        return [self[f"sheet_{kind}"] for kind in self.versions]

    def plain_fields(self) -> list[Any]:
        """What the page puts one below the other; kinds, sites and sheets have places of their own."""
        apart = {"kinds", "sites", "choosing", "is_sealed"}
        return [field for field in self.visible_fields() if field.name not in apart and field.name[:6] != "sheet_"]

    def arguments(self) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        sheets = {kind: values.pop(f"sheet_{kind}") for kind in self.versions}
        return {"plan": RoundPlan(**values, checklists={kind: number for kind, number in sheets.items() if number})}


def _number(text: str) -> int:
    return int(text)


def _versions() -> dict[str, tuple[str, list[tuple[Any, str]]]]:
    """Kinds of site with more than one version of their sheet, and what may be chosen: the one in force, or one fixed."""
    found: dict[str, list[Any]] = {}
    for sheet in queries.checklists_to_choose():
        found.setdefault(sheet.site_kind.code, []).append(sheet)
    return {
        kind: (
            f"{sheets[0].site_kind.name}检查表",
            [("", "检查时的现行版")]
            + [(sheet.version, f"第 {sheet.version} 版{'（现行）' if sheet.is_current else ''}") for sheet in sheets],
        )
        for kind, sheets in found.items()
        if len(sheets) > 1
    }


def round_begins(each: Round) -> Mapping[str, Any]:
    """What the form of a round holds at first."""
    members = list(each.members.select_related("person", "unit"))
    return {
        "name": each.name, "kind": each.kind, "starts_on": each.starts_on, "ends_on": each.ends_on,
        "hours": each.hours, "area": each.area, "team": each.team, "choosing": each.choosing,
        "kinds": each.site_kinds, "is_sealed": each.is_sealed,
        "persons": [one.person for one in members if one.person], "units": [one.unit for one in members if one.unit],
        "sites": [target.site for target in each.targets.select_related("site")] if each.choosing == Choosing.LIST else [],
        **{f"sheet_{kind}": number for kind, number in each.checklists.items()},
    }  # fmt: skip


class ReleaseForm(ActionForm):
    """Nothing to fill in: the page says what will happen."""


class DrawForm(ActionForm):
    """The list of candidates to freeze: the round, how many of which kind, who is left out and why."""

    round_code = forms.CharField(label="轮次", max_length=64)
    word_source = forms.CharField(
        label="公开词出处",
        required=False,
        max_length=200,
        help_text="如“10月31日福利彩票双色球开奖号码”。约定后由同一人抽取也可以；不约定的，须由另一个账号抽取。",
    )
    exclusions = forms.CharField(
        label="排除的点位及理由",
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="每行一个：点位编码，空一格，理由。",
    )

    def prepare(self) -> None:
        # Picked by name where it is planned here; a draw may also be for a round that is not.
        self.fields["round_code"].picker = "rounds"  # type: ignore[attr-defined]
        self.kinds = [(kind.code, kind.name) for kind in site_kinds()]
        for kind, name in self.kinds:
            self.fields[f"n_{kind}"] = forms.IntegerField(label=name, required=False, min_value=0, max_value=10_000)

    def stratum_fields(self) -> list[Any]:
        return [self[f"n_{kind}"] for kind, _ in self.kinds]

    def plain_fields(self) -> list[Any]:
        return [field for field in self.visible_fields() if not field.name.startswith("n_")]

    def arguments(self) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        strata = {kind: number for kind, _ in self.kinds if (number := values.pop(f"n_{kind}"))}
        lines = [line.strip().split(maxsplit=1) for line in values.pop("exclusions").splitlines() if line.strip()]
        return {**values, "strata": strata, "exclusions": {line[0]: (line[1:] or [""])[0] for line in lines}}


class WordForm(ActionForm):
    word = forms.CharField(label="公开词", max_length=200)


class VoidForm(ActionForm):
    reason = forms.CharField(label="理由", max_length=200)
