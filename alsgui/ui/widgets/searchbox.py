"""The search field of the toolbar, with its results in a list below."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from alsgui.ui import icons, theme
from alsgui.ui.widgets import paint

Result = tuple[str, str, str, object]
"""Icon, text, subtitle and what is handed on."""

PAUSE_MS = 60
MOST_SHOWN = 10
_RESULT_ROLE = Qt.ItemDataRole.UserRole


class ResultDelegate(QStyledItemDelegate):
    """Paints icon, text and subtitle of a result."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint one result."""
        icon, text, subtitle, _ = index.data(_RESULT_ROLE)
        area = QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            paint.bar(painter, area.adjusted(theme.px(4), 1, -theme.px(4), -1), "selection", theme.px(4))
        left, side, level = area.left() + theme.px(12), theme.px(16), area.center().y()
        role = {"user": "user", "film-strip": "movie"}.get(icon, "muted")
        icons.draw(painter, QRectF(left, level - side / 2, side, side), icon, theme.color(role))
        left += theme.px(26)
        room = area.right() - left - theme.px(12)
        width = paint.put(painter, left, level, text, "text", size=13, weight=400, width=room)
        if room - width > theme.px(40):
            left += width + theme.px(8)
            paint.put(painter, left, level, subtitle, size=12, weight=400, width=room - width - theme.px(8))
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """One row."""
        return QSize(theme.px(200), theme.px(30))


class SearchBox(QLineEdit):
    """Field whose text is looked up a moment after the last letter.

    Parameters
    ----------
    placeholder
        What can be looked up.
    find
        Results of a text, best first.
    shortcut
        Keys that lead here, shown as a tag while the field is empty.

    Signals
    -------
    activated(object)
        Payload of the result that was chosen.
    """

    activated = Signal(object)

    def __init__(self, placeholder: str, find: Callable[[str], Sequence[Result]], shortcut: str = "") -> None:
        super().__init__()
        self._find, self._shortcut = find, shortcut
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.results = QListWidget(self)
        self.results.setWindowFlags(Qt.WindowType.ToolTip)
        self.results.setProperty("k", "results")
        self.results.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.results.setMouseTracking(True)
        self.results.setItemDelegate(ResultDelegate(self.results))
        self.results.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.results.itemEntered.connect(self.results.setCurrentItem)
        self.results.itemClicked.connect(self._activate)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self.look_up)
        self.textEdited.connect(self._wait)
        self.installEventFilter(self)
        theme.current().changed.connect(self._scale)
        self._scale()

    def sizeHint(self) -> QSize:
        """Wide enough for the words that say what can be searched."""
        return QSize(theme.px(300), super().sizeHint().height())

    def look_up(self) -> None:
        """Show the results of the text at once."""
        self._pause.stop()
        text = self.text().strip()
        found = list(self._find(text)) if text else []
        self.results.clear()
        for result in found:
            item = QListWidgetItem(result[1])
            item.setData(_RESULT_ROLE, result)
            self.results.addItem(item)
        if not found:
            self.results.hide()
            return
        self.results.setCurrentRow(0)
        shown = min(len(found), MOST_SHOWN)
        width = max(self.width(), theme.px(320))
        self.results.setFixedSize(width, shown * theme.px(30) + 2 * theme.px(5))
        corner = self.mapToGlobal(QPoint(self.width() - width, self.height() + theme.px(4)))
        self.results.move(max(corner.x(), 0), corner.y())
        self.results.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Give the arrows, Enter and Escape to the list."""
        if event.type() is not QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self._pause.isActive():
                self.look_up()
            if self.results.isVisible() and self.results.currentItem() is not None:
                self._activate(self.results.currentItem())
            return True
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        step = steps.get(Qt.Key(event.key()))
        if step is not None and self.results.isVisible():
            self.results.setCurrentRow((self.results.currentRow() + step) % self.results.count())
            return True
        if event.key() == Qt.Key.Key_Escape:
            if self.results.isVisible():
                self.results.hide()
            else:
                self.clear()
            return True
        return False

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Close the list."""
        super().focusOutEvent(event)
        self._pause.stop()
        self.results.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the text clear of icon and tag."""
        super().resizeEvent(event)
        self._scale()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw icon and tag over the field."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle, side = self.height() / 2, theme.px(16)
        glass = QRectF(theme.px(9), middle - side / 2, side, side)
        icons.draw(painter, glass, "magnifying-glass", theme.color("muted"))
        if self._shortcut and not self.text():
            width, height = paint.text_width(self._shortcut) + theme.px(12), theme.px(17)
            tag = QRectF(self.width() - width - theme.px(8), middle - height / 2, width, height)
            painter.setPen(QPen(theme.color("border"), 1))
            painter.setBrush(theme.color("bg"))
            painter.drawRoundedRect(tag, theme.px(3), theme.px(3))
            paint.put(painter, tag.center().x(), tag.center().y(), self._shortcut, align="center")

    def _activate(self, item: QListWidgetItem) -> None:
        payload = item.data(_RESULT_ROLE)[3]
        self.results.hide()
        self.clear()
        self.activated.emit(payload)

    def _wait(self, _text: str) -> None:
        self._pause.start()
        self._scale()

    def _scale(self) -> None:
        tag = paint.text_width(self._shortcut) + theme.px(16) if self._shortcut and not self.text() else 0
        self.setTextMargins(theme.px(22), 0, round(tag), 0)
