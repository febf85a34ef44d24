"""The public page of an office's rules."""
