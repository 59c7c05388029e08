"""No page carries code or style inline, in its template or in its answer, and every answer says so to the browser."""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

import chuangwei
from tests.factories import organisation

WEB = Path(chuangwei.__file__).parent
TEMPLATES = sorted(file for folder in WEB.rglob("templates") for file in folder.rglob("*.html"))
INLINE = {
    "a style attribute": re.compile(r"<[a-z][^>]*\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "a handler": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "a script without src": re.compile(r"<script\b(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")", re.IGNORECASE),
    "code in an address": re.compile(r"(?:href|src|action)\s*=\s*[\"']?\s*javascript:", re.IGNORECASE),
    "an htmx expression": re.compile(
        r"\bhx-(?:on|vals|headers)[:\w-]*\s*=\s*[\"']\s*(?:js|javascript):", re.IGNORECASE
    ),
}
EXPECTED = {
    "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
}  # fmt: skip


def faults(text: str) -> list[str]:
    return [name for name, pattern in INLINE.items() if pattern.search(text)]


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: str(file.relative_to(WEB)))
def test_a_template_has_nothing_inline(file):
    assert faults(file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('<p style="color:red">', "a style attribute"),
        ("<style>p{}</style>", "a style element"),
        ('<a onclick="x()">', "a handler"),
        ('<img src="a" onerror=x>', "a handler"),
        ("<script>x()</script>", "a script without src"),
        ('<script type="module">x()</script>', "a script without src"),
        ('<a href="javascript:x()">', "code in an address"),
        ('<div hx-vals="js:{a: 1}">', "an htmx expression"),
    ],
)
def test_the_walk_would_find_it(text, found):
    assert faults(text) == [found]


@pytest.mark.parametrize(
    "text",
    ['<script src="/a.js"></script>', '<script type="application/json">{}</script>', "<p class='on'>style=1</p>"],
)
def test_the_walk_leaves_the_rest_alone(text):
    assert faults(text) == []


def test_there_are_templates_to_walk():
    assert len(TEMPLATES) > 30


def addresses(resolver: URLResolver, before: str = "") -> list[str]:
    found = []
    for one in resolver.url_patterns:
        route = before + str(one.pattern).lstrip("^")
        if isinstance(one, URLPattern):
            found.append("/" + re.sub(r"<(?:int:)\w+>", "1", route).replace("\\", ""))
        else:
            found += addresses(one, route)
    return [re.sub(r"<(?:\w+:)?\w+>", "x1", address).rstrip("$") for address in found]


@pytest.mark.django_db
@pytest.mark.parametrize("roles", [None, ["admin", "office"]], ids=["stranger", "member"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_every_address_answers_with_the_policy(roles, method):
    client, wrong = Client(raise_request_exception=False), []
    account = organisation.account("li", roles=roles or [])
    for address in sorted(set(addresses(get_resolver()))):
        if roles:
            client.force_login(account)
        wrong += [f"{address}: {what}" for what in amiss(getattr(client, method)(address))]
    assert wrong == []


def amiss(answer) -> list[str]:
    policy = answer.get("Content-Security-Policy", "")
    found = [name for name, value in EXPECTED.items() if answer.get(name) != value]
    found += [
        part for part in ("default-src 'self'", "object-src 'none'", "frame-ancestors 'none'") if part not in policy
    ]
    found += ["unsafe"] * ("unsafe" in policy) + ["camera"] * (
        "camera=(self)" not in answer.get("Permissions-Policy", "")
    )
    # 503 is what /healthz says where something is amiss with the machine; no page may be at fault itself.
    found += [str(answer.status_code)] * (answer.status_code >= 500 and answer.status_code != 503)
    if answer.get("Content-Type", "").startswith("text/html") and not answer.streaming:
        found += faults(answer.content.decode())
    return found
