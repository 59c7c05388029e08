"""How many problems there are in each state, as far as anybody reads; one question each time (docs/adr/0013)."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count as Total
from django.db.models import Q, QuerySet

from chuangwei.domain.problems.enums import ProblemState
from chuangwei.domain.problems.models import Problem
from chuangwei.web.shared.listing import MOST_COUNTED, Asked, Count

BY_STATE = frozenset({"area", "category", "unit", "source"})
"""Filters with an index that goes on with the state, so that each state is a stretch of it."""


def state_counts(found: QuerySet[Problem], asked: Asked) -> Mapping[str, Count | None]:
    """The problems of each state, each counted as far as MOST_COUNTED where an index has them together.

    Under any other filter, and for a search, only so many rows are looked at in all; where there are more, nothing is
    said of the states (None), for it would have to read every hit.
    """
    if not asked.search and set(asked.values) <= BY_STATE:
        return _each(found)
    some = found.order_by()[: MOST_COUNTED + 1]
    totals = some.aggregate(all=Total("pk"), **{state: Total("pk", filter=Q(state=state)) for state in ProblemState})
    if totals.pop("all") > MOST_COUNTED:
        return dict.fromkeys(totals)
    return {state: Count(number) for state, number in totals.items()}


def _each(found: QuerySet[Problem]) -> Mapping[str, Count]:
    if found.query.is_empty():
        return {state: Count(0) for state in ProblemState}
    parts: list[str] = []
    given: list[Any] = []
    for state in ProblemState:
        rows = found.filter(state=state).order_by().values("pk")[: MOST_COUNTED + 1]
        try:
            sql, values = rows.query.sql_with_params()
        except EmptyResultSet:  # who has no scope: no row can be, and Django writes no question for it
            return {state: Count(0) for state in ProblemState}
        parts.append(f"(SELECT COUNT(*) FROM ({sql}) counted)")  # noqa: S608 - written by Django, values apart
        given += values
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", given)
        numbers = cursor.fetchone()
    return {
        state: Count(min(number, MOST_COUNTED), is_more=number > MOST_COUNTED)
        for state, number in zip(ProblemState, numbers, strict=True)
    }
