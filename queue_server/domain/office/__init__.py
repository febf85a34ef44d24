"""What an office is and may be changed to: services, rules, hours, modes."""
