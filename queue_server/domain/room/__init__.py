"""How many people a room holds at a distance, and where. Knows the errors alone."""
