"""The whole demo, once: the longest test. What it prints, what it leaves, and that it harms nobody."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from chuangwei.core import audit, clock
from chuangwei.core.models import Installation
from chuangwei.demo import cast
from chuangwei.domain.appraisal import queries
from chuangwei.domain.appraisal.enums import ConsequenceKind, Flag, PeriodState, SettlementState
from chuangwei.domain.appraisal.models import Period
from chuangwei.domain.inspections import queries as inspections
from chuangwei.domain.organisation import queries as organisation
from chuangwei.domain.places.models import Area

pytestmark = pytest.mark.slow


def run_demo(*arguments: str) -> str:
    out = StringIO()
    call_command("demo", "--no-serve", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture(scope="module")
def printed(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """One town for all tests of this file, taken back at the end."""
    home, settings.CHUANGWEI_HOME = settings.CHUANGWEI_HOME, tmp_path_factory.mktemp("home")
    with django_db_blocker.unblock(), transaction.atomic():
        yield run_demo()
        transaction.set_rollback(True)
    settings.CHUANGWEI_HOME = home


def standings(week: int) -> dict[str, tuple[int | None, str]]:
    period = Period.objects.get(slug=f"2026-W{week}")
    return {one.name.removesuffix("社区"): (one.rank, one.flag) for one in queries.standings(period)}


def flags(community: str) -> list[str]:
    return [standings(week)[community][1] for week in range(36, 44)]


def test_it_prints_the_last_week_and_why_the_last_is_last(printed: str):
    assert "2026-W43" in printed
    assert "南渡社区为什么排在最后（第 13 名）" in printed
    assert "南渡农贸市场" in printed
    assert "一票否决" in printed
    assert "现场宰杀活禽" in printed


def test_it_prints_the_accounts_and_the_address(printed: str):
    for name in (
        "admin", "anquan", "shenji", "bangong", "ducha", "lingdao", "jiwei", "shuji", "wangge", "shizheng",
    ):  # fmt: skip
        assert f"\n{name} " in printed
    assert cast.PASSWORD in printed
    assert "http://127.0.0.1:8000/" in printed


def test_eight_weeks_are_ranked_seven_are_final_and_the_last_is_published(printed: str):
    states = list(Period.objects.order_by("from_on").values_list("slug", "state"))
    assert states == [(f"2026-W{week}", PeriodState.FINAL) for week in range(36, 43)] + [
        ("2026-W43", PeriodState.PUBLISHED)
    ]


def test_the_story_came_out_of_the_arithmetic(printed: str):
    assert flags("沈家坪")[2:5] == [Flag.YELLOW] * 3
    assert flags("望河")[:2] == [Flag.YELLOW] * 2
    assert flags("望河")[6:] == [Flag.RED] * 2
    assert standings(37)["鼓楼"][1] == Flag.RED
    assert standings(38)["鼓楼"][1] == Flag.YELLOW
    assert standings(41)["杜家湾"] == (None, "")
    assert standings(43)["南渡"] == (13, Flag.YELLOW)


def test_one_leader_was_spoken_to_and_it_is_minuted(printed: str):
    interviews = queries.consequences(actor=cast.actor(cast.OFFICE)).filter(trigger=ConsequenceKind.INTERVIEW)
    assert [(one.period.slug, one.subject_name, bool(one.person_name)) for one in interviews] == [
        ("2026-W40", "沈家坪社区", True)
    ]
    assert interviews[0].minutes.startswith("约谈已进行")


def test_september_is_paid_and_october_waits(printed: str):
    settled = list(queries.settlements(actor=cast.actor(cast.LEADER)))
    assert [(one.month, one.state) for one in settled] == [("2026-09", SettlementState.APPROVED)]
    assert sum(entry.amount for entry in settled[0].entries.all()) == 0


def test_the_duties_have_gaps_and_overlaps_and_most_chains_are_whole(printed: str):
    day = date(2026, 10, 26)
    gaps, overlaps = organisation.gaps(day=day), organisation.overlaps(day=day)
    assert 8 <= len(gaps) <= 30
    assert 2 <= len(overlaps) <= 12
    assert len(organisation.chains(day=day)) > 300


def test_every_account_is_a_person_in_its_place(printed: str):
    secretary = cast.actor("shuji")
    home = Area.objects.get(name=cast.HOME)
    assert secretary.area_paths == (home.path,)
    assert not secretary.may("appraisal.publish")
    worker, department = cast.actor("wangge"), cast.actor("shizheng")
    assert [path.startswith(home.path) for path in worker.area_paths] == [True], "by duty: one grid of the community"
    assert (department.area_paths, len(department.unit_codes)) == ((), 1)


def test_the_three_administrators_have_nothing_in_common_and_see_no_business(printed: str):
    three = [cast.actor(name).permissions for name in (cast.ADMIN, cast.SECURITY, cast.AUDIT)]
    assert not three[0] & three[1]
    assert not three[0] & three[2]
    assert not three[1] & three[2]
    everybody = frozenset().union(*three)
    assert not {name for name in everybody if name.startswith(("problems.", "inspections.", "appraisal.", "places."))}


def test_the_audit_chain_is_whole(printed: str):
    assert audit.verify() == []


def test_the_workbooks_lie_in_the_home_for_whoever_wants_to_look(printed: str):
    names = sorted(file.name for file in Path(settings.CHUANGWEI_HOME, "examples").iterdir())
    assert names == ["ledger.xlsx", "preset.toml", "register.xlsx", "visits.xlsx"]


def test_a_second_start_changes_nothing_and_says_the_same(printed: str):
    before = Period.objects.count()
    again = run_demo()
    assert "已经建好" in again
    assert again.split("社区周评比")[1] == printed.split("社区周评比")[1]
    assert Period.objects.count() == before


def running(at: datetime) -> list[tuple[str, Counter[str]]]:
    """The rounds the inspector may record in at an instant: first day, and sites left by kind."""
    inspector = cast.actor("ducha")
    return [
        (str(each.starts_on), Counter(site.kind.code for site in inspections.sites_to_visit(each, actor=inspector)))
        for each in inspections.running_rounds(actor=inspector, at=at)
    ]


@pytest.mark.parametrize("days", [0, 40, -400], ids=["now", "later", "before the story"])
def test_there_is_one_round_for_the_day_however_often_it_is_started(printed: str, days: int):
    at = clock.now() + timedelta(days=days)
    with clock.frozen(at):
        first, again = run_demo(), run_demo()
        assert running(at) == [(str(clock.today()), Counter(back_lane=8, market=3))]
    assert first == again
    assert again.split("社区周评比")[1] == printed.split("社区周评比")[1]
    assert standings(43)["南渡"] == (13, Flag.YELLOW)


def test_another_seed_is_refused_where_a_demo_lives(printed: str):
    with pytest.raises(CommandError, match="--seed 7"):
        run_demo("--seed", "8")


@pytest.mark.django_db
def test_an_installation_in_use_is_left_alone():
    Installation.objects.create(pk=Installation.ONLY, county="青禾县", started_at=clock.now())
    with pytest.raises(CommandError, match="青禾县的数据，示范不会动它"):
        run_demo()
