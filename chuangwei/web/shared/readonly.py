"""A page that shows cannot write: while it is made, the database is asked nothing but questions."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connection

# Savepoints are how Django's own transactions nest (a test runs inside one); they change nothing by themselves.
QUESTION = re.compile(r"\s*\(*\s*(SELECT|EXPLAIN|SAVEPOINT|RELEASE|ROLLBACK TO)\b", re.IGNORECASE)
WITH = re.compile(r"\s*WITH\b", re.IGNORECASE)
WRITING_WORD = re.compile(r"\b(INSERT|UPDATE|DELETE|MERGE|REPLACE)\b", re.IGNORECASE)
QUOTED = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"")
DELETION = re.compile(r'\s*DELETE FROM "(\w+)"\s')


class WriteOnPage(RuntimeError):
    """A page tried to change the database. A fault of ours, not of the person's."""


def is_question(sql: str) -> bool:
    """Whether a statement only reads."""
    if QUESTION.match(sql):
        return True
    return bool(WITH.match(sql)) and not WRITING_WORD.search(QUOTED.sub("''", sql))


def is_forgetting(sql: str) -> bool:
    """Reading the cache throws away the entries it finds expired. A cache is no record: nobody loses a thing by it."""
    found = DELETION.match(sql)
    return found is not None and found[1] == settings.CACHES["default"]["LOCATION"]


def _refuse_writes(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    if not (is_question(sql) or is_forgetting(sql)):
        raise WriteOnPage(f"a page may only read, it tried: {sql[:200]}")
    return execute(sql, params, many, context)


@contextmanager
def no_writes() -> Iterator[None]:
    """Refuse every statement that is not a question, save the cache's own tidying. Sessions are saved after the page, outside of this."""
    with connection.execute_wrapper(_refuse_writes):
        yield
