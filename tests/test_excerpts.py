import pytest
from django.core.management import CommandError, call_command

from timeline.models import Account, Position
from timeline.notation import excerpts

TEXT = "\n  First “line” of  the text.\n\n\nThe second\u00a0line’s words.\n"


@pytest.fixture
def founding(make_source, make_event, cite):
    """A fully coded source of two paragraphs; returns a function that cites it."""
    source = make_source(coding="full", paragraphs=2, founding_number="007")

    def make(**fields):
        return cite(make_event(), source=source, **fields)

    return make


@pytest.fixture
def texts(tmp_path):
    (tmp_path / "007.txt").write_text(TEXT)
    return str(tmp_path)


def test_paragraphs_are_the_lines_that_are_not_empty():
    assert excerpts.paragraphs(TEXT) == ['First "line" of the text.', "The second line's words."]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("paragraph", "excerpt"),
    [(1, "First “line” of"), (1, 'First "line" of'), (2, "second line's words"), (2, "The second")],
)
def test_true_excerpt_passes(founding, texts, capsys, paragraph, excerpt):
    founding(paragraph=paragraph, excerpt=excerpt)

    call_command("check_excerpts", "--texts", texts)

    assert "1 excerpts stand" in capsys.readouterr().out


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"paragraph": 1, "excerpt": "second line"}, "is not in the paragraph"),
        ({"paragraph": 1, "excerpt": "first line"}, "is not in the paragraph"),
        ({"paragraph": 3, "excerpt": "First"}, "no such paragraph"),
        ({"excerpt": "First"}, "no such paragraph"),
        ({"paragraph": 1}, "no excerpt pins"),
    ],
)
def test_untrue_excerpt_fails_with_its_place(founding, texts, capsys, fields, said):
    founding(paragraph=2, excerpt="The second")
    founding(**fields)

    with pytest.raises(CommandError, match="1 of 2 excerpts"):
        call_command("check_excerpts", "--texts", texts)

    assert said in capsys.readouterr().err


@pytest.mark.django_db
def test_wrong_paragraph_count_fails(founding, texts, capsys):
    citation = founding(paragraph=1, excerpt="First")
    citation.source.paragraphs = 5
    citation.source.save()

    with pytest.raises(CommandError):
        call_command("check_excerpts", "--texts", texts)

    assert "5 paragraphs on record, 2 read" in capsys.readouterr().err


@pytest.mark.django_db
def test_missing_text_and_empty_record_fail(founding, tmp_path):
    with pytest.raises(CommandError, match=r"007\.txt is missing"):
        call_command("check_excerpts", "--texts", tmp_path)


@pytest.mark.django_db
def test_nothing_to_check_is_not_a_success(tmp_path):
    with pytest.raises(CommandError, match="load the dossier first"):
        call_command("check_excerpts", "--texts", tmp_path)


@pytest.mark.django_db
@pytest.mark.parametrize("paragraph", [None, 1, 3])
def test_untrue_words_of_an_account_fail_too(founding, make_dispute, texts, capsys, paragraph):
    source = founding(paragraph=2, excerpt="The second").source
    position = Position.objects.create(dispute=make_dispute(), answer="yes")
    Account.objects.create(
        position=position, source=source, paragraph=paragraph, excerpt="The second"
    )

    with pytest.raises(CommandError, match="1 of 2 excerpts"):
        call_command("check_excerpts", "--texts", texts)

    assert "account: “The second” is not there" in capsys.readouterr().err
