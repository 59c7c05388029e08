"""interview 约谈: after k yellow flags in consecutive periods; then the count begins anew (domain §8, Consequences)."""

from pydantic import Field

from chuangwei.domain.appraisal.options import Slug, TriggerOptions, Whole
from chuangwei.domain.appraisal.registry import Proposal, Ranked, trigger


class Interview(TriggerOptions):
    yellow_streak: Whole = Field(ge=1)
    of: Slug
    """The role whose holder is spoken to."""


@trigger("interview", name="约谈", options=Interview, ends_streak=True)
def interview(ranked: Ranked, options: Interview) -> list[Proposal]:
    proposals = []
    for place in ranked.placed:
        streak = ranked.streaks.get(place.code, ())
        if len(streak) >= options.yellow_streak and streak[-1] == ranked.span.slug:
            proposals.append(Proposal(place.code, f"连续 {len(streak)} 次黄旗：{'、'.join(streak)}"))
    return proposals
