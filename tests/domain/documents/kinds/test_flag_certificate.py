"""红黄旗证书: for who has a flag, and for nobody else."""

import pytest

from chuangwei.core.errors import DomainError, NotFound
from chuangwei.domain.documents import queries
from chuangwei.domain.documents.blocks import plain, texts
from chuangwei.domain.documents.queries import Composition
from tests.domain.appraisal.world import compute, date
from tests.domain.documents.office import Office, drafter


def composed(office: Office, **more: str) -> Composition:
    about = office.about(**more)
    return queries.compose(
        kind="flag-certificate", about=about, actor=drafter(), day=date(2023, 10, 9), edition="inner"
    )


@pytest.mark.parametrize(
    ("subject", "title", "said"),
    [
        ("A", "流动红旗", "在2023年第39周社区周评比中，总分96.00分，列第1名，特颁发流动红旗，以资鼓励。"),
        ("D", "黄旗", "在2023年第39周社区周评比中，总分48.80分，列第4名，现悬挂黄旗。望正视问题，限期整改，迎头赶上。"),
    ],
)
def test_what_a_certificate_says(office: Office, subject: str, title: str, said: str) -> None:
    found = composed(office, subject=subject)
    assert (found.sheet.layout, found.sheet.title) == ("certificate", title)
    assert [plain(text) for text in texts(found.sheet)] == [f"{subject}社区：", said]
    assert found.composed.units == [f"U{subject}"]


def test_nobody_without_a_flag_gets_one(office: Office) -> None:
    with pytest.raises(DomainError, match="B社区在2023年第39周没有得旗"):
        composed(office, subject="B")
    with pytest.raises(NotFound):
        composed(office, subject="Z")


def test_it_waits_for_publication(office: Office) -> None:
    office.town.week("2023-W40", A="95", B="90", C="85", D="60")
    compute("2023-W40")
    assert composed(office, subject="A", period="2023-W40").composed.waits_for
