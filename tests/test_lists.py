"""Lists of names: from a table to public pages by two people; the next edition gives updates."""

import csv
import io
from itertools import product

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from people.models import Person
from tests.settling import SettlingClient, settled
from tests.test_admin import form_of
from tests.test_seconding import anna_and_vera
from timeline.derived.matching import Known, is_one_name
from timeline.derived.mentions import find
from timeline.editing import roles
from timeline.editing.merging import merge
from timeline.editing.planning import COLUMNS
from timeline.editing.withholding import start
from timeline.models import (
    Citation,
    Claim,
    Correction,
    Detention,
    Entry,
    Name,
    State,
    Withholding,
)
from timeline.notation.sheets import RefusedSheet, read

pytestmark = pytest.mark.django_db
__all__ = ["anna_and_vera"]
GIVEN = ("Adam", "Bazyl", "Ciprian", "Dalmat", "Eustach", "Fadziej", "Hipalit", "Ihnat", "Julijan")
SURNAMES = (
    *("Prykladny", "Vydumany", "Niebylic", "Kazačny", "Mrojny", "Zdaniewicz", "Abstraktny"),
    *("Ujauny", "Hipatetyk", "Umouny", "Fantazijny", "Bajkavy", "Skladny"),
)
NAMES = [f"{given} {surname}" for surname, given in product(SURNAMES, GIVEN)][:109]
FREED = {
    "says": "freed",
    "named_because": "on-list",
    "step": "release",
    "when": "2025-12-13",
    "text": "{name} was freed on 13 December 2025.",
}


@pytest.fixture
def the_list(make_source, make_publisher):
    body = make_publisher("society-of-lists", kind="ngo")
    return make_source(publisher=body, slug="society-2025-list", is_list=True)


def table(rows, columns=("number", "name")):
    out = io.StringIO()
    csv.writer(out).writerows([columns, *rows])
    return out.getvalue().encode()


def workbook(rows, columns=("number", "name")):
    book, out = Workbook(), io.BytesIO()
    for row in (columns, *rows):
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def address(source):
    return f"/admin/timeline/source/{source.pk}/list/"


def send(client, source, data=None, do=False, name="list.csv", **values):
    """Send the form, with a file if there is one; do: and bring the list in."""
    sent = {**FREED, **values, **({"do": "1"} if do else {})}
    if data is not None:
        sent["file"] = SimpleUploadedFile(name, data)
    return client.post(address(source), sent, follow=True)


def look_and_do(client, source, data, **values):
    """The two steps of a curator: the file is looked at, and what was shown is brought in."""
    page = send(client, source, data, **values)
    assert page.context["plan"].problems == [], page.context["plan"].problems
    return do(client, source, page, **values)


def do(client, source, page, **values):
    """Bring in what a page showed."""
    shown = page.context["form"].data
    return send(client, source, do=True, table=shown["table"], seen=shown["seen"], **values)


def act(client, where, action, pks):
    asked = {"action": action, "_selected_action": pks}
    return client.post(where, asked, follow=True)


def in_fifties(pks):
    pks = [*pks]
    return [pks[first : first + 50] for first in range(0, len(pks), 50)]


