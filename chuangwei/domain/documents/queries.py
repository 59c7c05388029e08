"""Questions about papers: which there are, what they say, how they are drawn, what has moved since."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import F, QuerySet

from chuangwei.core import attachments
from chuangwei.core.actor import Actor
from chuangwei.core.errors import DomainError, NotFound
from chuangwei.core.models import Attachment, TransitionLog
from chuangwei.domain.documents import permissions, rules, states
from chuangwei.domain.documents.blocks import Figure, Head, Sheet, sheet_of
from chuangwei.domain.documents.blocks import figures as figures_in
from chuangwei.domain.documents.composing import WISHES, Composition, Moved, compose, hindrances, moved
from chuangwei.domain.documents.enums import UNSIGNED, Edition, Form, PaperState, Permission
from chuangwei.domain.documents.models import Delivery, Paper, PaperCounter, PaperVersion
from chuangwei.domain.documents.registry import KINDS, DocumentKind
from chuangwei.domain.documents.tracing import Behind, counts_rows, rows_behind
from chuangwei.domain.documents.writers import Drawn, draw
from chuangwei.domain.documents.writers.page import fragment

__all__ = [
    "DRAFT_MARK", "MOVES", "WISHES", "Behind", "Composition", "Drawn", "Figure", "Moved", "Outlook", "compose", "counts_rows",
    "deliveries", "drawn", "figures_in", "files_of", "fragment", "history", "kind_of", "kinds", "kinds_for", "latest_version", "mark_of",
    "moved_since", "outlook", "own_deliveries", "paper_by_code", "papers", "papers_about", "recipients_of", "rows_behind", "sheet_in",
    "suggested_units", "unreceived", "version_of", "versions", "waiting_deliveries",
]  # fmt: skip

SUBJECT = "documents.paper"
MOVES = {move.slug: move for move in states.MOVES}
DRAFT_MARK, WITHDRAWN_MARK = "草稿", "已撤回"


def kinds() -> Mapping[str, DocumentKind]:
    """Every kind of paper by its slug."""
    return KINDS.all()


def kinds_for(actor: Actor) -> Mapping[str, DocumentKind]:
    """The kinds somebody may draft, somewhere."""
    if not actor.may(Permission.DRAFT):
        return {}
    return {slug: kind for slug, kind in kinds().items() if all(map(actor.may, kind.needs))}


def kind_of(slug: str) -> DocumentKind:
    """One kind; DomainError that lists those there are for any other."""
    return KINDS.get(slug)


def papers(*, actor: Actor) -> QuerySet[Paper]:
    return permissions.visible_papers(actor).select_related("area")


def paper_by_code(*, actor: Actor, code: str) -> Paper:
    found = papers(actor=actor).filter(code=code).first()
    if found is None:
        raise NotFound(f"没有编号为 {code} 的公文。")
    return found


def papers_about(*, actor: Actor, subject_kind: str, subject_code: str) -> QuerySet[Paper]:
    """The papers about a thing, the newest first; not those withdrawn."""
    found = papers(actor=actor).filter(subject_kind=subject_kind, subject_code=subject_code)
    return found.exclude(state=PaperState.WITHDRAWN).order_by("-pk")


def versions(paper: Paper) -> QuerySet[PaperVersion]:
    """Every version without its words, the newest first."""
    return paper.versions.defer("inner", "public").order_by("-version")


def latest_version(paper: Paper) -> PaperVersion:
    found = paper.versions.order_by("-version").first()
    if found is None:
        raise NotFound(f"公文 {paper.code} 没有稿本。")
    return found


def version_of(paper: Paper, number: int | None) -> PaperVersion:
    """One version by its number; the latest where none is named."""
    found = paper.versions.filter(version=number).first() if number else latest_version(paper)
    if found is None:
        raise NotFound(f"公文 {paper.code} 没有第 {number} 稿。")
    return found


def sheet_in(version: PaperVersion, edition: str) -> Sheet:
    return sheet_of(version.public if edition == Edition.PUBLIC else version.inner)


def recipients_of(paper: Paper) -> str:
    """主送: to whom the paper says it goes; "" for one that names nobody."""
    blocks = sheet_in(latest_version(paper), Edition.INNER).blocks
    return next((block.recipients for block in blocks if isinstance(block, Head)), "")


def mark_of(paper: Paper) -> str:
    """What is printed across a paper that does not hold: not signed yet, or withdrawn."""
    if paper.state in UNSIGNED:
        return DRAFT_MARK
    return WITHDRAWN_MARK if paper.state == PaperState.WITHDRAWN else ""


def drawn(sheet: Sheet, form: str, *, mark: str = "", link: Callable[[Figure], str] | None = None) -> Drawn:
    """A sheet as .docx, PDF or page, with what could not be drawn as it should (fonts, photos)."""
    return draw(sheet, Form(form), mark=mark, link=link)


def files_of(paper: Paper) -> list[Attachment]:
    """What was kept when the paper was issued."""
    return attachments.attachments_of(subject_kind=SUBJECT, subject_code=paper.code)


def deliveries(paper: Paper) -> QuerySet[Delivery]:
    """To whom it went; who has not signed for it first."""
    return paper.deliveries.select_related("unit").order_by(F("received_at").asc(nulls_first=True), "unit__code")


def unreceived(paper: Paper) -> QuerySet[Delivery]:
    return deliveries(paper).filter(received_at__isnull=True)


def own_deliveries(*, actor: Actor) -> QuerySet[Delivery]:
    """What was sent to the actor's units for them to sign for, the oldest first."""
    if not actor.may(Permission.RECEIVE):
        return Delivery.objects.none()
    own = Delivery.objects.filter(unit__code__in=actor.unit_codes)
    return own.select_related("paper", "unit").order_by("sent_at", "pk")


