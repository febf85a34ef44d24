"""Who may sign in: users, sessions, tokens, devices."""
