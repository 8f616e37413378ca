"""Cards, and the head of a page."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from alsgui.ui import theme
from alsgui.ui.widgets.labels import ElidedLabel, label
from alsgui.ui.widgets.layouts import column, row


class Head(QWidget):
    """Title, muted subtitle beside it, and room for controls at the right."""

    def __init__(self, title: str, subtitle: str, kind: str) -> None:
        super().__init__()
        self._title = label(title, kind)
        self._subtitle = ElidedLabel(subtitle, "body" if kind == "title" else "hint", "muted")
        self._row = row(self._title, self._subtitle, gap=10)
        self._row.setStretchFactor(self._subtitle, 1)
        self.setLayout(self._row)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """As high as a control at least."""
        return super().sizeHint().expandedTo(self.minimumSizeHint())

    def minimumSizeHint(self) -> QSize:
        """As high as a control."""
        hint = super().minimumSizeHint()
        return QSize(hint.width(), max(hint.height(), theme.px(30)))

    def set_title(self, title: str) -> None:
        """Show another title."""
        self._title.setText(title)

    def set_subtitle(self, subtitle: str) -> None:
        """Show another subtitle."""
        self._subtitle.setText(subtitle)

    def add_action_widget(self, widget: QWidget) -> None:
        """Append a control at the right."""
        self._row.addWidget(widget)


class PageHead(Head):
    """Head of a page: title of 20 px, subtitle, controls at the right."""

    def __init__(self, title: str, subtitle: str = "") -> None:
        super().__init__(title, subtitle, "title")


class Card(QFrame):
    """Surface with a head; `body` is the column below it.

    Parameters
    ----------
    title, subtitle
        Words of the head; without a title there is no head.
    edge_to_edge
        Whether the body reaches the sides of the card, as tables do.
    """

    def __init__(self, title: str = "", subtitle: str = "", *, edge_to_edge: bool = False) -> None:
        super().__init__()
        self.setProperty("k", "card")
        self.setAccessibleName(title)
        self._head = Head(title, subtitle, "card")
        if not title:
            self._head.hide()
        side = 1 if edge_to_edge else 12
        self.body = column(gap=8, margins=(side, 0, side, 7 if edge_to_edge else 10))
        head = row(self._head, margins=(12, 5, 12, 1))
        self.setLayout(column(*([head] if title else [12]), self.body, gap=0))

    def set_title(self, title: str) -> None:
        """Show another title."""
        self._head.set_title(title)
        self.setAccessibleName(title)

    def set_subtitle(self, subtitle: str) -> None:
        """Show another subtitle."""
        self._head.set_subtitle(subtitle)

    def add_action_widget(self, widget: QWidget) -> None:
        """Append a control at the right of the head."""
        self._head.add_action_widget(widget)
