"""statement 表态发言: the last n ranked speak, all tied included, the first never (domain §8, Consequences)."""

from pydantic import Field

from chuangwei.domain.appraisal.options import TriggerOptions, Whole
from chuangwei.domain.appraisal.registry import Proposal, Ranked, trigger
from chuangwei.domain.appraisal.rules import statements


class Statement(TriggerOptions):
    last: Whole = Field(ge=1)


@trigger("statement", name="表态发言", options=Statement)
def statement(ranked: Ranked, options: Statement) -> list[Proposal]:
    speak = statements(ranked.placed, options.last)
    return [
        Proposal(
            place.code,
            f"{ranked.span.title}列第 {place.rank} 名（共 {len(ranked.placed)} 个），在后 {options.last} 名之内",
        )
        for place in ranked.placed
        if place.code in speak
    ]
