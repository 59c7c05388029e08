"""An undercover round is invisible in the audit list too, to all but those who may see it, until it is released."""

import pytest

from chuangwei.core import audit, audit_list, clock
from chuangwei.domain.inspections.enums import Permission
from chuangwei.domain.inspections.models import Round
from chuangwei.domain.organisation.enums import Permission as Organisation
from tests.factories import inspections, organisation, places, problems, standards

pytestmark = pytest.mark.django_db
AUDITOR = organisation.clerk(Organisation.AUDIT)
TEAM = organisation.clerk(Organisation.AUDIT, Permission.VIEW, Permission.SEALED)


@pytest.fixture
def _rounds() -> None:
    """One round sealed, one not; each with a visit, a draw, and a problem its visit opened."""
    lane = places.site(in_area=places.area("62"))
    sheet = standards.checklist()
    for name, is_sealed in (("AF", True), ("DQ", False)):
        made = inspections.round_(f"{name}-1", is_sealed=is_sealed)
        inspections.visit(site=lane, sheet=sheet, in_round=made, code=f"{name}-V")
        problems.problem(site=lane, code=f"{name}-P", origin_kind="inspections.visit", origin_code=f"{name}-V")
        for kind, code in (("round", "1"), ("draw", "1"), ("visit", "V")):
            _note(f"inspections.{kind}", f"{name}-{code}")
        _note("problems.problem", f"{name}-P")
        _note("inspections.answer", f"{name}-V/CK-BACK_LANE-01")
    _note("places.site", "AF-1")
    _note("inspections.sheetdraft", "7/CK-BACK_LANE-01")


def _note(kind: str, code: str) -> None:
    audit.record(verb="登记", subject_kind=kind, subject_code=code, by=organisation.chief(), at=clock.now())


def seen(actor) -> set[str]:
    rows = audit_list.events(actor=actor).values_list("subject_kind", "subject_code")
    return {f"{kind} {code}" for kind, code in rows}


OPEN = {
    "inspections.round DQ-1",
    "inspections.draw DQ-1",
    "inspections.visit DQ-V",
    "problems.problem DQ-P",
    "inspections.answer DQ-V/CK-BACK_LANE-01",
    "places.site AF-1",
}
SEALED = {
    "inspections.round AF-1",
    "inspections.draw AF-1",
    "inspections.visit AF-V",
    "problems.problem AF-P",
    "inspections.answer AF-V/CK-BACK_LANE-01",
    "inspections.sheetdraft 7/CK-BACK_LANE-01",
}


@pytest.mark.usefixtures("_rounds")
def test_what_is_sealed_shows_to_the_team_alone():
    assert seen(AUDITOR) == OPEN
    assert seen(TEAM) == OPEN | SEALED


@pytest.mark.usefixtures("_rounds")
def test_what_is_released_shows_to_every_auditor():
    Round.objects.filter(code="AF-1").update(released_at=clock.now())
    assert seen(AUDITOR) == OPEN | SEALED
