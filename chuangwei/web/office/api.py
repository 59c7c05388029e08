"""What the pickers of forms ask for while somebody types: read-only JSON, at most twenty rows, only what one may see.

Every operation is a `@page`: a stranger gets 404, nothing can be written, nobody passes whose password is not their own.
"""

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

from django.db.models import Case, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path
from ninja import NinjaAPI, Query, Schema
from ninja.errors import ValidationError
from pydantic import Field

from chuangwei.core import clock
from chuangwei.core.actor import Actor
from chuangwei.core.text import free_text
from chuangwei.domain.inspections import queries as inspections
from chuangwei.domain.organisation import queries as organisation
from chuangwei.domain.organisation.permissions import (
    areas_to_choose,
    may_see_residents,
    persons_to_choose,
    units_to_choose,
)
from chuangwei.domain.places import queries as places
from chuangwei.domain.standards.enums import Permission as Standards
from chuangwei.domain.standards.models import Category
from chuangwei.web.office.documents import picking
from chuangwei.web.shared.surfaces import UNPROCESSABLE, OfficeRequest, page

MOST = 20
LONGEST = 50
READABLE = r"^[^\x00]*$"
"""The edge refuses the one character no database takes; the description says so too."""
api = NinjaAPI(title="创卫：表单选择器", version="1", docs_url=None, openapi_url=None, urls_namespace="api")


class Choice(Schema):
    """One row of a picker."""

    code: str = Field(description="编码，表单提交的值")
    name: str = Field(description="名称")
    hint: str = Field(description="用来分辨重名的说明，可以为空")


class Refusal(Schema):
    """Why a question cannot be answered."""

    message: str = Field(description="原因，可直接显示")


class Asked(Schema):
    """What somebody has typed so far."""

    q: str = Field("", max_length=LONGEST, pattern=READABLE, description="名称的一部分，或编码的开头；空则从头列出")


Answers = dict[int, Any]
ANSWERS: Answers = {200: list[Choice], 400: Refusal, UNPROCESSABLE: Refusal}


@api.exception_handler(ValidationError)
def refused(request: HttpRequest, error: Exception) -> HttpResponse:
    return JsonResponse({"message": f"要找的词太长，最多 {LONGEST} 个字。"}, status=UNPROCESSABLE)


@api.get("/sites", response=ANSWERS, summary="点位", operation_id="sites")
def sites(request: OfficeRequest, asked: Query[Asked]) -> list[Choice]:
    found = places.sites(actor=request.actor).filter(places.existing_on(clock.today())).select_related("area", "kind")
    if not may_see_residents(request.actor):
        found = found.filter(kind__is_household=False)
    return [
        Choice(code=row.code, name=row.name, hint=f"{row.area.name} {row.kind.name}") for row in _near(found, asked)
    ]


@api.get("/areas", response=ANSWERS, summary="区划", operation_id="areas")
def areas(request: OfficeRequest, asked: Query[Asked]) -> list[Choice]:
    seen = _or_handed_out(places.areas(actor=request.actor), areas_to_choose(request.actor))
    found = seen.filter(places.existing_on(clock.today())).select_related("parent")
    return [
        Choice(code=row.code, name=row.name, hint=_joined(row.parent.name if row.parent else "", row.kind))
        for row in _near(found, asked)
    ]


@api.get("/units", response=ANSWERS, summary="单位", operation_id="units")
def units(request: OfficeRequest, asked: Query[Asked]) -> list[Choice]:
    seen = _or_handed_out(organisation.units(actor=request.actor), units_to_choose(request.actor))
    found = seen.select_related("parent")
    return [
        Choice(code=row.code, name=row.name, hint=_joined(row.parent.name if row.parent else "", row.kind))
        for row in _near(found, asked)
    ]


