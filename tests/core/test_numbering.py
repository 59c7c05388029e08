"""Numbers are counted as numbers, and whoever is second takes the one behind."""

import pytest
from django.db import IntegrityError

from chuangwei.core import numbering
from chuangwei.core.errors import DomainError
from chuangwei.domain.organisation.models import Unit
from tests.factories import organisation

pytestmark = pytest.mark.django_db


def made(code: str) -> Unit:
    return Unit.objects.create(code=code, name=code, kind="社区")


@pytest.mark.parametrize(
    ("there", "following"),
    [
        ([], "N-0001"),
        (["N-0009", "N-0010"], "N-0011"),
        (["N-1", "N-020", "N-0003"], "N-0021"),
        (["N-9999"], "N-10000"),
        (["N-9999", "N-10000"], "N-10001"),
        (["N-0007", "N-0008甲", "N-12-3", "N-x", "N-", "M-0044", "N-1234567890123"], "N-0008"),
    ],
)
def test_the_number_behind_the_highest(there, following):
    for code in there:
        organisation.unit(code)
    assert numbering.next_codes(Unit.objects.all(), "N-", width=4)[0] == following


def test_who_is_second_takes_the_next_and_at_last_is_told():
    codes = numbering.next_codes(Unit.objects.all(), "N-", width=4)
    for quicker in codes[:2]:
        organisation.unit(quicker)
    assert numbering.written(Unit.objects.all(), codes, made).code == "N-0003"
    with pytest.raises(DomainError, match="编号用完了"):
        numbering.written(Unit.objects.all(), codes[:3], made)


def test_another_fault_of_the_row_is_no_question_of_numbers():
    def fail(_code: str) -> Unit:
        raise IntegrityError("another column")

    with pytest.raises(IntegrityError, match="another column"):
        numbering.written(Unit.objects.all(), ["N-0001"], fail)
