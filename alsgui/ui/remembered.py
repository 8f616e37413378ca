"""Size and look of the window, kept from one time to the next."""

from __future__ import annotations

from contextlib import suppress

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QWidget

from alsgui.ui import theme


class RememberedLook:
    """Geometry of a window, light or dark, text size and contrast, in the user's settings."""

    def __init__(self) -> None:
        self._settings = QSettings("alsgui", "alsgui")

    def keep(self, window: QWidget) -> None:
        """Write what is shown now."""
        look = theme.current()
        self._settings.setValue("geometry", window.saveGeometry())
        self._settings.setValue("mode", look.mode)
        self._settings.setValue("scale", look.scale)
        self._settings.setValue("contrast", look.high_contrast)

    def restore(self, window: QWidget) -> None:
        """Show what was kept; settings are a file that anybody may have edited, so nonsense in it is passed over."""
        look = theme.current()
        geometry = self._settings.value("geometry")
        if isinstance(geometry, QByteArray):
            window.restoreGeometry(geometry)
        mode = str(self._settings.value("mode", "system"))
        look.set_mode("dark" if mode == "dark" else "light" if mode == "light" else "system")
        with suppress(ValueError):
            look.set_scale(float(str(self._settings.value("scale", 1.0))))
        look.set_high_contrast(str(self._settings.value("contrast", "false")).casefold() == "true")
