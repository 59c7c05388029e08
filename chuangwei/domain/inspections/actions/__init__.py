"""Verbs of inspections."""

from chuangwei.domain.inspections.actions.amending import correct_visit
from chuangwei.domain.inspections.actions.drafts import Upload, discard_sheet, save_sheet
from chuangwei.domain.inspections.actions.drawing import (
    commit_seed,
    draw_at_once,
    draw_sites,
    freeze_candidates,
    void_draw,
)
from chuangwei.domain.inspections.actions.importing import PublishedDays, import_visits
from chuangwei.domain.inspections.actions.planning import RoundPlan, change_round, plan_round, release_round
from chuangwei.domain.inspections.actions.recording import Finding, record_visit

__all__ = [
    "Finding",
    "PublishedDays",
    "RoundPlan",
    "Upload",
    "change_round",
    "commit_seed",
    "correct_visit",
    "discard_sheet",
    "draw_at_once",
    "draw_sites",
    "freeze_candidates",
    "import_visits",
    "plan_round",
    "record_visit",
    "release_round",
    "save_sheet",
    "void_draw",
]
