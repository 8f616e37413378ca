"""How Inter-*.ttf here were made from the upstream web fonts (needs fonttools and brotli; run once, by hand).

npm pack inter-ui@4.1.1 && tar xzf inter-ui-4.1.1.tgz
python subset.py package/web package/LICENSE.txt
"""

import shutil
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

WEIGHTS = ("Regular", "Medium", "SemiBold")
FEATURES = ["tnum", "kern", "liga", "calt", "ccmp", "locl", "mark", "mkmk"]
RANGES = [
    (0x0020, 0x017F),  # Latin, Latin-1, Extended-A
    (0x0218, 0x021B),  # Romanian
    (0x02C6, 0x02DD),  # accents by themselves
    (0x0300, 0x0328),  # combining marks
    (0x0370, 0x03FF),  # Greek
    (0x0400, 0x045F),  # Cyrillic
    (0x0490, 0x0491),  # Ukrainian
    (0x1D2C, 0x1D6A),  # letters as superscripts and subscripts
    (0x2000, 0x206F),  # spaces, dashes, quotes
    (0x2070, 0x209F),  # superscripts and subscripts
    (0x20A0, 0x20BF),  # currencies
    (0x2100, 0x214F),  # letterlike signs
    (0x2190, 0x21FF),  # arrows
    (0x2200, 0x22FF),  # mathematical operators
    (0x25A0, 0x25FF),  # geometric shapes
    (0x2605, 0x2606),  # stars
]

# Upstream's tnum widens spaces, hyphens and brackets too, which pulls words apart where it is on for all text.
TABULAR = {"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"}
TABULAR |= {"period", "comma", "plus", "minus", "plusminus"}


def keep_words_together(font: TTFont) -> None:
    """Leave in `tnum` only what stands in columns of numbers."""
    table = font["GSUB"].table
    features = [record.Feature for record in table.FeatureList.FeatureRecord if record.FeatureTag == "tnum"]
    for number in {number for feature in features for number in feature.LookupListIndex}:
        for part in table.LookupList.Lookup[number].SubTable:
            mapping = getattr(part, "ExtSubTable", part).mapping
            for glyph in set(mapping) - TABULAR:
                del mapping[glyph]


def main() -> None:
    """Subset each weight into this folder and put the licence beside it."""
    source, licence = Path(sys.argv[1]), Path(sys.argv[2])
    here = Path(__file__).parent
    for weight in WEIGHTS:
        font = TTFont(source / f"Inter-{weight}.woff2")
        keep_words_together(font)
        options = subset.Options(layout_features=FEATURES, notdef_outline=True, hinting=False, name_IDs=["*"])
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=[code for first, last in RANGES for code in range(first, last + 1)])
        subsetter.subset(font)
        font.flavor = None
        font.save(here / f"Inter-{weight}.ttf")
    shutil.copy(licence, here / "OFL.txt")


main()
