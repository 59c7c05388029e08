"""Sheets that hold everything a writer can meet."""

from chuangwei.domain.documents.blocks import (
    Block,
    Chart,
    Column,
    Figure,
    Head,
    Heading,
    Imprint,
    Items,
    Line,
    Paragraph,
    Photo,
    Photos,
    Run,
    Sheet,
    SignOff,
    Table,
    text_of,
)

NASTY = (
    r"""#let x = 1 $a^2$ *b* _c_ <d> @e "f" 'g' `h` \i [j] {k} & ]] </td><script>l</script> // m /* n */ = o ~ -- """
)
"""What would break out of typst's markup, of XML or of HTML, were it read as such."""
FIGURE = Figure("appraisal.total", "96.35", label="甲总分", series="weekly", period="2026-W43", subject="A")


def everything(
    words: str = "平常的话", *, rows: int = 3, number: str = "青创卫办〔2026〕1号", photo: str = ""
) -> Sheet:
    table = Table(
        (Column("名次"), Column("社区", 3), Column("总分", 2, "right")),
        tuple((text_of(f"{place}"), text_of(words), text_of(Run("96.35", FIGURE))) for place in range(1, rows + 1)),
        caption=words, note=words,
    )  # fmt: skip
    form = Table((Column("", 1), Column("", 3, "left")), ((text_of("编号"), text_of(words)),), has_head=False)
    blocks: list[Block] = [
        Head(words, banner="青山镇创卫办公室文件", number=number, recipients=words),
        Heading(1, "一、情况"), Heading(2, "（一）其中"), Heading(3, "1.再其中"), Heading(4, "（1）末"),
        Paragraph(text_of(words, Run("96.35", FIGURE), Run(words, is_strong=True))),
        Paragraph(text_of(words), align="center"), Paragraph(text_of(words), align="right"),
        Items((text_of(words), text_of("其二"))), Items((text_of(words),), marker="dash"),
        table, form,
        Chart(words, "分", ("第1周", "第2周"), (Line(words, ("90.00", "95.00")), Line("乙", ("91.00", None)))),
    ]  # fmt: skip
    if photo:
        blocks.append(Photos((Photo(photo, words),)))
    day = "2026年10月30日" if number else ""
    return Sheet(
        "official", words, (*blocks, SignOff("青山镇创卫办公室", day), Imprint("镇党委", "青山镇创卫办公室", day))
    )
