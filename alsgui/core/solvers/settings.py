"""What every algorithm has to be told. Light to import: no solver is loaded here."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

from alsgui.core.errors import ConfigError
from alsgui.text import tr

if TYPE_CHECKING:
    from alsgui.core.ratings import Ratings
    from alsgui.core.solvers.factors import Side
    from alsgui.core.solvers.problem import Problem

Fill = Literal["refuse", "zero", "mean"]
Solver = Literal["auto", "exact", "cg"]

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
    init
        How a fit starts, one of `inits`; see `starts`.
    restarts
        Starts from as many seeds (seed, seed + 1, ...), of which `combine` makes one model.
    combine
        "best" keeps the restart with the lowest loss; "average" stacks all as one model whose r is their mean.
    order
        Which side is solved first: "um" or "mu".
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
    inits: ClassVar[tuple[str, ...]] = ("normal",)
    moot: ClassVar[frozenset[str]] = frozenset()
    """Settings of every algorithm that make no difference to this one."""
    predicts_ratings: ClassVar[bool] = True
    """Whether r is in stars, so that RMSE has a meaning."""

    k: int = 20
    lambda_u: float | None = None
    lambda_m: float | None = None
    epochs: int = 20
    tolerance: float = 1e-5
    patience: int | None = None
    seed: int = 0
    init: str = "normal"
    restarts: int = 1
    combine: Literal["best", "average"] = "best"
    order: Literal["um", "mu"] = "um"
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
        self._check("restarts", 1, 1000, whole=True)
        self._check_choice("dtype", "float32", "float64")
        self._check_choice("init", *self.inits)
        self._check_choice("combine", "best", "average")
        self._check_choice("order", "um", "mu")

    def _check(self, name: str, low: float, high: float, *, whole: bool = False) -> None:
        value = getattr(self, name)
        is_number = isinstance(value, Integral if whole else Real)
        if not (is_number and low <= value <= high):  # the comparison also catches NaN
            raise ConfigError(
                tr("{name} is {value}.", name=name, value=value),
                tr("Use a whole number from {low:g} to {high:g}." if whole else "Use {low:g} to {high:g}.",
                   low=low, high=high),
            )  # fmt: skip

    def _check_choice(self, name: str, *choices: str) -> None:
        if getattr(self, name) not in choices:
            raise ConfigError(
                tr("{name} is {value}.", name=name, value=getattr(self, name)),
                tr(
                    "Use {choices}.",
                    choices=tr(" or ").join((", ".join(choices[:-1]), choices[-1])) if choices[1:] else choices[0],
                ),
            )

    def problem(self, training: Ratings) -> Problem:
        """The rows and the loss of this algorithm on training ratings; the settings are resolved.

        Raises
        ------
        DataError
            When the algorithm cannot take these ratings.
        """
        raise NotImplementedError

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
    def sides(self) -> tuple[Side, Side]:
        """The sides of an epoch in their order."""
        return ("u", "m") if self.order == "um" else ("m", "u")

    @property
    def penalties(self) -> tuple[float, float]:
        """lambda_u and lambda_m, resolved."""
        if self.lambda_u is None or self.lambda_m is None:
            raise ConfigError(tr("lambda is not known yet."), tr("Call resolved(ratings) first."))
        return self.lambda_u, self.lambda_m

    def penalty(self, side: Side) -> float:
        """lambda of one side, resolved."""
        return self.penalties[0 if side == "u" else 1]

    def to_json(self) -> dict[str, Any]:
        """Plain values with the algorithm's name, for model files and recipes."""
        return {"algorithm": self.algorithm, **asdict(self)}
