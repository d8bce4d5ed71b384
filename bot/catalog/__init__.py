"""The guild's resources.

What a valid one is; adding, editing, retiring, searching and sharing them; bringing a whole list
in from a file. Owns the catalogue's rows and remembers which message shows which resource.
"""
