"""What supervisors are told of: alerts, and to whom they go when nobody has seen them."""
