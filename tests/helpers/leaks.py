"""What a test leaves behind: visible windows and dialogs, and threads that still work."""

from __future__ import annotations

import sys
import threading
import time
from typing import Any

GRACE = 5.0
"""Seconds for a thread that was asked to end; one that imports SciPy on a busy machine needs some."""


class Leaks:
    """Windows and threads that are here now and were not when this was made.

    What fixtures of a wider scope hold is there before the test, and so is not the test's.
    """

    def __init__(self) -> None:
        self._windows = {id(window) for window in _visible_windows()}
        self._threads = set(_working_threads())

    def report(self) -> str:
        """Say what leaked, and close the windows, so that the next test starts clean; empty when nothing did."""
        threads = self._threads_left()
        windows = [window for window in _visible_windows() if id(window) not in self._windows]
        lines = [f"thread {thread.name!r} still works" for thread in threads]
        lines += [f"{type(window).__name__} {window.windowTitle()!r} is still open" for window in windows]
        for window in windows:
            window.hide()
            window.deleteLater()
        return "The test left something behind:\n" + "\n".join(lines) if lines else ""

    def _threads_left(self) -> list[threading.Thread]:
        end = time.monotonic() + GRACE
        left = [thread for thread in _working_threads() if thread not in self._threads]
        for thread in left:
            # A worker may wait for the GUI thread to take its last steps, so events go on meanwhile.
            while thread.is_alive() and time.monotonic() < end:
                _process_events()
                thread.join(0.01)
        return [thread for thread in left if thread.is_alive()]


def _working_threads() -> list[threading.Thread]:
    return [
        thread
        for thread in threading.enumerate()
        if thread is not threading.main_thread()
        and (not thread.daemon or thread.name.startswith("alsgui-"))
        # execnet's are pytest-xdist's own.
        and "execnet" not in thread.name
    ]


def _visible_windows() -> list[Any]:
    """Top-level widgets on screen; hidden ones, as menus are, do no harm."""
    widgets = _loaded_widgets()
    if widgets is None or widgets.QApplication.instance() is None:
        return []
    _process_events()
    return [widget for widget in widgets.QApplication.topLevelWidgets() if widget.isVisible()]


def _process_events() -> None:
    widgets = _loaded_widgets()
    if widgets is None or widgets.QApplication.instance() is None:
        return
    core = sys.modules["PySide6.QtCore"]
    widgets.QApplication.sendPostedEvents(None, core.QEvent.Type.DeferredDelete)
    widgets.QApplication.processEvents()


def _loaded_widgets() -> Any:
    """QtWidgets where a test has loaded it: tests of the numbers shall not pay for it."""
    return sys.modules.get("PySide6.QtWidgets")
