"""A town with two ranked weeks, and fonts where this machine has them."""

import pytest

from chuangwei.core.errors import DomainError
from chuangwei.domain.documents.writers import fonts
from tests.domain.documents.office import Office, found_office


@pytest.fixture
def office(db: None) -> Office:
    return found_office()


@pytest.fixture
def with_fonts() -> None:
    """Drawing needs a Chinese font; `make test` installs one where it may."""
    try:
        fonts.choose()
    except DomainError as missing:
        pytest.skip(missing.message)
