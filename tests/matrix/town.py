"""A small town with two communities, one of everything in each, and everybody who may come to the door."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.test import Client

from chuangwei.core import attachments, clock, presets
from chuangwei.core.models import AuditRoot, Installation
from chuangwei.domain.appraisal import actions as appraisal
from chuangwei.domain.appraisal.models import Consequence, Period, Settlement
from chuangwei.domain.documents import actions as documents
from chuangwei.domain.inspections import actions
from chuangwei.domain.organisation import queries
from chuangwei.domain.organisation.models import Account, Person, Unit
from chuangwei.domain.places.models import Area, Site
from chuangwei.domain.problems.enums import ProblemState
from chuangwei.domain.standards.models import Edition, Item
from chuangwei.web.office.imports.enums import ImportState
from chuangwei.web.office.models import ImportJob
from tests.factories import inspections, organisation, photos, places, problems, standards
from tests.factories.problems import MONDAY

OWN, OTHER = "甲", "乙"
SECRET = "不可外传"
"""In the name of every site, person and unit and in every description: whoever does not reach a place never reads its
own. Names of communities are no secret: rankings are published."""

PRESET = """
[preset]
slug = "matrix"
title = "权限表"

[areas]
levels = ["县", "乡镇", "社区", "网格"]

[sign_in]
second_factor = "never"

[documents]
place = "青石镇"
code = "青创卫办"

[chains."back_lane"]
roles = [{{name = "网格员", single = true}}]

[series.weekly]
title = "社区周评比"
subject = "社区"
period = "week"

[[series.weekly.parts]]
slug = "regular"
rule = "visit-mean"
rounds = ["定期督导"]
weight = 1

[series.weekly.flags]
red = 1
yellow = 1

[series.weekly.statement]
last = 1
meeting = "周例会"

[series.weekly.money]
month_red = 100000
month_yellow = -100000

