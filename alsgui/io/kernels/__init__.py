"""Compiled loops of the reader: cut text into fields, read numbers and times, give ids their places, sort."""
