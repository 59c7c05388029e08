"""The sheet: an inspector chooses a round and a site, fills the sheet in, and hands it in."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, BinaryIO, cast

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from chuangwei.core import clock
from chuangwei.core.errors import DomainError, NotAllowed, NotFound, StaleState
from chuangwei.core.text import code_text, free_text
from chuangwei.domain.inspections import actions, permissions, queries
from chuangwei.domain.inspections.enums import Permission, Result
from chuangwei.domain.inspections.models import NO_SCORE, Round, SheetDraft
from chuangwei.domain.organisation.models import Person
from chuangwei.domain.organisation.permissions import visible_persons
from chuangwei.domain.places import queries as places
from chuangwei.domain.places.models import Site
from chuangwei.domain.standards.models import Checklist
from chuangwei.web.office.inspections import sheet_lines
from chuangwei.web.office.inspections.sheet_lines import MORE, PHOTO_FIELDS, WHEN, WHO, SheetLine
from chuangwei.web.office.places import households
from chuangwei.web.shared.crumbs import Crumb
from chuangwei.web.shared.links import page_of
from chuangwei.web.shared.picking import rows_of, words_in
from chuangwei.web.shared.rendering import get_or_404, render_page, require_or_404
from chuangwei.web.shared.surfaces import UNPROCESSABLE, OfficeRequest, command, page
from chuangwei.web.shared.templatetags.words import hundredths, points

TEMPLATE = "office/inspections/sheet_form.html"
MINUTE = "%Y-%m-%dT%H:%M"
LONGEST_STAMP = 16
"""Digits of microseconds since 1970: enough until 2286."""


@dataclass(frozen=True)
class Total:
    """How far the sheet is, and what it comes to: a score only once every check is answered."""

    answered: int
    checks: int
    unset: str
    """The code of the first check that is not answered yet."""
    score: str
    words: str
    lost: str
    failed: int
    is_vetoed: bool
    saved_at: datetime | None


@dataclass(frozen=True)
class Desk:
    """One sheet on the table: where it belongs, what is on it."""

    each: Round
    site: Site
    checklist: Checklist
    draft: SheetDraft | None
    content: dict[str, Any]
    lines: list[SheetLine]


# --- Where to -----------------------------------------------------------------------------------------------------------


@page
def sheet_list(request: OfficeRequest) -> HttpResponse:
    """The rounds one may record in today, and the sheets one has begun."""
    require_or_404(request.actor.may(Permission.RECORD))
    rounds = list(queries.running_rounds(actor=request.actor, at=clock.now())[:50])
    done = queries.progress(rounds, actor=request.actor)
    drafts = queries.drafts(actor=request.actor)[:50]
    return render_page(
        request, "office/inspections/sheet_list.html",
        rounds=[(each, done[each.pk], reverse("office:sheet_sites", args=[each.code])) for each in rounds],
        drafts=[(draft, _name(request, draft.site), _address(draft.round, draft.site)) for draft in drafts],
        may_plan=permissions.may_plan(request.actor),
    )  # fmt: skip


@page
def sheet_sites(request: OfficeRequest, code: str) -> HttpResponse:
    """Where to go in a round: what is left first."""
    each = _round(request, code)
    words = free_text(request.GET.get("q", "").replace("\0", ""))[:64]
    sites = queries.sites_to_visit(each, actor=request.actor, words=words)
    return render_page(
        request, "office/inspections/sheet_sites.html", part="sites",
        each=each, words=words, progress=queries.progress([each], actor=request.actor)[each.pk],
        sites=[(site, _name(request, site), _address(each, site)) for site in sites],
        trail=[Crumb("录入检查", reverse("office:sheet_list")), Crumb(each.name)],
    )  # fmt: skip


# --- The sheet ----------------------------------------------------------------------------------------------------------


@page
def sheet_form(request: OfficeRequest, code: str, site: str) -> HttpResponse:
    each, place = _round(request, code), _site(request, site)
    desk = _desk(request, each, place)
    return _sheet_page(request, desk)


@command
def sheet_save(request: OfficeRequest, code: str, site: str) -> HttpResponse:
    """Keep what is filled in so far, and answer with how far it is; with `photos=`, with the photos of that check.

    With `rest` every check that is still unset has passed: 其余全部合格.
    """
    each, place = _round(request, code), _site(request, site)
    checklist = queries.checklist_for(each, place.kind.code)
    content = sheet_lines.sent(request.POST, checklist)
    said = "草稿已保存。"
    if request.POST.get("rest"):
        content, many = sheet_lines.rest_passed(checklist, content)
        said = f"其余 {many} 项已填为合格，请核对后交表。" if many else "各项都已填过，没有改动。"
    draft = _saved(request, each, place, checklist, content)
    desk = _desk(request, each, place, draft=draft)
    if not request.htmx:
        messages.success(request, said)
        return redirect(_address(each, place))
    wanted = request.GET.get("photos", "")
    line = next((line for line in desk.lines if line.code == wanted), None)
    if line is not None:
        return render_page(request, "office/inspections/sheet_photos.html", line=line, save=_save_address(desk))
    return render_page(request, TEMPLATE, part="total", total=_total(desk), **_addresses(desk))


@command
def sheet_hand_in(request: OfficeRequest, code: str, site: str) -> HttpResponse:
    each, place = _round(request, code), _site(request, site)
    checklist = queries.checklist_for(each, place.kind.code)
    try:
        draft = _saved(request, each, place, checklist, sheet_lines.sent(request.POST, checklist))
        desk = _desk(request, each, place, draft=draft)
        missing = [line for line in desk.lines if not line.is_answered]
        if missing:
            return _sheet_page(request, desk, missing=missing, status=UNPROCESSABLE)
        visit = actions.record_visit(
            each=each, site=place, visited_at=_visited_at(desk), inspectors=_inspectors(request, desk),
            findings=sheet_lines.findings(desk.lines), by=request.actor, at=clock.now(),
        )  # fmt: skip
    except (NotAllowed, NotFound, StaleState):
        raise
    except DomainError as refusal:
        return _sheet_page(request, _desk(request, each, place), message=refusal.message, status=UNPROCESSABLE)
    score = _score_text(visit.score_hundredths)
    told = score if visit.score_hundredths == NO_SCORE else f"得分 {score}"
    messages.success(request, f"已录入“{_name(request, place)}”的检查，{told}。")
    return redirect(page_of("visit", visit.code))


@command
def sheet_discard(request: OfficeRequest, code: str, site: str) -> HttpResponse:
    each, place = _round(request, code), _site(request, site)
    draft = queries.draft_of(each, place, actor=request.actor)
    if draft is not None:
        actions.discard_sheet(draft=draft, by=request.actor)
        messages.success(request, f"已丢弃“{_name(request, place)}”的草稿。")
    return redirect("office:sheet_sites", each.code)


def _round(request: OfficeRequest, code: str) -> Round:
    each: Round = get_or_404(queries.rounds(actor=request.actor), code=code)
    require_or_404(permissions.may_record(request.actor, each))
    return each


def _site(request: OfficeRequest, code: str) -> Site:
    found: Site = get_or_404(places.sites(actor=request.actor), code=code)
    return found


def _name(request: OfficeRequest, site: Site) -> str:
    return households.name_of(request.actor, site)


def _saved(
    request: OfficeRequest, each: Round, place: Site, checklist: Checklist, content: dict[str, Any]
) -> SheetDraft:  # fmt: skip
    """The draft with this content; photos that came along are kept with it."""
    photos: dict[tuple[str, str], list[actions.Upload]] = {}
    for check in checklist.checks.values_list("code", flat=True):
        for field, stage in PHOTO_FIELDS.items():
            files = request.FILES.getlist(f"{field}.{check}")
            if files:
                photos[check, stage] = [(cast("BinaryIO", one), one.name or "") for one in files]
    return actions.save_sheet(
        each=each, site=place, content=content, photos=photos, opened_at=_opened_at(request), by=request.actor,
        at=clock.now(),
    )  # fmt: skip


def _opened_at(request: OfficeRequest) -> datetime | None:
    """When the page that was sent had been shown."""
    text = request.POST.get("opened", "")
    if not text.isascii() or not text.isdigit() or len(text) > LONGEST_STAMP:
        return None
    return datetime.fromtimestamp(0, UTC) + timedelta(microseconds=int(text))


def _desk(request: OfficeRequest, each: Round, place: Site, *, draft: SheetDraft | None = None) -> Desk:
    draft = draft or queries.draft_of(each, place, actor=request.actor)
    checklist = queries.checklist_for(each, place.kind.code)
    content = dict(draft.content) if draft else {}
    return Desk(
        each, place, checklist, draft, content, sheet_lines.lines(checklist, content, queries.draft_photos(draft))
    )


def _sheet_page(
    request: OfficeRequest, desk: Desk, *, message: str = "", missing: Sequence[SheetLine] = (), status: int = 200
) -> HttpResponse:  # fmt: skip
    now = clock.now()
    visited_at = sheet_lines.instant_of(str(desk.content.get(WHEN, ""))) or now
    return render_page(
        request, TEMPLATE, status=status,
        each=desk.each, site=desk.site, name=_name(request, desk.site), checklist=desk.checklist, lines=desk.lines, draft=desk.draft,
        total=_total(desk), message=message, missing=missing, hidden=desk.each.is_hidden,
        opened=round(now.timestamp() * 1_000_000),
        visited_at=f"{clock.local(visited_at):{MINUTE}}", team=_team(request, desk), **_others(request, desk),
        **_addresses(desk),
        trail=[
            Crumb("录入检查", reverse("office:sheet_list")),
            Crumb(desk.each.name, reverse("office:sheet_sites", args=[desk.each.code])), Crumb(_name(request, desk.site)),
        ],
    )  # fmt: skip


def _team(request: OfficeRequest, desk: Desk) -> list[tuple[Person, bool]]:
    """Whom one may tick as inspector; oneself is ticked on a sheet that is new."""
    persons = list(queries.team_persons(desk.each, clock.today())[:60])
    own = request.actor.person_code
    if own and own not in {person.code for person in persons} and not permissions.has_team(desk.each):
        persons += list(Person.objects.filter(code=own))
    ticked = set(desk.content.get(WHO, ())) if desk.draft else {own}
    return [(person, person.code in ticked) for person in persons]


def _others(request: OfficeRequest, desk: Desk) -> dict[str, Any]:
    """Who else may be written down: anybody, in a round without a team."""
    more = str(desk.content.get(MORE, ""))
    known = visible_persons(request.actor).filter(code__in=words_in(more)).values_list("code", "name") if more else ()
    names = json.dumps(dict(known), ensure_ascii=False)
    return {"takes_others": not permissions.has_team(desk.each), "more": more, "more_names": names}


def _inspectors(request: OfficeRequest, desk: Desk) -> list[Person]:
    """Those ticked, then those written or picked besides; DomainError for one that is nobody the actor may see."""
    ticked = [code_text(code) for code in desk.content.get(WHO, ())]
    team = {person.code: person for person, _ in _team(request, desk)}
    unknown = [code for code in ticked if code not in team]
    if unknown:
        raise DomainError(f"没有编码为 {'、'.join(unknown[:5])} 的人员，请改正检查人。")
    known = Person.objects.filter(Q(pk__in=visible_persons(request.actor).values("pk")) | Q(code__in=team))
    more = rows_of(str(desk.content.get(MORE, "")), found=known, noun="人员", actor=request.actor)
    return list(dict.fromkeys([*(team[code] for code in ticked), *more]))


def _visited_at(desk: Desk) -> datetime:
    found = sheet_lines.instant_of(str(desk.content.get(WHEN, "")))
    if found is None:
        raise DomainError("请填写检查时间。")
    return found


def _total(desk: Desk) -> Total:
    answered = [line for line in desk.lines if line.is_answered]
    found = sheet_lines.findings(answered)
    total = queries.total_of(desk.checklist.pk, [(one.check, one.found) for one in found])
    scale = 10**queries.POINT_PLACES
    got, possible = Decimal(total.got) / scale, Decimal(total.possible) / scale
    return Total(
        answered=len(answered), checks=len(desk.lines),
        unset=next((line.code for line in desk.lines if not line.is_answered), ""),
        score=_score_text(queries.score_hundredths(total)), words=f"得 {points(got)} 分，应得 {points(possible)} 分",
        lost=points(possible - got), failed=sum(one.result == Result.FAIL for one in found), is_vetoed=total.is_vetoed,
        saved_at=desk.draft.saved_at if desk.draft else None,
    )  # fmt: skip


def _score_text(score: int) -> str:
    return "不计分" if score == NO_SCORE else hundredths(score)


def _address(each: Round, site: Site) -> str:
    return reverse("office:sheet_form", args=[each.code, site.code])


def _save_address(desk: Desk) -> str:
    return reverse("office:sheet_save", args=[desk.each.code, desk.site.code])


def _addresses(desk: Desk) -> dict[str, Any]:
    codes = [desk.each.code, desk.site.code]
    return {
        "save": _save_address(desk), "hand_in": reverse("office:sheet_hand_in", args=codes),
        "discard": reverse("office:sheet_discard", args=codes),
    }  # fmt: skip