def test_list_of_109_becomes_109_pages_by_two_people_and_ten_changes_ten_updates(
    anna_and_vera,
    the_list,
    client,
):
    anna, vera = anna_and_vera
    rows = [(number, name) for number, name in enumerate(NAMES, 1)]

    page = send(anna, the_list, table(rows))
    assert (len(page.context["plan"].new), page.context["people"]) == (109, 109)
    assert not Entry.objects.exists()
    assert not Person.objects.exists()
    page = look_and_do(anna, the_list, table(rows))
    assert "Entries: 109 new, 0 updated, 0 as they were." in page.content.decode()
    assert not Person.objects.published().exists()
    assert client.get("/prisoners/adam-prykladny/").status_code == 404

    for client_of in (anna, vera):
        drafts = Detention.objects.filter(state=State.REVIEW).values_list("pk", flat=True)
        for fifty in in_fifties(drafts):
            page = act(client_of, "/admin/timeline/detention/", "publish", fifty)
            said = [str(message) for message in page.context["messages"]]
            alone = sum("ask a second person" in each for each in said)
            assert alone == (len(fifty) if client_of is anna else 0)
    people = "/admin/people/person/"
    for fifty in in_fifties(Person.objects.values_list("pk", flat=True)):
        page = act(vera, people, "publish", fifty)
        assert f"{len(fifty)} pages are public." in page.content.decode()
    assert Person.objects.published().count() == 109
    for person in Person.objects.all():
        assert client.get(f"/prisoners/{person.slug}/").status_code == 200
    shown = client.get("/prisoners/adam-prykladny/").content.decode()
    assert "Adam Prykladny was freed on 13 December 2025." in shown
    assert the_list.slug in shown

    turned = [" ".join(reversed(name.split())) for name in NAMES[:5]]  # surname first
    changed = [(number, name, "freed") for number, name in enumerate(turned, 1)]
    changed += [(number, NAMES[number - 1], "held") for number in range(6, 11)]
    changed += [(number, name, "freed") for number, name in rows[10:]]
    columns, why = ("number", "name", "says"), {"reason": "The list was printed anew."}
    page = look_and_do(anna, the_list, table(changed, columns), **why)
    assert "Entries: 0 new, 10 updated, 99 as they were." in page.content.decode()
    assert Entry.objects.filter(says="held").count() == 5
    assert Entry.objects.count() == Person.objects.count() == Detention.objects.count() == 109
    assert Correction.objects.get().was.startswith("10 entries of")


@pytest.mark.parametrize("made", [table, workbook])
def test_csv_and_xlsx_are_read_alike(made):
    sheet = read(made([(1, "Adam Pryklad"), (None, ""), (3, "Ева Прыклад; мл.")]))

    assert sheet.columns == ("number", "name")
    assert [values for _row, values in sheet.rows] == [
        {"number": "1", "name": "Adam Pryklad"},
        {"number": "3", "name": "Ева Прыклад; мл."},
    ]
    assert [row for row, _values in sheet.rows] == [2, 4]


@pytest.mark.parametrize(
    ("data", "remedy"),
    [
        (b"", "first row names the columns"),
        ("имя\nАдам".encode("cp1251"), "CSV UTF-8"),
        (b"PK\x03\x04 no workbook", "save its sheet as CSV UTF-8"),
        (b"name,name\nA,B\n", "leave one"),
        (b"name\nA,B\n", "Row 2 has a cell under no name"),
        (b'name\n"A\n', "quotation marks"),
    ],
)
def test_file_that_is_no_table_is_refused_with_a_remedy(data, remedy):
    with pytest.raises(RefusedSheet, match=remedy):
        read(data)


@pytest.mark.parametrize(
    ("row", "columns", "column", "reason"),
    [
        ((1, "", "x"), ("number", "name", "remark"), "name", "There is no name"),
        (("x", "Adam Pryklad"), ("number", "name"), "number", "whole number"),
        ((1, "Adam Pryklad", "gone"), ("number", "name", "says"), "says", "freed, held"),
        ((1, "Adam Pryklad", "2025-13-40"), ("number", "name", "when"), "when", ""),
        ((1, "Адам Прыклад", "be"), ("number", "name", "language"), "label", "Latin letters"),
        ((1, "Адам Прыклад", "Adam"), ("number", "name", "label"), "language", "name the language"),
        ((1, "Adam Pryklad", "n-n"), ("number", "name", "person"), "person", "nobody with the"),
        ((1, "Adam Pryklad", "7"), ("number", "name", "external_id"), "external_id", "whose"),
        ((1, "Adam Pryklad", "85"), ("number", "name", "birth_year"), "birth_year", "four digits"),
        ((1, "Adam Pryklad", "x"), ("number", "name", "born"), "born", "Columns are number, name"),
        (
            (1, "Adam Pryklad", "{name} is in prison."),
            ("number", "name", "text"),
            "text",
            "past tense",
        ),
    ],
)
def test_each_problem_has_row_column_and_remedy_and_nothing_is_written(
    admin_client, the_list, row, columns, column, reason
):
    good = (2, "Eva Pryklad", *[""] * (len(columns) - 2))
    page = send(admin_client, the_list, table([row, good], columns), do=True)

    problems = page.context["plan"].problems
    assert [(each.row, each.column) for each in problems] == [
        (1 if column == "born" else 2, column)
    ]
    assert reason in problems[0].reason
    assert problems[0].reason in page.content.decode().replace("&#x27;", "'")
    assert not Entry.objects.exists()
    assert not Person.objects.exists()
    assert not Claim.objects.exists()


