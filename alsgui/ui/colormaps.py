"""Colour maps as tables of 256 colours, between knots at equal distances (at most 5 of 255 from the originals)."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from numpy import uint8
    from numpy.typing import NDArray

# Every eighth colour of the published maps (viridis: S. van der Walt, N. Smith; cividis: J. Nuñez and others).
VIRIDIS = (
    "440154 470D60 48186A 482374 472D7B 453781 424086 3E4989 3B528B 375B8D 33638D "
    "2F6B8E 2C728E 297A8E 26828E 23898E 21918C 1F978B 1F9F88 21A685 27AD81 31B57B "
    "3DBC74 4CC26C 5CC863 6ECE58 81D34D 95D840 AADC32 C0DF25 D5E21A EAE51A FDE725"
)
CIVIDIS = (
    "00204D 00265A 002C69 00306F 06366E 1F3C6D 2D426C 38486B 414D6B 4A536B 52596C "
    "595F6D 61646F 686A71 6F7073 767676 7D7C78 848179 8B8779 938E78 9B9477 A39A76 "
    "ACA174 B4A872 BCAF6F C5B56C CEBC68 D7C463 E0CB5E E9D358 F2DA50 FBE248 FFEA46"
)
# From minus to plus; zero recedes into the paper of each theme.
DIVERGING_LIGHT = "6E0F24 B3243F DD7B89 F3C6CB F9F9F7 BBD4EC 6FA3D8 1F62B5 0C3A78"
DIVERGING_DARK = "FFB8BE F5818E B4505F 5C2C36 1A1F23 24405F 3B73AE 6FB0F5 B4D8FF"


@cache
def table(knots: str) -> NDArray[uint8]:
    """Read-only (256, 4) uint8 table of RGBA between `knots` (hex colours from low to high)."""
    import numpy as np

    colours = np.array([list(bytes.fromhex(knot)) for knot in knots.split()], dtype=float)
    places = np.linspace(0, 1, len(colours))
    rgba = np.full((256, 4), 255, dtype=np.uint8)
    for channel in range(3):
        rgba[:, channel] = np.rint(np.interp(np.linspace(0, 1, 256), places, colours[:, channel]))
    rgba.setflags(write=False)
    return rgba
