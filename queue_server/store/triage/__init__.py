"""What the triage advised, as numbers by day."""
