"""Take it further: the exercise on Train, and the text-book's 50 x 200 with its printed figures beside ours."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from alsgui.core.conventions import preset_settings
from alsgui.core.textbook import PRINTED_MSE, TextbookFigures, textbook_figures
from alsgui.session.session import Session
from alsgui.session.set_up import Plan, SetUp
from alsgui.session.state import Source
from alsgui.text import DASH, MINUS, decimal, error_figure, percent, tr
from alsgui.ui import theme
from alsgui.ui.pages.learn.desk import Desk
from alsgui.ui.widgets.buttons import button
from alsgui.ui.widgets.card import Card
from alsgui.ui.widgets.fields import NumberField
from alsgui.ui.widgets.labels import Rule, label
from alsgui.ui.widgets.layouts import column, row

PRESETS = {"textbook": tr("Text-book"), "r_als": tr("R ALS"), "sklearn_nmf": tr("scikit-learn NMF")}
THE_TEXT = tr("The text")

ROWS: tuple[tuple[str, str, str], ...] = (
    (tr("Mean squared error"), "1.8698", tr("Mean of (r − y)² over all cells. The text calls it RMSE.")),
    (tr("Its root, the RMSE"), "1.3674", tr("In stars")),
    (tr("Best possible at rank 2"), DASH, tr("Mean squared error of the truncated SVD of y: the least there is.")),
    (tr("Explained at best"), DASH, tr("Share of y's variance. The ratings are random: there is nothing to find.")),
    (tr("First user's weights"), "5.399, 4.248", tr("First column of u")),
    (tr("Second user's weights"), DASH, tr("What u[1, :] means in Python, where counting begins at 0")),
    (tr("First movie's loadings"), "0.017, 0.651", tr("First column of m")),
    (tr("Mean user's weights"), "6.433, 4.302", tr("Row means of u: the text's new user")),
    (tr("Mean user's six highest"), "36 157 137 67 142 71", tr("Movies with the largest mᵀu")),
    (tr("Mean user's six lowest"), DASH, tr("What argsort(r)[:6] lists: it sorts upwards")),
)  # fmt: skip
"""Name, what the text prints, explanation."""


def chapter_plan(preset: str, seed: int, page: str = "learn") -> Plan:
    """The text-book's ratings, fitted with a preset, K = 2."""
    algorithm, settings = preset_settings(preset)
    source = Source("generated", "chapter", {"seed": seed} if seed else {})
    return Plan(source, ({"algorithm": algorithm, **settings, "k": 2},), page, share=0.0)


def exercise_plan(desk: Desk) -> Plan:
    """The exercise's matrix on Train, with the settings that solve the same equations."""
    exercise = desk.exercise
    rows = tuple(tuple(None if cell is None else float(cell) for cell in line) for line in exercise.y)
    shared = {"k": 2, "lambda_u": float(exercise.lambda_u), "lambda_m": float(exercise.lambda_m), "dtype": "float64"}
    if exercise.n_holes and not exercise.holes_as_zeros:
        settings = {**shared, "algorithm": "observed", "biases": False, "lambda_power": 0.0, "accelerate": False}
    else:
        settings = {**shared, "algorithm": "ridge", "fill": "zero" if exercise.n_holes else "refuse"}
    words = tr("The exercise is open, with the settings that solve the same equations. Press Fit, or Half-step.")
    return Plan(Source("generated", "exercise", {"y": rows}), settings=settings, share=0.0, words=words)


def figure_texts(figures: TextbookFigures) -> list[str]:
    """Our figures in the order of `ROWS`."""
    return [
        error_figure(figures.mse),
        error_figure(figures.rmse),
        error_figure(figures.best_mse),
        percent(figures.explained),
        _numbers(figures.first_user),
        _numbers(figures.second_user),
        _numbers(figures.first_movie),
        _numbers(figures.mean_user),
        " ".join(str(movie + 1) for movie in figures.highest),
        " ".join(str(movie + 1) for movie in figures.lowest),
    ]


def _numbers(values: np.ndarray) -> str:
    return ", ".join(decimal(float(value), 3) for value in values)


