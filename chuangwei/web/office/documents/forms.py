"""What people fill in about papers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from chuangwei.domain.documents import permissions
from chuangwei.domain.documents.models import Paper
from chuangwei.domain.documents.queries import WISHES, kinds
from chuangwei.domain.organisation import queries as organisation
from chuangwei.web.office.documents import picking
from chuangwei.web.shared.forms import ActionForm

WHICH = "which"
PICKERS = {"area": picking.AREAS, "problem": picking.PROBLEMS}
LONGEST_CODE = 160
LONGEST_WISH = {"title": 120, "recipients": 200, "closing": 2000}


class CodeField(forms.CharField):
    """The code of something that is picked by typing, and read by whoever writes the paper."""

    def __init__(self, *, picker: str, **options: Any) -> None:
        super().__init__(max_length=LONGEST_CODE, **options)
        self.picker = picker


class DraftForm(ActionForm):
    """What a kind must be told, `thing` being its slug: a period, with its series, and a flag are picked as one."""

    def prepare(self) -> None:
        asks = {ask.key: ask for ask in kinds()[self.thing].asks}
        if {"series", "period"} <= asks.keys():
            of_flag = "subject" in asks
            name, label = (picking.FLAGS, "哪一面旗") if of_flag else (picking.PERIODS, "评比周期")
            self.fields[WHICH] = CodeField(
                picker=name, label=label, help_text="输入社区、周期或评比的名称，从列表里选。"
            )
            asks = {key: ask for key, ask in asks.items() if key not in ("series", "period", "subject", "area")}
        for ask in asks.values():
            is_required = ask.is_required or (ask.key == "area" and not permissions.covers(self.actor, None))
            if ask.key in PICKERS:
                self.fields[ask.key] = CodeField(picker=PICKERS[ask.key], label=ask.label, required=is_required)
            else:
                hint = f"如 {ask.example}" if ask.example else ""
                self.fields[ask.key] = forms.CharField(
                    label=ask.label, required=is_required, max_length=LONGEST_CODE, help_text=hint
                )  # fmt: skip

    @staticmethod
    def given(about: Mapping[str, str]) -> dict[str, str]:
        """What an address already names, as the form's own fields."""
        return {**about, WHICH: picking.code_of(about)}

    def clean_which(self) -> str:
        code: str = self.cleaned_data[WHICH]
        if not picking.about_of(code):
            raise forms.ValidationError("没有这一项，请从列表里选。")
        return code

    def arguments(self) -> dict[str, Any]:
        told = {key: value for key, value in self.cleaned_data.items() if value and key != WHICH}
        return {"kind": self.thing, "about": {**picking.about_of(self.cleaned_data.get(WHICH, "")), **told}}


class WishesForm(ActionForm):
    """What whoever drafts may put in other words."""

    title = forms.CharField(
        label=WISHES["title"], required=False, max_length=LONGEST_WISH["title"], help_text="空着则按种类自动拟定"
    )
    recipients = forms.CharField(
        label=WISHES["recipients"],
        required=False,
        max_length=LONGEST_WISH["recipients"],
        help_text="空着则用预设的主送机关",
    )
    closing = forms.CharField(
        label=WISHES["closing"],
        required=False,
        max_length=LONGEST_WISH["closing"],
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="接在正文末尾，每行一段；只印在内部版里。正文中的数字由程序按现在的数据重新生成。",
    )

    def arguments(self) -> dict[str, Any]:
        return {"paper": self.thing, "wishes": {key: value for key, value in self.cleaned_data.items() if value}}


@dataclass(frozen=True)
class UnitGroup:
    """The units of one kind as the form offers them."""

    title: str
    choices: list[Any]


class UnitsForm(ActionForm):
    """To whom a paper goes; those that have it already are not asked for again."""

    units: Any = forms.ModelMultipleChoiceField(
        label="收文单位",
        queryset=None,
        to_field_name="code",
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        error_messages={"required": "请至少选一个收文单位。"},
    )

    def prepare(self) -> None:
        paper: Paper = self.thing
        have = paper.deliveries.values("unit")
        field: Any = self.fields["units"]
        field.queryset = organisation.units(actor=self.actor).exclude(pk__in=have).order_by("code")

    def groups(self) -> list[UnitGroup]:
        """The boxes to tick, kind by kind; the kind of which most are ticked comes first."""
        kinds_of = dict(self.fields["units"].queryset.values_list("code", "kind"))  # type: ignore[attr-defined]
        found: dict[str, list[Any]] = {}
        for box in self["units"]:
            found.setdefault(kinds_of[str(box.data["value"])], []).append(box)
        groups = [UnitGroup(kind, boxes) for kind, boxes in found.items()]
        return sorted(groups, key=lambda group: -sum(box.data["selected"] for box in group.choices))

    def arguments(self) -> dict[str, Any]:
        return {"paper": self.thing, "units": list(self.cleaned_data["units"])}
