"""What is handed in."""

from collections.abc import Sequence
from typing import BinaryIO, cast

from django.core.files.uploadedfile import UploadedFile

from chuangwei.core.errors import DomainError
from chuangwei.web.office.imports import uploads
from chuangwei.web.office.imports.uploads import Upload


def kept_files(files: Sequence[UploadedFile]) -> list[Upload]:
    """The files written to the disk; DomainError with one sentence where there are none, or too many."""
    if not files:
        raise DomainError("请先选择工作簿。")
    if len(files) > uploads.MOST_FILES:
        raise DomainError(f"一次最多 {uploads.MOST_FILES} 个文件。")
    kept = [uploads.keep(cast("BinaryIO", file.file), file.name or "") for file in files if file.file]
    twice = len({one.digest for one in kept}) < len(kept)
    if twice:
        raise DomainError("同一个文件选了两次。")
    return kept
