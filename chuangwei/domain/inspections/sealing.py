"""What of the audit chain is sealed with a round (domain §7): the round, its draws, its visits, what they opened."""

from collections.abc import Iterator

from django.db.models import Value
from django.db.models.functions import Concat

from chuangwei.core.actor import Actor
from chuangwei.core.audit_list import Sealed
from chuangwei.domain.inspections.models import Draw, Round, Visit
from chuangwei.domain.inspections.permissions import unsealed
from chuangwei.domain.inspections.queries import DRAFT_PHOTO_KIND, PHOTO_KIND
from chuangwei.domain.problems.models import Problem


def sealed_subjects(actor: Actor) -> Iterator[Sealed]:
    """By kind, the codes whose entries the actor must not see. Who may see a sealed round is decided in one place."""
    seen = Round.objects.filter(unsealed(actor)).values("pk")
    hidden = dict(
        Round.objects.filter(is_sealed=True, released_at__isnull=True).exclude(pk__in=seen).values_list("pk", "code")
    )
    if not hidden:
        return
    codes = list(hidden.values())
    visits = Visit.objects.filter(round__in=list(hidden)).values("code")
    opened = Problem.objects.filter(origin_kind=Visit._meta.label_lower, origin_code__in=visits).values("code")
    yield Sealed(Round._meta.label_lower, codes)
    yield Sealed(Draw._meta.label_lower, codes)
    yield Sealed(Visit._meta.label_lower, visits)
    photos = Visit.objects.filter(round__in=list(hidden)).values(
        subject=Concat("code", Value("/"), "checklist__checks__code")
    )
    yield Sealed(PHOTO_KIND, photos)
    # A draft is gone once its sheet is handed in; nobody can tell any more of which round it was.
    yield Sealed(DRAFT_PHOTO_KIND, None)
    yield Sealed(Problem._meta.label_lower, opened)
