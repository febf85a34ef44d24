"""Bookings whose time was withdrawn: the list, moving and cancelling them, whom to ring."""
