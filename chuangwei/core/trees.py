"""Small pure helpers for things that hang below one another by code."""

from collections.abc import Mapping


def rings(parents: Mapping[str, str | None]) -> list[list[str]]:
    """Every ring among the things: the codes in it, each followed by its parent; a thing above itself is a ring of one."""
    found: list[list[str]] = []
    settled: set[str] = set()
    for code in parents:
        way: dict[str, int] = {}
        step: str | None = code
        while step is not None and step not in settled and step not in way:
            way[step] = len(way)
            step = parents.get(step)
        if step is not None and step in way:
            found.append(list(way)[way[step] :])
        settled.update(way)
    return found
