"""The list of accounts: search, filters, and one account in the words of a line."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.urls import reverse

from chuangwei.core.actor import Actor
from chuangwei.domain.organisation import queries
from chuangwei.domain.organisation.models import Account
from chuangwei.web.shared.listing import Choices, Column, Filter, Listing, Sort

STATES = (("on", "启用"), ("off", "停用"), ("first", "未改初始密码"), ("idle", "从未登录"))
STATE_CONDITIONS = {
    "on": Q(is_active=True),
    "off": Q(is_active=False),
    "first": Q(is_active=True, must_change_password=True),
    "idle": Q(is_active=True, last_login__isnull=True),
}
SCOPES = (("everywhere", "全域"), ("area", "区划"), ("unit", "代表单位"), ("duty", "按责任"), ("none", "没有范围"))
SCOPE_CONDITIONS = {
    "everywhere": Q(is_everywhere=True),
    "area": Q(is_everywhere=False, area__isnull=False),
    "unit": Q(unit__isnull=False),
    "duty": Q(by_duty=True),
    "none": Q(is_everywhere=False, area__isnull=True, unit__isnull=True, by_duty=False),
}


def role_choices() -> Choices:
    return [(slug, bundle.title) for slug, bundle in queries.bundles().items()]


def _holding(slug: str) -> Q:
    """Both engines keep the list as text; a slug holds no quote, so this finds whole words only."""
    return Q(roles__icontains=f'"{slug}"')


def _below(code: str) -> Q:
    return Q(area__code=code) | Q(area__path__contains=f"{code}/") | Q(unit__area__path__contains=f"{code}/")


def _search(found: QuerySet[Account], words: str) -> QuerySet[Account]:
    return found.filter(
        Q(username__contains=words) | Q(name__contains=words) | Q(area__name__contains=words) | Q(unit__name__contains=words)
    )  # fmt: skip


def role_titles(account: Account, known: Mapping[str, str] | None = None) -> list[str]:
    """The titles of the roles; one no preset knows any more is shown by its slug, and allows nothing."""
    titles = known or {slug: one.title for slug, one in queries.bundles(area_codes=queries.home_codes(account)).items()}
    return [titles.get(slug, f"{slug}（已不存在）") for slug in account.roles]


def scope_words(account: Account) -> list[str]:
    """The scopes of an account, each in one phrase."""
    if account.is_everywhere:
        return ["全域"]
    told = [f"{account.area.name}及以下"] if account.area else []
    told += [f"代表{account.unit.name}"] if account.unit else []
    told += ["按责任"] if account.by_duty else []
    return told or ["没有另给范围，只看得到所在单位的" if account.person else "没有范围"]


def state_words(account: Account) -> str:
    if not account.is_active:
        return "停用"
    return "未改初始密码" if account.must_change_password else "启用"


LISTING = Listing[Account](
    sorts=[Sort("newest", "最近建立", ("-pk",)), Sort("username", "账号", ("username",))],
    filters=[
        Filter("state", "状态", lambda value: STATE_CONDITIONS[value], choices=STATES, is_tab=True),
        Filter("role", "角色", _holding, choices=role_choices),
        Filter("scope", "范围", lambda value: SCOPE_CONDITIONS[value], choices=SCOPES),
        Filter("area", "区划", _below, picker="areas"),
    ],
    columns=[
        Column("账号", lambda one: one.username),
        Column("姓名", lambda one: one.name),
        Column("角色", lambda one: "、".join(role_titles(one))),
        Column("范围", lambda one: "；".join(scope_words(one))),
        Column("状态", state_words),
        Column("建立", lambda one: one.created_at),
        Column("上次登录", lambda one: one.last_login),
    ],
    search=_search,
    search_hint="账号、姓名、区划、单位",
)


@dataclass(frozen=True)
class Line:
    """One account in one line."""

    address: str
    about: Account
    roles: str
    scope: str
    state: str
    is_oneself: bool


def lines(rows: list[Account], actor: Actor) -> list[Line]:
    titles = dict(role_choices())
    return [
        Line(
            reverse("office:account_detail", args=[one.code]), one, "、".join(role_titles(one, titles)) or "没有角色",
            "；".join(scope_words(one)), state_words(one), one.code == actor.code,
        )
        for one in rows
    ]  # fmt: skip
