"""Texts: encoders and their vectors, words as they are written, and what a question finds in a practice."""
