"""What a test reads off a page of places and persons."""

import re
from io import BytesIO
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook


def told(answer: Any) -> str:
    """What a reader sees, without tags, whatever the status."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def sheet(answer: Any) -> list[list[Any]]:
    """The rows of the workbook an export gives."""
    return [list(row) for row in load_workbook(BytesIO(b"".join(answer.streaming_content))).active.values]


def queries_of(client: Client, address: str, **options: Any) -> int:
    """How many questions a page asks, once what is asked only the first time was asked."""
    client.get(address, **options)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address, **options).status_code == 200
    return len(captured)
