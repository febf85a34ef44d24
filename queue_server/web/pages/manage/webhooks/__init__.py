"""Managers' pages on webhooks: which programs are told what happens, and how that goes."""
