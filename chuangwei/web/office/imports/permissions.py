"""Who may see which jobs of importing."""

from django.db.models import QuerySet

from chuangwei.core.actor import EVERYWHERE, Actor
from chuangwei.domain.organisation.permissions import may_import
from chuangwei.web.office.models import ImportJob

__all__ = ["may_import", "visible_jobs"]


def visible_jobs(actor: Actor) -> QuerySet[ImportJob]:
    """One's own; everybody's for who works everywhere."""
    if not may_import(actor):
        return ImportJob.objects.none()
    found = ImportJob.objects.all()
    return found if EVERYWHERE in actor.area_paths else found.filter(by_code=actor.code)
