"""One writer for each form: blocks in, bytes out. No writer knows a kind of paper."""

from collections.abc import Callable

from chuangwei.domain.documents.blocks import Figure, Sheet
from chuangwei.domain.documents.enums import Form
from chuangwei.domain.documents.writers import docx, page, pdf
from chuangwei.domain.documents.writers.drawn import Drawn

__all__ = ["Drawn", "draw"]


def draw(sheet: Sheet, form: Form, *, mark: str = "", link: Callable[[Figure], str] | None = None) -> Drawn:
    """The sheet in a form. `mark` is printed across it (草稿); `link` says where a figure opens, on pages only."""
    if form == Form.DOCX:
        return docx.draw(sheet, mark=mark)
    if form == Form.PDF:
        return pdf.draw(sheet, mark=mark)
    return page.draw(sheet, mark=mark, link=link)
