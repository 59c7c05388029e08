"""What a field says where it was left empty or filled in wrongly: the house's own words, by the name of the field.

Django's sentences speak of 字段 and 变量; people know 名称 and 期限. A field that brings its own sentence keeps it.
"""

from collections.abc import Mapping

from django import forms

CHOSEN = (
    forms.ChoiceField, forms.MultipleChoiceField, forms.ModelChoiceField, forms.DateField, forms.DateTimeField,
    forms.TimeField, forms.FileField,
)  # fmt: skip
"""What people pick instead of writing it."""
DAY_WORDS = ("日期", "天", "时间")
LENGTHS = {
    "max_length": "{name}最多 %(limit_value)d 个字，现在有 %(show_value)d 个，请删短。",
    "min_length": "{name}至少 %(limit_value)d 个字，现在只有 %(show_value)d 个，请补充。",
}
AMOUNTS = {
    "max_value": "{name}不能大于 %(limit_value)s，请改小。",
    "min_value": "{name}不能小于 %(limit_value)s，请改大。",
}
OFFERED = {"invalid_choice": "{name}里没有这一项，请从列表里选。", "invalid_list": "请从列表里选{name}。"}
SENTENCES: tuple[tuple[type[forms.Field], Mapping[str, str]], ...] = (
    (forms.CharField, LENGTHS),
    (forms.IntegerField, AMOUNTS | {"invalid": "{name}要写成数字，不带单位，例如 1200。"}),
    (forms.FloatField, {"invalid": "{name}要写成数字，例如 104.7321。"}),
    (forms.DateField, {"invalid": "{name}要写成 2023-10-15 这样。"}),
    (forms.DateTimeField, {"invalid": "{name}要写成 2023-10-15 09:00 这样。"}),
    (forms.TimeField, {"invalid": "{name}要写成 09:00 这样。"}),
    (forms.ChoiceField, OFFERED),
    (forms.FileField, {"empty": "选的文件是空的，请换一个。", "invalid": "文件没有传上来，请再选一次。"}),
)


def speak(field: forms.Field) -> None:
    """Give a field its sentences."""
    name = str(field.label or "")
    own = _own(field)
    found = {"required": f"请{_asked(field, name)}。"}
    for kind, sentences in SENTENCES:
        if isinstance(field, kind):
            found |= {code: sentence.replace("{name}", name or "这一项") for code, sentence in sentences.items()}
    field.error_messages |= {code: sentence for code, sentence in found.items() if code not in own}


def _asked(field: forms.Field, name: str) -> str:
    """填写名称, 选择类型, 勾选同意."""
    if isinstance(field, forms.BooleanField):
        return f"勾选{name or '这一项'}"
    noun = getattr(field, "noun", "")
    if noun:
        return f"选择{name if noun in name else noun}"
    if not isinstance(field, CHOSEN):
        return f"填写{name or '这一项'}"
    is_unclear_day = isinstance(field, forms.DateField) and not any(word in name for word in DAY_WORDS)
    return f"选择“{name}”的日期" if is_unclear_day else f"选择{name or '一项'}"


def _own(field: forms.Field) -> set[str]:
    """The sentences a field was given by who wrote the form, known by not being those of its kind."""
    usual: dict[str, object] = {}
    for kind in reversed(type(field).__mro__):
        usual |= getattr(kind, "default_error_messages", {})
    return {code for code, sentence in field.error_messages.items() if sentence is not usual.get(code)}
