"""What a triage says, for pages and the API, and what a browser remembers of it."""
