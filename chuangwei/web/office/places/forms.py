"""What people fill in to keep areas and sites."""

from typing import Any

from django import forms

from chuangwei.core import clock, geo
from chuangwei.domain.places import queries
from chuangwei.domain.places.actions import GivenPosition, NewArea
from chuangwei.domain.places.enums import Datum
from chuangwei.domain.places.models import Area, Site, SiteKind
from chuangwei.web.shared.forms import ActionForm, DayField, PickField

DATUMS = [
    (Datum.WGS84, "WGS84 / CGCS2000（天地图、手机定位）"),
    (Datum.GCJ02, "GCJ-02（高德、腾讯地图）"),
    (Datum.BD09, "BD-09（百度地图）"),
]
MOST_PARTS = 4
STAYS = ""


def _area(label: str, **options: Any) -> PickField:
    return PickField(
        picker="areas", noun="区划", found=lambda actor: queries.areas(actor=actor), label=label, **options
    )


def _note(label: str = "依据或理由", *, required: bool = False) -> forms.CharField:
    return forms.CharField(label=label, required=required, max_length=200)


def _day(label: str, **options: Any) -> DayField:
    return DayField(label=label, initial=clock.today, **options)


# --- Areas ------------------------------------------------------------------------------------------------------------


class AreaChange(ActionForm):
    name = forms.CharField(label="名称", max_length=100)
    kind = forms.ChoiceField(label="类型")
    parent = _area("上级", required=False, help_text="最上级的区划没有上级，留空不改。")
    from_on = _day("自哪天起")
    note = _note()

    def prepare(self) -> None:
        kinds = Area.objects.order_by("depth", "kind").values_list("kind", flat=True)
        self.fields["kind"].choices = [(kind, kind) for kind in dict.fromkeys(kinds)]  # type: ignore[attr-defined]


class AreaMerge(ActionForm):
    into = _area("并入")
    on = _day("自哪天起不再存在")
    note = _note()


class AreaFacts(ActionForm):
    population = forms.IntegerField(label="人口", required=False, min_value=0)
    households = forms.IntegerField(label="户数", required=False, min_value=0)


class AreaSplit(ActionForm):
    """New areas by number; every child and site of the old one says to which it goes (or that it stays)."""

    from_on = _day("自哪天起")
    ends = forms.BooleanField(label="原区划同时撤销（须全部分出去）", required=False)
    note = _note()

    def prepare(self) -> None:
        self.numbers = range(1, MOST_PARTS + 1)
        for number in self.numbers:
            required = number == 1
            self.fields[f"code{number}"] = forms.CharField(
                label=f"新区划{number}编码", required=required, max_length=64
            )
            self.fields[f"name{number}"] = forms.CharField(
                label=f"新区划{number}名称", required=required, max_length=100
            )
        stays: list[tuple[str, str]] = [(STAYS, "留在原区划")]
        choices = [*stays, *((str(number), f"新区划{number}") for number in self.numbers)]
        now = queries.existing_on(clock.today())
        children = self.thing.children.filter(now).order_by("code").values_list("code", "name", "kind")
        sites = self.thing.sites.filter(now).order_by("code").values_list("code", "name", "kind__name")
        self.taken = {
            f"to_{place}": code for place, (code, _, _) in enumerate([*children, *sites])
        }  # fmt: skip
        for key, (_, name, kind) in zip(self.taken, [*children, *sites], strict=True):
            self.fields[key] = forms.ChoiceField(label=f"{name}（{kind}）", choices=choices, required=False)

    def new_areas(self) -> list[dict[str, Any]]:
        """The fields of each new area, for the page."""
        return [{"number": n, "code": self[f"code{n}"], "name": self[f"name{n}"]} for n in self.numbers]

    def things(self) -> list[forms.BoundField]:
        """The fields of what may be given away."""
        return [self[key] for key in self.taken]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for number in self.numbers:
            code, name = values.get(f"code{number}"), values.get(f"name{number}")
            if bool(code) != bool(name) and number > 1:
                self.add_error(f"name{number}" if code else f"code{number}", "编码和名称须同时填写。")
            if not code and any(values.get(key) == str(number) for key in self.taken):
                self.add_error(f"code{number}", f"有下级分给了新区划{number}，请填写它的编码和名称。")
        return values

    def arguments(self) -> dict[str, Any]:
        values = self.cleaned_data
        parts = [
            NewArea(
                values[f"code{number}"], values[f"name{number}"],
                tuple(code for key, code in self.taken.items() if values[key] == str(number)),
            )
            for number in self.numbers
            if values[f"code{number}"]
        ]  # fmt: skip
        return {"parts": parts, "from_on": values["from_on"], "ends": values["ends"], "note": values["note"]}


