"""Menus and dialogs of the pictures: what stands side by side, colour limits, hold-out, margins, own lists."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, Qt, Slot
from PySide6.QtWidgets import QMenu, QPushButton

from alsgui.core.factor_view import FactorSource
from alsgui.core.margins import MarginChoice
from alsgui.session.session import Session
from alsgui.text import tr
from alsgui.ui.pages.factors.limits_dialog import LimitsDialog
from alsgui.ui.pages.factors.list_dialog import ListDialog
from alsgui.ui.pages.factors.panels import ARRANGEMENTS, arrangement_words
from alsgui.ui.pages.factors.pictures import Pictures


class PictureMenus(QObject):
    """Opens the menus that the toolbar of the pictures asks for."""

    def __init__(self, session: Session, pictures: Pictures) -> None:
        super().__init__(pictures)
        self._session, self._pictures = session, pictures
        toolbar = pictures.toolbar
        toolbar.arrangements_wanted.connect(self._open_arrangements)
        toolbar.more_wanted.connect(self._open_more)
        toolbar.list_wanted.connect(self.ask_list)

    def arrangements(self) -> QMenu:
        """Menu of what can stand side by side; the other runs of the same ratings are among it."""
        menu = self._menu()
        for key in ARRANGEMENTS:
            if not key.startswith("runs"):
                self._offer(menu, key, "", None)
        others = self.other_runs()
        if others:
            menu.addSeparator()
        for name, source in others:
            for key in ("runs", "runs-difference"):
                self._offer(menu, key, name, source)
        return menu

    def other_runs(self) -> list[tuple[str, FactorSource]]:
        """Finished runs of the same users and movies beside the one that is shown, the newest first."""
        shown = self._pictures.source()
        if shown is None:
            return []
        state = self._session.state
        models = [(run.name, run.model) for run in reversed(state.runs) if run.model is not None]
        return [
            (name, FactorSource.of_model(model))
            for name, model in models
            if model is not state.model and model.user_ids == shown.user_ids and model.movie_ids == shown.movie_ids
        ]

    def more(self) -> QMenu:
        """Menu of colours, hold-out and margins."""
        menu, pictures = self._menu(), self._pictures
        menu.addAction(tr("Fit colours to what is visible"), pictures.colours.fit)
        menu.addAction(tr("Fixed colour limits…"), self.ask_limits)
        menu.addAction(tr("Usual colour limits"), lambda: pictures.colours.fix({}))
        source = pictures.source()
        if not pictures.is_side_by_side and source is not None:
            menu.addSeparator()
            self._offer_margins(menu.addMenu(tr("Margins")), source)
        if pictures.is_side_by_side:
            menu.addSeparator()
            averages = menu.addAction(tr("Average 4 px tiles"))
            averages.setCheckable(True)
            averages.setChecked(pictures.panels.averages)
            averages.toggled.connect(pictures.toolbar.averages.setChecked)
        if pictures.is_side_by_side and source is not None and source.split is not None and len(source.split.held_out):
            only = menu.addAction(tr("Training ratings only"))
            only.setCheckable(True)
            only.setChecked(pictures.panels.training_only)
            only.toggled.connect(pictures.panels.set_training_only)
        return menu

    def _offer_margins(self, menu: QMenu, source: FactorSource) -> None:
        margins = self._pictures.margins

        def offer(words: str, choice: MarginChoice | None) -> None:
            action = menu.addAction(words, lambda: margins.choose(choice))
            action.setCheckable(True)
            action.setChecked(margins.choice == choice)

        offer(tr("None"), None)
        offer(tr("Number of ratings"), MarginChoice("activity"))
        offer(tr("Mean rating") if source.split is not None else tr("Mean prediction"), MarginChoice("mean"))
        menu.addSeparator()
        for k in range(source.factors.k):
            offer(source.name(k) or tr("Attribute {k}", k=k + 1), MarginChoice("attribute", k))

    @Slot()
    def ask_limits(self) -> None:
        """Ask for the ends of the colours."""
        pictures = self._pictures
        limits, usual = pictures.colours.limits(), pictures.colours.usual()
        if limits:
            self._open(LimitsDialog(pictures, limits, usual, pictures.colours.fix))

    @Slot(str)
    def ask_list(self, side: str) -> None:
        """Ask for a person's own list."""
        pictures, source = self._pictures, self._pictures.source()
        if source is None:
            return
        choice = pictures.toolbar.listed(side)
        self._open(ListDialog(pictures, source, side, choice, lambda ids: pictures.toolbar.set_list(side, ids)))

    def _offer(self, menu: QMenu, key: str, name: str, source: FactorSource | None) -> None:
        panels = self._pictures.panels
        other = None if source is None else (name, source)
        action = menu.addAction(arrangement_words(key, name), lambda: panels.arrange(key, other))
        action.setCheckable(True)
        action.setChecked(panels.arrangement == key and panels.other_name() == name)

    def _menu(self) -> QMenu:
        menu = QMenu(self._pictures)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return menu

    @staticmethod
    def _open(dialog: LimitsDialog | ListDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    @Slot()
    def _open_arrangements(self) -> None:
        _below(self.arrangements(), self._pictures.toolbar.arrange)

    @Slot()
    def _open_more(self) -> None:
        _below(self.more(), self._pictures.toolbar.more)


def _below(menu: QMenu, button: QPushButton) -> None:
    menu.popup(button.mapToGlobal(QPoint(0, button.height())))
