"""What the reception asks."""
