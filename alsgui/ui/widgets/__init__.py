"""Widgets that know no session: they take numbers and words, and emit signals."""
