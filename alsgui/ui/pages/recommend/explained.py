"""Why a movie is predicted as it is, for one person, in the words and parts that are shown. No Qt."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from alsgui import text
from alsgui.core.explain import ByAttribute, ByRatings, by_attribute, by_ratings
from alsgui.core.model import Model
from alsgui.core.people import Person
from alsgui.core.ratings import Scale
from alsgui.core.similar import similar_movies
from alsgui.core.solvers.config import ObservedConfig
from alsgui.session.state import PersonKind
from alsgui.text import tr

MOST_ATTRIBUTES, MOST_PULLS = 5, 6

StepRow = tuple[str, str, float, str]
"""Symbol, words, value in stars, token of the symbol's colour."""


@dataclass(frozen=True)
class Pull:
    """One rating of the person, and what it adds to the prediction, in stars."""

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
        The strongest pulls of the person's own ratings.
    n_others, others
        How many more ratings there are, and what they add.
    reason
        Why there are no pulls; empty where there are.
    sentence
        The pulls in words, or what else is to be known.
    similar
        Movies whose loadings point the same way.
    nouns
        What these are called: "movies".
    in_stars
        Whether the prediction is a rating; else it is a score, about 0 to 1.
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
    n_others: int
    others: float
    reason: str
    sentence: str
    similar: tuple[Neighbour, ...]
    nouns: str
    in_stars: bool = True

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
        """What all the person's ratings together add, in stars."""
        return sum(pull.value for pull in self.pulls) + self.others

    def as_text(self) -> str:
        """The explanation as lines of number, tab and words; parts add up as shown."""
        lines = [tr("{title} for {who}", title=self.title, who=self.who)]
        shown = text.rounded_parts([step[2] for step in self.steps], self.total, self.digits)
        for number, (symbol, words, _, _) in zip(shown, self.steps, strict=True):
            lines.append(f"{text.decimal(number, self.digits, sign=True)}\t{symbol} {words}".rstrip())
        lines.append(f"{text.decimal(self.total, self.digits)}\t{self.total_words}")
        if self.pulls:
            values = [pull.value for pull in self.pulls] + [self.others] * bool(self.n_others)
            shown = text.rounded_parts(values, self.pulled, 2)
            lines += ["", tr("Ratings that pulled it, sum {sum}", sum=text.contribution(self.pulled))]
            for number, pull in zip(shown, self.pulls, strict=False):
                words = tr("{title}, rated {given}", title=pull.title, given=given_words(pull.given))
                lines.append(f"{text.contribution(number)}\t{words}")
            if self.n_others:
                lines.append(f"{text.contribution(shown[-1])}\t{others_words(self.n_others)}")
        return "\n".join([*lines, "", self.sentence or self.reason]).rstrip() + "\n"


def explained(model: Model, person: Person, kind: PersonKind, column: int, given: float) -> Explained:
    """Take one prediction apart.

    Parameters
    ----------
    model, person, column
        Whose prediction of which movie.
    kind
        How the person was chosen.
    given
        The person's own rating of it, NaN where there is none.
    """
    who, title = person_words(model, person, kind), movie_words(model, column)
    parts = by_attribute(model, person, column)
    pulls = by_ratings(model, person, column)
    strongest = [] if pulls is None else _strongest(model, pulls)
    others = 0.0 if pulls is None else float(pulls.pulls.sum()) - sum(pull.value for pull in strongest)
    found = similar_movies(model, column)
    return Explained(
        column=column,
        title=title,
        genres="" if model.genres is None else genre_list(model.genres[column]),
        facts=_facts(model, column),
        who=who,
        steps=_steps(model, parts, who, short_title(title)),
        total=parts.total,
        given=given,
        pulls=tuple(strongest),
        n_others=0 if pulls is None else len(pulls.columns) - len(strongest),
        others=others,
        reason="" if strongest else _reason(model, person, kind, who),
        sentence=_sentence(model, pulls, strongest, column),
        similar=tuple(
            Neighbour(int(near), movie_words(model, int(near)), float(value))
            for near, value in zip(found.columns, found.cosines, strict=True)
        ),
        nouns=text.pluralised(model.noun),
        in_stars=model.config.predicts_ratings,
    )


def person_words(model: Model, person: Person, kind: PersonKind) -> str:
    """User 373, in the middle of a sentence."""
    if kind == "mean":
        return tr("mean user")
    if kind == "sliders" or person.row is None:
        return tr("made-up person")
    return tr("user {id}", id=model.user_ids[person.row])


def movie_words(model: Model, column: int) -> str:
    """Title of a movie; Movie 36 where there are no titles."""
    if model.titles is not None:
        return model.titles[column]
    return f"{model.noun.capitalize()} {model.movie_ids[column]}"


def short_title(title: str) -> str:
    """Title without year and with its article in front: The Jungle Book."""
    bare = re.sub(r"\s*\(\d{4}\)$", "", title)
    return re.sub(r"^(.*), (The|An|A)$", r"\2 \1", bare)


def genre_list(genres: str) -> str:
    """Genres as they are read: Comedy, Drama."""
    return genres.replace("|", ", ")


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


def _strongest(model: Model, pulls: ByRatings) -> list[Pull]:
    order = np.argsort(-np.abs(pulls.pulls), kind="stable")[:MOST_PULLS]
    return [
        Pull(movie_words(model, int(pulls.columns[at])), float(pulls.given[at]), float(pulls.pulls[at])) for at in order
    ]


def _reason(model: Model, person: Person, kind: PersonKind, who: str) -> str:
    """Why nothing pulled: the exact sum over ratings holds for some people and some models only."""
    if kind == "mean":
        return tr("The mean user is nobody in particular and has no ratings that could pull.")
    if kind == "sliders" or person.row is None:
        return tr("A made-up person has no ratings that could pull.")
    if not person.informed:
        return tr("No training rating of {who} is known: these are the mean user's numbers.", who=who)
    if model.split is None:
        return tr("The model was saved without its ratings, so their pulls are not known.")
    if not isinstance(model.config, ObservedConfig):
        return tr("Which ratings pulled is shown for Observed ALS alone, not for {title}.", title=model.config.title)
    return tr("The fit ended before u was solved for this m, so the pulls would not add up. Fit some more epochs.")


def _sentence(model: Model, pulls: ByRatings | None, strongest: list[Pull], column: int) -> str:
    if model.summary.movie_counts[column] == 0 and not model.config.predicts_ratings:
        return tr("Nobody rated this {noun} in training: its score is 0.", noun=model.noun)
    if model.summary.movie_counts[column] == 0:
        return tr(
            "Nobody rated this {noun} in training: the prediction is what is known of the person alone.",
            noun=model.noun,
        )
    if pulls is None or not strongest:
        return ""
    total, n = float(pulls.pulls.sum()), len(pulls.columns)
    if n == 1:
        return tr("The one training rating changes it by {stars} stars.", stars=text.contribution(total))
    change = tr("add {stars} stars") if total >= 0 else tr("take {stars} stars away")
    one, two = (f"{given_words(pull.given)} for {short_title(pull.title)}" for pull in strongest[:2])
    return tr(
        "All {n} training ratings together {change}. The largest pulls are {one} and {two}.",
        n=text.count(n),
        change=change.format(stars=text.rating(abs(total))),
        one=one,
        two=two,
    )
