"""A page: the paper as HTML without a style or script of its own, so that the strictest policy lets it through.

In the office the built style sheet draws it; a file by itself carries the same rules (page.css) in its head.
"""

from base64 import b64encode
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from chuangwei.core.errors import DomainError
from chuangwei.domain.documents import rules
from chuangwei.domain.documents.blocks import (
    Chart,
    Figure,
    Head,
    Heading,
    Imprint,
    Items,
    Paragraph,
    Photos,
    Sheet,
    SignOff,
    Table,
    Text,
)
from chuangwei.domain.documents.writers import pdf
from chuangwei.domain.documents.writers.drawn import Drawn

STYLES = Path(__file__).with_name("page.css")
Link = Callable[[Figure], str]
TITLE_LEVEL = 1
"""A heading of level 1 in the paper stands below its title, which is the page's second level."""


def draw(sheet: Sheet, *, mark: str = "", link: Link | None = None) -> Drawn:
    """A whole HTML file that needs nothing beside it."""
    body, notices = fragment(sheet, mark=mark, link=link)
    html = format_html(
        '<!doctype html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{}</title>\n<style>\n{}</style>\n'
        '</head>\n<body class="cw-paper-alone">\n{}\n</body>\n</html>\n',
        sheet.title, mark_safe(STYLES.read_text(encoding="utf-8")), body,  # noqa: S308 - our own file
    )  # fmt: skip
    return Drawn(html.encode(), notices)


def fragment(sheet: Sheet, *, mark: str = "", link: Link | None = None) -> tuple[SafeString, tuple[str, ...]]:
    """The paper alone, to be put into a page."""
    found, lost = pdf.picture_files(sheet)
    photos = {digest: _address(path.read_bytes(), "image/jpeg") for digest, path in found.items()}
    writer = PageWriter(sheet, mark, photos, link)
    blocks = format_html_join("\n", "{}", ((writer.write(block),) for block in sheet.blocks))
    banner = format_html('<p class="cw-paper-mark" aria-label="{}">{}</p>', mark, mark) if mark else ""
    html = format_html(
        '<article class="cw-paper cw-paper-{} {}">\n{}{}\n</article>',
        sheet.layout, f"cw-paper-{sheet.tone}" if sheet.tone else "", banner, blocks,
    )  # fmt: skip
    return html, (*lost, *writer.notices)


def _address(content: bytes, content_type: str) -> str:
    return f"data:{content_type};base64,{b64encode(content).decode()}"


