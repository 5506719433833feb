"""Private facts of living people are refused unless an editor records why they may stand.

Every sentence here is invented, and about nobody.
"""

import pytest

from tests.dossiers import EVENT, PERSON, SOURCE
from timeline.dossier.load import load as load_dossier
from timeline.dossier.reading import DossierError
from timeline.notation.privacy import Content, private_facts

PRIVATE = [
    ("a child", "Vasil Vydumany was met by his daughter."),
    ("a child", "обнял своих детей"),
    ("a child", "zobaczył syna"),
    ("a child", "traf seine Kinder"),
    ("an address", "He grew up in the village of Prydumka."),
    ("an address", "родом из деревни Придумка"),
    ("an address", "mieszkał przy ul. Zmyślonej"),
    ("whereabouts", "Vasil Vydumany volunteered in Prydumka after that."),
    ("whereabouts", "Vasil Vydumany was in Prydumka by late May."),
    ("whereabouts", "он живёт теперь у моря"),
    ("health", "Vasil Vydumany was diagnosed with something."),
    ("health", "перелом руки"),
    ("health", "He has diabetes."),
    ("health", "stwierdzono chorobę, chorobie"),
    ("a relative", "Vasil Vydumany telephoned his wife."),
    ("a relative", "встретился с женой"),
    ("a birth", "born in 1901"),
    ("a birth", "родился в 1901 году"),
    ("somebody who asked not to be named", "Two men spoke under changed names."),
]
PLAIN = [
    "The first release of its kind took place.",
    "The Ministry of Health said nothing.",
    "Father Vydumany, a priest, was freed.",
    "The Belarusian-born chess player spoke.",
    "He was found guilty of a minor charge.",
    "The government plans to return its ambassador.",
    "с начала военной операции",
    "Vasil Vydumany was freed and taken to Prydumka.",
    "Mass street protests followed.",
    "They spoke to reporters in a hospital.",
    "Prisoners died for lack of health care.",
    "The volunteers’ coordinator spoke.",
    "Officials met in the person of the chairman.",
    "Из больницы сообщили",
]


@pytest.mark.parametrize(("what", "text"), PRIVATE)
def test_private_fact_is_found_in_the_languages_of_the_sources(what, text):
    assert what in dict(private_facts(Content((text,), names=1)))


@pytest.mark.parametrize("text", PLAIN)
def test_what_is_not_private_is_left_alone(text):
    assert private_facts(Content((text,), names=1)) == []


@pytest.mark.parametrize("who", ["by_subject", "by_official"])
def test_health_may_be_told_by_the_person_or_an_official_body(who):
    reported = {
        "texts": ("He was diagnosed with something.",),
        "property": "health",
        "value": "ill",
    }

    assert ("health", "ill") in private_facts(Content(**reported))
    assert private_facts(Content(**reported, **{who: True})) == []


def test_relative_may_be_named_beside_another_person_on_record():
    texts = ("Vasil Vydumany met his sister, Vera Vydumanaja.",)

    assert private_facts(Content(texts, names=1)) == [("a relative", "sister")]
    assert private_facts(Content(texts, names=2)) == []


def test_relative_on_record_may_be_named():
    reported = Content(
        ("Kin.",), property="relation", value="Vera Vydumanaja (aunt)", is_known=True
    )

    assert private_facts(reported) == []


def test_unknown_relative_is_not_named():
    assert private_facts(Content(("Kin.",), property="relation", value="Vera (aunt)", names=1)) == [
        ("a relative’s name", "Vera (aunt)")
    ]


@pytest.mark.parametrize(
    ("fields", "is_full"),
    [
        ({"when": "1901", "value": "1901"}, False),
        ({"when": "1901-02"}, True),
        ({"when": "1901-02-03"}, True),
        ({"when": "1901", "value": "3 February 1901"}, True),
        ({"when": "1901", "texts": ("Дата: 3 февраля 1901",)}, True),
        ({"when": "1901", "texts": ("3.2.1901",)}, True),
        ({"when": "1901", "texts": ("the 3rd of May 1901",)}, True),
    ],
)
def test_of_a_birth_only_the_year_is_told(fields, is_full):
    result = private_facts(Content(**{"texts": ("He is old.",), **fields, "property": "birth"}))

    assert ("a full date of birth" in dict(result)) is is_full


