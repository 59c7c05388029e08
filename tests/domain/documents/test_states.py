"""Each move of a paper: from which states, and that every other is refused."""

import pytest

from chuangwei.core.errors import DomainError, StaleState
from chuangwei.core.transitions import Transition, apply_transition
from chuangwei.domain.documents import states
from chuangwei.domain.documents.enums import PaperState
from chuangwei.domain.documents.models import Paper
from tests.domain.documents.office import NOW, drafter

ALLOWED = {
    "send": {"draft"}, "return_draft": {"sent"}, "sign": {"sent"}, "issue": {"signed"},
    "withdraw_paper": {"draft", "signed", "issued"},
}  # fmt: skip


def test_every_state_is_reached_and_left_but_the_last() -> None:
    reached = {move.target for move in states.MOVES} | {PaperState.DRAFT}
    left = set().union(*(move.sources for move in states.MOVES))
    assert reached == set(PaperState)
    assert set(PaperState) - left == {PaperState.WITHDRAWN}


@pytest.mark.parametrize("state", PaperState.values)
@pytest.mark.parametrize("move", states.MOVES, ids=lambda move: move.slug)
@pytest.mark.django_db
def test_a_move_starts_only_from_its_states(move: Transition, state: str) -> None:
    values = {
        "number": 1,
        "year": 2023,
        "number_text": "青〔2023〕1号",
        "issuer_code": "青办",
        "signed_at": NOW,
        "issued_at": NOW,
    }
    own = values if state in ("signed", "issued") else {}
    if state == "withdrawn":
        own = {"withdrawn_at": NOW}
    paper = Paper.objects.create(code="GW-1", kind="roster", title="册", state=state, drafted_at=NOW, **own)
    for name, value in {**values, "withdrawn_at": NOW}.items():
        setattr(paper, name, value)
    saved = {
        "sign": ["number", "year", "number_text", "issuer_code", "signed_at"], "issue": ["issued_at"], "withdraw_paper": ["withdrawn_at"],
    }.get(move.slug, [])  # fmt: skip
    if state in ALLOWED[move.slug]:
        apply_transition(paper, move, by=drafter(), at=NOW, note="理由", save=saved)
        assert Paper.objects.get().state == move.target
    else:
        with pytest.raises(StaleState):
            apply_transition(paper, move, by=drafter(), at=NOW, note="理由", save=saved)
        assert Paper.objects.get().state == state


@pytest.mark.parametrize("move", [states.RETURN, states.WITHDRAW], ids=lambda move: move.slug)
@pytest.mark.django_db
def test_some_moves_need_a_reason(move: Transition) -> None:
    paper = Paper.objects.create(code="GW-1", kind="roster", title="册", drafted_at=NOW)
    with pytest.raises(DomainError, match="须写明理由"):
        apply_transition(paper, move, by=drafter(), at=NOW, note=" ")
