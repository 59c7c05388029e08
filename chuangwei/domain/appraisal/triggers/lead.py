"""lead 先进发言: the first n ranked tell how they did it, all tied included (domain §8, Consequences; S2 先进引领)."""

from pydantic import Field

from chuangwei.domain.appraisal.options import TriggerOptions, Whole
from chuangwei.domain.appraisal.registry import Proposal, Ranked, trigger
from chuangwei.domain.appraisal.rules import among_first


class Lead(TriggerOptions):
    first: Whole = Field(default=1, ge=1)


@trigger("lead", name="先进发言", options=Lead)
def lead(ranked: Ranked, options: Lead) -> list[Proposal]:
    speak = among_first(ranked.placed, options.first, ties_all=True)
    return [
        Proposal(place.code, f"{ranked.span.title}列第 {place.rank} 名（共 {len(ranked.placed)} 个）")
        for place in ranked.placed
        if place.code in speak
    ]
