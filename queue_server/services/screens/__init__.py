"""Every snapshot that a screen shows."""
