import pytest

from chuangwei.core import audit, clock
from chuangwei.core.errors import DomainError
from chuangwei.core.models import AuditEvent, Notice
from chuangwei.domain.organisation.jobs import verify_audit
from tests.factories import organisation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _deeds() -> None:
    organisation.account("shenji", roles=["audit-administrator"])
    for code in ("1", "2"):
        audit.record(verb="登记", subject_kind="x.y", subject_code=code, by=organisation.chief(), at=clock.now())


def test_a_whole_chain_is_said_to_be_whole_and_tells_nobody():
    assert verify_audit(at=clock.now()) == "审计记录 2 条，前后相连。"
    assert not Notice.objects.exists()


def test_a_broken_chain_fails_the_job_and_is_told_to_who_keeps_watch():
    AuditEvent.objects.filter(subject_code="1").update(note="改过")
    with pytest.raises(DomainError, match="1 处不符：审计记录第 1 条"):
        verify_audit(at=clock.now())
    notice = Notice.objects.get()
    assert (notice.recipient_code, notice.title) == ("shenji", "审计链有 1 处不符")
    assert "第 1 条" in notice.body
