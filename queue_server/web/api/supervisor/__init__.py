"""What supervisors see and order."""
