"""Pages about the second factor: asking for it at the sign-in, adding it, taking it away."""
