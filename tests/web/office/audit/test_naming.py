"""What the codes of the chain are called, as far as whoever reads it may know."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chuangwei.core import presets
from chuangwei.core.models import AuditEvent
from chuangwei.domain.documents.models import Paper
from chuangwei.domain.inspections.enums import RoundKind
from chuangwei.domain.organisation.models import Duty
from chuangwei.domain.places.models import SiteKind
from chuangwei.web.office.audit.naming import names_in
from tests.factories import inspections, organisation, places
from tests.factories.problems import MONDAY

pytestmark = pytest.mark.django_db
AUDIT = organisation.clerk("audit.view")


@pytest.fixture
def ground():
    area = places.area("6201", name="星火社区", kind="社区")
    home = places.site("H-1", in_area=area, kind="home", name="王家院")
    SiteKind.objects.filter(code="home").update(is_household=True, name="农户")
    places.site("L-1", in_area=area, name="槐树巷")
    organisation.duty(organisation.unit("U-1", name="环卫所"), "包抓单位", home)
    organisation.person("P-1", name="张三")
    organisation.account("li", name="小李")
    inspections.round_("R-1", name="第36周定期督导")
    inspections.round_("R-2", name="不说的暗访", kind=RoundKind.UNDERCOVER, is_sealed=True)
    Paper.objects.create(code="GW-1", kind="roster", title="花名册", drafted_at=MONDAY)
    return area


def entry(kind: str, code: str = "", **details) -> AuditEvent:
    return AuditEvent(subject_kind=kind, subject_code=code, details=json.dumps(details))


@pytest.mark.parametrize(
    ("kind", "code", "name"),
    [
        ("organisation.person", "P-1", "张三"),
        ("organisation.unit", "U-1", "环卫所"),
        ("organisation.account", "li", "小李"),
        ("places.area", "6201", "星火社区"),
        ("core.presetuse", "6201", "星火社区"),
        ("documents.paper", "GW-1", "花名册"),
        ("inspections.round", "R-1", "第36周定期督导"),
        ("inspections.draw", "R-1", "第36周定期督导"),
        ("inspections.round", "R-2", ""),
        ("places.site", "L-1", "槐树巷"),
        ("places.site", "H-1", "户名不显示"),
        ("places.site", "没有", ""),
        ("organisation.duty", "999999", ""),
        ("organisation.duty", "²", ""),
        ("office.import", "abc", ""),
        ("appraisal.period", "weekly@全域", "weekly@全域"),
        ("appraisal.consequence", "weekly@全域:2026-W36:interview:6201", "weekly@全域 2026年第36周 约谈 星火社区"),
    ],
)
def test_a_thing_is_called_by_its_name(ground, kind, code, name):
    assert names_in([entry(kind, code)], AUDIT).name(kind, code) == name


def test_a_duty_is_called_by_what_it_is_and_names_no_household(ground):
    key = str(Duty.objects.get().pk)
    event = entry("organisation.duty", key)
    assert names_in([event], AUDIT).name("organisation.duty", key) == "户名不显示包抓单位 环卫所"
    seeing = organisation.clerk("audit.view", "organisation.view")
    assert names_in([event], seeing).name("organisation.duty", key) == "王家院包抓单位 环卫所"


def test_a_series_and_a_version_of_a_preset_are_called_by_their_titles():
    by, document = organisation.chief(), presets.open_preset("town-weekly-flags")
    use = presets.use_preset(document=document, area_code="", from_on=None, by=by, at=MONDAY)
    slug = next(iter(document.sections["series"].root))
    title, version = document.sections["series"].root[slug].name, f"{use.version.slug}:1"
    events = [entry("appraisal.period", f"{slug}@全域:2026-W36"), entry("core.presetversion", version)]
    names = names_in(events, AUDIT)
    assert names.name("appraisal.period", f"{slug}@全域:2026-W36") == f"{title} 2026年第36周"
    assert names.name("core.presetversion", version) == f"{document.title} 第 1 版"


def test_a_code_stays_beside_the_name_unless_it_is_the_programs_own(ground):
    event = entry("organisation.account", "li", roles=["office", "nothing"], unit="U-1", place="L-1")
    names = names_in([event], AUDIT)
    assert names("organisation.unit", "U-1") == "环卫所（U-1）"
    assert names("place", "L-1") == "槐树巷（L-1）"
    assert (names("role", "office"), names("role", "nothing")) == ("创卫办", "nothing")
    assert names("places.area", "6201") == "6201", "nobody asked for it"


def test_a_page_asks_once_for_each_kind_of_thing(ground):
    asked = []
    for count in (1, 3):
        events = [entry("organisation.unit", "U-1", area="6201", holder="P-1") for _ in range(count)]
        with CaptureQueriesContext(connection) as queries:
            names_in(events, AUDIT)
        asked.append(len(queries))
    assert asked[0] == asked[1] == 4
