"""What the codes in the audit chain are called: a page of entries asks once for each kind of thing that occurs in it.

Names are those of today; what the chain holds, and what its digests stand for, are the codes.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from chuangwei.core import clock
from chuangwei.core.actor import Actor
from chuangwei.core.models import AuditEvent, PresetVersion
from chuangwei.domain.appraisal import queries as appraisal
from chuangwei.domain.documents import queries as documents
from chuangwei.domain.documents.models import Paper
from chuangwei.domain.inspections.models import Round
from chuangwei.domain.organisation import queries as organisation
from chuangwei.domain.organisation.models import Account, Duty, Person, Unit
from chuangwei.domain.places.models import Area, Site, SiteKind
from chuangwei.domain.problems.enums import ProblemState
from chuangwei.web.office.appraisal.wording import trigger_name
from chuangwei.web.office.audit import words
from chuangwei.web.office.places.households import name_of

Called = Mapping[str, str]
"""Code → name."""
Lookup = Callable[[Actor, Sequence[str]], Called]
EVERYWHERE = "全域"


def _sites(actor: Actor, codes: Sequence[str]) -> Called:
    """A household keeps its name from who sees no residents, here too."""
    return {site.code: name_of(actor, site) for site in Site.objects.filter(code__in=codes).select_related("kind")}


def _areas(_actor: Actor, codes: Sequence[str]) -> Called:
    return dict(Area.objects.filter(code__in=codes).values_list("code", "name"))


def _duties(actor: Actor, codes: Sequence[str]) -> Called:
    keys = [int(code) for code in codes if code.isascii() and code.isdigit()]
    rows = Duty.objects.filter(pk__in=keys).select_related("person", "unit", "area", "site__kind")
    return {
        str(duty.pk): f"{name_of(actor, duty.site) if duty.site else duty.area}{duty.role} {duty.person or duty.unit}"
        for duty in rows
    }


def _rounds(_actor: Actor, codes: Sequence[str]) -> Called:
    return {each.code: each.name for each in Round.objects.filter(code__in=codes) if not each.is_hidden}


def _preset_versions(_actor: Actor, codes: Sequence[str]) -> Called:
    slugs = [code.rpartition(":")[0] for code in codes]
    rows = PresetVersion.objects.filter(slug__in=slugs).values_list("slug", "number", "title")
    return {f"{slug}:{number}": f"{title} 第 {number} 版" for slug, number, title in rows}


def _appraised(actor: Actor, codes: Sequence[str]) -> Called:
    """weekly@全域:2026-W36, and for what followed also why and for whom: 社区周评比 2026年第36周 约谈 …社区."""
    titles = {f"{one.slug}@{one.area_code or EVERYWHERE}": one.title for one in appraisal.all_series(day=clock.today())}
    subjects = {parts[3] for code in codes if len(parts := code.split(":")) > 3}
    known = organisation.names_of_holders(subjects) | dict(_areas(actor, sorted(subjects))) if subjects else {}

    def told(code: str) -> str:
        series, *rest = code.split(":")
        period, trigger, subject = (*rest, "", "", "")[:3]
        said = [
            titles.get(series, series), words.period_words(period), trigger_name(trigger) if trigger else "",
            known.get(subject, subject),
        ]  # fmt: skip
        return " ".join(word for word in said if word)

    return {code: told(code) for code in codes}


LOOKUPS: dict[str, Lookup] = {
    "organisation.person": lambda _, codes: dict(Person.objects.filter(code__in=codes).values_list("code", "name")),
    "organisation.unit": lambda _, codes: dict(Unit.objects.filter(code__in=codes).values_list("code", "name")),
    "organisation.account": lambda _, codes: dict(
        Account.objects.filter(username__in=codes).values_list("username", "name")
    ),
    "organisation.duty": _duties,
    "holder": lambda _, codes: organisation.names_of_holders(codes),
    "role": lambda _, codes: {slug: bundle.title for slug, bundle in organisation.bundles().items() if slug in codes},
    "places.area": _areas,
    "places.site": _sites,
    "place": lambda actor, codes: {**_areas(actor, codes), **_sites(actor, codes)},
    "places.sitekind": lambda _, codes: dict(SiteKind.objects.filter(code__in=codes).values_list("code", "name")),
    "inspections.round": _rounds,
    "inspections.draw": _rounds,
    "documents.paper": lambda _, codes: dict(Paper.objects.filter(code__in=codes).values_list("code", "title")),
    "document": lambda _, codes: {slug: kind.name for slug, kind in documents.kinds().items() if slug in codes},
    "state": lambda _, codes: {value: label for value, label in ProblemState.choices if value in codes},
    "core.presetuse": _areas,
    "core.presetversion": _preset_versions,
    "appraisal.period": _appraised,
    "appraisal.settlement": _appraised,
    "appraisal.consequence": _appraised,
}
PLAIN = frozenset({"role", "state", "document", "places.sitekind"})
"""Codes of these are the program's own: beside a name they say nothing."""


@dataclass
class Names:
    """Names of things by kind and code; of what is not known, and of what nobody asked for, there is none."""

    _called: Mapping[str, Called] = field(default_factory=dict)

    def name(self, kind: str, code: str) -> str:
        """The name alone; empty where there is none."""
        return self._called.get(kind, {}).get(code, "")

    def __call__(self, kind: str, code: str) -> str:
        """The name and the code, so that two of one name are told apart."""
        name = self.name(kind, code)
        if not name:
            return code
        return name if kind in PLAIN else f"{name}（{code}）"


def names_in(events: Iterable[AuditEvent], actor: Actor) -> Names:
    """The names of what these entries are of and hold."""
    wanted: dict[str, set[str]] = defaultdict(set)

    def note_down(kind: str, code: str) -> str:
        wanted[kind].add(code)
        return code

    for event in events:
        note_down(event.subject_kind, event.subject_code)
        words.facts(event.details, note_down, of=event.subject_kind)
    return Names({kind: LOOKUPS[kind](actor, sorted(codes)) for kind, codes in wanted.items() if kind in LOOKUPS})
