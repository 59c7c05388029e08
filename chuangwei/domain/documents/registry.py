"""Where the kinds of paper are entered, one file each: kinds/<slug>.py (docs/howto/add-a-document-kind.md)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from chuangwei.core.actor import Actor
from chuangwei.core.errors import DomainError
from chuangwei.core.registry import Registry
from chuangwei.domain.documents.blocks import Block
from chuangwei.domain.documents.enums import Edition, Layout
from chuangwei.domain.documents.letterhead import Letterhead, letterhead_of
from chuangwei.domain.documents.phrases import Phrases


@dataclass(frozen=True, slots=True)
class Ask:
    """Something a kind must be told: its key, what people call it, an example."""

    key: str
    label: str
    example: str = ""
    is_required: bool = True


@dataclass(frozen=True, slots=True)
class Asked:
    """What a kind works from: who asks, about what, for which edition, on which day."""

    kind: "DocumentKind"
    actor: Actor
    about: Mapping[str, str]
    edition: Edition
    day: date

    @property
    def is_inner(self) -> bool:
        return self.edition == Edition.INNER

    def letterhead(self, area_codes: Sequence[str]) -> Letterhead:
        """Whose paper it is, by the preset that holds for a place with these area codes, from the top down."""
        return letterhead_of(self.kind.slug, self.kind.phrases, area_codes, self.day)


@dataclass(frozen=True, slots=True)
class Composed:
    """What a kind gives back: the body without head, sign-off and imprint, which are the same for all kinds.

    `area_code` is the place the paper is about ("" for the whole installation), `waits_for` why it may not be signed
    yet, `units` who should receive it. `annex` stands behind the sign-off.
    """

    title: str
    letterhead: Letterhead
    blocks: Sequence[Block]
    annex: Sequence[Block] = ()
    area_code: str = ""
    layout: Layout = Layout.OFFICIAL
    tone: str = ""
    banner: str = ""
    recipients: str = ""
    subject_kind: str = ""
    subject_code: str = ""
    waits_for: Sequence[str] = ()
    units: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """A kind of paper: what it is called, what it must be told, its usual sentences, and the function that writes it."""

    slug: str
    name: str
    about: str
    asks: tuple[Ask, ...]
    compose: Callable[[Asked], Composed]
    phrases: Phrases = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    """Without these permissions nobody sees what it is written from."""

    def read(self, about: Mapping[str, str]) -> dict[str, str]:
        """What it was told, complete and without anything else; DomainError for what is missing."""
        told = {ask.key: about.get(ask.key, "").strip() for ask in self.asks}
        missing = [ask.label for ask in self.asks if ask.is_required and not told[ask.key]]
        if missing:
            raise DomainError(f"{self.name}还须写明：{'、'.join(missing)}。")
        return {key: value for key, value in told.items() if value}


KINDS = Registry[DocumentKind]("chuangwei.domain.documents.kinds", label="公文种类")


def kind(
    slug: str,
    *,
    name: str,
    about: str,
    asks: tuple[Ask, ...] = (),
    phrases: Phrases | None = None,
    needs: tuple[str, ...] = (),
) -> Callable[[Callable[[Asked], Composed]], Callable[[Asked], Composed]]:
    """Enter a kind of paper; its usual phrases are what a preset may put in other words."""

    def enter(function: Callable[[Asked], Composed]) -> Callable[[Asked], Composed]:
        entry = DocumentKind(slug, name, about, asks, function, phrases or {}, needs)
        KINDS.register(slug, module=function.__module__)(entry)
        return function

    return enter
