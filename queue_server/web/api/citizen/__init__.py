"""What visitors ask: free times, bookings, tickets, the waitlist."""
