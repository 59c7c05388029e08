import re
from pathlib import Path

import pytest

from chuangwei.web.shared.built import strokes
from chuangwei.web.shared.templatetags.icons import icon
from tests.architecture.house import ROOT


def test_an_icon_is_drawn_in_the_page_and_hidden_from_readers():
    drawing = icon("upload", "cw-icon-end")
    assert drawing.count("<path") == len(strokes("upload")) > 0
    assert 'aria-hidden="true"' in drawing
    assert "cw-icon-end" in drawing


def test_an_unknown_icon_is_a_fault():
    with pytest.raises(KeyError):
        icon("no-such-drawing")


def test_before_anything_is_built_pages_have_no_icons(tmp_path: Path):
    assert strokes("upload", folder=tmp_path) == []


def test_every_icon_the_templates_name_is_there():
    named = set()
    for file in (ROOT / "chuangwei" / "web").rglob("*.html"):
        named |= set(re.findall(r'{% icon "([^"]+)"', file.read_text(encoding="utf-8")))
    assert named
    assert all(strokes(name) for name in named)
