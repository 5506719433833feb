"""The desk's first page: each count is that of the list to which it leads."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from eventsite.reports.models import Report
from tests.settling import SettlingClient, settled
from timeline.admin.front import WORK
from timeline.editing import roles
from timeline.models import Capture, Equation, Event, Hiding, Proposal, SentBack, Source, Term

pytestmark = pytest.mark.django_db


@pytest.fixture
def waits(
    make_event,
    make_detention,
    make_figure,
    make_prisoner,
    make_source,
    admin_user,
    cite,
):
    """Something of each kind that waits, and its like that does not."""

    def waits():
        listed = make_source(is_list=True, published_on="2025-12-14")
        listed.entries.create(number=1, printed="Nobody yet", says="freed")
        public = make_event(source=make_source(), confidence="doubtful", why="One origin.")
        make_event(state="review", source=make_source())
        mended = make_event(state="draft", source=make_source())
        SentBack.objects.create(claim=mended, comment="Look again.", made_by=admin_user)
        Event.objects.create(title="It happens", theme="war", text="It happened.")
        Proposal.objects.create(claim=public, was="x", now="y", data="z", made_by=admin_user)
        Hiding.objects.create(claim=public, made_by=admin_user)
        cite(public, make_source(), excerpt="words that nobody compared", is_stale=True)
        kept = make_source()
        Capture.objects.create(source=kept, text="Other words.")
        kept.archived.create(url="https://e.org/a", archived_on="2026-01-01")
        for answered in ("gone", "changed", "moved"):
            source = make_source()
            found = {"answered": answered, "asked_on": "2026-01-01", "asked_url": source.url}
            Source.objects.filter(pk=source.pk).update(**found)
            make_event(source=source)
        cite(public, kept, excerpt="words that are not there")
        figure = make_figure(source=make_source())
        equation = Equation.objects.create(
            slug=f"sum-{figure.pk}", result=figure, verdict="holds", checked_as="1 = 2"
        )
        Term.objects.create(equation=equation, figure=figure)
        Term.objects.create(equation=equation, figure=make_figure(source=make_source()))
        person = make_prisoner(f"Adam Pryklad {figure.pk}")
        make_detention(
            person, step="held", when="2021-02-03", source=make_source(published_on="2021-02-03")
        )
        Report.objects.create(kind="wrong", words="It is wrong.", page="/")
        settled()

    return waits


@pytest.fixture
def enter(django_user_model):
    roles.install()

    def enter(role):
        user = django_user_model.objects.create_user(role.lower(), is_staff=True)
        if role == "Viewer":
            user.user_permissions.set(Permission.objects.filter(codename="view_claim"))
        else:
            user.groups.add(Group.objects.get(name=role))
        client = SettlingClient()
        client.force_login(user)
        return client

    return enter


def test_each_count_is_that_of_its_list(admin_client, waits):
    waits()
    waits()

    page = admin_client.get("/admin/")

    waiting = page.context["waiting"]
    assert [work for work, _count in waiting] == [*WORK]
    for work, count in waiting:
        listed = admin_client.get(work.address)
        assert listed.status_code == 200, work.label
        assert listed.context["cl"].result_count == count, work.label
        assert f'href="{work.address}"'.replace("&", "&amp;") in page.content.decode()
    assert {work.asked: count for work, count in waiting}["person__isempty=1"] == 2


def test_first_page_asks_as_much_for_three_of_each_as_for_one(admin_client, waits):
    waits()
    admin_client.get("/admin/")

    def asked():
        with CaptureQueriesContext(connection) as queries:
            admin_client.get("/admin/")
        return len(queries)

    one = asked()
    waits()
    waits()

    assert asked() == one


def test_nothing_waits_on_an_empty_desk(admin_client):
    page = admin_client.get("/admin/")

    assert page.context["waiting"] == []
    assert "Nothing waits." in page.content.decode()


def test_everybody_sees_what_they_may_look_at(enter, waits):
    waits()

    def told(role):
        return {work.model for work, _count in enter(role).get("/admin/").context["waiting"]}

    assert told("Viewer") == {"timeline.claim"}
    assert "reports.report" not in told(roles.CONTRIBUTOR)
    assert told(roles.EDITOR) == {work.model for work in WORK}


def test_places_that_nobody_named_fills_are_counted(
    admin_client, make_event, make_figure, make_source
):
    event = make_event(when="2025-12-13", lead=1, source=make_source())
    make_figure(value=123, subject=event, source=make_source())

    page = admin_client.get("/admin/")

    assert page.context["places"][0] == 123
    assert 'href="/lists/"' in page.content.decode()
