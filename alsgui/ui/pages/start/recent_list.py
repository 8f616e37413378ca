"""The files opened last, one line each, on the start page."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from alsgui.text import counted, tr
from alsgui.ui import icons, theme
from alsgui.ui.widgets import paint
from alsgui.ui.widgets.buttons import button
from alsgui.ui.widgets.labels import Rule, label
from alsgui.ui.widgets.layouts import column, row

if TYPE_CHECKING:
    from alsgui.io.recent import RecentFile

MONTHS = (
    *(tr("Jan"), tr("Feb"), tr("Mar"), tr("Apr"), tr("May"), tr("Jun")),
    *(tr("Jul"), tr("Aug"), tr("Sep"), tr("Oct"), tr("Nov"), tr("Dec")),
)


def moment(opened: float, now: float) -> str:
    """When a file was opened, as one says it: today 14:02, yesterday, 12 Nov, 12 Nov 2024.

    Parameters
    ----------
    opened, now
        Seconds since 1970.
    """
    then, today = datetime.fromtimestamp(opened), datetime.fromtimestamp(now)
    days = (today.date() - then.date()).days
    if days == 0:
        return tr("today {time}", time=f"{then:%H:%M}")
    if days == 1:
        return tr("yesterday")
    day = f"{then.day} {MONTHS[then.month - 1]}"
    return day if then.year == today.year else f"{day} {then.year}"


class RecentList(QWidget):
    """Head and rows; hidden while there is nothing to list.

    Signals
    -------
    chosen(str)
        Path of the file to open.
    removed(str)
        Path of the file to forget.
    """

    chosen = Signal(str)
    removed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._rows: dict[str, RecentRow] = {}
        self._parts: list[QWidget] = []
        self._column = column(gap=0)
        self.setLayout(column(label(tr("Recent"), "card"), self._column, gap=6))
        self.hide()

    def set_files(self, files: Sequence[RecentFile]) -> None:
        """List files, newest first."""
        for part in self._parts:
            # Not orphaned: what has no parent belongs to Python, whose collector may run on any thread.
            self._column.removeWidget(part)
            part.hide()
            part.deleteLater()
        self._parts, self._rows = [], {}
        now = time.time()
        for file in files:
            made = RecentRow(file, moment(file.opened, now))
            made.clicked.connect(lambda _=False, path=file.path: self.chosen.emit(path))
            made.removed.connect(lambda path=file.path: self.removed.emit(path))
            self._rows[file.path] = made
            self._parts += [Rule(), made]
        for part in self._parts:
            self._column.addWidget(part)
        self.setVisible(bool(files))

    def paths(self) -> list[str]:
        """Paths listed, in order."""
        return list(self._rows)

    def row_of(self, path: str) -> RecentRow:
        """Line of a file."""
        return self._rows[path]

    def mark_gone(self, path: str) -> None:
        """Say that a file is not there any more, and offer to remove it from the list."""
        if path in self._rows:
            self._rows[path].mark_gone()


class RecentRow(QAbstractButton):
    """Name, counts and when; chosen by a click, Enter or Space.

    Signals
    -------
    removed
        The person wants it off the list.
    """

    removed = Signal()

    def __init__(self, file: RecentFile, when: str) -> None:
        super().__init__()
        self._file, self._when, self._gone = file, when, False
        self.setText(file.name)
        self.setToolTip(file.path)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.remove = button(tr("Remove"), kind="link", tip=tr("Take it off this list"))
        self.remove.clicked.connect(self.removed)
        self.remove.hide()
        self.setLayout(row(None, self.remove, margins=(0, 0, 8, 0)))
        self._describe()

    def words(self) -> str:
        """Counts, or that the file is gone."""
        if self._gone:
            return tr("not there any more")
        return tr(
            "{ratings}, {users} × {movies}",
            ratings=counted(self._file.n_ratings, tr("rating")),
            users=counted(self._file.n_users, tr("user")),
            movies=counted(self._file.n_movies, tr("item")),
        )

    def mark_gone(self) -> None:
        """Show that the file is not there any more."""
        self._gone = True
        self.remove.show()
        self._describe()
        self.update()

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(theme.px(400), theme.px(32))

    def minimumSizeHint(self) -> QSize:
        """One short line."""
        return QSize(theme.px(160), theme.px(32))

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show what a click would open."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Take the highlight away."""
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            area = QRectF(self.rect())
            if self.underMouse() or self.isDown():
                paint.bar(painter, area, "accent_soft" if self.isDown() else "hover", theme.px(4))
            self._draw_words(painter, area)
            if self.hasFocus():
                painter.setPen(QPen(theme.color("accent"), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), theme.px(4), theme.px(4))

    def _draw_words(self, painter: QPainter, area: QRectF) -> None:
        level, side = area.center().y(), theme.px(16)
        glyph, role = ("warning", "warning") if self._gone else ("file-text", "muted")
        icons.draw(painter, QRectF(theme.px(12), level - side / 2, side, side), glyph, theme.color(role))
        right = area.right() - theme.px(12)
        if self._gone:
            right = self.remove.x() - theme.px(12)
        else:
            right -= paint.put(painter, right, level, self._when, size=12, weight=400, align="right") + theme.px(16)
        left = float(theme.px(38))
        ink = "muted" if self._gone else "text"
        left += paint.put(painter, left, level, self._file.name, ink, size=13, width=max(right - left, 0))
        left += theme.px(12)
        if right - left > theme.px(40):
            paint.put(painter, left, level, self.words(), role, size=12, weight=400, width=right - left)

    def _describe(self) -> None:
        self.setAccessibleName(f"{self._file.name}, {self.words()}, {self._when}")
