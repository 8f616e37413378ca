"""The loss as a surface: with one number on each side, and over one user's two weights."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QSlider, QWidget

from alsgui.core.exercise import N_USERS
from alsgui.core.surface import Point, Scalar, bowl_values, grid, levels, user_bowl
from alsgui.text import decimal, tr
from alsgui.ui import theme
from alsgui.ui.pages.learn.desk import Desk
from alsgui.ui.widgets.buttons import button
from alsgui.ui.widgets.card import Card
from alsgui.ui.widgets.contours import ContourPlot, Surface
from alsgui.ui.widgets.labels import label
from alsgui.ui.widgets.layouts import row
from alsgui.ui.widgets.segment import Segment
from alsgui.ui.widgets.typeset import MathView

HALF_STEPS = 24
FAR = 3.0
START: Point = (0.4, 2.6)
STEPS_OF_SLIDER = 200


class Slider(QWidget):
    """A number to drag: its sign, a track, its value.

    Signals
    -------
    changed(float)
        The person moved it.
    """

    changed = Signal(float)

    def __init__(self, symbol: str, name: str, low: float, high: float, value: float) -> None:
        super().__init__()
        self._low, self._high = low, high
        self.track = QSlider(Qt.Orientation.Horizontal)
        self.track.setRange(0, STEPS_OF_SLIDER)
        self.track.setPageStep(STEPS_OF_SLIDER // 10)
        self.track.setAccessibleName(name)
        self.setToolTip(name)
        sign = label(symbol, "symbol")
        sign.setTextFormat(Qt.TextFormat.RichText)
        self._number = label("", "body")
        self._number.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setLayout(row(sign, self.track, self._number, gap=8))
        theme.current().changed.connect(self._scale)
        self._scale()
        self.set_value(value)
        self.track.valueChanged.connect(self._moved)

    def value(self) -> float:
        """The number, to two decimals."""
        return round(self._low + (self._high - self._low) * self.track.value() / STEPS_OF_SLIDER, 2)

    def set_value(self, value: float) -> None:
        """Put it elsewhere."""
        self.track.setValue(round((value - self._low) / (self._high - self._low) * STEPS_OF_SLIDER))
        self._number.setText(decimal(self.value(), 2))

    @Slot(int)
    def _moved(self, _: int) -> None:
        self._number.setText(decimal(self.value(), 2))
        self.changed.emit(self.value())

    def _scale(self) -> None:
        self._number.setFixedWidth(theme.px(38))


class SurfaceView(QWidget):
    """(a) L(u, m) with the zigzag of half-steps; (b) the bowl of one user's weights with m held."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.scalar, self.start = Scalar(), START
        whole = row(self._scalar_card(), self._bowl_card(), gap=12)
        whole.setStretch(0, 1)
        whole.setStretch(1, 1)
        self.setLayout(whole)
        desk.changed.connect(self._desk_changed)
        self.render_scalar()
        self.render_bowl()

    def _scalar_card(self) -> Card:
        card = Card(tr("One user, one movie"), tr("K = 1"))
        formula = MathView(14)
        formula.set_formulas([r"L(u, m) = (y - u m)^2 + \lambda_u u^2 + \lambda_m m^2"])
        self.zigzag = ContourPlot(tr("Loss over u and m"), movable=True)
        self.zigzag.setToolTip(tr("Drag the start, or move it by the arrow keys"))
        self.zigzag.moved.connect(self._start_moved)
        self.sliders = {
            "y": Slider("y", tr("The rating"), -5, 5, self.scalar.y),
            "lambda_u": Slider("λ<sub>u</sub>", tr("Ridge on the user"), 0.05, 6.05, self.scalar.lambda_u),
            "lambda_m": Slider("λ<sub>m</sub>", tr("Ridge on the movie"), 0.05, 6.05, self.scalar.lambda_m),
        }
        for made in self.sliders.values():
            made.changed.connect(self._slid)
        self.found = label("", "hint", wrap=True)
        for part in (formula, self.zigzag, row(*self.sliders.values(), gap=16), self.found):
            card.body.add(part)
        card.body.setStretch(1, 1)
        return card

    def _bowl_card(self) -> Card:
        card = Card(tr("One user's weights"), tr("K = 2, m held as it stands"))
        formula = MathView(14)
        formula.set_formulas([r"L(u_1, u_2) = |y_i - m^T u_i|^2 + \lambda_u |u_i|^2"])
        self.user = Segment([(str(i), str(i + 1)) for i in range(N_USERS)], tr("Whose weights"))
        self.user.chosen.connect(self.render_bowl)
        self.bowl = ContourPlot(tr("Loss over one user's weights"))
        self.half = button(tr("Half-step"), "skip-forward-fill", tip=tr("All users, or all movies (H)"))
        self.half.clicked.connect(self._desk.half_step)
        self.restart = button(tr("From the start"), kind="link")
        self.restart.clicked.connect(self._desk.reset)
        self.stands = label("", "hint", wrap=True)
        for part in (
            formula,
            self.bowl,
            row(label(tr("user"), "hint"), self.user, None, self.restart, self.half),
            self.stands,
        ):
            card.body.add(part)
        card.body.setStretch(1, 1)
        return card

    @Slot(float, float)
    def _start_moved(self, u: float, m: float) -> None:
        self.start = (u, m)
        self.render_scalar()

    @Slot(float)
    def _slid(self, _: float) -> None:
        self.scalar = Scalar(**{name: made.value() for name, made in self.sliders.items()})
        self.render_scalar()

    def render_scalar(self) -> None:
        """Draw the surface for the rating and both ridges."""
        scalar = self.scalar
        first, second = grid((-FAR, -FAR), (FAR, FAR))
        values = scalar.loss(first, second)
        words = tr("lowest")
        marks = [(point, words) for point in scalar.minima()] + [(point, tr("saddle")) for point in scalar.saddles()]
        way = scalar.half_steps(self.start, HALF_STEPS)
        self.zigzag.set_surface(
            Surface(first, second, values, levels(values), ("u", "m"), ("user", "movie"), way, marks)  # type: ignore[arg-type]
        )
        u, m = scalar.minima()[0]
        lowest, end = decimal(float(scalar.loss(u, m)), 3), decimal(float(scalar.loss(*way[-1])), 3)
        if scalar.is_flat:
            text = tr("|y| is at most √(λᵤ λₘ): only zero is left, with L = {lowest}.", lowest=lowest)
        else:
            point = f"({decimal(u, 2)}, {decimal(m, 2)})"
            text = tr(
                "Two lowest points, {p} and its mirror image, with L = {lowest}; at zero a saddle.",
                p=point, lowest=lowest,
            )  # fmt: skip
        after = tr("After {n} half-steps, each along one axis: L = {end}.", n=HALF_STEPS, end=end)
        self.found.setText(f"{text} {after}")

    @Slot()
    def _desk_changed(self) -> None:
        """Draw the bowl anew, now or when it is next shown."""
        if self.isVisible():
            self.render_bowl()

    def showEvent(self, event: QShowEvent) -> None:
        """Draw what changed meanwhile."""
        super().showEvent(event)
        self.render_bowl()

    @Slot()
    def render_bowl(self) -> None:
        """Draw the bowl of the chosen user for the m that stands."""
        exercise, pair = self._desk.exercise, self._desk.walk.factors
        user = int(self.user.current())
        own = tuple(float(x) for x in pair.columns("u")[user])
        try:
            solution, system, lowest = user_bowl(exercise, pair, user)
        except ValueError:  # numpy's LinAlgError is one
            self.stands.setText(tr("This user's matrix has no inverse. Give λᵤ a value above 0."))
            return
        reach = max(1.5, *(abs(float(x - s)) * 1.25 for x, s in zip(own, solution, strict=True)))
        low = (float(solution[0]) - reach, float(solution[1]) - reach)
        high = (float(solution[0]) + reach, float(solution[1]) + reach)
        first, second = grid(low, high)
        values = bowl_values(solution, system, lowest, first, second)
        mark = (float(solution[0]), float(solution[1]))
        titles = (tr("u₁ of user {n}", n=user + 1), "u₂")
        way = [(own[0], own[1])]
        self.bowl.set_surface(
            Surface(first, second, values, levels(values), titles, ("user", "user"), way, [(mark, tr("solution"))])
        )
        point = f"({decimal(mark[0], 3)}, {decimal(mark[1], 3)})"
        now = f"({decimal(own[0], 3)}, {decimal(own[1], 3)})"
        walk = self._desk.walk
        epoch = tr("epoch {n}", n=walk.epoch) if walk.epoch else tr("start")
        words = tr(
            "{epoch}: solution {p}, with {l} of L; now at {now} (white dot). m changes the bowl, u moves in it.",
            epoch=epoch.capitalize(), p=point, l=decimal(lowest, 3), now=now,
        )  # fmt: skip
        self.stands.setText(words)
