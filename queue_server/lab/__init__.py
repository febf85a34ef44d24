"""What measures the system and never serves: simulations, evaluations, pictures of the rules."""
