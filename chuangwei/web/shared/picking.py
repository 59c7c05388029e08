"""Several things picked in one field: their codes one behind the other, or names where only one thing bears them."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django import forms
from django.db.models import Model, QuerySet

from chuangwei.core.actor import Actor
from chuangwei.core.errors import DomainError
from chuangwei.core.text import code_text, free_text

MOST = 500
TOLD = 5
"""So many of what is wrong are named in one sentence."""
SEPARATORS = "、，,；;"

Named = Callable[[Actor, Any], str]
"""What a thing is called to somebody."""


def own_name(_actor: Actor, row: Any) -> str:
    return str(row.name)


def words_in(text: str) -> list[str]:
    """The codes or names of a text in which they stand one behind the other, each once."""
    for mark in SEPARATORS:
        text = text.replace(mark, " ")
    return list(dict.fromkeys(word for word in map(free_text, text.split()) if word))


def rows_of(text: str, *, found: QuerySet[Any], noun: str, actor: Actor, named: Named = own_name) -> list[Any]:
    """The rows a text names by code or by name, in its order; DomainError that says which it does not."""
    words = words_in(text)
    if len(words) > MOST:
        raise DomainError(f"一次最多写 {MOST} 个{noun}，现在有 {len(words)} 个。")
    by_code = _by_code(found, map(code_text, words))
    by_name = _by_name(found, [word for word in words if code_text(word) not in by_code], actor, named)
    nobody = [word for word in words if code_text(word) not in by_code and word not in by_name]
    if nobody:
        raise DomainError(f"没有名称或编码是{_quoted(nobody)}的{noun}。请从列表里选，或改正。")
    several = {word: rows for word, rows in by_name.items() if len(rows) > 1}
    for word, rows in several.items():
        codes = "、".join(row.code for row in rows[:TOLD])
        raise DomainError(f"有 {len(rows)} 个{noun}叫“{word}”（编码 {codes}）。请从列表里选一个，或写编码。")
    rows = [by_code.get(code_text(word)) or by_name[word][0] for word in words]
    return list({row.pk: row for row in rows}.values())


def row_of(text: str, *, found: QuerySet[Any], noun: str, actor: Actor, named: Named = own_name) -> Any:
    """The one row a text names by its code, its name or part of its name; DomainError that says what there is instead."""
    row = found.filter(code=code_text(text)).first()
    if row is not None:
        return row
    words = free_text(text)
    rows = [
        one for one in found.filter(name__icontains=words).order_by("code")[: MOST + 1] if named(actor, one) == one.name
    ]
    rows = [one for one in rows if one.name == words] or rows
    if not rows:
        what = f"编码为 {code_text(text)} " if words.isascii() else f"名称里有“{words}”"
        raise DomainError(f"没有{what}的{noun}。请从列表里选，或改正。")
    if len(rows) > 1:
        known = "、".join(f"{one.name}（{one.code}）" for one in rows[:TOLD])
        more = "等" if len(rows) > TOLD else ""
        raise DomainError(f"名称里有“{words}”的{noun}不止一个：{known}{more}。请从列表里选一个，或写编码。")
    return rows[0]


def _by_code(found: QuerySet[Any], codes: Iterable[str]) -> dict[str, Any]:
    wanted = list(codes)
    return {row.code: row for row in found.filter(code__in=wanted)} if wanted else {}


def _by_name(found: QuerySet[Any], words: list[str], actor: Actor, named: Named) -> dict[str, list[Any]]:
    """Rows by the name the actor may read; nothing is found by a name that is not shown."""
    rows: dict[str, list[Any]] = {}
    for row in found.filter(name__in=words).order_by("code") if words else ():
        if named(actor, row) == row.name:
            rows.setdefault(row.name, []).append(row)
    return rows


def _quoted(words: list[str]) -> str:
    more = f"等 {len(words)} 个" if len(words) > TOLD else ""
    return "、".join(f"“{word}”" for word in words[:TOLD]) + more


class PicksField(forms.CharField):
    """Several things the actor may see; its value is the rows. Without scripts it is a text of codes or names."""

    is_many = True
    actor: Actor

    def __init__(
        self, *, picker: str, noun: str, found: Callable[[Actor], QuerySet[Any]], named: Named = own_name, **options: Any
    ) -> None:  # fmt: skip
        look = forms.Textarea(attrs={"rows": 2})
        super().__init__(**{"required": False, "max_length": 20_000, "widget": look, **options})
        self.picker, self.noun, self.found, self.named = picker, noun, found, named

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> "Picks":
        return Picks(form, self, field_name)

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) or value is None else "、".join(_codes(value))

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return rows_of(text, found=self.found(self.actor), noun=self.noun, actor=self.actor, named=self.named)
        except DomainError as refusal:
            raise forms.ValidationError(refusal.message) from None

    def names_of(self, text: str) -> Mapping[str, str]:
        """What the things of these codes are called; a code that is none has no name."""
        rows = _by_code(self.found(self.actor), map(code_text, words_in(text)[:MOST]))
        return {code: self.named(self.actor, row) for code, row in rows.items()}


class Picks(forms.BoundField):
    """The field on a page: the picker is given the names of what is picked already."""

    @property
    def names(self) -> str:
        field: Any = self.field
        return json.dumps(field.names_of(str(self.value() or "")), ensure_ascii=False)


def _codes(rows: Iterable[Model]) -> list[str]:
    return [str(getattr(row, "code", "")) for row in rows]
