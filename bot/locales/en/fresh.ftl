# Links that are looked at, and what is due for review.

fresh-cmd-review = review
fresh-cmd-review-desc = See broken links and what is old for its kind
fresh-cmd-check = check
fresh-cmd-check-desc = Look at a resource's link now
fresh-title = 🧭 Due for review
fresh-none = ✅ Nothing is due for review: no broken links, and nothing old for its kind.
fresh-broken = { $count ->
    [one] One broken link
   *[other] { $count } broken links
}
fresh-aged = { $count ->
    [one] One that is old for its kind
   *[other] { $count } that are old for their kind
}
fresh-choose = Choose one to look at
fresh-current = Still current
fresh-check = Check now
fresh-retire = Retire
fresh-kept = ✅ Marked as current as of today
fresh-retired = 📦 Retired
fresh-replace = To name what replaces it, use `/resource retire` with replacement.
fresh-state-unknown = ❔ Its link has not been looked at yet.
fresh-state-ok = 🟢 Its link worked { $when }.
fresh-state-moved = ➡️ Its link led elsewhere { $when }.
fresh-state-broken = 🔴 Its link was broken { $when }.
fresh-state-closed = ⚪ Its link cannot be looked at from here ({ $when }).
fresh-archived = 📦 [An archived copy]({ $url })
fresh-problem-title = The page says itself that it is not there.
fresh-problem-front = The link leads to the site's front page.
error-fresh-gone = That resource is not there any more.
