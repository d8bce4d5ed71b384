filters-opt-kind = kind
filters-opt-kind-desc = Only articles, only courses…
filters-opt-level = level
filters-opt-level-desc = Only for this level
filters-opt-language = language
filters-opt-language-desc = Only in this language
filters-opt-minutes = minutes
filters-opt-minutes-desc = At most this many minutes
filters-opt-price = price
filters-opt-price-desc = Only free, or only paid
filters-price-free = free
filters-price-paid = paid
filters-minutes = at most { $minutes ->
    [one] { $minutes } minute
   *[other] { $minutes } minutes
}

filters-gem = 💎 gems only
filters-opt-gem = gem
filters-opt-gem-desc = True shows only what moderators marked as the best
filters-opt-topic = topic
filters-opt-topic-desc = Only this topic and its parts
