"""Where a figure of a paper opens: the rows it came from, for those who may see them."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from chuangwei.core.actor import Actor
from chuangwei.domain.appraisal import queries as appraisal
from chuangwei.domain.documents import queries
from chuangwei.domain.documents.models import Paper
from chuangwei.domain.documents.queries import Figure
from chuangwei.domain.problems import queries as ledger
from chuangwei.web.office.appraisal.addresses import PeriodAddress, series_key
from chuangwei.web.shared.links import page_of

PART = "appraisal.part."


@dataclass(frozen=True)
class Printed:
    """Where the figures stand: a paper, one of its versions, one of its editions."""

    paper: Paper
    version: int
    edition: str

    def address(self, place: int) -> str:
        return reverse("office:paper_figure", args=[self.paper.code, self.version, self.edition, place])


def opener(actor: Actor, printed: Printed, figures: list[Figure]) -> Callable[[Figure], str]:
    """A function from a figure to the address of its rows, "" where the actor may not see them. Two questions in all."""
    slugs = {figure.period for figure in figures if figure.period}
    rows = appraisal.periods(actor=actor).filter(slug__in=slugs).values_list("series", "area_code", "slug")
    periods = set(rows) if slugs else set()
    codes = {figure.subject for figure in figures if not figure.period and figure.subject}
    problems = (
        set(ledger.problems(actor=actor).filter(code__in=codes).values_list("code", flat=True)) if codes else set()
    )
    places = {figure.key: place for place, figure in enumerate(figures, 1)}

    def address(figure: Figure) -> str:
        if not figure.period:
            return page_of("problem", figure.subject) if figure.subject in problems else ""
        if (figure.series, figure.area, figure.period) not in periods:
            return ""
        return printed.address(places[figure.key]) if queries.counts_rows(figure) else _of_subject(figure)

    return address


def _of_subject(figure: Figure) -> str:
    """The page that tells this number of one subject, with its reasons."""
    period = PeriodAddress(series_key(figure.series, figure.area), figure.period)
    if figure.indicator.startswith(PART):
        return period.part(figure.subject, figure.indicator.removeprefix(PART))
    return period.flag(figure.subject) if figure.indicator == "appraisal.flag" else period.subject(figure.subject)
