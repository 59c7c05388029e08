"""Every form that sends something carries its token: the test client does not ask for it, browsers' answers do."""

import re

import pytest

from tests.architecture.house import ROOT

TEMPLATES = sorted((ROOT / "chuangwei" / "web").rglob("*.html"))
POSTING = re.compile(r'<form\b[^>]*method="post"[^>]*>.*?</form>', re.DOTALL | re.IGNORECASE)


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: str(file.relative_to(ROOT / "chuangwei" / "web")))
def test_a_form_that_posts_has_a_token(file):
    text = file.read_text(encoding="utf-8")
    assert [form[:80] for form in POSTING.findall(text) if "csrf_token" not in form] == []


PARTS = [file for file in TEMPLATES if "{% csrf_token %}" in file.read_text(encoding="utf-8")]


@pytest.mark.parametrize("part", PARTS, ids=lambda file: file.name)
def test_a_part_with_a_form_is_given_the_token(part):
    """`include … only` takes the token away unless it is handed on."""
    name = str(part).partition("/templates/")[2]
    lines = [
        line
        for file in TEMPLATES
        for line in file.read_text(encoding="utf-8").splitlines()
        if f'include "{name}"' in line
    ]
    assert [line.strip() for line in lines if " only " in line and "csrf_token=csrf_token" not in line] == []
