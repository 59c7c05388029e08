"""A small installation to back up, and empty places to put it into."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connection

from chuangwei.config.targets import Target
from chuangwei.core import attachments, audit
from chuangwei.core.actor import system_actor
from chuangwei.core.backup.snapshot import read_directly
from chuangwei.core.backup.tables import sum_of, tables_of
from chuangwei.core.models import Attachment
from tests.factories import organisation as people
from tests.factories.photos import street

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
SYSTEM = system_actor("root")
PHONE = "13800000000"


def installation() -> Attachment:
    """A unit, a person with a phone, a photo, three deeds in the chain, a preset of this place's own."""
    unit = people.unit("U9")
    people.person("P9", of=unit, phone=PHONE, name="镕喆")
    for number in range(3):
        note(number)
    drawn = BytesIO()
    street().save(drawn, "JPEG")
    drawn.seek(0)
    photo = attachments.store(stream=drawn, name="街面.jpg", by=SYSTEM, at=NOON, subject_kind="t", subject_code="1")
    attachments.public_copy(photo)
    home = Path(settings.CHUANGWEI_HOME)
    (home / "calendars").mkdir(exist_ok=True)
    (home / "calendars" / "2027.toml").write_text("# 本地\n", encoding="utf-8")
    return photo


def note(number: int) -> None:
    audit.record(verb="登记", subject_kind="test.thing", subject_code=str(number), by=SYSTEM, at=NOON)


def digests() -> dict[str, object]:
    """Every table of the database in use, but for those that hold the minute."""
    source = read_directly(connection)
    passing = {"cache", "django_session", "django_q_ormq", "core_auditevent", "core_audithead", "core_jobrun"}
    return {table.name: sum_of(source, table) for table in tables_of(source) if table.name not in passing}


@contextmanager
def empty_places(folder: Path) -> Iterator[list[Target]]:
    """A folder with nothing in it; where the tests run on PostgreSQL, an empty database too."""
    folder = folder / "places"
    if connection.vendor != "postgresql":
        yield [Target(folder / "embedded")]
        return
    given = connection.settings_dict
    name = f"test_place_{os.getpid()}"
    server = psycopg.connect(
        host=given["HOST"], port=given["PORT"], user=given["USER"], password=given["PASSWORD"], dbname="postgres",
        autocommit=True,
    )  # fmt: skip
    with closing(server):
        server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        server.execute(
            f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'"
        )
        try:
            database = {key: given[key] for key in ("ENGINE", "USER", "PASSWORD", "HOST", "PORT")} | {"NAME": name}
            yield [Target(folder / "embedded"), Target(folder / "server", database)]
        finally:
            for left in databases_like(server, name):
                server.execute(f'DROP DATABASE IF EXISTS "{left}" WITH (FORCE)')


def databases_like(server: psycopg.Connection, name: str) -> list[str]:
    """The databases whose names begin so, in order."""
    rows = server.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY datname", [name])
    return [str(row[0]) for row in rows]
