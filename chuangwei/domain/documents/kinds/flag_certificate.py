"""流动红旗、黄旗证书: what a subject hangs up after a period (S0: 颁发“红旗”，悬挂“黄旗”)."""

from chuangwei.core.errors import DomainError, NotFound
from chuangwei.core.text import code_text
from chuangwei.domain.appraisal.enums import Flag
from chuangwei.domain.documents.blocks import Paragraph, Run, text_of
from chuangwei.domain.documents.enums import Layout
from chuangwei.domain.documents.kinds._period import read_bulletin
from chuangwei.domain.documents.registry import Ask, Asked, Composed, kind

PHRASES = {
    "red": "在{period}{series}中，总分{total}分，列第{rank}名，特颁发流动红旗，以资鼓励。",
    "yellow": "在{period}{series}中，总分{total}分，列第{rank}名，现悬挂黄旗。望正视问题，限期整改，迎头赶上。",
}
TITLES = {Flag.RED: "流动红旗", Flag.YELLOW: "黄旗"}


@kind(
    "flag-certificate",
    name="红黄旗证书",
    about="一个评比周期里得了红旗或黄旗的一个单位",
    asks=(
        Ask("series", "评比", "weekly"),
        Ask("period", "周期", "2026-W43"),
        Ask("subject", "评比对象编码", "629931102009"),
        Ask("area", "区划编码", "", is_required=False),
    ),
    phrases=PHRASES,
    needs=("appraisal.view",),
)
def flag_certificate(asked: Asked) -> Composed:
    series, slug = code_text(asked.about["series"]), code_text(asked.about["period"])
    area = code_text(asked.about["area"]) if "area" in asked.about else None
    found = read_bulletin(asked.actor, series, slug, area)
    row = next((one for one in found.rows if one.code == code_text(asked.about["subject"])), None)
    if row is None:
        raise NotFound(f"{found.title}中没有 {asked.about['subject']}。")
    if not row.flag:
        raise DomainError(f"{row.name}在{found.title}没有得旗，不能出证书。")
    letterhead = asked.letterhead(found.area_path)
    told = letterhead.says(
        row.flag, period=found.title, series=found.series.name, total=row.total_run, rank=row.rank_run
    )  # fmt: skip
    return Composed(
        title=TITLES[Flag(row.flag)],
        letterhead=letterhead,
        blocks=[
            Paragraph(text_of(Run(row.name, row.flag_run.figure, is_strong=True), "："), is_indented=False),
            Paragraph(told),
        ],
        area_code=found.period.area_code,
        layout=Layout.CERTIFICATE,
        tone=row.flag,
        subject_kind="appraisal.period",
        subject_code=found.period.code,
        waits_for=[] if found.is_published else [f"{found.title}还没有公示，公示后方可签发。"],
        units=found.units_of(row.code),
    )
