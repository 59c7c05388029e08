"""The life of a paper, by those who may and by those who may not."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from chuangwei.core.actor import Actor
from chuangwei.core.errors import DomainError, NotAllowed, NotFound, StaleState
from chuangwei.core.models import Attachment, AuditEvent, Notice, TransitionLog
from chuangwei.domain.documents import actions, queries
from chuangwei.domain.documents.blocks import Head, SignOff, plain, texts
from chuangwei.domain.documents.enums import Edition, PaperState
from chuangwei.domain.documents.models import Delivery, Paper
from tests.domain.appraisal import world
from tests.domain.documents.office import NAMES, NOW, Office, drafter, receiver, signer
from tests.factories import organisation

pytestmark = pytest.mark.usefixtures("with_fonts")


def words(paper: Paper, edition: str = Edition.INNER) -> str:
    return "\n".join(plain(text) for text in texts(queries.sheet_in(queries.latest_version(paper), edition)))


def test_a_draft_keeps_both_editions_and_no_number(office: Office) -> None:
    paper = office.draft()
    version = queries.latest_version(paper)
    assert (paper.code, paper.state, paper.number, paper.number_text) == ("GW-2023-0001", PaperState.DRAFT, None, "")
    assert (version.version, version.note, len(version.digest)) == (1, "起草", 64)
    assert queries.mark_of(paper) == "草稿"
    assert AuditEvent.objects.filter(verb="起草公文", subject_code=paper.code).count() == 1


def test_the_whole_life(office: Office) -> None:
    paper = office.issued("A", "B")
    assert (paper.number_text, paper.signed_by_name, paper.state) == (
        "青创卫办〔2023〕1号",
        f"林{NAMES[0]}",
        PaperState.ISSUED,
    )
    sheet = queries.sheet_in(queries.latest_version(paper), Edition.INNER)
    head = next(block for block in sheet.blocks if isinstance(block, Head))
    sign = next(block for block in sheet.blocks if isinstance(block, SignOff))
    assert (head.number, head.recipients, sign.day) == ("青创卫办〔2023〕1号", "各社区", "2023年10月9日")
    first = queries.unreceived(paper).get(unit=office.units["A"])
    actions.receive_paper(delivery=first, by=receiver("UA"), at=NOW)
    assert [one.unit.code for one in queries.unreceived(paper)] == ["UB"]
    assert [log.move for log in queries.history(paper, actor=drafter())][::-1] == ["send", "sign", "issue"]


def test_what_was_issued_is_kept_as_files(office: Office) -> None:
    paper = office.issued()
    kept = {file.name: file.content_type.rpartition(".")[2] for file in queries.files_of(paper)}
    stem = f"{paper.number_text} {paper.title}"
    assert sorted(kept) == sorted(f"{stem}{mark}.{form}" for mark in ("", "（公开版）") for form in ("docx", "pdf"))


def test_what_was_issued_is_frozen(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    paper = office.issued()
    before = queries.latest_version(paper)
    world.use(world.PRESET.replace('title = "社区周评比"', 'title = "另一个名称"'), from_on=world.date(2023, 9, 1))
    after = queries.latest_version(paper)
    assert (after.pk, after.digest, after.inner) == (before.pk, before.digest, before.inner)
    with pytest.raises(DomainError, match="只有草稿可以修改"):
        actions.redraft_paper(paper=paper, wishes={}, by=drafter(), at=NOW)


def test_who_received_it_gets_a_message(office: Office) -> None:
    member = organisation.person("P9", of=office.units["B"])
    organisation.account("of-b", person=member, roles=["community"])
    organisation.account("cannot", person=organisation.person("P8", of=office.units["B"]))
    paper = office.issued("B")
    assert Notice.objects.get(recipient_code="of-b").title == f"请签收：{paper.number_text} {paper.title}"


def test_wishes_make_a_new_version_in_the_inner_edition_only(office: Office) -> None:
    paper = office.draft()
    version = actions.redraft_paper(
        paper=paper,
        wishes={"title": "关于评比的通报", "recipients": "A社区", "closing": "一是甲。\n二是乙。"},
        by=drafter(),
        at=NOW,
    )
    assert (version.version, paper.title) == (2, "关于评比的通报")
    assert "二是乙。" in words(paper)
    assert "二是乙。" not in words(paper, Edition.PUBLIC)
    same = actions.redraft_paper(paper=paper, wishes=dict(paper.about), by=drafter(), at=NOW)
    assert same.version == 2


def test_sent_back_with_a_reason_it_is_a_draft_again(office: Office) -> None:
    paper = office.sent()
    actions.return_paper(paper=paper, by=signer(), at=NOW, note="数字再核一遍")
    assert paper.state == PaperState.DRAFT
    assert TransitionLog.objects.get(move="return_draft").note == "数字再核一遍"


def test_a_paper_about_an_unpublished_period_is_not_signed(office: Office) -> None:
    office.town.week("2023-W40", A="90", B="91", C="92", D="93")
    world.compute("2023-W40")
    paper = office.sent(series="weekly", period="2023-W40")
    with pytest.raises(DomainError, match="还没有公示，公示后方可签发通报"):
        actions.sign_paper(paper=paper, by=signer(), at=NOW)
    assert Paper.objects.get(pk=paper.pk).number is None


def test_a_paper_whose_figures_moved_is_not_signed_and_says_which(office: Office) -> None:
    paper = office.sent(kind="rectification-notice", problem="WT-7")
    office.problem.due_at += timedelta(days=1)
    office.problem.save()
    with pytest.raises(DomainError, match="问题WT-7整改期限由 2023年9月28日9时 变为 2023年9月29日9时"):
        actions.sign_paper(paper=paper, by=signer(), at=NOW)
    (moved,) = queries.moved_since(paper, actor=drafter(), day=world.date(2023, 10, 9))
    assert (moved.was, moved.now, moved.why) == ("2023年9月28日9时", "2023年9月29日9时", "所依据的记录变了")


def test_without_an_issuers_code_nothing_is_signed(office: Office) -> None:
    paper = office.sent()
    world.use(world.PRESET, from_on=world.date(2023, 10, 1))
    with pytest.raises(DomainError, match="发文机关代字"):
        actions.sign_paper(paper=paper, by=signer(), at=NOW)


def test_withdrawn_it_stays_readable_and_its_number_used(office: Office) -> None:
    paper = office.issued("A")
    actions.withdraw_paper(paper=paper, by=signer(), at=NOW, note="内容有误")
    assert queries.mark_of(paper) == "已撤回"
    delivery = Delivery.objects.select_related("paper", "unit").get()
    with pytest.raises(StaleState, match="不能签收"):
        actions.receive_paper(delivery=delivery, by=receiver("UA"), at=NOW)
    assert queries.papers(actor=receiver("UA")).get() == paper
    assert office.signed(**office.about()).number == 2


def test_a_unit_signs_once(office: Office) -> None:
    office.issued("A")
    delivery = Delivery.objects.select_related("paper", "unit").get()
    actions.receive_paper(delivery=delivery, by=receiver("UA"), at=NOW)
    with pytest.raises(StaleState, match="已经签收"):
        actions.receive_paper(delivery=delivery, by=receiver("UA"), at=NOW)


def test_more_units_may_get_it_later_but_none_twice(office: Office) -> None:
    paper = office.issued("A")
    actions.send_to_more(paper=paper, units=[office.units["A"], office.units["C"]], by=drafter(), at=NOW)
    assert [one.unit.code for one in queries.deliveries(paper)] == ["UA", "UC"]
    with pytest.raises(DomainError, match="都已经收到"):
        actions.send_to_more(paper=paper, units=[office.units["A"]], by=drafter(), at=NOW)
    with pytest.raises(StaleState):
        actions.send_to_more(paper=office.draft(), units=[office.units["A"]], by=drafter(), at=NOW)


def test_nobody_issues_to_nobody_nor_before_it_is_signed(office: Office) -> None:
    with pytest.raises(DomainError, match="请选择收文单位"):
        actions.issue_paper(paper=office.signed(), units=[], by=drafter(), at=NOW)
    with pytest.raises(StaleState, match="不能印发"):
        actions.issue_paper(paper=office.draft(), units=[office.units["A"]], by=drafter(), at=NOW)


Verb = Callable[[Office, Actor], Any]
VERBS: dict[str, Verb] = {
    "draft": lambda office, by: actions.draft_paper(kind="weekly-bulletin", about=office.about(), by=by, at=NOW),
    "redraft": lambda office, by: actions.redraft_paper(paper=office.draft(), wishes={}, by=by, at=NOW),
    "send": lambda office, by: actions.send_paper(paper=office.draft(), by=by, at=NOW),
    "return": lambda office, by: actions.return_paper(paper=office.sent(), by=by, at=NOW, note="再改"),
    "sign": lambda office, by: actions.sign_paper(paper=office.sent(), by=by, at=NOW),
    "withdraw-draft": lambda office, by: actions.withdraw_paper(paper=office.draft(), by=by, at=NOW, note="不用了"),
    "withdraw-signed": lambda office, by: actions.withdraw_paper(paper=office.signed(), by=by, at=NOW, note="有误"),
    "issue": lambda office, by: actions.issue_paper(paper=office.signed(), units=[office.units["A"]], by=by, at=NOW),
    "more": lambda office, by: actions.send_to_more(paper=office.issued("A"), units=[office.units["B"]], by=by, at=NOW),
}
DRAFTS = {"draft", "redraft", "send", "return", "withdraw-draft", "issue", "more"}
SIGNS = {"return", "sign", "withdraw-signed"}
MAY = [
    (verb, role, verb in (DRAFTS if role == "drafter" else SIGNS)) for verb in VERBS for role in ("drafter", "signer")
]


@pytest.mark.parametrize(("verb", "role", "is_allowed"), MAY)
def test_who_may_do_what(office: Office, verb: str, role: str, *, is_allowed: bool) -> None:
    by = {"drafter": drafter, "signer": signer}[role]
    if is_allowed:
        VERBS[verb](office, by())
    else:
        with pytest.raises(NotAllowed):
            VERBS[verb](office, by())


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_nobody_acts_outside_their_areas(office: Office, verb: str) -> None:
    by = (signer if verb in ("sign", "withdraw-signed") else drafter)(area_paths=(office.town.areas["A"].path,))
    with pytest.raises((NotAllowed, NotFound)):
        VERBS[verb](office, by)


def test_only_who_speaks_for_a_unit_signs_for_it(office: Office) -> None:
    office.issued("A")
    delivery = Delivery.objects.select_related("paper", "unit").get()
    for by in (receiver("UB"), drafter(unit_codes=("UA",)), organisation.stranger()):
        with pytest.raises(NotAllowed):
            actions.receive_paper(delivery=delivery, by=by, at=NOW)


def test_what_a_kind_is_not_told_is_asked_for(office: Office) -> None:
    with pytest.raises(DomainError, match="周通报还须写明：周期。"):
        actions.draft_paper(kind="weekly-bulletin", about={"series": "weekly"}, by=drafter(), at=NOW)
    with pytest.raises(NotFound):
        actions.draft_paper(
            kind="weekly-bulletin", about={"series": "weekly", "period": "2023-W01"}, by=drafter(), at=NOW
        )


def test_who_is_second_to_issue_leaves_no_files(office: Office) -> None:
    paper = office.signed()
    late = Paper.objects.get(pk=paper.pk)
    actions.issue_paper(paper=paper, units=[office.units["A"]], by=drafter(), at=NOW)
    files = [file.pk for file in queries.files_of(paper)]
    Attachment.objects.all().delete()
    with pytest.raises(StaleState):
        actions.issue_paper(paper=late, units=[office.units["B"]], by=drafter(), at=NOW)
    assert files
    assert not Attachment.objects.exists()
