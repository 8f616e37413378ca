"""The line above the map: what is shown, along which axes, in which colours; search, brush, bookmarks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QComboBox, QLineEdit, QPushButton, QSizePolicy, QWidget

from alsgui.core import embedding
from alsgui.core.attributes import Attributes
from alsgui.core.factor_view import FactorSource
from alsgui.text import pluralised, tr
from alsgui.ui import theme
from alsgui.ui.pages.factors.map_points import Axis, Colour, MapChoice, axis_words
from alsgui.ui.pages.factors.words import end_titles, filter_words
from alsgui.ui.widgets.buttons import icon_button
from alsgui.ui.widgets.labels import label
from alsgui.ui.widgets.layouts import column, row

SUPPORTS = (5, 20, 50)
NARROWEST = 56
WIDTHS = {"thing": 98, "axis": 206, "colour": 148, "support": 128, "search": 170}


class MapToolbar(QWidget):
    """Choices of what the map shows.

    Signals
    -------
    choice_made()
        Something else was chosen; `choice` says what.
    mode_chosen(str)
        What dragging does: "pan", "rectangle" or "lasso".
    searched(str)
        Points were looked for.
    all_wanted()
        Every point shall be in view.
    """

    choice_made = Signal()
    mode_chosen = Signal(str)
    searched = Signal(str)
    all_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.thing, self.across, self.up, self.colour, self.support = (QComboBox() for _ in range(5))
        names = (tr("Points"), tr("Across"), tr("Up"), tr("Colour"), tr("Ratings"))
        for box, name in zip((self.thing, self.across, self.up, self.colour, self.support), names, strict=True):
            box.setAccessibleName(name)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.activated.connect(lambda _at: self.choice_made.emit())
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Find on the map"))
        self.search.setAccessibleName(tr("Find on the map"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._search)
        self.found = label("", "hint")
        self.modes = QButtonGroup(self)
        self._buttons: dict[str, QPushButton] = {}
        for mode, icon, words in (
            ("pan", "hand-grabbing", tr("Drag moves the map; a point is carried to the end of an axis")),
            ("rectangle", "selection", tr("Drag brushes a rectangle")),
            ("lasso", "scribble-loop", tr("Drag brushes with a lasso")),
        ):
            made = icon_button(icon, words, checkable=True)
            made.clicked.connect(lambda _on=False, mode=mode: self.mode_chosen.emit(mode))
            self._buttons[mode] = made
            self.modes.addButton(made)
        self._buttons["pan"].setChecked(True)
        self.bookmarks = icon_button("bookmark-simple", tr("Bookmarks"))
        show_all = icon_button("arrows-out", tr("Show all (Home)"))
        show_all.clicked.connect(self.all_wanted)
        first = row(
            self.thing, self.support, 4,
            label(tr("Across"), "body", "muted"), self.across, label(tr("Up"), "body", "muted"), self.up, None, gap=6,
        )  # fmt: skip
        second = row(
            label(tr("Colour"), "body", "muted"), self.colour, 4, self.search, self.found, None,
            *self._buttons.values(), 4, self.bookmarks, show_all, gap=6,
        )  # fmt: skip
        for box in (self.thing, self.support, self.across, self.up):  # they take what they may before the rest does
            first.setStretchFactor(box, 100)
        for field in (self.colour, self.search):
            second.setStretchFactor(field, 100)
        self.setLayout(column(first, second, gap=6))
        theme.current().changed.connect(self._scale)
        self._scale()

    def mode_button(self, mode: str) -> QPushButton:
        """The button of a way to drag."""
        return self._buttons[mode]

    def choice(self, before: MapChoice) -> MapChoice:
        """What is chosen; lines of own axes stay as they were."""
        thing, across, up, colour, at_least = (
            box.currentData() for box in (self.thing, self.across, self.up, self.colour, self.support)
        )
        return replace(before, thing=thing, across=across, up=up, colour=colour, at_least=int(at_least or 0))

    def offer(self, source: FactorSource, known: Attributes, choice: MapChoice) -> None:
        """Offer what a source allows, with `choice` in force."""
        ends = [end_titles(source, known, k) for k in range(source.factors.k)]
        order = [int(k) for k in np.argsort(-known.sizes, kind="stable")]
        axes = [Axis("attribute", k) for k in order] + [Axis("component", at) for at in (0, 1)]
        axes += [Axis("umap", at) for at in (0, 1)] if embedding.available() else []
        for at, (box, chosen) in enumerate(((self.across, choice.across), (self.up, choice.up))):
            own = [Axis("own", at)] if choice.own[at].start or choice.own[at].stop else []
            words = [(axis_words(source, ends, axis, choice.own[at]), axis) for axis in [*own, *axes]]
            _fill(box, words, chosen)
        _fill(
            self.thing, [(pluralised(source.noun).capitalize(), "movie"), (tr("Users"), "user")], choice.thing
        )  # fmt: skip
        colours: list[tuple[str, object]] = []
        if source.split is not None:
            colours.append((tr("mean rating"), Colour("mean")))
        if source.genres is not None and choice.thing == "movie":
            colours.append((tr("genre"), Colour("genre")))
        colours += [(tr("attribute {k}", k=axis_words(source, ends, Axis("attribute", k))), Colour("attribute", k))
                    for k in order]  # fmt: skip
        _fill(self.colour, [*colours, (tr("one colour"), Colour("one"))], choice.colour)
        counts = source.movie_counts if choice.thing == "movie" else source.user_counts
        useful = [n for n in SUPPORTS if 0 < np.count_nonzero(counts >= n) < len(counts)]
        if choice.at_least and choice.at_least not in useful:
            useful = sorted([*useful, choice.at_least])
        _fill(self.support, [(filter_words(n), n) for n in (0, *useful)], choice.at_least)

    def set_found(self, n: int) -> None:
        """Say how many points were found."""
        self.found.setText(tr("{n} found", n=n) if self.search.text().strip() else "")

    @Slot(str)
    def _search(self, typed: str) -> None:
        self.set_found(0)
        self.searched.emit(typed)

    @Slot()
    def _scale(self) -> None:
        for box, width in (
            (self.thing, "thing"), (self.across, "axis"), (self.up, "axis"), (self.colour, "colour"),
            (self.support, "support"), (self.search, "search"),
        ):  # fmt: skip
            box.setMinimumWidth(theme.px(NARROWEST))
            box.setMaximumWidth(theme.px(WIDTHS[width]))
            box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        for box in (self.across, self.up, self.colour):
            box.view().setMinimumWidth(theme.px(260))
            box.view().setTextElideMode(Qt.TextElideMode.ElideRight)


def _fill(box: QComboBox, items: Sequence[tuple[str, object]], chosen: object) -> None:
    box.clear()
    for words, data in items:
        box.addItem(words, data)
    places = [place for place, (_, data) in enumerate(items) if data == chosen]
    box.setCurrentIndex(places[0] if places else 0)
