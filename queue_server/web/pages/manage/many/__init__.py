"""One change for many offices: its form, one dry run for all, one confirmation."""
