"""The words of messages to visitors, and of what became of them."""
