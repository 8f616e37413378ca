"""Models of tables: rows without widgets."""
