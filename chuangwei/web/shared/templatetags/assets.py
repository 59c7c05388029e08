"""`{% load assets %}{% page_assets %}`: the style sheets and the script of the page, for its head."""

from django import template
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from chuangwei.web.shared.built import MAIN, built

register = template.Library()


@register.simple_tag
def page_assets(source: str = MAIN) -> SafeString:
    """Nothing where nothing was built: every page works without scripts, and `chuangwei serve` says what is missing."""
    found = built(source)
    if found is None:
        return SafeString("")
    styles = format_html_join("\n", '<link rel="stylesheet" href="{}">', ((static(style),) for style in found.styles))
    return format_html('{}\n<script type="module" src="{}"></script>', styles, static(found.script))
