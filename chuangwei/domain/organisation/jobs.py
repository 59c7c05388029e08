"""What the organisation does by itself: tell the audit administrators when the chain is broken."""

from datetime import datetime

from chuangwei.core import audit, daily_roots, notices
from chuangwei.core.errors import DomainError
from chuangwei.core.jobs import daily
from chuangwei.core.models import AuditEvent
from chuangwei.domain.organisation import queries
from chuangwei.domain.organisation.enums import Permission

TOLD = 5


@daily(at="01:00", title="核对审计链")
def verify_audit(*, at: datetime) -> str:
    """Walk the whole chain every night; a fault fails the job and is told to whoever keeps watch over the record."""
    faults = [*audit.verify(), *daily_roots.faults()]
    if faults:
        notices.send(
            to=queries.holders_of(Permission.AUDIT), kind="audit-broken", at=at,
            title=f"审计链有 {len(faults)} 处不符", body="\n".join(faults[:TOLD]),
        )  # fmt: skip
        raise DomainError(f"{len(faults)} 处不符：{faults[0]}")
    return f"审计记录 {AuditEvent.objects.count()} 条，前后相连。"
