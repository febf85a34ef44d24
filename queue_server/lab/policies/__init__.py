"""What each call policy costs whom."""
