"""Pages of persons: the list, and one person with units, duties and how to reach her."""

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from chuangwei.core import clock
from chuangwei.core.actor import Actor
from chuangwei.core.text import mask_phone
from chuangwei.domain.organisation import permissions, queries
from chuangwei.domain.organisation.enums import Permission
from chuangwei.domain.organisation.models import Account, Person
from chuangwei.web.office.organisation.chains import duty_lines, holder_addresses
from chuangwei.web.office.organisation.listing import persons_listing
from chuangwei.web.office.organisation.moves import NEW_PERSON, PERSON_MOVES
from chuangwei.web.office.places import moving
from chuangwei.web.office.places.histories import changes
from chuangwei.web.office.places.moving import Where
from chuangwei.web.shared.crumbs import Crumb
from chuangwei.web.shared.exporting import export_listing
from chuangwei.web.shared.links import page_of
from chuangwei.web.shared.rendering import get_or_404, render_page, require_or_404
from chuangwei.web.shared.surfaces import OfficeRequest, command, page

KIND = "organisation.person"


@page
def person_list(request: OfficeRequest) -> HttpResponse:
    actor = request.actor
    require_or_404(actor.may(Permission.VIEW))
    shown = persons_listing(actor).shown(queries.persons(actor=actor), request)
    return render_page(
        request, "office/organisation/person_list.html",
        part="list",
        list=shown,
        rows=_rows(list(shown.page.rows)),
        may_add=permissions.may_edit(actor),
        export_address=reverse("office:person_export") if permissions.may_export(actor) else "",
    )  # fmt: skip


def _rows(found: list[Person]) -> list[dict[str, Any]]:
    """With main unit, roles held today and whether there is an account. Three queries."""
    today, keys = clock.today(), [person.pk for person in found]
    units = queries.main_units(keys, today)
    held: dict[int | None, list[str]] = {}
    for key, role in queries.duties_held(today).filter(person__in=keys).order_by("pk").values_list("person_id", "role"):
        held.setdefault(key, []).append(role)
    signing_in = set(Account.objects.filter(person__in=keys, is_active=True).values_list("person_id", flat=True))
    return [
        {
            "person": person, "address": page_of("person", person.code), "unit": units.get(person.pk),
            "roles": "、".join(dict.fromkeys(held.get(person.pk, []))), "has_account": person.pk in signing_in,
            "phone": mask_phone(person.phone),
        }
        for person in found
    ]  # fmt: skip


@command
def person_export(request: OfficeRequest) -> HttpResponseBase:
    actor = request.actor
    require_or_404(actor.may(Permission.VIEW) and permissions.may_export(actor))
    return export_listing(persons_listing(actor), queries.persons(actor=actor), request, title="人员", by=actor)


@page
def person_detail(request: OfficeRequest, code: str) -> HttpResponse:
    actor = request.actor
    person: Person = get_or_404(queries.persons(actor=actor), code=code)
    duties = duty_lines(actor, queries.duties(actor=actor).filter(person=person).order_by("-starts_on", "-pk"))
    memberships = _memberships(actor, person)
    return render_page(
        request, "office/organisation/person_detail.html",
        person=person,
        trail=[Crumb("人员", reverse("office:person_list")), Crumb(person.name)],
        ways=moving.ways(PERSON_MOVES, actor, person, lambda slug: reverse("office:person_step", args=[code, slug])),
        memberships=memberships,
        has_open=any(one["is_open"] for one in memberships),
        has_account=Account.objects.filter(person=person, is_active=True).exists(),
        duties=[one for one in duties if one.is_now],
        past_duties=[one for one in duties if not one.is_now],
        may_assign=permissions.may_edit(actor),
        changes=changes(KIND, code),
    )  # fmt: skip


def _memberships(actor: Actor, person: Person) -> list[dict[str, Any]]:
    """The newest first, those still served in above all. Two queries."""
    rows = list(person.memberships.select_related("unit").order_by("-pk"))
    addresses = holder_addresses(actor, [row.unit.code for row in rows])
    return [
        {"membership": row, "unit": row.unit, "address": addresses.get(row.unit.code, ""), "is_open": row.to_on is None}
        for row in sorted(rows, key=lambda row: (row.to_on is not None, not row.is_main))
    ]


# --- What is done with a person ----------------------------------------------------------------------------------------


def _new_where() -> Where:
    return Where(
        command=reverse("office:person_create"),
        back=reverse("office:person_list"),
        title=NEW_PERSON.title,
        trail=[Crumb("人员", reverse("office:person_list")), Crumb(NEW_PERSON.title)],
    )


@page
def person_new(request: OfficeRequest) -> HttpResponse:
    move = moving.chosen([NEW_PERSON], request.actor, None, NEW_PERSON.slug)
    return moving.ask(request, move, None, _new_where())


@command
def person_create(request: OfficeRequest) -> HttpResponse:
    move = moving.chosen([NEW_PERSON], request.actor, None, NEW_PERSON.slug)
    return moving.make(request, move, None, _new_where(), back=lambda person: page_of("person", person.code))


def _where(person: Person, move: moving.Move) -> Where:
    back = page_of("person", person.code)
    return Where(
        command=reverse("office:person_move", args=[person.code, move.slug]),
        back=back,
        title=f"{move.title}：{person.name}",
        trail=[Crumb("人员", reverse("office:person_list")), Crumb(person.name, back), Crumb(move.title)],
    )


@page
def person_step(request: OfficeRequest, code: str, move: str) -> HttpResponse:
    person: Person = get_or_404(queries.persons(actor=request.actor), code=code)
    which = moving.chosen(PERSON_MOVES, request.actor, person, move)
    return moving.ask(request, which, person, _where(person, which))


@command
def person_move(request: OfficeRequest, code: str, move: str) -> HttpResponse:
    person: Person = get_or_404(queries.persons(actor=request.actor), code=code)
    which = moving.chosen(PERSON_MOVES, request.actor, person, move)
    return moving.make(request, which, person, _where(person, which))
