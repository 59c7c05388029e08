"""Choices and permission names of places."""

from django.db.models import TextChoices


class Datum(TextChoices):
    """The datum a position was given in; what is stored is always WGS84/CGCS2000 (domain §2)."""

    WGS84 = "WGS84", "WGS84"
    GCJ02 = "GCJ02", "GCJ02"
    BD09 = "BD09", "BD09"


class Permission(TextChoices):
    VIEW = "places.view", "查看区划和点位"
    EDIT = "places.edit", "维护区划和点位"
