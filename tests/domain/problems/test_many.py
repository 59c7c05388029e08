from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from chuangwei.core.attachments import BadFile
from chuangwei.core.errors import DomainError, NotAllowed, StaleState
from chuangwei.core.models import Notice
from chuangwei.domain.problems import actions, queries
from chuangwei.domain.problems.enums import Permission, PhotoStage, ProblemState
from chuangwei.domain.problems.models import Problem, ProblemPhoto
from tests.factories import organisation, places, standards
from tests.factories.photos import saved, street
from tests.factories.problems import MONDAY, problem

pytestmark = pytest.mark.django_db
CHIEF = organisation.chief()
STRANGER = organisation.stranger()
S = ProblemState
HOUR = timedelta(hours=1)


@pytest.fixture
def lane():
    return places.site("BL-1", in_area=places.town()[1][0])


def states() -> list[str]:
    return list(Problem.objects.order_by("pk").values_list("state", flat=True))


def test_all_or_none_are_dispatched(lane):
    unit = organisation.unit("U1")
    made = [problem(site=lane), problem(site=lane, state=S.REOPENED, unit=unit, due_at=MONDAY)]
    with pytest.raises(NotAllowed):
        actions.dispatch_problems(problems=made, to=unit, by=STRANGER, at=MONDAY)
    assert actions.dispatch_problems(problems=made, to=unit, by=CHIEF, at=MONDAY) == 2
    assert states() == [S.DISPATCHED, S.DISPATCHED]


def test_each_that_cannot_be_dispatched_is_told_and_none_is(lane):
    unit, elsewhere = organisation.unit("U1"), places.area("99", kind="县")
    given = {"unit": unit, "due_at": MONDAY}
    made = [
        problem(site=lane, code="OK"), problem(site=lane, code="DONE", state=S.DISPATCHED, **given),
        problem(in_area=elsewhere, code="OUT"), problem(site=lane, code="BACK", state=S.RETURNED, **given),
    ]  # fmt: skip
    clerk = organisation.clerk(Permission.VIEW, Permission.DISPATCH, area_paths=(lane.area.path,))
    with pytest.raises(actions.SeveralRefused) as refused:
        actions.dispatch_problems(problems=made, to=unit, by=clerk, at=MONDAY)
    assert [code for code, _ in refused.value.refusals] == ["DONE", "OUT"]
    assert "现为“已派遣”，不能派遣" in dict(refused.value.refusals)["DONE"]
    assert "没有权限" in dict(refused.value.refusals)["OUT"]
    assert states() == [S.FILED, S.DISPATCHED, S.FILED, S.RETURNED]
    assert not Notice.objects.exists()


def test_all_or_none_are_closed(lane):
    unit = organisation.unit("U1")
    fixed = {"state": S.FIXED, "unit": unit, "due_at": MONDAY + HOUR, "fixed_at": MONDAY}
    made = [problem(site=lane, **fixed), problem(site=lane, **fixed)]
    with pytest.raises(NotAllowed):
        actions.close_problems(problems=made, by=STRANGER, at=MONDAY + HOUR)
    own = organisation.clerk(Permission.VERIFY, unit_codes=("U1",))
    with pytest.raises(actions.SeveralRefused, match=f"{made[0].code}：核查人不能是整改单位"):
        actions.close_problems(problems=made, by=own, at=MONDAY + HOUR)
    assert actions.close_problems(problems=made, by=CHIEF, at=MONDAY + HOUR) == 2
    assert states() == [S.CLOSED, S.CLOSED]


@pytest.mark.parametrize(("count", "words"), [(0, "请先勾选"), (201, "一次最多 200 件")])
def test_how_many_at_once(lane, count, words):
    with pytest.raises(DomainError, match=words):
        actions.close_problems(problems=[problem(site=lane)] * count, by=CHIEF, at=MONDAY)


# --- Photos -----------------------------------------------------------------------------------------------------------


