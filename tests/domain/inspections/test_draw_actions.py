from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from chuangwei.core import clock
from chuangwei.core.actor import system_actor
from chuangwei.core.errors import DomainError, NotAllowed, NotFound, StaleState
from chuangwei.core.models import AuditEvent
from chuangwei.core.text import Unreadable
from chuangwei.domain.inspections import actions, queries, rules
from chuangwei.domain.inspections.enums import Permission, RoundKind
from chuangwei.domain.inspections.models import Draw, Round, RoundTarget
from chuangwei.domain.places.models import Site
from tests.factories import inspections, organisation, places

pytestmark = pytest.mark.django_db
AT = datetime(2023, 10, 30, 9, 0, tzinfo=clock.SHANGHAI)
LATER = AT + timedelta(hours=1)
SEED = "ab" * 32
ANNA = organisation.clerk(Permission.PLAN, Permission.VIEW, code="anna", name="安")
BERT = organisation.clerk(Permission.PLAN, Permission.VIEW, code="bert", name="柏")
LANES = [f"BL-{n}" for n in range(1, 6)]


@pytest.fixture
def town():
    """Five lanes and a market in one community."""
    community = places.area("c1")
    for code in LANES:
        places.site(code, in_area=community)
    places.site("M-1", in_area=community, kind="market")
    return community


def freeze(**values):
    given = {"round_code": "R-1", "strata": {"back_lane": 2}, "by": ANNA, "at": AT, **values}
    return actions.freeze_candidates(**given)


def at_once(**values):
    return actions.draw_at_once(**{"round_code": "R-1", "strata": {"back_lane": 2}, "by": ANNA, "at": AT, **values})


# --- The list ----------------------------------------------------------------------------------------------------------


def test_the_frozen_list_holds_the_sites_of_the_strata_and_no_other(town):
    draw = freeze(round_code=" Ｒ-1 ")
    text = "".join(f"back_lane\t{code}\n" for code in LANES)
    assert (draw.round_code, draw.candidates, draw.candidates_hash) == ("R-1", text, rules.digest(text))
    assert (draw.seed, draw.drawn, draw.frozen_by) == ("", {}, "安（anna）")


def test_who_is_excluded_is_not_in_the_list_and_the_record_says_why(town):
    draw = freeze(exclusions={"BL-3 ": " 施工 ", "M-1": "不在所抽的类型之内"})
    assert "BL-3" not in draw.candidates
    assert draw.exclusions == {"BL-3": "施工", "M-1": "不在所抽的类型之内"}


def test_the_list_is_of_the_sites_there_are_that_day_in_the_actors_areas(town):
    places.site("BL-gone", in_area=town, ends_on=date(2023, 10, 29))
    places.site("BL-yet", in_area=town, starts_on=date(2023, 10, 31))
    places.site("BL-else", in_area=places.area("c2"))
    draw = freeze(by=replace(ANNA, area_paths=(town.path,)))
    assert draw.candidates == "".join(f"back_lane\t{code}\n" for code in LANES)


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"round_code": " "}, "轮次编码不能为空"),
        ({"round_code": "R|1"}, "不能含“|”"),
        ({"strata": {}}, "请至少写明一层"),
        ({"strata": {"lane": 1}}, "没有编码为 lane 的点位类型"),
        ({"strata": {"back_lane": 0}}, "须是不小于 1 的整数"),
        ({"exclusions": {"BL-9": "施工"}}, "要排除的 BL-9 不是现有的点位"),
        ({"exclusions": {"BL-1": " "}}, "排除 BL-1 须写明理由"),
    ],
)
def test_freeze_candidates_refuses(town, values, why):
    with pytest.raises(DomainError, match=why.replace("|", r"\|")):
        freeze(**values)
    assert not Draw.objects.exists()


# --- Step by step ------------------------------------------------------------------------------------------------------


