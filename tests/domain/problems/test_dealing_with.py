"""Who does something about a problem has read what told them of it; nobody else has."""

from datetime import timedelta

import pytest

from chuangwei.core.models import Notice
from chuangwei.domain.problems import actions
from chuangwei.domain.problems.enums import PhotoStage, ProblemState
from chuangwei.domain.problems.models import Problem
from tests.factories import organisation, places
from tests.factories.photos import saved, street
from tests.factories.problems import MONDAY, problem

pytestmark = pytest.mark.django_db
CHIEF = organisation.chief()
HOUR = timedelta(hours=1)
READ = MONDAY + HOUR


@pytest.fixture
def dispatched() -> Problem:
    """Handed to a unit two accounts speak for, and told to both."""
    unit = organisation.unit("U1")
    for name in ("own", "colleague"):
        organisation.account(name, roles=["community"], unit=unit)
    made = problem(site=places.site("BL-1", in_area=places.town()[1][0]))
    actions.dispatch_problem(problem=made, to=unit, by=CHIEF, at=MONDAY)
    return made


def read() -> set[str]:
    return set(Notice.objects.filter(read_at=READ).values_list("recipient_code", flat=True))


@pytest.mark.parametrize(
    "deed",
    [
        lambda one, own: actions.report_fixed(problem=one, by=own, at=READ),
        lambda one, own: actions.return_problem(problem=one, by=own, at=READ, note="不归我们"),
        lambda one, own: actions.ask_extension(
            problem=one, until=one.due_at + 24 * HOUR, by=own, at=READ, reason="等材料"
        ),
        lambda one, own: actions.add_photos(
            problem=one, stage=PhotoStage.AFTER, files=[("a.jpg", saved(street()))], by=own, at=READ
        ),
    ],
)
def test_a_deed_reads_the_messages_of_who_does_it(dispatched, deed):
    other = problem(site=dispatched.site)
    actions.dispatch_problem(problem=other, to=dispatched.unit, by=CHIEF, at=MONDAY)
    deed(dispatched, organisation.chief(code="own"))
    assert read() == {"own"}
    assert Notice.objects.filter(recipient_code="own", subject_code=other.code, read_at=None).count() == 1


def test_what_a_deed_itself_tells_is_news(dispatched):
    """Dispatched by somebody of the unit itself: the old message is read, the new one is not."""
    own = organisation.chief(code="own")
    actions.return_problem(problem=dispatched, by=CHIEF, at=MONDAY, note="不归我们")
    actions.dispatch_problem(problem=dispatched, to=dispatched.unit, by=own, at=READ)
    told = Notice.objects.filter(recipient_code="own").order_by("pk").values_list("read_at", flat=True)
    assert list(told) == [READ, None]


def test_a_refused_deed_reads_nothing(dispatched):
    Problem.objects.update(state=ProblemState.FIXED)
    with pytest.raises(actions.SeveralRefused):
        actions.dispatch_problems(problems=[dispatched], to=dispatched.unit, by=organisation.chief(code="own"), at=READ)
    assert read() == set()
