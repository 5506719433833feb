"""Whole faces to draw share images with, made once of the site's own web fonts:

    python timeline/sharing/faces/make.py

Needs fonttools and brotli, which are installed for tests. Pillow takes one face at a time and knows
no fallback, so the subsets of a family are merged, each at one weight. Sofia Sans draws Cyrillic
the Bulgarian way unless told otherwise: the forms of other languages become its ordinary ones, as
names here are Belarusian, Ukrainian and Russian. The fonts' licence (OFL, in static/fonts) allows
it; the same fonts give the same bytes.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from fontTools.merge import Merger
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

HERE = Path(__file__).parent
WEB = HERE.parents[2] / "static" / "fonts"
PARTS = ("latin", "ext", "cyr")
FACES = {
    "text": ("brygada", 450),
    "name": ("brygada", 600),
    "label": ("sofia", 450),
    "bold": ("sofia", 650),
}


def part(family, name, weight):
    font = instantiateVariableFont(TTFont(WEB / f"{family}-{name}.woff2"), {"wght": weight})
    if name == "cyr":
        with_usual_forms(font)
    for table in ("STAT", "GSUB"):  # no shaping is needed for a headline; kerning (GPOS) is
        if table in font:
            del font[table]
    font.flavor = None
    return font


def with_usual_forms(font):
    """Make the letters of the language system RUS the default ones."""
    swaps = {}
    for subtable in local_forms(font):
        swaps |= getattr(subtable, "mapping", None) or subtable.ExtSubTable.mapping
    for table in font["cmap"].tables:
        table.cmap = {code: swaps.get(glyph, glyph) for code, glyph in table.cmap.items()}


def local_forms(font):
    table = font["GSUB"].table if "GSUB" in font else None
    for script in table.ScriptList.ScriptRecord if table else ():
        for system in script.Script.LangSysRecord:
            if (script.ScriptTag, system.LangSysTag) != ("cyrl", "RUS "):
                continue
            for index in system.LangSys.FeatureIndex:
                feature = table.FeatureList.FeatureRecord[index]
                if feature.FeatureTag == "locl":
                    for lookup in feature.Feature.LookupListIndex:
                        yield from table.LookupList.Lookup[lookup].SubTable


def make(name, family, weight):
    with TemporaryDirectory() as folder:
        paths = []
        for each in PARTS:
            paths.append(str(Path(folder) / f"{each}.ttf"))
            part(family, each, weight).save(paths[-1])
        whole = Merger().merge(paths)
    whole["head"].created = whole["head"].modified = 0
    whole.recalcTimestamp = False
    whole.save(HERE / f"{name}.ttf")


if __name__ == "__main__":
    for name, (family, weight) in FACES.items():
        make(name, family, weight)
