"""`{% icon "flag" %}`: a line drawing in the page itself, hidden from screen readers because words stand beside it.

The drawings are Tabler Icons (MIT), taken at build time; frontend/src/icons.json names those we use.
"""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from chuangwei.web.shared.built import strokes

register = template.Library()


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """The drawing of this name; KeyError for one we do not have, so that a misspelling shows in the first test."""
    drawn = format_html_join("", '<path d="{}"/>', ((stroke,) for stroke in strokes(name)))
    return format_html(
        '<svg class="icon {}" width="18" height="18" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2"'
        ' stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">{}</svg>',
        extra,
        drawn,
    )
