"""At the counter: who works where, whom to call, what was done."""
