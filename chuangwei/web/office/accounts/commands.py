"""What is done to accounts from their pages: each one call of an action."""

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from chuangwei.core import clock
from chuangwei.domain.organisation import actions, queries
from chuangwei.domain.organisation.permissions import may_export, may_manage_account, may_manage_accounts
from chuangwei.web.office.accounts import forms, views
from chuangwei.web.office.accounts.listing import LISTING
from chuangwei.web.office.accounts.passwords import first_password
from chuangwei.web.shared.exporting import export_listing
from chuangwei.web.shared.rendering import require_or_404
from chuangwei.web.shared.surfaces import UNPROCESSABLE, OfficeRequest, command


@command
def account_export(request: OfficeRequest) -> HttpResponseBase:
    require_or_404(may_manage_accounts(request.actor) and may_export(request.actor))
    return export_listing(LISTING, queries.accounts(actor=request.actor), request, title="账号", by=request.actor)


@command
def account_create(request: OfficeRequest) -> HttpResponse:
    """Make the account and show its first password, this once."""
    require_or_404(may_manage_accounts(request.actor))
    form, password = forms.AccountForm(request.POST, actor=request.actor), first_password()
    if form.accepted_by(actions.create_account, password=password, by=request.actor, at=clock.now()):
        return views.detail_page(request, form.result, password=password)
    return views.new_page(request, form, status=UNPROCESSABLE)


@command
def account_set_rights(request: OfficeRequest, code: str) -> HttpResponse:
    account = views.account_of(request, code)
    require_or_404(may_manage_account(request.actor, account))
    form = forms.RightsForm(request.POST, actor=request.actor, thing=account)
    if form.accepted_by(actions.set_rights, account=account, by=request.actor, at=clock.now()):
        messages.success(request, f"{account.name}的角色和范围已保存，下一次点击就生效。")
        return redirect("office:account_detail", code)
    return views.rights_page(request, views.account_of(request, code), form, status=UNPROCESSABLE)


@command
def account_switch(request: OfficeRequest, code: str) -> HttpResponse:
    """Off, with a reason; or on again."""
    account = views.account_of(request, code)
    require_or_404(may_manage_account(request.actor, account))
    form = forms.NoteForm(request.POST, actor=request.actor)
    on = not account.is_active
    if form.accepted_by(actions.switch_account, account=account, is_active=on, by=request.actor, at=clock.now()):
        messages.success(request, f"{account.name}的账号已{'启用' if on else '停用，登录立即失效'}。")
        return redirect("office:account_detail", code)
    return _refused(request, code, "switch", form)


@command
def account_password(request: OfficeRequest, code: str) -> HttpResponse:
    """Another first password, shown this once; the holder must change it."""
    account, password = views.account_of(request, code), first_password()
    require_or_404(may_manage_account(request.actor, account) and account.code != request.actor.code)
    actions.set_password(account=account, password=password, by=request.actor, at=clock.now())
    return views.detail_page(request, account, password=password)


@command
def account_reset_factor(request: OfficeRequest, code: str) -> HttpResponse:
    account = views.account_of(request, code)
    require_or_404(may_manage_account(request.actor, account))
    form = forms.NoteForm(request.POST, actor=request.actor)
    if form.accepted_by(actions.reset_second_factor, account=account, by=request.actor, at=clock.now()):
        messages.success(request, f"{account.name}的第二因素已清除，下次登录后须重新设置。")
        return redirect("office:account_detail", code)
    return _refused(request, code, "factor", form)


def _refused(request: OfficeRequest, code: str, step: str, form: forms.NoteForm) -> HttpResponse:
    told = "".join(str(sentence) for sentences in form.errors.values() for sentence in sentences)
    account = views.account_of(request, code)
    return views.detail_page(request, account, errors={step: told}, status=UNPROCESSABLE)
