"""Managers' view of what kiosks hold in case the server cannot be reached."""
