"""What is kept before the visit: waitlist, places kept back, who has taken what."""
