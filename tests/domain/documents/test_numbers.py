"""Numbers: by code and year, from one, without gaps, never used again, whoever signs at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from chuangwei.core.writes import action
from chuangwei.domain.documents.actions.drafting import next_of
from chuangwei.domain.documents.models import Paper, PaperCounter
from tests.domain.documents.office import NOW

taken = action(next_of)


class TakenBackError(Exception):
    pass


@action
def taken_back(code: str, year: int) -> None:
    next_of(code, year)
    raise TakenBackError


class Numbers(TestCase):
    @settings(max_examples=25, deadline=None)
    @given(st.lists(st.tuples(st.sampled_from("甲乙"), st.sampled_from([2023, 2024]), st.booleans()), max_size=25))
    def test_no_gaps_whatever_is_taken_back(self, wishes: list[tuple[str, int, bool]]) -> None:
        given_out: dict[tuple[str, int], list[int]] = {}
        for code, year, is_kept in wishes:
            if is_kept:
                given_out.setdefault((code, year), []).append(taken(code, year))
            else:
                with pytest.raises(TakenBackError):
                    taken_back(code, year)
        assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in given_out.values())


@pytest.mark.django_db(transaction=True)
def test_many_at_once_each_get_their_own() -> None:
    start, each, threads = Barrier(4), 6, 4

    def sign() -> list[int]:
        try:
            start.wait()
            return [taken("青办", 2023) for _ in range(each)]
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        found = [number for done in [pool.submit(sign) for _ in range(threads)] for number in done.result()]
    assert sorted(found) == list(range(1, each * threads + 1))
    assert PaperCounter.objects.get().last == each * threads


@pytest.mark.django_db
def test_the_database_refuses_a_number_twice() -> None:
    def paper(code: str) -> Paper:
        return Paper.objects.create(
            code=code, kind="roster", title="册", state="signed", drafted_at=NOW, signed_at=NOW, issuer_code="青办",
            year=2023, number=1, number_text="青办〔2023〕1号",
        )  # fmt: skip

    paper("GW-1")
    with pytest.raises(IntegrityError), transaction.atomic():
        paper("GW-2")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "values",
    [
        {"number": 1},
        {"state": "signed"},
        {
            "state": "issued",
            "number": 1,
            "year": 2023,
            "number_text": "青〔2023〕1号",
            "issuer_code": "青办",
            "signed_at": NOW,
        },
        {"state": "withdrawn"},
        {"withdrawn_at": NOW},
        {"number": 0, "year": 2023, "number_text": "x", "issuer_code": "y", "state": "withdrawn", "withdrawn_at": NOW},
    ],
)
def test_the_database_refuses_half_a_life(values: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Paper.objects.create(code="GW-1", kind="roster", title="册", drafted_at=NOW, **values)
