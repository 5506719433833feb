"""A passage keeps its address wherever it is moved: by its key, never by its place."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.dossiers import EVENT, SOURCE, explain
from timeline.dossier.load import load
from timeline.models import Account, Citation, Claim

KEYS = ["c1", "c2", "c3", "c4", "c5"]


def citations(keys):
    """One passage a key, each told apart by its paragraph."""
    return [
        {"key": key, "source": SOURCE["id"], "paragraph": KEYS.index(key) + 1, "excerpt": key}
        for key in keys
    ]


def anchors():
    """{key: (its row, its paragraph, its place)}."""
    rows = Citation.objects.all()
    return {row.key: (row.pk, row.paragraph, row.position) for row in rows}


@pytest.mark.django_db
@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(
    before=st.lists(st.sampled_from(KEYS), min_size=1, unique=True),
    after=st.lists(st.sampled_from(KEYS), min_size=1, unique=True),
)
def test_passages_reordered_inserted_and_removed_keep_their_address(folder, before, after):
    path, write = folder
    Claim.objects.all().delete()
    write("events", {**EVENT, "citations": citations(before)})
    load(path)
    old = anchors()

    write("events", {**EVENT, "citations": citations(after)})
    explain(write)
    load(path)
    new = anchors()

    assert set(new) == set(after)
    for key in set(before) & set(after):
        assert new[key][:2] == old[key][:2]
    assert sorted(after, key=lambda key: new[key][2]) == after


@pytest.mark.django_db
def test_every_surviving_anchor_leads_to_its_passage_on_the_page(folder, client):
    path, write = folder
    write("events", {**EVENT, "citations": citations(["c1", "c2", "c3"])})
    load(path)

    write("events", {**EVENT, "citations": citations(["c3", "c4", "c1"])})
    explain(write)
    load(path)

    page = client.get(f"/sources/{SOURCE['id']}/").content.decode()
    for key in ("c1", "c3", "c4"):
        row = page[page.index(f'id="c{key}"') :]
        assert f"<q>… {key} …</q>" in row[: row.index("</tr>")]
        assert f'data-citation="{key}"' in page
    assert 'id="cc2"' not in page


@pytest.mark.django_db
def test_passage_moved_to_another_claim_keeps_its_row(folder):
    path, write = folder
    other = {**EVENT, "id": "something-else"}
    write(
        "events",
        {**EVENT, "citations": citations(["c1", "c2"])},
        {**other, "citations": citations(["c3"])},
    )
    load(path)
    old = anchors()

    write(
        "events",
        {**EVENT, "citations": citations(["c1"])},
        {**other, "citations": citations(["c2", "c3"])},
    )
    explain(write)
    load(path)

    assert {key: row[0] for key, row in anchors().items()} == {k: v[0] for k, v in old.items()}
    assert Citation.objects.get(key="c2").claim.pid == "something-else"


def question(*answers):
    return {
        "id": "how-many",
        "question": "How many?",
        "kind": "conflict",
        "positions": [
            {
                "answer": answer,
                "accounts": [{"key": key, "source": SOURCE["id"], "excerpt": key} for key in keys],
            }
            for answer, keys in answers
        ],
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    "after",
    [
        [("nine", ["a2", "a1"]), ("eight", ["a3"])],
        [("eight", ["a3"]), ("nine", ["a1", "a2"])],
        [("nine", ["a1"]), ("eight", ["a3", "a2"])],
        [("nine", ["a1", "a4", "a2"]), ("seven", ["a5"]), ("eight", ["a3"])],
        [("eight", ["a3", "a1"]), ("seven", ["a2"])],
    ],
)
def test_accounts_moved_between_answers_keep_their_address(folder, after):
    path, write = folder
    write("disputes", question(("nine", ["a1", "a2"]), ("eight", ["a3"])))
    load(path)
    old = dict(Account.objects.values_list("key", "pk"))

    write("disputes", question(*after))
    load(path)

    for answer, keys in after:
        rows = Account.objects.filter(position__answer=answer).order_by("order")
        assert [row.key for row in rows] == keys
    new = dict(Account.objects.values_list("key", "pk"))
    assert {key: new[key] for key in old if key in new} == {k: old[k] for k in old if k in new}


@pytest.mark.django_db
def test_dropped_answer_does_not_take_a_moved_account_with_it(folder):
    path, write = folder
    three = [("nine", ["a1"]), ("eight", ["a2"]), ("seven", ["a3"])]
    write("disputes", question(*three))
    load(path)
    old = dict(Account.objects.values_list("key", "pk"))

    write("disputes", question(("nine", ["a1", "a3"]), ("eight", ["a2"])))
    load(path)

    assert dict(Account.objects.values_list("key", "pk")) == old


def test_keys_made_here_are_short_and_safe_in_an_address(make_event, cite):
    event = make_event()
    keys = {cite(event).key for _ in range(20)}

    assert len(keys) == 20
    assert all(len(key) == 7 and key.isalnum() for key in keys)


@pytest.mark.django_db
def test_every_note_leads_to_its_passage(client, make_event, make_source, make_prisoner):
    """A link whose address is missing renders as an empty one, and says nothing."""
    person = make_prisoner(slug="adam")
    claim = make_event(about=[person], source=make_source(slug="a-report"))
    key = claim.citations.get().key

    for address in (claim.get_absolute_url(), "/timeline/", person.get_absolute_url()):
        page = client.get(address).content.decode()
        assert f'href="/sources/a-report/#c{key}"' in page, address
        assert 'href=""' not in page, address
    assert f'id="c{key}"' in client.get("/sources/a-report/").content.decode()
