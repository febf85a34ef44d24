"""Owing visitors messages, and finding whom they go to."""