class PageWriter:
    """Writes one sheet, block by block."""

    def __init__(self, sheet: Sheet, mark: str, photos: dict[str, str], link: Link | None) -> None:
        self.sheet, self.mark, self.shown, self.link = sheet, mark, photos, link
        self.notices: list[str] = []
        self.tables = 0
        self.writers: dict[type, Callable[[Any], SafeString]] = {
            Head: self.head, Heading: self.heading, Paragraph: self.paragraph, Items: self.items, Table: self.table,
            Photos: self.photos, Chart: self.chart, SignOff: self.sign_off, Imprint: self.imprint,
        }  # fmt: skip

    def write(self, block: Any) -> SafeString:
        return self.writers[type(block)](block)

    def text(self, text: Text) -> SafeString:
        return format_html_join("", "{}", ((self._run(run),) for run in text))

    def _run(self, run: Any) -> SafeString:
        words = format_html("<strong>{}</strong>", run.text) if run.is_strong else format_html("{}", run.text)
        address = self.link(run.figure) if self.link and run.figure else ""
        if not address:
            return words
        return format_html('<a class="cw-paper-figure" href="{}" title="{}">{}</a>', address, run.figure.label, words)

    def head(self, head: Head) -> SafeString:
        number = head.number or self.mark
        above = SafeString("")
        if self.sheet.layout == "official":
            signer = format_html("<span>签发人：{}</span>", head.signer) if head.is_upward else ""
            above = format_html(
                '<p class="cw-paper-banner{}">{}</p><p class="cw-paper-number">{}{}</p>',
                " cw-paper-banner-long" if len(head.banner) > 14 else "", head.banner, number, signer,
            )  # fmt: skip
        elif number:
            above = format_html('<p class="cw-paper-number">{}</p>', number)
        below = format_html('<p class="cw-paper-recipients">{}：</p>', head.recipients) if head.recipients else ""
        return format_html('<header>{}<h2 class="cw-paper-title">{}</h2>{}</header>', above, head.title, below)

    def heading(self, heading: Heading) -> SafeString:
        level = min(heading.level + TITLE_LEVEL + 1, 6)
        return format_html(
            '<h{} class="cw-paper-heading-{}">{}</h{}>', level, heading.level, heading.text, level
        )  # fmt: skip

    def paragraph(self, paragraph: Paragraph) -> SafeString:
        face = "" if paragraph.is_indented and paragraph.align == "left" else f" cw-paper-{paragraph.align}"
        return format_html('<p class="cw-paper-text{}">{}</p>', face, self.text(paragraph.text))

    def items(self, items: Items) -> SafeString:
        rows = ((lead, self.text(item)) for lead, item in zip(items.leads, items.items, strict=True))
        return format_html_join("\n", '<p class="cw-paper-text">{}{}</p>', rows)

    def table(self, table: Table) -> SafeString:
        shares = sum(column.share for column in table.columns)
        columns = format_html_join(
            "", '<col width="{}%">', ((round(column.share * 100 / shares),) for column in table.columns)
        )
        head = format_html_join("", '<th scope="col">{}</th>', ((column.title,) for column in table.columns))
        rows = format_html_join("\n", "<tr{}>{}</tr>", (self._row(table, place) for place in range(len(table.rows))))
        written = format_html(
            '<table class="cw-paper-table{}">{}<colgroup>{}</colgroup>{}<tbody>{}</tbody></table>',
            " cw-paper-dense" if len(table.columns) > 6 else "",
            format_html("<caption>{}</caption>", table.caption) if table.caption else "",
            columns,
            format_html("<thead><tr>{}</tr></thead>", head) if table.has_head else "",
            rows,
        )
        note = format_html('<p class="cw-paper-note">{}</p>', table.note) if table.note else ""
        return format_html("{}{}", self._scrolled(table.caption, written), note)

    def _row(self, table: Table, place: int) -> tuple[SafeString, SafeString]:
        """What a row's tag says, and its cells."""
        row = table.rows[place]
        tall = SafeString(' class="cw-paper-tall"') if place < len(table.heights) else SafeString("")
        cells = [
            format_html('<td class="cw-paper-{}">{}</td>', column.align, self.text(text))
            for column, text in zip(table.columns, row, strict=True)
        ]
        if not table.has_head:
            cells[0] = format_html('<th scope="row">{}</th>', self.text(row[0]))
        return tall, format_html_join("", "{}", ((cell,) for cell in cells))

    def photos(self, photos: Photos) -> SafeString:
        there = (
            (self.shown[one.digest], one.caption, one.caption) for one in photos.photos if one.digest in self.shown
        )
        inside = format_html_join(
            "\n", '<figure><img src="{}" alt="{}"><figcaption>{}</figcaption></figure>', there
        )  # fmt: skip
        return format_html('<div class="cw-paper-photos">{}</div>', inside)

    def chart(self, chart: Chart) -> SafeString:
        try:
            drawn = _address(pdf.picture(chart, "svg"), "image/svg+xml")
        except DomainError as refusal:
            self.notices.append(refusal.message)
            drawn = ""
        picture = format_html('<img src="{}" alt="">', drawn) if drawn else ""
        head = format_html_join("", '<th scope="col">{}</th>', ((label,) for label in ("", *chart.labels)))
        rows = format_html_join(
            "",
            "<tr>{}</tr>",
            (
                (format_html('<th scope="row">{}</th>{}', line.name, _cells(line.values)),)
                for line in chart.lines
            ),
        )  # fmt: skip
        table = format_html(
            '<table class="cw-paper-table"><thead><tr>{}</tr></thead><tbody>{}</tbody></table>', head, rows
        )
        # A table keeps its width whatever it is told; the box around it is what can be hidden or scrolled.
        told = (
            format_html('<div class="visually-hidden">{}</div>', table)
            if drawn
            else self._scrolled(chart.caption, table)
        )
        return format_html(
            '<figure class="cw-paper-chart"><figcaption>{}</figcaption>{}{}</figure>', chart.caption, picture, told
        )

    def _scrolled(self, name: str, table: SafeString) -> SafeString:
        """A table in a box of its own, which the keyboard reaches and a reader hears by name."""
        self.tables += 1
        return format_html(
            '<div class="cw-paper-wide" role="region" tabindex="0" aria-label="{}">{}</div>',
            name or f"表{self.tables}", table,
        )  # fmt: skip

    def sign_off(self, sign: SignOff) -> SafeString:
        day = sign.day or "　　　　年　　月　　日"
        return format_html(
            '<div class="cw-paper-sign"><div><p>{}</p><p class="cw-paper-day">{}</p></div></div>', sign.issuer, day
        )

    def imprint(self, imprint: Imprint) -> SafeString:
        copies = format_html("<p>抄送：{}。</p>", imprint.copies_to) if imprint.copies_to else ""
        day = f"{imprint.day}印发" if imprint.day else self.mark
        return format_html(
            '<footer class="cw-paper-imprint">{}<p><span>{}</span><span>{}</span></p></footer>',
            copies, imprint.printer, day,
        )  # fmt: skip


def _cells(values: Any) -> SafeString:
    return format_html_join("", "<td>{}</td>", ((rules.shown(value or "—"),) for value in chain(values)))
