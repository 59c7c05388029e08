"""What shows that a problem was put right: a photo. Without one the step comes back once, and says what is missing."""

from datetime import timedelta
from typing import NamedTuple

import pytest

from chuangwei.domain.places.models import Site
from chuangwei.domain.problems import actions
from chuangwei.domain.problems.enums import PhotoStage, ProblemState
from chuangwei.domain.problems.models import Problem
from tests.factories import organisation, places, standards
from tests.factories.photos import saved, street
from tests.factories.problems import MONDAY
from tests.web.office.problems.test_again import words
from tests.web.office.problems.test_record import in_state, picture

pytestmark = pytest.mark.django_db
S = ProblemState
CHIEF = organisation.chief()
TICK = '<input type="checkbox" name="without"'


@pytest.fixture(autouse=True)
def _now(frozen_clock):
    frozen_clock(MONDAY + timedelta(hours=2))


@pytest.fixture
def lane() -> Site:
    return places.site("BL-1", in_area=places.town()[1][0], name="康宁巷")


@pytest.fixture
def unit():
    return organisation.unit("U1", name="城管局")


class Step(NamedTuple):
    """A step that a photo shows: by whom, from where, to where."""

    slug: str
    role: str
    source: str
    target: str


FIX = Step("fix", "community", S.DISPATCHED, S.FIXED)
CLOSE = Step("close", "inspector", S.FIXED, S.CLOSED)
SPOT = Step("spot", "office", S.FILED, S.CLOSED)


@pytest.mark.parametrize(
    "case",
    [
        (FIX, {}, "还缺整改后照片、说明。"),
        (FIX, {"note": "已清理"}, "还缺整改后照片。"),
        (CLOSE, {}, "还缺整改后照片、说明。"),
        (SPOT, {}, "还缺整改后照片、整改前照片、说明。"),
        (SPOT, {"note": "已清理"}, "还缺整改后照片、整改前照片。"),
    ],
)
def test_without_a_photo_it_comes_back_once_and_then_goes(signed_in, lane, unit, case):
    step, given, missing = case
    in_state(step.source, lane, unit)
    person, path = signed_in(step.role), f"/problems/WT/1/do/{step.slug}/"
    assert TICK not in person.get(f"/problems/WT/1/?step={step.slug}").content.decode()
    response = person.post(path, given)
    assert (response.status_code, Problem.objects.get().state) == (422, step.source)
    assert missing in words(response)
    assert TICK in response.content.decode()
    assert given.get("note", "") in response.content.decode()
    assert person.post(path, {**given, "without": "on"}).status_code == 302
    assert Problem.objects.get().state == step.target


@pytest.mark.parametrize("step", [FIX, CLOSE, SPOT], ids=lambda step: step.slug)
def test_with_a_photo_it_goes_at_once(signed_in, lane, unit, step):
    in_state(step.source, lane, unit)
    response = signed_in(step.role).post(f"/problems/WT/1/do/{step.slug}/", {"photos": [picture()]})
    assert (response.status_code, Problem.objects.get().state) == (302, step.target)


def test_the_photo_of_who_put_it_right_is_enough_to_close(signed_in, lane, unit):
    one = in_state(S.FIXED, lane, unit)
    files = [("a.jpg", saved(street()))]
    actions.add_photos(problem=one, stage=PhotoStage.AFTER, files=files, by=CHIEF, at=MONDAY)
    assert signed_in("inspector").post("/problems/WT/1/do/close/", {}).status_code == 302
    assert Problem.objects.get().state == S.CLOSED


# --- How much may be written ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("length", "state"), [(500, S.FILED), (501, S.REPORTED)])
def test_a_note_is_kept_whole_or_refused_with_its_length(office, lane, unit, length, state):
    in_state(S.REPORTED, lane, unit)
    line_by_line = ("长" * 9 + "\r\n") * 49 + "长" * (length - 490)
    response = office.post("/problems/WT/1/do/file/", {"note": line_by_line})
    assert Problem.objects.get().state == state
    if state == S.FILED:
        assert line_by_line.replace("\r\n", "\n") in office.get("/problems/WT/1/").content.decode()
    else:
        assert "说明最多 500 个字，现在有 501 个，请删短。" in words(response)
        assert response.content.decode().count("长") == line_by_line.count("长")


def test_a_description_too_long_comes_back_whole(office, lane):
    standards.category()
    given = {"site": "BL-1", "category": "09006", "source": "patrol", "description": "长" * 2612}
    response = office.post("/problems/report/", given)
    assert (response.status_code, Problem.objects.count()) == (422, 0)
    assert "描述最多 2000 个字，现在有 2612 个，请删短。" in words(response)
    assert response.content.decode().count("长") == 2612


@pytest.mark.parametrize(
    ("path", "limit"), [("/problems/new/", 2000), ("/problems/WT/1/", 500), ("/problems/WT/1/?step=reject", 500)]
)
def test_the_field_counts_and_does_not_cut(office, lane, unit, path, limit):
    in_state(S.REPORTED, lane, unit)
    page = office.get(path).content.decode()
    assert f'<cw-count limit="{limit}"><textarea' in page
    assert "maxlength" not in page.partition("<textarea")[2].partition(">")[0]
