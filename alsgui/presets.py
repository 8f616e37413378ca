"""The peers' conventions by name: each takes the peer's own option names and returns keyword arguments of `alsgui.fit`.

>>> import alsgui
>>> alsgui.fit(ratings, **alsgui.presets.r_als(normS=1), k=2, init=(u0, m0))

Options of a peer that cannot be imitated are refused with the reason, never ignored. Unless a preset says otherwise,
half-steps are as plain as the peer's: no acceleration, no closing half-step, no stopping of ours.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from alsgui.core.errors import ConfigError
from alsgui.text import tr

Keywords = dict[str, Any]

_PLAIN: Keywords = {"tolerance": 0.0, "closing": False}
_PLAIN_ROWS: Keywords = {**_PLAIN, "accelerate": False, "solver": "exact"}


def r_als(
    *,
    thresh: float = 0.001,
    maxiter: int = 100,
    forcemaxiter: bool = False,
    optS1st: bool = True,  # noqa: N803 - R's own names
    nonnegC: bool = True,  # noqa: N803
    nonnegS: bool = True,  # noqa: N803
    normS: float = 0,  # noqa: N803
    WList: Sequence[Any] = (),  # noqa: N803
    fixed: Sequence[Any] = (),
    uniC: bool = False,  # noqa: N803
    uniS: bool = False,  # noqa: N803
    closureC: Sequence[Any] = (),  # noqa: N803
    baseline: bool = False,
    x: Any = None,
    x2: Any = None,
) -> Keywords:
    """R's `als` of the package ALS 0.0.7: no lambda, movies (S) first, each half-step counts, C are the users.

    `CList` and `S` go to `fit` as init, `PsiList` as the ratings.

    Parameters
    ----------
    thresh
        Ends when the squared errors fall by at most this share in a half-step.
    maxiter
        Half-steps at most.
    forcemaxiter
        Whether all of them are made.
    optS1st
        Whether S (movies) is solved first.
    nonnegC, nonnegS
        Whether C (users) and S (movies) stay at 0 or above.
    normS
        1 divides each component of S by its largest absolute value, another number above 0 by its length. C is solved
        once more after the last S then, unless `maxiter` is 1.
    WList, fixed, uniC, uniS, closureC
        Only as R has them by default.
    baseline, x, x2
        Without an effect: R looks at them for unimodality (uniC, uniS) alone.
    """
    del baseline, x, x2
    _refuse("r_als", "WList", list(WList), ([],), tr("a rating counts or is missing; leave those of weight 0 out"))
    _refuse("r_als", "fixed", list(fixed), ([],), tr("no attribute is held at zero here"))
    _refuse("r_als", "uniC", uniC, (False,), tr("rows are solved one by one, and know no neighbours"))
    _refuse("r_als", "uniS", uniS, (False,), tr("rows are solved one by one, and know no neighbours"))
    _refuse("r_als", "closureC", list(closureC), ([],), tr("the sum of a user's weights is free"))
    free = {(True, True): "none", (False, True): "u", (True, False): "m", (False, False): "both"}
    return {
        "algorithm": "nonnegative",
        "lambda_u": 0.0,
        "lambda_m": 0.0,
        "order": "mu" if optS1st else "um",
        "free": free[bool(nonnegC), bool(nonnegS)],
        "scale_m": "none" if normS <= 0 else "largest" if normS == 1 else "length",
        "fall": None if forcemaxiter else thresh,
        "half_steps": maxiter,
        "epochs": maxiter + 2,
        "tolerance": 0.0,
        "closing": False,
        "dtype": "float64",
    }


def textbook(*, lambda_u: float = 0.1, lambda_m: float = 0.1, epochs: int = 20) -> Keywords:
    """The chapter's ridge over all cells: u first, from normal numbers."""
    return {
        **_PLAIN, "algorithm": "ridge", "lambda_u": lambda_u, "lambda_m": lambda_m, "epochs": epochs, "init": "normal",
        "accelerate": False, "fill": "refuse",
    }  # fmt: skip


