"""Work off the GUI thread: one heavy job with progress, pause and cancel; light work of which the newest counts."""
