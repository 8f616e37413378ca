"""The composition root: one QApplication, one Session, one MainWindow, and what happens when something goes wrong."""

from __future__ import annotations

import gc
import logging
import sys
import threading
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from alsgui.jobs.garbage import GuiThreadCollector
from alsgui.session.session import Session
from alsgui.text import tr
from alsgui.ui import theme
from alsgui.ui.main_window import PAGES, MainWindow

_LOG = logging.getLogger(__name__)


SWITCH_SECONDS = 0.001
"""How long a thread may keep Python to itself while another waits.

A fit comes back for its next block of rows, and would stand still while the window draws: in Python's own 5 ms that is
a whole frame.
"""


def run_window(path: str | None = None, profile_startup: bool = False, lesson: str | None = None) -> int:
    """Open the window, on `path` where given, with the experiment `lesson` on its ratings or on the sample.

    Returns
    -------
    int
        Exit code.
    """
    app = application()
    session = Session()
    window = MainWindow(session, remember=True)
    # Not when the last window closes: Qt would also count what a page shows on its way into its place.
    app.setQuitOnLastWindowClosed(False)
    window.closed.connect(app.quit, Qt.ConnectionType.QueuedConnection)
    restore_hooks = install_hooks(window)
    if profile_startup:
        window.installEventFilter(StartupProfile(window))
    window.show()
    warm = ImportWarmth(window)
    warm.start()
    session.shelf.clear_left_over()
    if path is not None:
        session.importing.look_at(path)
    if lesson is not None and path is not None:
        session.experimenting.wait_for_data(lesson)
    elif lesson is not None:
        session.experimenting.start(lesson)
    try:
        return app.exec()
    finally:
        session.close()
        warm.finish()
        restore_hooks()


def application() -> QApplication:
    """The one QApplication, in the look of the program."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(sys.argv[:1])
    sys.setswitchinterval(SWITCH_SECONDS)
    app.setApplicationName("alsgui")
    app.setApplicationDisplayName("alsgui")
    app.setDesktopFileName("alsgui")
    theme.current().apply(app)
    if app.findChild(GuiThreadCollector) is None:
        GuiThreadCollector(app)
    return app


class ImportWarmth:
    """Loads the heavy libraries on one thread after the window is there, then builds the pages, one in a turn.

    So no gesture waits for a library, nor for more than the page it asks for. It also holds BLAS at one thread, once
    and for good: all parallelism is the program's own.
    """

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._thread = threading.Thread(target=self._load, name="alsgui-imports", daemon=True)
        self._timer = QTimer(window)
        self._timer.setInterval(50)
        self._timer.timeout.connect(self._go_on)

    def start(self) -> None:
        """Load as soon as the window has been painted."""
        self._timer.start()

    def finish(self, seconds: float = 5.0) -> None:
        """Wait for the thread, bounded: an interpreter that ends while a library is loaded may crash."""
        if self._thread.ident is not None:
            self._thread.join(seconds)

    def _go_on(self) -> None:
        if not self._window.isVisible():
            self._timer.stop()
        elif self._thread.ident is None:
            self._thread.start()
        elif not self._thread.is_alive() and not self._window.build_a_page():
            self._timer.stop()
            gc.freeze()  # what libraries and pages are made of stays: to look through it again takes 50 ms each time

    @staticmethod
    def _load() -> None:
        import numpy  # noqa: F401
        import scipy.linalg
        import scipy.sparse  # noqa: F401
        from threadpoolctl import threadpool_limits

        threadpool_limits(limits=1, user_api="blas")
        import alsgui.core.generate
        import alsgui.core.lod
        import alsgui.core.recommend  # noqa: F401

        for page in PAGES.values():
            import_module(page.module)


class StartupProfile(QObject):
    """Prints how long the way to a usable window took, by stage, and closes it. It watches the window's events."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._made = since_process_start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """After the first paint, once what it left to do is done, report."""
        if event.type() is QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self, self._report)
        return False

    def _report(self) -> None:
        painted = since_process_start()
        answer = all(self._window.actions_by_id[name].isEnabled() for name in ("open", "sample", "generate"))
        rows = ((tr("window made"), self._made), (tr("first paint done, actions answer"), painted))
        for label, seconds in rows:
            sys.stdout.write(f"{seconds:6.2f} s  {label}\n")
        heavy = [name for name in ("numba", "duckdb") if name in sys.modules]
        loaded = ", ".join(heavy) or tr("neither numba nor duckdb")
        sys.stdout.write(tr("         loaded by then: {names}", names=loaded) + "\n")
        if not answer:
            sys.stdout.write(tr("         but open, samples or generate do not answer") + "\n")
        self._window.close()


def since_process_start() -> float:
    """Seconds since this process was made; since this module was loaded where the system does not tell."""
    try:
        fields = Path("/proc/self/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        uptime = float(Path("/proc/uptime").read_text(encoding="ascii").split()[0])
        import os

        return uptime - int(fields[19]) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, AttributeError):
        return time.perf_counter() - _LOADED


_LOADED = time.perf_counter()


def install_hooks(window: MainWindow) -> Callable[[], None]:
    """Show bugs in a dialog with a report to copy; returns what puts the old hooks back."""
    old = sys.excepthook, threading.excepthook

    def report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        _LOG.error("unexpected error", exc_info=(kind, error, trace))
        window.bug_met.emit(error)

    sys.excepthook = report
    threading.excepthook = lambda args: report(args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback)

    def restore() -> None:
        sys.excepthook, threading.excepthook = old

    return restore
