"""Five experiments that show what a text-book claims, each a few fits whose figures are drawn as they come.

k
    Error against K with little ridge: training error falls, the hold-out turns.
lambda
    Error against lambda: training error rises, the hold-out has its lowest point between.
em
    ALS against EM on planted ratings: the same optimum, many times the epochs.
starts
    Several random starts: other factors, nearly the same error.
blank
    The same ratings masked, filled with zeros, and as mere events: blank is not zero.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from threading import Event
from typing import Any

import numpy as np

from alsgui.core.compare import judge, of_model
from alsgui.core.errors import ConfigError, Interrupted
from alsgui.core.experiment_names import EXPERIMENTS
from alsgui.core.generate import low_rank
from alsgui.core.model import Model
from alsgui.core.recommend import Filters, for_user
from alsgui.core.solvers.config import Config, EmConfig, ImplicitConfig, ObservedConfig, RidgeConfig
from alsgui.core.split import Split
from alsgui.core.training import fitted, iter_fit
from alsgui.text import count, decimal, error_figure, percent, tr

NAN = float("nan")
N_STARTS = 6
N_TITLES = 10
LIST_LENGTH = 10
EM_EPOCHS = 3000
EM_OBSERVED = (0.3, 0.1)
NEAR = 1.001
"""An optimum counts as reached within 0.1 % of its loss."""

_EPOCHS = 30


@dataclass(frozen=True)
class Line:
    """One curve of an experiment; `kind` is "training", "holdout" or "" for a pale one."""

    name: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    kind: str = ""


@dataclass(frozen=True)
class Titles:
    """What one way to read the ratings recommends to one person.

    `rmse` is in stars, NaN where predictions are no ratings; `ndcg` is of lists of 10, 0 to 1.
    """

    name: str
    rmse: float
    ndcg: float
    titles: tuple[str, ...]


@dataclass(frozen=True)
class Findings:
    """What an experiment has found so far.

    Parameters
    ----------
    name
        Of the experiment.
    done
        Share of the fits that is done, 0 to 1.
    sentence
        What it shows, with its numbers; empty until it is complete.
    lines, x_title, y_title, log_x, log_y
        Curves and their axes.
    ticks
        Places on the first axis and what stands there; none for numbers as they are.
    lists
        For "blank".
    person
        Whose titles they are.
    """

    name: str
    done: float
    sentence: str = ""
    lines: tuple[Line, ...] = ()
    x_title: str = ""
    y_title: str = ""
    log_x: bool = False
    log_y: bool = False
    ticks: tuple[tuple[float, str], ...] = ()
    lists: tuple[Titles, ...] = ()
    person: str = ""


def experiment(name: str, split: Split, user: int = 0, cancel: Event | None = None) -> Iterator[Findings]:
    """Run an experiment on ratings. Yields what is found so far, complete at last.

    Parameters
    ----------
    name
        Of `EXPERIMENTS`.
    user
        Row of the person whose titles "blank" lists.

    Raises
    ------
    ConfigError
        When there is no such experiment, or no hold-out to judge by.
    Interrupted
        When `cancel` ended it.
    """
    if name not in EXPERIMENTS:
        raise ConfigError(tr("There is no experiment {name}.", name=name), tr("Use {all}.", all=", ".join(EXPERIMENTS)))
    if name == "em":
        return _als_against_em(cancel)
    if split.newcomers is not None:
        raise ConfigError(
            tr("The experiment judges users that a model knows, and whole users are kept aside."),
            tr("Keep ratings aside at random, on Train."),
        )
    if split.holdout is None:
        raise ConfigError(
            tr("The experiment needs ratings that are kept aside."), tr("Set a hold-out on Train, such as 10 %.")
        )
    if name == "k":
        return _against_k(split, cancel)
    if name == "lambda":
        return _against_lambda(split, cancel)
    return _starts(split, cancel) if name == "starts" else _blank(split, user, cancel)


def _model(split: Split, config: Config, cancel: Event | None) -> Model:
    model = fitted(iter_fit(split, config, cancel))
    if cancel is not None and cancel.is_set():
        raise Interrupted
    return model


def _against_k(split: Split, cancel: Event | None) -> Iterator[Findings]:
    training = split.training
    most = max(min(training.n_users, training.n_movies) // 2, 1)
    ks = [k for k in (0, 1, 2, 4, 8, 16, 32, 64) if k <= most]
    ridge = ObservedConfig().usual_lambda(training) / 4
    configs: list[Config] = [
        ObservedConfig(k=k, lambda_u=ridge, lambda_m=ridge, epochs=_EPOCHS, solver="exact") for k in ks
    ]
    places = list(range(len(ks)))  # K doubles from one to the next; K = 0 has no place on a log axis
    for found, errors in _errors_against("k", places, configs, split, cancel):
        best, worst = int(np.argmin(errors)), int(np.argmax(errors))
        rise = tr("From there it turns: with K = {k} it is {gap} stars worse, though the training error is lower.",
                  k=ks[worst], gap=decimal(errors[worst] - errors[best], 3))  # fmt: skip
        sentence = tr("The hold-out is best at K = {k} ({rmse}). ", k=ks[best], rmse=error_figure(errors[best]))
        yield replace(
            found,
            x_title=tr("K, attributes; 0 is biases alone"),
            ticks=tuple((float(place), str(k)) for place, k in zip(places, ks, strict=True)),
            sentence=sentence + (rise if worst > best else tr("It has not turned yet.")) if found.done == 1 else "",
        )


def _against_lambda(split: Split, cancel: Event | None) -> Iterator[Findings]:
    usual = ObservedConfig().usual_lambda(split.training)
    ridges = [float(f"{usual * factor:.2g}") for factor in (1 / 16, 1 / 8, 1 / 4, 1 / 2, 1, 2, 4, 8)]
    configs: list[Config] = [ObservedConfig(k=16, lambda_u=ridge, lambda_m=ridge, epochs=_EPOCHS) for ridge in ridges]
    for found, errors in _errors_against("lambda", ridges, configs, split, cancel):
        best = int(np.argmin(errors))
        sentence = tr("The hold-out is best at λ = {x} ({rmse}); with λ = {low} it is {worse} stars worse, though the "
                      "training error is lower.", x=f"{ridges[best]:g}", rmse=error_figure(errors[best]),
                      low=f"{ridges[0]:g}", worse=decimal(errors[0] - errors[best], 3))  # fmt: skip
        yield replace(found, x_title=tr("λ, on users and movies"), log_x=True,
                      sentence=sentence if found.done == 1 else "")  # fmt: skip


def _errors_against(
    name: str, values: list[Any], configs: list[Config], split: Split, cancel: Event | None
) -> Iterator[tuple[Findings, list[float]]]:
    train: list[float] = []
    judged: list[float] = []
    for config in configs:
        model = _model(split, config, cancel)
        train.append(model.training_figures.rmse)
        judged.append(model.holdout_figures.rmse)
        x = tuple(map(float, values[: len(train)]))
        lines = (Line(tr("training"), x, tuple(train), "training"), Line(tr("hold-out"), x, tuple(judged), "holdout"))
        yield Findings(name, len(train) / len(configs), lines=lines, y_title=tr("RMSE, stars")), judged


def _als_against_em(cancel: Event | None) -> Iterator[Findings]:
    same: dict[str, Any] = {"k": 2, "lambda_u": 2.0, "lambda_m": 2.0, "biases": False, "init": "normal",
                            "tolerance": 0.0, "dtype": "float64"}  # fmt: skip
    als_config = ObservedConfig(**same, epochs=EM_EPOCHS, lambda_power=0.0, accelerate=False, solver="exact")
    lines: list[Line] = []
    counts: list[str] = []
    for number, observed in enumerate(EM_OBSERVED, 1):
        ratings = low_rank(100, 80, k=2, observed=observed, noise=0.3)
        parts = Split(ratings, np.empty(0, np.int64), 0.0, 0)
        share = percent(observed, 0)
        models = [_model(parts, config, cancel) for config in (als_config, EmConfig(**same, epochs=EM_EPOCHS))]
        losses = [[record.loss for record in model.history] for model in models]
        lowest = min(map(min, losses))
        for title, curve, kind in zip((tr("ALS"), tr("EM")), losses, ("training", "holdout"), strict=True):
            line = Line(f"{title}, {share}", tuple(range(1, len(curve) + 1)),
                        tuple(loss / lowest - 1 for loss in curve), kind)  # fmt: skip
            lines.append(_thinned(line))
        reached = [next((n for n, loss in enumerate(each, 1) if loss <= NEAR * lowest), EM_EPOCHS) for each in losses]
        counts.append(tr("with {share} observed ALS needs {als} epochs and EM {em}", share=share,
                         als=count(reached[0]), em=count(reached[1])))  # fmt: skip
        sentence = tr("Within 0.1 % of the same optimum: {counts}. EM fills the holes with what it predicts, so each "
                      "epoch moves only a little. Planted ratings, 100 users × 80 movies, the same start.",
                      counts=", ".join(counts))  # fmt: skip
        complete = number == len(EM_OBSERVED)
        yield Findings("em", number / len(EM_OBSERVED), sentence if complete else "", tuple(lines), tr("epoch"),
                       tr("loss above the optimum, as a share of it"), True, True)  # fmt: skip


def _thinned(line: Line) -> Line:
    """Points evenly spaced on a log axis, those above rounding."""
    shown = sorted({round(x) for x in np.geomspace(1, len(line.x), 60)})
    points = [(line.x[n - 1], line.y[n - 1]) for n in shown if line.y[n - 1] > 1e-7]
    x, y = zip(*points, strict=True) if points else ((), ())
    return Line(line.name, tuple(x), tuple(y), line.kind)


def _starts(split: Split, cancel: Event | None) -> Iterator[Findings]:
    lines: list[Line] = []
    finals: list[float] = []
    losses: list[float] = []
    models: list[Model] = []
    for seed in range(N_STARTS):
        config = ObservedConfig(k=8, seed=seed, init="normal", epochs=_EPOCHS, tolerance=0.0)
        model = _model(split, config, cancel)
        models.append(model)
        finals.append(model.holdout_figures.rmse)
        losses.append(model.history[-1].loss)
        epochs = tuple(float(record.epoch) for record in model.history)
        errors = tuple(record.rmse_holdout for record in model.history)
        lines.append(Line(tr("seed {n}", n=seed), epochs, errors, "holdout" if not seed else ""))
        sentence = ""
        if seed == N_STARTS - 1:
            apart = float(np.mean([_difference(models[0], other, split) for other in models[1:]]))
            sentence = tr("{n} starts end with hold-out RMSE {low} to {high} and losses within {share} %. Their "
                          "predictions of what was kept aside differ by {apart} stars on average.", n=N_STARTS,
                          low=error_figure(min(finals)), high=error_figure(max(finals)),
                          share=decimal(100 * (max(losses) / min(losses) - 1) if min(losses) > 0 else 0.0, 2),
                          apart=decimal(apart, 2))  # fmt: skip
        yield Findings("starts", (seed + 1) / N_STARTS, sentence, tuple(lines), tr("epoch"), tr("RMSE, stars"))


def _difference(one: Model, other: Model, split: Split) -> float:
    """Root mean square of the differences of two models' predictions of the hold-out."""
    cells = split.holdout
    assert cells is not None
    gaps = one.predictor.cells(cells.users, cells.movies) - other.predictor.cells(cells.users, cells.movies)
    return float(np.sqrt(np.mean(gaps**2)))


