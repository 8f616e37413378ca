"""Files in, files out: reading ratings, the sample, exports and model files."""
