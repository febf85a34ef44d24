"""The log read for reports: once, in order, and no more of it than the figures need."""
