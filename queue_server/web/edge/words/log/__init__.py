"""What the log of an office keeps, in words."""
