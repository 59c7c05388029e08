"""Presets as words: which holds where since when, what each version says, what it changes, and taking one up."""

import difflib
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from chuangwei.core import clock, presets
from chuangwei.core.errors import DomainError, Refused
from chuangwei.core.models import PresetUse, PresetVersion
from chuangwei.core.presets import PresetDocument
from chuangwei.domain.organisation import actions
from chuangwei.domain.organisation.enums import Permission
from chuangwei.domain.organisation.permissions import may_use_presets
from chuangwei.domain.places.models import Area
from chuangwei.web.office.presets.wording import Change, changes, chapters
from chuangwei.web.shared.crumbs import Crumb
from chuangwei.web.shared.listing import day_of
from chuangwei.web.shared.rendering import get_or_404, render_page, require_or_404
from chuangwei.web.shared.surfaces import UNPROCESSABLE, OfficeRequest, command, page

TITLE = "预设"
LARGEST = 512 * 1024
EVERYWHERE = "全域"


@dataclass(frozen=True)
class Held:
    """One use of a preset, as the list tells it."""

    place: str
    use: PresetUse
    is_current: bool


@page
def preset_list(request: OfficeRequest) -> HttpResponse:
    return _list(request)


def _list(request: OfficeRequest, *, refusal: DomainError | None = None, status: int = 200) -> HttpResponse:
    require_or_404(request.actor.may(Permission.PRESETS))
    return render_page(
        request, "office/presets/list.html",
        status=status,
        held=_held(),
        bundled=[presets.open_preset(slug) for slug in presets.bundled()],
        versions=PresetVersion.objects.order_by("slug", "-number"),
        message=refusal.message if refusal else "",
        mistakes=[one.message for one in refusal.mistakes] if isinstance(refusal, Refused) else [],
        may_adopt=may_use_presets(request.actor),
    )  # fmt: skip


def _held() -> list[Held]:
    """Every use, the current one of each place marked."""
    # What holds from the beginning has no day; PostgreSQL would put it last.
    begun_first = F("from_on").asc(nulls_first=True)
    uses = list(PresetUse.objects.select_related("version").order_by("area_code", begun_first))
    names = dict(Area.objects.filter(code__in=[use.area_code for use in uses]).values_list("code", "name"))
    begun = [use for use in uses if use.from_on is None or use.from_on <= clock.today()]
    current = {use.area_code: use.pk for use in begun}
    return [Held(names.get(use.area_code, EVERYWHERE), use, current.get(use.area_code) == use.pk) for use in uses]


@command
def preset_upload(request: OfficeRequest) -> HttpResponse:
    """Read a file and keep it as a version; nothing holds by that alone."""
    require_or_404(may_use_presets(request.actor))
    file = request.FILES.get("file")
    try:
        if file is None or not file.size:
            raise DomainError("请先选择预设文件（.toml）。")
        if file.size > LARGEST:
            raise DomainError("预设文件太大，最多 512 KB。")
        document = presets.read_preset(_text(file.read()), file.name or "预设")
        version = actions.keep_preset(document=document, by=request.actor, at=clock.now())
    except DomainError as refusal:
        return _list(request, refusal=refusal, status=UNPROCESSABLE)
    return _to(version)


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DomainError("预设文件不是 UTF-8 编码的文本。") from None


def _bundled(slug: str) -> PresetDocument:
    require_or_404(slug in presets.bundled())
    return presets.open_preset(slug)


@page
def preset_bundled(request: OfficeRequest, slug: str) -> HttpResponse:
    """What a preset that comes with the program says; kept as a version before it can be taken up."""
    require_or_404(request.actor.may(Permission.PRESETS))
    document = _bundled(slug)
    kept = PresetVersion.objects.filter(slug=slug, digest=document.digest).first()
    if kept is not None:
        return _to(kept)
    return render_page(
        request, "office/presets/detail.html",
        document=document,
        head=document.sections["preset"],
        chapters=chapters(document),
        keep_address=reverse("office:preset_keep", args=[slug]) if may_use_presets(request.actor) else "",
        trail=[Crumb(TITLE, reverse("office:preset_list")), Crumb(document.title)],
    )  # fmt: skip