def particular(**fields):
    return {
        "id": "vydumany-fact",
        "person": PERSON["id"],
        "property": "condition",
        "value": "something",
        "text": "Something was so.",
        "citations": [
            {"key": "c9", "source": SOURCE["id"], "paragraph": 1, **fields.pop("citation", {})}
        ],
        **fields,
    }


@pytest.fixture
def load(folder):
    path, write = folder

    def load(**fields):
        write("particulars", particular(**fields))
        load_dossier(path)

    return load


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [
        {"text": "He was met by his daughter."},
        {"value": "his daughter"},
        {"citation": {"excerpt": "his daughter came"}},
        {"citation": {"reported_as": "daughter"}},
        {"note": "The daughter is not named."},
        {"confidence": "hold", "why": "His daughter is named in it."},
        {"state": "draft", "text": "He was met by his daughter."},
    ],
)
def test_loader_refuses_a_private_fact_wherever_it_stands_even_on_hold(load, fields):
    with pytest.raises(DossierError, match="tells of a child"):
        load(**fields)

    load(**fields, private_why="She is a public figure herself.")


@pytest.mark.django_db
def test_loader_knows_the_persons_own_word(load):
    health = {"property": "health", "value": "ill", "text": "He said that his health was bad."}

    with pytest.raises(DossierError, match="tells of health"):
        load(**health)
    for speaker in ("’s lawyer", ", according to his lawyer", " (a friend of)"):
        with pytest.raises(DossierError, match="tells of health"):
            load(**health, citation={"attributed_to": f"{PERSON['label']}{speaker}"})
    load(**health, citation={"attributed_to": f"{PERSON['label']} (to The Herald)"})


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "record"),
    [
        ("people", {**PERSON, "note": "Has a daughter."}),
        ("sources", {**SOURCE, "note": "Shows his daughter."}),
        ("exclusions", {"id": "left", "what": "The name of a daughter", "reason": "Private."}),
        (
            "corrections",
            {
                "id": "c",
                "kind": "withdrawal",
                "made_on": "2026-01-01",
                "was": "His daughter.",
                "now": "Gone.",
                "reason": "Private.",
            },
        ),
        (
            "disputes",
            {"id": "d", "question": "Has he a daughter?", "kind": "conflict", "state": "draft"},
        ),
    ],
)
def test_loader_refuses_it_in_every_file(folder, name, record):
    path, write = folder
    write(name, record)

    with pytest.raises(DossierError, match="tells of a child"):
        load_dossier(path)


@pytest.mark.django_db
def test_politician_named_beside_them_does_not_open_the_way_to_relatives(folder):
    path, write = folder
    write(
        "people",
        {**PERSON, "prisoner": True},
        {
            "id": "pavel",
            "label": "Pavel Palityk",
            "sort_name": "Palityk, Pavel",
            "named_because": "public-figure",
        },
    )
    write("particulars", particular(text="He telephoned his wife, Pavel Palityk said."))

    with pytest.raises(DossierError, match="tells of a relative"):
        load_dossier(path)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "part",
    [
        {"omissions": [{"paragraph": 1, "kind": "opinion", "what": "His daughter", "reason": "x"}]},
        {"relays": [{"publisher": "the-herald", "basis": "stated", "basis_note": "his daughter"}]},
    ],
)
def test_what_belongs_to_a_document_is_asked_too(folder, part):
    path, write = folder
    write("sources", {**SOURCE, **part})

    with pytest.raises(DossierError, match="tells of a child"):
        load_dossier(path)


@pytest.mark.django_db
def test_only_what_can_say_why_is_told_that_it_may(folder, load):
    path, write = folder
    write("people", {**PERSON, "note": "Has a daughter."})
    with pytest.raises(DossierError) as refused:
        load_dossier(path)
    assert "private_why" not in str(refused.value)

    write("people", PERSON)
    with pytest.raises(DossierError, match="private_why"):
        load(text="His daughter came.")


@pytest.mark.django_db
def test_title_of_a_document_is_as_printed(folder):
    path, write = folder
    write("sources", {**SOURCE, "title": "A daughter waits", "title_basis": "seen"})
    write("events", EVENT)

    load_dossier(path)
