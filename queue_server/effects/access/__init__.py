"""The office's own sign-in service, and requests that end in time."""
