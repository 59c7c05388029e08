from io import StringIO

import pytest
from django.core.management import call_command

from chuangwei.core.errors import DomainError
from chuangwei.core.models import AuditEvent
from tests.core.test_audit import three_notes

pytestmark = pytest.mark.django_db


def test_verify_says_the_chain_is_whole():
    three_notes()
    out = StringIO()
    call_command("verify", stdout=out)
    assert out.getvalue() == "审计记录 3 条，前后相连，无改动、无缺失、无后加。附件 0 个，内容未变。\n"


def test_verify_names_every_fault_and_fails():
    three_notes()
    AuditEvent.objects.filter(seq=2).delete()
    out = StringIO()
    with pytest.raises(DomainError, match="发现 1 处不符"):
        call_command("verify", stdout=out)
    assert out.getvalue().startswith("审计记录缺第 2 条。")