def test_people_on_record_are_found_by_any_spelling_and_what_is_not_sure_is_asked(
    admin_client, the_list, make_prisoner
):
    adam = make_prisoner("Adam Vydumanski", slug="adam")
    make_prisoner("Eva Pryklad", slug="eva")
    make_prisoner("Eva Pryklad", slug="other-eva")
    settled()
    rows = [(1, "Адам Выдуманский", "ru"), (2, "Eva Pryklad", ""), (3, "Edem Vydemanski", "")]
    rows.append((4, "Ilja Novy", ""))

    page = send(admin_client, the_list, table(rows, ("number", "name", "language")))

    (asked, *others) = page.context["asked"]
    assert (asked.chosen, asked.line.person) == ("adam", adam)
    assert [[value for value, _ in each.who] for each in others] == [
        ["", "eva", "other-eva", "new", "nobody"],
        ["", "adam", "new", "nobody"],
    ]
    assert [(each.row, each.column) for each in page.context["plan"].problems] == [
        (3, "person"),
        (4, "person"),
    ]
    who = {"who-2": "adam", "who-3": "other-eva", "who-4": "nobody"}
    do(admin_client, the_list, page, **who)
    assert [*Entry.objects.order_by("number").values_list("person__slug", flat=True)] == [
        *("adam", "other-eva", None, "ilja-novy")
    ]
    name = Name.objects.get()
    assert (name.spelling, name.person, name.script) == ("Адам Выдуманский", adam, "Cyrl")
    assert Citation.objects.get(claim=name.pk).excerpt == "Адам Выдуманский"


def test_namesakes_are_kept_apart_by_what_curators_alone_see(admin_client, the_list, make_prisoner):
    make_prisoner("Adam Pryklad", slug="elder", birth_year=1950, patronymic="Adamavič")
    make_prisoner("Adam Pryklad", slug="younger", birth_year=1980)
    settled()
    columns = ("number", "name", "birth_year", "patronymic")
    known = Known()

    def found(year=None, patronymic=""):
        entry = Entry(printed="Adam Pryklad", birth_year=year, patronymic=patronymic)
        match = known.match(entry)
        return [person.slug for person in (*match.sure, *match.near)]

    assert found(1950) == ["elder"]
    assert found(1980) == ["younger"]
    assert found(patronymic="Адамавіч") == ["elder"]
    assert found() == ["elder", "younger"]
    assert found(1999) == []
    rows = [(1, "Eva Novaja", 1990, ""), (2, "Eva Novaja", "", "")]
    page = send(admin_client, the_list, table(rows, columns))
    assert page.context["plan"].problems == []
    page = send(admin_client, the_list, table([(1, "Eva Novaja"), (2, "EVA NOVAYA")]))
    assert "bear one name" in " ".join(each.reason for each in page.context["plan"].problems)


def test_same_number_in_a_register_is_the_same_person_in_the_next_list(
    admin_client, the_list, make_source
):
    columns = ("number", "name", "register", "external_id")
    row = (1, "Adam Pryklad", "viasna", "123")
    look_and_do(admin_client, the_list, table([row], columns))
    other = make_source(slug="another-list", is_list=True)

    look_and_do(admin_client, other, table([(9, "A. P. Pryklad", "viasna", "123")], columns))

    assert [*Person.objects.values_list("slug", flat=True)] == ["adam-pryklad"]
    assert {entry.person.slug for entry in Entry.objects.all()} == {"adam-pryklad"}
    (claim,) = Detention.objects.all()
    assert {c.source.slug for c in claim.citations.all()} == {"society-2025-list", "another-list"}


def test_next_edition_changes_what_differs_and_doubles_nothing(admin_client, the_list):
    rows = [(1, "Adam Pryklad"), (2, "Eva Pryklad"), (3, "Ihnat Novy")]
    look_and_do(admin_client, the_list, table(rows))
    columns = ("number", "name", "when", "text")
    on_14th = ("2025-12-14", "{name} was freed on 14 December 2025.")
    next_rows = [
        (2, "Adam Pryklad", "", ""),
        (1, "Eva Pryklad", *on_14th),
        (4, "Piotr Novy", "", ""),
    ]

    page = send(admin_client, the_list, table(next_rows, columns))
    told = page.context["plan"]
    assert [len(told.new), len(told.updated), len(told.same)] == [1, 2, 0]
    assert [entry.printed for entry in told.left] == ["Ihnat Novy"]
    do(admin_client, the_list, page)

    assert [*Entry.objects.order_by("number").values_list("number", "printed")] == [
        *((1, "Eva Pryklad"), (2, "Adam Pryklad"), (3, "Ihnat Novy"), (4, "Piotr Novy"))
    ]
    assert Person.objects.count() == Detention.objects.count() == 4
    assert Detention.objects.get(person__slug="eva-pryklad").when == "2025-12-14"
    again = send(admin_client, the_list, table(next_rows, columns)).context["plan"]
    assert [len(again.new), len(again.updated), len(again.same)] == [0, 0, 3]