[roles.everything]
title = "全部权限"
permissions = [{permissions}]
"""


@dataclass(frozen=True)
class Thing:
    """Something an address may name: how it names it, and the parts of the town it lies in (none: it lies in no place, and
    who may ask at all may ask for it)."""

    named: Mapping[str, object]
    within: frozenset[str] | None = frozenset()
    is_only_theirs: bool = False
    """Whoever works everywhere has no part in it: it takes somebody of the unit itself."""


@dataclass(frozen=True)
class Caller:
    """Somebody who comes to the door. `reaches` are parts of the town; none for who works everywhere."""

    title: str
    client: Client
    permissions: frozenset[str] = frozenset()
    reaches: frozenset[str] | None = None
    state: str = ""
    """Empty for somebody signed in who may go on; else what keeps them out."""

    def reaches_to(self, thing: Thing | None) -> bool:
        if thing is None or thing.within is None:
            return True
        if self.reaches is None:
            return not thing.is_only_theirs
        return bool(self.reaches & thing.within)


@dataclass
class Community:
    """One community, with one of everything."""

    area: Area
    grid: Area
    lane: Site
    unit: Unit
    committee: Unit
    grid_worker: Person
    lane_keeper: Person
    official: Person
    codes: dict[str, str] = field(default_factory=dict)
    """The code of its one problem, visit …"""

    @property
    def name(self) -> str:
        return self.area.name[0]

    def parts(self, *names: str) -> frozenset[str]:
        """The community itself, and these of its parts: 网格, 巷, 部门."""
        return frozenset({self.name, *(self.name + name for name in names)})

    @property
    def secret(self) -> str:
        return self.name + SECRET


def build() -> tuple[list[Community], dict[str, list[Thing]]]:
    """The town, and the things addresses name, by kind: that of 甲 first, then that of 乙."""
    Installation.objects.get_or_create(
        pk=Installation.ONLY, defaults={"county": "云岭县", "started_at": clock.now()}
    )  # fmt: skip
    permissions = ", ".join(f'"{name}"' for name in queries.permission_names())
    document = presets.read_preset(PRESET.format(permissions=permissions), "matrix")
    presets.use_preset(document=document, area_code="", from_on=None, by=organisation.chief(), at=MONDAY)
    _, areas = places.town(communities=2)
    communities = [_community(area, name) for area, name in zip(areas, (OWN, OTHER), strict=True)]
    _weeks(communities)
    _library()
    _settlement()
    return communities, _things(communities)


def _community(area: Area, name: str) -> Community:
    area.name = f"{name}社区"
    area.save()
    area.spells.update(name=area.name)
    grid = places.area(f"{area.code}01", parent=area, kind="网格", name=f"{name}网格")
    secret = name + SECRET
    unit = organisation.unit(f"U-{area.code}", name=f"{secret}市政所", area=area)
    committee = organisation.unit(f"W-{area.code}", kind="社区", name=f"{name}社区居委会", area=area)
    found = Community(
        area, grid, places.site(f"{area.code}-1", in_area=grid, name=f"{secret}巷"), unit, committee,
        organisation.person(f"P-{area.code}", name=f"{name}网格员"),
        organisation.person(f"Q-{area.code}", name=f"{name}保洁员"),
        organisation.person(f"R-{area.code}", name=f"{secret}干部", of=unit, phone="13800138000"),
    )  # fmt: skip
    organisation.duty(found.grid_worker, "网格员", grid)
    organisation.duty(found.lane_keeper, "保洁员", found.lane)
    return found


def _weeks(communities: list[Community]) -> None:
    """A visit and a problem a week in each community; the first week is published, the second only computed."""
    sheet = standards.checklist()
    for week in range(2):
        in_round = inspections.round_(f"DQ-{week}")
        at = MONDAY + timedelta(days=7 * week)
        for place, one in enumerate(communities):
            code = f"JC-{one.area.code}-{week}"
            found = {f"{sheet.code}-01": inspections.failed("10")} if place else {}
            inspections.visit(site=one.lane, sheet=sheet, in_round=in_round, at=at, code=code, found=found)
            one.codes |= {"visit": code, "problem": f"WT-{one.area.code}-{week}"}
            problems.problem(
                site=one.lane, code=one.codes["problem"], description=f"{one.secret}问题", found_at=at,
                state=ProblemState.DISPATCHED, dispatched_at=at, unit=one.unit, due_at=at + timedelta(hours=8),
            )  # fmt: skip
    by, at = organisation.chief(), MONDAY + timedelta(days=60)
    appraisal.compute_periods(series="weekly", first="2023-W36", last="2023-W37", by=by, at=at)
    appraisal.publish_period(period=Period.objects.get(slug="2023-W36"), by=by, at=at)


EVERYBODY = frozenset(name + part for name in (OWN, OTHER) for part in ("", "网格", "巷", "居委会"))
"""Whoever has a place that is ranked."""


def _things(communities: list[Community]) -> dict[str, list[Thing]]:
    """Every kind of thing an address may be `of`."""
    week = {"key": "weekly", "slug": "2023-W36"}
    made: dict[str, list[Thing]] = {
        "series": [Thing({"key": "weekly"}, EVERYBODY)],
        "whole-series": [Thing({"key": "weekly"})],
        "published-period": [Thing(week, EVERYBODY)],
        "computed-period": [Thing({"key": "weekly", "slug": "2023-W37"})],
        "settlement": [Thing({"key": "weekly", "month": "2023-09"}, EVERYBODY)],
        "settlement-to-approve": [Thing({"key": "weekly", "month": "2023-09"})],
        "bulletin": [Thing({"code": _bulletin()})],
        "import": [Thing({"code": _job(ImportState.CHECKED)})],
        "refused-import": [Thing({"code": _job(ImportState.REFUSED)})],
        "preset": [Thing({"slug": "matrix", "number": 1}, None)],
        "edition": [Thing({"code": "STD"}, None)],
        "item": [Thing({"code": "STD-1"}, None)],
        "checklist": [Thing({"code": "CK-BACK_LANE", "version": 1}, None)],
        "category": [Thing({"code": "09006"}, None)],
        "event": [Thing({"seq": 1})],
        "root": [Thing({"day": _root()})],
        "whole-installation": [Thing({})],
        "message-of-nobody": [Thing({"pk": 0})],
        "identity-of-nobody": [Thing({"pk": 0}, None)],
        "key-of-nobody": [Thing({"pk": 0}, None)],
    }
    for one in communities:
        for kind, thing in _things_of(one):
            made.setdefault(kind, []).append(thing)
    return made


def _things_of(one: Community) -> Iterator[tuple[str, Thing]]:
    """What each community has one of."""
    own, lane, code = one.parts(), one.parts("网格", "巷"), {"code": one.area.code}
    yield "area", Thing(code, own)
    yield "site", Thing({"code": one.lane.code}, lane)
    yield "photo", Thing({"digest": _photo(one), "size": "small"}, one.parts("网格", "巷", "部门"))
    yield "unit", Thing({"code": one.unit.code}, one.parts("部门"))
    yield "unit-to-edit", Thing({"code": one.unit.code}, own)
    yield "person", Thing({"code": one.official.code}, one.parts("部门"))
    yield "person-to-edit", Thing({"code": one.official.code}, own)
    yield "duty", Thing({"key": one.grid_worker.duties.get().pk}, one.parts("网格"))
    yield "account", Thing({"code": _account(f"at-{one.area.code}", area=one.area).username}, own)
    yield "problem", Thing({"code": one.codes["problem"]}, one.parts("网格", "巷", "部门"))
    yield "problem-of-place", Thing({"code": one.codes["problem"]}, lane)
    yield from _inspected(one)
    yield from _ranked(one)
    yield from _papers(one)


def _inspected(one: Community) -> Iterator[tuple[str, Thing]]:
    today = clock.today()
    code = inspections.round_(
        f"LC-{one.area.code}", name=f"{one.secret}轮次", area=one.area, starts_on=today, ends_on=today
    ).code
    sealed = inspections.round_(
        f"AF-{one.area.code}", kind="undercover", area=one.area, is_sealed=True, starts_on=today, ends_on=today
    ).code
    yield "visit", Thing({"code": one.codes["visit"]}, one.parts("网格", "巷"))
    yield "round", Thing({"code": code}, one.parts("网格"))
    yield "round-to-plan", Thing({"code": code}, one.parts())
    yield "sealed-round", Thing({"code": sealed}, one.parts("网格"))
    yield "sealed-round-to-plan", Thing({"code": sealed}, one.parts())
    yield "sheet", Thing({"code": code, "site": one.lane.code}, one.parts("网格"))
    yield "draw", Thing({"key": _draw(f"CQ-{one.area.code}", is_drawn=True)}, None)
    planned = inspections.round_(f"DC-{one.area.code}", area=one.area, starts_on=today, ends_on=today).code
    yield "open-draw", Thing({"key": _draw(planned, is_drawn=False)}, one.parts())


def _ranked(one: Community) -> Iterator[tuple[str, Thing]]:
    yield "subject", Thing({"key": "weekly", "slug": "2023-W36", "code": one.area.code, "part": "regular"}, EVERYBODY)
    for follow_up in Consequence.objects.filter(subject_code=one.area.code, period__slug="2023-W36"):
        yield "follow-up", Thing({"pk": follow_up.pk}, one.parts("居委会"))
        yield "follow-up-to-hold", Thing({"pk": follow_up.pk})


def _papers(one: Community) -> Iterator[tuple[str, Thing]]:
    by, at = organisation.chief(), clock.now()
    draft, signed, issued = (
        documents.draft_paper(kind="roster", about={"area": one.area.code}, by=by, at=at) for _ in range(3)
    )
    for paper in (signed, issued):
        documents.send_paper(paper=paper, by=by, at=at)
        documents.sign_paper(paper=paper, by=organisation.chief(code="leader"), at=at)
    documents.issue_paper(paper=issued, units=[one.unit], by=by, at=at)
    yield "paper", Thing({"code": draft.code}, one.parts())
    yield "signed-paper", Thing({"code": signed.code}, one.parts())
    yield "issued-paper", Thing({"code": issued.code}, one.parts("部门"))
    yield "delivery", Thing({"pk": issued.deliveries.get().pk}, frozenset({f"{one.name}部门"}), is_only_theirs=True)


def _bulletin() -> str:
    """About a week of the whole town."""
    about = {"series": "weekly", "period": "2023-W36"}
    by = organisation.chief()
    return str(documents.draft_paper(kind="weekly-bulletin", about=about, by=by, at=clock.now()).code)


def _draw(code: str, *, is_drawn: bool) -> int:
    given = {"round_code": code, "strata": {"back_lane": 1}, "by": organisation.chief(), "at": clock.now()}
    made = actions.draw_at_once(**given) if is_drawn else actions.freeze_candidates(**given)
    return int(made.pk)


def _photo(one: Community) -> str:
    """A photo of the problem."""
    stream = photos.saved(photos.street(bin_at=20 if one.name == OWN else 60))
    kept = attachments.store(
        stream=stream, name="photo.jpg", by=organisation.chief(), at=clock.now(), subject_kind="problems.problem",
        subject_code=one.codes["problem"],
    )  # fmt: skip
    return kept.digest


def _root() -> str:
    return str(AuditRoot.objects.get_or_create(
        day=date(2023, 9, 4), defaults={"last_seq": 1, "count": 1, "hash": "0" * 64, "made_at": clock.now()}
    )[0].day)  # fmt: skip


def _library() -> None:
    edition = Edition.objects.create(code="STD", title="国家卫生城市标准")
    Item.objects.create(
        edition=edition,
        code="STD-1",
        order=1,
        section_number=1,
        section="市容环境卫生",
        title="道路保洁",
        kind="qualitative",
    )


def _settlement() -> None:
    Settlement.objects.create(
        code="weekly-2023-09", series="weekly", month="2023-09", month_red=100000, month_yellow=-100000,
        settled_at=clock.now(),
    )  # fmt: skip


def _job(state: ImportState) -> str:
    outcome = {"refused": state == ImportState.REFUSED, "mistakes": [], "notices": [], "sheets": [], "moves": []}
    outcome |= dict.fromkeys(("added", "changed", "unchanged"), 0)
    job = ImportJob.objects.create(
        code=f"job-{state}", state=state, files=[], outcome=outcome, by_code="system", by_name="系统",
        created_at=MONDAY, changed_at=MONDAY,
    )  # fmt: skip
    return job.code


# --- Everybody --------------------------------------------------------------------------------------------------------


def _account(username: str, **values: object) -> Account:
    return organisation.account(username, **{"is_everywhere": False, **values})


def callers(own: Community, roles: Collection[str]) -> list[Caller]:
    """Every bundle in one's own community; somebody with every permission in every kind of scope; and those kept out."""
    found = [_caller(f"{role}（本社区）", [role], own.parts(), area=own.area) for role in roles]
    every = ["everything"]
    found += [
        _caller("全部权限（全域）", every, None, is_everywhere=True),
        _caller("全部权限（本社区）", every, own.parts(), area=own.area),
        _caller("全部权限（代表单位）", every, frozenset({f"{own.name}部门"}), unit=own.unit),
        _caller("全部权限（代表居委会）", every, frozenset({f"{own.name}居委会"}), unit=own.committee),
        _caller(
            "全部权限（按责任，网格）", every, frozenset({f"{own.name}网格"}), by_duty=True, person=own.grid_worker
        ),
        _caller(
            "全部权限（按责任，一条巷）", every, frozenset({f"{own.name}巷"}), by_duty=True, person=own.lane_keeper
        ),
        _caller("全部权限（没有范围）", every, frozenset()),
    ]
    off = _account("switched-off", roles=every, is_everywhere=True)
    kept_out = [
        Caller("没有登录", Client(), state="stranger"),
        Caller("已停用", _client(off), state="stranger"),
        _caller("须改密码", every, None, is_everywhere=True, state="must-change", must_change_password=True),
    ]
    Account.objects.filter(pk=off.pk).update(is_active=False)
    return found + kept_out


def _caller(
    title: str, roles: list[str], reaches: frozenset[str] | None, *, state: str = "", **values: object
) -> Caller:  # fmt: skip
    account = _account(f"caller{Account.objects.count()}", roles=roles, **values)
    return Caller(title, _client(account), queries.actor_of(account).permissions, reaches, state)


def _client(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client
