"""Containers: files that hold many documents. One small module a format, and the walk through them.

A member is named `{container}!/{member}`, as in jar files, container within container the same way again.
"""
