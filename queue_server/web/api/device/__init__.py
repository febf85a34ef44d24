"""What devices ask: pairing and health, numbers at the door, and what lasts while they are cut off."""
