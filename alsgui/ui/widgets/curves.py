"""How a fit went: error or ranking figures over loss, by epochs or seconds, the current run over pale earlier ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Literal

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QWidget

from alsgui import text
from alsgui.text import tr
from alsgui.ui import theme
from alsgui.ui.widgets import paint
from alsgui.ui.widgets.axes import Scale, digits_of, log_range, log_ticks, round_ticks, short_count, steady_range
from alsgui.ui.widgets.curve_figures import ERRORS, LISTS, Curve, Measure, Numbers, loss_words
from alsgui.ui.widgets.curve_lines import baseline, extent, pale_line, strong_line
from alsgui.ui.widgets.curve_panel import Line, Panel
from alsgui.ui.widgets.curve_thin import seen
from alsgui.ui.widgets.curve_view import CurveGestures, Range

__all__ = ["ERRORS", "LISTS", "Curve", "Measure", "TrainingPlot"]

LEFT, TITLE, GUTTER = 42, 20, 136
BETWEEN_PANELS, BELOW = 26, 40
LABELLED_OLDER_RUNS = 5
PALE_LINES_PER_RUN = 4
SLOW_EPOCH = 0.5
"""Seconds from which on an epoch takes long enough that its progress is worth watching."""

FEW_EPOCHS = 50
"""Fewer are never squeezed together for those that may come."""


class TrainingPlot(CurveGestures):
    """Two stacked panels, figures and loss, with a cursor that follows mouse and arrow keys.

    Signals
    -------
    hovered_epoch(int)
        Epoch under the cursor; -1 when the cursor left.
    """

    hovered_epoch = Signal(int)

    smallest = (320, 220)

    def __init__(self, name: str = "Training curves", parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._runs: list[Curve] = []
        self._baselines: list[tuple[str, float]] = []
        self._sentence, self._sentence_role = "", "muted"
        self._epoch_limit = 0
        self._by_seconds = self._log = False
        self._subtitles = (tr("stars; lower is better"), tr("squared error + ridge"))
        self.measure = ERRORS
        self._cursor: int | None = None
        self._progress: tuple[str, float] | None = None
        self._ranges: dict[str, Range] = {}
        self._pale: dict[tuple[Curve, str, Scale, bool], Line] = {}

    # What is shown

    def set_runs(self, runs: Sequence[Curve]) -> None:
        """Show these runs; the last one marked current is in the foreground (else the last).

        The part of the axis that is looked at stays, unless a run comes to the foreground that has nothing there.
        """
        if {run.name for run in runs} != {run.name for run in self._runs}:
            self._ranges.clear()
        before = self._current()
        self._runs = list(runs)
        here = set(self._runs)
        self._pale = {key: line for key, line in self._pale.items() if key[0] in here}
        current = self._current()
        if self._cursor is not None and (current is None or self._cursor >= len(current.epochs)):
            self._cursor = None
        if current is not None:
            self.setAccessibleDescription(" · ".join(words for _, words in self.measure.readings(current, -1)))
        other = current is None or before is None or current.name != before.name
        if other and self.zoomed and (current is None or self._x(current)[-1] < self.view_x()[0]):
            self.show_all()
        self.update()

    def set_baselines(self, baselines: Sequence[tuple[str, float]]) -> None:
        """Named values of the upper panel to beat, drawn dashed."""
        self._baselines = list(baselines)
        self._ranges.clear()
        self.update()

    def set_measure(self, measure: Measure) -> None:
        """What the upper panel shows."""
        if measure is not self.measure:
            self.measure = measure
            self._ranges.clear()
            self.set_view_y("figures", None)

    def set_sentence(self, words: str, kind: Literal["ok", "warning", "error", "muted"] = "muted") -> None:
        """What the curves mean, in one sentence at the top right."""
        self._sentence, self._sentence_role = words, kind
        self.update()

    def set_epoch_limit(self, n_epochs: int) -> None:
        """Number of epochs that the current run may take: the length of the axis."""
        self._epoch_limit = n_epochs
        self.update()

    def set_progress(self, side: str, share: float | None) -> None:
        """How much of the epoch that goes on is done, 0 to 1, and the side, "u" or "m", solved now; None for no epoch.

        Seen where epochs are slow.
        """
        progress = None if share is None else (side, share)
        if progress != self._progress:
            self._progress = progress
            self.update()

    def set_subtitles(self, rmse: str, loss: str) -> None:
        """Unit of the upper panel and formula of the loss, beside the two titles."""
        self._subtitles = (rmse, loss)
        self.update()

    def show_seconds(self, by_seconds: bool) -> None:
        """Draw over seconds, not epochs; a part that is looked at stays the same part."""
        current = self._current()
        if by_seconds == self._by_seconds:
            return
        view, before = self._x_chosen, None if current is None else self._x(current)
        self._by_seconds = by_seconds
        self._ranges.clear()
        if view is not None and current is not None and before is not None:
            ends = np.interp(view, [0.0, *before], [0.0, *self._x(current)])
            self.set_view_x((float(ends[0]), float(ends[1])))
        self.update()

    def show_log(self, log: bool) -> None:
        """Draw figures and loss on logarithmic axes."""
        self._log = log
        self._ranges.clear()
        for panel, view in list(self._y_chosen.items()):
            if log and view[0] <= 0:
                self.set_view_y(panel, None)
        self.update()

    def sizeHint(self) -> QSize:
        """Size on the Train page of a 1280 x 800 window."""
        return QSize(theme.px(552), theme.px(410))

    def numbers_csv(self) -> str:
        """One line per run and epoch."""
        return self.numbers_work()()

    def numbers_work(self) -> Callable[[], str]:
        """What makes them: of long runs it takes seconds."""
        return partial(self.measure.table, list(self._runs))

    def tip_at(self, position: QPointF) -> str:
        """Figures of the current run at the epoch under the cursor."""
        current = self._current()
        if current is None or self._cursor is None:
            return ""
        lines = [tr("epoch {number}", number=round(float(current.epochs[self._cursor])))]
        return "\n".join(lines + [words for _, words in self.measure.readings(current, self._cursor)])

    # Gestures

    def panels(self, size: QSizeF) -> dict[str, QRectF]:
        """The upper panel, where a run has its figures, and that of the loss."""
        has_figures = not self._runs or any(self.measure.shown_by(run) for run in self._runs)
        left, width = theme.px(LEFT), size.width() - theme.px(LEFT)
        height = size.height() - theme.px(TITLE + BELOW + BETWEEN_PANELS)
        if not has_figures:
            return {"loss": QRectF(left, theme.px(TITLE + BETWEEN_PANELS), width, height)}
        upper = QRectF(left, theme.px(TITLE), width, round(height * 0.75))
        lower = QRectF(left, upper.bottom() + theme.px(BETWEEN_PANELS), width, round(height * 0.25))
        return {"figures": upper, "loss": lower}

    def room_x(self, size: QSizeF) -> Range:
        """Pixels of the axis: labels have room at its right."""
        return float(theme.px(LEFT)), size.width() - theme.px(GUTTER)

    def whole_x(self) -> Range:
        """From nothing to the longest run, or as long as the current one may become."""
        ends = [float(self._x(run)[-1]) for run in self._runs if len(run.epochs)]
        current = self._current()
        limit = axis_end(0 if current is None else len(current.epochs), self._epoch_limit)
        if not self._by_seconds:
            return 0.0, max([*ends, limit, 2.0])
        if current is not None and self._epoch_limit:
            ends.append(self._pace(current) * limit)
        self._ranges["seconds"] = steady_range(0.0, max([*ends, 1e-3]), self._ranges.get("seconds"))
        return self._ranges["seconds"]

    def smallest_x(self) -> float:
        """Two epochs."""
        current = self._current()
        return 2.0 if not self._by_seconds or current is None else 2.0 * self._pace(current)

    def point_at(self, x: float | None) -> None:
        """Move the cursor to the epoch of the current run that is nearest; None lets it return to the last."""
        current = self._current()
        near = None if x is None or current is None else int(np.argmin(np.abs(self._x(current) - x)))
        self._move_cursor(near)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right move the cursor by one epoch, with Ctrl to the ends; Escape lets go."""
        current = self._current()
        key, held = Qt.Key(event.key()), event.modifiers()
        sideways = key in (Qt.Key.Key_Left, Qt.Key.Key_Right) and not held & Qt.KeyboardModifier.ShiftModifier
        if current is None or not (sideways or key in (Qt.Key.Key_End, Qt.Key.Key_Escape)):
            super().keyPressEvent(event)
            return
        last = len(current.epochs) - 1
        here = self._at(current)
        step = last if held & Qt.KeyboardModifier.ControlModifier else 1
        targets = {Qt.Key.Key_Left: here - step, Qt.Key.Key_Right: here + step, Qt.Key.Key_End: last}
        self._move_cursor(None if key == Qt.Key.Key_Escape else min(max(targets[key], 0), last))
        self._bring_into_view(current)

    def _key_place(self) -> float:
        current = self._current()
        if self._cursor is None or current is None:
            return super()._key_place()
        return self.x_scale(QSizeF(self.size())).pixel(float(self._x(current)[self._cursor]))

    def _bring_into_view(self, current: Curve) -> None:
        low, high = self.view_x()
        if self._cursor is not None and self._x_chosen is not None:
            x = float(self._x(current)[self._cursor])
            moved = min(x - low, 0.0) + max(x - high, 0.0)
            self.set_view_x((low + moved, high + moved))

    def _move_cursor(self, index: int | None) -> None:
        if index == self._cursor:
            return
        self._cursor = index
        current = self._current()
        known = index is not None and current is not None
        self.hovered_epoch.emit(round(float(current.epochs[index])) if known else -1)  # type: ignore[union-attr,index]
        self.update()

    # Drawing

    def draw(self, painter: QPainter, size: QSizeF) -> None:
        """Titles, panels, the epoch axis and the cursor."""
        areas, scale = self.panels(size), self.x_scale(size)
        width = paint.text_width(self._sentence, 12, 600)
        level = theme.px(8)
        paint.put(painter, size.width(), level, self._sentence, self._sentence_role, size=12, weight=600, align="right")
        if "figures" in areas:
            self._draw_title(painter, level, self.measure.title, self._subtitles[0], size.width() - width)
            self._draw_figures(painter, areas["figures"], scale)
        loss = areas["loss"]
        self._draw_title(painter, loss.top() - theme.px(13), tr("Loss L"), self._subtitles[1], size.width())
        self._draw_loss(painter, loss, scale)
        self._draw_cursor(painter, list(areas.values()), scale)
        self._draw_x_axis(painter, loss, scale)
        self._draw_progress(painter, loss, scale)

    def _draw_title(self, painter: QPainter, level: float, title: str, subtitle: str, end: float) -> None:
        left = paint.put(painter, 0, level, title, "text", size=13, weight=600) + theme.px(9)
        paint.put(painter, left, level, subtitle, size=12, weight=400, width=max(end - left - theme.px(9), 0))

    def _draw_figures(self, painter: QPainter, area: QRectF, x_scale: Scale) -> None:
        current, lines = self._current(), []
        older = [run for run in self._runs if run is not current]
        for index, run in enumerate(older):
            lines.append(self._pale_line(run, "", x_scale, named=index >= len(older) - LABELLED_OLDER_RUNS))
        if current is not None:
            for field, role, name in self.measure.lines:
                y = current.values(field)
                if np.isfinite(y).any():
                    ring = self.measure.best(y) if field == self.measure.main else None
                    lines.append(
                        strong_line(
                            self._x(current),
                            y,
                            x_scale,
                            role,
                            at=self._at(current),
                            name=name,
                            words=text.error_figure,
                            ring=ring,
                        )
                    )
        if not any(len(line.y) for line in lines):
            return
        scale = self._y_scale("figures", lines, area.bottom() - theme.px(8), area.top() + theme.px(10))
        begin = 0.0 if self._by_seconds else 1.0
        lines = [*(baseline(name, value, begin, x_scale, scale) for name, value in self._baselines), *lines]
        ticks = self._ticks(scale, 4)
        digits = max(2, digits_of(ticks))
        Panel(area, x_scale, scale, lambda tick: text.decimal(tick, digits), ticks).draw(painter, lines)

    def _draw_loss(self, painter: QPainter, area: QRectF, x_scale: Scale) -> None:
        current = self._current()
        lines = [self._pale_line(run, "loss", x_scale, named=False) for run in self._runs if run is not current]
        if current is not None:
            x, y, at = self._x(current), current.values("loss"), self._at(current)
            lines.append(strong_line(x, y, x_scale, "muted", at=at, name="L", words=loss_words))
        if any(len(line.y) for line in lines):
            scale = self._y_scale("loss", lines, area.bottom() - theme.px(5), area.top() + theme.px(5))
            Panel(area, x_scale, scale, short_count, self._ticks(scale, 2)).draw(painter, lines)

    def _draw_cursor(self, painter: QPainter, areas: Sequence[QRectF], scale: Scale) -> None:
        current = self._current()
        if current is not None:
            x = scale.pixel(float(self._x(current)[self._at(current)]))
            for area in areas if scale.start - 1 <= x <= scale.stop + 1 else ():
                paint.down(painter, x, area.top(), area.bottom(), "border_strong")

    def _draw_x_axis(self, painter: QPainter, area: QRectF, scale: Scale) -> None:
        current, level = self._current(), area.bottom() + theme.px(10)
        pointed = None
        if self._cursor is not None and current is not None:
            pointed = scale.pixel(float(self._x(current)[self._at(current)]))
            paint.put(painter, pointed, level, self._x_words(current), "text", weight=600, align="center")
        n_steps = max(2, min(6, int((scale.stop - scale.start) / theme.px(60))))
        for tick in round_ticks(scale.low, scale.high, n_steps):
            x = scale.pixel(tick)
            whole = self._by_seconds or tick == round(tick)
            if tick > 0 and whole and (pointed is None or abs(x - pointed) >= theme.px(28)):
                paint.put(painter, x, level, f"{tick:.6g}", align="center")
        axis_title = tr("seconds") if self._by_seconds else tr("epoch")
        paint.put(painter, area.right() / 2, level + theme.px(18), axis_title, align="center")

    def _draw_progress(self, painter: QPainter, area: QRectF, scale: Scale) -> None:
        """A bar on the axis that grows from the last epoch to where the next will be: users, then movies."""
        current = self._current()
        if self._progress is None or (current is not None and self._pace(current) < SLOW_EPOCH):
            return
        if current is None and self._by_seconds:
            return
        per_epoch = self._pace(current) if current is not None and self._by_seconds else 1.0
        begin = float(self._x(current)[-1]) if current is not None else 0.0
        side, share = self._progress
        for role, start, stop in (("user", 0.0, min(share, 0.5)), ("movie", 0.5, share)):
            left, right = (scale.pixel(begin + part * per_epoch) for part in (start, stop))
            left, right = max(left, scale.start), min(right, scale.stop)
            if right > left and (role == "user" or side == "m"):
                paint.bar(painter, QRectF(left, area.bottom() - theme.px(3), right - left, theme.px(3)), role, 0)

    def _x_words(self, current: Curve) -> str:
        at = self._at(current)
        return f"{current.seconds[at]:.2f} s" if self._by_seconds else f"{round(float(current.epochs[at]))}"

    # Lines and scales

    def _pale_line(self, run: Curve, field: str, x_scale: Scale, *, named: bool) -> Line:
        """Line of a run in the background, made once for a view; without a field that of the figure that counts."""
        key = (run, field or self.measure.main, x_scale, named)
        if key not in self._pale:
            if len(self._pale) > PALE_LINES_PER_RUN * len(self._runs):
                self._pale.clear()
            y = run.values(key[1])
            y = y if np.isfinite(y).any() else run.values(field or self.measure.lines[0][0])
            self._pale[key] = pale_line(self._x(run), y, run.name if named else "", x_scale)
        return self._pale[key]

    def _y_scale(self, panel: str, lines: Sequence[Line], bottom: float, top: float) -> Scale:
        """Values that a person chose, else round ends about what is seen of the lines."""
        low, high = extent(lines, *self.view_x(), start_may_leave=self._x_chosen is None and not self._log)
        before = self._ranges.get(panel)
        logarithmic = self._log and low > 0
        self._ranges[panel] = (log_range if logarithmic else steady_range)(low, high, before)
        self._y_usual[panel] = self._ranges[panel]
        view = self.view_y(panel) or self._ranges[panel]
        self._y_scales[panel] = Scale(*view, bottom, top, logarithmic and view[0] > 0)
        return self._y_scales[panel]

    @staticmethod
    def _ticks(scale: Scale, n_steps: int) -> list[float]:
        return (log_ticks if scale.log else round_ticks)(scale.low, scale.high, n_steps)

    def _view_changed(self) -> None:
        seconds = self._ranges.get("seconds")
        self._ranges = {} if seconds is None else {"seconds": seconds}
        super()._view_changed()

    def _x(self, run: Curve) -> Numbers:
        return np.asarray(run.seconds if self._by_seconds else run.epochs, dtype=np.float64)

    @staticmethod
    def _pace(run: Curve) -> float:
        """Seconds per epoch."""
        return float(run.seconds[-1]) / max(float(run.epochs[-1]), 1.0)

    def _at(self, current: Curve) -> int:
        """The epoch under the cursor; without one, or with one out of sight, the last that is seen."""
        begin, end = seen(self._x(current), *self.view_x())
        if self._cursor is not None and begin <= self._cursor < end:
            return self._cursor
        return max(min(end, len(current.epochs)) - 1, 0)

    def _current(self) -> Curve | None:
        marked = [run for run in self._runs if run.current] or self._runs
        return marked[-1] if marked and len(marked[-1].epochs) else None


def axis_end(n_done: int, n_most: int) -> float:
    """Where the axis of epochs ends: at the last one that may come, or where that is far off, after some doublings."""
    end = float(FEW_EPOCHS)
    while end < 2 * n_done:
        end *= 2
    return float(n_most) if n_most <= 4 * max(n_done, FEW_EPOCHS) else min(end, float(n_most))
