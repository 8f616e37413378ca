"""The pages, one job each, in the order of the work. They know the session, and nothing of one another."""
