"""Answerers: from ranked evidence to the sentences of an answer."""
