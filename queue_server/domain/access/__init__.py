"""Who may sign in, and who may change whose account."""
