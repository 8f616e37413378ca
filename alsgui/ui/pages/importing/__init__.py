"""The import page: what a file holds and how it will be read, before anything is read."""
