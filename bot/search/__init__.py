"""Finding resources by words: one index a server for ``/search``, topics and suggestions.

Owns what counts as a word, what means the same, how a misspelt word is corrected, and in which
order resources fit. Who may see what was found is the business of whoever asks.
"""
