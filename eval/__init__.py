"""The end-to-end measurement: questions with known answers, asked of the running service, judged by their rows.

Nothing here knows the service's code: it goes in by the HTTP API as a user does, and compares what comes out with what
the gold query finds in the gold database. `python3 -m eval --help` lists the options.
"""
