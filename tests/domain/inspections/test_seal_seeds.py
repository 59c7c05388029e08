"""Seeds that were kept in plain text are sealed where they lie, and read the same afterwards."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from chuangwei.core import clock
from chuangwei.domain.inspections.models import Draw

migration = import_module("chuangwei.domain.inspections.migrations.0003_seal_seeds")
PLAIN, SEALED = "ab" * 32, "cd" * 32


@pytest.mark.django_db
def test_seeds_in_plain_text_are_sealed_once():
    draws = [
        Draw.objects.create(round_code=f"R-{n}", candidates="", candidates_hash="", frozen_at=clock.now(), seed=seed)
        for n, seed in enumerate((SEALED, SEALED, ""))
    ]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE inspections_draw SET seed = %s WHERE id = %s", [PLAIN, draws[0].pk])
    before = raw()[draws[1].pk]

    for _ in range(2):
        migration.seal(apps, SimpleNamespace(connection=connection))

    assert [draw.seed for draw in Draw.objects.order_by("pk")] == [PLAIN, SEALED, ""]
    after = raw()
    assert PLAIN not in after[draws[0].pk]
    assert after[draws[1].pk] == before
    assert after[draws[2].pk] == ""


def raw():
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, seed FROM inspections_draw")
        return dict(cursor.fetchall())
