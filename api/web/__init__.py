"""The pages: what the doors answer, written for people; templates and assets ship with the package."""
