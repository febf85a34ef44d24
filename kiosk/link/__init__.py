"""Whether the server answers, what it offers, and what time it is without it."""
