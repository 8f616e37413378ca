"""Two pages next to each other: the one that the rail shows, and one that stays at its right."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QStackedWidget, QWidget


class PagePair(QSplitter):
    """The shown page, and beside it another one or nothing.

    Where the rail asks for the page that stands beside, the two change places: no page is ever shown twice.

    Parameters
    ----------
    main
        Stack of the shown page.
    page
        Makes or finds the page of a key.
    """

    def __init__(self, main: QStackedWidget, page: Callable[[str], QWidget]) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._main, self._page = main, page
        self._side = QStackedWidget()
        self._key, self._shown = "", ""
        self.setChildrenCollapsible(False)
        self.setHandleWidth(7)
        self.addWidget(main)
        self.addWidget(self._side)
        self._side.hide()

    @property
    def key(self) -> str:
        """The page that stands beside; empty for none."""
        return self._key

    def choose(self, key: str) -> None:
        """Put another page beside; empty for none. `show_pages` shows it."""
        self._key = key

    def show_pages(self, shown: str) -> None:
        """Show a page, and beside it the chosen one."""
        if self._key and self._key == shown:
            self._key = self._shown if self._shown not in ("", shown, "start") else ""
        self._shown = shown
        page = self._page(shown)
        if self._main.indexOf(page) < 0:
            self._main.addWidget(page)
        if self._main.currentWidget() is not page:
            self._main.setCurrentWidget(page)
        is_split = bool(self._key) and shown != "start"
        if is_split:
            beside = self._page(self._key)
            if self._side.indexOf(beside) < 0:
                self._side.addWidget(beside)
            self._side.setCurrentWidget(beside)
        if is_split == self._side.isHidden():
            self._side.setVisible(is_split)
            if is_split:
                self.setSizes([self.width() // 2, self.width() // 2])