@api.get("/persons", response=ANSWERS, summary="人员", operation_id="persons")
def persons(request: OfficeRequest, asked: Query[Asked]) -> list[Choice]:
    """Without any telephone number: those are seen on a person's page, with a reason."""
    rows = _near(_or_handed_out(organisation.persons(actor=request.actor), persons_to_choose(request.actor)), asked)
    serving = organisation.units_of_persons(day=clock.today(), persons=[row.code for row in rows])
    names = organisation.names_of_holders([code for codes in serving.values() for code in codes[:1]])
    return [
        Choice(code=row.code, name=row.name, hint=_joined(names.get(next(iter(serving.get(row.code, [])), ""), ""), row.title))
        for row in rows
    ]  # fmt: skip


@api.get("/rounds", response=ANSWERS, summary="轮次", operation_id="rounds")
def rounds(request: OfficeRequest, asked: Query[Asked]) -> list[Choice]:
    found = inspections.rounds(actor=request.actor)
    return [
        Choice(code=row.code, name=row.name, hint=f"{row.get_kind_display()} {row.starts_on}")
        for row in _near(found, asked)
    ]


@api.get("/categories", response=ANSWERS, summary="问题类别", operation_id="categories")
def categories(request: OfficeRequest, asked: Query[Asked]) -> list[Choice]:
    found = _categories(request.actor).select_related("parent")
    return [
        Choice(code=row.code, name=row.name, hint=row.parent.name if row.parent else "") for row in _near(found, asked)
    ]


@api.get("/periods", response=ANSWERS, summary="可以起草公文的评比周期", operation_id="periods")
def periods(request: OfficeRequest, asked: Query[Asked]) -> list[Choice]:
    return _picked(picking.periods(request.actor, _typed(asked)))


@api.get("/flags", response=ANSWERS, summary="可以出证书的红旗、黄旗", operation_id="flags")
def flags(request: OfficeRequest, asked: Query[Asked]) -> list[Choice]:
    return _picked(picking.flags(request.actor, _typed(asked)))


@api.get("/problems", response=ANSWERS, summary="可以下达整改通知单的问题", operation_id="problems")
def problems(request: OfficeRequest, asked: Query[Asked]) -> list[Choice]:
    return _picked(picking.problems(request.actor, _typed(asked)))


def _picked(found: Iterable[picking.Pick]) -> list[Choice]:
    return [Choice(code=one.code, name=one.name, hint=one.hint) for one in islice(found, MOST)]


def _typed(asked: Asked) -> str:
    return free_text(asked.q).replace("\0", "")


def _or_handed_out(seen: QuerySet[Any], to_choose: QuerySet[Any]) -> QuerySet[Any]:
    """What one may see; and what whoever manages accounts gives them: she sees no register otherwise."""
    return seen.model.objects.filter(
        Q(pk__in=seen.order_by().values("pk")) | Q(pk__in=to_choose.order_by().values("pk"))
    )


def _categories(actor: Actor) -> QuerySet[Category]:
    """Those in use."""
    if not actor.may(Standards.VIEW):
        return Category.objects.none()
    return Category.objects.filter(Q(retired_on__isnull=True) | Q(retired_on__gt=clock.today()))


def _near(found: QuerySet[Any], asked: Asked) -> list[Any]:
    """The first rows that fit: a code written out, then names that begin so, then the others, each by code."""
    words = _typed(asked)
    if not words:
        return list(found.order_by("code")[:MOST])
    nearness = Case(
        When(code__iexact=words, then=Value(0)), When(name__istartswith=words, then=Value(1)), default=Value(2)
    )
    fitting = found.filter(Q(name__icontains=words) | Q(code__istartswith=words))
    return list(fitting.order_by(nearness, "code")[:MOST])


def _joined(*words: str) -> str:
    return " ".join(word for word in words if word)


@page
def described(request: OfficeRequest) -> HttpResponse:
    """The OpenAPI description, to whoever is signed in."""
    return JsonResponse(api.get_openapi_schema(path_prefix="/api/"))


def _guarded(one: URLPattern) -> URLPattern:
    view: Callable[..., Any] = page(one.callback)
    return path(str(one.pattern), view, name=one.name)


urlpatterns = [
    path("openapi.json", described, name="openapi"),
    *(_guarded(one) for one in api.urls[0] if isinstance(one, URLPattern) and one.name != "api-root"),
]
