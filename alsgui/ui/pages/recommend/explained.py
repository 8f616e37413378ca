"""Why a movie is predicted as it is, for one person, in the words and parts that are shown. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan
from typing import Literal
from weakref import WeakKeyDictionary

import numpy as np

from alsgui import text
from alsgui.core.explain import Bar, ByAttribute, ByRatings, Explanation, explain
from alsgui.core.model import Model
from alsgui.core.people import Person, percentile_of
from alsgui.core.ratings import Scale
from alsgui.core.recommend import Filters, standing
from alsgui.core.similar import Similar, similar_movies
from alsgui.session.state import PersonKind
from alsgui.text import tr
from alsgui.ui.pages.recommend.beside import Beside
from alsgui.ui.pages.recommend.titles import genre_list, movie_words, short_title, spoken_title

MOST_ATTRIBUTES, MOST_PULLS, MOST_LIKED = 5, 4, 4
"""Attributes shown one by one; ratings that pulled up, and as many that pulled down; similar movies that were liked."""

StepRow = tuple[str, str, float, str]
"""Symbol, words, value in stars, token of the symbol's colour."""


PullKind = Literal["start", "rating", "others", "rest"]


@dataclass(frozen=True)
class Pull:
    """One part of a prediction taken apart by ratings, in stars: what stands before them, a rating, or what is left."""

    kind: PullKind
    title: str
    given: float
    value: float


@dataclass(frozen=True)
class Neighbour:
    """A similar movie and its cosine."""

    column: int
    title: str
    cosine: float


@dataclass(frozen=True, eq=False)
class Explained:
    """One prediction taken apart.

    Parameters
    ----------
    column
        The movie.
    title, genres, facts
        What is known of it.
    who
        For whom: "user 373".
    steps
        From the mean to the prediction; they add up to `total`.
    total
        The prediction.
    given
        What the person rated it; NaN where they did not.
    pulls
        From what stands before the person's ratings over the strongest of them to what is left, as shown: they add up
        to the `total` as shown.
    reason
        Why there are no pulls; empty where there are.
    sentence
        The pulls in words, or what else is to be known.
    liked
        Movies like this one that the person rated at or above their own mean.
    similar
        Movies whose loadings point the same way.
    nouns
        What these are called: "movies".
    in_stars
        Whether the prediction is a rating; else it is a score, about 0 to 1.
    place
        Where the movie stands in the list, and what hides it: "rank 3", "rated 4.5, hidden".
    beside
        What it is for the person whom the list is compared with; empty where there is none.
    """

    column: int
    title: str
    genres: str
    facts: str
    who: str
    steps: tuple[StepRow, ...]
    total: float
    given: float
    pulls: tuple[Pull, ...]
    reason: str
    sentence: str
    liked: tuple[Neighbour, ...]
    similar: tuple[Neighbour, ...]
    nouns: str
    in_stars: bool = True
    place: str = ""
    beside: str = ""

    @property
    def digits(self) -> int:
        """Decimals of the prediction: two of stars, three of a score."""
        return 2 if self.in_stars else 3

    @property
    def total_words(self) -> str:
        """What the prediction is called."""
        return tr("Prediction") if self.in_stars else tr("Score, not a rating")

    @property
    def pulled(self) -> float:
        """What all the person's ratings together add, in stars, as shown."""
        return _sum_shown(self.pulls)

    def as_text(self) -> str:
        """The explanation as lines of number, tab and words; parts add up as shown."""
        lines = [tr("{title} for {who}", title=self.title, who=self.who)]
        shown = text.rounded_parts([step[2] for step in self.steps], self.total, self.digits)
        for number, (symbol, words, _, _) in zip(shown, self.steps, strict=True):
            lines.append(f"{text.decimal(number, self.digits, sign=True)}\t{symbol} {words}".rstrip())
        total = f"{text.decimal(self.total, self.digits)}\t{self.total_words}"
        lines.append(total)
        if self.pulls:
            lines += ["", tr("By ratings")]
            for pull in self.pulls:
                words = pull.title
                if pull.kind == "rating":
                    words = tr("{title}, rated {given}", title=pull.title, given=given_words(pull.given))
                lines.append(f"{text.decimal(pull.value, self.digits, sign=True)}\t{words}")
            lines.append(total)
        return "\n".join([*lines, "", self.sentence or self.reason]).rstrip() + "\n"


