"""Where bytes come from: each source turns a kind of file into UTF-8 text in a known dialect, or into cells."""
