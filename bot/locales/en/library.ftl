# What a member keeps: /saved, and what Save, Not for me and Undo answer.

library-cmd-saved = saved
library-cmd-saved-desc = What you saved for later

library-saved-header = ## 🔖 { $count ->
    [one] One saved resource
   *[other] { $count } saved resources
}
library-saved-none = Nothing saved yet. Press **Save** on any card and find it here again.
library-saved-page = Page { $page } of { $pages }
library-saved-before = ◀ Newer
library-saved-after = Older ▶

library-cmd-library = library
library-cmd-library-desc = Everything you keep: saved, in progress, done, with notes
library-opt-show = show
library-opt-show-desc = What to show; leave it out for everything
library-header = ## 📚 { $count ->
    [one] One resource in your library
   *[other] { $count } resources in your library
}
library-none = Nothing here yet. Press **Save** on any card, or **More…** to mark it as in progress or done, or to write yourself a note.
library-shelf-empty = Nothing here. Choose something else below.
library-shelf-choose = Show something else
library-shelf-count = { $count } here
library-shelf-all = everything
library-shelf-saved = saved
library-shelf-started = in progress
library-shelf-done = done
library-shelf-noted = with a note
library-shelf-bought = bought
library-lessons = { $count ->
    [one] { $done } of { $count } lesson done
   *[other] { $done } of { $count } lessons done
}
library-onward = ▶️ Continue where you left off
library-onward-course = the next lesson of “{ $title }”
library-file-make = As a file
library-file = 📄 { $count ->
    [one] One resource. Only you see this file.
   *[other] { $count } resources. Only you see this file.
}
library-column-title = title
library-column-kind = kind
library-column-address = address
library-column-shelves = how you keep it
library-column-note = note
library-column-changed = changed (UTC)
library-note = Your note
library-note-hint = Only you see it; empty takes it away

library-dismissed = -# “{ $title }” won't be shown to you again.
library-undo = Undo
library-shared-saved = Saved “{ $title }”. Your list is in `/saved`.
library-shared-unsaved = “{ $title }” is no longer on your `/saved` list.

error-library-gone = That resource is no longer in the catalogue; use `/search` to find another.
error-library-not-yours = That card was shown to somebody else; use `/recommend` to get your own.
error-library-untracked = Tracking is off for you, so I can't save that. You can turn it on with `/privacy`.
error-library-note-blank = Nothing of that can be seen. Enter something, or leave it empty to take the note away.
error-library-note-long = A note has at most { $limit } characters.
