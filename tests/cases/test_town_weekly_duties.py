"""Gaps, overlaps and chains of the cases, from the workbook to the file a user gets."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from tests.cases.installing import install
from tests.domain.appraisal.case_facts import CASES, Case, cases

ASKED = [case for case in cases() if "duties" in case.asked]
pytestmark = [pytest.mark.django_db, pytest.mark.skipif(not ASKED, reason=f"没有案例目录 {CASES}")]


@pytest.mark.parametrize("case", ASKED, ids=lambda case: case.folder.name)
def test_duties_are_as_expected_again_after_a_second_import(case: Case, tmp_path):
    asked = case.asked["duties"]
    expected = json.loads((case.folder / "expected" / "duties.json").read_text())
    install(case, "register.xlsx")
    for _ in range(2):
        named, every = tmp_path / "named.json", tmp_path / "every.json"
        call_command(
            "duties", "--at", str(asked["at"]), "--sites", *asked["chains"], "--json", str(named), stdout=StringIO()
        )
        call_command("duties", "--at", str(asked["at"]), "--json", str(every), stdout=StringIO())
        assert json.loads(named.read_text()) == expected
        found = json.loads(every.read_text())
        assert found | {"chains": {site: found["chains"][site] for site in expected["chains"]}} == expected
        call_command("import", str(case.folder / "register.xlsx"), stdout=StringIO())
