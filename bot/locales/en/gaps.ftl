# What is missing: wishes, searches in vain, topics.

gaps-cmd-gaps = gaps
gaps-cmd-gaps-desc = See what is missing here (moderators, and members who made something)
gaps-cmd-wish = wish
gaps-cmd-wish-desc = Ask for what is not in the catalogue
gaps-cmd-ask = ask
gaps-cmd-ask-desc = Ask for something that is missing
gaps-cmd-list = list
gaps-cmd-list-desc = See what members ask for, and second it
gaps-cmd-fulfil = fulfil
gaps-cmd-fulfil-desc = Say what a wish is fulfilled by (moderators, and the resource's creator)
gaps-cmd-drop = drop
gaps-cmd-drop-desc = Put a wish aside permanently (moderators)
gaps-opt-text = text
gaps-opt-text-desc = What you are looking for, up to 60 characters; others see it, without your name
gaps-opt-wish = wish
gaps-opt-wish-desc = Type part of it and pick it from the list
gaps-opt-resource = resource
gaps-opt-resource-desc = What it is fulfilled by; pick it from the list

gaps-noted = 🙋 Noted: **{ $text }**. { $others ->
    [0] You are the first to ask for it.
    [one] One other member asks for it, too.
   *[other] { $others } other members ask for it, too.
}
gaps-noted-how = When it is in the catalogue, you are notified once, by direct message. Others see the wish, not who made it.
gaps-see-all = All wishes
gaps-wishes = 🙋 What members ask for
gaps-wishes-how = Choose one to second it, or to take your voice back. Nobody sees who wished.
gaps-none = Nobody asks for anything at the moment. If a search finds nothing, press “Ask for it”, or use `/wish ask`.
gaps-behind = { $count ->
    [one] 1 member
   *[other] { $count } members
}
gaps-choose = Second a wish, or take it back
gaps-me-too = Me, too
gaps-take-back = Take back
gaps-voiced = 🙋 You asked for **{ $text }**, too.
gaps-unvoiced = You no longer ask for **{ $text }**.

gaps-title = 🧩 What is missing here
gaps-title-how = Only what at least { $min } members stand behind, in the last 90 days.
gaps-head-wished = 🙋 Asked for
gaps-head-missed = 🔎 Searched for without a good result
gaps-head-topics = 🏷️ Topics that need more
gaps-searched = { $count ->
    [one] 1 member
   *[other] { $count } members
}
gaps-readers = { $count ->
    [one] 1 reader
   *[other] { $count } readers
}
gaps-resources = { $count ->
    [0] no resource
    [one] 1 resource
   *[other] { $count } resources
}
gaps-askers = { $count ->
    [one] 1 member without an answer
   *[other] { $count } members without an answer
}
gaps-hard = { $count ->
    [one] too hard for 1 member
   *[other] too hard for { $count } members
}
gaps-nothing = Nothing that so many miss.
gaps-small = { $count ->
    [one] One more wish has
   *[other] { $count } more wishes have
} fewer than { $min } members behind { $count ->
    [one] it
   *[other] them
}.
gaps-what-next = Add what fits with `/submit` or `/resource add`, then `/wish fulfil`: whoever asked for it is notified once. What names all of a wish's words fulfils it by itself.
gaps-fulfilled = ✅ **{ $text }** is fulfilled by **{ $title }**.
gaps-fulfilled-how = { $count ->
    [0] Nobody waits to be notified.
    [one] One member is notified.
   *[other] { $count } members are notified.
}
gaps-dropped = **{ $text }** is put aside: it is not shown any more, and cannot be asked for again.
gaps-letter = 🎉 You asked for **{ $text }** in { $guild }. This may be it:
gaps-letter-how = Not what you meant? Ask again with `/wish ask`.
gaps-letter-sold = It is for sale. Find it with `/search` in the server: the answer says how to get it, and opens it if you have it.

error-gaps-empty = Say what you are looking for, in 1 to { $limit } characters.
error-gaps-untracked = Tracking is off for you, so no wish can be kept. `/privacy` changes that.
error-gaps-dropped = The moderators have put this wish aside.
error-gaps-many = You ask for { $limit } things already. Take one back in `/wish list` first.
error-gaps-gone = This wish is not open any more; see `/wish list`.
error-gaps-pick = “{ $value }” doesn't match exactly one wish; type part of it and pick it from the list.
error-gaps-not-creator = This is for moderators, and for members who made something that is in the catalogue.
error-gaps-not-yours = You can fulfil a wish with what you made yourself; for anything else ask a moderator.
