# /server synonyms.
search-cmd-synonyms = synonyms
search-cmd-synonyms-desc = Say which words mean the same here, so that one finds the other
search-synonyms-title = Words that mean the same
search-synonyms-label = One line each, names between commas
search-synonyms-hint = Many of the field are known already, in both languages: k8s, ml, 大模型, 数据库…
search-synonyms-placeholder = onboarding, first week, 新人指南
search-synonyms-saved = ✓ { $n ->
    [0] No lines of your own; those of the field still count.
    [one] { $n } line of your own, used from the next search on.
   *[other] { $n } lines of your own, used from the next search on.
}
error-search-synonyms-two = “{ $line }” needs at least two different names, separated by commas. Endings make no difference: “test” finds “testing” already.
error-search-synonyms-long = “{ $line }” is too long: at most { $names } names in a line, each of at most { $characters } characters.
error-search-synonyms-many = At most { $lines } lines; “{ $line }” is one too many.
error-search-synonyms-text = At most { $characters } characters in all.
