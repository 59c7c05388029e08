"""The list of papers: searched by title and number, counted by state."""

from django.db.models import Q

from chuangwei.core import clock
from chuangwei.domain.documents import queries
from chuangwei.domain.documents.enums import PaperState
from chuangwei.domain.documents.models import Paper
from chuangwei.web.shared.listing import Choices, Column, Filter, Listing, Sort, day_of


def kind_names() -> Choices:
    return [(slug, kind.name) for slug, kind in queries.kinds().items()]


def kind_name(slug: str) -> str:
    """What a kind is called; of one no longer installed, its slug."""
    known = queries.kinds().get(slug)
    return known.name if known else slug


LISTING = Listing[Paper](
    sorts=[Sort("newest", "最近起草", ("-pk",)), Sort("oldest", "最早起草", ("pk",))],
    filters=[
        Filter("state", "状态", lambda value: Q(state=value), choices=PaperState.choices, is_tab=True),
        Filter("kind", "种类", lambda value: Q(kind=value), choices=kind_names),
        Filter("since", "起草不早于", lambda value: Q(drafted_at__gte=clock.instant(day_of(value))), is_day=True),  # type: ignore[arg-type]
    ],
    columns=[
        Column("发文字号", lambda one: one.number_text),
        Column("标题", lambda one: one.title),
        Column("种类", lambda one: kind_name(one.kind)),
        Column("状态", lambda one: one.get_state_display()),
        Column("起草人", lambda one: one.drafted_by_name),
        Column("起草时间", lambda one: one.drafted_at),
        Column("签发人", lambda one: one.signed_by_name),
        Column("签发时间", lambda one: one.signed_at),
        Column("印发时间", lambda one: one.issued_at),
        Column("编号", lambda one: one.code),
    ],
    search=lambda found, words: found.filter(
        Q(title__contains=words) | Q(number_text__contains=words) | Q(code__contains=words)
    ),
    search_hint="标题、发文字号",
)