def test_the_same_photo_is_kept_once_for_a_stage(lane):
    one = problem(site=lane)
    add = {"problem": one, "by": CHIEF, "at": MONDAY}
    assert actions.add_photos(files=[("a.jpg", saved(street()))], stage=PhotoStage.BEFORE, **add) == 1
    assert actions.add_photos(files=[("b.jpg", saved(street()))], stage=PhotoStage.BEFORE, **add) == 0
    assert actions.add_photos(files=[("b.jpg", saved(street()))], stage=PhotoStage.AFTER, **add) == 1
    assert set(queries.first_photos([one.pk])) == {one.pk}


def test_a_photo_takes_a_permission(lane):
    one = problem(site=lane)
    for stage in PhotoStage:
        with pytest.raises(NotAllowed):
            actions.add_photos(problem=one, files=[], stage=stage, by=STRANGER, at=MONDAY)


def test_too_many_photos_and_what_is_none_are_refused(lane):
    one = problem(site=lane)
    given = {"problem": one, "stage": PhotoStage.BEFORE, "by": CHIEF, "at": MONDAY}
    with pytest.raises(DomainError, match="最多 9 张"):
        actions.add_photos(files=[("a.jpg", saved(street()))] * 10, **given)
    with pytest.raises(BadFile):
        actions.add_photos(files=[("a.jpg", saved(street(), "BMP"))], **given)
    assert ProblemPhoto.objects.count() == 0


def test_a_refused_move_keeps_no_photo(lane):
    one = problem(site=lane)
    with pytest.raises(StaleState):
        actions.report_fixed_with_photos(problem=one, photos=[("a.jpg", saved(street()))], by=CHIEF, at=MONDAY)
    assert ProblemPhoto.objects.count() == 0


# --- The same report sent twice ----------------------------------------------------------------------------------------


def report(lane, **changes):
    given = {
        "site": lane, "area": None, "source": "patrol", "category": standards.category(), "description": "井盖破损",
        "code": "", "token": "T1", "by": CHIEF, "at": MONDAY, **changes,
    }  # fmt: skip
    return actions.report_with_photos(**given)


@pytest.mark.parametrize("changes", [{}, {"at": MONDAY + 9 * HOUR}, {"photos": [("a.jpg", saved(street()))]}])
def test_the_same_form_sent_again_makes_no_second_problem(lane, changes):
    first = report(lane).problem
    with pytest.raises(actions.AlreadyReported, match=first.code) as refused:
        report(lane, **changes)
    assert (refused.value.problem, Problem.objects.count()) == (first, 1)


@pytest.mark.parametrize(
    "changes",
    [
        {"token": "T2"}, {"token": ""}, {"description": "井盖破损了"}, {"source": "leader"},
        {"by": organisation.chief(code="other")},
    ],
)  # fmt: skip
def test_another_form_or_other_words_are_another_problem(lane, changes):
    report(lane)
    report(lane, **changes)
    assert Problem.objects.count() == 2


def test_what_was_not_reported_with_a_form_is_never_sent_again(lane):
    for _ in range(2):
        report(lane, token="")
    assert Problem.objects.count() == 2


def test_a_report_that_was_refused_can_be_sent_again(lane):
    with pytest.raises(NotAllowed):
        report(lane, by=organisation.clerk(code=CHIEF.code))
    assert report(lane).problem.code


def test_the_database_itself_lets_only_one_of_two_through(lane):
    """Two taps so close that neither sees the other: the second number does not help it."""
    first = report(lane).problem
    with pytest.raises(IntegrityError), transaction.atomic():
        problem(site=lane, origin_kind=first.origin_kind, origin_code=first.origin_code)


def test_the_same_words_of_another_place_are_another_problem(lane):
    report(lane)
    report(None, area=lane.area)
    report(None, area=lane.area.parent)
    assert Problem.objects.count() == 3
