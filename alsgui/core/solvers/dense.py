"""One Cholesky factor that serves all rows of a side."""

from __future__ import annotations

import numpy as np
from scipy import linalg

from alsgui.core.ratings import Floats

_SINGULAR = 1e-11


def factor_of(matrix: Floats) -> tuple[Floats, bool] | None:
    """What `scipy.linalg.cho_solve` takes, or None where a pivot vanishes beside the largest diagonal entry."""
    largest = float(np.max(np.diag(matrix), initial=0.0))
    try:
        factor, lower = linalg.cho_factor(matrix, lower=True, check_finite=False)
    except linalg.LinAlgError:
        return None
    return None if np.any(np.diag(factor) ** 2 <= _SINGULAR * largest) else (factor, lower)
