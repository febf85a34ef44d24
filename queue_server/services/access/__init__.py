"""Signing in, accounts, devices, and forgetting personal data."""
