"""The floors of the house: imports run down, and nothing runs back up."""

import ast
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
HOUSES = ("people", "timeline", "eventsite")
# From the street up. Rooms of one floor stand apart: neither imports the other.
FLOORS = (
    ("people", "eventsite"),
    ("timeline.notation",),
    ("timeline.fields", "timeline.guard", "timeline.revision"),
    ("timeline.statistics", "timeline.touched"),
    ("timeline.checks",),
    ("timeline.models",),
    ("timeline.derived", "timeline.health"),
    ("timeline.editing", "timeline.pages"),
    ("timeline.dossier",),
    ("timeline.sharing",),
    (
        *("timeline.views", "timeline.admin", "timeline.doors"),
        *("timeline.templatetags", "timeline.management"),
    ),
    ("timeline.urls", "timeline.migrating", "timeline.admin_site"),
    ("timeline.apps",),
)
FLOOR_OF = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}


def room_of(module):
    """The room of a module, by its dotted name; None for what is not ours."""
    house, *rest = module.split(".")
    if house not in HOUSES:
        return None
    return ".".join([house, *rest[:1]]) if house == "timeline" else house


def name_of(path, root):
    return ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")


def imported(path, root):
    """The dotted names of all that a file imports, inside its functions too."""
    package = name_of(path, root).split(".")
    package = package if path.stem == "__init__" else package[:-1]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            # `from timeline import x` may name a room; `from timeline.models import X` a class.
            yield from (f"{base}.{alias.name}" for alias in node.names)


def modules(root):
    """Every module of ours but tests and migrations, which name what once was."""
    result = [path for house in HOUSES for path in (root / house).rglob("*.py")]
    return [path for path in result if "migrations" not in path.parts]


def climbs(root):
    """[(module, what it imports from above or from next door)]."""
    result = []
    for path in modules(root):
        here = name_of(path, root)
        for module in imported(path, root):
            mine, other = room_of(here), room_of(module)
            if other is None or mine == other:
                continue
            if FLOOR_OF[other] >= FLOOR_OF[mine]:
                result.append((here, module))
    return result


def test_nothing_imports_upwards():
    assert not climbs(ROOT)


def test_every_module_is_in_a_room():
    flat = {room_of(name_of(path, ROOT)) for path in modules(ROOT)} - {"timeline"}
    assert flat == set(FLOOR_OF)


def test_models_hide_no_circle_inside_a_function():
    for path in (ROOT / "timeline" / "models").glob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
        inner = [node for each in functions for node in ast.walk(each)]
        assert not [n for n in inner if isinstance(n, ast.Import | ast.ImportFrom)], path


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("people/models.py", "from timeline.models import Claim"),
        ("timeline/notation/dates.py", "from timeline.models import Claim"),
        ("timeline/models/claims.py", "def late():\n    from timeline.derived import lineage"),
        ("timeline/models/claims.py", "from ..derived import lineage"),
        ("timeline/derived/lineage.py", "from timeline import pages"),
        ("timeline/derived/lineage.py", "import timeline.editing.rules"),
        ("timeline/pages/notes.py", "from timeline.editing.rules import problems"),
        ("timeline/pages/notes.py", "from timeline.views.answers import gone"),
        ("timeline/dossier/load.py", "from timeline.admin import claims"),
        ("timeline/views/home.py", "from timeline.admin.claims import ClaimAdmin"),
        ("eventsite/pages.py", "# first line\nimport os\nfrom people.models import Person"),
        ("eventsite/pages.py", "import os\nfrom timeline.models import Claim"),
    ],
)
def test_floors_notice_an_import_that_climbs(tmp_path, path, line):
    place = tmp_path / path
    place.parent.mkdir(parents=True)
    place.write_text(line + "\n")

    assert climbs(tmp_path)


def test_floors_let_imports_run_down(tmp_path):
    place = tmp_path / "timeline/pages/notes.py"
    place.parent.mkdir(parents=True)
    place.write_text("from timeline.derived.lineage import Lineage\nfrom . import strips\n")

    assert not climbs(tmp_path)
