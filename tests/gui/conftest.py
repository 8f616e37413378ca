"""What tests of the session and the window share."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from threadpoolctl import threadpool_limits

from alsgui.io.recent import config_folder
from alsgui.jobs.garbage import GuiThreadCollector
from alsgui.session.session import Session
from alsgui.ui import theme
from alsgui.ui.main_window import MainWindow
from tests.helpers.sessions import open_session
from tests.helpers.windows import open_window


@pytest.fixture(scope="session", autouse=True)
def as_in_the_application(qapp: QApplication) -> Iterator[None]:
    """BLAS has one thread, cycles are collected on this one alone, and closing a window ends no later event loop."""
    import scipy.linalg
    import scipy.sparse  # noqa: F401 - a BLAS that is loaded later would not be held

    threadpool_limits(limits=1, user_api="blas")
    collector = GuiThreadCollector()
    qapp.setQuitOnLastWindowClosed(False)
    yield
    collector.stop()


@pytest.fixture(autouse=True)
def usual_look() -> None:
    """Every test begins light, at the usual text size."""
    look = theme.current()
    look.set_mode("light")
    look.set_scale(1.0)
    look.set_high_contrast(False)


@pytest.fixture(autouse=True)
def no_search_left() -> None:
    """No test finds the search that another has left on the same ratings."""
    shutil.rmtree(config_folder() / "searches", ignore_errors=True)


@pytest.fixture
def session(qapp: QApplication) -> Iterator[Session]:
    """A real session, closed with its threads at the end."""
    with open_session() as session:
        yield session


@pytest.fixture
def window(session: Session) -> Iterator[MainWindow]:
    """The real window with its real pages, closed at the end."""
    with open_window(session) as window:
        yield window
