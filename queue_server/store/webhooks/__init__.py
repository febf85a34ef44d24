"""Endpoints of webhooks, and what each of them is owed."""
