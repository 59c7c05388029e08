"""What a release left behind is carried into this one: nothing lost, nothing changed, everything computed the same.

The installations were made by the releases' own code (tools/release_snapshot.py).
"""

import base64
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from chuangwei.config.targets import pointed_at
from chuangwei.core import attachments, audit
from chuangwei.core.backup import restoring, tables
from chuangwei.core.backup.sequences import last_numbers, set_last_numbers
from chuangwei.core.backup.snapshot import read_directly
from chuangwei.core.backup.tables import Table
from chuangwei.core.models import Attachment, AuditEvent
from chuangwei.domain.appraisal.actions.computing import result_now, streaks_before
from chuangwei.domain.appraisal.compute import compute_again, digest
from chuangwei.domain.appraisal.models import Computation, Period
from chuangwei.domain.appraisal.periods import parse_span
from chuangwei.domain.appraisal.queries import Gatherer
from chuangwei.domain.inspections.models import Draw
from chuangwei.domain.organisation.models import Person
from tests.config.installed import empty_places

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

RELEASES = sorted(Path(__file__).parent.glob("*.json.gz"))
# These grow with every release; what was in them stays.
GROWING = frozenset({"django_migrations", "django_content_type", "auth_permission"})
# What a migration since then changes on purpose: table → columns, with the reason.
CHANGED = {"inspections_draw": {"seed": "encrypted until it is revealed"}}


def rows(release: dict[str, Any], name: str) -> list[dict[str, Any]]:
    table = next(table for table in release["tables"] if table["name"] == name)
    return [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]


@pytest.fixture(scope="module", params=RELEASES, ids=lambda file: file.name.removesuffix(".json.gz"))
def release(request: pytest.FixtureRequest) -> dict[str, Any]:
    return json.loads(gzip.decompress(request.param.read_bytes()))


@pytest.fixture
def upgraded(release: dict[str, Any], tmp_path: Path) -> Iterator[dict[str, Any]]:
    """The release's tables and rows on the engine in use, brought forward to today; the program points there."""
    with empty_places(tmp_path) as places, pointed_at(places[-1]):
        for name, content in release["files"].items():
            file = places[-1].home / name
            file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            file.write_bytes(base64.b64decode(content))
        restoring.build([tuple(one) for one in release["migrations"]], program=release["release"]["program"])
        olds = [Table.of(table) for table in release["tables"]]
        with transaction.atomic():
            restoring.empty_tables(connection)
            with connection.cursor() as cursor:
                for old, table in zip(olds, release["tables"], strict=True):
                    tables.insert(cursor, connection.vendor, old, (list(row) for row in table["rows"]))
                set_last_numbers(cursor, connection.vendor, release["last_numbers"])
        assert restoring.differences(olds, release["sums"]) == [], "the release's rows did not arrive as they were"
        restoring.bring_forward()
        yield release


def test_a_release_is_there_to_upgrade_from() -> None:
    assert RELEASES
    assert all(file.stat().st_size < 300_000 for file in RELEASES)


def test_an_upgrade_keeps_every_row_and_computes_the_same(upgraded: dict[str, Any]) -> None:
    the_old_columns_hold_what_they_held(upgraded)
    the_chain_and_the_files_are_whole(upgraded)
    what_is_sealed_can_be_read(upgraded)
    numbers_go_on(upgraded)
    appraisal_comes_to_the_same_bytes()


def the_old_columns_hold_what_they_held(release: dict[str, Any]) -> None:
    source, changed = read_directly(connection), []
    for described in release["tables"]:
        old = Table.of(described)
        excused = CHANGED.get(old.name, {})
        kept = Table(old.name, {name: kind for name, kind in old.columns.items() if name not in excused}, old.key)
        there = {tables.line_of(row) for row in canonical(kept, tables.rows_of(source, kept))}
        picked = [index for index, name in enumerate(old.columns) if name not in excused]
        before = {
            tables.line_of(row)
            for row in canonical(kept, ([row[index] for index in picked] for row in described["rows"]))
        }
        if not before <= there or (old.name not in GROWING and before != there):
            changed.append(old.name)
    assert changed == []


def canonical(table: Table, found: Any) -> Iterator[list[Any]]:
    """Rows with JSON in one spelling: the engines space it each in their own way."""
    documents = [index for index, kind in enumerate(table.columns.values()) if kind == "json"]
    for row in found:
        for index in documents:
            row[index] = None if row[index] is None else json.dumps(json.loads(row[index]), sort_keys=True)
        yield row


def the_chain_and_the_files_are_whole(release: dict[str, Any]) -> None:
    assert audit.verify() == []
    assert AuditEvent.objects.count() == len(rows(release, "core_auditevent")) > 5
    assert Attachment.objects.count() == 1
    assert [*attachments.missing_files(), *attachments.changed_files()] == []


def what_is_sealed_can_be_read(release: dict[str, Any]) -> None:
    sealed = {row["code"] for row in rows(release, "organisation_person") if row["phone"]}
    read = {person.code: person.phone for person in Person.objects.all() if person.phone}
    assert set(read) == sealed
    assert len(sealed) > 100
    assert all(phone.isdigit() for phone in read.values())
    seeds = {row["round_code"]: row["seed"] for row in rows(release, "inspections_draw")}
    assert dict(Draw.objects.values_list("round_code", "seed")) == seeds


def numbers_go_on(release: dict[str, Any]) -> None:
    now = last_numbers(read_directly(connection))
    assert all(now.get(table, 0) >= last for table, last in release["last_numbers"].items())


def appraisal_comes_to_the_same_bytes() -> None:
    states = dict(Period.objects.values_list("slug", "state"))
    assert states == {"2026-W36": "final", "2026-W37": "published"}
    kept = {computation.period.slug: computation for computation in Computation.objects.select_related("period")}
    for computation in kept.values():
        assert compute_again(computation.inputs) == computation.result
        assert digest(computation.inputs, computation.result) == computation.digest
    # From the rows as they stand, not from what was kept of them.
    for period in Period.objects.order_by("from_on"):
        gatherer = Gatherer(period.series, period.area_code, reach=(period.from_on, period.to_on))
        streaks = streaks_before(period.series, period.area_code, period.from_on)
        again = result_now(gatherer, parse_span(period.slug), streaks)
        assert (again.inputs, again.text, again.digest) == (
            kept[period.slug].inputs, kept[period.slug].result, kept[period.slug].digest,
        )  # fmt: skip
