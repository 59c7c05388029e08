"""Who may see a photo: whoever may see one of the things it was handed in for."""

from collections.abc import Callable
from dataclasses import dataclass

from chuangwei.core.actor import Actor
from chuangwei.core.models import Attachment
from chuangwei.core.registry import Registry


@dataclass(frozen=True)
class PhotoSubject:
    """A kind of thing photos are handed in for: `kind` as the attachment names it, and whether an actor may see the one
    of that code."""

    kind: str
    is_visible: Callable[[Actor, str], bool]


SUBJECTS: Registry[PhotoSubject] = Registry("chuangwei.web.office.attachments.subjects", label="照片对象")


def is_visible(attachment: Attachment, actor: Actor) -> bool:
    """Whether the actor may see the thing this was handed in for; nobody sees what belongs to no kind that is known."""
    return any(
        subject.kind == attachment.subject_kind and subject.is_visible(actor, attachment.subject_code)
        for subject in SUBJECTS.all().values()
    )
