"""The doors of Arraigo: HTTP service and command line. They parse, call one function, dump.

One module per resource noun (`recommendations`, `territories`, `practices`, `organisations`,
`health`), one schema layer (`schemas*`), one place for refusals (`errors`), one for settings
(`config`). Nothing in here decides.
"""
