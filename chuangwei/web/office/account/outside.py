"""Identities of other houses, as people see them: what they are called, and the pages for those that open nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

FORBIDDEN, UNAUTHORIZED = 403, 401


@dataclass(frozen=True)
class House:
    """A provider of identities that this installation trusts."""

    slug: str
    title: str


def houses() -> Sequence[House]:
    """Those the operator configured, in a fixed order."""
    return [
        House(app.get("provider_id") or provider, app["name"])
        for provider, said in settings.SOCIALACCOUNT_PROVIDERS.items()
        for app in said["APPS"]
    ]


def title_of(slug: str) -> str:
    return next((house.title for house in houses() if house.slug == slug), slug)


def name_of(account: SocialAccount) -> str:
    """What the other house calls its person; the identifier where it says nothing."""
    said: dict[str, Any] = account.extra_data
    profile = said.get("userinfo") or said.get("id_token") or said
    for key in ("name", "nickname", "nick", "preferred_username"):
        if isinstance(profile.get(key), str) and profile[key].strip():
            return profile[key].strip()[:100]
    return str(account.uid)


def unknown_page(request: HttpRequest, account: SocialAccount) -> HttpResponse:
    """No account is linked with this identity: what to tell whom, so that one can be."""
    return render(
        request, "office/account/unknown_identity.html",
        {"house": title_of(account.provider), "name": name_of(account), "uid": account.uid, "slug": account.provider},
        status=FORBIDDEN,
    )  # fmt: skip


def failed_page(request: HttpRequest) -> HttpResponse:
    """The other house did not say who this is, or what it said does not hold."""
    return render(request, "office/account/identity_failed.html", {"houses": houses()}, status=UNAUTHORIZED)
