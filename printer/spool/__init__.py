"""The durable list of print jobs, and how much of each roll they have used."""
