"""The window as a person has it before them, and what a test asks of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QMenu, QPushButton, QWidget

from alsgui.app import application
from alsgui.session.session import Session
from alsgui.ui import theme
from alsgui.ui.main_window import MainWindow
from tests.helpers.sessions import settle, wait_for


@contextmanager
def open_window(session: Session, width: int = 1280, height: int = 800) -> Iterator[MainWindow]:
    """The real window on a session, in the light and at the usual size; closed at the end."""
    app = application()
    app.setQuitOnLastWindowClosed(False)  # a test's loops shall go on after a window was closed
    usual_look()
    window = MainWindow(session)
    window.resize(width, height)
    window.show()
    window.activateWindow()
    wait_for(window.isActiveWindow, "the window to be active")
    rendered(window)
    try:
        yield window
    finally:
        window.close()
        window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        usual_look()


def usual_look() -> None:
    """Light, 100 %, thin borders."""
    look = theme.current()
    look.set_mode("light")
    look.set_scale(1.0)
    look.set_high_contrast(False)


def rendered(window: MainWindow) -> MainWindow:
    """Wait until the window shows the state and everything that its page asked for."""
    for _ in range(3):
        QApplication.processEvents()
        settle(window.session)
    QApplication.processEvents()
    if window.isVisible() and QApplication.activeWindow() is None:
        window.activateWindow()
        wait_for(window.isActiveWindow, "the window to be active")
    return window


def shown(window: MainWindow) -> MainWindow:
    """Wait until the window shows the state, though a job may go on."""
    for _ in range(3):
        QApplication.processEvents()
    return window


def dialogs_of(window: MainWindow) -> list[QDialog]:
    """Dialogs that are open."""
    return [dialog for dialog in window.findChildren(QDialog) if dialog.isVisible()]


def dialog_of(window: MainWindow) -> QDialog:
    """The one dialog that is open."""
    (dialog,) = dialogs_of(window)
    return dialog


def chooser_of(parent: QWidget) -> QFileDialog:
    """The file dialog that is open."""
    (chooser,) = (each for each in parent.findChildren(QFileDialog) if each.isVisible())
    return chooser


def choose(parent: QWidget, path: object) -> None:
    """Answer the open file dialog."""
    chooser = chooser_of(parent)
    chooser.fileSelected.emit(str(path))
    chooser.close()


def press(parent: QWidget, name: str) -> QPushButton:
    """Press the visible button of this name, as a mouse does, if it may be pressed."""
    made = button_of(parent, name)
    made.click()
    return made


def button_of(parent: QWidget, name: str) -> QPushButton:
    """The visible button of this accessible name."""
    (found,) = (each for each in parent.findChildren(QPushButton) if each.accessibleName() == name and each.isVisible())
    return found


def every_menu(window: MainWindow) -> list[QMenu]:
    """All menus, with those inside them."""
    return [menu for menu in window.menuBar().findChildren(QMenu) if menu.title()]


def looked_at(window: MainWindow) -> MainWindow:
    """Wait until the file on the import page was looked at."""
    state = window.session.state
    wait_for(lambda: window.session.state.importing is None or not window.session.state.importing.looking, "the look")
    assert window.session.state.importing is not None, state.notice
    return rendered(window)


def read_shown_file(window: MainWindow) -> MainWindow:
    """Press Read on the import page once the file was looked at, and wait for its ratings."""
    looked_at(window)
    (read,) = (each for each in window.findChildren(QPushButton) if each.accessibleName().startswith("Read ")
               and each.isVisible() and each.property("k") == "primary")  # fmt: skip
    read.click()
    return rendered(window)
