"""A form that ends in one action: what somebody typed becomes its arguments, a refusal a sentence above the form."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import Model, QuerySet

from chuangwei.core.actor import Actor
from chuangwei.core.errors import DomainError, NotAllowed, NotFound, StaleState
from chuangwei.core.text import code_text
from chuangwei.web.shared.asking import speak
from chuangwei.web.shared.picking import Named, PicksField, own_name, row_of

LOOKS: dict[type, str] = {forms.Select: "form-select", forms.CheckboxInput: "form-check-input"}


class ActionForm(forms.Form):
    """`accepted_by(action, …)` runs the action with the cleaned values; `result` is what it gave back, `refusal` why not.

    `thing` is the record the form is about, for forms that ask by what it is.
    """

    result: Any = None
    refusal: DomainError | None = None

    def __init__(self, *args: Any, actor: Actor, thing: Any = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.actor, self.thing = actor, thing
        self.prepare()
        for field in self.fields.values():
            look = LOOKS.get(type(field.widget), "form-control")
            field.widget.attrs = {"class": look, "autocomplete": "off", **field.widget.attrs}
            speak(field)
            if isinstance(field, PickField | PicksField):
                field.actor = actor

    def prepare(self) -> None:
        """Fields and choices that depend on the record or on who asks."""

    def accepted_by(self, action: Callable[..., Any], **more: Any) -> bool:
        """Whether it was done. What the person may not do, or somebody else did first, is the surface's to tell."""
        if not self.is_valid():
            return False
        try:
            self.result = action(**self.arguments(), **more)
        except (NotAllowed, NotFound, StaleState):
            raise
        except DomainError as refusal:
            self.refusal = refusal
            self.add_error(None, refusal.message)
            return False
        return True

    def arguments(self) -> dict[str, Any]:
        """What the action is given, by its own names."""
        return dict(self.cleaned_data)


def wished(field: forms.Field, words: str) -> None:
    """It may stay empty, and its lack will be asked about: the page says so beforehand."""
    field.wanted = words  # type: ignore[attr-defined]


class PickField(forms.CharField):
    """The code of a thing the actor may see, as a person picks it; its value is the row. A name, or part of one, is taken
    where it is said of one thing alone.

    `either` is for one of two fields of which one is filled in: neither is called optional.
    """

    actor: Actor

    def __init__(
        self, *, picker: str, noun: str, found: Callable[[Actor], QuerySet[Any]], named: Named = own_name,
        either: bool = False, **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(max_length=64, **{"required": not either, **options})
        self.picker, self.noun, self.found, self.named, self.either = picker, noun, found, named, either

    def prepare_value(self, value: Any) -> Any:
        return getattr(value, "code", "") if isinstance(value, Model) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not code_text(text):
            return None
        try:
            return row_of(text, found=self.found(self.actor), noun=self.noun, actor=self.actor, named=self.named)
        except DomainError as refusal:
            raise forms.ValidationError(refusal.message) from None


class NoteField(forms.CharField):
    """Text of several lines, refused whole where it is too long and never cut on its way.

    A browser cuts what is pasted at `maxlength` without a word; the page counts beside the field instead, as the server
    does: a new line is one character, spaces at the ends are none.
    """

    is_counted = True

    def __init__(self, *, max_length: int, rows: int = 2, **options: Any) -> None:
        super().__init__(max_length=max_length, widget=forms.Textarea(attrs={"rows": rows}), **options)

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return text.replace("\r\n", "\n") if isinstance(text, str) else text

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}


class DayField(forms.DateField):
    """A day, picked or written as 2023-10-15."""

    def __init__(self, **options: Any) -> None:
        day = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(widget=day, input_formats=["%Y-%m-%d"], **options)
