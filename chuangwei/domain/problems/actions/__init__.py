"""The verbs of the ledger."""

from chuangwei.domain.problems.actions.corrected import tell_correction
from chuangwei.domain.problems.actions.escalating import escalate
from chuangwei.domain.problems.actions.extending import approve_extension, ask_extension, refuse_extension
from chuangwei.domain.problems.actions.held import open_finding, release_held
from chuangwei.domain.problems.actions.importing import import_problems
from chuangwei.domain.problems.actions.many import MOST, SeveralRefused, close_problems, dispatch_problems
from chuangwei.domain.problems.actions.moving import (
    close_on_the_spot,
    close_problem,
    dispatch_problem,
    file_problem,
    merge_problem,
    reject_problem,
    reopen_problem,
    report_fixed,
    report_problem,
    resume_problem,
    return_problem,
    send_back,
    suspend_problem,
)
from chuangwei.domain.problems.actions.photos import (
    AlreadyReported,
    add_photos,
    close_on_the_spot_with_photos,
    close_with_photos,
    keep_photos,
    report_fixed_with_photos,
    report_with_photos,
    tie_photos,
)
from chuangwei.domain.problems.actions.refreshing import refresh_search

__all__ = [
    "MOST",
    "AlreadyReported",
    "SeveralRefused",
    "add_photos",
    "approve_extension",
    "ask_extension",
    "close_on_the_spot",
    "close_on_the_spot_with_photos",
    "close_problem",
    "close_problems",
    "close_with_photos",
    "dispatch_problem",
    "dispatch_problems",
    "escalate",
    "file_problem",
    "import_problems",
    "keep_photos",
    "merge_problem",
    "open_finding",
    "refresh_search",
    "refuse_extension",
    "reject_problem",
    "release_held",
    "reopen_problem",
    "report_fixed",
    "report_fixed_with_photos",
    "report_problem",
    "report_with_photos",
    "resume_problem",
    "return_problem",
    "send_back",
    "suspend_problem",
    "tell_correction",
    "tie_photos",
]
