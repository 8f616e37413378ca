"""Ends of the colours of the pictures: the usual ones, a person's, or those of what is in view."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QObject, Slot

from alsgui.core.factor_view import FactorView
from alsgui.ui.pages.factors.panels import SCALE, Panels
from alsgui.ui.widgets.factor_picture import FactorPicture
from alsgui.ui.widgets.heatmap import Heatmap

Limits = dict[str, tuple[float, float]]
"""Lowest and highest value by scale: "r" (stars), "u", "m", "error", "difference"."""


class Colours(QObject):
    """Limits belong to the view, never to a tile: zoom does not change them.

    Parameters
    ----------
    picture, panels
        Both kinds of pictures.
    is_side_by_side
        Which of them is in view.
    """

    def __init__(self, picture: FactorPicture, panels: Panels, is_side_by_side: Callable[[], bool]) -> None:
        super().__init__(picture)
        self._picture, self._panels, self._is_side_by_side = picture, panels, is_side_by_side
        self._view: FactorView | None = None
        self._fixed: Limits = {}

    def set_view(self, view: FactorView) -> None:
        """Colour another view: by what was fixed, else by its own limits."""
        self._view = view
        self._apply()

    def usual(self) -> Limits:
        """Limits in view as they are without a wish."""
        view = self._view
        if view is None:
            return {}
        if not self._is_side_by_side():
            centred = {"u": view.u_limit, "m": view.m_limit}
            return {"r": view.r_limits} | {side: (-limit, limit) for side, limit in centred.items()}
        usual = {SCALE[key]: self._panels.limits_of(key) for key in self._panels.keys}
        return {scale: (limits.low, limits.high) for scale, limits in usual.items() if limits is not None}

    def limits(self) -> Limits:
        """Limits in view that hold now."""
        return {scale: self._fixed.get(scale, usual) for scale, usual in self.usual().items()}

    @Slot(object)
    def fix(self, limits: Mapping[str, tuple[float, float]]) -> None:
        """Keep these limits, whatever is zoomed or ordered; without any the usual ones hold again."""
        self._fixed = dict(limits)
        self._apply()
        self._panels.set_limits(self._fixed)

    @Slot()
    def fit(self) -> None:
        """Fix the limits at the 2nd and 98th percentile of what is in view."""
        if self._is_side_by_side():
            drawn = [(SCALE[key], at) for key, at in zip(self._panels.keys, self._panels.picture.shown(), strict=False)]
        else:
            drawn = [("u", self._picture.u), ("m", self._picture.m), ("r", self._picture.r)]
        self.fix(fitted(drawn))

    def _apply(self) -> None:
        view = self._view
        if view is not None:
            fixed = self._fixed
            u = fixed.get("u", (0.0, view.u_limit))[1]
            m = fixed.get("m", (0.0, view.m_limit))[1]
            self._picture.set_limits(u, m, fixed.get("r", view.r_limits))


def fitted(drawn: Sequence[tuple[str, Heatmap]]) -> Limits:
    """Limits by scale from what heatmaps show: the widest of those on one scale, zero-centred but for r."""
    found: Limits = {}
    for scale, heatmap in drawn:
        limits = heatmap.visible_limits()
        if limits is None:
            continue
        low, high = limits if scale == "r" else (-max(map(abs, limits)), max(map(abs, limits)))
        before = found.get(scale, (low, high))
        found[scale] = min(before[0], low), max(before[1], high)
    return found
