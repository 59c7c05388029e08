"""Accounts: who signs in, with which roles, where, and what each of them sees (设置 → 账号)."""

from typing import Any

from django.apps import apps
from django.http import HttpResponse
from django.urls import reverse

from chuangwei.core.errors import require
from chuangwei.domain.organisation import permissions, queries
from chuangwei.domain.organisation.models import Account
from chuangwei.domain.organisation.permissions import may_export, may_manage_account, may_manage_accounts
from chuangwei.web.office.accounts import forms, sight
from chuangwei.web.office.accounts.listing import LISTING, lines, role_titles, scope_words, state_words
from chuangwei.web.office.accounts.roles import in_words
from chuangwei.web.shared.crumbs import Crumb
from chuangwei.web.shared.rendering import get_or_404, render_page, require_or_404
from chuangwei.web.shared.surfaces import OfficeRequest, page

BEYOND = "这个范围超出了您自己的范围，不能给别人。"


@page
def account_list(request: OfficeRequest) -> HttpResponse:
    require_or_404(may_manage_accounts(request.actor))
    shown = LISTING.shown(queries.accounts(actor=request.actor), request)
    return render_page(
        request, "office/accounts/account_list.html", part="list",
        list=shown,
        lines=lines(list(shown.page.rows), request.actor),
        export_address=reverse("office:account_export") if may_export(request.actor) else "",
    )  # fmt: skip


@page
def account_new(request: OfficeRequest) -> HttpResponse:
    require_or_404(may_manage_accounts(request.actor))
    return new_page(request, forms.AccountForm(actor=request.actor))


def new_page(request: OfficeRequest, form: forms.AccountForm, *, status: int = 200) -> HttpResponse:
    return render_page(
        request, "office/accounts/account_new.html",
        status=status, form=form, back=reverse("office:account_list"), trail=[_home(), Crumb("新建账号")],
        command=reverse("office:account_create"), sight_address=reverse("office:account_draft_sight"),
    )  # fmt: skip


@page
def account_detail(request: OfficeRequest, code: str) -> HttpResponse:
    return detail_page(request, account_of(request, code))


def detail_page(
    request: OfficeRequest, account: Account, *, password: str = "", errors: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    """`password` is shown this once; `errors` are sentences by the step they belong to."""
    is_oneself = account.code == request.actor.code
    factors = queries.second_factors(account)
    return render_page(
        request, "office/accounts/account_detail.html",
        status=status,
        account=account,
        state=state_words(account),
        roles=role_titles(account),
        scope=scope_words(account),
        nouns=[noun for noun in in_words(queries.actor_of(account).permissions) if noun.held],
        sees_nothing=queries.covers_nothing(account),
        is_overseer=queries.is_overseer(account),
        is_oneself=is_oneself,
        may_change=not is_oneself and may_manage_account(request.actor, account),
        has_factors=apps.is_installed("allauth.mfa"),
        factors=factors,
        needs_factor=queries.needs_second_factor(account),
        password=password,
        errors=errors or {},
        trail=[_home(), Crumb(account.name)],
    )  # fmt: skip


@page
def account_rights(request: OfficeRequest, code: str) -> HttpResponse:
    account = account_of(request, code)
    return rights_page(request, account, forms.RightsForm.of(account, request.actor))


def rights_page(
    request: OfficeRequest, account: Account, form: forms.RightsForm, *, status: int = 200
) -> HttpResponse:  # fmt: skip
    require_or_404(may_manage_account(request.actor, account) and account.code != request.actor.code)
    back = reverse("office:account_detail", args=[account.code])
    return render_page(
        request, "office/accounts/account_rights.html",
        status=status, account=account, form=form, back=back,
        command=reverse("office:account_set_rights", args=[account.code]),
        sight_address=reverse("office:account_draft_sight"),
        trail=[_home(), Crumb(account.name, back), Crumb("角色和范围")],
    )  # fmt: skip


@page
def account_sight(request: OfficeRequest, code: str) -> HttpResponse:
    """What an account sees as it stands."""
    account = account_of(request, code)
    back = reverse("office:account_detail", args=[code])
    trail = [_home(), Crumb(account.name, back), Crumb("此人能看到什么")]
    return _sight_page(request, account, trail=trail, back=back)


@page
def draft_sight(request: OfficeRequest) -> HttpResponse:
    """What an account would see with the roles and the scope in the address, before anything is saved."""
    require_or_404(may_manage_accounts(request.actor))
    code = request.GET.get("account", "")
    known = account_of(request, code) if code else None
    form = (forms.RightsDraft if known else forms.DraftForm)(request.GET, actor=request.actor, thing=known)
    back = reverse("office:account_rights", args=[code]) if known else reverse("office:account_new")
    trail = [_home(), Crumb(known.name if known else "新建账号", back), Crumb("此人能看到什么")]
    if not form.is_valid():
        faults = [sentence for told in form.errors.values() for sentence in told]
        return _sight_page(request, None, trail=trail, back=back, faults=faults)
    drafted = form.drafted()
    require(may_manage_account(request.actor, drafted), BEYOND)
    return _sight_page(request, drafted, trail=trail, back=back, is_draft=True)


def _sight_page(
    request: OfficeRequest, account: Account | None, *, trail: list[Crumb], back: str, is_draft: bool = False,
    faults: Any = (),
) -> HttpResponse:  # fmt: skip
    return render_page(
        request, "office/accounts/sight.html", part="sight",
        account=account,
        roles=role_titles(account) if account else [],
        scope=scope_words(account) if account else [],
        sight=sight.sight_of(account, viewer=request.actor) if account else None,
        is_draft=is_draft,
        faults=faults,
        back=back,
        trail=trail,
    )  # fmt: skip


def account_of(request: OfficeRequest, code: str) -> Account:
    account: Account = get_or_404(permissions.visible_accounts(request.actor).select_related(*ROWS), username=code)
    return account


ROWS = ("area", "unit__area", "person")


def _home() -> Crumb:
    return Crumb("账号", reverse("office:account_list"))
