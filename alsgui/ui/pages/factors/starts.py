"""The Starts view: the same settings from ten seeds, and how far what they come to is apart."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QSizePolicy, QWidget

from alsgui import text
from alsgui.core.factor_view import FactorSource
from alsgui.core.starts_study import STARTS, StartsStudy
from alsgui.session.session import Session
from alsgui.session.state import State
from alsgui.text import counted, tr
from alsgui.ui import theme
from alsgui.ui.models.array_table import ArrayTableModel, Column
from alsgui.ui.widgets.buttons import button
from alsgui.ui.widgets.card import Card
from alsgui.ui.widgets.labels import label
from alsgui.ui.widgets.layouts import column, row
from alsgui.ui.widgets.series import Series, SeriesPlot
from alsgui.ui.widgets.tables import DataTable

HEAD_AND_FOOT = 48


class StartsView(QWidget):
    """What to do and what came out of it; a table of starts; how far factors are apart, or the range of loadings."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._study: StartsStudy | None = None
        self._source: FactorSource | None = None
        self.begin = button(tr("Fit from {n} seeds", n=STARTS), "dice-five", "primary")
        self.begin.clicked.connect(lambda _on=False: self._session.studies.starts())
        self.what = label("", "body", wrap=True)
        self.settings = label("", "hint", wrap=True)
        self.model, self.range_model = ArrayTableModel(), ArrayTableModel()
        self.table = DataTable(self.model, tr("Starts"))
        self.starts = Card(tr("Starts"), " ", edge_to_edge=True)
        self.starts.body.addWidget(self.table, 1)
        self.plot = SeriesPlot(
            tr("Apart from the best"), tr("seed"), tr("distance of u and m from those of the best, %"), whole=True
        )
        self.apart = Card(tr("Apart from the best"), " ")
        self.apart.body.addWidget(self.plot, 1)
        self.ranges = DataTable(self.range_model, tr("Range of loadings"))
        self.range_card = Card(tr("Range of loadings"), " ", edge_to_edge=True)
        self.range_card.body.addWidget(self.ranges, 1)
        for card in (self.starts, self.apart, self.range_card):
            card.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.plot.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        head = Card()
        line = row(self.begin, self.what, gap=12)
        line.setStretch(1, 1)
        head.body.addLayout(line)
        head.body.add(self.settings)
        head.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        below = row(self.apart, self.range_card, gap=12)
        below.setStretch(0, 1)
        below.setStretch(1, 1)
        whole = column(head, self.starts, gap=12)
        whole.setStretch(1, 3)
        whole.addLayout(below, 2)
        self.setLayout(whole)

    def show_source(self, source: FactorSource, state: State) -> None:
        """Show the study of these data, if there is one."""
        model, busy = state.model, state.job is not None
        can = model is not None and model.split is not None and not busy
        self.begin.setEnabled(can)
        self.begin.setToolTip("" if can else _why_not(state))
        self._source = source
        study = state.starts
        self.settings.setText(
            tr("ALS comes to a stationary point, which depends on where it starts. Starts that agree in r but not in u "
               "and m found the same predictions in other attributes.")
        )  # fmt: skip
        there = study is not None
        for card in (self.starts, self.apart):
            card.setVisible(there)
        self.range_card.setVisible(study is not None and study.ranges is not None)
        if study is None:
            self.what.setText(tr("The settings of the shown run, from {n} seeds, one after the other.", n=STARTS))
        if study is None or study is self._study:
            self._study = study
            return
        self._study = study
        self.what.setText(study_words(study))
        self._fill(study)
        self._draw(study)
        self._fill_ranges(study, source)

    def _fill(self, study: StartsStudy) -> None:
        made = study.starts
        self.starts.set_subtitle(
            tr("{algorithm}, K {k}, up to {n}", algorithm=study.config.title, k=study.config.k,
               n=counted(study.config.epochs, tr("epoch"), tr("epochs")))
        )  # fmt: skip

        def numbers(name: str) -> list[float]:
            return [getattr(start, name) for start in made]

        tip = tr("Distance of u (m) from that of the best start, relative to its length; rotated to it as a whole")
        names = ("before", "rotated") if study.ranges is None else ("before", "matched")
        columns = [
            Column(title=tr("Seed"), values=[start.seed for start in made], width=64,
                   format=lambda seed: f"{seed}{tr(' best') if seed == made[study.best].seed else ''}"),
            Column(title=tr("Objective"), values=numbers("loss"), format=_objective, align="right", width=86),
            Column(title="RMSE", values=numbers("rmse"), format=text.error_figure, align="right", width=70),
            Column(title=tr("Lost"), values=numbers("n_lost"), format=text.count, align="right", width=48,
                   tip=tr("Attributes that are zero for every user or every movie")),
            Column(title=tr("r apart"), values=numbers("r_apart"), format=lambda far: text.decimal(far, 3), width=76,
                   align="right", tip=tr("Root of the mean square difference of r over all cells")),
            *(
                Column(title=f"{side}, {tr(name)}", values=numbers(f"{side}_{field}"), align="right",
                       format=lambda far: text.percent(far, 0), tip=tip)
                for side in ("u", "m")
                for name, field in zip(names, ("before", "after"), strict=True)
            ),
        ]  # fmt: skip
        self.model.set_columns(columns, len(made))
        self.starts.setMaximumHeight(theme.px(28) * (len(made) + 1) + theme.px(HEAD_AND_FOOT))

    def _draw(self, study: StartsStudy) -> None:
        others = study.others
        seeds = np.array([float(start.seed) for start in others])
        after = tr("rotated") if study.ranges is None else tr("matched")
        made = []
        for words, role, field in ((tr("before"), "older", "u_before"), (after, "user", "u_after"),
                                   (f"m {after}", "movie", "m_after")):  # fmt: skip
            far = np.array([100 * float(getattr(start, field)) for start in others])
            tips = tuple(
                tr("seed {s}: {p}", s=int(s), p=text.percent(f / 100, 1)) for s, f in zip(seeds, far, strict=True)
            )
            made.append(Series(words if field != "u_after" else f"u {after}", role, seeds, far, tips=tips))
        self.plot.set_series(made if len(others) else [])
        self.apart.set_subtitle(tr("u and m, in percent of their length"))

    def _fill_ranges(self, study: StartsStudy, source: FactorSource) -> None:
        found = study.ranges
        if found is None:
            return
        if found.n_starts < 2:
            self.range_card.set_subtitle(tr("no other start reached this objective"))
            self.range_model.set_columns([], 0)
            return
        spread = found.spread
        self.range_card.set_subtitle(
            tr("over {n} of equal objective; mean range {share} of the largest loading",
               n=counted(found.n_starts, tr("start")), share=text.percent(float(spread.mean()), 1))
        )  # fmt: skip
        columns, attributes = found.top.T
        low, high = found.low[columns, attributes], found.high[columns, attributes]
        self.range_model.set_columns(
            [
                Column(title="k", values=attributes + 1, width=40),
                Column(title=source.noun.capitalize(), values=[source.title(int(at)) for at in columns]),
                Column(title=tr("Lowest"), values=low, align="right", width=72,
                       format=lambda each: text.decimal(each, 3)),
                Column(title=tr("Highest"), values=high, align="right", width=72,
                       format=lambda each: text.decimal(each, 3)),
                Column(title=tr("Range"), values=high - low, align="right", width=68,
                       format=lambda each: text.decimal(each, 3)),
            ],
            len(columns),
        )  # fmt: skip