def test_three_steps_by_two_hands(town):
    draw = freeze()
    actions.commit_seed(draw=draw, by=ANNA, at=AT)
    assert rules.is_seed(draw.seed)
    assert draw.seed_hash == rules.digest(draw.seed)
    actions.draw_sites(draw=draw, by=BERT, at=LATER)
    draw.refresh_from_db()
    order = sorted(LANES, key=lambda code: rules.order_key(draw.seed, "R-1", code))
    assert (draw.drawn, draw.shortfalls, draw.is_trial) == ({"back_lane": order[:2]}, {}, False)
    assert [draw.frozen_by, draw.committed_by, draw.drawn_by] == ["安（anna）", "安（anna）", "柏（bert）"]
    assert not queries.is_by_one_hand(draw)
    verbs = list(AuditEvent.objects.order_by("seq").values_list("verb", "subject_code"))
    assert verbs == [("冻结名单", "R-1"), ("承诺种子", "R-1"), ("抽取", "R-1")]


def test_the_one_who_committed_does_not_draw_without_a_public_word(town):
    draw = actions.commit_seed(draw=freeze(), by=ANNA, at=AT)
    with pytest.raises(DomainError, match="须由承诺种子的人以外的另一人抽取"):
        actions.draw_sites(draw=draw, by=ANNA, at=LATER)


def test_with_a_public_word_named_before_one_hand_may_do_it_all(town):
    draw = actions.commit_seed(draw=freeze(word_source="福彩双色球第 2023125 期蓝球"), by=ANNA, at=AT)
    with pytest.raises(DomainError, match="请给出公开词（福彩双色球第 2023125 期蓝球）"):
        actions.draw_sites(draw=draw, by=ANNA, at=LATER)
    actions.draw_sites(draw=draw, by=ANNA, at=LATER, word=" 08 ")
    used = rules.seed_used(draw.seed, "08")
    order = sorted(LANES, key=lambda code: rules.order_key(used, "R-1", code))
    assert (draw.word, draw.drawn) == ("08", {"back_lane": order[:2]})
    assert queries.draw_result(draw)["word"] == "08"


def test_a_public_word_nobody_named_before_is_refused(town):
    draw = actions.commit_seed(draw=freeze(), by=ANNA, at=AT)
    with pytest.raises(DomainError, match="冻结名单时没有约定公开词"):
        actions.draw_sites(draw=draw, by=BERT, at=LATER, word="08")


def test_each_step_is_made_once_and_in_order(town):
    draw = freeze()
    with pytest.raises(StaleState):
        actions.draw_sites(draw=Draw.objects.get(), by=BERT, at=LATER)
    actions.commit_seed(draw=draw, by=ANNA, at=AT)
    with pytest.raises(StaleState):
        actions.commit_seed(draw=Draw.objects.get(), by=BERT, at=AT)
    first = actions.draw_sites(draw=Draw.objects.get(), by=BERT, at=LATER)
    with pytest.raises(StaleState):
        actions.draw_sites(draw=Draw.objects.get(), by=BERT, at=LATER)
    draw.refresh_from_db()
    assert (draw.seed, draw.drawn) == (first.seed, first.drawn)


def test_seeds_differ(town):
    seeds = {actions.commit_seed(draw=freeze(round_code=f"R-{n}"), by=ANNA, at=AT).seed for n in range(5)}
    assert len(seeds) == 5


def test_a_draw_is_not_repeated_and_a_void_one_stays(town):
    draw = at_once()
    with pytest.raises(DomainError, match="轮次 R-1 已有抽取，不能重抽"):
        freeze()
    with pytest.raises(DomainError, match="作废须写明理由"):
        actions.void_draw(draw=draw, reason=" ", by=ANNA, at=LATER)
    actions.void_draw(draw=draw, reason="名单漏了一条巷", by=ANNA, at=LATER)
    with pytest.raises(StaleState):
        actions.void_draw(draw=draw, reason="再来", by=ANNA, at=LATER)
    again = at_once(at=LATER)
    assert list(queries.draws(actor=ANNA)) == [draw, again]
    assert queries.draw_of_round(round_code="R-1", actor=ANNA) == again
    assert queries.draw_record(draw)["void"] == {"at": "2023-10-30T10:00:00+08:00", "reason": "名单漏了一条巷"}


# --- At once, and trials -----------------------------------------------------------------------------------------------