def sklearn_nmf(
    *,
    n_components: int | None = None,
    init: str | None = None,
    solver: str = "cd",
    beta_loss: str | float = "frobenius",
    tol: float = 1e-4,
    max_iter: int = 200,
    random_state: int | None = None,
    alpha_W: float = 0.0,  # noqa: N803 - scikit-learn's own names
    alpha_H: float | str = "same",  # noqa: N803
    l1_ratio: float = 0.0,
    shuffle: bool = False,
) -> Keywords:
    """scikit-learn's `NMF`: W is u^T, H is m; W first, one pass each; see `NmfConfig`.

    It ends by scikit-learn's own rule, with `tol`; 0 makes `max_iter` passes.
    """
    _refuse("sklearn_nmf", "beta_loss", beta_loss, ("frobenius", 2), tr("ours is the squared error alone"))
    _refuse("sklearn_nmf", "shuffle", shuffle, (False,), tr("coordinates go in their order, so that bits repeat"))
    _refuse(
        "sklearn_nmf",
        "init",
        init,
        (None, "random", "nndsvd", "nndsvda", "custom"),
        tr("zeros are not filled by chance"),
    )
    given = {} if n_components is None else {"k": n_components}
    start = {} if init == "custom" else {"init": init or "nndsvda"}
    return {
        **given, **start, "algorithm": "nmf", "method": solver, "epochs": max_iter, "sklearn_tol": tol,
        "tolerance": 0.0, "closing": False, "seed": random_state or 0, "alpha_w": alpha_W,
        "alpha_h": None if alpha_H == "same" else alpha_H, "l1_ratio": l1_ratio,
    }  # fmt: skip


def spark(
    *,
    rank: int = 10,
    maxIter: int = 10,  # noqa: N803 - Spark's own names
    regParam: float = 0.1,  # noqa: N803
    implicitPrefs: bool = False,  # noqa: N803
    alpha: float = 1.0,
    nonnegative: bool = False,
    seed: int = 0,
) -> Keywords:
    """Spark MLlib's `ALS`: lambda times the row's count, items first, rows of length 1 to start from, no biases."""
    _refuse("spark", "nonnegative", nonnegative, (False,), tr("non-negative rows have no penalty by count here"))
    shared = {
        **_PLAIN_ROWS, "k": rank, "epochs": maxIter, "lambda_u": regParam, "lambda_m": regParam, "lambda_power": 1.0,
        "order": "mu", "init": "unit", "seed": seed,
    }  # fmt: skip
    if implicitPrefs:
        return {**shared, "algorithm": "implicit", "alpha": alpha, "base": 1.0, "confidence": "value", "mass": "count"}
    return {**shared, "algorithm": "observed", "biases": False}


def implicit(
    *,
    factors: int = 100,
    regularization: float = 0.01,
    alpha: float = 1.0,
    iterations: int = 15,
    use_cg: bool = True,
    random_state: int | None = None,
) -> Keywords:
    """The `implicit` package: confidence alpha y where something is stored, 1 elsewhere; plain lambda, 3 CG steps."""
    return {
        **_PLAIN_ROWS, "algorithm": "implicit", "k": factors, "epochs": iterations, "lambda_u": regularization,
        "lambda_m": regularization, "lambda_power": 0.0, "alpha": alpha, "base": 0.0, "confidence": "value",
        "solver": "cg" if use_cg else "exact", "cg_steps": 3, "init": "small", "seed": random_state or 0,
    }  # fmt: skip


def cmfrec(
    *,
    k: int = 40,
    lambda_: float = 10.0,
    niter: int = 10,
    use_cg: bool = True,
    max_cg_steps: int = 3,
    finalize_chol: bool = True,
    user_bias: bool = True,
    item_bias: bool = True,
    center: bool = True,
    scale_lam: bool = False,
    random_state: int = 1,
) -> Keywords:
    """cmfrec's `CMF`: mean and biases, one plain lambda for factors and biases, items first."""
    _refuse("cmfrec", "item_bias", item_bias, (user_bias,), tr("both sides have biases here, or none"))
    _refuse("cmfrec", "center", center, (user_bias,), tr("the mean goes with the biases here"))
    if user_bias:
        _refuse("cmfrec", "scale_lam", scale_lam, (False,), tr("biases are never penalised by count here"))
    return {
        **_PLAIN_ROWS, "algorithm": "observed", "k": k, "epochs": niter, "lambda_u": lambda_, "lambda_m": lambda_,
        "lambda_bias": lambda_, "lambda_power": 1.0 if scale_lam else 0.0, "biases": user_bias, "order": "mu",
        "solver": "cg" if use_cg else "exact", "cg_steps": max_cg_steps, "closing": use_cg and finalize_chol,
        "init": "normal", "seed": random_state,
    }  # fmt: skip


