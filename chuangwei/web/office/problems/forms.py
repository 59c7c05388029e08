"""What people fill in to report a problem and to move it on."""

import json
import secrets
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse

from chuangwei.core import clock
from chuangwei.core.actor import Actor
from chuangwei.domain.organisation.models import Unit
from chuangwei.domain.organisation.permissions import visible_units
from chuangwei.domain.places import queries as places
from chuangwei.domain.problems import queries
from chuangwei.domain.problems.enums import PhotoStage, Source
from chuangwei.domain.problems.models import Problem
from chuangwei.domain.standards.models import Category
from chuangwei.web.office.places import households
from chuangwei.web.shared.forms import ActionForm, DayField, NoteField, PickField, wished

DAY_ENDS = time(18)
"""A deadline asked for by its day ends with the office."""


class ManyFiles(forms.FileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Several photos at once; its value is what the actions take: (name, bytes) of each."""

    def __init__(self, **options: Any) -> None:
        look = ManyFiles(attrs={"accept": "image/*", "multiple": True, "class": "form-control"})
        super().__init__(widget=look, **options)

    def clean(self, data: Any, initial: Any = None) -> Any:
        files = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        for one in files or [None]:
            super().clean(one, initial)
        return [(one.name, one.file) for one in files]


def _note(label: str = "说明", *, required: bool = False, hint: str = "") -> NoteField:
    return NoteField(label=label, required=required, max_length=500, help_text=hint)


class WithoutPhoto(forms.BooleanField):
    """A tick that says: without a photo, and I mean it. It is not there until somebody has been asked."""

    def __init__(self) -> None:
        super().__init__(label="没有照片，仍然提交", required=False, widget=forms.HiddenInput)


def _ask_without(form: ActionForm, why: str) -> None:
    form.fields["without"].widget = forms.CheckboxInput(attrs={"class": "form-check-input"})
    form.add_error("without", why)


def _unit() -> PickField:
    return PickField(picker="units", noun="单位", found=visible_units, label="责任单位")


def categories(_actor: Actor) -> QuerySet[Category]:
    return Category.objects.filter(retired_on__isnull=True)


class NoteForm(ActionForm):
    note = _note()


class ReasonForm(ActionForm):
    note = _note("理由", required=True)


class DispatchForm(ActionForm):
    to = _unit()
    note = _note("交代的事")

    def prepare(self) -> None:
        problem: Problem = self.thing
        usual = queries.suggested_unit(problem, clock.today())
        if usual:
            self.fields["to"].initial = usual.code
            self.fields["to"].help_text = f"这类问题通常由{usual.name}负责。"
        if problem.unit and not usual:
            self.fields["to"].help_text = f"上次派给{problem.unit.name}。"
        elif not usual:
            self._offer(queries.unit_of_place(problem, clock.today()))
        self.fields["to"].widget.attrs |= {
            "hx-get": reverse("office:problem_deadline", args=[problem.code]), "hx-trigger": "change, load",
            "hx-target": "#deadline", "hx-swap": "innerHTML",
        }  # fmt: skip

    def _offer(self, unit: Unit | None) -> None:
        """Offered and not filled in: who answers for a place need not be who can put this right."""
        if unit is None or not visible_units(self.actor).filter(pk=unit.pk).exists():
            return
        field = self.fields["to"]
        field.help_text = f"点位责任单位是{unit.name}。"
        first = {"code": unit.code, "name": unit.name, "hint": "点位责任单位"}
        field.widget.attrs["data-first"] = json.dumps(first, ensure_ascii=False)


class PhotoNoteForm(ActionForm):
    """Photos of how it looks now. Without one it comes back once, and says what is missing (domain §11: a photo is
    demanded only where a rule needs it)."""

    photos = PhotosField(label="整改后照片", required=False)
    note = _note()
    without = WithoutPhoto()

    def prepare(self) -> None:
        if not queries.has_photo(self.thing, PhotoStage.AFTER):
            wished(self.fields["photos"], "建议附上")
            wished(self.fields["note"], "建议填写")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        is_shown = bool(values.get("photos")) or queries.has_photo(self.thing, PhotoStage.AFTER)
        if not self.errors and not is_shown and not values.get("without"):
            missing = "、".join(["整改后照片", *self.also_missing(values)])
            _ask_without(self, f"还缺{missing}。请补上；确实没有的，勾选这一项再提交。")
        return values

    def also_missing(self, values: dict[str, Any]) -> list[str]:
        return [] if values.get("note") else ["说明"]

    def arguments(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "without"}


class SpotForm(PhotoNoteForm):
    """即知即改 is shown by two photos, before and after (domain §6)."""

    def also_missing(self, values: dict[str, Any]) -> list[str]:
        before = [] if queries.has_photo(self.thing, PhotoStage.BEFORE) else ["整改前照片"]
        return before + super().also_missing(values)


class CloseForm(PhotoNoteForm):
    def prepare(self) -> None:
        super().prepare()
        problem: Problem = self.thing
        needed = queries.needs_after_photo(problem, clock.today()) and not queries.has_photo(problem, PhotoStage.AFTER)
        self.fields["photos"].required = needed
        if needed:
            self.fields["photos"].help_text = "这类问题销号须有整改后照片。"


class ReturnForm(ActionForm):
    note = _note("退回的理由", required=True, hint="写明应由谁负责。退回期间时限照走。")


class SuspendForm(ActionForm):
    until = DayField(label="挂账至")
    note = _note("整改计划", required=True)


class ExtendForm(ActionForm):
    until = DayField(label="申请延至", help_text=f"到当天 {DAY_ENDS:%H:%M}。")
    reason = _note("理由", required=True)

    def arguments(self) -> dict[str, Any]:
        day: date = self.cleaned_data["until"]
        until: datetime = clock.instant(day, DAY_ENDS)
        return {"until": until, "reason": self.cleaned_data["reason"]}


class MergeForm(ActionForm):
    into = forms.CharField(label="并入的问题编号", max_length=64)
    note = _note("理由", required=True)

    def clean_into(self) -> Problem:
        code = self.cleaned_data["into"].strip()
        found = queries.problems(actor=self.actor).filter(code=code).first()
        if found is None:
            raise forms.ValidationError(f"没有编号为 {code} 的问题。请核对编号。")
        return found


class PhotosForm(ActionForm):
    stage = forms.ChoiceField(label="照的是", choices=PhotoStage.choices)
    photos = PhotosField(label="照片")

    def arguments(self) -> dict[str, Any]:
        return {"stage": PhotoStage(self.cleaned_data["stage"]), "files": self.cleaned_data["photos"]}


class ReportForm(ActionForm):
    """A place is a site, or an area where it belongs to no site."""

    site = PickField(
        picker="sites", noun="点位", found=lambda actor: places.sites(actor=actor), named=households.name_of,
        label="点位", either=True, help_text="不在任何点位上的，只填区划。",
    )  # fmt: skip
    area = PickField(
        picker="areas", noun="区划", found=lambda actor: places.areas(actor=actor), label="区划", either=True
    )
    category = PickField(picker="categories", noun="类别", found=categories, label="问题类别")
    source = forms.ChoiceField(label="来源", choices=Source.choices, initial=Source.PATROL)
    description = NoteField(label="描述", max_length=2000, rows=4, help_text="哪里、什么问题、到什么程度。")
    photos = PhotosField(label="照片", required=False)
    token = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput, initial=secrets.token_urlsafe)
    """Tells a second tap on one form from two findings in the same words."""

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not self.errors and not values.get("site") and not values.get("area"):
            self.add_error("site", "点位和区划至少填一个。")
        return values

    def arguments(self) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        return {**values, "source": Source(values["source"]), "code": ""}


class BulkDispatchForm(ActionForm):
    """`thing` is what was ticked."""

    to = _unit()


class BulkCloseForm(ActionForm):
    """`thing` is what was ticked. What has no photo of how it looks now is named once before it is closed.

    `asked` are the numbers the tick is asked for: it holds for these, and for no other ticked later.
    """

    without = WithoutPhoto()
    asked: Sequence[str] = ()

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        bare = [one.code for one in queries.without_after_photo(self.thing)]
        given = cast("QueryDict", self.data)
        confirmed = given.getlist("asked") if values.get("without") else []
        if not set(bare) <= set(confirmed):
            self.asked, self.data = bare, given.copy()
            self.data.pop("without", None)
            _ask_without(self, f"{'、'.join(bare)} 没有整改后照片。请先补上；确实没有的，勾选这一项再提交。")
        return values

    def arguments(self) -> dict[str, Any]:
        return {}
