"""The library as people read it: what an item demands, how a check loses points, how long a category allows."""

import re
from decimal import Decimal

from chuangwei.domain.standards.enums import TO_CHECK_LABEL, WITH_THRESHOLD, CheckRule, Comparator
from chuangwei.domain.standards.models import Category, Check, Item
from chuangwei.web.shared.templatetags.words import points, share

CERTAINTIES = {"high": "高", "mid": "中", "low": "低"}
"""How sure who wrote an item down was of it, as its file says it, and as people read it."""


def certainty(item: Item) -> str:
    return CERTAINTIES.get(item.certainty, item.certainty)


def demand(item: Item) -> str:
    """不低于 95 %, 待核 for a threshold nobody knows; nothing for an item in words."""
    if not item.comparator:
        return ""
    unit = item.indicator.unit if item.indicator else ""
    comparator = Comparator(item.comparator)
    if item.threshold_text:
        words = item.threshold_text
    elif item.threshold_level:
        words = f"{comparator.label} {item.threshold_level} 级"
    elif item.threshold is not None:
        words = f"{comparator.label} {points(item.threshold)}{unit}"
    elif comparator in WITH_THRESHOLD:
        words = f"{comparator.label}（标准值{TO_CHECK_LABEL}）"
    else:
        words = str(comparator.label)
    return f"{words}{'，' if item.alternative_text else ''}{item.alternative_text}"


def time_allowed(category: Category) -> str:
    """4 工作时; 待核 where nobody knows; nothing for a class, which has none of its own."""
    if category.allowed_amount is not None:
        return f"{category.allowed_amount} {category.get_allowed_unit_display()}"
    return TO_CHECK_LABEL if category.parent_id else ""


def loses(check: Check) -> str:
    """每处扣 2 分, 不合格不得分, 分档：好 10 分、中 6 分."""
    if check.rule == CheckRule.DEDUCT:
        words = f"每处扣 {points(check.deduct_per)} 分，扣完为止"
    elif check.rule == CheckRule.PASS:
        words = "不合格不得分"
    else:
        words = "分档：" + "、".join(f"{grade['name']} {points(Decimal(grade['points']))} 分" for grade in check.grades)
    return f"{words}{_veto(check)}"


ALTERNATIVES = re.compile(r"\|(?![^(]*\))")
ANY_OF = re.compile(r"\[([^\]]*)\]")
SPELLED = (
    (re.compile(r"\.\{\d+,\d+\}"), "…"),
    (re.compile(r"\(([^()]*)\)\?"), r"（\1）"),
    (re.compile(r" \?"), " "),
    (re.compile(r"([^\\])\?"), r"（\1）"),
    (re.compile(r"\\(.)"), r"\1"),
)


def spelled(pattern: str) -> list[str]:
    """What a search for old wording finds, as people write it: 绿化覆盖率…36%, 8.5平方米."""
    found = []
    for one in ALTERNATIVES.split(pattern):
        letters = ANY_OF.search(one)
        for written in [ANY_OF.sub(letter, one, count=1) for letter in letters[1]] if letters else [one]:
            words = written
            for sign, read in SPELLED:
                words = sign.sub(read, words)
            found.append(words.replace("）（", ""))
    return found


CITED = re.compile(r"([A-Z]+\d+)-([A-Z]\d+)((?:/[A-Z]\d+)*)")


def cited(words: str) -> list[str]:
    """The items a sentence names by their codes: GWC21-I13/I14 are two."""
    return [
        f"{edition}-{number}"
        for edition, first, more in CITED.findall(words)
        for number in [first, *filter(None, more.split("/"))]
    ]


def _veto(check: Check) -> str:
    if check.veto_below_rate is not None:
        return f"；得分率低于 {share(check.veto_below_rate)} 一票否决"
    return "；不合格一票否决" if check.is_veto else ""
