"""How a fit went: error or ranking figures over loss, by epochs or seconds, the current run over pale earlier ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from alsgui import text
from alsgui.text import tr
from alsgui.ui import theme
from alsgui.ui.widgets import export, paint
from alsgui.ui.widgets.axes import Scale, digits_of, round_ticks, short_count, steady_range
from alsgui.ui.widgets.curve_panel import Line, Panel
from alsgui.ui.widgets.plot import Plot

Numbers = NDArray[np.float64]

LEFT, TITLE, GUTTER = 42, 20, 136
BETWEEN_PANELS, BELOW = 26, 40
LABELLED_OLDER_RUNS = 5
# A first value that lies further above the rest than the rest is high would flatten the curves: it may leave the panel.
START_ROOM = 1.0


@dataclass(frozen=True)
class Curve:
    """The course of one run, one value per epoch.

    Parameters
    ----------
    name
        Of the run, such as "run 3".
    epochs, seconds
        Epoch numbers and the seconds that had passed at their ends.
    rmse_train, rmse_holdout
        In rating stars; None (or NaN) where there is none.
    loss
        Value of the objective.
    current
        Whether it is the run in the foreground.
    ndcg, recall
        Of its lists on hold-out users, 0 to 1; None where predictions are ratings.
    """

    name: str
    epochs: Sequence[float] | Numbers
    seconds: Sequence[float] | Numbers
    rmse_train: Sequence[float] | Numbers | None
    rmse_holdout: Sequence[float] | Numbers | None
    loss: Sequence[float] | Numbers
    current: bool = False
    ndcg: Sequence[float] | Numbers | None = None
    recall: Sequence[float] | Numbers | None = None


@dataclass(frozen=True)
class Measure:
    """What the upper panel shows.

    Parameters
    ----------
    title
        Its head.
    lines
        Fields of `Curve`, the role of each one's colour, and its words; the last is the one that counts.
    columns
        Names of the fields where numbers are taken along.
    higher_is_better
        Whether the best point is the highest.
    """

    title: str
    lines: tuple[tuple[str, str, str], ...]
    columns: tuple[str, ...]
    higher_is_better: bool = False

    @property
    def main(self) -> str:
        """The field that counts."""
        return self.lines[-1][0]


ERRORS = Measure(
    tr("RMSE"),
    (("rmse_train", "training", tr("training")), ("rmse_holdout", "holdout", tr("hold-out"))),
    ("rmse_training", "rmse_holdout"),
)
LISTS = Measure(
    tr("NDCG@20"),
    (("recall", "movie", tr("recall@20")), ("ndcg", "holdout", tr("NDCG@20"))),
    ("recall_holdout", "ndcg_holdout"),
    higher_is_better=True,
)


class TrainingPlot(Plot):
    """Two stacked panels, RMSE and loss, with a cursor that follows mouse and arrow keys.

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
        self._ranges: dict[str, tuple[float, float]] = {}
        self.setMouseTracking(True)

    def set_runs(self, runs: Sequence[Curve]) -> None:
        """Show these runs; the last one marked current is in the foreground (else the last)."""
        if {run.name for run in runs} != {run.name for run in self._runs}:
            self._ranges.clear()
        self._runs = list(runs)
        current = self._current()
        if self._cursor is not None and (current is None or self._cursor >= len(current.epochs)):
            self._cursor = None
        if current is not None:
            self.setAccessibleDescription(" · ".join(words for _, words in self._readings(current, -1)))
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
            self.update()

    def set_sentence(self, words: str, kind: Literal["ok", "warning", "error", "muted"] = "muted") -> None:
        """What the curves mean, in one sentence at the top right."""
        self._sentence, self._sentence_role = words, kind
        self.update()

    def set_epoch_limit(self, n_epochs: int) -> None:
        """Number of epochs that the current run may take: the length of the axis."""
        self._epoch_limit = n_epochs
        self.update()

    def set_subtitles(self, rmse: str, loss: str) -> None:
        """Unit of the upper panel and formula of the loss, beside the two titles."""
        self._subtitles = (rmse, loss)
        self.update()

    def show_seconds(self, by_seconds: bool) -> None:
        """Draw over seconds, not epochs."""
        self._by_seconds = by_seconds
        self._ranges.clear()
        self.update()

    def show_log(self, log: bool) -> None:
        """Draw RMSE and loss on logarithmic axes."""
        self._log = log
        self.update()

    def sizeHint(self) -> QSize:
        """Size on the Train page of a 1280 x 800 window."""
        return QSize(theme.px(552), theme.px(410))

    def numbers_csv(self) -> str:
        """One line per run and epoch."""
        rows: list[Sequence[object]] = [("run", "epoch", "seconds", *self.measure.columns, "loss")]
        for run in self._runs:
            columns = (run.epochs, run.seconds, *(_values(run, field) for field, _, _ in self.measure.lines), run.loss)
            for numbers in zip(*columns, strict=True):
                rows.append([run.name, *("" if np.isnan(n) else f"{n:.10g}" for n in numbers)])
        return export.csv_text(rows)

    def tip_at(self, position: QPointF) -> str:
        """Figures of the current run at the epoch under the cursor."""
        current = self._current()
        if current is None or self._cursor is None:
            return ""
        lines = [tr("epoch {number}", number=round(float(current.epochs[self._cursor])))]
        return "\n".join(lines + [words for _, words in self._readings(current, self._cursor)])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the cursor to the nearest epoch of the current run."""
        current = self._current()
        area = self._areas(QSizeF(self.size()))[1]
        inside = area.left() <= event.position().x() <= area.right()
        if current is None or not inside:
            self._point_at(None)
            return
        x = self._x_scale(area).value(event.position().x())
        self._point_at(int(np.argmin(np.abs(self._x(current) - x))))

    def leaveEvent(self, event: QEvent) -> None:
        """Let the cursor return to the last epoch."""
        super().leaveEvent(event)
        self._point_at(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right move the cursor by one epoch, Home and End to the ends; Escape lets go."""
        current = self._current()
        key = Qt.Key(event.key())
        if current is None or key not in (
            Qt.Key.Key_Left,
            Qt.Key.Key_Right,
            Qt.Key.Key_Home,
            Qt.Key.Key_End,
            Qt.Key.Key_Escape,
        ):
            super().keyPressEvent(event)
            return
        last = len(current.epochs) - 1
        here = last if self._cursor is None else self._cursor
        targets = {Qt.Key.Key_Left: here - 1, Qt.Key.Key_Right: here + 1, Qt.Key.Key_Home: 0, Qt.Key.Key_End: last}
        self._point_at(None if key == Qt.Key.Key_Escape else min(max(targets[key], 0), last))

    def draw(self, painter: QPainter, size: QSizeF) -> None:
        """Titles, panels, the epoch axis and the cursor."""
        rmse_area, loss_area = self._areas(size)
        width = paint.text_width(self._sentence, 12, 600)
        level = theme.px(8)
        paint.put(painter, size.width(), level, self._sentence, self._sentence_role, size=12, weight=600, align="right")
        if not rmse_area.isEmpty():
            self._draw_title(painter, level, self.measure.title, self._subtitles[0], size.width() - width)
            self._draw_rmse(painter, rmse_area)
        self._draw_title(painter, loss_area.top() - theme.px(13), tr("Loss L"), self._subtitles[1], size.width())
        self._draw_loss(painter, loss_area)
        self._draw_x_axis(painter, loss_area, rmse_area)

    def _draw_title(self, painter: QPainter, level: float, title: str, subtitle: str, end: float) -> None:
        left = paint.put(painter, 0, level, title, "text", size=13, weight=600) + theme.px(9)
        paint.put(painter, left, level, subtitle, size=12, weight=400, width=max(end - left - theme.px(9), 0))

    def _draw_rmse(self, painter: QPainter, area: QRectF) -> None:
        lines = []
        older = [run for run in self._runs if run is not self._current()]
        for index, run in enumerate(older):
            y = _values(run, self.measure.main)
            y = y if np.isfinite(y).any() else _values(run, self.measure.lines[0][0])
            named = index >= len(older) - LABELLED_OLDER_RUNS and np.isfinite(y).any()
            words = f"{run.name}  {text.decimal(_last(y), 3)}" if named else ""
            lines.append(self._line(run, y, "older", words))
        current = self._current()
        if current is not None:
            at = len(current.epochs) - 1 if self._cursor is None else self._cursor
            best = np.nanargmax if self.measure.higher_is_better else np.nanargmin
            for field, role, name in self.measure.lines:
                y = _values(current, field)
                if len(y) and np.isfinite(y).any():
                    ring = int(best(y)) if field == self.measure.main else None
                    words = f"{name}  {text.error_figure(y[at])}"
                    lines.append(self._line(current, y, role, words, at=at, ring=ring))
        if not _any_figures(lines):
            return
        low, high = self._y_range("rmse", lines)
        lines = [*(self._baseline(name, value, low, high) for name, value in self._baselines), *lines]
        scale = Scale(low, high, area.bottom() - theme.px(8), area.top() + theme.px(10), self._log)
        digits = max(2, digits_of(round_ticks(low, high, 4)))
        Panel(area, self._x_scale(area), scale, lambda tick: text.decimal(tick, digits), 4).draw(painter, lines)

    def _draw_loss(self, painter: QPainter, area: QRectF) -> None:
        current = self._current()
        lines = []
        for run in self._runs:
            if run is not current:
                lines.append(self._line(run, _values(run, "loss"), "older", ""))
        if current is not None and len(current.epochs):
            at = len(current.epochs) - 1 if self._cursor is None else self._cursor
            y = _values(current, "loss")
            lines.append(self._line(current, y, "muted", f"L  {_loss_words(y[at])}", at=at))
        if not _any_figures(lines):
            return
        low, high = self._y_range("loss", lines)
        scale = Scale(low, high, area.bottom() - theme.px(5), area.top() + theme.px(5), self._log)
        Panel(area, self._x_scale(area), scale, short_count, 2).draw(painter, lines)

    def _draw_x_axis(self, painter: QPainter, area: QRectF, upper: QRectF) -> None:
        scale, current = self._x_scale(area), self._current()
        level = area.bottom() + theme.px(10)
        cursor_x = None
        if current is not None and len(current.epochs):
            at = len(current.epochs) - 1 if self._cursor is None else self._cursor
            cursor_x = scale.pixel(float(self._x(current)[at]))
            for panel in (upper, area):
                paint.down(painter, cursor_x, panel.top(), panel.bottom(), "border_strong")
        if self._cursor is not None and cursor_x is not None and current is not None:
            paint.put(painter, cursor_x, level, self._x_words(current), "text", weight=600, align="center")
        n_steps = max(2, min(6, int((scale.stop - scale.start) / theme.px(60))))
        for tick in round_ticks(scale.low, scale.high, n_steps):
            x = scale.pixel(tick)
            near_cursor = self._cursor is not None and cursor_x is not None and abs(x - cursor_x) < theme.px(28)
            whole = self._by_seconds or tick == round(tick)
            if tick > 0 and whole and not near_cursor:
                paint.put(painter, x, level, f"{tick:.6g}", align="center")
        axis_title = tr("seconds") if self._by_seconds else tr("epoch")
        paint.put(painter, area.right() / 2, level + theme.px(18), axis_title, align="center")

    def _x_words(self, current: Curve) -> str:
        at = self._cursor or 0
        return f"{current.seconds[at]:.2f} s" if self._by_seconds else f"{round(float(current.epochs[at]))}"

    def _readings(self, run: Curve, at: int) -> list[tuple[str, str]]:
        """Role and words of the figures of a run at one point, those that it has; the loss last."""
        if not len(run.epochs):
            return []
        shown = [(role, name, _values(run, field)[at]) for field, role, name in self.measure.lines]
        readings = [(role, f"{name}  {text.error_figure(value)}") for role, name, value in shown if np.isfinite(value)]
        return [*readings, ("muted", tr("loss  {value}", value=_loss_words(_values(run, "loss")[at])))]

    def _line(
        self, run: Curve, y: Numbers, role: str, words: str, *, at: int | None = None, ring: int | None = None
    ) -> Line:
        return Line(self._x(run), y, role, words, at is not None, label_at=-1 if at is None else at, ring_at=ring)

    def _baseline(self, name: str, value: float, low: float, high: float) -> Line:
        ends = np.array([self._x_start(), self._x_limit()])
        words = f"{name}  {text.decimal(value, 3)}"
        if low <= value <= high:
            return Line(ends, np.array([value, value]), "muted", words, dashed=True)
        arrow, edge = ("↑", high) if value > high else ("↓", low)
        return Line(ends, np.array([edge, edge]), "muted", f"{arrow} {words}", beyond=True)

    def _y_range(self, panel: str, lines: Sequence[Line]) -> tuple[float, float]:
        lows, highs = [], []
        for line in lines:
            finite = line.y[np.isfinite(line.y)]
            if len(finite):
                rest = finite[1:] if len(finite) > 3 else finite
                low, high = float(finite.min()), float(rest.max())
                lows.append(low)
                highs.append(max(high, finite[0]) if finite[0] - high <= START_ROOM * (high - low) else high)
        self._ranges[panel] = steady_range(min(lows), max(highs), self._ranges.get(panel))
        return self._ranges[panel]

    def _areas(self, size: QSizeF) -> tuple[QRectF, QRectF]:
        """Rectangles of the upper panel (empty where no run has its figures) and of the loss panel."""
        has_rmse = not self._runs or any(
            np.isfinite(_values(run, field)).any() for run in self._runs for field, _, _ in self.measure.lines
        )
        left, width = theme.px(LEFT), size.width() - theme.px(LEFT)
        height = size.height() - theme.px(TITLE + BELOW)
        if not has_rmse:
            top = theme.px(TITLE + BETWEEN_PANELS)
            return QRectF(), QRectF(left, top, width, height - theme.px(BETWEEN_PANELS))
        height -= theme.px(BETWEEN_PANELS)
        upper = QRectF(left, theme.px(TITLE), width, round(height * 0.75))
        return upper, QRectF(left, upper.bottom() + theme.px(BETWEEN_PANELS), width, round(height * 0.25))

    def _x_scale(self, area: QRectF) -> Scale:
        return Scale(0.0, self._x_limit(), area.left(), area.right() - theme.px(GUTTER))

    def _x_start(self) -> float:
        return 0.0 if self._by_seconds else 1.0

    def _x_limit(self) -> float:
        ends = [float(self._x(run)[-1]) for run in self._runs if len(run.epochs)]
        if not self._by_seconds:
            return max([*ends, float(self._epoch_limit), 2.0])
        current = self._current()
        if current is not None and len(current.epochs) and self._epoch_limit:
            per_epoch = float(current.seconds[-1]) / max(float(current.epochs[-1]), 1.0)
            ends.append(per_epoch * self._epoch_limit)
        self._ranges["seconds"] = steady_range(0.0, max([*ends, 1e-3]), self._ranges.get("seconds"))
        return self._ranges["seconds"][1]

    def _x(self, run: Curve) -> Numbers:
        return np.asarray(run.seconds if self._by_seconds else run.epochs, dtype=np.float64)

    def _current(self) -> Curve | None:
        marked = [run for run in self._runs if run.current] or self._runs
        return marked[-1] if marked and len(marked[-1].epochs) else None

    def _point_at(self, index: int | None) -> None:
        if index == self._cursor:
            return
        self._cursor = index
        current = self._current()
        known = index is not None and current is not None
        self.hovered_epoch.emit(round(float(current.epochs[index])) if known else -1)  # type: ignore[union-attr,index]
        self.update()


def _values(run: Curve, field: str) -> Numbers:
    values = getattr(run, field)
    if values is None:
        return np.full(len(run.epochs), np.nan)
    return np.asarray(values, dtype=np.float64)


def _last(values: Numbers) -> float:
    finite = values[np.isfinite(values)]
    return float(finite[-1]) if len(finite) else float("nan")


def _loss_words(loss: float) -> str:
    return text.count(loss) if abs(loss) >= 100 else text.decimal(loss, 4)


def _any_figures(lines: Sequence[Line]) -> bool:
    """Whether there is anything to draw; before the first epoch a panel has no numbers to put on its axis."""
    return any(bool(np.isfinite(line.y).any()) for line in lines)
