"""The rail at the left: one item for each page, and the settings at its foot."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QSizePolicy

from alsgui.ui import icons, theme
from alsgui.ui.widgets import paint
from alsgui.ui.widgets.layouts import column


class RailItem(QAbstractButton):
    """Icon over its name; current, hovered, or faint while it cannot be used yet (it can be pressed all the same)."""

    stepped = Signal(int)

    def __init__(self, icon: str, text: str) -> None:
        super().__init__()
        self._icon = icon
        self.setText(text)
        self.setAccessibleName(text)
        self.setCheckable(True)
        self.usable = True
        self.compact = False
        self._hovered = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """80 x 60, or 48 x 48 as an icon alone."""
        return QSize(theme.px(47), theme.px(48)) if self.compact else QSize(theme.px(79), theme.px(60))

    def minimumSizeHint(self) -> QSize:
        """As large as it likes to be."""
        return self.sizeHint()

    def nextCheckState(self) -> None:
        """Leave it to the rail which item is current."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ask for the next item with the arrows; Enter presses, as Space does."""
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.stepped.emit(1 if event.key() == Qt.Key.Key_Down else -1)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show the hover ground."""
        self._hovered = True
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Take the hover ground away."""
        self._hovered = False
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw ground, bar at the edge, icon and name."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        px = theme.px
        area = QRectF(self.rect()).adjusted(px(6), px(3), -px(6), -px(3))
        if self.isChecked() or self.isDown():
            paint.bar(painter, area, "accent_soft", px(8))
        elif self._hovered:
            paint.bar(painter, area, "border", px(8))
        if self.isChecked():
            height = area.height() * 0.52
            paint.bar(painter, QRectF(0, area.center().y() - height / 2, px(3), height), "accent", px(1))
        role = "accent" if self.isChecked() else "muted" if self.usable else "faint"
        middle = area.center().x()
        top = area.center().y() - px(11) if self.compact else area.top() + px(9)
        icons.draw(painter, QRectF(middle - px(11), top, px(22), px(22)), self._icon, theme.color(role))
        if not self.compact:
            weight = 600 if self.isChecked() else 500
            paint.put(painter, middle, area.bottom() - px(15), self.text(), role, weight=weight, align="center")
        if self.hasFocus():
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), px(7), px(7))


class Rail(QFrame):
    """Navigation among pages.

    Parameters
    ----------
    items
        (key, icon, text) of each page, from the top.
    foot
        (key, icon, text) of what stands at the foot.

    Signals
    -------
    chosen(str)
        Key of the item that was pressed, usable or not.
    """

    chosen = Signal(str)

    def __init__(self, items: Sequence[tuple[str, str, str]], foot: Sequence[tuple[str, str, str]] = ()) -> None:
        super().__init__()
        self.setProperty("k", "rail")
        self._compact = False
        self._items: dict[str, RailItem] = {}
        box = column(gap=0, margins=(0, 5, 0, 5))
        for key, icon, text in items:
            box.addWidget(self._made(key, icon, text))
        box.addStretch(1)
        for key, icon, text in foot:
            item = self._made(key, icon, text)
            item.compact = True
            item.setToolTip(text)
            box.addWidget(item, 0, Qt.AlignmentFlag.AlignHCenter)
        self._foot = {key for key, _, _ in foot}
        self.setLayout(box)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)

    def sizeHint(self) -> QSize:
        """80 wide, or 48 with icons alone, the line at the edge included."""
        return QSize(theme.px(48 if self._compact else 80), super().sizeHint().height())

    def current(self) -> str:
        """Key of the current item; empty if there is none."""
        return next((key for key, item in self._items.items() if item.isChecked()), "")

    def set_current(self, key: str) -> None:
        """Show which page is open, without a signal."""
        for each, item in self._items.items():
            item.setChecked(each == key)

    def set_usable(self, key: str, usable: bool, reason: str = "") -> None:
        """Show an item as usable, or faint with a tooltip that says why not yet."""
        item = self._items[key]
        if (item.usable, item.property("reason")) == (usable, reason):
            return
        item.usable = usable
        item.setProperty("reason", reason)
        item.setAccessibleDescription("" if usable else reason)
        self._explain(item)
        item.update()

    def set_compact(self, compact: bool) -> None:
        """Show icons alone (48 wide), or icons over names (80 wide)."""
        self._compact = compact
        self.updateGeometry()
        for key, item in self._items.items():
            if key not in self._foot:
                item.compact = compact
                self._explain(item)
                item.updateGeometry()

    def _made(self, key: str, icon: str, text: str) -> RailItem:
        item = RailItem(icon, text)
        item.clicked.connect(lambda: self.chosen.emit(key))
        item.stepped.connect(self._step)
        self._items[key] = item
        return item

    def _step(self, step: int) -> None:
        """Move the focus to the next item, from the last to the first."""
        items = list(self._items.values())
        focused = next(number for number, item in enumerate(items) if item.hasFocus())
        items[(focused + step) % len(items)].setFocus(Qt.FocusReason.TabFocusReason)

    @staticmethod
    def _explain(item: RailItem) -> None:
        name = item.text() if item.compact else ""
        reason = "" if item.usable else str(item.property("reason") or "")
        item.setToolTip("\n".join(filter(None, [name, reason])))
