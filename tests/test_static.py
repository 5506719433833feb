"""Style sheets: written to be read, served without what only readers of the code need."""

import json
import re

import brotli
import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

from eventsite.static import minified

SHEETS = sorted((settings.BASE_DIR / "static" / "css").glob("*.css"))
LONGEST = 120


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_lines_of_a_style_sheet_can_be_reviewed(path):
    lines = path.read_text("utf-8").splitlines()

    assert not [line for line in lines if len(line) > LONGEST]
    assert max(line.count(";") for line in lines if "/*" not in line) == 1


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_nothing_but_space_and_remarks_is_taken_out(path):
    def bare(style):
        style = re.sub(r"/\*.*?\*/", "", style, flags=re.S)
        return re.sub(r"\s+", "", style).replace(";}", "}")

    written = path.read_text("utf-8")

    assert bare(minified(written)) == bare(written)


@pytest.mark.parametrize(
    "style",
    [
        "a :hover{b:c}",  # of something within, not of itself
        "a{b:calc(1px + 2px)}",
        "a{b:calc(1px - var(--c))}",
        "@media (width>=40em) and (hover){a{b:c}}",
        "a{b:'two  spaces /* no remark */'}",
        "a{--empty: ;--b:var(--c, 1px)}",
    ],
)
def test_space_that_means_something_stays(style):
    """What a writer may break over lines means what it meant on one."""
    broken = style.replace("{", " {\n  ").replace(" + ", "\n  + ").replace(" and ", "\n  and ")

    assert minified(broken) == minified(style)
    for part in (" :hover", "1px + 2px", "1px - var", ") and (", "'two  spaces /* no remark */'"):
        assert (part in style) == (part in minified(style)), part


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.stem)
def test_rules_stand_as_deep_as_they_are_written(path):
    """A rule that left its @media on the way to another file still looks as if it were in one."""
    depth = 0
    for line in re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.S).splitlines():
        depth -= line.count("}")
        if line.strip():
            assert len(line) - len(line.lstrip()) == 2 * depth, line
        depth += line.count("{")
    assert depth == 0


@override_settings(
    STORAGES={
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "eventsite.static.MinifiedStaticFilesStorage"},
    }
)
def test_collected_style_sheets_are_minified_named_and_compressed(tmp_path):
    with override_settings(STATIC_ROOT=tmp_path):
        call_command("collectstatic", verbosity=0, interactive=False)

    names = json.loads((tmp_path / "staticfiles.json").read_text())["paths"]
    for path in SHEETS:
        served = tmp_path / names[f"css/{path.name}"]
        reported = served.read_text("utf-8")
        unnamed = re.sub(r'url\("(.*?)\.[0-9a-f]{12}(\..*?)"\)', r"url(\1\2)", reported)
        assert unnamed == minified(path.read_text("utf-8"))
        packed = served.with_name(served.name + ".br").read_bytes()
        assert brotli.decompress(packed).decode("utf-8") == reported
    admin = (tmp_path / names["admin/css/base.css"]).read_text("utf-8")
    assert admin.count("\n") > 100  # not ours: left as it came
