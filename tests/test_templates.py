"""Templates: written in short lines, served without their indentation, words kept apart."""

import pytest
from django.conf import settings
from django.template.loader import render_to_string

from eventsite.templates import joined

TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
LONGEST = 120


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_lines_of_a_template_can_be_reviewed(path):
    assert not [line for line in path.read_text("utf-8").splitlines() if len(line) > LONGEST]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_nothing_in_a_template_needs_its_line_breaks(path):
    """Lines are joined everywhere, so elements that show their line breaks can't be written."""
    text = path.read_text("utf-8")

    assert not [name for name in ("pre", "textarea", "script>", "style") if f"<{name}" in text]


@pytest.mark.parametrize(
    ("written", "served"),
    [
        ("freed\non", "freed on"),
        ("<p>\n  freed on\n  a day\n</p>\n", "<p> freed on a day </p>"),
        ("{% if a %}\n  freed\n{% endif %}\non", "{% if a %} freed {% endif %} on"),
        ("<b>a</b>\n\n\n<b>b</b>", "<b>a</b> <b>b</b>"),
        ("<a href='b'\n    id='c'>", "<a href='b' id='c'>"),
        ("<b>\\\n  a\\\n</b>\\\n, c", "<b>a</b>, c"),
        ("two  spaces \\ and a backslash", "two  spaces \\ and a backslash"),
        ("\n{{ a }}\n", "{{ a }}"),
    ],
)
def test_a_broken_line_never_runs_two_words_together(written, served):
    assert joined(written) == served


def test_templates_of_other_packages_are_left_alone(tmp_path):
    with_breaks = render_to_string("admin/search_form.html", {"cl": {"search_fields": ["a"]}})

    assert "\n" in with_breaks.strip()


def test_what_is_served_is_joined(client, db):
    page = client.get("/about/").content.decode()

    assert page.startswith("<!doctype html>")
    assert "\n" not in page
    assert "How this record is made</a>. <a" in page
