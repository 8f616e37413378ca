"""What tests of the session and the window share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from alsgui.session.session import Session
from tests.helpers.sessions import open_session


@pytest.fixture
def session(qapp: QApplication) -> Iterator[Session]:
    """A real session, closed with its threads at the end."""
    with open_session() as session:
        yield session
