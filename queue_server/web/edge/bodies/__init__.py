"""What requests bring: the bodies and queries of the API, and the forms that carry the same."""