def lenskit(
    *,
    embedding_size: int = 50,
    epochs: int = 10,
    regularization: float = 0.1,
    damping: float = 5.0,
    feedback: str = "explicit",
    weight: float = 40.0,
    seed: int = 0,
) -> Keywords:
    """LensKit's `BiasedMFScorer`: damped biases are taken off first and held; lambda times the count; users first.

    With feedback "implicit", its `ImplicitMFScorer`: every event weighs 1 + `weight`, plain lambda.
    """
    shared = {
        **_PLAIN_ROWS, "k": embedding_size, "epochs": epochs, "lambda_u": regularization, "lambda_m": regularization,
        "init": "normal", "seed": seed,
    }  # fmt: skip
    if feedback == "implicit":
        return {
            **shared,
            "algorithm": "implicit",
            "alpha": weight,
            "base": 1.0,
            "confidence": "event",
            "lambda_power": 0.0,
        }
    return {**shared, "algorithm": "observed", "lambda_power": 1.0, "biases": True, "bias_damping": damping}


def recommenderlab(
    *,
    n_factors: int = 10,
    n_iterations: int = 10,
    lambda_: float = 0.1,
    min_item_nr: int = 1,
    seed: int | None = None,
    normalize: str | None = None,
) -> Keywords:
    """R's recommenderlab, method "ALS" (R's `lambda` is `lambda_` here): ALS-WR, first attribute from movie means."""
    _refuse("recommenderlab", "normalize", normalize, (None,), tr("give normalised ratings instead"))
    _refuse("recommenderlab", "min_item_nr", min_item_nr, (1,), tr("leave movies with fewer ratings out of the file"))
    return zhou2008(n_f=n_factors, lambda_=lambda_, iterations=n_iterations, seed=seed or 0)


def softimpute(
    *, rank_max: int = 2, lambda_: float = 0.0, maxit: int = 100, type: str = "als", thresh: float = 1e-5, seed: int = 0
) -> Keywords:
    """R's softImpute, type "als" (R's `lambda` and `rank.max` are `lambda_` and `rank_max`): EM from orthonormal u.

    `thresh` is a share of the loss here, since softImpute watches the change of the factors' product.
    """
    _refuse("softimpute", "type", type, ("als",), tr("ours alternates; it takes no singular values of the whole"))
    return {
        "algorithm": "em", "k": rank_max, "lambda_u": lambda_, "lambda_m": lambda_, "biases": False, "order": "mu",
        "init": "orthonormal", "epochs": maxit, "tolerance": thresh, "closing": False, "seed": seed,
    }  # fmt: skip


def zhou2008(*, n_f: int = 20, lambda_: float = 0.065, iterations: int = 30, seed: int = 0) -> Keywords:
    """Zhou, Wilkinson, Schreiber and Pan 2008: ALS-WR, lambda times the count, first attribute from movie means."""
    return {
        **_PLAIN_ROWS, "algorithm": "observed", "k": n_f, "epochs": iterations, "lambda_u": lambda_,
        "lambda_m": lambda_, "lambda_power": 1.0, "biases": False, "init": "means", "seed": seed,
    }  # fmt: skip


def _refuse(preset: str, option: str, value: Any, possible: tuple[Any, ...], reason: str) -> None:
    if value not in possible:
        raise ConfigError(
            tr("{preset} cannot take {option} = {value}: {reason}.", preset=preset, option=option, value=value,
               reason=reason),
            tr("Leave it out, or use {possible}.", possible=", ".join(map(repr, possible))),
        )  # fmt: skip


PRESETS: Mapping[str, tuple[Callable[..., Keywords], str]] = {
    "textbook": (textbook, tr("The chapter's loss over all cells, u first.")),
    "r_als": (r_als, tr("R's ALS: non-negative, no lambda, movies first, ends when a half-step gains little.")),
    "sklearn_nmf": (sklearn_nmf, tr("scikit-learn's NMF: non-negative, one pass at a time, over all cells.")),
    "spark": (spark, tr("Spark: lambda times each row's count, items first, no biases.")),
    "implicit": (implicit, tr("implicit: events with confidence alpha times the value, plain lambda.")),
    "cmfrec": (cmfrec, tr("cmfrec: mean and biases, one plain lambda for all, items first.")),
    "lenskit": (lenskit, tr("LensKit: damped biases taken off first, then lambda times the count.")),
    "recommenderlab": (recommenderlab, tr("recommenderlab: lambda times the count, first attribute from movie means.")),
    "softimpute": (softimpute, tr("softImpute: EM with plain lambda, from orthonormal users.")),
    "zhou2008": (zhou2008, tr("ALS-WR as published: lambda times the count, first attribute from movie means.")),
}
"""Every preset: its function, and one line that says what differs."""
