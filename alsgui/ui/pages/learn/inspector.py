"""Beside the worked example: why, gradient and loss before and after, and the same in Python."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QApplication, QFrame, QWidget

from alsgui.core.exercise import STEPS, Loss, Solve
from alsgui.text import tr
from alsgui.ui import theme
from alsgui.ui.pages.base import scrolling
from alsgui.ui.pages.learn.desk import Desk
from alsgui.ui.pages.learn.written import (
    Told,
    as_python,
    letters,
    loss_parts,
    short_python,
    shown,
    subscripted,
    told,
    vector,
)
from alsgui.ui.widgets.buttons import button
from alsgui.ui.widgets.facts import FactList
from alsgui.ui.widgets.labels import Rule, label
from alsgui.ui.widgets.layouts import column, row
from alsgui.ui.widgets.loss_bars import LossBar, LossBars
from alsgui.ui.widgets.typeset import MathView

DIGITS = 2
LOSS = (
    r"L = \sum_{ij} \left(y_{ij} - u_i^T m_j\right)^2",
    r"\quad + \lambda_u \sum_i u_i^T u_i + \lambda_m \sum_j m_j^T m_j",
)
LEGEND = ("error", "λᵤ|u|²", "λₘ|m|²")

_WHY = {
    0: (
        tr("Start from a guess"),
        tr("u and m are guessed. Then one side is held while the other is solved, in turn. ")
        + tr("Each solve lowers L, or leaves it."),
    ),
    1: (
        tr("Why these ratings alone?"),
        tr("With {others} held, the loss of one {one} has nothing to do with anybody else. ")
        + tr("So each {one} is solved alone, from the ratings of that {one}."),
    ),
    2: (
        tr("Why multiply?"),
        tr("Each rating pulls {own} towards the {things} it belongs to. ")
        + tr("Their sum is the right-hand side of the equation."),
    ),
    3: (
        tr("What is the Gram matrix?"),
        tr("How much the attributes of the rated {things} overlap. It holds no rating, only {others}."),
    ),
    4: (
        tr("Why the ridge?"),
        tr("λ on the diagonal keeps the matrix invertible, however few ratings there are, ")
        + tr("and pulls {own} towards zero."),
    ),
    5: (
        tr("Why invert?"),
        tr("With {others} held, the loss is a bowl in {own}. Its lowest point is where the gradient is zero, ")
        + tr("and that is one linear equation."),
    ),
    6: (
        tr("At the lowest point"),
        tr("The gradient is zero: no small change of {own} lowers L any more, as long as {others} is held."),
    ),
}


class LearnInspector(QWidget):
    """Why, and what the step did.

    Signals
    -------
    further_wanted
        The person wants to see it with 50 x 200.
    """

    further_wanted = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.told: Told | None = None
        self._title, self._words = label("", "card"), label("", "body", wrap=True)
        self._equation = MathView(15)
        self._gradient_title, self._balance_title = label("", "caption"), label("", "caption")
        self.gradient, self.balance = FactList(), FactList()
        self._balance_formula = MathView(14)
        self.loss = LossBars(tr("Loss before and after"), LEGEND)
        self._code = label("", "body")
        self._code.setTextInteractionFlags(self._code.textInteractionFlags().TextSelectableByMouse)
        code = QFrame()
        code.setProperty("k", "segment")
        code.setLayout(column(self._code, margins=(10, 8, 10, 8)))
        self._copy = button(tr("Copy"), "copy", "link", tr("A whole script that makes the same numbers"))
        self._copy.clicked.connect(self._copy_script)
        self._numbers = QWidget()
        self._numbers.setLayout(
            column(
                Rule(), self._gradient_title, self.gradient, label(tr("Loss L"), "caption"), self.loss, Rule(),
                self._balance_title, self._balance_formula, self.balance, Rule(),
                row(label(tr("Same numbers in Python"), "caption"), None, self._copy), code, gap=7,
            )
        )  # fmt: skip
        self.further = button(tr("Now with 50 × 200"), "arrow-right", "primary")
        self.further.clicked.connect(self.further_wanted)
        content = QWidget()
        parts = (self._title, self._words, self._equation, self._numbers, None)
        content.setLayout(column(*parts, gap=8, margins=(16, 14, 16, 4)))
        whole = column(scrolling(content), row(self.further, None, margins=(16, 8, 16, 14)), gap=0)
        whole.setStretch(0, 1)
        self.setLayout(whole)
        theme.current().changed.connect(self._restyle)
        desk.changed.connect(self.render_desk)
        self._restyle()
        self.render_desk()

    @Slot()
    def render_desk(self) -> None:
        """Show what belongs to the step."""
        walk = self._desk.walk
        current = walk.current
        title, words = _WHY[walk.step]
        self._numbers.setVisible(current is not None)
        self._title.setText(title)
        if current is None:
            self._words.setText(words)
            self._equation.set_formulas(LOSS)
            self.told = None
            return
        names = letters(current)
        things = {"one": tr("user") if current.side == "u" else tr("movie"), "things": names.people}
        self._words.setText(words.format(own=subscripted(names.own), others=names.others, **things))
        self._equation.set_formulas([rf"\left({names.system}\right) {names.own} = {names.others} \, {names.ratings}"])
        self._show_numbers(current, done=walk.step == STEPS)

    def _show_numbers(self, solve: Solve, done: bool) -> None:
        self.told = numbers = told(self._desk.exercise, solve)
        own = subscripted(letters(solve).own)
        later = tr("after step {n}", n=STEPS)
        self._gradient_title.setText(tr("Gradient of L in {own}", own=own))
        after = (tr("after"), vector(numbers.gradient_after), "ok", "") if done else (tr("after"), later, "muted", "")
        all_of_it = tr("users") if solve.side == "u" else tr("movies")
        sizes = [shown(numbers.steepest_before, DIGITS)] + ([shown(numbers.steepest_after, DIGITS)] if done else [])
        self.gradient.set_rows(
            [
                (tr("before"), vector(numbers.gradient_before), None, ""),
                after,
                (
                    tr("largest, all {things}", things=all_of_it),
                    " → ".join(sizes),
                    None,
                    tr("The largest entry of the gradient of this side: 0 once all of them are solved"),
                ),
            ]
        )
        bars = [_bar(tr("before"), numbers.loss_before)]
        if done:
            bars.append(_bar(tr("after"), numbers.loss_after))
        self.loss.set_bars(bars)
        names = letters(solve)
        self._balance_title.setText(tr("First-order condition, both sides"))
        self._balance_formula.set_formulas(
            [rf"{names.others} \left({names.ratings} - {names.others}^T {names.own}\right) = {names.row_ridge}"]
        )
        sides = (vector(numbers.left, 3), vector(numbers.right, 3)) if done else (later, later)
        self.balance.set_rows([(tr("left"), sides[0], None, ""), (tr("right"), sides[1], None, "")])
        self._code.setText(short_python(self._desk.exercise, solve))

    @Slot()
    def _copy_script(self) -> None:
        current = self._desk.walk.current
        if current is not None:
            QApplication.clipboard().setText(as_python(self._desk.exercise, current))

    @Slot()
    def _restyle(self) -> None:
        families = ", ".join(f"'{family}'" for family in theme.code_font().families())
        self._code.setStyleSheet(f"font-family: {families}; font-size: {theme.px(10)}px")


def _bar(name: str, value: Loss) -> LossBar:
    terms = (float(value.error), float(value.ridge_u), float(value.ridge_m))
    return LossBar(name, terms, loss_parts(value))
