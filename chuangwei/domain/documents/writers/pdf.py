"""PDF by typst. Everything a paper says goes over as JSON, never as typst's markup, so that no name can break the page."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import typst

from chuangwei.core import attachments
from chuangwei.core.errors import DomainError
from chuangwei.core.models import Attachment
from chuangwei.domain.documents import rules
from chuangwei.domain.documents.blocks import SHEET, Chart, Items, Sheet, photos
from chuangwei.domain.documents.writers import chart as charts
from chuangwei.domain.documents.writers import fonts
from chuangwei.domain.documents.writers.drawn import Drawn

Drawing = Literal["pdf", "png", "svg"]
HERE = Path(__file__).parent
SOURCES = ("paper.typ", "chart.typ", "chart_alone.typ")
TITLE_CHARACTERS = 19
PHOTO_SIDE = 1200
PICTURE_PPI = 220
NO_TIME = 0
"""The same words give the same bytes: no time of making goes into the file."""


class DoesNotDraw(Exception):
    """Typst complains of our own template: a mistake in the program."""


def draw(sheet: Sheet, *, mark: str = "") -> Drawn:
    """DomainError where this machine has no Chinese font."""
    with _workplace() as folder:
        notices = lay_out(folder, sheet, mark=mark)
        return Drawn(_compiled(folder, "paper.typ", "pdf"), notices)


def lay_out(folder: Path, sheet: Sheet, *, mark: str = "") -> tuple[str, ...]:
    """Put into a folder all that typst needs to draw a sheet; what will not look as it should."""
    chosen = fonts.choose()
    kept, lost = picture_files(sheet)
    names = {}
    for number, (digest, path) in enumerate(kept.items(), 1):
        names[digest] = f"photo-{number}.jpg"
        shutil.copy(path, folder / names[digest])
    for source in SOURCES:
        shutil.copy(HERE / source, folder / source)
    _tell(folder, _told(sheet, chosen, mark, names))
    return (*chosen.notices, *lost)


def picture(chart: Chart, form: Drawing) -> bytes:
    """A chart by itself as a picture."""
    chosen = fonts.choose()
    told = {"chart": asdict(charts.drawing(chart)), "font": [*chosen.faces["digits"], *chosen.faces["song"]]}
    with _workplace() as folder:
        for source in SOURCES[1:]:
            shutil.copy(HERE / source, folder / source)
        _tell(folder, told)
        return _compiled(folder, "chart_alone.typ", form)


def picture_files(sheet: Sheet) -> tuple[dict[str, Path], tuple[str, ...]]:
    """The copies of a sheet's photos that may be shown, by digest; and a sentence for each that is gone."""
    wanted = {photo.digest: photo for photo in photos(sheet)}
    rows = {row.digest: row for row in Attachment.objects.filter(digest__in=wanted)}
    found, lost = {}, []
    for digest, photo in wanted.items():
        try:
            found[digest] = attachments.public_copy(rows[digest], longest=PHOTO_SIDE)
        except (KeyError, OSError, DomainError):
            lost.append(f"照片“{photo.caption or digest[:12]}”找不到或打不开，没有印出。")
    return found, tuple(lost)


def _told(sheet: Sheet, chosen: fonts.Chosen, mark: str, photo_names: dict[str, str]) -> dict[str, Any]:
    written = SHEET.dump_python(sheet, mode="json")
    for block, known in zip(written["blocks"], sheet.blocks, strict=True):
        if isinstance(known, Chart):
            block.update(asdict(charts.drawing(known)))
        elif isinstance(known, Items):
            block["leads"] = known.leads
    return {
        "sheet": written,
        "faces": chosen.faces,
        "mark": mark,
        "photos": photo_names,
        "title_lines": rules.title_lines(sheet.title, TITLE_CHARACTERS),
    }


@contextmanager
def _workplace() -> Iterator[Path]:
    """A folder that typst may read, and nothing else of this machine."""
    with TemporaryDirectory(prefix="chuangwei-paper-") as name:
        yield Path(name)


def _tell(folder: Path, told: dict[str, Any]) -> None:
    (folder / "data.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")


def _compiled(folder: Path, source: str, form: Drawing) -> bytes:
    compiler = typst.Compiler(folder / source, root=folder, font_paths=fonts.machine())
    try:
        content, warnings = compiler.compile_with_warnings(
            format=form, ppi=PICTURE_PPI if form == "png" else None, timestamp=NO_TIME
        )
    except typst.TypstError as error:
        raise DoesNotDraw(f"{error.message} {error.diagnostic}") from error
    if warnings:
        raise DoesNotDraw("; ".join(warning.message for warning in warnings))
    return _whole(content)


def _whole(content: bytes | list[bytes] | None) -> bytes:
    """Typst gives several files where a picture has several pages, which ours has not."""
    first = content[0] if isinstance(content, list) else content
    if first is None:
        raise DoesNotDraw("nothing was drawn")
    return first
