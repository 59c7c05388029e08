"""`{% menu as links %}`, `{% submenu as links %}`, `{% unread as count %}`: what the bar shows whoever is signed in."""

from typing import Any

from django import template
from django.template.context import Context

from chuangwei.core import notices
from chuangwei.core.actor import Actor
from chuangwei.web.office import navigation

register = template.Library()


@register.simple_tag(takes_context=True)
def menu(context: Context) -> list[navigation.Link]:
    """Empty where nobody is signed in, or the page is one that went wrong before we knew who asked."""
    actor = _actor(context)
    return navigation.menu(actor, context["request"].path) if actor else []


@register.simple_tag(takes_context=True)
def submenu(context: Context) -> list[navigation.Link]:
    actor = _actor(context)
    return navigation.submenu(actor, context["request"].path) if actor else []


@register.simple_tag(takes_context=True)
def unread(context: Context) -> int:
    """How many messages wait. One query."""
    actor = _actor(context)
    return notices.unread_count(actor.code) if actor else 0


def _actor(context: Context) -> Actor | None:
    request: Any = context.get("request")
    return getattr(request, "actor", None)