class FurtherView(QWidget):
    """One click for each preset; figures stand side by side, those of the text at the right."""

    def __init__(self, session: Session, desk: Desk, set_up: SetUp) -> None:
        super().__init__()
        self._session, self._desk, self._set_up = session, desk, set_up
        self.figures: dict[str, TextbookFigures] = {}
        self._asked: Plan | None = None
        self._preset = ""
        self.setLayout(column(self._chapter_card(), self._exercise_card(), None, gap=12))
        set_up.finished.connect(self._finished)
        self._show()

    def _chapter_card(self) -> Card:
        card = Card(tr("Now with 50 × 200"), tr("ratings 1 to 5 at random, K = 2"))
        self.seed = NumberField(0, 0, 99_999, whole=True, name=tr("Seed of the ratings"))
        self.seed.setToolTip(tr("Another seed draws other ratings"))
        self.seed.changed.connect(self._other_draw)
        card.add_action_widget(label(tr("seed"), "symbol"))
        card.add_action_widget(self.seed)
        self.buttons = {}
        for key, text in PRESETS.items():
            made = button(text, kind="primary" if key == "textbook" else "secondary")
            made.setToolTip(tr("Make the ratings, fit them by this preset, and show its figures"))
            made.clicked.connect(partial(self.run, key))
            self.buttons[key] = made
            card.add_action_widget(made)
        self._grid = QGridLayout()
        self.cells: dict[tuple[int, str], QLabel] = {}
        heads = ["", *PRESETS.values(), THE_TEXT]
        for at, head in enumerate(heads):
            self._grid.addWidget(label(head, "caption"), 0, at)
        for number, (name, printed, tip) in enumerate(ROWS, 1):
            made_label = label(name, "body")
            made_label.setToolTip(tip)
            self._grid.addWidget(made_label, 2 * number, 0)
            for at, key in enumerate(PRESETS, 1):
                self.cells[number - 1, key] = label(DASH, "body", "muted")
                self._grid.addWidget(self.cells[number - 1, key], 2 * number, at)
            self._grid.addWidget(label(printed, "body", "muted"), 2 * number, len(PRESETS) + 1)
            self._grid.addWidget(Rule(), 2 * number - 1, 0, 1, len(PRESETS) + 2)
        card.body.add(4)  # the buttons of the head are higher than its words
        card.body.addLayout(self._grid)
        self.sentence = label("", "hint", wrap=True)
        card.body.add(self.sentence)
        self.look = button(tr("Look at u, m and r"), "grid-four", "link")
        self.look.clicked.connect(lambda: self._session.show_page("factors"))
        self.mean = button(tr("List for the mean user"), "users-three", "link")
        self.mean.clicked.connect(self._show_mean)
        card.body.add(row(self.look, self.mean, None, gap=16))
        theme.current().changed.connect(self._scale)
        self._scale()
        return card

    def _exercise_card(self) -> Card:
        card = Card(tr("The exercise on Train"), tr("your matrix as it stands, with the same λ"))
        self.take = button(
            tr("Take it to Train"), "arrow-right", tip=tr("Open the 4 × 3 matrix and set Train up for it")
        )
        self.take.clicked.connect(lambda: self._set_up.carry_out(exercise_plan(self._desk)))
        card.add_action_widget(self.take)
        return card

    def run(self, preset: str) -> None:
        """Make the ratings if need be, fit, show the figures."""
        self._preset = preset
        self._asked = chapter_plan(preset, int(self.seed.value()))
        self._set_up.carry_out(self._asked)
        self._show()

    @Slot(object)
    def _finished(self, plan: Plan) -> None:
        model, ratings = self._session.state.model, self._session.state.ratings
        if plan is not self._asked or model is None or ratings is None:
            return
        preset = self._preset
        work = partial(_figures, ratings, model)
        self._session.light.request("textbook", work, partial(self._take, preset))

    def _take(self, preset: str, figures: TextbookFigures) -> None:
        self.figures[preset] = figures
        self._asked = None
        self._show()

    @Slot()
    def _other_draw(self) -> None:
        self.figures.clear()
        self._show()

    def _show_mean(self) -> None:
        self._session.choose_person("mean")
        self._session.show_page("recommend")

    def _show(self) -> None:
        for key in PRESETS:
            texts: Sequence[str] = figure_texts(self.figures[key]) if key in self.figures else [DASH] * len(ROWS)
            for number, text in enumerate(texts):
                cell = self.cells[number, key]
                cell.setText(text)
                cell.setProperty("c", "muted" if text == DASH else None)
                cell.style().polish(cell)
        has_model = bool(self.figures)
        self.look.setVisible(has_model)
        self.mean.setVisible(has_model)
        self.sentence.setText(self._words())

    def _words(self) -> str:
        if not self.figures:
            return tr(
                "The text's figures are of one random draw in R, {mse} for its mean squared error; other draws differ. "
                "A button makes one draw and fits it.", mse=decimal(PRINTED_MSE, 2),
            )  # fmt: skip
        figures = self.figures.get(self._preset) or next(iter(self.figures.values()))
        above = 100 * (figures.mse / figures.best_mse - 1)
        return tr(
            "{name} ends {above} % above the best that any u and m of rank 2 can reach on this draw, and that explains "
            "{share} of the variance: random ratings hold nothing to learn. The text's draw and start are others; "
            "figures of the same size are what to expect, not the same figures.",
            name=PRESETS.get(self._preset, ""), above=decimal(above, 2).replace("-", MINUS),
            share=percent(figures.explained),
        )  # fmt: skip

    def _scale(self) -> None:
        self._grid.setHorizontalSpacing(theme.px(18))
        self._grid.setVerticalSpacing(theme.px(5))


def _figures(ratings: object, model: object) -> TextbookFigures:
    from alsgui.core.model import Model
    from alsgui.core.ratings import Ratings

    assert isinstance(ratings, Ratings) and isinstance(model, Model)
    return textbook_figures(ratings.csr.toarray().astype(np.float64), model)
