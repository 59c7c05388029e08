from datetime import timedelta
from io import BytesIO

import pytest

from chuangwei.core import clock
from chuangwei.core.errors import DomainError
from chuangwei.web.office.imports import uploads


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("底册.xlsx", "底册.xlsx"), ("../../etc/passwd", "passwd"), ("C:\\桌面\\底册.xlsx", "底册.xlsx"), ("", "未命名.xlsx"),
        ("长" * 200 + ".xlsx", "长" * 115 + ".xlsx"),
    ],
)  # fmt: skip
def test_a_name_is_only_a_name(name, kept):
    upload = uploads.keep(BytesIO(b"data"), name)
    assert upload.name == kept
    assert upload.path.name == f"{upload.digest}.xlsx"
    assert upload.path.read_bytes() == b"data"


def test_a_file_too_large_is_refused_while_it_comes(monkeypatch):
    monkeypatch.setattr(uploads, "LARGEST", 10)
    with pytest.raises(DomainError, match="超过 20 MB"):
        uploads.keep(BytesIO(b"x" * 11), "大.xlsx")
    home = uploads.keep(BytesIO(b"x"), "小.xlsx").path.parent
    assert not list(home.glob(".draft-*"))


def test_old_files_nobody_waits_for_go():
    kept, gone = uploads.keep(BytesIO(b"kept"), "a.xlsx"), uploads.keep(BytesIO(b"gone"), "b.xlsx")
    uploads.forget_all_but({kept.digest}, before=clock.now() - timedelta(days=1))
    assert gone.path.exists()
    assert uploads.forget_all_but({kept.digest}, before=clock.now() + timedelta(seconds=5)) >= 1
    assert (kept.path.exists(), gone.path.exists()) == (True, False)
