"""The built pages' own files: what Vite wrote, by the names its manifest gives them."""

import functools
import json
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "static" / "built"
MAIN = "src/main.ts"


@dataclass(frozen=True)
class Built:
    """The files one entry needs, relative to the static folder."""

    script: str
    styles: tuple[str, ...]


@functools.lru_cache(maxsize=4)
def _entries(manifest: Path, _changed: int) -> dict[str, Built]:
    entries = json.loads(manifest.read_text(encoding="utf-8"))
    return {
        source: Built(script=f"built/{entry['file']}", styles=tuple(f"built/{style}" for style in entry.get("css", ())))
        for source, entry in entries.items()
        if entry.get("isEntry")
    }


def built(source: str = MAIN, *, folder: Path = FOLDER) -> Built | None:
    """The files of one entry, or None where nothing has been built yet. Read again whenever Vite has built anew."""
    manifest = folder / "manifest.json"
    try:
        changed = manifest.stat().st_mtime_ns
    except FileNotFoundError:
        return None
    return _entries(manifest, changed).get(source)


def strokes(name: str, *, folder: Path = FOLDER) -> list[str]:
    """The strokes of an icon's 24 × 24 drawing; KeyError for one frontend/src/icons.json does not name."""
    file = folder / "icons.json"
    try:
        changed = file.stat().st_mtime_ns
    except FileNotFoundError:
        return []
    return _drawings(file, changed)[name]


@functools.lru_cache(maxsize=4)
def _drawings(file: Path, _changed: int) -> dict[str, list[str]]:
    drawn: dict[str, list[str]] = json.loads(file.read_text(encoding="utf-8"))
    return drawn
