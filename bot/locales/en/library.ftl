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

library-dismissed = -# “{ $title }” won't be shown to you again.
library-undo = Undo
library-shared-saved = Saved “{ $title }”. Your list is in `/saved`.
library-shared-unsaved = “{ $title }” is no longer on your `/saved` list.

error-library-gone = That resource is no longer in the catalogue; use `/search` to find another.
error-library-not-yours = That card was shown to somebody else; use `/recommend` to get your own.
error-library-untracked = Tracking is off for you, so I can't save that. You can turn it on with `/privacy`.
