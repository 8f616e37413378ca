"""One message under the head of a page."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QFrame, QLabel

from alsgui.text import tr
from alsgui.ui import theme
from alsgui.ui.qss import set_property
from alsgui.ui.widgets.buttons import button, icon_button, relabel
from alsgui.ui.widgets.labels import label
from alsgui.ui.widgets.layouts import row

Kind = Literal["info", "warning", "error", "ok"]

_ICONS = {"info": "info", "warning": "warning", "error": "warning-circle", "ok": "check-circle"}


class Banner(QFrame):
    """Icon, sentence, one action, Details and x on the soft ground of its kind; hidden until it has a message.

    Signals
    -------
    acted
        The action was pressed.
    details_asked
        Details was pressed.
    dismissed
        The x was pressed; the banner has hidden itself.
    """

    acted = Signal()
    details_asked = Signal()
    dismissed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("k", "banner")
        self.setProperty("kind", "info")
        self._kind: Kind = "info"
        self._icon = QLabel()
        self._sentence = label(wrap=True)
        self._action = button("", kind="link")
        self._details = button(tr("Details"), kind="link")
        self._cross = icon_button("x", tr("Dismiss"), role="muted")
        self._action.clicked.connect(self.acted)
        self._details.clicked.connect(self.details_asked)
        self._cross.clicked.connect(self.dismiss)
        box = row(self._icon, self._sentence, self._action, self._details, self._cross, margins=(12, 4, 4, 4))
        box.setStretchFactor(self._sentence, 1)
        self.setLayout(box)
        self.hide()
        theme.current().changed.connect(self._draw_icon)

    def show_message(self, kind: Kind, sentence: str, action: str = "", *, details: bool = False) -> None:
        """Show a sentence in place of the one before.

        Parameters
        ----------
        kind
            Chooses ground and icon.
        sentence
            What happened and what to do.
        action
            Words of the one action; none if empty.
        details
            Whether there is more to read.
        """
        self._kind = kind
        set_property(self, "kind", kind)
        self._sentence.setText(sentence)
        relabel(self._action, action)
        self._action.setVisible(bool(action))
        self._details.setVisible(details)
        self.setAccessibleName(sentence)
        self._draw_icon()
        self.show()

    def dismiss(self) -> None:
        """Hide the message."""
        self.hide()
        self.dismissed.emit()

    def minimumSizeHint(self) -> QSize:
        """Height of one line at least."""
        return QSize(super().minimumSizeHint().width(), theme.px(40))

    def _draw_icon(self) -> None:
        role = "accent" if self._kind == "info" else self._kind
        self._icon.setPixmap(theme.pixmap(_ICONS[self._kind], 16, role))
