"""Sentences with gaps: what a kind writes by itself, and what a town's preset says in its place.

A gap is written {name}. Which gaps a sentence may have is told by the kind's own sentence, so that a preset can neither
misspell one nor reach anything else.
"""

from collections.abc import Iterator, Mapping
from string import Formatter

from chuangwei.domain.documents.blocks import Text, Words, text_of

Phrases = Mapping[str, str]


def gaps(phrase: str) -> list[str]:
    """The names of a phrase's gaps; ValueError, in Chinese, where braces do not pair or hold more than a name."""
    try:
        parts = list(Formatter().parse(phrase))
    except ValueError:
        raise ValueError("花括号须成对，写作 {名称}。") from None
    found = []
    for _, name, form, conversion in parts:
        if name is None:
            continue
        if form or conversion or not name.isidentifier():
            raise ValueError("花括号里只能是一个名称，写作 {名称}。")
        found.append(name)
    return found


def faults(own: Phrases, usual: Phrases) -> Iterator[str]:
    """What is wrong with a preset's phrases, given the usual ones of the kind."""
    for key, phrase in own.items():
        if key not in usual:
            yield f"没有名为『{key}』的句子；可用：{'、'.join(usual)}。"
            continue
        known = gaps(usual[key])
        try:
            unknown = [name for name in gaps(phrase) if name not in known]
        except ValueError as error:
            yield f"『{key}』{error}"
            continue
        if unknown:
            told = f"可用：{'、'.join(f'{{{name}}}' for name in known)}" if known else "这一句没有可填的项"
            yield f"『{key}』里的 {'、'.join(f'{{{name}}}' for name in unknown)} 没有可填的内容；{told}。"


def filled(phrase: str, values: Mapping[str, Words]) -> Text:
    """A phrase with its gaps filled by words or figures."""
    found: list[Words] = []
    for literal, name, _, _ in Formatter().parse(phrase):
        found.append(literal)
        if name is not None:
            found.append(values[name])
    return text_of(*found)
