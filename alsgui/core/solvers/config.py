"""Settings of the algorithms. Light to import: no solver is loaded here."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, fields, replace
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

from alsgui.core.errors import ConfigError
from alsgui.text import tr

if TYPE_CHECKING:
    from alsgui.core.ratings import Ratings

Fill = Literal["refuse", "zero", "mean"]

MOST_ATTRIBUTES = 512


@dataclass(frozen=True, kw_only=True)
class Config:
    """What every algorithm has to be told.

    Parameters
    ----------
    k
        Number of attributes K.
    lambda_u, lambda_m
        Ridge on users and movies; None takes the default for the data, a multiple of the ratings' spread.
    epochs
        At most so many; one epoch solves all users, then all movies.
    tolerance
        Stop when the loss falls by less than this share in one epoch; 0 never stops early.
    patience
        Stop when the hold-out RMSE has not improved for so many epochs, and keep the best; None never does.
    seed
        Of the random start.
    dtype
        How factors are stored: "float32" or "float64". Sums are in float64 either way.
    closing
        Solve the users once more at the end, so that kept u and m belong together.
    threads
        Row blocks solved at a time; None takes every core. The result has the same bits at any number.
    """

    algorithm: ClassVar[str]
    title: ClassVar[str]
    summary: ClassVar[str]
    formula: ClassVar[str]

    k: int = 20
    lambda_u: float | None = None
    lambda_m: float | None = None
    epochs: int = 20
    tolerance: float = 1e-5
    patience: int | None = None
    seed: int = 0
    dtype: str = "float32"
    closing: bool = True
    threads: int | None = None

    def __post_init__(self) -> None:
        self._check("k", 0, MOST_ATTRIBUTES, whole=True)
        self._check("epochs", 1, 100_000, whole=True)
        for name in ("lambda_u", "lambda_m"):
            if getattr(self, name) is not None:
                self._check(name, 0, 1e12)
        self._check("tolerance", 0, 1)
        if self.patience is not None:
            self._check("patience", 1, 100_000, whole=True)
        self._check("seed", 0, 2**63 - 1, whole=True)
        if self.threads is not None:
            self._check("threads", 1, 1024, whole=True)
        if self.dtype not in ("float32", "float64"):
            raise ConfigError(tr("dtype is {dtype}.", dtype=self.dtype), tr("Use float32 or float64."))

    def _check(self, name: str, low: float, high: float, *, whole: bool = False) -> None:
        value = getattr(self, name)
        is_number = isinstance(value, Integral if whole else Real)
        if not (is_number and low <= value <= high):  # the comparison also catches NaN
            raise ConfigError(
                tr("{name} is {value}.", name=name, value=value),
                tr("Use a whole number from {low:g} to {high:g}." if whole else "Use {low:g} to {high:g}.",
                   low=low, high=high),
            )  # fmt: skip

    def resolved(self, ratings: Ratings) -> Self:
        """The same settings with every None that depends on the data filled in."""
        usual = self.usual_lambda(ratings)
        return replace(
            self,
            lambda_u=usual if self.lambda_u is None else self.lambda_u,
            lambda_m=usual if self.lambda_m is None else self.lambda_m,
        )

    def usual_lambda(self, ratings: Ratings) -> float:
        """The default ridge for these ratings."""
        raise NotImplementedError

    @property
    def penalties(self) -> tuple[float, float]:
        """lambda_u and lambda_m, resolved."""
        if self.lambda_u is None or self.lambda_m is None:
            raise ConfigError(tr("lambda is not known yet."), tr("Call resolved(ratings) first."))
        return self.lambda_u, self.lambda_m

    def to_json(self) -> dict[str, Any]:
        """Plain values with the algorithm's name, for model files and recipes."""
        return {"algorithm": self.algorithm, **asdict(self)}


@dataclass(frozen=True, kw_only=True)
class ObservedConfig(Config):
    """Settings of `observed`: fits only the ratings that exist.

    Parameters
    ----------
    lambda_bias
        Ridge on the biases, never scaled by counts.
    lambda_power
        Power p of the row's count n that multiplies its ridge: 0 plain, 1 ALS-WR (Zhou et al. 2008).
    biases
        Whether users and movies have a bias beside the mean; without, r = u^T m as in the text-book.
    """

    algorithm: ClassVar[str] = "observed"
    title: ClassVar[str] = "Observed ALS"
    summary: ClassVar[str] = "Fits only the ratings that exist. The usual choice for stars with holes."
    formula: ClassVar[str] = "L = Σ (y − r)² + λu Σ nᵖ|u|² + λm Σ nᵖ|m|² + λb (Σ b² + Σ c²)"

    lambda_bias: float = 4.0
    lambda_power: float = 0.5
    biases: bool = True

    def __post_init__(self) -> None:
        super().__post_init__()
        self._check("lambda_bias", 0, 1e12)
        self._check("lambda_power", 0, 2)

    def usual_lambda(self, ratings: Ratings) -> float:
        """What cross-validation chose (see the docs), in spreads of the ratings: 1.25 at p = 0.5, 12.5 at 0."""
        return 12.5 * math.pow(100, -self.lambda_power) * ratings.spread


@dataclass(frozen=True, kw_only=True)
class RidgeConfig(Config):
    """Settings of `ridge`: the text-book's L over all cells.

    Parameters
    ----------
    fill
        What stands for a missing rating: "refuse" (an error), "zero", or "mean" (the movie's mean).
    """

    algorithm: ClassVar[str] = "ridge"
    title: ClassVar[str] = "Text-book ridge"
    summary: ClassVar[str] = "The chapter's loss over all cells of y. Needs a value in every cell."
    formula: ClassVar[str] = "L = Σ (y − uᵀm)² + λu Σ |u|² + λm Σ |m|²"

    fill: Fill = "refuse"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.fill not in ("refuse", "zero", "mean"):
            raise ConfigError(tr("fill is {fill}.", fill=self.fill), tr("Use refuse, zero or mean."))

    def usual_lambda(self, ratings: Ratings) -> float:
        """A tenth of the spread: enough to keep every row's equations regular."""
        return 0.1 * ratings.spread


CONFIGS: dict[str, type[Config]] = {config.algorithm: config for config in (ObservedConfig, RidgeConfig)}
"""Every algorithm by name."""


def make_config(algorithm: str = "observed", **settings: Any) -> Config:
    """Settings of one algorithm by name; unknown names and settings are refused with what there is.

    Raises
    ------
    ConfigError
        When the algorithm or a setting does not exist, or a value is out of range.
    """
    if algorithm not in CONFIGS:
        raise ConfigError(
            tr("There is no algorithm {name}.", name=algorithm),
            tr("Use {names}.", names=", ".join(CONFIGS)),
        )
    kind = CONFIGS[algorithm]
    known = {field.name for field in fields(kind)}
    unknown = sorted(set(settings) - known)
    if unknown:
        raise ConfigError(
            tr("{algorithm} has no setting {names}.", algorithm=algorithm, names=", ".join(unknown)),
            tr("It has {names}.", names=", ".join(sorted(known))),
        )
    return kind(**settings)


def config_from_json(values: dict[str, Any]) -> Config:
    """Inverse of `Config.to_json`."""
    settings = dict(values)
    return make_config(settings.pop("algorithm"), **settings)
