"""A private phone for one look, with a reason; and who it is that calls from a number. Both stand in the audit chain."""

from django.http import HttpResponse
from django.urls import reverse

from chuangwei.core import clock
from chuangwei.core.errors import DomainError
from chuangwei.core.text import mask_phone
from chuangwei.domain.organisation import actions
from chuangwei.domain.organisation.enums import ReadingReason
from chuangwei.domain.organisation.models import Person
from chuangwei.domain.organisation.permissions import may_look_up, may_reveal, visible_persons
from chuangwei.web.office.account.records import address_of
from chuangwei.web.office.personal.forms import LookUpForm, ReasonForm
from chuangwei.web.shared.crumbs import Crumb
from chuangwei.web.shared.rendering import get_or_404, render_page, require_or_404
from chuangwei.web.shared.surfaces import UNPROCESSABLE, OfficeRequest, command, page


@command
def person_reveal(request: OfficeRequest, code: str) -> HttpResponse:
    """The number for this view only: nothing keeps it, the next look needs a reason again."""
    person: Person = get_or_404(visible_persons(request.actor), code=code)
    require_or_404(may_reveal(request.actor, person))
    form, phone, fault = ReasonForm(request.POST), "", ""
    if form.is_valid():
        try:
            phone = actions.reveal_phone(
                person=person, reason=form.reason, by=request.actor, at=clock.now(), address=address_of(request)
            )
        except DomainError as refusal:
            fault = refusal.message
    return render_page(
        request, "office/personal/revealed.html", part="phone",
        status=200 if phone else UNPROCESSABLE,
        person=person,
        phone=phone,
        masked=mask_phone(person.phone),
        fault=fault or form.fault,
        may_reveal=True,
        reasons=ReadingReason.choices,
        because=request.POST.get("because", ""),
        words=request.POST.get("words", ""),
        address=reverse("office:person_reveal", args=[person.code]),
        trail=[Crumb(person.name), Crumb("手机号")],
    )  # fmt: skip


@page
def person_look_up(request: OfficeRequest) -> HttpResponse:
    require_or_404(may_look_up(request.actor))
    return render_page(request, "office/personal/look_up.html", reasons=ReadingReason.choices)


@command
def person_find(request: OfficeRequest) -> HttpResponse:
    """Answered at once and at no address of its own: a number never stands in an address."""
    require_or_404(may_look_up(request.actor))
    form, fault, found = LookUpForm(request.POST), "", None
    if form.is_valid():
        try:
            found = actions.persons_by_phone(
                phone=form.cleaned_data["phone"], reason=form.reason, by=request.actor, at=clock.now(),
                address=address_of(request),
            )  # fmt: skip
        except DomainError as refusal:
            fault = refusal.message
    return render_page(
        request, "office/personal/look_up.html",
        status=UNPROCESSABLE if found is None else 200,
        reasons=ReadingReason.choices,
        phone=request.POST.get("phone", "")[:32],
        because=request.POST.get("because", ""),
        words=request.POST.get("words", ""),
        fault=fault or form.fault,
        is_asked=found is not None,
        found=[(person, mask_phone(person.phone)) for person in found or []],
    )  # fmt: skip
