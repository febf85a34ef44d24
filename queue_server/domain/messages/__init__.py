"""What the office tells its visitors: after which event, when, by which way, how often."""
