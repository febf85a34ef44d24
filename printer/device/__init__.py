"""The printer itself: how it is reached, what it can do and how it is."""
