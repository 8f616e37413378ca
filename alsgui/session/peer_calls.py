"""A run as the call of another program that does the same: R's package ALS, or scikit-learn's NMF."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alsgui.core.solvers.config import NmfConfig, NonnegativeConfig
from alsgui.text import tr

if TYPE_CHECKING:
    from alsgui.session.state import Run, State

PEERS = {"r": "R", "sklearn": "scikit-learn"}

_NORM_S = {"none": "0", "largest": "1", "length": "2"}
_FREE = {"none": ("TRUE", "TRUE"), "u": ("FALSE", "TRUE"), "m": ("TRUE", "FALSE"), "both": ("FALSE", "FALSE")}


def why_no_peer(state: State, peer: str) -> str:
    """Why the shown run cannot be written so; empty when it can."""
    run = state.current_run
    if run is None or run.model is None or state.phase == "fitting":
        return tr("No finished run yet.")
    kind, program = (NonnegativeConfig, tr("R's ALS")) if peer == "r" else (NmfConfig, tr("scikit-learn's NMF"))
    if not isinstance(run.config, kind):
        return tr("{program} has no {title}; it is for {own}.", program=program, title=run.config.title, own=kind.title)
    if peer == "r" and (run.config.lambda_u or run.config.lambda_m):
        return tr("{program} has no λ.", program=program)
    if not run.split.training.complete:
        return tr("{program} takes no missing ratings.", program=program)
    return ""


def as_peer(run: Run, peer: str) -> str:
    """The lines; u and m are called as the program calls them."""
    return _as_r(run) if peer == "r" else _as_sklearn(run)


def _as_r(run: Run) -> str:
    config = run.config
    assert isinstance(config, NonnegativeConfig)
    non_c, non_s = _FREE[config.free]
    made = config.half_steps if config.half_steps is not None else 2 * config.epochs
    ends = "FALSE" if config.fall is not None else "TRUE"
    thresh = f"{config.fall:g}" if config.fall is not None else "0.001"
    return "\n".join(
        (
            "library(ALS)",
            "# y: matrix of users x movies. C are the users (u transposed), S the movies (m transposed).",
            "# The start is of R's own random numbers, not of ours.",
            f"set.seed({config.seed})",
            f"K <- {config.k}",
            "C0 <- matrix(abs(rnorm(nrow(y) * K)), nrow(y), K)",
            "S0 <- matrix(abs(rnorm(ncol(y) * K)), ncol(y), K)",
            "fit <- als(CList = list(C0), PsiList = list(y), S = S0,",
            f"           thresh = {thresh}, maxiter = {made}, forcemaxiter = {ends},",
            f"           optS1st = {'TRUE' if config.order == 'mu' else 'FALSE'},",
            f"           nonnegC = {non_c}, nonnegS = {non_s}, normS = {_NORM_S[config.scale_m]})",
            "u <- t(fit$CList[[1]]); m <- t(fit$S)",
            "",
        )
    )


def _as_sklearn(run: Run) -> str:
    config = run.config
    assert isinstance(config, NmfConfig)
    alpha_h = '"same"' if config.alpha_h is None else repr(config.alpha_h)
    init = repr(config.init if config.init in ("nndsvd", "nndsvda") else "random")
    return "\n".join(
        (
            "from sklearn.decomposition import NMF",
            "",
            "# y: array of users x movies. W is u transposed, H is m.",
            f"model = NMF(n_components={config.k}, init={init}, solver={config.method!r}, tol={config.tolerance!r},",
            f"            max_iter={config.epochs}, random_state={config.seed}, alpha_W={config.alpha_w!r},",
            f"            alpha_H={alpha_h}, l1_ratio={config.l1_ratio!r})",
            "W = model.fit_transform(y)",
            "u, m = W.T, model.components_",
            "",
        )
    )
