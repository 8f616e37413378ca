"""The peers' conventions by name: each takes the peer's own option names and returns keyword arguments of `alsgui.fit`.

>>> import alsgui
>>> alsgui.fit(ratings, **alsgui.presets.r_als(normS=1), k=2, init=(u0, m0))
"""

from __future__ import annotations

from typing import Any

Keywords = dict[str, Any]


def r_als(
    *,
    thresh: float = 0.001,
    maxiter: int = 100,
    forcemaxiter: bool = False,
    optS1st: bool = True,  # noqa: N803 - R's own names
    nonnegC: bool = True,  # noqa: N803
    nonnegS: bool = True,  # noqa: N803
    normS: float = 0,  # noqa: N803
) -> Keywords:
    """R's `als` of the package ALS 0.0.7: no lambda, movies (S) first, each half-step counts, C are the users.

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
        1 divides each component of S by its largest absolute value, another number above 0 by its length.
    """
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