def explained(
    model: Model,
    person: Person,
    kind: PersonKind,
    column: int,
    given: float,
    *,
    filters: Filters | None = None,
    beside: Beside | None = None,
) -> Explained:
    """Take one prediction apart.

    Parameters
    ----------
    model, person, column
        Whose prediction of which movie.
    kind
        How the person was chosen.
    given
        The person's own rating of it, NaN where there is none.
    filters
        Of the list in which it stands.
    beside
        Whom the list is compared with.
    """
    who, title = person_words(model, person, kind), spoken_title(model, column)
    made = explain(model, person, column)
    in_stars = model.config.predicts_ratings
    found = _similar(model, column)
    digits = 2 if in_stars else 3
    pulls = () if made.by_ratings is None else _pulls(model, made.by_ratings, column, digits)
    return Explained(
        column=column,
        title=title,
        genres="" if model.genres is None else genre_list(model.genres[column]),
        facts=_facts(model, column),
        who=who,
        steps=_steps(model, made.by_attribute, who, short_title(title)),
        total=made.total,
        given=given,
        pulls=pulls,
        reason=made.reason,
        sentence=_sentence(model, person, made, _sum_shown(pulls)),
        liked=_liked(model, person, column),
        similar=tuple(
            Neighbour(int(near), spoken_title(model, int(near)), float(value))
            for near, value in zip(found.columns, found.cosines, strict=True)
        ),
        nouns=text.pluralised(model.noun),
        in_stars=in_stars,
        place=_place(model, person, column, given, filters or Filters()),
        beside="" if beside is None else _beside_words(beside, column, made.total, digits),
    )


def person_words(model: Model, person: Person, kind: PersonKind) -> str:
    """User 373, in the middle of a sentence."""
    if kind == "mean":
        return tr("mean user")
    if kind == "blend":
        return tr("the blend")
    if person.row is None:
        return tr("made-up person")
    return tr("user {id}", id=model.user_ids[person.row])


def others_words(n: int) -> str:
    """The line of what is not listed."""
    return text.counted(n, tr("other rating"))


def given_words(stars: float) -> str:
    """A rating as it was given: 4, 4.5; of a continuous one two decimals."""
    return text.rating(stars) if stars != round(stars * 2) / 2 else f"{stars:g}".replace("-", text.MINUS)


def shows_as_stars(scale: Scale) -> bool:
    """Whether ratings of this range can be drawn as five stars."""
    return scale.minimum >= 0 and 3 <= scale.maximum <= 5


def _facts(model: Model, column: int) -> str:
    n = int(model.summary.movie_counts[column])
    words = text.counted(n, tr("rating"))
    if model.split is None or n == 0 or not model.config.predicts_ratings:
        return words
    mean = text.rating(float(model.split.training.movie_means[column]))
    return tr("{ratings}, mean {mean}", ratings=words, mean=mean)


def _steps(model: Model, parts: ByAttribute, who: str, title: str) -> tuple[StepRow, ...]:
    if model.has_biases:
        steps: list[StepRow] = [
            ("μ", tr("mean of all ratings"), parts.mean, "muted"),
            ("bᵤ", who, parts.user_bias, "user"),
            ("bₘ", title, parts.movie_bias, "movie"),
        ]
    else:
        words = tr("mean of what is known") if parts.fallback else tr("start at zero")
        steps = [("", words, parts.fallback, "muted")]
    largest = np.argsort(-np.abs(parts.products), kind="stable")
    n_shown = len(largest) if len(largest) <= MOST_ATTRIBUTES + 1 else MOST_ATTRIBUTES
    for k in largest[:n_shown]:
        name = model.attribute_names[k] or tr("attribute {k}", k=k + 1)
        steps.append((str(k + 1), name, float(parts.products[k]), "muted"))
    rest = largest[n_shown:]
    if len(rest):
        words = text.counted(len(rest), tr("other attribute"))
        steps.append(("", words, float(parts.products[rest].sum()), "muted"))
    return tuple(steps)


def _pulls(model: Model, parts: ByRatings, column: int, digits: int) -> tuple[Pull, ...]:
    return tuple(
        Pull(pull_kind(bar), _bar_words(model, bar, column), bar.given, bar.value)
        for bar in parts.bars(digits, MOST_PULLS)
    )


def pull_kind(bar: Bar) -> PullKind:
    """What a bar of the core is here."""
    if bar.kind == "rating":
        return "rating"
    if bar.kind == "start":
        return "start"
    return "others" if bar.kind == "others" else "rest"


def _bar_words(model: Model, bar: Bar, column: int) -> str:
    if bar.kind == "rating":
        return spoken_title(model, bar.index)
    if bar.kind == "others":
        return others_words(bar.index)
    words = {
        "start": tr("Mean, and bias of {title}", title=short_title(movie_words(model, column))),
        "fill": tr("what stands for missing ratings"),
        "penalty": tr("penalty on size"),
        "unsettled": tr("not settled yet"),
    }
    return words[bar.kind]


_LAST_SIMILAR: WeakKeyDictionary[Model, tuple[int, Similar]] = WeakKeyDictionary()


