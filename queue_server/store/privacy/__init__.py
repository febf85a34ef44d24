"""What the database knows of persons: found, given out, forgotten, and proved to be forgotten."""
