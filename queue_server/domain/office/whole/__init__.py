"""An office as one thing: what makes it sound, and how it stands in a file."""
