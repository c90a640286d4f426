"""Recorded adoptions: what they say of who is next, learned, calibrated and looked up."""
