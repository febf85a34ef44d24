"""Personal data: forgetting them at night with proof, one person's data, and incidents."""
