"""花名册: the units of a place and who serves in them. Telephone numbers are masked in every edition: what is kept with
a paper lies open, and a number may be revealed on the person's own page only, with a reason (domain §11).

On another day than today it is still the roster of the units one sees, whole: who has left them since is named and
counted. Post and number are kept as of today only, so of somebody one no longer sees they are left out.
"""

from collections import Counter

from chuangwei.core import clock
from chuangwei.core.errors import NotFound
from chuangwei.core.text import code_text, mask_phone
from chuangwei.domain.documents.blocks import Column, Paragraph, Run, Table, Text, text_of
from chuangwei.domain.documents.enums import Layout
from chuangwei.domain.documents.registry import Ask, Asked, Composed, kind
from chuangwei.domain.documents.rules import day_text
from chuangwei.domain.organisation import queries as organisation
from chuangwei.domain.organisation.models import Membership, Unit
from chuangwei.domain.organisation.permissions import visible_persons, visible_units
from chuangwei.domain.places import queries as places
from chuangwei.domain.places.models import Area

PHRASES = {
    "title": "{place}创卫工作人员花名册",
    "note": "截至{day}，共{units}个单位、{people}人。",
    "past_note": "职务和手机号为{today}的；已离开所列单位、不再由本处管理的，只列姓名。",
    "public_note": "截至{day}，共{units}个单位、{people}人。公开版不列人员姓名和电话。",
}
INNER = (Column("序号", 2), Column("单位", 9, "left"), Column("姓名", 4), Column("职务", 6), Column("手机", 6))
PUBLIC = (Column("序号", 2), Column("单位", 12, "left"), Column("类型", 5), Column("人数", 4))


@kind(
    "roster",
    name="花名册",
    about="一个区划（不写为全部）里各单位的人员和职务",
    asks=(Ask("area", "区划编码", "629931102004", is_required=False),),
    phrases=PHRASES,
    needs=("organisation.view",),
)
def roster(asked: Asked) -> Composed:
    area = _area(asked)
    letterhead = asked.letterhead(area.path_codes if area else [])
    serving = _serving(asked, area)
    units = {one.unit_id: one.unit for one in serving}
    key = "note" if asked.is_inner else "public_note"
    note = letterhead.says(
        key, day=day_text(asked.day), units=f"{len(units)}", people=f"{len({one.person_id for one in serving})}"
    )
    notes = [Paragraph(note, align="center")]
    if asked.is_inner and asked.day != clock.today():
        notes.append(Paragraph(letterhead.says("past_note", today=day_text(clock.today())), align="center"))
    table = _inner(serving, _known(asked, serving)) if asked.is_inner else _public(serving, units)
    title = letterhead.says("title", place=area.name if area else letterhead.place)
    return Composed(
        title="".join(run.text for run in title),
        letterhead=letterhead,
        blocks=[*notes, table],
        area_code=area.code if area else "",
        layout=Layout.PLAIN,
        subject_kind="places.area" if area else "",
        subject_code=area.code if area else "",
    )


def _area(asked: Asked) -> Area | None:
    code = code_text(asked.about.get("area", ""))
    if not code:
        return None
    found = places.areas(actor=asked.actor).filter(code=code).first()
    if found is None:
        raise NotFound(f"没有编码为 {code} 的区划。")
    return found


def _serving(asked: Asked, area: Area | None) -> list[Membership]:
    """Who served that day in the units of the place, whoever may see them today, unit by unit, in the order of the
    register: it begins with the first."""
    units = visible_units(asked.actor)
    if area is not None:
        units = units.filter(area__path__startswith=area.path)
    found = (
        Membership.objects.filter(organisation.serving_on(asked.day), unit__in=units)
        .select_related("unit", "person").order_by("unit__code", "person__code")
    )  # fmt: skip
    return sorted(found, key=lambda one: (one.unit.code, not one.is_main, one.person.code))


def _known(asked: Asked, serving: list[Membership]) -> frozenset[int]:
    """The keys of those whose post and number the author may read today."""
    seen = visible_persons(asked.actor).filter(pk__in=[one.person_id for one in serving])
    return frozenset(seen.values_list("pk", flat=True))


def _inner(serving: list[Membership], known: frozenset[int]) -> Table:
    """Every line names its unit: the table runs over many pages."""
    rows: list[tuple[Text, ...]] = []
    for place, one in enumerate(serving, 1):
        person, is_known = one.person, one.person_id in known
        cells = (
            f"{place}",
            one.unit.name,
            Run(person.name, is_person=True),
            person.title if is_known else "",
            Run(mask_phone(person.phone) if is_known else "", is_person=True),
        )
        rows.append(tuple(text_of(cell) for cell in cells))
    return Table(INNER, tuple(rows))


def _public(serving: list[Membership], units: dict[int, Unit]) -> Table:
    counts = Counter(one.unit_id for one in serving)
    rows = [
        tuple(text_of(cell) for cell in (f"{place}", unit.name, unit.kind, f"{counts[unit.pk]}"))
        for place, unit in enumerate(sorted(units.values(), key=lambda unit: unit.code), 1)
    ]
    return Table(PUBLIC, tuple(rows))
