import json
import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from chuangwei.core.errors import DomainError
from chuangwei.domain.inspections.models import Draw
from tests.factories import places

pytestmark = pytest.mark.django_db
SEED = "ab" * 32
ONE_LAYER = ("R-1", "--stratum", "背街小巷=2")


@pytest.fixture(autouse=True)
def town(monkeypatch):
    """Four lanes and a market; the system user is whoever `sign_in` says."""
    community = places.area("c1")
    for number in range(1, 5):
        places.site(f"BL-{number}", in_area=community)
    places.site("M-1", in_area=community, kind="market", name="东关市场")


@pytest.fixture
def sign_in(monkeypatch):
    return lambda name: monkeypatch.setattr("getpass.getuser", lambda: name)


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("draw", *arguments, stdout=out)
    return out.getvalue()


def test_all_steps_at_once_say_so_and_publish_three_files(tmp_path, sign_in):
    sign_in("wang")
    file = tmp_path / "抽取.json"
    said = run(
        *ONE_LAYER, "--stratum", "market = 3", "--exclude", "BL-3=施工", "--exclude", "Ｂ L-4=修路", "--json", str(file)
    )
    draw = Draw.objects.get()
    assert (draw.is_trial, draw.exclusions) == (False, {"BL-3": "施工", "BL-4": "修路"})
    assert (
        "农(集)贸市场（market）应抽 3，抽出 1，候选不足，全部抽取：\n次序  编码  名称\n1     M-1   东关市场\n" in said
    )
    assert said.endswith("名单、种子和抽取由 系统（wang） 同一人一次完成；要分步、分人，请用 --steps。\n")
    result = json.loads(file.read_text())
    assert sorted(result) == ["candidates_hash", "drawn", "round", "seed", "seed_hash", "strata"]
    assert (result["strata"], set(result["drawn"]["back_lane"])) == ({"back_lane": 2, "market": 3}, {"BL-1", "BL-2"})
    assert (tmp_path / "抽取-candidates.txt").read_bytes() == b"back_lane\tBL-1\nback_lane\tBL-2\nmarket\tM-1\n"
    record = json.loads((tmp_path / "抽取-record.json").read_text())
    assert (record["by_one_hand"], record["shortfalls"]) == (True, {"market": 1})
    call_command("verify_draw", str(file), stdout=StringIO())


def test_with_a_seed_it_says_that_it_counts_for_nothing(tmp_path):
    said = run(*ONE_LAYER, "--seed", SEED)
    assert said.startswith("轮次 R-1：试抽或重算，不作数，不产生检查任务。\n候选名单 4 个，摘要 ")
    assert run(*ONE_LAYER, "--seed", SEED).splitlines()[3:] == said.splitlines()[3:]


def test_step_by_step_by_two_hands_the_seed_stays_secret_until_the_draw(tmp_path, sign_in):
    file = tmp_path / "draws.json"
    sign_in("wang")
    said = run(*ONE_LAYER, "--steps", "freeze", "--json", str(file))
    assert said.endswith("名单已冻结；下一步承诺种子：--steps commit。\n")
    said = run("R-1", "--steps", "commit", "--json", str(file))
    draw = Draw.objects.get()
    assert draw.seed_hash in said
    assert said.endswith("由另一人或用约定的公开词抽取：--steps draw。\n")
    assert not file.exists()
    assert draw.seed not in said + (tmp_path / "draws-record.json").read_text()
    with pytest.raises(DomainError, match="须由承诺种子的人以外的另一人抽取"):
        run("R-1", "--steps", "draw")
    sign_in("zhao")
    said = run("R-1", "--steps", "draw", "--json", str(file))
    assert f"种子 {draw.seed}\n" in said
    assert "同一人" not in said
    assert json.loads(file.read_text())["seed"] == draw.seed
    call_command("verify_draw", str(file), stdout=StringIO())


def test_a_public_word_named_before(tmp_path):
    file = tmp_path / "draws.json"
    said = run(*ONE_LAYER, "--steps", "freeze", "--word-source", "福彩第 125 期")
    assert "约定公开词取自：福彩第 125 期\n" in said
    run("R-1", "--steps", "commit")
    said = run("R-1", "--steps", "draw", "--word", "08", "--json", str(file))
    assert "公开词 08\n" in said
    assert json.loads(file.read_text())["word"] == "08"
    call_command("verify_draw", str(file), stdout=StringIO())


def test_a_void_draw_stays_and_another_may_follow():
    run(*ONE_LAYER)
    with pytest.raises(DomainError, match="已有抽取，不能重抽"):
        run(*ONE_LAYER)
    assert run("R-1", "--void", "漏了一条巷") == "轮次 R-1 的抽取已作废，记录保留。理由：漏了一条巷\n"
    run(*ONE_LAYER)
    assert list(Draw.objects.values_list("void_reason", flat=True)) == ["漏了一条巷", ""]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("R-1",), "请用 --stratum"),
        (("R-1", "--steps", "freeze"), "请用 --stratum"),
        ((*ONE_LAYER, "--steps", "freeze", "--seed", SEED), "--seed 只用于一次完成"),
        ((*ONE_LAYER, "--steps", "commit"), "名单已经冻结"),
        (("R-1", "--steps", "draw", "--exclude", "BL-1=施工"), "名单已经冻结"),
        (("R-1", "--steps", "draw", "--word-source", "福彩"), "名单已经冻结"),
        ((*ONE_LAYER, "--steps", "freeze", "--word", "08"), "公开词在抽取时才给出"),
        (("R-1", "--stratum", "背街小巷"), "“背街小巷”应写作 名=值"),
        (("R-1", "--stratum", "背街小巷="), "应写作 名=值"),
        ((*ONE_LAYER, "--exclude", "=施工"), "应写作 名=值"),
    ],
)
def test_wrong_usage_is_told(arguments, why):
    with pytest.raises(CommandError, match=why):
        run(*arguments)


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("R-1", "--stratum", "游泳馆=1"), "标准库中没有点位类型“游泳馆”"),
        ((*ONE_LAYER, "--stratum", "back_lane=3"), "“back_lane”这一层写了不止一次"),
        (("R-1", "--stratum", "背街小巷=0"), "样本数“0”须是不小于 1 的整数"),
        (("R-1", "--stratum", "背街小巷=1.5"), "样本数“1.5”须是不小于 1 的整数"),
        (("R-1", "--stratum", "背街小巷=两"), "样本数“两”须是不小于 1 的整数"),
        ((*ONE_LAYER, "--exclude", "BL-1=a", "--exclude", "BL-1=b"), "BL-1 排除了不止一次"),
        ((*ONE_LAYER, "--exclude", "X-1=a"), "要排除的 X-1 不是现有的点位"),
        ((*ONE_LAYER, "--seed", "AB" * 32), "种子须是 64 位小写十六进制"),
        ((*ONE_LAYER, "--word", "08"), "冻结名单时没有约定公开词"),
        (("R-9", "--steps", "commit"), "轮次 R-9 还没有冻结候选名单"),
        (("R-9", "--void", "x"), "轮次 R-9 还没有冻结候选名单"),
    ],
)
def test_what_cannot_be_drawn_is_refused(arguments, why):
    with pytest.raises(DomainError, match=re.escape(why)):
        run(*arguments)
    assert not Draw.objects.exists()


def test_an_ambiguous_kind_is_named_with_all_it_may_mean():
    places.site_kind("old", name="商场/卖场")
    places.site_kind("new", name="商场/超市")
    with pytest.raises(DomainError, match="“商场”可能是 new、old，请写明其中一个"):
        run("R-1", "--stratum", "商场=1")