@command
def preset_keep(request: OfficeRequest, slug: str) -> HttpResponse:
    require_or_404(may_use_presets(request.actor))
    return _to(actions.keep_preset(document=_bundled(slug), by=request.actor, at=clock.now()))


@page
def preset_detail(request: OfficeRequest, slug: str, number: int) -> HttpResponse:
    return _detail(request, _version(request, slug, number))


@page
def preset_text(request: OfficeRequest, slug: str, number: int) -> HttpResponse:
    """The file of a version as it was handed in."""
    version = _version(request, slug, number)
    response = HttpResponse(version.body, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{version.slug}-{version.number}.toml"'
    return response


@command
def preset_adopt(request: OfficeRequest, slug: str, number: int) -> HttpResponse:
    """Let a version hold in an area (or everywhere) from a day on."""
    version = _version(request, slug, number)
    require_or_404(may_use_presets(request.actor))
    try:
        use = actions.adopt_preset(
            document=_document(version), area=_area(request.POST.get("area", "").strip()),
            from_on=_day(request.POST.get("from_on", "")), by=request.actor, at=clock.now(),
        )  # fmt: skip
    except DomainError as refusal:
        return _detail(request, version, refusal=refusal, status=UNPROCESSABLE)
    messages.success(request, f"已登记：从 {use.from_on} 起启用『{version.title}』。")
    return redirect("office:preset_list")


def _area(code: str) -> Area | None:
    if not code:
        return None
    area = Area.objects.filter(code=code, ends_on=None).first()
    if area is None:
        raise DomainError(f"没有编码为 {code} 的区划。")
    return area


def _day(text: str) -> date:
    day = day_of(text)
    if day is None:
        raise DomainError("请填写从哪一天起启用。")
    return day


def _version(request: OfficeRequest, slug: str, number: int) -> PresetVersion:
    require_or_404(request.actor.may(Permission.PRESETS))
    version: PresetVersion = get_or_404(PresetVersion.objects.all(), slug=slug, number=number)
    return version


def _document(version: PresetVersion) -> PresetDocument:
    return presets.read_preset(version.body, version.slug)


def _to(version: PresetVersion) -> HttpResponse:
    return redirect("office:preset_detail", version.slug, version.number)


def _detail(
    request: OfficeRequest, version: PresetVersion, *, refusal: DomainError | None = None, status: int = 200
) -> HttpResponse:
    document = _document(version)
    other = _compared(request, version)
    return render_page(
        request, "office/presets/detail.html",
        status=status,
        version=version,
        document=document,
        head=document.sections["preset"],
        chapters=chapters(document),
        versions=PresetVersion.objects.filter(slug=version.slug).order_by("-number"),
        uses=[held for held in _held() if held.use.version.pk == version.pk],
        **_difference(other, version, document),
        may_adopt=may_use_presets(request.actor),
        given={"area": request.POST.get("area", ""), "from_on": request.POST.get("from_on", "")},
        message=refusal.message if refusal else "",
        mistakes=[one.message for one in refusal.mistakes] if isinstance(refusal, Refused) else [],
        trail=[Crumb(TITLE, reverse("office:preset_list")), Crumb(f"{version.title} 第 {version.number} 版")],
    )  # fmt: skip


def _compared(request: OfficeRequest, version: PresetVersion) -> PresetVersion | None:
    """The version it is held against: the one asked for, else the one before it."""
    own = PresetVersion.objects.filter(slug=version.slug).exclude(pk=version.pk)
    wanted = request.GET.get("with", "")
    asked = (
        own.filter(number=int(wanted)).first() if wanted.isascii() and wanted.isdigit() and len(wanted) < 9 else None
    )
    return asked or own.filter(number__lt=version.number).order_by("-number").first()


def _difference(other: PresetVersion | None, version: PresetVersion, document: PresetDocument) -> dict[str, Any]:
    if other is None:
        return {"other": None, "changes": [], "lines": []}
    earlier, later = sorted((other, version), key=lambda one: one.number)
    told: list[Change] = changes(_document(earlier), _document(later))
    lines = difflib.unified_diff(earlier.body.splitlines(), later.body.splitlines(), n=1, lineterm="")
    return {"other": other, "earlier": earlier, "later": later, "changes": told, "lines": list(lines)[2:]}
