"""What all managers' pages share: the list of them, the state of each, and finding a setting."""
