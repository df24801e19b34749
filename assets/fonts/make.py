#!/usr/bin/env python3
"""Makes the bundled fonts from Inter (Debian package fonts-inter, SIL OFL 1.1).

The window's text engine has no switch for tabular figures, and NHS numbers and
dates in columns need them: here the tabular digits take the place of the
proportional ones, and everything a window in English does not need is left out.
Run it where fonttools is installed: python3 assets/fonts/make.py
"""
from pathlib import Path
from fontTools import subset
from fontTools.ttLib import TTFont

SOURCE = Path("/usr/share/fonts/opentype/inter")
HERE = Path(__file__).parent
# Latin with accents as they stand in names, punctuation, arrows and the shapes
# that go with each likelihood.
TEXT = [*range(0x20, 0x7F), *range(0xA0, 0x250), *range(0x1E00, 0x1F00), 0x2010, 0x2011, 0x2012, 0x2013, 0x2014,
        0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2026, 0x2039, 0x203A, 0x20AC, 0x2190, 0x2191, 0x2192, 0x2193,
        0x21B5, 0x21E5, 0x2212, 0x25A0, 0x25A1, 0x25B2, 0x25B4, 0x25B6, 0x25B8, 0x25BC, 0x25BE, 0x25C6, 0x25CB,
        0x25CF, 0x2713, 0x2715, 0x2717, 0x00D7]

for weight in ("Regular", "SemiBold"):
    font = TTFont(SOURCE / f"Inter-{weight}.otf")
    gsub = font["GSUB"].table
    tabular = {}
    for feature in gsub.FeatureList.FeatureRecord:
        if feature.FeatureTag == "tnum":
            for index in feature.Feature.LookupListIndex:
                for rule in gsub.LookupList.Lookup[index].SubTable:
                    tabular.update(getattr(rule, "ExtSubTable", rule).mapping)
    for table in font["cmap"].tables:
        for code in range(ord("0"), ord("9") + 1):
            table.cmap[code] = tabular.get(table.cmap.get(code), table.cmap.get(code))
    options = subset.Options()
    options.layout_features = ["kern", "mark", "mkmk", "ccmp", "locl", "case"]
    options.name_IDs = ["*"]
    options.notdef_outline = True
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=TEXT)
    subsetter.subset(font)
    font.save(HERE / f"Inter-{weight}.otf")
    missing = [hex(c) for c in TEXT if c not in font.getBestCmap()]
    print(weight, (HERE / f"Inter-{weight}.otf").stat().st_size, "not in Inter:", missing)
