"""The front door: to signing in, or to the first page of the menu."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from chuangwei.domain.organisation import queries
from chuangwei.domain.organisation.models import Account
from chuangwei.web.office import navigation
from chuangwei.web.shared.errors import error_page


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """The one address people type by heart: it shows nothing, so a stranger is only shown the way in."""
    account = request.user
    if not isinstance(account, Account):
        return redirect("account_login")
    if account.must_change_password:
        return redirect("account_change_password")
    address = navigation.front_page(queries.actor_of(account))
    if address is None:
        return error_page(
            request, status=403, title="还没有分配权限", message="您的账号已经可以登录，但还没有角色。请联系管理员。"
        )
    return redirect(address)
