"""What is asked when an account is made, and when its rights are changed."""

from collections.abc import Sequence
from typing import Any

from django import forms

from chuangwei.domain.organisation import permissions, queries
from chuangwei.domain.organisation.models import Account
from chuangwei.web.shared.forms import ActionForm, PickField

RIGHTS = ("roles", "is_everywhere", "area", "unit", "by_duty")
SEES_NOTHING = "sees_nothing"
NO_SCOPE = (
    "没有给范围，也没有所在单位：此人登录后看不到任何区划、点位、检查和问题。请选范围；确要这样保存，请勾选下面的确认。"
)
NO_DUTY = "按责任，但今天没有对得上的责任：此人登录后什么也看不到，到有了责任为止。确要这样保存，请勾选下面的确认。"


class RightsForm(ActionForm):
    """Roles and scope. `thing` is the account they are for; none while it is being made.

    A scope that shows nothing is saved only when somebody says that it is meant: mostly it was forgotten.
    """

    asks_whether_meant = True
    roles = forms.MultipleChoiceField(label="角色", required=False, widget=forms.CheckboxSelectMultiple)
    is_everywhere = forms.BooleanField(label="全域", required=False, help_text="整个安装，不论区划。")
    area = PickField(
        picker="areas", noun="区划", found=permissions.areas_to_choose, label="管辖区划", required=False,
        help_text="这个区划和它下面的一切。",
    )  # fmt: skip
    unit = PickField(
        picker="units", noun="单位", found=permissions.units_to_choose, label="代表单位", required=False,
        help_text="派给这个单位和它下级单位的问题。对上了人员的，所在单位的不选也看得到。",
    )  # fmt: skip
    by_duty = forms.BooleanField(
        label="按责任", required=False, help_text="本人或所在单位今天负责的区划和点位；责任结束，就看不到了。"
    )
    sees_nothing = forms.BooleanField(label="确认：就这样保存，此人暂时什么业务数据也看不到", required=False)

    def prepare(self) -> None:
        known = queries.bundles(area_codes=queries.home_codes(self.thing) if self.thing else ())
        self.bundles = known
        # A role no preset knows any more stays to be taken away.
        gone = [slug for slug in self.thing.roles if slug not in known] if self.thing else []
        field: Any = self.fields["roles"]
        field.choices = [*((slug, one.title) for slug, one in known.items()), *((slug, slug) for slug in gone)]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("is_everywhere") and given.get("area"):
            self.add_error("area", "选了全域，就不必再选区划。")
        asks = self.asks_whether_meant and not given.get(SEES_NOTHING) and not self.errors
        if asks and queries.covers_nothing(self.drafted()):
            self.add_error(SEES_NOTHING, NO_DUTY if given.get("by_duty") else NO_SCOPE)
        return given

    def arguments(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != SEES_NOTHING}

    def choices(self) -> Sequence[tuple[str, str, str, bool]]:
        """Every role as the page offers it: slug, title, what it is for, whether it is ticked."""
        ticked = self["roles"].value() or []
        field: Any = self.fields["roles"]
        return [
            (slug, title, self.bundles[slug].description if slug in self.bundles else "已不存在", slug in ticked)
            for slug, title in field.choices
        ]

    @staticmethod
    def of(account: Account, actor: Any) -> "RightsForm":
        return RightsForm(initial={name: getattr(account, name) for name in RIGHTS}, actor=actor, thing=account)

    def drafted(self) -> Account:
        """The account as it would be, unsaved; only of a valid form."""
        given = self.cleaned_data
        known = self.thing or Account(username="", name=given.get("name") or "新账号", person=given.get("person"))
        return Account(
            username=known.username, name=known.name, person=known.person,
            **{name: given[name] for name in RIGHTS},
        )  # fmt: skip


class RightsDraft(RightsForm):
    """The same while it is only looked at."""

    asks_whether_meant = False


class AccountForm(RightsForm):
    """A new account: who it is for, and the rights."""

    username = forms.CharField(label="账号", max_length=64, help_text="登录时用，建立后不能改。")
    name = forms.CharField(label="姓名", max_length=64, required=False, help_text="不填就用人员的姓名。")
    person = PickField(
        picker="persons", noun="人员", found=permissions.persons_to_choose, label="人员", required=False,
        help_text="底册里的人员；按责任和所在单位看范围，都要先对上人。",
    )  # fmt: skip

    field_order = ("username", "person", "name", "roles", "is_everywhere", "area", "unit", "by_duty")


class DraftForm(AccountForm):
    """The same while it is only looked at: an account needs no name yet."""

    asks_whether_meant = False
    username = forms.CharField(max_length=64, required=False)


class NoteForm(ActionForm):
    """A step that needs a reason."""

    note = forms.CharField(label="原因", max_length=200)
