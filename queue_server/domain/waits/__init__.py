"""How long visitors wait: always a range. Knows nothing else of the domain."""
