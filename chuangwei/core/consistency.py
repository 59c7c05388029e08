"""What must hold of the tables every noun shares."""

from collections.abc import Iterator

from chuangwei.core import attachments, resealing


def checks() -> Iterator[str]:
    yield from attachments.missing_files()
    yield from resealing.faults()
