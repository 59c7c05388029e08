"""Whatever the command line writes, it writes as 系统（the operating system's user）, and the chain says so."""

import ast
import getpass
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from chuangwei.config.cli import our_commands
from chuangwei.core import audit, clock
from chuangwei.core.models import AuditEvent
from tests.architecture.house import ROOT
from tests.core.workbook.made import workbook
from tests.factories import organisation, places
from tests.web.office.sheets.books import REGISTER, prepare

pytestmark = pytest.mark.django_db
LONG_AGO = date(2020, 1, 1)


@pytest.fixture(autouse=True)
def _home(settings, tmp_path, monkeypatch):
    settings.CHUANGWEI_HOME = tmp_path
    monkeypatch.setattr(getpass, "getuser", lambda: "zhang")


def written_by(*words: str) -> set[tuple[str, str, str]]:
    """Under which names a command wrote, and that it wrote at all."""
    before = AuditEvent.objects.count()
    call_command(*words, stdout=StringIO(), stderr=StringIO())
    new = AuditEvent.objects.order_by("seq")[before:]
    assert new
    assert audit.verify() == []
    return {(event.actor_code, event.actor_name, event.channel) for event in new}


AS_SYSTEM = {("system", "系统（zhang）", "命令行")}


def test_import_and_export(tmp_path):
    prepare()
    file = workbook(tmp_path / "底册.xlsx", REGISTER)
    assert written_by("import", str(file)) == AS_SYSTEM
    assert written_by("export", "register", "--out", str(tmp_path / "a.xlsx")) == AS_SYSTEM
    with_phones = ("export", "register", "--out", str(tmp_path / "b.xlsx"), "--phones-because", "换届核对")
    assert written_by(*with_phones) == AS_SYSTEM
    verbs = list(AuditEvent.objects.order_by("-seq").values_list("verb", "note")[:2])
    assert verbs == [("导出工作簿", "换届核对"), ("导出手机号", "换届核对")]


def test_init_preset_and_standards():
    assert written_by("init", "--preset", "town-weekly-flags", "--county", "云岭县") == AS_SYSTEM
    places.area("6201", kind="乡镇")
    use = ("preset", "use", "county-fortnight", "--area", "6201", "--from", "2026-01-01")
    assert written_by(*use) == AS_SYSTEM


def test_keys_and_retention():
    left = organisation.person("P1", phone="13800001234")
    left.memberships.create(unit=organisation.unit(), to_on=LONG_AGO)
    for words in (("new",), ("rotate",), ("new", "--index"), ("rotate", "--index")):
        assert written_by("keys", *words) == AS_SYSTEM
    assert written_by("retention") == AS_SYSTEM


def test_the_night_is_the_program_too():
    from chuangwei.core.jobs import close_audit_days, forget_what_is_due

    left = organisation.person("P1", phone="13800001234")
    left.memberships.create(unit=organisation.unit(), to_on=LONG_AGO)
    forget_what_is_due(at=clock.now())
    close_audit_days(at=clock.now() + timedelta(days=1))
    assert set(AuditEvent.objects.values_list("actor_code", "actor_name")) == {("system", "系统（夜间整理）")}


def commands() -> dict[str, Path]:
    folders = {app: ROOT / app.replace(".", "/") / "management" / "commands" for app in our_commands().values()}
    return {name: folders[app] / f"{name.replace('-', '_')}.py" for name, app in our_commands().items()}


@pytest.mark.parametrize("name", sorted(commands()))
def test_no_command_makes_an_actor_of_its_own(name):
    """Every actor a command acts as is the system's, under the user who typed it (a draw may be signed by a second hand)."""
    tree = ast.parse(commands()[name].read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    made = {node.func.id for node in calls}
    assert "Actor" not in made
    for node in calls:
        if node.func.id == "system_actor":
            assert ast.unparse(node.args[0]) == "getpass.getuser()"
