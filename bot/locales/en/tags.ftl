# A server's own tags.

tags-cmd = tags
tags-cmd-desc = The tags of this server: their names, other words for them, and what belongs to what
tags-cmd-list = list
tags-cmd-list-desc = See all tags, or one with its parts
tags-cmd-add = add
tags-cmd-add-desc = Make a tag, or take care of one that resources carry already
tags-cmd-edit = edit
tags-cmd-edit-desc = Rename a tag, say what it is called, or move it
tags-cmd-merge = merge
tags-cmd-merge-desc = Make one tag another; what carried the first carries the second
tags-cmd-remove = remove
tags-cmd-remove-desc = Take a tag out of the tree; resources keep its name
tags-cmd-history = history
tags-cmd-history-desc = See what was changed last, and undo it
tags-cmd-policy = policy
tags-cmd-policy-desc = Whether resources may carry tags that are not in the tree
tags-opt-tag = tag
tags-opt-tag-desc = Type any word for it and pick it from the list
tags-opt-name = name
tags-opt-name-desc = What resources carry, up to 30 characters, such as machine-learning
tags-opt-english = english
tags-opt-english-desc = What readers of English see; “-” for the name itself
tags-opt-chinese = chinese
tags-opt-chinese-desc = What readers of Chinese see; “-” for none of its own
tags-opt-aliases = aliases
tags-opt-aliases-desc = Other words for it, with commas between, in the place of those it has; “-” for none
tags-opt-under = under
tags-opt-under-desc = The tag that it is a part of; “-” for none
tags-opt-into = into
tags-opt-into-desc = The tag that it becomes
tags-opt-unknown = unknown
tags-opt-unknown-desc = What becomes of tags that are not in the tree
tags-unknown-allowed = allowed
tags-unknown-refused = refused

tags-head = 🏷️ { $count ->
    [one] One tag
   *[other] { $count } tags
}
tags-none = There are no tags in the tree yet. Add those that resources carry with `/tags add`.
tags-count = { $count ->
    [0] on nothing
    [one] on 1 resource
   *[other] on { $count } resources
}
tags-also = also { $words }
tags-loose = { $count ->
    [one] One tag is
   *[other] { $count } tags are
} in use outside the tree: { $tags }
tags-are-open = Other tags are allowed; `/tags policy` changes that.
tags-are-closed = Other tags are refused, or left out where nobody is asked; `/tags policy` changes that.
tags-added = ✅ `{ $tag }` is in the tree.
tags-changed = ✅ Changed `{ $tag }`.
tags-merged = ✅ Merged. It is `{ $tag }` now.
tags-removed = ✅ `{ $tag }` is not in the tree any more.
tags-moved = { $count ->
    [one] One resource carries
   *[other] { $count } resources carry
} another tag now.
tags-undo = Undo
tags-undone = ↩️ Undone: { $what }
tags-history = What was changed last
tags-history-none = Nothing was changed yet.
tags-did-add = added { $tag }
tags-did-edit = changed { $tag }
tags-did-merge = merged { $tag } into { $other }
tags-did-remove = removed { $tag }
tags-did-import = brought tags from a file

error-tags-unknown = “{ $tag }” isn't a tag of the tree. Pick one from the list, or add it with `/tags add`.
error-tags-taken = “{ $word }” already stands for the tag “{ $tag }”. Choose another word, or merge the two with `/tags merge`.
error-tags-many = A server has at most { $limit } tags; merge or remove some.
error-tags-aliases = A tag has at most { $limit } other words.
error-tags-circle = “{ $tag }” would be a part of itself. Choose another tag to put it under.
error-tags-deep = The tree is at most { $limit } tags deep. Put it under a tag further up.
error-tags-same = Choose two different tags.
error-tags-one = “{ $value }” isn't one tag: up to 30 characters, without commas.
error-tags-line = Line { $line }: “{ $word }” is neither a tag of the tree nor of the file.
error-tags-not-last = Something was changed since, or this was undone already. `/tags history` shows what comes first.
error-tags-closed = Not in this server's tags: { $tags }. { $near ->
    [none] See `/tags list`, or ask a moderator to add it.
   *[other] Near it: { $near }.
}
error-tags-cell = The column { $column } holds no text. Columns: { $accepted }.
