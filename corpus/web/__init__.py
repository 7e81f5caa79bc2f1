"""The web as a source: one guarded client, pages, documents behind URLs, and RSS and Atom feeds.

`addresses` says which addresses may be asked, `client` asks them, `content_types` says which reader takes what came,
`feeds` reads feeds, `visiting` turns URLs into sources with their bytes, `visits` remembers what was read.
"""
