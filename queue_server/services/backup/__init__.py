"""Backups: one file that any database of this release or a later one can be restored from."""
