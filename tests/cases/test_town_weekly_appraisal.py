"""The rankings of the cases, from the workbooks to the file a user gets."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from chuangwei.domain.appraisal.compute import compute_again
from chuangwei.domain.appraisal.models import Computation
from tests.cases.installing import install
from tests.domain.appraisal.case_facts import CASES, Case, cases

ASKED = [case for case in cases() if "appraisal" in case.asked]
BOOKS = ("register.xlsx", "visits.xlsx", "ledger.xlsx")
pytestmark = [pytest.mark.django_db, pytest.mark.skipif(not ASKED, reason=f"没有案例目录 {CASES}")]


def appraised(case: Case, file: Path) -> object:
    asked = case.asked["appraisal"]
    call_command(
        "appraise", asked["series"], "--from", asked["from"], "--to", asked["to"], "--json", str(file), stdout=StringIO()
    )  # fmt: skip
    return json.loads(file.read_text())


@pytest.mark.parametrize("case", ASKED, ids=lambda case: case.folder.name)
def test_rankings_are_as_expected_again_after_a_second_import(case: Case, tmp_path: Path) -> None:
    install(case, *BOOKS)
    assert appraised(case, tmp_path / "first.json") == case.expected
    kept = {one.pk: (one.digest, one.result) for one in Computation.objects.all()}

    call_command("import", *(str(case.folder / book) for book in BOOKS), stdout=StringIO())
    assert appraised(case, tmp_path / "second.json") == case.expected
    assert {one.pk: (one.digest, one.result) for one in Computation.objects.all()} == kept
    assert all(compute_again(one.inputs) == one.result for one in Computation.objects.all())
