"""What an office's days come to in figures: read from their events alone."""
