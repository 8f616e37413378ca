"""Every setting of every algorithm in words: what the window and the command line show of it, written down once.

Which settings an algorithm has comes from the fields of its `Config`; this table says how each is called and asked for.
Texts may hold {noun} and {nouns}: what a column of the ratings is called. Light to import.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType
from typing import Any, Literal

from alsgui.core.solvers.config import MOST_ATTRIBUTES, Config
from alsgui.text import tr

Value = str | float
Place = Literal["main", "course", "advanced"]
"""What shapes the result, how long a fit goes on, and what is folded away."""

LARGEST_SEED = 2**53
"""Whole numbers up to here are exact in a field."""


@dataclass(frozen=True)
class Number:
    """Asked for as a number from `low` to `high`.

    `step` is added by the Up key, `factor` multiplies instead. `none` is the number that is shown for None and means
    it; None where None is a number that follows the data.
    """

    low: float
    high: float
    whole: bool = False
    step: float = 1.0
    factor: float | None = None
    none: float | None = None


@dataclass(frozen=True)
class Choice:
    """Asked for as one of a few values, each with its word; `notes` explain values further.

    `side_by_side` shows all at once.
    """

    words: Mapping[Value, str]
    notes: Mapping[Value, str] = field(default_factory=lambda: MappingProxyType({}))
    side_by_side: bool = False


@dataclass(frozen=True)
class Switch:
    """Asked for as on or off."""


Control = Number | Choice | Switch


@dataclass(frozen=True)
class Option:
    """One setting in words.

    Parameters
    ----------
    name
        Of the field of `Config`.
    title, explanation
        A few words, and a sentence.
    control
        How it is asked for.
    place
        Where it stands.
    symbol
        Its letter, which may hold <sub> and <sup>; empty where it has none.
    unit
        Of its number; empty for a bare number.
    formula
        More about it, with the formula in which it stands.
    """

    name: str
    title: str
    explanation: str
    control: Control
    place: Place = "advanced"
    symbol: str = ""
    unit: str = ""
    formula: str = ""


_LAMBDA = Number(0, 1e12, factor=1.25)
_STARS = tr("stars")
_INITS: dict[Value, str] = {
    "normal": tr("normal"), "small": tr("small"), "uniform": tr("uniform"), "svd": tr("SVD"),
    "means": tr("movie means"), "unit": tr("unit rows"), "nndsvd": tr("NNDSVD"), "nndsvda": tr("NNDSVDa"),
    "random": tr("absolute normal"), "orthonormal": tr("orthonormal"),
}  # fmt: skip
_INIT_NOTES: dict[Value, str] = {
    "normal": tr("Random normal numbers, scaled to the ratings."),
    "small": tr("Random numbers from 0 to 0.01."),
    "uniform": tr("Random numbers from 0 up."),
    "svd": tr("The SVD of the ratings less their mean and biases."),
    "means": tr("The first attribute is each {noun}'s mean, the others are random."),
    "unit": tr("Random rows of length 1."),
    "nndsvd": tr("The non-negative halves of the SVD; zeros stay zero."),
    "nndsvda": tr("The non-negative halves of the SVD; zeros become the mean."),
    "random": tr("Absolute values of random normal numbers, scaled to the ratings."),
    "orthonormal": tr("Users along random axes at right angles, {nouns} at zero."),
}

OPTIONS: tuple[Option, ...] = (
    Option(
        "k", tr("Attributes"), tr("Numbers kept per user and {noun}. More fit finer taste, and overfit sooner."),
        Number(1, MOST_ATTRIBUTES, whole=True), "main", "K",
        formula=tr("u is K × N, m is K × M; a prediction is r = uᵀm, with mean and biases where there are any."),
    ),
    Option(
        "lambda_u", tr("Ridge on users"), tr("Pulls each user towards the mean. Larger is smoother."), _LAMBDA,
        "main", "λ<sub>u</sub>", _STARS,
        tr("The loss has λᵤ Σ |uᵢ|². The default is a multiple of the spread of the ratings."),
    ),
    Option(
        "lambda_m", tr("Ridge on {nouns}"), tr("The same for {nouns}."), _LAMBDA, "main", "λ<sub>m</sub>", _STARS,
        tr("The loss has λₘ Σ |mⱼ|². The default is a multiple of the spread of the ratings."),
    ),
    Option(
        "lambda_power", tr("λ × count"), tr("A row with n ratings gets λ n to this power."),
        Choice({0.0: tr("none"), 0.5: "√n", 1.0: "n"}, {
            0.0: tr("Every user and {noun} is held back alike."),
            0.5: tr("A row with n ratings gets λ √n: between the two."),
            1.0: tr("A row with n ratings gets λ n."),
        }, side_by_side=True), "main",
        formula=tr("λ nᵖ with n the ratings of the row: p = 0, ½ or 1. With p = 1 it is ALS-WR (Zhou et al. 2008)."),
    ),
    Option(
        "method", tr("Method"), tr("How a half-step goes down."),
        Choice({"cd": tr("coordinates"), "mu": tr("multiplicative")}, {
            "cd": tr("One attribute after the other, each exactly."),
            "mu": tr("All at once by a factor: slower, never below zero."),
        }), "main", formula=tr("Coordinate descent, or the multiplicative updates of Lee and Seung (2001)."),
    ),
    Option(
        "alpha_w", tr("Penalty on users"), tr("Holds user weights back; 0 does not."), Number(0, 1e12, factor=1.25),
        "main", "α<sub>W</sub>", formula=tr("Multiplied by the number of columns M, as scikit-learn does."),
    ),
    Option(
        "alpha_h", tr("Penalty on {nouns}"), tr("Holds loadings back; 0 does not."), Number(0, 1e12, factor=1.25),
        "main", "α<sub>H</sub>", formula=tr("Multiplied by the number of rows N, as scikit-learn does."),
    ),
    Option(
        "l1_ratio", tr("Share of L1"), tr("1 makes zeros, 0 makes small numbers."), Number(0, 1, step=0.1), "main",
        formula=tr("The penalty is l1 |x| + (1 − l1) x² / 2."),
    ),
    Option(
        "alpha", tr("Confidence"), tr("How much more a stored value counts than a missing one."),
        Number(0, 1e9, factor=1.25), "main", "α", formula=tr("c = base + α where something happened."),
    ),
    Option(
        "confidence", tr("Counts"), tr("What a stored value says."),
        Choice({"event": tr("events"), "value": tr("values")}, {
            "event": tr("What happened counts the same, whatever its value."),
            "value": tr("Larger values count more: c = base + α |y|."),
        }, side_by_side=True), "main", formula=tr("c = base + α, or c = base + α |y|; a value below 0 is a no."),
    ),
    Option(
        "biases", tr("User and {noun} biases"), tr("Some rate higher than others, whatever their taste."), Switch(),
        "main", formula=tr("r = μ + bᵢ + cⱼ + uᵢᵀmⱼ; without, r = uᵀm as in the text-book."),
    ),
    Option(
        "cells", tr("Learns from"), tr("Which cells of y count."),
        Choice({"observed": tr("ratings"), "all": tr("all cells")}, side_by_side=True), "main",
    ),
    Option(
        "fill", tr("Missing"), tr("What stands for a missing rating."),
        Choice({"refuse": tr("Refuse"), "zero": tr("0"), "mean": tr("Mean of the {noun}")}), "main",
        formula=tr("The text-book's loss runs over all cells. What stands for a missing rating changes the result."),
    ),
    Option(
        "free", tr("May be negative"), tr("A side whose numbers may go below zero."),
        Choice({"none": tr("none"), "u": "u", "m": "m", "both": tr("both")}, {
            "none": tr("Attributes only add up."),
            "both": tr("Plain least squares."),
        }),
    ),
    Option(
        "epochs", tr("Epochs"), tr("One epoch solves all users, then all {nouns}."),
        Number(1, 100_000, whole=True), "course", "T",
        formula=tr("The fit ends after T epochs at the latest; then u is solved once more for the m that is kept."),
    ),
    Option(
        "tolerance", tr("Tolerance"), tr("Stop when the loss falls by less than this share."),
        Number(0, 1, factor=10), "course", "ε",
        formula=tr("Stop when L(t − 1) − L(t) ≤ ε L(t − 1). With 0 all epochs are done."),
    ),
    Option(
        "seed", tr("Seed"), tr("Of the random start."), Number(0, LARGEST_SEED, whole=True),
        formula=tr("The same seed, data and settings give the same bits, at any number of threads."),
    ),
    Option(
        "init", tr("Start"), tr("How u and m begin."), Choice(_INITS, _INIT_NOTES),
        formula=tr("Another start can end in another minimum; near the end they hardly differ."),
    ),
    Option(
        "restarts", tr("Restarts"), tr("Fits from so many seeds, one after the other."), Number(1, 1000, whole=True),
        formula=tr("Seeds are seed, seed + 1, and so on; `combine` makes one model of them."),
    ),
    Option(
        "combine", tr("Combine"), tr("What becomes of the restarts."),
        Choice({"best": tr("best"), "average": tr("average")}, {
            "best": tr("The one with the lowest loss is kept."),
            "average": tr("All stay: predictions are their mean."),
        }, side_by_side=True),
    ),
    Option(
        "order", tr("Order"), tr("The side that an epoch solves first."),
        Choice({"um": tr("u, m"), "mu": tr("m, u")}, side_by_side=True),
    ),
    Option(
        "lambda_bias", tr("Ridge on biases"), tr("Holds back the bias of a {noun} with few ratings."), _LAMBDA,
        symbol="λ<sub>b</sub>", formula=tr("The loss has λb (Σ bᵢ² + Σ cⱼ²), never scaled by counts."),
    ),
    Option(
        "bias_damping", tr("Damped biases"),
        tr("Sets biases beforehand with so many ratings of no error averaged in; -1 solves them with the factors."),
        Number(-1, 1e9, none=-1), unit=tr("ratings"), formula=tr("b = Σ error / (n + damping), held through the fit."),
    ),
    Option(
        "scale_m", tr("Scale m"), tr("After every solve of m, divide each attribute."),
        Choice({"none": tr("no"), "largest": tr("largest"), "length": tr("length")}, {
            "none": tr("m stays as it was solved."),
            "largest": tr("By its largest absolute value."),
            "length": tr("By its Euclidean length."),
        }), formula=tr("normS of R's package ALS."),
    ),
    Option(
        "fall", tr("Least fall"), tr("End after a half-step that lowers the errors by less than this share; -1 never."),
        Number(-1, 1, step=0.001, none=-1), formula=tr("thresh of R's package ALS, which has 0.001."),
    ),
    Option(
        "half_steps", tr("Half-steps"), tr("End after so many half-steps; 0 goes by epochs."),
        Number(0, 1_000_000, whole=True, none=0), formula=tr("maxiter of R's package ALS."),
    ),
    Option(
        "sklearn_tol", tr("scikit-learn's tolerance"),
        tr("End by scikit-learn's rule, when an epoch moves this little of what the first did; -1 never."),
        Number(-1, 1, step=0.0001, none=-1), formula=tr("tol of scikit-learn's NMF, which has 0.0001."),
    ),
    Option(
        "mass", tr("λ goes by"), tr("What the ridge of a row grows with."),
        Choice({"confidence": tr("confidence"), "count": tr("count")}, {
            "confidence": tr("The row's summed confidence over all cells."),
            "count": tr("The row's number of stored preferences, as Spark has it."),
        }, side_by_side=True),
    ),
    Option(
        "base", tr("Base"), tr("Confidence of a stored value of 0."), Number(0, 1e9, step=0.5), symbol="c<sub>0</sub>",
        formula=tr("c = base + α where something happened."),
    ),
    Option(
        "unobserved", tr("Unobserved"), tr("What a cell without a value counts; 0 ignores it."),
        Number(0, 1e6, factor=1.25), symbol="a", formula=tr("Its preference is 0, with confidence a."),
    ),
    Option(
        "solver", tr("Row solver"), tr("How each row is solved."),
        Choice({"auto": tr("auto"), "exact": tr("exact"), "cg": tr("gradients")}, {
            "auto": tr("Exact up to K = 24, conjugate gradients above."),
            "exact": tr("By Cholesky, to the last digit."),
            "cg": tr("Some steps of conjugate gradients: faster for large K."),
        }),
    ),
    Option(
        "cg_steps", tr("Gradient steps"), tr("Steps of conjugate gradients per row."), Number(1, 100, whole=True),
    ),
    Option(
        "accelerate", tr("Accelerate"), tr("Go further than each half-step asks, and back where the loss would rise."),
        Switch(), formula=tr("1.7 times the way of each half-step; no rise is ever accepted."),
    ),
    Option(
        "closing", tr("Closing half-step"), tr("Solve u once more at the end."), Switch(),
        formula=tr("Without it the u and m that are kept do not belong together, and explanations are not exact."),
    ),
    Option(
        "patience", tr("Patience"), tr("Stop after so many epochs without a better hold-out; 0 never does."),
        Number(0, 100_000, whole=True, none=0), unit=tr("epochs"),
        formula=tr("The factors of the best epoch are kept."),
    ),
    Option(
        "threads", tr("Threads"), tr("Row blocks solved at a time; 0 takes every core."),
        Number(0, 1024, whole=True, none=0), formula=tr("The result has the same bits at any number of threads."),
    ),
    Option(
        "dtype", tr("Type"), tr("How factors are stored; sums are in float64."),
        Choice({"float32": "float32", "float64": "float64"}, side_by_side=True),
    ),
)  # fmt: skip
"""Every setting, in the order in which they are shown."""

_POWER_OF_CONFIDENCE: dict[str, Any] = {
    "title": tr("λ × s"),
    "explanation": tr("A row of summed confidence s gets λ s to this power."),
    "control": Choice(
        {0.0: tr("none"), 0.5: "√s", 1.0: "s"},
        {
            0.0: tr("Every user and {noun} is held back alike."),
            0.5: tr("A row of summed confidence s gets λ √s."),
            1.0: tr("A row of summed confidence s gets λ s."),
        },
        side_by_side=True,
    ),
    "formula": tr("λ sᵠ with s the row's confidence over all cells (Rendle et al. 2021 find q = 1 serves)."),
}
_PLAIN_RIDGE = {
    "unit": "",
    "explanation": tr("Pulls each user towards 0. Larger is smoother."),
    "formula": tr("The loss has λᵤ Σ sᵠ |uᵢ|²."),
}
OTHERWISE: Mapping[tuple[str, str], Mapping[str, Any]] = {
    ("implicit", "lambda_power"): _POWER_OF_CONFIDENCE,
    ("nmf", "alpha_h"): {"explanation": tr("Holds loadings back; empty takes that of users.")},
    ("implicit", "lambda_u"): _PLAIN_RIDGE,
    ("implicit", "lambda_m"): {"unit": "", "formula": tr("The loss has λₘ Σ sᵠ |mⱼ|².")},
}
"""What an algorithm calls otherwise: (algorithm, field) -> fields of `Option`."""


def options_of(kind: type[Config]) -> list[Option]:
    """The settings that an algorithm has, in the order in which they are shown."""
    known = {each.name for each in fields(kind)} - kind.moot
    return [
        replace(option, **OTHERWISE.get((kind.algorithm, option.name), {}))
        for option in OPTIONS
        if option.name in known
    ]


def applies(option: Option, config: Config) -> bool:
    """Whether a setting that the algorithm has makes a difference beside the others."""
    others: dict[str, bool] = {
        "lambda_bias": getattr(config, "biases", True) and getattr(config, "bias_damping", None) is None,
        "bias_damping": getattr(config, "biases", True),
        "combine": config.restarts > 1,
        "cg_steps": getattr(config, "solver", "cg") != "exact",
        "l1_ratio": bool(getattr(config, "alpha_w", 0) or getattr(config, "alpha_h", 0)),
    }
    return hasattr(config, option.name) and others.get(option.name, True)


def choices(option: Option, kind: type[Config]) -> Mapping[Value, str]:
    """The values that an algorithm allows for a choice, with their words; empty for other controls."""
    if not isinstance(option.control, Choice):
        return {}
    words = option.control.words
    return {name: words.get(name, name) for name in kind.inits} if option.name == "init" else words
