"""The worked example: y, u, m and r as tiles, and the algebra of one solve, a step a line."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from alsgui.core.exercise import N_MOVIES, N_USERS, SOLVES_PER_EPOCH, STEPS, Walk
from alsgui.text import tr
from alsgui.ui import theme
from alsgui.ui.pages.base import scrolling
from alsgui.ui.pages.learn.desk import Desk
from alsgui.ui.pages.learn.step_row import StepRow, StepState
from alsgui.ui.pages.learn.written import (
    Marked,
    digits_needed,
    marked,
    plain,
    shown,
    written_steps,
)
from alsgui.ui.widgets.buttons import button
from alsgui.ui.widgets.card import Card
from alsgui.ui.widgets.fields import NumberField
from alsgui.ui.widgets.labels import label
from alsgui.ui.widgets.layouts import column, row
from alsgui.ui.widgets.matrix_board import BoardShown, MatrixBoard
from alsgui.ui.widgets.segment import Segment

GRID_DIGITS = 2
WIDE_FROM, WIDE_ZOOM = 1200, 1.3


class ExampleView(QWidget):
    """Four matrices above, the steps of the current solve below."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.boards = {
            "y": MatrixBoard("y", "text", "values", editable=True),
            "u": MatrixBoard("u", "user", "diverging"),
            "m": MatrixBoard("m", "movie", "diverging"),
            "r": MatrixBoard("r = uᵀm", "text", "values"),
        }
        self.boards["y"].edited.connect(self._rate)
        matrices = Card()
        between = column(row(self.boards["u"], self.boards["m"], None, gap=28), 2, self._settings(), None, gap=0)
        matrices.body.addLayout(row(self.boards["y"], None, between, None, self.boards["r"], gap=20))
        self.steps = Card(tr("Start"))
        self._build_steps()
        whole = column(matrices, self.steps, gap=12)
        whole.setStretch(1, 1)
        self.setLayout(whole)
        desk.changed.connect(self.render_desk)
        self.render_desk()

    def _settings(self) -> QWidget:
        self.fields = {
            "lambda_u": NumberField(0.1, 0, 1000, factor=2, name=tr("Ridge on users, λᵤ")),
            "lambda_m": NumberField(0.1, 0, 1000, factor=2, name=tr("Ridge on movies, λₘ")),
            "seed": NumberField(0, 0, 99_999, whole=True, name=tr("Seed of the start values")),
        }
        symbols = {"lambda_u": "λ<sub>u</sub>", "lambda_m": "λ<sub>m</sub>", "seed": tr("seed")}
        tips = {
            "lambda_u": tr("Ridge on users: what a large u costs"),
            "lambda_m": tr("Ridge on movies: what a large m costs"),
            "seed": tr("Another seed draws other start values"),
        }
        parts: list[QWidget | None] = []
        for name, made in self.fields.items():
            made.changed.connect(lambda value, name=name: self._set(name, value))
            sign = label(symbols[name], "symbol")
            sign.setTextFormat(sign.textFormat().RichText)
            sign.setToolTip(tips[name])
            parts += [sign, made]
        self.holes = Segment([("out", tr("left out")), ("zeros", tr("as zeros"))], tr("What a hole is"))
        self.holes.setToolTip(tr("Whether a hole is left out of the sums, or counts as a rating of 0"))
        self.holes.chosen.connect(lambda key: self._desk.set_values(holes_as_zeros=key == "zeros"))
        whole = QWidget()
        holes = row(label(tr("holes"), "hint"), self.holes, None, gap=8)
        whole.setLayout(column(row(*parts, None, gap=8), holes, gap=4, margins=(26, 0, 0, 0)))
        return whole

    def _build_steps(self) -> None:
        self.count = label("", "hint")
        self.back_button = button(tr("Back"), "caret-left", tip=tr("One step back (B or Page Up)"))
        self.next_button = button(tr("Next"), "caret-right", "primary", tr("One step on (N or Page Down)"))
        self.half_button = button(tr("Half-step"), tip=tr("All users, or all movies (H)"))
        self.run_button = button(tr("Run"), tip=tr("Until the loss falls no more (R)"))
        acts = (
            (self.back_button, self._desk.back), (self.next_button, self._desk.forward),
            (self.half_button, self._desk.half_step), (self.run_button, self._desk.run),
        )  # fmt: skip
        self.steps.add_action_widget(self.count)
        for made, act in acts:
            made.clicked.connect(act)
            self.steps.add_action_widget(made)
        self.problem = label("", "body", "error", wrap=True)
        self.rows = [StepRow(number + 1) for number in range(STEPS)]
        inside = QWidget()
        inside.setLayout(column(*self.rows, None, gap=0))
        self._scroll = scrolling(inside)
        self._scroll.setMinimumHeight(64)
        self._look_at: QWidget = self.rows[0]
        self._scroll.verticalScrollBar().rangeChanged.connect(self._scroll_to_step)  # formulas come later, and are high
        self.steps.body.add(self.problem)
        self.steps.body.add(self._scroll)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw numbers and formulas larger where there is room."""
        super().resizeEvent(event)
        zoom = WIDE_ZOOM if self.width() >= theme.px(WIDE_FROM) else 1.0
        for board in self.boards.values():
            board.set_zoom(zoom)
        for made in self.rows:
            made.set_zoom(zoom)

    # Showing

    @Slot()
    def render_desk(self) -> None:
        """Show where the walk stands."""
        self._show_settings()
        self._show_boards()
        self._show_steps()

    def _show_settings(self) -> None:
        exercise = self._desk.exercise
        values = {"lambda_u": exercise.lambda_u, "lambda_m": exercise.lambda_m, "seed": Decimal(exercise.seed)}
        for name, value in values.items():
            if float(value) != self.fields[name].value():
                self.fields[name].set_value(float(value))
        self.holes.set_current("zeros" if exercise.holes_as_zeros else "out")

    def _show_boards(self) -> None:
        walk, lit = self._desk.walk, marked(self._desk.walk)
        pair, y = walk.factors, walk.exercise.y
        given = [cell for line in y for cell in line if cell is not None]
        ends = (float(min(given, default=Decimal(0))), float(max(given, default=Decimal(1))))
        subtitles = {"y": tr("ratings, editable"), "u": self._side_words("u"), "m": self._side_words("m"), "r": ""}
        for name, rows in (("y", y), ("u", pair.u), ("m", pair.m), ("r", pair.r())):
            numbers = [x for line in rows for x in line if x is not None]
            digits = digits_needed(numbers, 3 if name == "y" else GRID_DIGITS)
            limits = ends if name in "yr" else (float(min(numbers)), float(max(numbers)))
            self.boards[name].show_board(_board(rows, digits, limits, lit, name), subtitles[name])

    def _side_words(self, side: str) -> str:
        walk = self._desk.walk
        if walk.current is None:
            return tr("start values")
        if walk.current.side != side:
            return tr("held fixed")
        n = walk.current.index + (walk.step == STEPS)
        people = tr("user") if side == "u" else tr("movie")
        if not n:
            return tr("{people} 1 is next", people=people)
        whole = N_USERS if side == "u" else N_MOVIES
        if n == whole:
            return tr("all solved")
        return tr("{people} 1 solved", people=people) if n == 1 else tr("{people}s 1–{n} solved", people=people, n=n)

    def _show_steps(self) -> None:
        walk = self._desk.walk
        current = walk.current
        self.problem.setText(walk.problem)
        self.problem.setVisible(bool(walk.problem))
        self.back_button.setEnabled(walk.position > 0)
        self.back_button.setToolTip(tr("One step back (B or Page Up)") if walk.position else tr("This is the start."))
        if current is None:
            self.steps.set_title(tr("Start"))
            self.steps.set_subtitle(tr("u and m from the seed, one decimal"))
            self.count.setText("")
            self._show_what_comes()
            return
        people = tr("user") if current.side == "u" else tr("movie")
        self.steps.set_title(tr("Solve {people} {n}", people=people, n=current.index + 1))
        solved = (walk.n_begun - 1) % SOLVES_PER_EPOCH + 1
        held = tr("m held") if current.side == "u" else tr("u held")
        words = tr("{held}, epoch {e}, solve {n} of {all}", held=held, e=walk.epoch, n=solved, all=SOLVES_PER_EPOCH)
        self.steps.set_subtitle(words)
        self.count.setText(tr("step {n} of {all}", n=walk.step, all=STEPS))
        for number, (made, written) in enumerate(zip(self.rows, written_steps(current), strict=True), 1):
            state: StepState = "now" if number == walk.step else "done" if number < walk.step else "open"
            made.show_step(written, state)
        self._look_at = self.rows[walk.step - 1]
        QTimer.singleShot(0, self._scroll_to_step)

    def _show_what_comes(self) -> None:
        """At the start the steps of the first solve stand there without their numbers."""
        ahead = Walk(self._desk.walk.exercise)
        solve = ahead.current if ahead.forward() else None
        coming = written_steps(solve) if solve is not None else [None] * len(self.rows)
        for made, written in zip(self.rows, coming, strict=True):
            made.show_step(written, "open")

    @Slot()
    def _scroll_to_step(self) -> None:
        self._scroll.ensureWidgetVisible(self._look_at, 0, 0)

    # Gestures

    def _set(self, name: str, value: float) -> None:
        self._desk.set_values(**{name: int(value) if name == "seed" else value})

    @Slot(int, int, str)
    def _rate(self, user: int, movie: int, text: str) -> None:
        problem = self._desk.set_rating(user, movie, text)
        if problem:
            self.boards["y"].refuse(problem)
        else:
            self.boards["y"].stop_editing()


def _board(
    rows: Sequence[Sequence[Decimal | None]], digits: int, limits: tuple[float, float], lit: Marked, name: str
) -> BoardShown:
    read, solved = lit.read.get(name, frozenset()), lit.solved.get(name, frozenset())
    texts = [["" if x is None else plain(x) if name == "y" else shown(x, digits) for x in line] for line in rows]
    values = [[float("nan") if x is None else float(x) for x in line] for line in rows]
    framed = solved or (read if name in "yr" else frozenset())
    return BoardShown(texts, values, *limits, read | solved, framed, dims_others=bool(lit.solved))
