"""The weights of a person as sliders, the largest attributes first, among the weights of all users."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from alsgui.core.attributes import attributes
from alsgui.core.model import Model
from alsgui.core.people import WeightRange, attribute_sizes, weight_range
from alsgui.core.ratings import Floats, Ints
from alsgui.text import headline, tr
from alsgui.ui.widgets.buttons import button, relabel
from alsgui.ui.widgets.labels import label
from alsgui.ui.widgets.layouts import Box, column, row
from alsgui.ui.widgets.weight_slider import WeightSlider

OPEN_SLIDERS = 8


@dataclass(frozen=True, eq=False)
class Population:
    """How all users' weights spread, the attributes (K) from the largest to the smallest, what is at their ends."""

    spread: WeightRange
    order: Ints
    ends: tuple[tuple[str, str] | None, ...]


def population(model: Model) -> Population:
    """Spread, order and ends of the attributes of a model."""
    order = np.argsort(-attribute_sizes(model), kind="stable")
    return Population(weight_range(model), order, _ends(model))


def _ends(model: Model) -> tuple[tuple[str, str] | None, ...]:
    """The extreme movies of each attribute, as Factors names it; None where there are no titles to tell."""
    known = attributes(model.factors, model.summary.movie_counts)
    if model.titles is None or not known.low.shape[1]:
        return (None,) * model.k
    titles = model.titles
    return tuple(
        (headline(titles[int(low)]), headline(titles[int(high)]))
        for low, high in zip(known.low[:, 0], known.high[:, 0], strict=True)
    )


class WeightsPart(QWidget):
    """Sliders of all attributes, of which the smaller ones are folded away.

    Signals
    -------
    moved(object)
        All weights (K, float64) after one was moved.
    mean_wanted()
        All weights back to the mean.
    draw_wanted()
        All weights by chance, as the population's are spread.
    """

    moved = Signal(object)
    mean_wanted = Signal()
    draw_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.sliders: dict[int, WeightSlider] = {}
        self._population: Population | None = None
        self._weights: Floats = np.zeros(0)
        self._other: Floats | None = None
        self._own = True
        band = label(tr("band: 5–95 % of users"), "caption")
        self._first, self._rest_column = column(gap=0), column(gap=0)
        self._rest = QWidget()
        self._rest.setLayout(self._rest_column)
        self.more = button("", "caret-right", "link")
        self.more.clicked.connect(lambda: self._unfold(self._rest.isHidden()))
        self.to_mean = button(tr("Reset to mean"), kind="link", tip=tr("All weights at the mean of all users"))
        self.to_mean.clicked.connect(self.mean_wanted)
        self.draw = button(tr("Random"), "dice-five", "link", tr("A random draw from the normal of all users' weights"))
        self.draw.clicked.connect(self.draw_wanted)
        head = row(label(tr("Weights u"), "caption"), None, band)
        feet = row(self.more, None, self.draw, self.to_mean, gap=0)
        self.setLayout(column(head, self._first, self._rest, feet, gap=4))

    def show_population(self, found: Population | None) -> None:
        """Make the sliders of a model."""
        for slider in self.sliders.values():
            slider.hide()
            slider.deleteLater()
        self.sliders.clear()
        self._population = found
        if found is not None:
            self._add_sliders(found.order[:OPEN_SLIDERS], self._first)
            self.more.setVisible(len(found.order) > OPEN_SLIDERS)
        self._unfold(False)

    def show_weights(self, weights: Floats, *, made_up: bool, other: Floats | None = None) -> None:
        """Show weights (K), and another person's beside them; those not made up are what a double click brings back."""
        self._other = other
        self._weights, self._own = np.array(weights, np.float64), not made_up
        self.to_mean.setVisible(made_up)
        self.draw.setVisible(made_up)
        self._fill()

    def _add_sliders(self, wanted: Ints, place: Box) -> None:
        assert self._population is not None
        spread = self._population.spread
        for k in (int(at) for at in wanted):
            slider = WeightSlider(k + 1, self._population.ends[k])
            low, high, mean = float(spread.minimum[k]), float(spread.maximum[k]), float(spread.mean[k])
            air = 0.05 * (high - low) or 1.0
            slider.set_range(low - air, high + air, (float(spread.low[k]), float(spread.high[k])), mean)
            slider.set_value(mean)
            slider.moved.connect(lambda weight, k=k: self._moved(k, weight))
            self.sliders[k] = slider
            place.addWidget(slider)
        self._fill()

    def _unfold(self, opened: bool) -> None:
        """Show the smaller attributes too; their sliders are made when they are first wanted."""
        order = np.empty(0, np.int64) if self._population is None else self._population.order
        if opened and len(self.sliders) < len(order):
            self._add_sliders(order[OPEN_SLIDERS:], self._rest_column)
        self._rest.setVisible(opened)
        words = tr("Fewer") if opened else tr("{n} more", n=len(order) - OPEN_SLIDERS)
        relabel(self.more, words, "caret-down" if opened else "caret-right")

    def _fill(self) -> None:
        for k, slider in self.sliders.items():
            if k < len(self._weights):
                slider.set_value(float(self._weights[k]), own=self._own)
                slider.set_other(None if self._other is None else float(self._other[k]))

    def _moved(self, k: int, weight: float) -> None:
        self._weights = self._weights.copy()
        self._weights[k] = weight
        self.moved.emit(self._weights)
