"""Calling visitors: whose turn it is, why, and the steps at a counter."""
