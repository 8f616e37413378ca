"""Pictures of the same cells side by side: one view, one crosshair, shared axes, a colour bar for each scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, QSizeF, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QWidget

from alsgui.text import tr
from alsgui.ui import theme
from alsgui.ui.widgets import export, paint
from alsgui.ui.widgets.colorbar import ColorBar
from alsgui.ui.widgets.heatmap import Heatmap
from alsgui.ui.widgets.image import ColorMap
from alsgui.ui.widgets.plot import Plot, PlotSheet

TITLE, TICKS, SPACE, LEFT, BAR_WIDTH, BAR_GAP = 23, 22, 12, 58, 56, 9
MOST_PANELS = 3


@dataclass(frozen=True)
class PanelSpec:
    """One picture of a sheet.

    Parameters
    ----------
    symbol, words
        Written above it.
    name
        Accessible name, and its name in exports.
    colormap
        "viridis" for values, "diverging" for errors.
    bar
        Whether a colour bar follows; pictures before it without one share it.
    """

    symbol: str
    words: str
    name: str
    colormap: ColorMap = "viridis"
    bar: bool = True


class AxisTitle(Plot):
    """Title of the axis that all pictures share."""

    smallest = (40, 16)

    def __init__(self) -> None:
        super().__init__(tr("Columns"))
        self._words = ""
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def set_words(self, words: str) -> None:
        """Show a title."""
        self._words = words
        self.setAccessibleDescription(words)
        self.setToolTip(words)
        self.update()

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(theme.px(200), theme.px(17))

    def numbers_csv(self) -> str:
        """The words."""
        return export.csv_text([[self._words]])

    def draw(self, painter: QPainter, size: QSizeF) -> None:
        """Draw the words."""
        paint.put(painter, size.width() / 2, size.height() / 2, self._words, align="center", width=size.width())


class PanelPicture(PlotSheet):
    """Up to three heatmaps of the same rows and columns.

    Connect `tile_wanted` of each of `panels`, then call `set_panels` and `set_shape`.

    Signals
    -------
    clicked(int, int)
        Row and column that were chosen in any of them.
    hovered(int, int)
        Row and column under the cursor; -1, -1 when it left.

    Attributes
    ----------
    panels, bars
        Three heatmaps with the colour bar behind each; those that are not used are hidden.
    """

    clicked = Signal(int, int)
    hovered = Signal(int, int)

    def __init__(self, name: str = "Pictures side by side", parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self.panels = [Heatmap(tr("Picture {n}", n=n + 1)) for n in range(MOST_PANELS)]
        self.bars = [ColorBar(name=tr("Colours of picture {n}", n=n + 1)) for n in range(MOST_PANELS)]
        self.axis_title = AxisTitle()
        self._n_shown = 0
        self._following = False
        for at, (heatmap, bar) in enumerate(zip(self.panels, self.bars, strict=True)):
            heatmap.setParent(self)
            bar.setParent(self)
            heatmap.show_row_axis(at == 0)
            bar.set_margins(TITLE, TICKS)
            heatmap.view_changed.connect(self._follow)
            heatmap.clicked.connect(self._choose)
            heatmap.hovered.connect(self.hovered)
        self.axis_title.setParent(self)
        self.restyle()

    def shown(self) -> list[Heatmap]:
        """The heatmaps in use."""
        return self.panels[: self._n_shown]

    def set_panels(self, specs: Sequence[PanelSpec]) -> None:
        """Show so many pictures under these titles."""
        self._n_shown = len(specs)
        for at, (heatmap, bar) in enumerate(zip(self.panels, self.bars, strict=True)):
            used = at < len(specs)
            heatmap.setVisible(used)
            bar.setVisible(used and specs[at].bar)
            gap = BAR_GAP if not bar.isHidden() else 0
            heatmap.set_margins(LEFT if at == 0 else SPACE, TITLE, gap, TICKS)
            if used:
                spec = specs[at]
                heatmap.setAccessibleName(spec.name)
                heatmap.set_title(spec.symbol, spec.words)
                heatmap.set_colormap(spec.colormap)
                bar.set_colormap(spec.colormap)
        self._arrange()

    def set_shape(self, n_rows: int, n_columns: int) -> None:
        """Begin with another matrix: all of it in view, nothing known yet."""
        for heatmap in self.panels:
            heatmap.set_shape(n_rows, n_columns)

    def set_limits(self, at: int, low: float, high: float) -> None:
        """Fix the ends of the colours of one picture."""
        self.panels[at].set_limits(low, high)
        self.bars[at].set_limits(low, high)

    @Slot(object, object)
    def set_crosshair(self, row: int | None, column: int | None) -> None:
        """Point at a cell in all pictures."""
        for heatmap in self.panels:
            heatmap.set_crosshair(row, column)

    def refresh(self) -> None:
        """Ask for all tiles again."""
        for heatmap in self.shown():
            heatmap.refresh()

    def restyle(self) -> None:
        """Take the text size of the theme."""
        self._arrange()
        super().restyle()

    def sizeHint(self) -> QSize:
        """Room for three pictures."""
        return QSize(theme.px(780), theme.px(420))

    def minimumSizeHint(self) -> QSize:
        """Room in which something can be seen of each."""
        return QSize(theme.px(LEFT + MOST_PANELS * 60 + 2 * BAR_WIDTH), theme.px(160))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new room."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Give each picture as many pixels as the others; the first has the row axis beside its own."""
        low = theme.px(17)
        height, bar_width = max(self.height() - low, 1), theme.px(BAR_WIDTH)
        self.axis_title.setGeometry(0, height, self.width(), low)
        with_bar = [not bar.isHidden() for bar in self.bars[: self._n_shown]]
        margins = [
            theme.px(LEFT if at == 0 else SPACE) + (theme.px(BAR_GAP) if has_bar else 0)
            for at, has_bar in enumerate(with_bar)
        ]
        room = self.width() - sum(margins) - bar_width * sum(with_bar)
        each = max(room // max(self._n_shown, 1), 1)
        left = 0
        for at, has_bar in enumerate(with_bar):
            self.panels[at].setGeometry(left, 0, each + margins[at], height)
            left += each + margins[at]
            if has_bar:
                self.bars[at].setGeometry(left, 0, bar_width, height)
                left += bar_width

    @Slot(float, float, float, float)
    def _follow(self, row_start: float, row_stop: float, column_start: float, column_stop: float) -> None:
        if self._following:
            return
        self._following = True
        for heatmap in self.panels:
            if heatmap is not self.sender():
                heatmap.set_view(row_start, row_stop, column_start, column_stop)
        self._following = False

    @Slot(int, int)
    def _choose(self, row: int, column: int) -> None:
        self.set_crosshair(row, column)
        self.clicked.emit(row, column)
