"""Train: settings, the live curve, the runs."""
