"""The printer itself: connection, capabilities and status."""
