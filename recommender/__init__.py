"""The core of Arraigo: it decides which practices fit where, and says why.

Nothing in this package knows the web, the command line or the environment; paths and settings are
handed in by the doors (`api`, `training`).
"""
