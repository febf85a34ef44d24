"""Messages to visitors."""
