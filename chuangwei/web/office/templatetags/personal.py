"""`{{ person.phone|masked }}` in lists; `{% private_phone person %}` where one person is shown."""

from typing import Any

from django import template
from django.template.context import Context
from django.urls import reverse

from chuangwei.core.text import mask_phone
from chuangwei.domain.organisation.enums import ReadingReason
from chuangwei.domain.organisation.models import Person
from chuangwei.domain.organisation.permissions import may_reveal

register = template.Library()

NO_NUMBER = "—"


@register.filter
def masked(phone: str | None) -> str:
    """138****1234; a dash where there is none; why, where it does not open."""
    return mask_phone(phone) if phone else NO_NUMBER


@register.inclusion_tag("office/personal/phone.html", takes_context=True)
def private_phone(context: Context, person: Person) -> dict[str, Any]:
    """The masked number, and for whoever may read it the form that asks why."""
    request: Any = context.get("request")
    actor = getattr(request, "actor", None)
    return {
        "person": person,
        "masked": mask_phone(person.phone) if person.phone else NO_NUMBER,
        "may_reveal": bool(person.phone) and actor is not None and may_reveal(actor, person),
        "reasons": ReadingReason.choices,
        "address": reverse("office:person_reveal", args=[person.code]),
    }
