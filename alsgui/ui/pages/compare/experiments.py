"""The experiments on the page: five buttons, the curves or titles that one of them finds, and what they show."""

from __future__ import annotations

import math

from PySide6.QtWidgets import QStackedWidget, QWidget

from alsgui.core.experiment_names import EXPERIMENTS
from alsgui.core.experiments import Findings
from alsgui.session.session import Session
from alsgui.session.state import State
from alsgui.text import DASH, STAR, error_figure, rating, tr
from alsgui.ui.models.array_table import ArrayTableModel, Column
from alsgui.ui.pages.base import scrolling
from alsgui.ui.widgets.buttons import button
from alsgui.ui.widgets.card import Card
from alsgui.ui.widgets.error_curves import ErrorCurve, ErrorCurves
from alsgui.ui.widgets.labels import label
from alsgui.ui.widgets.layouts import column, row
from alsgui.ui.widgets.tables import DataTable


class ExperimentCards(QWidget):
    """What an experiment found at the left, the experiments at the right."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._shown: Findings | None = None
        self.curves = ErrorCurves(tr("Experiment"))
        self.model = ArrayTableModel()
        self.table = DataTable(self.model, tr("First ten titles"), narrowest=100)
        self._nothing = label(tr("Choose an experiment at the right: each fits a few models and says what came out."),
                              "body", "muted", wrap=True)  # fmt: skip
        self.sentence = label("", "body", wrap=True)
        self._stack = QStackedWidget()
        for view in (self._nothing, self.curves, self.table):
            self._stack.addWidget(view)
        self.left, right = Card(tr("Experiment")), Card(tr("Experiments"))
        self.left.body.addWidget(self.sentence)
        self.left.body.addWidget(self._stack)
        self.left.body.setStretch(1, 1)
        self.buttons = {}
        lines: list[QWidget] = []
        for name, (title, words) in EXPERIMENTS.items():
            made = button(title, "flask", tip=words)
            made.clicked.connect(lambda _=False, name=name: session.experimenting.start(name))
            self.buttons[name] = made
            one = QWidget()
            one.setLayout(column(row(made, None), label(words, "hint", "muted", wrap=True), gap=2))
            lines.append(one)
        inside = QWidget()
        inside.setLayout(column(*lines, None, gap=6))
        right.body.addWidget(scrolling(inside))
        cards = row(self.left, right, gap=12)
        cards.setStretch(0, 6)
        cards.setStretch(1, 4)
        self.setLayout(cards)

    def show_state(self, state: State) -> None:
        """Show what was found, and which can be started."""
        for made in self.buttons.values():
            made.setEnabled(state.job is None)
        findings = state.findings
        title = EXPERIMENTS[state.experiment][0] if state.experiment else tr("Experiment")
        self.left.set_title(title)
        running = state.job is not None and state.job.kind == "experiment"
        self.left.set_subtitle(tr("fitting") if running else "")
        if findings is None:
            self.sentence.setVisible(False)
            self._stack.setCurrentIndex(1 if running else 0)
            if running:
                self.curves.set_curves([], "")
            self._shown = None
            return
        self.sentence.setVisible(bool(findings.sentence))
        self.sentence.setText(findings.sentence)
        if findings is self._shown:
            return
        self._shown = findings
        if findings.lists:
            self._show_titles(findings)
        else:
            self._show_curves(findings)

    def _show_curves(self, findings: Findings) -> None:
        self._stack.setCurrentIndex(1)
        if not findings.sentence:
            self.left.set_subtitle(tr("fitting"))
        else:
            self.left.set_subtitle(findings.y_title)
        curves = [
            ErrorCurve(line.name, line.x, line.y, role=line.kind or "older", strong=bool(line.kind))
            for line in findings.lines
        ]
        ticks = sorted({x for line in findings.lines for x in line.x})
        words = list(findings.ticks) or ([(x, f"{x:g}") for x in ticks] if len(ticks) < 12 else [])
        if findings.log_x and not words and ticks:
            powers = (10.0**n for n in range(0, 7))
            words = [(x, f"{x:g}") for x in powers if ticks[0] <= x <= ticks[-1]]
        self.curves.set_curves(curves, findings.x_title, words, log_x=findings.log_x, log_y=findings.log_y)

    def _show_titles(self, findings: Findings) -> None:
        self._stack.setCurrentIndex(2)
        self.left.set_subtitle(tr("first ten titles of user {id}", id=findings.person))
        n = max(len(each.titles) for each in findings.lists)
        columns = [Column(title="", values=[str(rank + 1) for rank in range(n)], width=34)]
        for each in findings.lists:
            rmse = DASH if math.isnan(each.rmse) else f"{rating(each.rmse)} {STAR}"
            figures = tr("RMSE {rmse}, NDCG@10 {ndcg}", rmse=rmse, ndcg=error_figure(each.ndcg))
            titles = [*each.titles, *[""] * (n - len(each.titles))]
            columns.append(Column(title=each.name, values=titles, tip=figures))
        self.model.set_columns(columns, n)
