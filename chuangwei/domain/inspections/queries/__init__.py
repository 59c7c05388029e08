"""Questions about rounds, visits and draws."""

from chuangwei.domain.inspections.queries.draws import (
    VERIFIER_FILE,
    draw_of_round,
    draw_record,
    draw_result,
    draws,
    is_by_one_hand,
    other_hands,
    readable_seed,
    shortfalls,
    verify_draw,
)
from chuangwei.domain.inspections.queries.rounds import (
    DAY,
    Progress,
    checklist_for,
    checklists_to_choose,
    communities_unseen,
    progress,
    round_facts,
    rounds,
    running_rounds,
    sites_to_visit,
    targets,
    team_persons,
    unseen,
)
from chuangwei.domain.inspections.queries.sheets import (
    POINT_PLACES,
    check_rules,
    score_hundredths,
    sheet_rules,
    total_of,
)
from chuangwei.domain.inspections.queries.visits import (
    DRAFT_PHOTO_KIND,
    PHOTO_KIND,
    draft_of,
    draft_photos,
    draft_subject,
    drafts,
    photo_subject,
    photos_of,
    visit_of_photo,
    visits,
)

__all__ = [
    "DAY", "DRAFT_PHOTO_KIND", "PHOTO_KIND", "POINT_PLACES", "VERIFIER_FILE", "Progress", "check_rules",
    "checklist_for", "checklists_to_choose", "communities_unseen", "draft_of", "draft_photos", "draft_subject",
    "drafts", "draw_of_round", "draw_record", "draw_result", "draws", "is_by_one_hand", "other_hands", "photo_subject",
    "photos_of", "progress", "readable_seed", "round_facts", "rounds", "running_rounds", "score_hundredths", "sheet_rules", "shortfalls",
    "sites_to_visit", "targets", "team_persons", "total_of", "unseen", "verify_draw", "visit_of_photo", "visits",
]  # fmt: skip
