"""The strip at the foot of the window: the data at the left, the job at the right."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy

from alsgui.text import tr
from alsgui.ui import theme
from alsgui.ui.widgets.buttons import button, icon_button
from alsgui.ui.widgets.labels import ElidedLabel, label, set_colour
from alsgui.ui.widgets.layouts import row
from alsgui.ui.widgets.progress import ProgressLine


class JobStatus(QFrame):
    """One sentence about the data; one job with its progress, "Idle", or what went wrong.

    Signals
    -------
    cancelled
        The x beside a job was pressed.
    details_asked
        Details beside an error was pressed.
    """

    cancelled = Signal()
    details_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("k", "status")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._data = ElidedLabel("", "hint")
        self._icon = QLabel()
        self._job = label("", "hint")
        self.progress = ProgressLine()
        self._left = label("", "hint")
        self._cancel = icon_button("x", tr("Cancel"), role="muted")
        self._cancel.setProperty("small", True)
        self._details = button(tr("Details"), kind="link")
        self._cancel.clicked.connect(self.cancelled)
        self._details.clicked.connect(self.details_asked)
        right = (self._icon, self._job, self.progress, self._left, self._details, self._cancel)
        box = row(self._data, *right, gap=10, margins=(14, 0, 8, 0))
        box.setStretchFactor(self._data, 1)
        self.setLayout(box)
        theme.current().changed.connect(self._draw_icon)
        self.set_idle()

    def sizeHint(self) -> QSize:
        """30 high."""
        return QSize(super().sizeHint().width(), theme.px(30))

    def minimumSizeHint(self) -> QSize:
        """30 high."""
        return QSize(super().minimumSizeHint().width(), theme.px(30))

    def set_data(self, sentence: str) -> None:
        """Say what data are open."""
        self._data.setText(sentence)

    def set_idle(self) -> None:
        """Say that no job runs."""
        self._show(tr("Idle"), "muted", job=False, error=False)

    def set_job(self, name: str, detail: str, share: float | None, left: str = "") -> None:
        """Show a job.

        Parameters
        ----------
        name
            Such as Run 4.
        detail
            Such as epoch 31 of 50; may be empty.
        share
            Done (0 to 1); None if not known.
        left
            Time left in words; may be empty.
        """
        self.progress.set_share(share)
        self._left.setText(left)
        self._show(f"{name}  ·  {detail}" if detail else name, "text", job=True, error=False)

    def set_error(self, sentence: str, *, details: bool = True) -> None:
        """Say what stopped the last job."""
        self._show(sentence, "error", job=False, error=True)
        self._details.setVisible(details)

    def _show(self, words: str, colour: str, *, job: bool, error: bool) -> None:
        self._job.setText(words)
        set_colour(self._job, colour)
        for part in (self.progress, self._left, self._cancel):
            part.setVisible(job)
        self._icon.setVisible(error)
        self._details.setVisible(error)
        self._draw_icon()

    def _draw_icon(self) -> None:
        self._icon.setPixmap(theme.pixmap("warning-circle", 16, "error"))
