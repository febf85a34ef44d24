"""The devices of an office: whether one is heard, what is wrong with it, what it is told to do."""
