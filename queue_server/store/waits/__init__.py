"""What offices have learnt of waits."""
