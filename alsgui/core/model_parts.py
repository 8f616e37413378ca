"""A model as arrays and plain values, and back: what a model file holds, without knowing of files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

import numpy as np

from alsgui.core.basis import Basis, shown
from alsgui.core.errors import ConfigError, DataError
from alsgui.core.metrics import ErrorFigures
from alsgui.core.model import EpochRecord, HalfStepRecord, Model
from alsgui.core.newcomers import TOLD
from alsgui.core.predictor import Predictor
from alsgui.core.ranking import RankingFigures
from alsgui.core.ratings import Ratings
from alsgui.core.solvers.alternation import Momentum
from alsgui.core.solvers.config import config_from_json
from alsgui.core.solvers.factors import Factors
from alsgui.core.solvers.packed import Layout, Point
from alsgui.core.split import KINDS, Split
from alsgui.core.summary import TrainingSummary
from alsgui.text import tr

Arrays = Mapping[str, np.ndarray[Any, Any]]


def to_parts(model: Model, with_ratings: bool = True) -> tuple[dict[str, np.ndarray[Any, Any]], dict[str, Any]]:
    """Arrays and plain values from which `from_parts` makes the same model.

    Parameters
    ----------
    with_ratings
        Whether the ratings go along; without them lists cannot hide what was seen, and nobody can be folded in.
    """
    arrays: dict[str, np.ndarray[Any, Any]] = {
        "users": model.factors.users,
        "movies": model.factors.movies,
        "user_bias": model.factors.user_bias,
        "movie_bias": model.factors.movie_bias,
        "left": model.predictor.left,
        "right": model.predictor.right,
        "user_counts": model.summary.user_counts,
        "movie_counts": model.summary.movie_counts,
    }
    meta: dict[str, Any] = {
        "config": model.config.to_json(),
        "summary": model.summary.to_json(),
        "history": [asdict(record) for record in model.history],
        "half_steps": [asdict(record) for record in model.half_steps],
        "training_figures": asdict(model.training_figures),
        "holdout_figures": asdict(model.holdout_figures),
        "holdout_ranking": asdict(model.holdout_ranking),
        "stopped": model.stopped,
        "settled": model.settled,
        "versions": dict(model.versions),
    }
    if model.momentum is not None:
        arrays |= {"momentum_left": model.momentum.point.left, "momentum_right": model.momentum.point.right}
        if model.momentum.solved is not None:
            arrays["momentum_solved"] = model.momentum.solved
        meta["momentum"] = {name: getattr(model.momentum, name) for name in ("side", "loss", "half_steps")}
    if model.shown is not None:
        basis = model.shown.basis
        arrays |= {"basis": basis.matrix, "basis_inverse": basis.inverse}
        meta["basis"] = {"names": list(basis.names), "acts": list(basis.acts)}
    if model.people:
        meta["people"] = [dict(person) for person in model.people]
    if with_ratings and model.split is not None:
        ratings = model.split.ratings
        arrays |= {"y_indptr": ratings.csr.indptr, "y_indices": ratings.csr.indices, "y_data": ratings.csr.data}
        arrays["held_out"] = model.split.held_out
        if ratings.time is not None:
            arrays["time"] = ratings.time
        parts = model.split
        meta["split"] = {name: getattr(parts, name) for name in ("share", "seed", "kind", "n", "told", "file")}
        if ratings.characteristics is not None:
            meta["characteristics"] = {name: values.tolist() for name, values in ratings.characteristics.items()}
    return arrays, meta


def from_parts(arrays: Arrays, meta: Mapping[str, Any]) -> Model:
    """Inverse of `to_parts`.

    Raises
    ------
    DataError
        When parts are missing or do not fit together.
    """
    try:
        return _from_parts(arrays, meta)
    except (ConfigError, KeyError, TypeError, ValueError, IndexError) as error:
        raise DataError(
            tr("The parts of the model do not fit together ({error}).", error=error),
            tr("Save the model again from the program that made it."),
        ) from error


def _from_parts(arrays: Arrays, meta: Mapping[str, Any]) -> Model:
    factors = Factors(arrays["users"], arrays["movies"], arrays["user_bias"], arrays["movie_bias"])
    summary = TrainingSummary.from_json(meta["summary"], arrays["user_counts"], arrays["movie_counts"])
    form = Predictor(arrays["left"], arrays["right"])
    n_users, n_movies, k = len(summary.user_ids), len(summary.movie_ids), factors.k
    shapes = {
        "u": (factors.users.shape, (n_users, k)),
        "m": (factors.movies.shape, (n_movies, k)),
        "b": (factors.user_bias.shape, (n_users,)),
        "c": (factors.movie_bias.shape, (n_movies,)),
        "left": (form.left.shape, (n_users, k + 2)),
        "right": (form.right.shape, (n_movies, k + 2)),
        "user_counts": (summary.user_counts.shape, (n_users,)),
        "movie_counts": (summary.movie_counts.shape, (n_movies,)),
    }
    for name, (found, expected) in shapes.items():
        if found != expected:
            raise ValueError(f"{name} is {found}, not {expected}")
    for name in ("users", "movies", "user_bias", "movie_bias", "left", "right"):
        if not np.all(np.isfinite(arrays[name])):
            raise ValueError(f"{name} has numbers that are not finite")
    model = Model(
        config=config_from_json(meta["config"]),
        factors=factors,
        summary=summary,
        split=_split_from_parts(arrays, meta, summary),
        history=tuple(EpochRecord(**record) for record in meta["history"]),
        half_steps=tuple(HalfStepRecord(**record) for record in meta["half_steps"]),
        training_figures=ErrorFigures(**meta["training_figures"]),
        holdout_figures=ErrorFigures(**meta["holdout_figures"]),
        holdout_ranking=RankingFigures(**meta.get("holdout_ranking", {})),
        stopped=str(meta["stopped"]),
        settled=bool(meta["settled"]),
        versions=dict(meta["versions"]),
        predictor=form,
        momentum=_momentum_from_parts(arrays, meta, factors),
        people=tuple(dict(person) for person in meta.get("people", ())),
    )
    basis = _basis_from_parts(arrays, meta, k)
    return model if basis is None else replace(model, shown=shown(model, basis))


def _basis_from_parts(arrays: Arrays, meta: Mapping[str, Any], k: int) -> Basis | None:
    if "basis" not in meta:
        return None
    names, acts = (tuple(map(str, meta["basis"][part])) for part in ("names", "acts"))
    matrix, inverse = (np.asarray(arrays[part], np.float64) for part in ("basis", "basis_inverse"))
    if (len(names), matrix.shape, inverse.shape) != (k, (k, k), (k, k)):
        raise ValueError(f"the view of the attributes is not of {k} attributes")
    if not np.allclose(matrix @ inverse, np.eye(k), atol=1e-5):
        raise ValueError("the view of the attributes has no inverse")
    return Basis(matrix, inverse, names, acts)


def _momentum_from_parts(arrays: Arrays, meta: Mapping[str, Any], factors: Factors) -> Momentum | None:
    if "momentum" not in meta:
        return None
    layout = Layout(factors.k, bool(meta["config"].get("biases", False)))
    point = Point(layout, arrays["momentum_left"], arrays["momentum_right"])
    momentum = Momentum(point, arrays.get("momentum_solved"), **meta["momentum"])
    for rows, own in ((point.left, factors.users), (point.right, factors.movies)):
        if rows.shape != (len(own), layout.width) or not np.all(np.isfinite(rows)):
            raise ValueError(f"the momentum is {rows.shape}, not {(len(own), layout.width)}, or not finite")
    if momentum.solved is not None and momentum.solved.shape != point.rows(momentum.side).shape:
        raise ValueError("the momentum's sides do not fit together")
    return momentum


def _split_from_parts(arrays: Arrays, meta: Mapping[str, Any], summary: TrainingSummary) -> Split | None:
    if "split" not in meta:
        return None
    indptr, held_out = arrays["y_indptr"], np.asarray(arrays["held_out"], np.int64)
    if len(indptr) != len(summary.user_ids) + 1:
        raise ValueError(f"y has {len(indptr) - 1} rows, not {len(summary.user_ids)}")
    if len(held_out) and not 0 <= held_out.min() <= held_out.max() < len(arrays["y_data"]):
        raise ValueError("the hold-out is not among the ratings")
    table = meta.get("characteristics")
    ratings = Ratings.from_indices(
        np.repeat(np.arange(len(indptr) - 1), np.diff(indptr)),
        arrays["y_indices"],
        arrays["y_data"],
        summary.user_ids,
        summary.movie_ids,
        time=arrays.get("time"),
        scale=summary.scale,
        titles=summary.titles,
        genres=summary.genres,
        noun=summary.noun,
        name=summary.name,
        characteristics=table and {name: np.array(values, dtype=object) for name, values in table.items()},
    )
    return Split(ratings, held_out, **_checked_split(meta["split"]))


def _checked_split(values: Mapping[str, Any]) -> dict[str, Any]:
    """What a split is made with; files of before there were kinds have a share and a seed."""
    if values.get("kind", "random") not in KINDS:
        raise ValueError(f"there is no hold-out {values['kind']}")
    told = values.get("told", TOLD)
    kept = {name: values[name] for name in ("kind", "file") if name in values}
    numbers = {"share": float(values["share"]), "seed": int(values["seed"]), "n": int(values.get("n", 1))}
    return kept | numbers | {"told": None if told is None else int(told)}
