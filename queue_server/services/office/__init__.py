"""What offices are and how they change."""
