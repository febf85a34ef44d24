"""Files to keep: calendar and slip."""
