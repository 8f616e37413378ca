"""The look follows light, dark, text size and contrast, and can be read in all of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QObject, QSize
from PySide6.QtGui import QFontInfo, QFontMetricsF, QIcon, QPalette
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from alsgui.ui import icons, theme
from alsgui.ui.tokens import DARK, LIGHT, Tokens, contrast

INKS = ("text", "muted", "accent", "user", "movie", "positive", "negative", "ok", "warning", "error")
GROUNDS = ("bg", "surface", "selection")
SOFT = {
    "user": "user_soft",
    "movie": "movie_soft",
    "accent": "accent_soft",
    "ok": "ok_soft",
    "warning": "warning_soft",
    "error": "error_soft",
}
# Lowest contrasts that the design promises, over page, card, selection and own soft ground.
PROMISED = {
    "light": {
        "text": 13.0,
        "muted": 5.1,
        "accent": 5.0,
        "user": 5.3,
        "movie": 4.8,
        "positive": 4.9,
        "negative": 5.2,
    }
    | {"ok": 4.7, "warning": 4.8, "error": 5.3},
    "dark": {
        "text": 9.9,
        "muted": 5.2,
        "accent": 5.2,
        "user": 5.5,
        "movie": 6.2,
        "positive": 5.3,
        "negative": 4.8,
    }
    | {"ok": 5.8, "warning": 6.3, "error": 5.0},
}
both = pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])


@pytest.fixture
def look(qapp: QApplication) -> Iterator[theme.Theme]:
    look = theme.current()
    look.set_mode("light")
    look.apply(qapp)
    yield look
    look.set_mode("system")
    look.set_scale(1.0)
    look.set_high_contrast(False)


@both
@pytest.mark.parametrize("ink", INKS)
def test_text_in_any_colour_can_be_read_on_every_ground_it_stands_on(tokens: Tokens, ink: str) -> None:
    grounds = [*GROUNDS, *([SOFT[ink]] if ink in SOFT else [])]
    lowest = min(contrast(getattr(tokens, ink), getattr(tokens, ground)) for ground in grounds)
    assert lowest >= 4.5
    assert lowest == pytest.approx(PROMISED["light" if tokens is LIGHT else "dark"][ink], abs=0.1)


@both
def test_words_on_a_primary_button_can_be_read_in_every_state(tokens: Tokens) -> None:
    assert all(
        contrast(tokens.on_accent, each) >= 4.5 for each in (tokens.accent, tokens.accent_hover, tokens.accent_press)
    )


@both
def test_the_ends_of_curves_can_be_read_on_a_card(tokens: Tokens) -> None:
    assert min(contrast(tokens.training, tokens.surface), contrast(tokens.holdout, tokens.surface)) >= 4.5


def test_high_contrast_draws_borders_that_stand_out_from_the_card(look: theme.Theme) -> None:
    look.set_high_contrast(True)
    for mode in ("light", "dark"):
        look.set_mode(mode)
        assert contrast(look.tokens.border, look.tokens.surface) >= 3


def test_a_switch_to_dark_changes_palette_style_sheet_and_icons_at_once(
    look: theme.Theme, qtbot: QtBot, qapp: QApplication
) -> None:
    icon = theme.icon("play-fill")
    before = _ink(icon)
    with qtbot.waitSignal(look.changed):
        look.set_mode("dark")
    assert look.dark
    assert qapp.palette().color(QPalette.ColorRole.Window).name().upper() == DARK.bg
    assert DARK.accent in qapp.styleSheet() and LIGHT.accent not in qapp.styleSheet()
    assert before == LIGHT.text and _ink(icon) == DARK.text


def test_choosing_what_is_already_shown_changes_nothing(look: theme.Theme, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(look.changed):
        look.set_mode("light")
        look.set_scale(1.0)
        look.set_high_contrast(False)


def test_text_size_multiplies_every_length_and_stays_within_bounds(look: theme.Theme) -> None:
    look.set_scale(1.5)
    assert (theme.px(28), theme.px(0), theme.font(12).pixelSize()) == (42, 0, 18)
    look.set_scale(9)
    assert look.scale == 2.0
    look.set_scale(0.1)
    assert (look.scale, theme.px(0.4)) == (0.9, 1)


def test_figures_have_one_width_and_words_keep_their_spaces(look: theme.Theme) -> None:
    metrics = QFontMetricsF(theme.font(13))
    assert QFontInfo(theme.font()).family() == "Inter"
    assert metrics.horizontalAdvance("1111") == metrics.horizontalAdvance("0000") == metrics.horizontalAdvance("++++")
    assert metrics.horizontalAdvance("-") < metrics.horizontalAdvance("0")


def test_the_bundled_font_has_every_sign_that_the_window_writes(look: theme.Theme) -> None:
    metrics = QFontMetricsF(theme.font())
    assert [sign for sign in "×−·—–≥≤±λμΣσεΩᵤₘ↔→★☆\u2009₀²ěЖ" if not metrics.inFontUcs4(ord(sign))] == []


def test_a_disabled_icon_is_faint(look: theme.Theme) -> None:
    assert _ink(theme.icon("play-fill"), QIcon.Mode.Disabled) == LIGHT.faint


def test_the_icons_of_the_design_exist(look: theme.Theme) -> None:
    names = (
        "folder-open books dice-five play-fill pause-fill skip-forward-fill stop-fill stack magnifying-glass moon "
        "sun columns gear database chart-line-up grid-four thumbs-up scales graduation-cap user users-three "
        "intersect target star star-fill sliders-horizontal film-strip export copy arrows-out selection funnel "
        "warning x check flask trash arrows-clockwise info warning-circle check-circle caret-down caret-right file-text"
    )
    assert [name for name in names.split() if not icons.exists(name)] == []


@pytest.mark.expects_log("there is no icon no-such-icon")
def test_an_icon_that_does_not_exist_is_a_question_mark_and_not_the_end_of_the_process(look: theme.Theme) -> None:
    assert _ink(theme.icon("no-such-icon"), QIcon.Mode.Normal) == LIGHT.text


def test_every_colour_map_is_opaque_and_diverges_around_the_paper(look: theme.Theme) -> None:
    for table in (theme.viridis(), theme.cividis_reversed(), theme.diverging()):
        assert table.shape == (256, 4) and table.dtype == "uint8" and (table[:, 3] == 255).all()
    assert theme.diverging()[128, :3].min() > 235
    look.set_mode("dark")
    assert theme.diverging()[128, :3].max() < 50
    assert theme.cividis_reversed()[0, :3].sum() > theme.cividis_reversed()[-1, :3].sum()


def test_focus_moves_nothing(look: theme.Theme, qtbot: QtBot) -> None:
    press = QPushButton("Half-step")
    qtbot.addWidget(press)
    before = press.sizeHint()
    press.show()
    press.setFocus()
    assert press.sizeHint() == before


def _ink(icon: QIcon, mode: QIcon.Mode = QIcon.Mode.Normal) -> str:
    """Colour of the most solid pixel of an icon."""
    image = icon.pixmap(QSize(32, 32), 1.0, mode).toImage()
    pixels = [image.pixelColor(x, y) for x in range(32) for y in range(32)]
    return max(pixels, key=lambda pixel: pixel.alpha()).name().upper()


class Restyled(QObject):
    """Counts how often a widget is styled."""

    times = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.times += event.type() is QEvent.Type.StyleChange
        return super().eventFilter(watched, event)


def test_a_switch_styles_no_widget_once_for_each_of_its_ancestors(look: theme.Theme, qtbot: QtBot) -> None:
    window = inner = QWidget()
    qtbot.addWidget(window)
    for _ in range(20):
        inner = QWidget(inner)
    window.show()
    counted = Restyled()
    inner.installEventFilter(counted)
    for mode in ("dark", "light"):
        look.set_mode(mode)  # type: ignore[arg-type]
    assert 2 <= counted.times <= 4, "off and on, twice"
