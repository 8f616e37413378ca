"""The start page: what to do while nothing is open."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Slot
from PySide6.QtGui import QDragEnterEvent, QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from alsgui.session.session import Session
from alsgui.session.state import Notice, State
from alsgui.text import THIN_SPACE, count, tr
from alsgui.ui import theme
from alsgui.ui.actions import BY_ID
from alsgui.ui.pages.base import Page, scrolling
from alsgui.ui.pages.start.pictures import ProductPicture, RolesPicture, SamplePicture
from alsgui.ui.pages.start.recent_list import RecentList
from alsgui.ui.widgets.buttons import button
from alsgui.ui.widgets.dropzone import DropZone
from alsgui.ui.widgets.empty import EmptyState, StartCard
from alsgui.ui.widgets.layouts import column, row
from alsgui.ui.widgets.reader import TextReader

if TYPE_CHECKING:
    from alsgui.io.recent import RecentFile

WIDTH = 902
STACKED_BELOW = 700


class StartPage(Page):
    """Three ways to begin, a place to drop a file, and the files opened last."""

    key = "start"

    def __init__(self, session: Session) -> None:
        super().__init__(session, "")
        self.title.hide()
        self.subtitle.hide()
        self.open_button = button(tr("Open..."), kind="primary", tip=BY_ID["open"].tip)
        self.sample_button = button(tr("Open sample"), tip=BY_ID["sample"].tip)
        self.generate_button = button(tr("Generate..."), tip=BY_ID["generate"].tip)
        self.terms_link = button(tr("Terms"), kind="link", tip=tr("Read what the publisher of the sample asks for"))
        self.open_button.clicked.connect(lambda: self.action_wanted.emit("open"))
        self.sample_button.clicked.connect(self._open_sample)
        self.generate_button.clicked.connect(lambda: self.action_wanted.emit("generate"))
        self.terms_link.clicked.connect(self._show_terms)
        self.cards = EmptyState(
            tr("No ratings yet"), tr("Open ratings, fit a model, pick a person, read why."), self._make_cards()
        )
        self.drop_zone = DropZone(tr("or drop a file anywhere in this window"))
        self.recent = RecentList()
        self.recent.chosen.connect(self._open_recent)
        self.recent.removed.connect(self._forget_recent)
        self._content = QWidget()
        self._content.setLayout(column(None, self.cards, self.drop_zone, 18, self.recent, None, gap=12))
        middle = QWidget()
        middle.setLayout(row(None, self._content, None, gap=0))
        self.body.addWidget(scrolling(middle))
        self._fit_width()

    def show_state(self, state: State, changed: set[str]) -> None:
        """List the recent files; wait while a file is read."""
        if "recent" in changed:
            self.recent.set_files(state.recent)
            self._look_for(state.recent)
        if "theme" in changed:
            self._fit_width()
        if "job" in changed:
            reading = state.job is not None
            for waiting in (self.open_button, self.sample_button, self.generate_button, self.recent):
                waiting.setEnabled(not reading)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stack the cards where they do not fit side by side."""
        super().resizeEvent(event)
        self._fit_width()

    def showEvent(self, event: QShowEvent) -> None:
        """Watch what is dragged over the window."""
        super().showEvent(event)
        self.window().installEventFilter(self)

    def hideEvent(self, event: QHideEvent) -> None:
        """Watch no more."""
        super().hideEvent(event)
        self.window().removeEventFilter(self)
        self.drop_zone.set_hot(False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Light the strip up while the window would take what is held over it."""
        if isinstance(event, QDragEnterEvent):
            self.drop_zone.set_hot(event.mimeData().hasUrls())
        elif event.type() in (QEvent.Type.DragLeave, QEvent.Type.Drop):
            self.drop_zone.set_hot(False)
        return super().eventFilter(watched, event)

    def _make_cards(self) -> tuple[StartCard, StartCard, StartCard]:
        opening = StartCard(
            RolesPicture(tr("Columns of a file of ratings")),
            tr("Open ratings"),
            tr(
                "CSV, TSV or Parquet, a wide table of users and movies, or a MovieLens folder. "
                "Rows that cannot be read are listed."
            ),
            self.open_button,
            tr("Ctrl O"),
        )
        sample = StartCard(
            SamplePicture(tr("Ratings of the sample")),
            tr("Start with a sample"),
            tr(
                "MovieLens small: 610 users, {movies} movies, {ratings} ratings. Research use; no commercial use.",
                movies=_unbroken(count(9724)),
                ratings=_unbroken(count(100_836)),
            ),
            self.sample_button,
        )
        sample.foot.addWidget(self.terms_link)
        making = StartCard(
            ProductPicture(tr("u times m is r")),
            tr("Generate"),
            tr("The chapter's 50 × 200 example, low rank plus noise with known factors, or made-up movies and users."),
            self.generate_button,
        )
        return opening, sample, making

    @Slot()
    def _fit_width(self) -> None:
        room = max(self.width() - theme.px(48), theme.px(240))
        self._content.setFixedWidth(min(theme.px(WIDTH), room))
        stacked = room < theme.px(STACKED_BELOW)
        direction = QBoxLayout.Direction.TopToBottom if stacked else QBoxLayout.Direction.LeftToRight
        self.cards.cards.setDirection(direction)

    @Slot()
    def _open_sample(self) -> None:
        self.session.open_sample()

    @Slot()
    def _show_terms(self) -> None:
        from alsgui.io.resources import resource_path

        terms = resource_path("samples", "README-ml-latest-small.txt").read_text(encoding="utf-8")
        TextReader(tr("Terms of MovieLens latest-small"), terms, self.window()).open()

    def _look_for(self, files: tuple[RecentFile, ...]) -> None:
        paths = [file.path for file in files]
        self.session.light.request(
            "start.gone", lambda: [path for path in paths if not Path(path).exists()], self._mark_gone
        )

    def _mark_gone(self, paths: list[str]) -> None:
        for path in paths:
            self.recent.mark_gone(path)

    @Slot(str)
    def _open_recent(self, path: str) -> None:
        def opened(there: bool) -> None:
            if there:
                self.session.importing.reopen(path)
            else:
                self.recent.mark_gone(path)

        self.session.light.request("start.open", lambda: Path(path).exists(), opened)

    @Slot(str)
    def _forget_recent(self, path: str) -> None:
        self.session.light.request("start.forget", lambda: _forget(path), self._forgotten)

    def _forgotten(self, problem: Notice | None) -> None:
        if problem is None:
            self.session.load_recent()
        else:
            self.session.tell(problem)


def _unbroken(number: str) -> str:
    """A number that no line ends within: its thin spaces made narrow ones that do not break."""
    return number.replace(THIN_SPACE, "\u202f")


def _forget(path: str) -> Notice | None:
    """Take a file off the list; the reason where that fails."""
    from alsgui.core.errors import ExportError
    from alsgui.io.recent import forget

    try:
        forget(path)
    except ExportError as error:
        return Notice("error", error.message, error.hint)
    return None
