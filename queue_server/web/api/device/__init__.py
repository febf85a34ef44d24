"""What devices ask: pairing and health, numbers at the door, the lease of a kiosk."""
