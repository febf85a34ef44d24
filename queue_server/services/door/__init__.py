"""At the door: arriving, letting in, counting, closing."""
