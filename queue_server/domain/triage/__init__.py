"""Whether a visit is needed: questions, answers and what follows from them."""
