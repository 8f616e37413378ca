"""The menu that takes the plots of a view along, each by its own submenu where there are several."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget

from alsgui.ui.widgets.plot import Plot, PlotSheet


def plots_menu(view: QWidget) -> QMenu:
    """Menu of every plot in sight in a view; sheets stand for the plots inside them."""
    sheets = [sheet for sheet in view.findChildren(PlotSheet) if sheet.isVisibleTo(view)]
    inside = {plot for sheet in sheets for plot in sheet.plots()}
    seen = [plot for plot in view.findChildren(Plot) if plot.isVisibleTo(view) and plot not in (*sheets, *inside)]
    plots = [*sheets, *seen]
    if len(plots) == 1:
        return plots[0].export_menu()
    menu = QMenu(view)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for plot in plots:
        part = plot.export_menu()
        part.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)  # it goes with the menu that it is part of
        part.setParent(menu, part.windowFlags())
        part.setTitle(plot.accessibleName())
        menu.addMenu(part)
    return menu
