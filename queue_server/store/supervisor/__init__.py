"""What supervisors see, tell and are told."""
