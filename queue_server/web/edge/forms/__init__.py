"""Forms: what was typed, what is wrong with it, and doing once what it asks."""
