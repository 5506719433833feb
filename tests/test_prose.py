"""Prose without ids, excerpts in the language of their page, nothing quoted that was not read."""

import pytest

from tests.dossiers import EVENT, SOURCE
from timeline.dossier.load import load as load_dossier
from timeline.dossier.reading import DossierError
from timeline.notation.prose import ids, other_language, present_state

KNOWN = {"invented-event-2020", "vasil-vydumany", "k2m4p6q8"}


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("Denied elsewhere (invented-event-2020).", ["invented-event-2020"]),
        ("See vasil-vydumany, and invented-event-2020.", ["invented-event-2020", "vasil-vydumany"]),
        ("A well-known person spoke on 2020-08-09.", []),
        ("Printed at https://example.org/vasil-vydumany-speaks", []),
        ("Vasil Vydumany spoke.", []),
        ("See k2m4p6q8.", ["k2m4p6q8"]),
    ],
)
def test_ids_are_found_in_prose_and_words_are_not(text, result):
    assert ids(text, KNOWN.intersection) == result


@pytest.mark.parametrize(
    ("excerpt", "language", "is_other"),
    [
        ("he was freed on the day", "en", False),
        ("его освободили в тот день", "en", True),
        ("he was freed on the day", "ru", True),
        ("его освободили в тот день", "ru", False),
        ("його звільнили того дня", "ru", True),
        ("его освободили, выданный", "uk", True),
        ("його звільнили того дня", "uk", False),
        ("яго вызвалілі ў той дзень", "be", False),
        ("его освободили и увезли", "be", True),
        ("jaho vyzvalili", "be", False),
        ("був звільнений", "be", True),
        ("釈放された", "ja", False),
        ("was freed", "ja", True),
        ("zostali uwolnieni", "pl", False),
        ("which were freed by them", "pl", True),
        ("109", "uk", False),
        ("", "uk", False),
    ],
)
def test_excerpt_in_another_language_than_its_page_is_seen(excerpt, language, is_other):
    assert bool(other_language(excerpt, language)) is is_other


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Vasil Vydumany is still imprisoned.", "is still imprisoned"),
        ("They are held in Colony A.", "are held"),
        ("She remains behind bars.", "remains behind bars"),
        ("He serves his term in Colony A.", "serves his term"),
        ("He is free.", "is free"),
        ("She is currently imprisoned.", "is currently imprisoned"),
        ("He is under house arrest.", "is under house arrest"),
        ("They are in a penal colony.", "are in a penal colony"),
        ("Elections are held every five years.", ""),
        ("The goods are free of duty.", ""),
        ("Vasil Vydumany was still imprisoned on 1 May 2021.", ""),
        ("They remained behind bars.", ""),
        ("He is a free thinker.", ""),
    ],
)
def test_state_that_can_end_is_not_told_in_the_present_tense(text, words):
    assert present_state(text) == words


def load(folder, event=(), source=()):
    path, write = folder
    write("sources", {**SOURCE, **dict(source)})
    write("events", {**EVENT, **dict(event)})
    load_dossier(path)


def citation(**fields):
    return {"citations": [{"key": "c1", "source": SOURCE["id"], "paragraph": 1, **fields}]}


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["text", "note", "why"])
def test_loader_refuses_prose_that_names_a_record_by_its_id(folder, field):
    reported = {field: "As the-herald-2025 says."}
    if field == "why":
        reported["confidence"] = "doubtful"

    with pytest.raises(DossierError, match="names the record “the-herald-2025” by its id"):
        load(folder, reported)


@pytest.mark.django_db
def test_loader_refuses_a_bare_present_tense(folder):
    with pytest.raises(DossierError, match="say as of when, in the past tense"):
        load(folder, {"text": "Vasil Vydumany is still imprisoned."})
    load(folder, {"text": "Vasil Vydumany was still imprisoned on 1 May 2021."})


@pytest.mark.django_db
@pytest.mark.parametrize(
    "said", [{"excerpt_language": "en"}, {"is_translated": "true"}, {"excerpt": "12"}]
)
def test_loader_refuses_an_excerpt_in_another_language_unless_it_says_so(folder, said):
    polish = {"language": "pl"}
    excerpt = {"excerpt": "the man was freed"}
    with pytest.raises(DossierError, match="is not in the language of its page"):
        load(folder, citation(**excerpt), polish)

    load(folder, citation(**{**excerpt, **said}), polish)


@pytest.mark.django_db
def test_loader_refuses_words_from_a_document_nobody_read(folder):
    unseen = {"is_unseen": "true"}
    doubtful = {"confidence": "doubtful", "why": "Known from a register."}

    with pytest.raises(DossierError, match="was not read itself, so it can have no excer"):
        load(folder, {**doubtful, **citation(excerpt="it happened")}, unseen)
    with pytest.raises(DossierError, match="mark it as doubtful"):
        load(folder, citation(), unseen)
    load(folder, {**doubtful, **citation()}, unseen)


@pytest.mark.django_db
def test_translated_excerpt_says_so_on_its_pages(client, make_event, cite, make_source):
    event = make_event(cited=False, state="draft")
    source = make_source("the-herald")
    cite(event, source=source, excerpt="the man was freed", is_translated=True)
    event.state = "published"
    event.save()

    for page in (event.get_absolute_url(), source.get_absolute_url()):
        assert "our translation" in client.get(page).content.decode()
