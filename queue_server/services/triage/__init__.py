"""Triage: the scripts as files, what they advise in an office, and how often that was followed."""