def test_all_at_once_says_that_one_hand_did_it(town):
    draw = at_once(strata={"market": 3, "back_lane": 1}, exclusions={"BL-1": "施工"})
    assert queries.is_by_one_hand(draw)
    record = queries.draw_record(draw)
    assert (record["by_one_hand"], record["shortfalls"], record["exclusions"]) == (
        True,
        {"market": 1},
        {"BL-1": "施工"},
    )
    assert record["steps"] == [
        {"step": step, "at": "2023-10-30T09:00:00+08:00", "by": "安（anna）"}
        for step in ("冻结名单", "承诺种子", "抽取")
    ]
    assert (record["candidates"], record["is_trial"], list(record["strata"])) == (5, False, ["back_lane", "market"])


def test_the_published_result_has_the_keys_of_the_cases_and_no_more(town):
    draw = at_once(seed=SEED)
    assert queries.draw_result(draw) == {
        "round": "R-1", "seed": SEED, "seed_hash": rules.digest(SEED), "candidates_hash": draw.candidates_hash,
        "strata": {"back_lane": 2}, "drawn": draw.drawn,
    }  # fmt: skip


def test_with_a_seed_given_it_is_a_trial_that_may_be_repeated_and_counts_for_nothing(town):
    real = at_once()
    one, two = at_once(seed=real.seed), at_once(seed=real.seed)
    assert (one.is_trial, one.drawn, two.drawn) == (True, real.drawn, real.drawn)
    assert queries.draw_of_round(round_code="R-1", actor=ANNA) == real
    assert AuditEvent.objects.latest("seq").verb == "抽取（试抽）"


@pytest.mark.parametrize("seed", ["", SEED.upper(), SEED + "0", "x" * 64])
def test_a_seed_that_is_none_is_refused(town, seed):
    with pytest.raises(DomainError, match="种子须是 64 位小写十六进制"):
        at_once(seed=seed)
    assert not Draw.objects.exists()


def test_a_real_draw_takes_no_seed_from_outside_and_a_trial_needs_one(town):
    for draw, seed in ((freeze(), SEED), (freeze(is_trial=True), None)):
        with pytest.raises(DomainError, match="由程序产生，不能指定"):
            actions.commit_seed(draw=draw, seed=seed, by=ANNA, at=AT)


# --- Who may -----------------------------------------------------------------------------------------------------------


def test_only_who_plans_may_draw(town):
    draw, nobody = freeze(), organisation.clerk(Permission.VIEW)
    for refused in (
        lambda: freeze(round_code="R-2", by=nobody),
        lambda: actions.commit_seed(draw=draw, by=nobody, at=AT),
        lambda: actions.draw_sites(draw=draw, by=nobody, at=AT),
        lambda: actions.void_draw(draw=draw, reason="x", by=nobody, at=AT),
        lambda: at_once(round_code="R-2", by=nobody),
    ):
        with pytest.raises(NotAllowed):
            refused()


def test_a_draw_for_a_sealed_round_shows_only_to_those_who_may_see_it(town):
    draw = at_once()
    Round.objects.create(
        code="R-1", name="暗访", kind=RoundKind.UNDERCOVER, starts_on=date(2023, 10, 30), ends_on=date(2023, 11, 3),
        is_sealed=True,
    )  # fmt: skip
    inside = organisation.clerk(Permission.VIEW, Permission.SEALED)
    assert list(queries.draws(actor=inside)) == [draw]
    assert not queries.draws(actor=ANNA).exists()
    with pytest.raises(NotFound, match="轮次 R-1 还没有冻结候选名单"):
        queries.draw_of_round(round_code="R-1", actor=ANNA)
    Round.objects.update(released_at=LATER)
    assert list(queries.draws(actor=ANNA)) == [draw]
    assert not queries.draws(actor=organisation.stranger()).exists()


def test_the_program_is_told_apart_by_the_system_user(town):
    assert freeze(by=system_actor("root")).frozen_by == "系统（root）"


# --- The table ---------------------------------------------------------------------------------------------------------


