"""Verbs of the organisation."""

from chuangwei.domain.organisation.actions.accounts import (
    create_account,
    reset_second_factor,
    set_password,
    set_rights,
    set_roles,
    set_scope,
    switch_account,
)
from chuangwei.domain.organisation.actions.duties import begin_duty, close_site, end_duty, hand_over_duty
from chuangwei.domain.organisation.actions.importing import import_organisation
from chuangwei.domain.organisation.actions.installing import adopt_preset, begin_installation, keep_preset
from chuangwei.domain.organisation.actions.personal import (
    forget_phones,
    persons_by_phone,
    record_phone_export,
    reveal_phone,
)
from chuangwei.domain.organisation.actions.persons import begin_membership, create_person, edit_person, end_membership
from chuangwei.domain.organisation.actions.units import create_unit, edit_unit

__all__ = [
    "adopt_preset", "begin_duty", "begin_installation", "begin_membership", "close_site", "create_account",
    "create_person", "create_unit", "edit_person", "edit_unit", "end_duty", "end_membership", "forget_phones",
    "hand_over_duty", "import_organisation", "keep_preset", "persons_by_phone", "record_phone_export",
    "reset_second_factor", "reveal_phone", "set_password", "set_rights", "set_roles", "set_scope", "switch_account",
]  # fmt: skip
