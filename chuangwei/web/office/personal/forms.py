"""Why somebody reads a private phone: a choice, and words of their own where the choice does not say it."""

from django import forms

from chuangwei.domain.organisation.enums import ReadingReason

SHORTEST, LONGEST = 4, 180


class ReasonForm(forms.Form):
    """`reason` is what the chain keeps, in one line."""

    because = forms.ChoiceField(
        label="理由", choices=ReadingReason.choices, error_messages={"required": "请选择理由。"}
    )
    words = forms.CharField(label="说明", required=False, max_length=LONGEST)

    def clean_words(self) -> str:
        written = str(self.cleaned_data.get("words") or "").strip()
        if self.cleaned_data.get("because") == ReadingReason.OTHER and len(written) < SHORTEST:
            raise forms.ValidationError(f"请写明理由，至少 {SHORTEST} 个字。")
        return written

    @property
    def reason(self) -> str:
        because = ReadingReason(self.cleaned_data["because"])
        written = str(self.cleaned_data["words"])
        if because == ReadingReason.OTHER:
            return written
        return f"{because.label}：{written}" if written else str(because.label)

    @property
    def fault(self) -> str:
        """The first thing that is wrong, as a sentence."""
        return next((str(sentence) for errors in self.errors.values() for sentence in errors), "")


class LookUpForm(ReasonForm):
    phone = forms.CharField(label="号码", max_length=32, error_messages={"required": "请填写号码。"})