def _blank(split: Split, user: int, cancel: Event | None) -> Iterator[Findings]:
    ways: tuple[tuple[str, Config], ...] = (
        (tr("Masked"), ObservedConfig(k=16)),
        (tr("Blank as 0"), RidgeConfig(k=16, fill="zero")),
        (tr("Events"), ImplicitConfig(k=16)),
    )
    found: list[Titles] = []
    person = split.ratings.user_ids[user]
    for title, config in ways:
        model = _model(split, config, cancel)
        judged = judge(of_model(model), split, LIST_LENGTH)
        listed = for_user(model, user, Filters(n_top=N_TITLES))
        found.append(Titles(title, judged.errors.rmse, judged.lists.ndcg, listed.titles))
        sentence = ""
        if len(found) == len(ways):
            sentence = tr("Filled with zeros the hold-out RMSE is {zero} stars, masked it is {masked}: a blank says "
                          "that nobody rated, not that it was bad. For lists the events can be worth more: NDCG@10 is "
                          "{a} masked, {b} filled, {c} of events.", zero=error_figure(found[1].rmse),
                          masked=error_figure(found[0].rmse), a=error_figure(found[0].ndcg),
                          b=error_figure(found[1].ndcg), c=error_figure(found[2].ndcg))  # fmt: skip
        yield Findings("blank", len(found) / len(ways), sentence, lists=tuple(found), person=person)