def waiting_deliveries(*, actor: Actor) -> QuerySet[Delivery]:
    """What waits for the actor's units to sign for it."""
    return own_deliveries(actor=actor).filter(received_at__isnull=True, paper__state=PaperState.ISSUED)


def history(paper: Paper, *, actor: Actor) -> QuerySet[TransitionLog]:
    """The moves of a paper, the newest first: to who makes papers here every one, to others only what reached them."""
    found = TransitionLog.objects.filter(subject_kind=SUBJECT, subject_code=paper.code).order_by("-pk")
    if permissions.works_on(actor) and permissions.covers(actor, paper.area):
        return found
    return found.filter(move__in=[one.slug for one in states.OUTWARD])


def moved_since(paper: Paper, *, actor: Actor, day: date) -> list[Moved]:
    """Which figures of the inner edition are no longer what they were; DomainError where it cannot be written again."""
    try:
        today = compose(kind=paper.kind, about=paper.about, actor=actor, day=day, edition=Edition.INNER)
    except NotFound as gone:
        raise DomainError(f"所依据的数据现在查不到：{gone.message}") from None
    return moved(sheet_in(latest_version(paper), Edition.INNER), today.sheet)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What signing would do now: the number the paper would take ("" where there is none to give), and what hinders it."""

    number: str
    hindrances: list[str]


def outlook(paper: Paper, *, actor: Actor, day: date) -> Outlook:
    """Whoever signs in the meantime takes the number first."""
    try:
        today = compose(kind=paper.kind, about=paper.about, actor=actor, day=day, edition=Edition.INNER)
    except (DomainError, NotFound) as refusal:
        return Outlook("", [refusal.message])
    printed = sheet_in(latest_version(paper), Edition.INNER)
    return Outlook(_next_number(today.code, day.year), hindrances(today, printed))


def _next_number(code: str, year: int) -> str:
    if not code:
        return ""
    last = PaperCounter.objects.filter(issuer_code=code, year=year).values_list("last", flat=True).first() or 0
    return rules.number_text(code, year, last + 1)


def suggested_units(paper: Paper, *, actor: Actor, day: date) -> list[str]:
    """The codes of the units its kind would send it to; none where it can no longer be written."""
    try:
        today = compose(kind=paper.kind, about=paper.about, actor=actor, day=day, edition=Edition.PUBLIC)
    except DomainError:
        return []
    return list(today.composed.units)