# --- Sites ------------------------------------------------------------------------------------------------------------


class Positioned(ActionForm):
    """A form with a position in one of three datums; the action is given one value for the three fields."""

    longitude = forms.FloatField(label="经度", required=False, widget=forms.TextInput(attrs={"inputmode": "decimal"}))
    latitude = forms.FloatField(label="纬度", required=False, widget=forms.TextInput(attrs={"inputmode": "decimal"}))
    datum = forms.ChoiceField(
        label="坐标系", choices=DATUMS, help_text="存入时换算成 WGS84，原来填的也留存。"
    )  # fmt: skip
    note = forms.CharField(
        label="备注", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"})
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        longitude, latitude = values.get("longitude"), values.get("latitude")
        if (longitude is None) != (latitude is None):
            self.add_error("latitude" if latitude is None else "longitude", "经度和纬度须同时填写，或都不填。")
        elif longitude is not None and latitude is not None and (fault := geo.position_fault(longitude, latitude)):
            self.add_error("longitude" if fault.startswith("经度") else "latitude", fault)
        return values

    def arguments(self) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        longitude, latitude, datum = values.pop("longitude"), values.pop("latitude"), values.pop("datum")
        position = None if longitude is None else GivenPosition(longitude, latitude, datum)
        return {**values, "position": position}


class SiteNew(Positioned):
    code = forms.CharField(label="编码", max_length=64)
    name = forms.CharField(label="名称", max_length=100)
    kind = forms.ModelChoiceField(
        label="类型", queryset=SiteKind.objects.none(), to_field_name="code", empty_label="请选择"
    )
    area = _area("所属区划")
    starts_on = DayField(label="设立日期", required=False, help_text="不填表示一直就有。")
    field_order = ("code", "name", "kind", "area", "starts_on")

    def prepare(self) -> None:
        _offer_kinds(self)


class SiteEdit(Positioned):
    name = forms.CharField(label="名称", max_length=100)
    field_order = ("name",)


class SiteChange(ActionForm):
    kind = forms.ModelChoiceField(label="类型", queryset=SiteKind.objects.none(), to_field_name="code")
    area = _area("所属区划")
    from_on = _day("自哪天起")
    note = _note()

    def prepare(self) -> None:
        _offer_kinds(self)


class SiteDesignate(ActionForm):
    from_on = _day("自哪天起")
    paper = forms.CharField(label="依据文件", required=False, max_length=200)


class SiteUndesignate(ActionForm):
    to_on = _day("最后一天")
    note = _note()


class SiteClose(ActionForm):
    ends_on = _day("最后一天")
    note = _note("理由", required=True)


def _offer_kinds(form: ActionForm) -> None:
    field: Any = form.fields["kind"]
    field.queryset = queries.site_kinds().filter(retired_on__isnull=True).order_by("name")


def begins_with_site(site: Site) -> dict[str, Any]:
    """What a form about a site holds at first: the position as it was given, in the datum it was given in."""
    given = site.given_longitude is not None
    return {
        "name": site.name, "kind": site.kind.code, "area": site.area.code, "note": site.note, "datum": site.datum,
        "longitude": site.given_longitude if given else site.longitude,
        "latitude": site.given_latitude if given else site.latitude,
    }  # fmt: skip
