"""Talk: conversations, evidence, answers, citations; the command line and the HTTP API."""
