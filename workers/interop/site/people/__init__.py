"""Users as many projects have them: with a UUID for a key, and an address instead of a name."""