def test_public_claim_is_told_and_left_as_it_is(
    admin_client, the_list, make_prisoner, make_detention, make_source
):
    adam = make_prisoner("Adam Pryklad", slug="adam")
    claim = make_detention(adam, source=make_source(), when="2025-12-13", step="release")
    before = claim.text
    settled()

    page = send(admin_client, the_list, table([(1, "Adam Pryklad")]))
    assert [line.on_record for line in page.context["by_hand"]] == [claim]
    do(admin_client, the_list, page)

    claim.refresh_from_db()
    assert (claim.text, claim.citations.count(), Detention.objects.count()) == (before, 1, 1)
    assert Entry.objects.get().person == adam


def test_entry_that_readers_see_changes_with_a_reason_that_they_are_told(
    admin_client, the_list, make_prisoner, make_detention, make_source
):
    adam = make_prisoner("Adam Pryklad", slug="adam")
    make_detention(adam, source=make_source(), when="2025-12-13", step="release")
    settled()
    look_and_do(admin_client, the_list, table([(1, "Adam Pryklad")]), step="none")
    row = [(1, "Adam J. Pryklad", "adam")]
    columns = ("number", "name", "person")

    page = send(admin_client, the_list, table(row, columns), step="none")
    page = do(admin_client, the_list, page, step="none")
    assert "say why" in page.content.decode()
    assert Entry.objects.get().printed == "Adam Pryklad"
    assert not Correction.objects.exists()
    do(admin_client, the_list, page, step="none", reason="The list was printed anew.")

    assert Entry.objects.get().printed == "Adam J. Pryklad"
    told = Correction.objects.get()
    assert told.reason == "The list was printed anew."
    assert "Pryklad" not in told.was + told.now


def test_what_changed_since_it_was_looked_at_is_looked_at_again(
    admin_client, the_list, make_prisoner
):
    page = send(admin_client, the_list, table([(1, "Adam Pryklad"), (2, "Eva Novaja")]))
    make_prisoner("Adam Pryklad", slug="adam")
    settled()

    page = do(admin_client, the_list, page)

    assert "not what was shown any more" in page.content.decode()
    assert not Entry.objects.exists()
    assert [each.chosen for each in page.context["asked"]] == ["adam"]
    do(admin_client, the_list, page)
    assert Entry.objects.get(number=1).person.slug == "adam"


@pytest.mark.parametrize(
    ("columns", "row", "other", "column"),
    [
        (("number",), (1,), (1,), "number"),
        (("register", "external_id"), ("viasna", "7"), ("viasna", "7"), "external_id"),
        (("person",), ("adam",), ("adam",), "person"),
        (
            ("label",),
            ("A" * 50 + " " + "B" * 50 + " " * 1 + "C" * 55 + " " + "D" * 50,),
            ("",),
            "label",
        ),
        (("number",), (2_000_000,), (2,), "number"),
        (("language",), ("belarusian",), ("",), "language"),
    ],
)
def test_what_the_database_would_refuse_is_said_of_its_row(
    admin_client, the_list, make_prisoner, columns, row, other, column
):
    make_prisoner("Adam Pryklad", slug="adam")
    settled()
    rows = [("Ihnat Novy", *row), ("Eva Novaja", *other)]

    page = send(admin_client, the_list, table(rows, ("name", *columns)))

    assert column in {each.column for each in page.context["plan"].problems}


def test_name_that_is_withheld_is_not_brought_in(admin_client, the_list, admin_user):
    Withholding.objects.create(
        words="Stsiapan Vydumeika", why="risk", answer="silence", started_by=admin_user
    )

    page = send(admin_client, the_list, table([(1, "Степан Выдумейко")]), do=True)

    assert "is withheld: leave the row out" in page.content.decode()
    assert not Entry.objects.exists()


