"""The lobby TV: a local agent and its page."""
