"""Webhooks: what managers change of an endpoint, and owing it what happens."""