def test_template_has_every_column_and_is_read_back(admin_client):
    for kind in ("csv", "xlsx"):
        answer = admin_client.get(f"/admin/timeline/source/list.{kind}")
        assert f'filename="list.{kind}"' in answer["Content-Disposition"]
        assert read(answer.content).columns == tuple(COLUMNS)
    book = load_workbook(io.BytesIO(answer.content))
    explained = [(row[0].value, row[1].value) for row in book["columns"].iter_rows()]
    assert [column for column, what in explained if what] == [*COLUMNS]
    assert admin_client.get("/admin/timeline/source/list.exe").status_code == 403


def test_document_that_is_no_list_is_told_how_to_become_one(admin_client, make_source):
    page = send(admin_client, make_source(), table([(1, "Adam Pryklad")]))

    assert "is a list of names" in page.content.decode()


def test_names_are_compared_word_by_word():
    assert is_one_name("Адам Прыклад", "Pryklad Adam")
    assert not is_one_name("Adam Pryklad", "Adam Adam")
    assert not is_one_name("Adam Pryklad", "Adam Pryklad Novy")


@pytest.fixture
def release(make_event, make_figure, make_source, site):
    event = make_event(title="The release", when="2025-12-13", lead=1, source=make_source())
    return make_figure(value=3, subject=event, source=make_source())


@pytest.fixture
def enter(make_prisoner, make_detention, make_source):
    """Put somebody into a list; with a page unless it is said otherwise."""

    def enter(source, number, label, says="freed", when="2025-12-13", has_page=True):
        person = Person.objects.filter(label=label).first()
        if person is None:
            standing = "published" if has_page else "draft"
            person = make_prisoner(label, slug=label.lower().replace(" ", "-"), standing=standing)
        said = {"printed": f"{label} as printed", "says": says, "when": when}
        return Entry.objects.create(source=source, number=number, person=person, **said)

    return enter


def test_page_of_lists_counts_all_and_names_who_has_a_page(client, release, enter, make_source):
    first, second = (make_source(slug=slug, is_list=True) for slug in ("first", "second"))
    enter(first, 1, "Adam Pryklad")
    enter(first, 2, "Eva Pryklad")
    enter(first, 3, "Hidden Canary", has_page=False)
    Entry.objects.create(source=first, number=4, printed="Nobody Canary", says="freed", when="2025")
    enter(second, 7, "Adam Pryklad", says="held", when="2025-12-14")
    enter(second, 8, "Eva Pryklad", says="held", when="2024")
    enter(second, 9, "Ihnat Novy", when="2025-06-21")

    page = client.get("/lists/")
    text = page.content.decode()

    assert "Canary" not in text
    counted = {
        each.source.slug: (each.freed, each.held, each.others, each.named)
        for each in page.context["places"].lists
    }
    assert counted == {"first": (4, 0, 0, 2), "second": (0, 2, 1, 3)}
    assert "4 of 3" in text  # what the lists say is told, also where it is more than there are
    assert [person.slug for person, _ in page.context["places"].differing] == ["adam-pryklad"]
    ((one, other, both),) = page.context["places"].overlaps
    assert (one.slug, other.slug, both) == ("first", "second", 2)
    assert "“Ihnat Novy as printed”, freed" in text
    assert release.get_absolute_url() in text


def test_page_of_lists_without_any_says_so(client, make_source):
    make_source(slug="a-list", is_list=True)

    text = client.get("/lists/").content.decode()

    assert "No list has been taken into this record name by name yet." in text
    assert "/sources/a-list/" in text


def test_who_stands_twice_in_a_list_is_told(client, release, enter, make_source):
    source = make_source(is_list=True)
    enter(source, 1, "Adam Pryklad")
    enter(source, 2, "Adam Pryklad")

    assert 'id="twice"' in client.get("/lists/").content.decode()


@pytest.fixture
def as_role(django_user_model):
    """A client of each role, and of one who may only look."""
    roles.install()

    def enter(role):
        user = django_user_model.objects.create_user(role.lower(), is_staff=True)
        if role == "Viewer":
            user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
        else:
            user.groups.add(Group.objects.get(name=role))
        client = SettlingClient()
        client.force_login(user)
        return client

    return enter


MAY = {"Viewer": False, roles.CONTRIBUTOR: False, roles.EDITOR: True, roles.OWNER: True}


