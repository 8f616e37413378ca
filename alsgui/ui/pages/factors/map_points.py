"""What a map shows: which points, along which axes, in which colours; and what all that is called."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from alsgui import text
from alsgui.core.attributes import Attributes, usual_support
from alsgui.core.embedding import Embedding
from alsgui.core.factor_view import FactorSource
from alsgui.core.genre_counts import genres_of, most_frequent
from alsgui.core.projection import Components, Space, Thing, between, group_mean, principal
from alsgui.core.ratings import Ints
from alsgui.text import counted, pluralised, tr
from alsgui.ui.pages.factors.words import end_titles, movie_words, user_words
from alsgui.ui.widgets import paint
from alsgui.ui.widgets.image import ColorMap, color_table

AxisKind = Literal["attribute", "component", "umap", "own"]
ColourKind = Literal["mean", "genre", "attribute", "one"]

GENRES = 8
OTHER = 0x9AA3AA
GENRE_COLOURS = (0x4477AA, 0xEE6677, 0x228833, 0xCCBB44, 0x66CCEE, 0xAA3377, 0xEE7733, 0x7A5C99)
"""Told apart by colour-blind people as well (P. Tol, bright and vibrant)."""

LOW, HIGH = 2.0, 98.0


@dataclass(frozen=True)
class Axis:
    """One axis: an attribute, a principal component or one of UMAP (`number`, from 0), or a line between two groups."""

    kind: AxisKind = "attribute"
    number: int = 0


@dataclass(frozen=True)
class Colour:
    """What colours mean; `attribute` (from 0) counts where they are of one."""

    kind: ColourKind = "mean"
    attribute: int = 0


@dataclass(frozen=True, eq=False)
class Group:
    """One or more points at the end of an axis."""

    words: str
    members: Ints


@dataclass(frozen=True, eq=False)
class OwnAxis:
    """A line between two groups; where there is one only, the other end is the mean of all."""

    start: Group | None = None
    stop: Group | None = None


@dataclass(frozen=True, eq=False)
class MapChoice:
    """What a person chose to see.

    Parameters
    ----------
    thing
        Movies or users.
    across, up
        The axes.
    colour
        What colours mean.
    at_least
        Ratings that a point must have.
    own
        The lines of axes that are no attributes, across and up.
    """

    thing: Thing = "movie"
    across: Axis = Axis("attribute", 0)
    up: Axis = Axis("attribute", 1)
    colour: Colour = Colour()
    at_least: int = 0
    own: tuple[OwnAxis, OwnAxis] = field(default_factory=lambda: (OwnAxis(), OwnAxis()))


@dataclass(frozen=True, eq=False)
class Scheme:
    """Colours of the points and their legend: a colour bar between limits, or named colours."""

    rgb: NDArray[np.uint32]
    caption: str
    colormap: ColorMap | None = None
    limits: tuple[float, float] = (0.0, 1.0)
    actual: tuple[float, float] = (0.0, 1.0)
    names: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, eq=False)
class MapPoints:
    """Points as they are drawn.

    Parameters
    ----------
    source, choice
        What was asked for.
    listed
        Rows of the side that are points (n).
    x, y, counts
        Where they are, and their training ratings (n).
    x_title, y_title
        What the axes are.
    scheme
        Their colours.
    means
        Mean rating of each in training, NaN where it is not known (n).
    space
        The side as a space, for distances.
    """

    source: FactorSource
    choice: MapChoice
    listed: Ints
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    counts: Ints
    x_title: str
    y_title: str
    scheme: Scheme
    means: NDArray[np.float64]
    space: Space

    @property
    def words(self) -> tuple[str, ...]:
        """What the points are called, one and many."""
        noun = self.source.noun if self.choice.thing == "movie" else tr("user")
        return noun, pluralised(noun)

    def full(self, point: int) -> str:
        """A point in words: its name, its ratings, its mean."""
        row = int(self.listed[point])
        say = movie_words if self.choice.thing == "movie" else user_words
        mean = self.means[point]
        told = counted(int(self.counts[point]), tr("rating"))
        return f"{say(self.source, row)}\n{told}" + (f", {tr('mean')} {text.rating(mean)}" if np.isfinite(mean) else "")

    def short(self, point: int) -> str:
        """A point as its label."""
        row = int(self.listed[point])
        return text.headline(self.source.title(row)) if self.choice.thing == "movie" else self.source.user_ids[row]


def usual_choice(source: FactorSource, known: Attributes, thing: Thing = "movie") -> MapChoice:
    """The two largest attributes, of points that chance does not place, coloured by mean rating."""
    order = np.argsort(-known.sizes, kind="stable")
    across, up = (Axis("attribute", int(order[min(at, len(order) - 1)])) for at in (0, 1))
    counts = source.movie_counts if thing == "movie" else source.user_counts
    at_least = min(usual_support(counts), 20)
    return MapChoice(thing, across, up, Colour("mean" if source.split is not None else "one"), at_least)


def listed_rows(source: FactorSource, choice: MapChoice) -> Ints:
    """Rows of the side that are points."""
    counts = source.movie_counts if choice.thing == "movie" else source.user_counts
    return np.flatnonzero(counts >= max(choice.at_least, 1))


def wants_umap(choice: MapChoice) -> bool:
    """Whether an axis is one of UMAP."""
    return "umap" in (choice.across.kind, choice.up.kind)


def map_points(
    source: FactorSource, choice: MapChoice, known: Attributes, embedding: Embedding | None = None
) -> MapPoints:
    """Compute where points are; may be called on any thread. `embedding` has the places of axes of UMAP."""
    space = Space.of(source, choice.thing)
    listed = listed_rows(source, choice)
    needs_components = "component" in (choice.across.kind, choice.up.kind)
    found = principal(space, listed) if needs_components else None
    x, y = (
        _places(embedding, axis) if axis.kind == "umap" else _coordinates(space, axis, own, found)[listed]
        for axis, own in ((choice.across, choice.own[0]), (choice.up, choice.own[1]))
    )
    means = _means(source, choice.thing)[listed]
    return MapPoints(
        source, choice, listed, x, y, space.counts[listed],
        axis_title(source, known, choice.across, choice.own[0], found),
        axis_title(source, known, choice.up, choice.own[1], found),
        scheme(source, choice, listed, means, space), means, space,
    )  # fmt: skip


def _places(embedding: Embedding | None, axis: Axis) -> NDArray[np.float64]:
    assert embedding is not None
    return embedding.places[:, axis.number]


def _coordinates(space: Space, axis: Axis, own: OwnAxis, found: Components | None) -> NDArray[np.float64]:
    if axis.kind == "component" and found is not None:
        return found.coordinates[:, axis.number]
    if axis.kind == "own":
        every = Group("", np.flatnonzero(space.counts > 0))
        start, stop = ((group or every).members for group in (own.start, own.stop))
        return between(space, group_mean(space, start), group_mean(space, stop))
    return space.rows[:, axis.number]


def _means(source: FactorSource, thing: Thing) -> NDArray[np.float64]:
    counts = source.movie_counts if thing == "movie" else source.user_counts
    if source.split is None:
        return np.full(len(counts), np.nan)
    training = source.split.training
    return np.asarray(training.movie_means if thing == "movie" else training.user_means, np.float64)


def axis_title(source: FactorSource, known: Attributes, axis: Axis, own: OwnAxis, found: Components | None) -> str:
    """What stands at an axis."""
    if axis.kind == "component":
        share = (
            "" if found is None else tr(", {share} of the variance", share=text.percent(found.shares[axis.number], 0))
        )
        return tr("component {k} in stars{share}", k=axis.number + 1, share=share)
    if axis.kind == "umap":
        return tr("UMAP {k}: near points are alike, lengths have no unit", k=axis.number + 1)
    if axis.kind == "own":
        return own_words(own)
    name = source.name(axis.number)
    if name:
        return tr("attribute {k}: {name}", k=axis.number + 1, name=name)
    ends = end_titles(source, known, axis.number)
    words = f": {ends[0]} ←   → {ends[1]}" if ends else ""
    return tr("attribute {k}{ends}", k=axis.number + 1, ends=words)


def own_words(own: OwnAxis) -> str:
    """A line between two groups."""
    start, stop = (group.words if group is not None else tr("mean of all") for group in (own.start, own.stop))
    return f"{start} ←   → {stop}"


def axis_words(source: FactorSource, ends: list[tuple[str, str] | None], axis: Axis, own: OwnAxis | None = None) -> str:
    """An axis as it stands in its list."""
    if axis.kind == "component":
        return tr("component {k}", k=axis.number + 1)
    if axis.kind == "umap":
        return tr("UMAP {k}", k=axis.number + 1)
    if axis.kind == "own":
        return own_words(own or OwnAxis())
    pair = ends[axis.number]
    name = source.name(axis.number) or (paint.BETWEEN.join(pair) if pair else "")
    return f"{axis.number + 1}  {name}".rstrip()


def scheme(source: FactorSource, choice: MapChoice, listed: Ints, means: NDArray[np.float64], space: Space) -> Scheme:
    """Colours of the listed points."""
    kind = choice.colour.kind
    if kind == "genre" and source.genres is not None and choice.thing == "movie":
        return _by_genre(source.genres, listed)
    if kind == "attribute":
        values = space.rows[listed, choice.colour.attribute]
        reach = float(np.abs(np.percentile(values, [LOW, HIGH])).max()) if len(values) else 0.0
        words = tr("k {k}", k=choice.colour.attribute + 1)
        return _by_value(values, (-(reach or 1.0), reach or 1.0), "diverging", words)
    if kind == "mean" and np.isfinite(means).any():
        low, high = (float(end) for end in np.percentile(means[np.isfinite(means)], [LOW, HIGH]))
        return _by_value(means, (low, high if high > low else low + 1), "viridis", tr("mean"))
    one = 0xB8862F if choice.thing == "movie" else 0x9A63BF
    return Scheme(np.full(len(listed), one, np.uint32), "")


def _by_value(values: NDArray[np.float64], limits: tuple[float, float], name: ColorMap, caption: str) -> Scheme:
    low, high = limits
    at = np.nan_to_num(np.clip((values - low) / (high - low), 0, 1)) * 255
    rgb = (color_table(name)[at.round().astype(np.int64)] & 0xFFFFFF).astype(np.uint32)
    rgb[~np.isfinite(values)] = OTHER
    known = values[np.isfinite(values)]
    actual = (float(known.min()), float(known.max())) if len(known) else limits
    return Scheme(rgb, caption, name, limits, actual)


def _by_genre(genres: tuple[str, ...], listed: Ints) -> Scheme:
    """Each movie in the colour of the rarest of its genres that has one: the frequent ones say less."""
    named = most_frequent([genres[int(at)] for at in listed], GENRES)
    places = {genre: place for place, genre in enumerate(named)}
    rgb = np.full(len(listed), OTHER, np.uint32)
    for point, column in enumerate(listed):
        mine = [places[genre] for genre in genres_of(genres[int(column)]) if genre in places]
        if mine:
            rgb[point] = GENRE_COLOURS[max(mine)]
    names = [(genre, GENRE_COLOURS[place]) for genre, place in places.items()]
    return Scheme(rgb, tr("genre"), names=(*names, (tr("other"), OTHER)))
