"""Choices and permission names of papers."""

from django.db.models import TextChoices


class PaperState(TextChoices):
    """The life of a paper (domain §10): its number is taken when it is signed."""

    DRAFT = "draft", "草稿"
    SENT = "sent", "送审"
    SIGNED = "signed", "已签发"
    ISSUED = "issued", "已印发"
    WITHDRAWN = "withdrawn", "已撤回"


UNSIGNED = frozenset({PaperState.DRAFT, PaperState.SENT})
"""A paper in one of these prints 草稿 and has no number."""


class Edition(TextChoices):
    """Persons are named in the inner edition only."""

    INNER = "inner", "内部版"
    PUBLIC = "public", "公开版"


class Layout(TextChoices):
    OFFICIAL = "official", "公文"
    PLAIN = "plain", "表册"
    CERTIFICATE = "certificate", "证书"


class Form(TextChoices):
    """What a paper is written as."""

    DOCX = "docx", "Word"
    PDF = "pdf", "PDF"
    HTML = "html", "网页"


class Permission(TextChoices):
    VIEW = "documents.view", "查看公文"
    DRAFT = "documents.draft", "起草、送审公文"
    SIGN = "documents.sign", "签发、撤回公文"
    ISSUE = "documents.issue", "印发公文"
    RECEIVE = "documents.receive", "签收公文"
