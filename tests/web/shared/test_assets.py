"""The page's head names the built files by what Vite's manifest says, and does without where nothing was built."""

import json
import os
from pathlib import Path

import pytest
from django.template import Context, Template

from chuangwei.web.shared import built as built_files
from chuangwei.web.shared.built import Built, built

MANIFEST = {
    "src/main.ts": {"file": "main-AAAAAAAA.js", "isEntry": True, "css": ["main-BBBBBBBB.css"]},
    "src/islands/trend/index.ts": {"file": "trend-CCCCCCCC.js", "isDynamicEntry": True},
}


def write(folder: Path, manifest: dict) -> None:
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def test_an_entry_names_its_script_and_styles(tmp_path: Path) -> None:
    write(tmp_path, MANIFEST)
    expected = Built(script="built/main-AAAAAAAA.js", styles=("built/main-BBBBBBBB.css",))
    assert built(folder=tmp_path) == expected
    assert built("src/islands/trend/index.ts", folder=tmp_path) is None


def test_nothing_built_is_no_error(tmp_path: Path) -> None:
    assert built(folder=tmp_path) is None


def test_a_new_build_is_read_again(tmp_path: Path) -> None:
    write(tmp_path, MANIFEST)
    assert built(folder=tmp_path) is not None
    write(tmp_path, {"src/main.ts": {"file": "main-DDDDDDDD.js", "isEntry": True}})
    os.utime(tmp_path / "manifest.json", (1, 1))
    assert built(folder=tmp_path) == Built(script="built/main-DDDDDDDD.js", styles=())


LINKS = """<link rel="stylesheet" href="/static/built/main-BBBBBBBB.css">
<script type="module" src="/static/built/main-AAAAAAAA.js"></script>"""


@pytest.mark.parametrize(("manifest", "expected"), [(MANIFEST, LINKS), (None, "")])
def test_the_tag_writes_links_without_inline_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, manifest: dict | None, expected: str
) -> None:
    if manifest:
        write(tmp_path, manifest)
    monkeypatch.setattr(built_files.built, "__kwdefaults__", {"folder": tmp_path})
    assert Template("{% load assets %}{% page_assets %}").render(Context()) == expected
