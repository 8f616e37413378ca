"""The window: menus, toolbar, rail, page, inspector, status bar. It shows the state; gestures call verbs."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QRect, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QIcon, QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QMainWindow, QStackedWidget, QWidget

from alsgui.io.resources import resource_path
from alsgui.session.session import Session
from alsgui.session.state import State
from alsgui.text import counted, duration, percent, tr
from alsgui.ui import theme
from alsgui.ui.actions import BY_ID
from alsgui.ui.beside import PagePair
from alsgui.ui.menus import fill_menu_bar, make_actions, refresh_actions, refresh_icons
from alsgui.ui.remembered import RememberedLook
from alsgui.ui.toolbar import NARROW, Toolbar
from alsgui.ui.widgets.banner import Banner
from alsgui.ui.widgets.layouts import column, row
from alsgui.ui.widgets.rail import Rail
from alsgui.ui.widgets.statusbar import JobStatus

if TYPE_CHECKING:
    from alsgui.ui.dialogs import Dialogs
    from alsgui.ui.pages.base import Page

OVERLAY_BELOW = 1200
"""Below this width the inspector lies over the page instead of beside it."""

OVERLAY_BESIDE_BELOW = 1700
"""The same where two pages stand next to each other."""

WIDE = 1500
"""From this width the inspector is 360 wide instead of 320."""


class PageSpec(NamedTuple):
    """Where a page is: built on its first visit, since it loads what it draws with."""

    icon: str
    text: str
    module: str
    name: str


PAGES = {
    "data": PageSpec("database", tr("Data"), "alsgui.ui.pages.data.page", "DataPage"),
    "train": PageSpec("chart-line-up", tr("Train"), "alsgui.ui.pages.train.page", "TrainPage"),
    "factors": PageSpec("grid-four", tr("Factors"), "alsgui.ui.pages.factors.page", "FactorsPage"),
    "recommend": PageSpec("thumbs-up", tr("Recommend"), "alsgui.ui.pages.recommend.page", "RecommendPage"),
    "compare": PageSpec("scales", tr("Compare"), "alsgui.ui.pages.compare.page", "ComparePage"),
    "learn": PageSpec("graduation-cap", tr("Learn"), "alsgui.ui.pages.learn.page", "LearnPage"),
}
HIDDEN = {
    "start": PageSpec("", "", "alsgui.ui.pages.start.page", "StartPage"),
    "import": PageSpec("", "", "alsgui.ui.pages.importing.page", "ImportPage"),
}
"""Pages that stand in the place of Data: before there are ratings, and while a file is looked at."""


class MainWindow(QMainWindow):
    """The one window.

    Parameters
    ----------
    session
        Whose state is shown.
    remember
        Whether size, look and text size are kept from one time to the next.

    Signals
    -------
    bug_met : Exception
        Something went wrong that should not; may be emitted from any thread.
    closed
        The window was closed, and all its jobs have ended.
    """

    bug_met = Signal(object)
    closed = Signal()

    session: Session
    inspector_shown: bool

    def __init__(self, session: Session, *, remember: bool = False) -> None:
        super().__init__()
        self.session = session
        self.specs = BY_ID
        self._remembered = RememberedLook() if remember else None
        self._pages: dict[str, Page] = {}
        self._dialogs: Dialogs | None = None
        self.inspector_shown = True
        self._narrow: bool | None = None
        self.setWindowIcon(QIcon(str(resource_path("icons", "alsgui.png"))))
        self.setMinimumSize(960, 640)
        self.resize(1280, 800)
        self.setAcceptDrops(True)
        self.actions_by_id = make_actions(self)
        self.menus = fill_menu_bar(self.menuBar(), self.actions_by_id)
        self.menus["File/Recent"].aboutToShow.connect(self._list_recent)
        self._build()
        self._refresh = QTimer(self)
        self._refresh.setSingleShot(True)
        self._refresh.timeout.connect(self._show_state)
        session.changed.connect(self._note)
        session.failed.connect(self.bug_met)
        self.bug_met.connect(self._show_bug)
        theme.current().changed.connect(self._restyle)
        if self._remembered is not None:
            self._remembered.restore(self)
        self._restyle()
        self._show_state()
        self._central.setFocus()
        session.load_recent()

    def _build(self) -> None:
        self.toolbar = Toolbar(self)
        self.rail = Rail(
            [(key, spec.icon, spec.text) for key, spec in PAGES.items()], [("settings", "gear", tr("Settings"))]
        )
        self.rail.chosen.connect(self._rail_chosen)
        self._stack = QStackedWidget()
        self._inspectors = QStackedWidget()
        self.inspector = QFrame()
        self.inspector.setProperty("k", "inspector")
        self.inspector.setLayout(column(self._inspectors))
        self.banner = Banner()
        self.banner.dismissed.connect(self.session.dismiss_notice)
        self.banner.acted.connect(self._banner_acted)
        self.banner.details_asked.connect(self._notice_details)
        self.status = JobStatus()
        self.status.cancelled.connect(self.session.cancel)
        self._pair = PagePair(self._stack, self.page)
        self._middle = row(self.rail, self._pair, self.inspector, gap=0)
        self._middle.setStretchFactor(self._pair, 1)
        self._central = QWidget()
        self._central.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        whole = column(self.toolbar, self._middle, self.status, gap=0)
        whole.setStretchFactor(self._middle, 1)
        self._central.setLayout(whole)
        self.setCentralWidget(self._central)

    # What the table of actions calls

    @property
    def dialogs(self) -> Dialogs:
        """Dialogs, loaded when the first is wanted."""
        if self._dialogs is None:
            from alsgui.ui.dialogs import Dialogs

            self._dialogs = Dialogs(self)
        return self._dialogs

    def quit(self) -> None:
        """Close the window, and with it the program."""
        self.close()

    def focus_search(self) -> None:
        """Put the cursor into the search field."""
        self.toolbar.search.setVisible(True)
        self.toolbar.search.setFocus()
        self.toolbar.search.selectAll()

    def paste_table(self) -> None:
        """Look at the table on the clipboard; a file that was copied is looked at itself."""
        held = QApplication.clipboard().mimeData()
        urls = held.urls() if held is not None else []
        if len(urls) == 1 and urls[0].isLocalFile():
            self.session.importing.look_at(urls[0].toLocalFile())
        else:
            self.session.importing.paste(QApplication.clipboard().text())

    def toggle_pause(self) -> None:
        """Pause the fit, or let it go on."""
        job = self.session.state.job
        if job is not None and job.paused:
            self.session.fitting.resume()
        else:
            self.session.fitting.pause()

    def copy_python(self) -> None:
        """Put the lines that make the shown run again on the clipboard."""
        from alsgui.session.recipe import as_python
        from alsgui.session.state import Notice

        run = self.session.state.current_run
        if run is not None:
            QApplication.clipboard().setText(as_python(run))
            self.session.tell(Notice("ok", tr("{run} is on the clipboard as Python.", run=run.name)))

    def copy_peer(self, peer: str) -> None:
        """Put the call of another program that does what the shown run did on the clipboard."""
        from alsgui.session.peer_calls import PEERS, as_peer
        from alsgui.session.state import Notice

        run = self.session.state.current_run
        if run is not None:
            QApplication.clipboard().setText(as_peer(run, peer))
            words = tr("{run} is on the clipboard as {peer}.", run=run.name, peer=PEERS[peer])
            self.session.tell(Notice("ok", words))

    def show_mean_user(self) -> None:
        """Show the list of the mean user."""
        self.session.choose_person("mean")
        self.session.show_page("recommend")

    @property
    def beside(self) -> str:
        """The page that stands beside the shown one; empty for none."""
        return self._pair.key

    def show_beside(self, key: str) -> None:
        """Put a page beside the shown one; empty for none."""
        self._pair.choose(key)
        self._show_state()

    def toggle_inspector(self) -> None:
        """Show or hide the inspector."""
        self.inspector_shown = not self.inspector_shown
        self._lay_out()

    @property
    def is_dark(self) -> bool:
        """Whether the dark colours are shown."""
        return theme.current().dark

    @property
    def high_contrast(self) -> bool:
        """Whether borders are strong."""
        return theme.current().high_contrast

    def toggle_dark(self) -> None:
        """Dark or light, whatever the system says."""
        theme.current().set_mode("light" if self.is_dark else "dark")

    def follow_system(self) -> None:
        """Light or dark as the system."""
        theme.current().set_mode("system")

    def toggle_contrast(self) -> None:
        """Strong borders, or usual ones."""
        theme.current().set_high_contrast(not self.high_contrast)

    def scale_text(self, step: float) -> None:
        """Text larger or smaller by `step`; 0 is the usual size."""
        theme.current().set_scale(round(theme.current().scale + step, 1) if step else 1.0)

    # Pages

    def page(self, key: str) -> Page:
        """The page of a key, built on its first visit; "start" is what is shown before there are ratings."""
        if key not in self._pages:
            spec = HIDDEN.get(key) or PAGES[key]
            made: Page = getattr(import_module(spec.module), spec.name)(self.session)
            made.action_wanted.connect(lambda name: self.actions_by_id[name].trigger())
            self._pages[key] = made
            self._stack.addWidget(made)
            self._inspectors.addWidget(made.inspector)
        return self._pages[key]

    def build_a_page(self) -> bool:
        """Build one of the pages that nobody has visited yet; False when there is none left."""
        left = [key for key in PAGES if key not in self._pages]
        if left:
            self.page(left[0])
        return bool(left)

    @property
    def shown_page(self) -> Page:
        """The page that is shown."""
        return self.page(self._shown_key(self.session.state))

    @staticmethod
    def _shown_key(state: State) -> str:
        if state.page != "data":
            return state.page
        if state.importing is not None:
            return "import"
        return "start" if state.phase == "empty" else "data"

    def _needs_inspector(self, state: State) -> bool:
        """Whether the shown page has anything that could be inspected."""
        always = dict.fromkeys(("train", "learn"), True)
        with_data = dict.fromkeys(("data", "compare"), state.data is not None)
        has_something = {"start": False, "import": False, **with_data, **always}
        return has_something.get(self._shown_key(state), state.phase not in ("empty", "data"))

    @Slot(str)
    def _rail_chosen(self, key: str) -> None:
        if key == "settings":
            self.dialogs.settings()
        else:
            self.session.show_page(key)

    # Showing the state

    @Slot(str)
    def _note(self, field: str) -> None:
        if field == "selection":
            return
        if not self._refresh.isActive():
            self._refresh.start(0)

    @Slot()
    def _show_state(self) -> None:
        state = self.session.state
        refresh_actions(self, self.actions_by_id, state)
        self.toolbar.show_state(state)
        page = self.shown_page
        self._pair.show_pages(self._shown_key(state))
        self._inspectors.setCurrentWidget(page.inspector)
        if page.banner_place.indexOf(self.banner) < 0:
            page.banner_place.addWidget(self.banner)
        self._show_notice(state)
        self.rail.set_current(state.page)
        with_data = dict.fromkeys(("train", "compare"), state.data is not None)
        ready = {"data": True, "learn": True, **with_data}
        for key in PAGES:
            usable = ready.get(key, state.model is not None or state.live is not None)
            reason = tr("No ratings yet.") if state.data is None else tr("No model yet: fit one first.")
            self.rail.set_usable(key, usable, reason)
        self._show_status(state)
        name = state.data.ratings.name if state.data is not None else ""
        self.setWindowTitle(name)
        self._lay_out()

    def _show_notice(self, state: State) -> None:
        notice = state.notice
        if notice is None:
            self.banner.hide()
            return
        action = BY_ID[notice.action].text if notice.action else ""
        words = f"{notice.text} {notice.hint}".strip()
        self.banner.show_message(notice.kind, words, action, details=bool(notice.details))

    def _show_status(self, state: State) -> None:
        self.status.set_data(_data_sentence(state))
        job = state.job
        if job is None:
            self.status.set_idle()
            return
        left = tr("paused") if job.paused else ""
        if not left and job.seconds_left is not None:
            left = tr("{time} left", time=duration(job.seconds_left))
        self.status.set_job(job.name, job.detail, job.done, left)

    @Slot()
    def _notice_details(self) -> None:
        self.dialogs.notice_details()

    @Slot()
    def _banner_acted(self) -> None:
        notice = self.session.state.notice
        if notice is not None and notice.action:
            self.actions_by_id[notice.action].trigger()

    @Slot()
    def _restyle(self) -> None:
        refresh_icons(self.actions_by_id)
        self._note("theme")
        self._lay_out()

    @Slot(object)
    def _show_bug(self, error: BaseException) -> None:
        self.dialogs.bug(error)

    def _list_recent(self) -> None:
        menu = self.menus["File/Recent"]
        menu.clear()
        for file in self.session.state.recent:
            action = menu.addAction(file.name)
            action.setToolTip(file.path)
            action.triggered.connect(lambda _=False, path=file.path: self.session.importing.reopen(path))
        if menu.isEmpty():
            menu.addAction(tr("No recent files")).setEnabled(False)

    # Layout

    def _lay_out(self) -> None:
        """Put the inspector beside the page or over it, and rail and search in the size that fits."""
        width = self.width() / theme.current().scale
        narrow = width < NARROW
        if narrow != self._narrow:
            self._narrow = narrow
            self.rail.set_compact(narrow)
        self.toolbar.set_room(width)
        wanted = theme.px(360 if width >= WIDE else 320)
        overlay = width < (OVERLAY_BESIDE_BELOW if self.beside else OVERLAY_BELOW)
        needed = self._needs_inspector(self.session.state)
        shown = self.inspector_shown and needed
        self.inspector.setFixedWidth(wanted)
        if overlay and self._middle.indexOf(self.inspector) >= 0:
            self._middle.removeWidget(self.inspector)
            self.inspector_shown = shown = False
        elif not overlay and self._middle.indexOf(self.inspector) < 0:
            self._middle.addWidget(self.inspector)
            self.inspector_shown = True
            shown = needed
        self.inspector.setVisible(shown)
        if overlay and shown:
            area = self._pair.geometry()
            self.inspector.setGeometry(QRect(area.right() - wanted + 1, area.top(), wanted, area.height()))
            self.inspector.raise_()
        self.actions_by_id["inspector"].setChecked(self.inspector_shown)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out anew."""
        super().resizeEvent(event)
        self._lay_out()

    # Dropping, closing, remembering

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take one file or folder, or a table as text."""
        held = event.mimeData()
        is_file = len(held.urls()) == 1 and held.urls()[0].isLocalFile()
        is_table = not held.hasUrls() and "\n" in held.text().strip()
        if is_file or is_table:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Look at what was dropped."""
        held = event.mimeData()
        if held.hasUrls():
            self.session.importing.look_at(held.urls()[0].toLocalFile())
        else:
            self.session.importing.paste(held.text())

    def closeEvent(self, event: QCloseEvent) -> None:
        """End jobs, bounded, and keep the look."""
        if self._dialogs is not None:
            self._dialogs.close_all()
        self.session.close()
        if self._remembered is not None:
            self._remembered.keep(self)
        super().closeEvent(event)
        self.closed.emit()


def _data_sentence(state: State) -> str:
    ratings = state.ratings
    if ratings is None:
        return tr("No data open")
    return "  ·  ".join(
        (
            ratings.name,
            f"{counted(ratings.n_users, tr('user'))} × {counted(ratings.n_movies, ratings.noun)}",
            counted(ratings.n_ratings, tr("rating")),
            tr("{share} observed", share=percent(ratings.density)),
        )
    )
