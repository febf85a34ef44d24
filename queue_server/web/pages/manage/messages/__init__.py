"""Managers' pages on the words of the office's messages to visitors."""
