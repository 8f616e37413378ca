"""The columns of the ranked table, from a list and how it is looked at."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import isinf, isnan, nan, sqrt

import numpy as np

from alsgui import text
from alsgui.core.model import Model
from alsgui.core.ratings import Floats
from alsgui.core.recommend import RecommendationList
from alsgui.text import tr
from alsgui.ui.models.array_table import Column
from alsgui.ui.pages.recommend.beside import Beside
from alsgui.ui.pages.recommend.cells import SCORE_WORDS, BoldCell, DotCell, scale_words
from alsgui.ui.pages.recommend.explained import given_words
from alsgui.ui.pages.recommend.titles import genre_list, movie_words, read_title


@dataclass(frozen=True)
class Sureness:
    """How sure one prediction is, in stars: in all, and its three parts."""

    sd: float
    noise: float
    person: float
    movie: float

    @property
    def of_the_mean(self) -> float:
        """What is not known of person and movie: by how much more ratings could move the prediction."""
        return sqrt(self.person**2 + self.movie**2)

    def words(self) -> str:
        """The three parts in words."""
        if isnan(self.sd):
            return tr("Nobody rated it yet: how sure this is cannot be said.")
        if isinf(self.sd):
            return tr("Without a ridge these ratings leave it open: there is no bound on how wrong it is.")
        return tr("± {sd} stars: a rating's own noise {noise}, not known of the person {person}, of the title {movie}",
                  sd=text.rating(self.sd), noise=text.rating(self.noise), person=text.rating(self.person),
                  movie=text.rating(self.movie))  # fmt: skip


@dataclass(eq=False)
class ListView:
    """A list, and how it is looked at.

    Parameters
    ----------
    model, listed
        What is listed.
    wide
        Whether there is room for genres, means and standard deviations.
    clip
        Whether predictions are shown on the scale of the ratings.
    beside
        Whom it is compared with.
    reach
        Half width of the widest band to make room for, in stars.
    sure
        Column of a movie -> how sure its prediction is, as far as it was asked for.
    """

    model: Model
    listed: RecommendationList
    wide: bool = False
    clip: bool = False
    beside: Beside | None = None
    reach: float = 0.0
    sure: dict[int, Sureness] = field(default_factory=dict)

    @property
    def in_stars(self) -> bool:
        """Whether predictions are ratings."""
        return self.model.config.predicts_ratings

    @property
    def shown(self) -> Floats:
        """Predictions as they are shown."""
        predicted = self.listed.predicted
        if not (self.clip and self.in_stars):
            return predicted
        return np.clip(predicted, self.model.summary.low, self.model.summary.high)

    def tip(self, at: int) -> str:
        """What is to be known of a row."""
        listed, summary = self.listed, self.model.summary
        movie, predicted = int(listed.columns[at]), float(listed.predicted[at])
        words = scale_words(predicted, summary.low, summary.high) if self.in_stars else SCORE_WORDS
        raw = tr("Raw prediction {raw}", raw=text.rating(predicted)) if self.clip and self.in_stars else ""
        sure = self.sure[movie].words() if movie in self.sure else ""
        return "\n".join(filter(None, (movie_words(self.model, movie), raw or words, sure)))

    def columns(self) -> list[Column]:
        """From rank to mean, as far as there is room and something to show."""
        return [*self._labels(), *self._predictions(), *self._comparison(), *self._figures()]

    def _labels(self) -> list[Column]:
        model, listed = self.model, self.listed
        names = [Column(title="#", values=np.arange(1, len(listed) + 1), format=text.count, align="right",
                        width=44 if len(listed) < 1000 else 58, role_colour=_muted),
                 Column(title=model.noun.capitalize(), values=self._name,
                        keys=lambda: list(map(self._name, self._all)))]  # fmt: skip
        if model.titles is not None and (self.wide or self.beside is None):
            year = Column(title=tr("Year"), values=self._year, width=52, role_colour=_muted,
                          keys=lambda: list(map(self._year, self._all)))  # fmt: skip
            names.append(year)
        if self.wide and model.genres:
            names.append(Column(title=tr("Genres"), values=self._genres, width=190, role_colour=_muted,
                                keys=lambda: list(map(self._genres, self._all))))  # fmt: skip
        return names

    def _predictions(self) -> list[Column]:
        stars, shown = self.in_stars, self.shown
        words, shortest = (text.rating, 0.2) if stars else (text.score, 0.02)
        tip = tr("Prediction in stars: mean, biases and products") if stars else SCORE_WORDS
        made = [
            Column(title="", values=self._dot, keys=shown, cell=DotCell(shown, shortest, self.reach), width=108),
            Column(title=tr("Predicted") if stars else tr("Score"), values=shown, format=words, align="right", width=74,
                   cell=BoldCell(words), tip=tip),
        ]  # fmt: skip
        if self.wide and self.sure:
            made.append(Column(title=tr("± s.d."), values=self._sd, format=text.rating, align="right", width=58,
                               role_colour=_muted, tip=tr("Standard deviation of what they would give")))  # fmt: skip
        return made

    def _comparison(self) -> list[Column]:
        beside, listed = self.beside, self.listed
        if beside is None:
            return []
        theirs, ranks = beside.predicted[listed.columns], beside.ranks[listed.columns]
        words = text.rating if self.in_stars else text.score
        return [
            Column(title=beside.name, values=theirs, format=words, align="right", width=84, role_colour=_violet,
                   tip=tr("Prediction for {name}", name=beside.name)),
            Column(title=tr("# there"), values=ranks, format=lambda rank: text.count(rank) if rank else text.DASH,
                   align="right", width=62, role_colour=_violet,
                   tip=tr("Rank in the list for {name}, with the same filters", name=beside.name)),
        ]  # fmt: skip

    def _figures(self) -> list[Column]:
        model, listed, made = self.model, self.listed, []
        if not np.all(np.isnan(listed.given)):
            made.append(Column(title=tr("Given"), values=listed.given, align="right", width=78, format=_given_words,
                               role_colour=lambda value: "muted" if isnan(value) else None))  # fmt: skip
        if self.beside is None or self.wide:
            made.append(Column(title=tr("Ratings"), values=listed.support, format=text.count, align="right", width=62,
                           tip=tr("Training ratings of the {noun}", noun=model.noun)))  # fmt: skip
        if self.wide and model.split is not None and self.in_stars:
            made.append(Column(title=tr("Mean"), values=model.split.training.movie_means[listed.columns], align="right",
                               format=text.rating, width=64, tip=tr("Mean of the training ratings")))  # fmt: skip
        return made

    @property
    def _all(self) -> range:
        return range(len(self.listed))

    def _name(self, row: int) -> str:
        return read_title(self.model.title(int(self.listed.columns[row])))[0]

    def _year(self, row: int) -> str:
        return read_title(self.model.title(int(self.listed.columns[row])))[1]

    def _genres(self, row: int) -> str:
        return genre_list(self.model.genres[int(self.listed.columns[row])]) if self.model.genres else ""

    def _dot(self, row: int) -> tuple[float, float]:
        """What is shown of a prediction, and half the width of its band (NaN: none)."""
        sure = self.sure.get(int(self.listed.columns[row]))
        predicted = float(self.listed.predicted[row])
        if self.clip and self.in_stars:
            predicted = min(max(predicted, self.model.summary.low), self.model.summary.high)
        return predicted, nan if sure is None else sure.of_the_mean

    def _sd(self, row: int) -> float:
        sure = self.sure.get(int(self.listed.columns[row]))
        return nan if sure is None else sure.sd


def _muted(_: object) -> str:
    return "muted"


def _given_words(value: float) -> str:
    return tr("not rated") if isnan(value) else given_words(value)


def _violet(_: object) -> str:
    return "user"