@pytest.mark.parametrize(("role", "may"), MAY.items())
def test_editors_alone_bring_lists_in_match_entries_and_make_pages_public(
    as_role, the_list, make_person, make_particular, role, may
):
    client = as_role(role)
    entry = Entry.objects.create(source=the_list, number=1, printed="Eva", says="held")
    draft = make_person("Adam Pryklad", standing="draft")
    make_particular(draft)
    assert client.get(address(the_list)).status_code == (200 if may else 403)

    send(client, the_list, table([(2, "Ihnat Novy")]), do=True)
    assert not Entry.objects.filter(number=2).exists()  # a table is looked at first
    form = f"/admin/timeline/entry/{entry.pk}/change/"
    shown = client.get(form)
    assert shown.status_code == 200
    client.post(form, {**(form_of(shown) if may else {}), "person": draft.pk})
    assert (Entry.objects.get(number=1).person == draft) is may
    act(client, "/admin/people/person/", "publish", [draft.pk])
    assert Person.objects.published().filter(pk=draft.pk).exists() is may
    answer = client.post(f"/admin/timeline/entry/{entry.pk}/delete/", {"post": "yes"})
    assert answer.status_code == 403


def test_page_that_may_not_be_public_is_refused_and_says_why(as_role, make_person, make_particular):
    told = {
        "never_named": make_person("Adam Adamovy", standing="draft", never_named="minor"),
        "say why": make_person("Bazyl Bazylovy", standing="draft", named_because=""),
        "Nothing public is said": make_person("Ciprian Ciprovy", standing="draft"),
        "public already": make_person("Dalmat Dalmatovy"),
    }
    for words, person in told.items():
        if "Nothing" not in words:
            make_particular(person)

    page = act(
        as_role(roles.EDITOR), "/admin/people/person/", "publish", [p.pk for p in told.values()]
    )

    said = {str(message) for message in page.context["messages"]}
    for words, person in told.items():
        assert any(words in each and str(person) in each for each in said), words
    assert Person.objects.published().count() == 1


def test_entry_that_readers_see_is_mended_with_a_reason(
    admin_client, the_list, enter, make_detention
):
    entry = enter(the_list, 1, "Adam Pryklad")
    settled()
    form = f"/admin/timeline/entry/{entry.pk}/change/"
    sent = {**form_of(admin_client.get(form)), "printed": "Adam J. Pryklad"}

    assert "say why it changes" in admin_client.post(form, sent).content.decode()
    admin_client.post(form, {**sent, "reason": "It was misread."})

    assert Entry.objects.get().printed == "Adam J. Pryklad"
    assert Correction.objects.get().reason == "It was misread."
    late = admin_client.post(form, {**sent, "printed": "Adam K. Pryklad", "reason": "No."})
    assert "Meanwhile" in late.content.decode()
    assert Entry.objects.get().printed == "Adam J. Pryklad"


def test_merged_person_stands_in_the_lists_of_both_and_a_merged_list_keeps_its_numbers(
    the_list, make_source, enter, admin_user
):
    other = make_source(slug="its-double", publisher=the_list.publisher)
    first, second = enter(the_list, 1, "Adam Pryklad"), enter(other, 2, "Adam Priklad")
    enter(other, 1, "Eva Pryklad")
    settled()

    merge(second.person, first.person, admin_user, "One person.")
    merge(other, the_list, admin_user, "One list.")

    assert [*Entry.objects.filter(person=first.person).values_list("number", flat=True)] == [1, 2]
    assert [*the_list.entries.order_by("number").values_list("number", flat=True)] == [1, 2]
    assert other.entries.get().printed.startswith("Eva")


def test_withheld_person_is_on_no_list(client, release, enter, make_source, admin_user):
    source = make_source(is_list=True)
    entry = enter(source, 1, "Stsiapan Vydumeika")
    settled()
    assert "Vydumeika" in client.get("/lists/").content.decode()
    row = Withholding(person=entry.person, why="risk", answer="silence", neutral="[a prisoner]")

    start(row, admin_user)

    assert "Vydumeika" not in client.get("/lists/").content.decode()
    assert not [each for each in find(row) if each.label == "timeline.entry"]
    unmatched = Entry.objects.create(
        source=source, number=2, printed="Сцяпан Выдумейка", says="freed"
    )
    (mention,) = [each for each in find(row) if each.label == "timeline.entry"]
    assert mention.pk == unmatched.pk
