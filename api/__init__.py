"""The doors of Arraigo: HTTP service and command line. They parse, call one function, dump."""
