"""What is taken in, where it lies, how it is found again, and what is refused."""

import hashlib
import os
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from PIL import Image

from chuangwei.core import attachments
from chuangwei.core.actor import Actor
from chuangwei.core.attachments import BadFile
from chuangwei.core.models import Attachment, AuditEvent
from tests.factories.photos import exif_of, png_header, position, saved, street

NOON = datetime(2023, 9, 4, 4, tzinfo=UTC)
ZHANG = Actor("zhang", "张三")

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch) -> Path:
    monkeypatch.setattr(settings, "CHUANGWEI_HOME", tmp_path)
    return tmp_path / "attachments"


def store(content: bytes, name: str = "照片.jpg", subject: str = "P-1") -> Attachment:
    return attachments.store(
        stream=BytesIO(content), name=name, by=ZHANG, at=NOON, subject_kind="problems.problem", subject_code=subject
    )


def package(*parts: str, size: int = 1) -> bytes:
    """The same bytes at any hour: test processes compare the names of their tests, and contents stand in those."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as file:
        for name in ("[Content_Types].xml", *parts):
            file.writestr(zipfile.ZipInfo(name), b"x" * size, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def files_in(home: Path) -> list[Path]:
    return [path for path in home.rglob("*") if path.is_file()]


# --- Taking in ----------------------------------------------------------------------------------------------------------


def test_a_photo_is_kept_by_its_digest_with_all_it_says(home):
    exif = exif_of(taken="2023:09:04 11:58:00", gps=position((35.5, 0.0, 0.0), "N", (104.25, 0.0, 0.0), "E"))
    content = saved(street(), exif=exif).getvalue()
    kept = store(content)
    digest = hashlib.sha256(content).hexdigest()
    kept.refresh_from_db()
    assert (kept.digest, kept.name, kept.content_type, kept.size) == (digest, "照片.jpg", "image/jpeg", len(content))
    assert (kept.width, kept.height, len(kept.phash)) == (160, 120, 16)
    assert (kept.taken_at, kept.longitude, kept.latitude) == (datetime(2023, 9, 4, 3, 58, tzinfo=UTC), 104.25, 35.5)
    assert (kept.stored_at, kept.by_code, kept.subject_kind, kept.subject_code) == (
        NOON,
        "zhang",
        "problems.problem",
        "P-1",
    )
    assert files_in(home) == [home / digest[:2] / digest[2:4] / digest]
    assert attachments.path_of(kept).read_bytes() == content


def test_storing_is_audited_once():
    store(saved(street()).getvalue())
    store(saved(street()).getvalue())
    (event,) = AuditEvent.objects.all()
    assert (event.verb, event.subject_kind, event.subject_code, event.actor_name) == (
        "存入附件",
        "problems.problem",
        "P-1",
        "张三",
    )


def test_a_file_of_no_thing_is_audited_under_its_digest():
    kept = attachments.store(stream=saved(street()), name="a.jpg", by=ZHANG, at=NOON)
    event = AuditEvent.objects.get()
    assert (event.subject_kind, event.subject_code) == ("core.attachment", kept.digest)


def test_the_same_file_lies_once_and_has_a_row_for_each_thing(home):
    content = saved(street()).getvalue()
    first, again, other = store(content), store(content, name="又一次.jpg"), store(content, subject="P-2")
    assert (again.pk, other.pk == first.pk, len(files_in(home))) == (first.pk, False, 1)
    assert attachments.attachments_of(subject_kind="problems.problem", subject_code="P-1") == [first]


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "application/pdf"),
        (package("word/document.xml"), attachments.OFFICE["word/document.xml"]),
        (package("xl/workbook.xml"), attachments.OFFICE["xl/workbook.xml"]),
        (package("ppt/presentation.xml"), attachments.OFFICE["ppt/presentation.xml"]),
        (saved(street(), "PNG").getvalue(), "image/png"),
    ],
    ids=["pdf", "docx", "xlsx", "pptx", "png"],
)
def test_what_a_file_is_is_told_by_its_content(content, content_type):
    kept = store(content, name="无后缀")
    assert (kept.content_type, kept.name) == (content_type, "无后缀")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "文件是空的"),
        (b"just some text", "只收图片"),
        (b"<html><script>alert(1)</script></html>", "只收图片"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "只收图片"),
        (b"MZ\x90\0" + b"\0" * 200, "只收图片"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "只收图片"),
        (saved(street(), "BMP").getvalue(), "只收图片"),
        (saved(street()).getvalue()[:700], "图片打不开"),
        (png_header(50_000, 50_000), "图片太大"),
        (package("word/document.xml")[:60], "文件打不开"),
        (package("secrets.txt"), "压缩包不能存入"),
        (package("xl/workbook.xml", "xl/vbaProject.bin"), "有宏"),
        (package("word/document.xml", size=101 * 1024 * 1024), "解开后太大"),
    ],
    ids=range(13),
)
def test_what_is_not_taken(home, content, says):
    with pytest.raises(BadFile) as refused:
        store(content)
    assert says in refused.value.message
    assert (files_in(home), Attachment.objects.count(), AuditEvent.objects.count()) == ([], 0, 0)


class Endless(BytesIO):
    """A stream that would go on for ever."""

    def read(self, size: int | None = -1) -> bytes:
        return b"\xff\xd8\xff" * ((size or 3) // 3)


def test_a_file_too_large_is_refused_while_it_is_read(home):
    with pytest.raises(BadFile, match=r"文件太大，最多 20 MB。"):
        attachments.store(stream=Endless(), name="a.jpg", by=ZHANG, at=NOON)
    assert files_in(home) == []


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("照片.jpg", "照片.jpg"),
        ("C:\\Users\\张三\\照片.jpg", "照片.jpg"),
        ("../../etc/passwd", "passwd"),
        ("a\x00b\nc\u202egpj.exe", "abcgpj.exe"),
        ("", "未命名"),
        ("目录/", "未命名"),
        ("长" * 300 + ".jpg", "长" * 196 + ".jpg"),
        ("长" * 300, "长" * 200),
        ("a." + "长" * 300, "a." + "长" * 198),
    ],
)
def test_names_are_only_for_people(name, kept):
    assert store(b"%PDF-1.7\n", name=name).name == kept


# --- Showing outside ----------------------------------------------------------------------------------------------------


def test_a_public_copy_is_made_once_and_says_nothing(home):
    kept = store(saved(street((400, 300)), exif=exif_of(taken="2023:09:04 11:58:00")).getvalue())
    copy = attachments.public_copy(kept, longest=100)
    made = copy.stat().st_mtime_ns
    with Image.open(copy) as image:
        assert (image.format, image.size, dict(image.getexif())) == ("JPEG", (100, 75), {})
    assert attachments.public_copy(kept, longest=100).stat().st_mtime_ns == made
    assert attachments.public_copy(kept) != copy
    assert all(not path.name.startswith(".") for path in files_in(home))


def test_a_paper_has_no_public_copy():
    with pytest.raises(BadFile, match="不是图片"):
        attachments.public_copy(store(b"%PDF-1.7\n"))


# --- Found again --------------------------------------------------------------------------------------------------------


def test_the_same_photo_for_another_thing_is_found_nearest_first():
    mine = store(saved(street(), quality=95).getvalue(), subject="P-1")
    store(saved(street(), quality=94).getvalue(), subject="P-1")
    alike = store(saved(street().resize((100, 75)), quality=40).getvalue(), subject="P-2")
    same = store(saved(street(), quality=95).getvalue(), subject="P-3")
    store(saved(street(bin_at=70)).getvalue(), subject="P-4")
    store(b"%PDF-1.7\n", subject="P-5")
    found = attachments.twins(mine)
    assert [(twin.attachment, twin.is_same_file) for twin in found] == [(same, True), (alike, False)]
    assert found[0].bits_apart == 0
    assert found[1].bits_apart <= attachments.ALIKE


def test_of_papers_and_plain_pictures_only_the_same_file_is_found():
    white, other = Image.new("RGB", (50, 50), "white"), Image.new("RGB", (60, 60), "white")
    mine = store(saved(white).getvalue(), subject="P-1")
    store(saved(other).getvalue(), subject="P-2")
    same = store(saved(white).getvalue(), subject="P-3")
    assert [twin.attachment for twin in attachments.twins(mine)] == [same]


# --- No longer named ----------------------------------------------------------------------------------------------------


def aged(file: Path, days: int = 2) -> Path:
    then = (NOON - timedelta(days=days)).timestamp()
    os.utime(file, (then, then))
    return file


def test_a_file_no_row_names_goes_with_its_copies_and_any_other_stays(home):
    gone, shared, young = (store(saved(street(bin_at=at)).getvalue()) for at in (10, 50, 90))
    other = attachments.attach_again(attachment=shared, subject_kind="x", subject_code="1", by=ZHANG, at=NOON)
    copy = attachments.public_copy(gone, longest=100)
    files = [attachments.path_of(one) for one in (gone, shared, young)]
    for file in files[:2]:
        aged(file)
    os.utime(files[2], (NOON.timestamp(), NOON.timestamp()))
    Attachment.objects.exclude(pk=other.pk).delete()
    (home / ".draft-x").touch()
    assert attachments.forget_unused(before=NOON - timedelta(days=1)) == 1
    assert [file.exists() for file in (*files, copy, home / ".draft-x")] == [False, True, True, False, True]
    assert attachments.forget_unused(before=NOON - timedelta(days=1)) == 0
    assert list(attachments.missing_files()) == []


def test_a_file_handed_in_again_while_the_unused_go_stays(home, monkeypatch):
    kept = store(saved(street()).getvalue())
    file, replace = aged(attachments.path_of(kept)), Path.replace
    Attachment.objects.all().delete()

    def handed_in_first(self: Path, target: Path) -> Path:
        if self == file:
            os.utime(file, (NOON.timestamp(), NOON.timestamp()))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", handed_in_first)
    assert attachments.forget_unused(before=NOON - timedelta(days=1)) == 0
    assert files_in(home) == [file]


# --- Still there --------------------------------------------------------------------------------------------------------


def sentences(found: Iterator[str]) -> list[str]:
    return list(found)


def test_files_that_are_whole_are_not_named():
    store(saved(street()).getvalue())
    store(saved(street()).getvalue(), subject="P-2")
    assert (sentences(attachments.missing_files()), sentences(attachments.changed_files())) == ([], [])


def test_files_that_are_gone_cut_or_changed_are_named_once():
    gone, cut, changed = (store(b"%PDF-1." + letter, name=f"{letter.decode()}.pdf") for letter in (b"1", b"2", b"3"))
    store(b"%PDF-1.1", name="一.pdf", subject="P-2")
    attachments.path_of(gone).unlink()
    attachments.path_of(cut).write_bytes(b"%PDF")
    attachments.path_of(changed).write_bytes(b"%PDF-1.9")
    assert set(attachments.missing_files()) == {
        f"附件“1.pdf”（{gone.digest[:12]}）的文件不见了。", f"附件“2.pdf”（{cut.digest[:12]}）的文件大小变了。",
    }  # fmt: skip
    assert set(attachments.changed_files()) == {
        f"附件“2.pdf”（{cut.digest[:12]}）的文件被改动过。", f"附件“3.pdf”（{changed.digest[:12]}）的文件被改动过。",
    }  # fmt: skip