def study_words(study: StartsStudy) -> str:
    """What several starts came to, in two sentences."""
    losses = [start.loss for start in study.starts]
    rmses = [start.rmse for start in study.starts if np.isfinite(start.rmse)]
    lost = sum(start.n_lost > 0 for start in study.starts)
    words = [
        tr("{n}: objective {low} to {high} ({share} apart)", n=counted(len(losses), tr("start")),
           low=_objective(min(losses)), high=_objective(max(losses)),
           share=text.percent((max(losses) - min(losses)) / max(abs(min(losses)), 1e-300))),
    ]  # fmt: skip
    if rmses:
        words.append(
            tr("hold-out RMSE {low} to {high}", low=text.error_figure(min(rmses)), high=text.error_figure(max(rmses)))
        )
    words.append(tr("none lost an attribute") if not lost else tr("{n} lost an attribute", n=lost))
    return f"{', '.join(words)}. {_apart_words(study)}"


def _apart_words(study: StartsStudy) -> str:
    others = study.others
    if not others:
        return ""

    def mean(name: str) -> float:
        return float(np.mean([getattr(start, name) for start in others]))

    unit = tr(" stars") if study.config.predicts_ratings else ""
    way = tr("rotation") if study.ranges is None else tr("matching and scaling")
    return tr(
        "From the best start r differs by {r}{unit} on average; u by {before} before and {after} after {way}.",
        r=text.decimal(mean("r_apart"), 3), unit=unit, before=text.percent(mean("u_before"), 0),
        after=text.percent(mean("u_after"), 0), way=way,
    )  # fmt: skip


def _objective(loss: float) -> str:
    return text.count(loss) if abs(loss) >= 1000 else text.decimal(loss, 3)


def _why_not(state: State) -> str:
    if state.job is not None:
        return tr("{name} is not finished yet.", name=state.job.name)
    return tr("The model was saved without its ratings.")
