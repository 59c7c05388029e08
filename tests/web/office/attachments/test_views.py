"""A photo is served only to those who may see what it was handed in for, as a copy made from its pixels alone."""

from io import BytesIO

import pytest
from PIL import Image

from chuangwei.core import attachments, clock
from chuangwei.core.models import Attachment
from tests.factories import inspections, organisation, photos, places, standards

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit():
    _, communities = places.town()
    lane = places.site("BL-1", in_area=communities[0])
    return inspections.visit(site=lane, sheet=standards.checklist(), in_round=inspections.round_(), code="JC/1")


def stored(subject_code="JC/1/CK-1", *, kind="inspections.answer", picture=None):
    image = picture or photos.saved(photos.street((2000, 1500)), exif=photos.exif_of(taken="2023:09:04 09:00:00"))
    return attachments.store(
        stream=image,
        name="a.jpg",
        by=organisation.chief(),
        at=clock.now(),
        subject_kind=kind,
        subject_code=subject_code,
    )


@pytest.mark.usefixtures("visit")
@pytest.mark.parametrize(("size", "longest"), [("small", 320), ("large", 1600)])
def test_a_photo_comes_in_two_sizes_without_what_the_phone_wrote(office, size, longest):
    answer = office.get(f"/photos/{stored().digest}/{size}/")
    image = Image.open(BytesIO(b"".join(answer.streaming_content)))
    assert (max(image.size), image.format, dict(image.getexif())) == (longest, "JPEG", {})
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, max-age=3600"


def test_whoever_may_not_see_the_visit_sees_no_photo_of_it(signed_in, stranger, office, visit):
    address = f"/photos/{stored().digest}/small/"
    elsewhere = signed_in("community", area=places.area("99", kind="县"))
    for client in (stranger, elsewhere, signed_in("department")):
        assert client.get(address).status_code == 404
    type(visit.round).objects.update(is_sealed=True)
    assert office.get(address).status_code == 404
    assert signed_in("inspector").get(address).status_code == 200


@pytest.mark.usefixtures("visit")
def test_one_thing_one_may_see_is_enough(office):
    one = stored("JC/9/CK-1")
    assert office.get(f"/photos/{one.digest}/small/").status_code == 404
    attachments.attach_again(
        attachment=one, subject_kind="inspections.answer", subject_code="JC/1/CK-1", by=organisation.chief(),
        at=clock.now(),
    )  # fmt: skip
    assert office.get(f"/photos/{one.digest}/small/").status_code == 200


@pytest.mark.usefixtures("visit")
def test_what_is_no_photo_of_a_known_kind_or_size_is_not_there(office):
    one = stored(picture=photos.saved(photos.street(bin_at=33)))
    assert office.get(f"/photos/{one.digest}/huge/").status_code == 404
    assert office.get("/photos/abc/small/").status_code == 404
    other = stored("X", kind="office.import", picture=photos.saved(photos.street(bin_at=80)))
    assert office.get(f"/photos/{other.digest}/small/").status_code == 404
    attachments.path_of(one).unlink()
    assert office.get(f"/photos/{one.digest}/large/").status_code == 404
    Attachment.objects.update(content_type="application/pdf")
    assert office.get(f"/photos/{one.digest}/small/").status_code == 404
