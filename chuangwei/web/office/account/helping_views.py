"""登录方式: what a security administrator sees of somebody else's sign-in, and may do for it."""

from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from chuangwei.core import clock
from chuangwei.core.errors import DomainError
from chuangwei.domain.organisation import queries
from chuangwei.domain.organisation.models import Account
from chuangwei.web.office.account import factors, helping, locks, outside
from chuangwei.web.office.account.security_views import linked_to
from chuangwei.web.shared.limits import in_words
from chuangwei.web.shared.rendering import get_or_404, render_page
from chuangwei.web.shared.surfaces import UNPROCESSABLE, OfficeRequest, command, page


@page
def sign_in_of(request: OfficeRequest, code: str) -> HttpResponse:
    return _shown(request, _account(request, code))


def _shown(request: OfficeRequest, account: Account, *, error: str = "", status: int = 200) -> HttpResponse:
    linked, left = linked_to(account), locks.seconds_left(account)
    taken = {one.house for one in linked}
    return render_page(
        request, "office/account/sign_in_of.html",
        status=status,
        error=error,
        account=account,
        is_oneself=account.code == request.actor.code,
        is_overseer=queries.is_overseer(account),
        has=factors.of(account),
        needs=queries.needs_second_factor(account),
        linked=linked,
        houses=[house for house in outside.houses() if house.title not in taken],
        locked_for=in_words(left) if left else "",
        sessions=sum(seat.exists() for seat in UserSession.objects.filter(user=account)),
    )  # fmt: skip


@command
def sign_in_help(request: OfficeRequest, code: str) -> HttpResponse:
    """One of the four things that can be done; which, the button says."""
    account = _account(request, code)
    try:
        done = _do(request, account)
    except DomainError as refusal:
        return _shown(request, account, error=refusal.message, status=UNPROCESSABLE)
    messages.success(request, done)
    return redirect("sign_in_of", code)


def _do(request: OfficeRequest, account: Account) -> str:
    sent, note, by, at = request.POST, request.POST.get("note", ""), request.actor, clock.now()
    wish = sent.get("do", "")
    if wish == "link":
        house, uid = sent.get("house", ""), sent.get("uid", "")
        helping.link_identity(account=account, house=house, uid=uid, note=note, by=by, at=at)
        return f"已绑定{outside.title_of(house)}。"
    if wish == "unlink":
        number = sent.get("linked", "")
        of_account = SocialAccount.objects.filter(user=account)
        linked = get_or_404(of_account, pk=int(number) if number.isascii() and number.isdigit() else 0)
        helping.unlink_identity(account=account, linked=linked, note=note, by=by, at=at)
        return "已解绑。"
    if wish == "unlock":
        helping.lift_lock(account=account, note=note, by=by, at=at)
        return "已解除锁定，可以再试。"
    if wish == "end":
        return f"已结束 {helping.end_sessions(account=account, note=note, by=by, at=at)} 处登录。"
    raise DomainError("请选择要办的事。")


def _account(request: OfficeRequest, code: str) -> Account:
    found: Account = get_or_404(queries.accounts(actor=request.actor), username=code)
    return found