def _similar(model: Model, column: int) -> Similar:
    """Similar movies: the same for everybody, and so kept while a slider moves."""
    last = _LAST_SIMILAR.get(model)
    if last is None or last[0] != column:
        last = _LAST_SIMILAR[model] = (column, similar_movies(model, column))
    return last[1]


def _liked(model: Model, person: Person, column: int) -> tuple[Neighbour, ...]:
    """Rated movies most like this one, among those that the person rated at or above their own mean."""
    columns, given = person.ratings(model)
    own = model.factors.movies[column].astype(np.float64)
    if not len(columns) or not np.any(own):
        return ()
    likes = (given >= np.mean(given)) & (columns != column)
    columns, given = columns[likes], given[likes]
    loadings = model.factors.movies[columns].astype(np.float64)
    lengths = np.linalg.norm(loadings, axis=1) * np.linalg.norm(own)
    cosines = loadings @ own / np.where(lengths > 0, lengths, np.inf)
    best = [at for at in np.argsort(-cosines, kind="stable")[:MOST_LIKED] if cosines[at] > 0]
    return tuple(
        Neighbour(int(columns[at]), _rated_words(model, int(columns[at]), float(given[at])), float(cosines[at]))
        for at in best
    )


def _rated_words(model: Model, column: int, given: float) -> str:
    return f"{given_words(given)}{text.THIN_SPACE}{text.STAR}  {spoken_title(model, column)}"


def _place(model: Model, person: Person, column: int, given: float, filters: Filters) -> str:
    found = standing(model, person, column, filters)
    if "seen" in found.hidden_by and not isnan(given):
        return tr("rated {given}, hidden", given=given_words(given))
    rank = tr("rank {n}", n=text.count(found.rank))
    if not found.hidden_by:
        return rank
    causes = {"seen": tr("having been rated"), "few ratings": tr("few ratings"), "text": tr("its title"),
              "genre": tr("its genre"), "year": tr("its year"), "excluded": tr("your choice")}  # fmt: skip
    return tr("would be {rank}, hidden by {cause}", rank=rank, cause=causes[found.hidden_by[0]])


def _beside_words(beside: Beside, column: int, total: float, digits: int) -> str:
    theirs, rank = float(beside.predicted[column]), int(beside.ranks[column])
    place = tr("rank {n}", n=text.count(rank)) if rank else tr("not listed")
    change = text.decimal(round(total, digits) - round(theirs, digits), digits, sign=True)
    return tr("{name}: {theirs}, {place}; here {change}", name=beside.name, theirs=text.decimal(theirs, digits),
              place=place, change=change)  # fmt: skip


def _sum_shown(pulls: Sequence[Pull]) -> float:
    """What the ratings add, by the numbers shown."""
    return sum(pull.value for pull in pulls if pull.kind in ("rating", "others"))


def _sentence(model: Model, person: Person, made: Explanation, total: float) -> str:
    """In one sentence; `total` is what the ratings add, by the numbers shown."""
    column, pulls = made.column, made.by_ratings
    if model.summary.movie_counts[column] == 0 and not model.config.predicts_ratings:
        return tr("Nobody rated this {noun} in training: its score is 0.", noun=model.noun)
    if model.summary.movie_counts[column] == 0:
        return tr(
            "Nobody rated this {noun} in training: the prediction is what is known of the person alone.",
            noun=model.noun,
        )
    if pulls is None or not len(pulls.columns):
        return _percentile_words(model, person, column)
    n, digits = len(pulls.columns), 2 if model.config.predicts_ratings else 3
    ratings = tr("training rating") if person.rated is None else tr("rating")
    if n == 1:
        return tr("The one {rating} changes it by {change}.", rating=ratings,
                  change=text.decimal(total, digits, sign=True))  # fmt: skip
    change = tr("add {amount}") if total >= 0 else tr("take away {amount}")
    amount = text.decimal(abs(total), digits)
    if model.config.predicts_ratings:
        amount = tr("{amount} stars", amount=amount)
    largest = np.argsort(-np.abs(pulls.pulls), kind="stable")[:2]
    one, two = (
        tr("{given} for {title}", given=given_words(float(pulls.given[at])),
           title=short_title(movie_words(model, int(pulls.columns[at]))))
        for at in largest
    )  # fmt: skip
    words = tr("All {n} together {change}. The largest pulls are {one} and {two}.", n=text.counted(n, ratings),
               change=change.format(amount=amount), one=one, two=two)  # fmt: skip
    return " ".join(filter(None, (words, made.note, _percentile_words(model, person, column))))


def _percentile_words(model: Model, person: Person, column: int) -> str:
    """What a score means for this person; ratings speak for themselves."""
    if model.config.predicts_ratings:
        return ""
    share = percentile_of(model, person, column)
    return tr("Its score is above that of {share} of the {nouns} for this person.", share=text.percent(share, 1),
              nouns=text.pluralised(model.noun))  # fmt: skip
