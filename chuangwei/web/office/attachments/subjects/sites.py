"""Photos of a site: for whoever may open it; of a household 农户 only for who may see the persons of the register."""

from chuangwei.core.actor import Actor
from chuangwei.domain.organisation.permissions import may_see_residents
from chuangwei.domain.places.queries import sites
from chuangwei.web.office.attachments.registry import SUBJECTS, PhotoSubject


def is_visible(actor: Actor, code: str) -> bool:
    found = sites(actor=actor).filter(code=code)
    return (found if may_see_residents(actor) else found.filter(kind__is_household=False)).exists()


SUBJECTS.register("sites", module=__name__)(PhotoSubject("places.site", is_visible))
