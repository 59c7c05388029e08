"""The draws of the cases, byte for byte, and checked by the stand-alone verifier."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from chuangwei.domain.inspections import queries
from tests.cases.installing import install
from tests.domain.appraisal.case_facts import CASES, Case, cases

ASKED = [case for case in cases() if "draw" in case.asked]
skipped = pytest.mark.skipif(not ASKED, reason=f"没有案例目录 {CASES}")


@skipped
@pytest.mark.django_db
@pytest.mark.parametrize("case", ASKED, ids=lambda case: case.folder.name)
def test_the_draw_is_as_expected(case: Case, tmp_path):
    asked, file = case.asked["draw"], tmp_path / "draws.json"
    install(case, "register.xlsx")
    strata = [f"--stratum={kind}={wanted}" for kind, wanted in asked["strata"].items()]
    excluded = [f"--exclude={code}={reason}" for code, reason in asked.get("exclude", {}).items()]
    call_command(
        "draw", asked["round"], *strata, *excluded, f"--seed={asked['seed']}", f"--json={file}", stdout=StringIO()
    )  # fmt: skip
    assert json.loads(file.read_text()) == json.loads((case.folder / "expected" / "draws.json").read_text())
    listed = (case.folder / "expected" / "draws-candidates.txt").read_bytes()
    assert (tmp_path / "draws-candidates.txt").read_bytes() == listed
    call_command("verify_draw", str(file), stdout=StringIO())


@skipped
@pytest.mark.parametrize("case", ASKED, ids=lambda case: case.folder.name)
def test_the_verifier_finds_the_expected_draw_right(case: Case):
    said: list[str] = []
    assert queries.verify_draw([str(case.folder / "expected" / "draws.json")], said.append) == 0, said
