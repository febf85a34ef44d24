"""Many offices at once: which of them needs a hand first."""
