"""Photos and papers handed in: checked by content, kept by the digest of their bytes, found again.

The bytes lie under CHUANGWEI_HOME/attachments/ab/cd/<SHA-256>, once however often they come; a row says for what they
were handed in, by whom and when. What they are is told by what is in them, never by their name.
"""

import hashlib
import os
import re
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import puremagic
from django.conf import settings

from chuangwei.core import audit, pictures
from chuangwei.core.actor import Actor
from chuangwei.core.errors import DomainError
from chuangwei.core.models import Attachment
from chuangwei.core.writes import action

LARGEST = 20 * 1024 * 1024
LARGEST_UNPACKED = 200 * 1024 * 1024
CHUNK = 256 * 1024
HEAD = 8192
"""Types are told from the first bytes."""

ALIKE = 4
"""Two photos whose hashes differ in no more of their 64 bits are shown to a person as perhaps the same."""

ASIDE = ".gone-"
PDF = "application/pdf"
OFFICE = {
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt/presentation.xml": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}


class BadFile(DomainError):
    """A file that is not taken, and why."""


@dataclass(frozen=True, slots=True)
class Twin:
    """Another record's photo that may be the same; 0 bits apart and `is_same_file` where the bytes are."""

    attachment: Attachment
    bits_apart: int
    is_same_file: bool


def store(
    *,
    stream: BinaryIO,
    name: str,
    by: Actor,
    at: datetime,
    subject_kind: str = "",
    subject_code: str = "",
) -> Attachment:
    """Take a photo (JPEG, PNG, WebP, GIF), a PDF or a Word, Excel or PowerPoint file without macros.

    BadFile for anything else, for more than 20 MB, for a picture of more than 50 million pixels and for what is damaged.
    The same bytes for the same thing again change nothing and give the row there is.
    """
    # Reading and decoding take time, so they come before the write, which holds the database's lock.
    with _draft(_home()) as draft:
        digest, size = _copied(stream, draft)
        content_type, picture = _looked_at(draft)
        _placed(draft, _path(digest))
    attachment = Attachment(
        digest=digest, name=_clean_name(name), content_type=content_type, size=size, phash="",
        subject_kind=subject_kind, subject_code=subject_code, stored_at=at, by_code=by.code,
    )  # fmt: skip
    if picture is not None:
        attachment.width, attachment.height, attachment.phash = picture.width, picture.height, picture.phash
        attachment.taken_at = picture.taken_at
        attachment.longitude, attachment.latitude = picture.longitude, picture.latitude
    return _recorded(attachment=attachment, by=by, at=at)


@action
def _recorded(*, attachment: Attachment, by: Actor, at: datetime) -> Attachment:
    kind, code = attachment.subject_kind, attachment.subject_code
    there = Attachment.objects.filter(digest=attachment.digest, subject_kind=kind, subject_code=code).first()
    if there is not None:
        return there
    attachment.save(force_insert=True)
    audit.record(
        verb="存入附件", subject_kind=kind or "core.attachment", subject_code=code or attachment.digest, by=by, at=at,
        details={"digest": attachment.digest, "name": attachment.name},
    )  # fmt: skip
    return attachment


def attach_again(
    *, attachment: Attachment, subject_kind: str, subject_code: str, by: Actor, at: datetime
) -> Attachment:  # fmt: skip
    """The same file for another thing, without reading it again: what was handed in with a draft goes to what became of
    it."""
    fields = ("digest", "name", "content_type", "size", "width", "height", "taken_at", "longitude", "latitude", "phash")
    copy = Attachment(
        **{name: getattr(attachment, name) for name in fields},
        subject_kind=subject_kind, subject_code=subject_code, stored_at=at, by_code=by.code,
    )  # fmt: skip
    return _recorded(attachment=copy, by=by, at=at)


def attachments_of(*, subject_kind: str, subject_code: str) -> list[Attachment]:
    """What was handed in for a thing, in the order it came."""
    return list(Attachment.objects.filter(subject_kind=subject_kind, subject_code=subject_code).order_by("pk"))


def path_of(attachment: Attachment) -> Path:
    """Where the bytes lie."""
    return _path(attachment.digest)


def public_copy(attachment: Attachment, *, longest: int = 1600) -> Path:
    """A copy of a photo that may be shown outside: upright, no side longer, without EXIF; made once.

    BadFile for what is no picture.
    """
    if not attachment.content_type.startswith("image/"):
        raise BadFile(f"“{attachment.name}”不是图片，没有公开副本。")
    digest = attachment.digest
    copy = _home() / "copies" / str(longest) / digest[:2] / digest[2:4] / f"{digest}.jpg"
    if not copy.exists():
        with _draft(_home()) as draft:
            pictures.public_copy(_path(digest), draft, longest=longest)
            _placed(draft, copy)
    return copy


def twins(attachment: Attachment) -> list[Twin]:
    """Attachments of other things that are the same file, or photos that look the same: the nearest first.

    A hint for a person, never a judgement. It looks through all photos, some 0.3 s for a hundred thousand, so it
    belongs behind the page, not in front of it.
    """
    others = Attachment.objects.exclude(
        subject_kind=attachment.subject_kind, subject_code=attachment.subject_code
    ).exclude(pk=attachment.pk)
    apart = dict.fromkeys(others.filter(digest=attachment.digest).values_list("pk", flat=True), 0)
    if attachment.phash:
        for key, phash in others.exclude(phash="").values_list("pk", "phash").iterator():
            bits = pictures.bits_apart(attachment.phash, phash)
            if bits <= ALIKE:
                apart.setdefault(key, bits)
    found = [Twin(row, apart[row.pk], row.digest == attachment.digest) for row in others.filter(pk__in=apart)]
    return sorted(found, key=lambda twin: (twin.bits_apart, not twin.is_same_file, twin.attachment.pk))


def missing_files() -> Iterator[str]:
    """A sentence for each attachment whose bytes are gone or of another length (quick; for every night)."""
    for digest, name, size in _each_file():
        path = _path(digest)
        if not path.is_file():
            yield f"附件“{name}”（{digest[:12]}）的文件不见了。"
        elif path.stat().st_size != size:
            yield f"附件“{name}”（{digest[:12]}）的文件大小变了。"


def changed_files() -> Iterator[str]:
    """A sentence for each attachment whose bytes are no longer those handed in (reads every file)."""
    for digest, name, _ in _each_file():
        path = _path(digest)
        if path.is_file():
            with path.open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != digest:
                    yield f"附件“{name}”（{digest[:12]}）的文件被改动过。"


def forget_unused(*, before: datetime) -> int:
    """Remove the files, with their public copies, that no row names any more and that lie there since `before`.

    The age keeps what somebody is just handing in: its file comes before its row. How many files went.
    """
    used = set(Attachment.objects.order_by().values_list("digest", flat=True).distinct())
    limit, gone = before.timestamp(), 0
    for file in sorted(_home().glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*")):
        if file.name not in used and file.is_file() and file.stat().st_mtime < limit:
            gone += _forgotten(file, limit)
    return gone


def _forgotten(file: Path, limit: float) -> bool:
    """Whether a file nobody names was removed.

    The same bytes may be handed in again at this very moment, so it is looked at once more where nobody finds it; what
    is young goes back, and what came to its place meanwhile stays there.
    """
    aside = file.with_name(f"{ASIDE}{file.name}")
    file.replace(aside)
    if aside.stat().st_mtime >= limit:
        aside.replace(file)
        return False
    for copy in _home().glob(f"copies/*/{file.name[:2]}/{file.name[2:4]}/{file.name}.jpg"):
        copy.unlink(missing_ok=True)
    aside.unlink()
    return True


def _each_file() -> Iterator[tuple[str, str, int]]:
    rows = Attachment.objects.order_by("digest", "pk").values_list("digest", "name", "size")
    last = ""
    for digest, name, size in rows.iterator():
        if digest != last:
            yield digest, name, size
        last = digest


def _home() -> Path:
    return Path(settings.CHUANGWEI_HOME) / "attachments"


def _path(digest: str) -> Path:
    return _home() / digest[:2] / digest[2:4] / digest


@contextmanager
def _draft(folder: Path) -> Iterator[Path]:
    """A file to write to, in the folder it may stay in, gone afterwards unless it was placed."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=folder, prefix=".draft-")
    os.close(handle)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _placed(draft: Path, target: Path) -> None:
    """Make a finished file appear at its place, whole or not at all; whoever is second replaces like by like."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft.replace(target)


def _copied(stream: BinaryIO, target: Path) -> tuple[str, int]:
    """Copy a stream to the disk while counting and hashing; BadFile as soon as it is too much."""
    digest, size = hashlib.sha256(), 0
    with target.open("wb") as file:
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            if size > LARGEST:
                raise BadFile(f"文件太大，最多 {LARGEST // 1024 // 1024} MB。")
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    if not size:
        raise BadFile("文件是空的。")
    return digest.hexdigest(), size


def _looked_at(path: Path) -> tuple[str, pictures.Picture | None]:
    """The content type of a file we take, and what a picture says; BadFile for any other."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    try:
        types = {match.mime_type for match in puremagic.magic_string(head)}
    except puremagic.PureError:
        types = set()
    if types & set(pictures.TYPES.values()):
        try:
            picture = pictures.look_at(path)
        except pictures.BadPicture as error:
            raise BadFile(error.message) from None
        return picture.content_type, picture
    if PDF in types:
        return PDF, None
    if types & set(OFFICE.values()):
        return _office_type(path), None
    raise BadFile("只收图片（JPEG、PNG、WebP、GIF）、PDF 和 Office 文件（docx、xlsx、pptx），按内容判断，不看文件名。")


def _office_type(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, OSError, ValueError):
        raise BadFile("文件打不开，可能没有传完或已损坏。请重新上传。") from None
    names = {part.filename for part in parts}
    if sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise BadFile(f"文件解开后太大，最多 {LARGEST_UNPACKED // 1024 // 1024} MB。")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise BadFile("文件里有宏，不能存入。请另存为不含宏的格式。")
    for main_part, content_type in OFFICE.items():
        if main_part in names:
            return content_type
    raise BadFile("压缩包不能存入，请把里面的文件逐个上传。")


def _clean_name(name: str) -> str:
    """The last part of a path as browsers of all systems send it, without control characters, at most 200 long."""
    last = re.split(r"[/\\]", name)[-1]
    clean = re.sub(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]", "", last).strip()
    if len(clean) <= 200:
        return clean or "未命名"
    stem, dot, ending = clean.rpartition(".")
    return f"{stem[: 199 - len(ending)]}.{ending}" if dot and len(ending) <= 10 else clean[:200]