def test_the_table_refuses_what_never_may_be(town):
    draw = at_once()
    for wrong in (
        {"drawn_at": draw.committed_at - timedelta(seconds=1)},
        {"committed_at": None},
        {"voided_at": LATER},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Draw.objects.filter(pk=draw.pk).update(**wrong)
    draw.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        draw.save()
    assert str(draw) == "R-1 抽取"


def steps_of(draw, by):
    return (
        lambda: actions.commit_seed(draw=draw, by=by, at=AT),
        lambda: actions.draw_sites(draw=draw, by=by, at=AT),
        lambda: actions.void_draw(draw=draw, reason="x", by=by, at=AT),
    )


def test_who_plans_elsewhere_takes_no_step_of_a_rounds_draw(town):
    inspections.round_("R-1", area=town)
    elsewhere = replace(BERT, area_paths=(places.area("c2").path,))
    here = replace(BERT, area_paths=(town.path,))
    with pytest.raises(DomainError, match="轮次 R-1 不能由您抽取"):
        freeze(by=elsewhere)
    draw = freeze()
    for step in steps_of(draw, elsewhere):
        with pytest.raises(NotAllowed):
            step()
    assert actions.commit_seed(draw=draw, by=here, at=AT).committed_by == "柏（bert）"


def test_who_plans_a_part_does_not_draw_for_a_round_of_the_whole(town):
    inspections.round_("R-1")
    with pytest.raises(DomainError, match="轮次 R-1 不能由您抽取"):
        freeze(by=replace(ANNA, area_paths=(town.path,)))


def test_a_draw_without_a_round_is_its_freezers_and_of_who_plans_everywhere(town):
    of_town, other = (replace(one, area_paths=(town.path,)) for one in (ANNA, BERT))
    draw = freeze(by=of_town)
    for step in steps_of(draw, other):
        with pytest.raises(NotAllowed):
            step()
    actions.commit_seed(draw=draw, by=of_town, at=AT)
    assert actions.draw_sites(draw=draw, by=BERT, at=LATER).drawn_by == "柏（bert）"


def test_the_draw_of_a_sealed_round_is_moved_only_by_who_sees_it(town):
    inside = replace(ANNA, permissions=ANNA.permissions | {Permission.SEALED})
    inspections.round_("R-1", area=town, kind=RoundKind.UNDERCOVER, is_sealed=True)
    draw = freeze(by=inside)
    for step in steps_of(draw, BERT):
        with pytest.raises(NotAllowed):
            step()
    assert actions.commit_seed(draw=draw, by=inside, at=AT).committed_at == AT


def test_a_seed_that_does_not_open_is_neither_published_nor_drawn_with(town):
    drawn, draw = at_once(), actions.commit_seed(draw=freeze(round_code="R-2"), by=ANNA, at=AT)
    for one in (drawn, draw):
        one.seed = Unreadable("无法解密：与密钥 1 不符", sealed="1:x")
    with pytest.raises(DomainError, match="种子无法解密：与密钥 1 不符。"):
        queries.draw_result(drawn)
    with pytest.raises(DomainError, match="种子无法解密：与密钥 1 不符。"):
        actions.draw_sites(draw=draw, by=BERT, at=LATER)
    assert Draw.objects.get(pk=draw.pk).drawn_at is None


# --- What a draw can give, and to whom --------------------------------------------------------------------------------


@pytest.mark.parametrize(("choosing", "is_refused"), [("list", True), ("kinds", True), ("draw", False)])
def test_a_round_that_has_its_sites_takes_none_from_a_draw(town, choosing, is_refused):
    each = inspections.round_("R-1", choosing=choosing)
    RoundTarget.objects.create(round=each, site=Site.objects.get(code="BL-1"))
    if is_refused:
        with pytest.raises(DomainError, match="抽取对它没有作用"):
            freeze()
    assert freeze(is_trial=True).is_trial
    assert is_refused or freeze().pk


def test_strata_that_ask_for_more_than_there_is(town):
    draw = freeze(strata={"back_lane": 5, "market": 3})
    assert queries.shortfalls(draw) == {"market": 1}


def test_who_else_may_draw():
    organisation.account("anna", roles=["office"], name="安")
    organisation.account("bert", roles=["office"], name="柏")
    organisation.account("cora", roles=["inspector"], name="可")
    assert queries.other_hands(None, by=ANNA) == ["柏"]
    here = inspections.round_("R-1", area=places.area("c1"))
    away = organisation.account("dora", roles=["office"], name="多", is_everywhere=False, area=places.area("c2"))
    assert queries.other_hands(here, by=ANNA) == ["柏"]
    assert away.name in queries.other_hands(inspections.round_("R-2", area=away.area), by=ANNA)
