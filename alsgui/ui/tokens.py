"""The named colours of the window, light and dark. Everything that is drawn takes its colour from here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Tokens:
    """One value (`#RRGGBB`) for each role that a colour plays.

    Users are violet and movies ochre everywhere; the accent is the app itself; positive and negative are the
    signs of numbers; training and hold-out are curves. None of these is used for anything else.
    """

    bg: str
    surface: str
    raised: str
    rail: str
    sunken: str
    border: str
    border_strong: str
    text: str
    muted: str
    faint: str
    user: str
    user_soft: str
    movie: str
    movie_soft: str
    positive: str
    negative: str
    training: str
    holdout: str
    older: str
    missing: str
    ok: str
    ok_soft: str
    warning: str
    warning_soft: str
    error: str
    error_soft: str
    info_soft: str
    accent: str
    accent_hover: str
    accent_press: str
    accent_soft: str
    on_accent: str
    selection: str
    hover: str
    grid: str


LIGHT = Tokens(
    bg="#F3F5F6",
    surface="#FFFFFF",
    raised="#FFFFFF",
    rail="#E9EDEF",
    sunken="#EAEDEF",
    border="#DADFE3",
    border_strong="#84919B",
    text="#16222B",
    muted="#52616C",
    faint="#84919B",
    user="#7E3FA8",
    user_soft="#F1E7F7",
    movie="#8F5600",
    movie_soft="#FAECD2",
    positive="#1F62B5",
    negative="#B3243F",
    training="#0F6CB8",
    holdout="#C64B00",
    older="#B9C3CA",
    missing="#C7C8CE",
    ok="#1A7443",
    ok_soft="#E0F3E8",
    warning="#8A5A00",
    warning_soft="#FFF3D6",
    error="#B3261E",
    error_soft="#FCE8E6",
    info_soft="#E3EEF2",
    accent="#0B6A82",
    accent_hover="#08566A",
    accent_press="#064452",
    accent_soft="#DCEDF1",
    on_accent="#FFFFFF",
    selection="#D5EAF0",
    hover="#EEF2F4",
    grid="#E8ECEE",
)

DARK = Tokens(
    bg="#12181D",
    surface="#192127",
    raised="#212B32",
    rail="#0E1418",
    sunken="#0E1317",
    border="#2A353D",
    border_strong="#6C7B86",
    text="#E4EAEE",
    muted="#9DACB7",
    faint="#6C7B86",
    user="#D29BEF",
    user_soft="#35244A",
    movie="#E8B05C",
    movie_soft="#3A2C14",
    positive="#6FB0F5",
    negative="#F5818E",
    training="#5AB0F2",
    holdout="#F58B45",
    older="#52626E",
    missing="#4E505A",
    ok="#5CC98D",
    ok_soft="#15352A",
    warning="#E5B454",
    warning_soft="#382C12",
    error="#F58A80",
    error_soft="#43201D",
    info_soft="#17303A",
    accent="#4DB8D1",
    accent_hover="#71CBE0",
    accent_press="#94DAEA",
    accent_soft="#17383F",
    on_accent="#06222A",
    selection="#173B46",
    hover="#222C34",
    grid="#253038",
)


def contrast(one: str, other: str) -> float:
    """Contrast ratio (1 to 21) of two `#RRGGBB` colours, as WCAG 2 defines it."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
