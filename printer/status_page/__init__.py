"""The page for whoever stands before a machine with a tool case: how it is, and its last jobs."""

from .page import Section, create_status_page

__all__ = ["Section", "create_status_page"]
