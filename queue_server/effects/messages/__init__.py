"""The one way out for messages: how they are sent, and by whom."""
