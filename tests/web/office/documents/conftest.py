"""The office of the documents' own tests, and the people who sign in to it."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.domain.documents.conftest import with_fonts
from tests.domain.documents.office import Office, found_office

__all__ = ["with_fonts"]


@pytest.fixture
def papers(db: None) -> Office:
    return found_office()


@pytest.fixture
def leader(signed_in: Callable[..., Client]) -> Client:
    return signed_in("leader")


@pytest.fixture
def secretary(papers: Office, signed_in: Callable[..., Client]) -> Client:
    """Somebody who speaks for the committee of A."""
    return signed_in("community", area=papers.town.areas["A"], person=papers.leader)
