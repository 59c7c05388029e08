"""Whose paper it is, and in which words: from the preset that holds where the paper is about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from chuangwei.core import presets
from chuangwei.core.errors import DomainError
from chuangwei.core.models import Installation
from chuangwei.domain.documents.blocks import Text, Words
from chuangwei.domain.documents.phrases import Phrases, filled
from chuangwei.domain.places.models import Area


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The issuer's words, and the sentences of one kind of paper: the preset's where it has them."""

    place: str
    issuer: str
    banner: str
    code: str
    recipients: str
    copies_to: tuple[str, ...]
    printer: str
    phrases: Mapping[str, str]

    def says(self, key: str, /, **values: Words) -> Text:
        """A sentence with its gaps filled; empty where the preset wants none."""
        return filled(self.phrases[key], values)


def letterhead_of(kind: str, usual: Phrases, area_codes: Sequence[str], day: date) -> Letterhead:
    """The letterhead that holds on a day for a place with these area codes, from the top down; DomainError for none."""
    use = presets.holding(presets.holdings(), area_codes, day)
    if use is None:
        raise DomainError(f"{day} 还没有启用预设，不知道以哪个机关的名义发文。")
    documents: Any = use.document.sections["documents"]
    own = documents.kinds.get(kind)
    place = documents.place or _name_of(use.area_code)

    def word(key: str) -> str:
        return str((getattr(own, key) if own else "") or getattr(documents, key)).replace("{place}", place)

    copies = (own.copies_to if own else []) or documents.copies_to
    issuer = word("issuer")
    return Letterhead(
        place=place,
        issuer=issuer,
        banner=word("banner") or f"{issuer}文件",
        code=word("code"),
        recipients=word("recipients"),
        copies_to=tuple(one.replace("{place}", place) for one in copies),
        printer=word("printer") or issuer,
        phrases={**usual, **(own.phrases if own else {})},
    )


def _name_of(area_code: str) -> str:
    """The name of the preset's area; of a preset for the whole installation, the county's."""
    if area_code:
        return Area.objects.filter(code=area_code).values_list("name", flat=True).first() or ""
    return Installation.objects.values_list("county", flat=True).first() or ""
