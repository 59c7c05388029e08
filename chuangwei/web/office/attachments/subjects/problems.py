"""Photos of a problem: for whoever may open it."""

from chuangwei.core.actor import Actor
from chuangwei.domain.problems import queries
from chuangwei.domain.problems.enums import SUBJECT
from chuangwei.web.office.attachments.registry import SUBJECTS, PhotoSubject


def is_visible(actor: Actor, code: str) -> bool:
    return queries.problems(actor=actor).filter(code=code).exists()


SUBJECTS.register("problems", module=__name__)(PhotoSubject(SUBJECT, is_visible))
