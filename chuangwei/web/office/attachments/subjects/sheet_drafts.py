"""Photos of a sheet that is not handed in yet: for whoever fills it in."""

from chuangwei.core.actor import Actor
from chuangwei.domain.inspections import queries
from chuangwei.web.office.attachments.registry import SUBJECTS, PhotoSubject


def is_visible(actor: Actor, code: str) -> bool:
    key = code.partition("/")[0]
    return key.isdecimal() and queries.drafts(actor=actor).filter(pk=int(key)).exists()


SUBJECTS.register("sheet-drafts", module=__name__)(PhotoSubject(queries.DRAFT_PHOTO_KIND, is_visible))
