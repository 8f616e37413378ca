"""How many ratings it takes until the shown run knows somebody: a small curve in the inspector of Train."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from alsgui.core.errors import Interrupted
from alsgui.session.session import Session
from alsgui.session.state import Run
from alsgui.text import STAR, count, counted, decimal, tr
from alsgui.ui import theme
from alsgui.ui.widgets.error_curves import ErrorCurve, ErrorCurves
from alsgui.ui.widgets.labels import Rule, label
from alsgui.ui.widgets.layouts import column

if TYPE_CHECKING:
    from alsgui.core.known_after import KnownAfter
    from alsgui.core.model import Model

HEIGHT = 176
_KEY = "train/known"


class KnownCurve(QWidget):
    """The curve and one sentence; in view where a run that has ended was judged on users kept aside whole."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._of: Model | None = None
        self._stale = threading.Event()
        self.points: tuple[KnownAfter, ...] = ()
        self.plot = ErrorCurves(tr("Known after so many ratings"))
        self.sentence = label("", "hint", wrap=True)
        self._title = label(tr("How many ratings until it knows you"), "caption")
        self.setLayout(column(Rule(), self._title, self.plot, self.sentence, gap=4))
        theme.current().changed.connect(self._scale)
        self._scale()
        self.hide()

    def show_run(self, run: Run | None, *, learning: bool) -> None:
        """Show the curve of a run, once it is computed; nothing while it learns."""
        model = None if run is None or learning else run.model
        if model is not None and (model.split is None or model.split.kind != "users"):
            model = None
        if model is self._of:
            return
        self._of, self.points = model, ()
        self.hide()
        self._stale.set()
        stale = self._stale = threading.Event()
        self._session.slow.forget(_KEY)
        if model is None or not model.config.predicts_ratings:
            return

        def work() -> tuple[KnownAfter, ...]:
            from alsgui.core.known_after import known_after

            with suppress(Interrupted):  # another run is shown
                return known_after(model, stale.is_set)
            return ()

        self._session.slow.request(_KEY, work, self._show)

    def _show(self, points: tuple[KnownAfter, ...]) -> None:
        self.points = points
        if not points:
            return
        places = [float(at) for at in range(len(points))]
        ticks = [(at, _told_words(point)) for at, point in zip(places, points, strict=True)]
        self.plot.set_curves(
            [
                ErrorCurve(tr("biases"), places, [point.biases for point in points], role="muted", dashed=True),
                ErrorCurve(tr("this run"), places, [point.rmse for point in points], strong=True),
            ],
            tr("ratings told"),
            ticks,
        )
        self.plot.setToolTip(_tip(points))
        self.sentence.setText(sentence(points))
        self.show()

    def _scale(self) -> None:
        self.plot.setFixedHeight(theme.px(HEIGHT))


def sentence(points: Sequence[KnownAfter]) -> str:
    """From when on the run is surely better than averages, and by how much in the end."""
    last, sure = points[-1], [point for point in points if point.gain > point.gain_se]
    end = tr("With all but one it is {gain} ± {se} {star} better than averages.",
             gain=decimal(last.gain, 3), se=decimal(last.gain_se, 3), star=STAR)  # fmt: skip
    if last.gain <= 0:
        end = tr("Even with all but one it is not better than averages.")
    first = next((point for point in sure if all(later in sure for later in points[points.index(point) :])), None)
    if first is None or first.told is None:
        return tr("RMSE in stars. {end}", end=end)
    begin = tr("From the start") if first.told == 0 else tr("From {n} on", n=counted(first.told, tr("rating")))
    return tr("RMSE in stars. {begin} it beats averages. {end}", begin=begin, end=end)


def _told_words(point: KnownAfter) -> str:
    return tr("all but 1") if point.told is None else count(point.told)


def _tip(points: Sequence[KnownAfter]) -> str:
    last = points[-1]
    return tr("{users} who were kept aside whole tell so many ratings and are folded in; the same {n} other ratings "
              "of theirs are predicted each time. With all but one, the typical user tells {typical}.",
              users=counted(last.n_users, tr("user")), n=count(last.n), typical=count(last.typical))  # fmt: skip
