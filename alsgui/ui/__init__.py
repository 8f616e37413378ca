"""The window: theme, widgets, models, pages, actions."""
