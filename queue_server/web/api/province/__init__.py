"""Many offices at once: how each stands, and one change for all of them."""
