"""Photos of a sheet: for whoever may open the visit."""

from chuangwei.core.actor import Actor
from chuangwei.domain.inspections import queries
from chuangwei.web.office.attachments.registry import SUBJECTS, PhotoSubject


def is_visible(actor: Actor, code: str) -> bool:
    return queries.visits(actor=actor).filter(code=queries.visit_of_photo(code)).exists()


SUBJECTS.register("visits", module=__name__)(PhotoSubject(queries.PHOTO_KIND, is_visible))
