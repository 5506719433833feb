"""A withdrawn source says so wherever it supports, and what it alone supports is listed."""

import pytest
from django.urls import reverse

from tests.test_admin import form_of
from timeline.models import Claim

pytestmark = pytest.mark.django_db
LIST = "/admin/timeline/claim/?support=withdrawn"


@pytest.fixture
def withdraw(admin_client):
    def send(source, reason="It was a forgery."):
        address = reverse("admin:timeline_source_change", args=[source.pk])
        values = form_of(admin_client.get(address)) | {"withdrawn_reason": reason}
        return admin_client.post(address, values, follow=True)

    return send


@pytest.fixture
def claims(make_event, make_source, cite):
    """(a claim that a source alone supports, one that another supports too, that source)."""
    source, other = make_source(), make_source()
    alone = make_event("Alone", pid="alone", text="It rests on one.", cited=False, state="draft")
    both = make_event("Both", pid="both", text="It rests on two.", cited=False, state="draft")
    cite(alone, source)
    cite(both, source)
    cite(both, other)
    cite(alone, other, stance="context")
    Claim.objects.update(state="published")
    return alone, both, source


def test_withdrawn_source_says_so_wherever_it_supports(claims, withdraw, client):
    alone, both, source = claims
    for claim in (alone, both):
        page = client.get(f"/timeline/{claim.pid}/").content.decode()
        assert "withdrawn" not in page
    withdraw(source)

    for claim in (alone, both):
        page = client.get(f"/timeline/{claim.pid}/").content.decode()
        assert page.count("This source was withdrawn: It was a forgery.") == 1
        assert "(withdrawn)" in page
    assert client.get(source.get_absolute_url()).status_code == 410
    assert client.get("/timeline/").content.decode().count("(withdrawn)") == 2


def test_what_it_alone_supports_is_listed_to_be_withdrawn(claims, withdraw, admin_client):
    alone, _, source = claims
    assert "It rests on" not in admin_client.get(LIST).content.decode()

    page = withdraw(source).content.decode()

    assert "1 published claim rests on withdrawn sources alone" in page
    assert LIST in page
    listed = admin_client.get(LIST).content.decode()
    assert "It rests on one." in listed
    assert "It rests on two." not in listed
    Claim.objects.filter(pk=alone.pk).update(
        state="withdrawn", withdrawn_reason="So is its source."
    )
    assert "It rests on one." not in admin_client.get(LIST).content.decode()


def test_nothing_is_said_where_all_have_other_support(claims, withdraw):
    alone, _, source = claims
    Claim.objects.filter(pk=alone.pk).update(state="draft")
    assert "withdrawn sources alone" not in withdraw(source).content.decode()
