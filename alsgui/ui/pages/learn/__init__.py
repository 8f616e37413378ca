"""Learn: the chapter worked by hand."""
