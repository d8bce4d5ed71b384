# Ordered lists of resources, with progress.

paths-cmd = path
paths-cmd-desc = Learning paths: what to read or take in which order
paths-cmd-list = list
paths-cmd-list-desc = All paths of this server, with your progress
paths-cmd-show = show
paths-cmd-show-desc = One path with its steps, and your next one
paths-cmd-new = new
paths-cmd-new-desc = Make a path (moderators and creators)
paths-cmd-add = add
paths-cmd-add-desc = Put a resource into a path, or move it there (its maker and moderators)
paths-cmd-remove = remove
paths-cmd-remove-desc = Take a resource out of a path (its maker and moderators)
paths-cmd-edit = edit
paths-cmd-edit-desc = Change a path's title or summary (its maker and moderators)
paths-cmd-retire = retire
paths-cmd-retire-desc = Take a path out of sight, or bring it back (its maker and moderators)
paths-cmd-before = before
paths-cmd-before-desc = Say what comes before a resource (moderators; creators for what they made)
paths-opt-path = path
paths-opt-path-desc = Type part of its title and pick it from the list
paths-opt-title = title
paths-opt-title-desc = Its title, up to 100 characters
paths-opt-summary = summary
paths-opt-summary-desc = What it leads to, up to 300 characters
paths-opt-course = course
paths-opt-course-desc = The course whose lessons these are; leave it out for a path of its own
paths-opt-place = place
paths-opt-place-desc = Which step it becomes, 1 for the first; leave it out for the last
paths-opt-first = first
paths-opt-first-desc = What is to be finished first
paths-opt-then = then
paths-opt-then-desc = What builds on it
paths-opt-off = off
paths-opt-off-desc = True: take that back

paths-header = ## 🧭 { $count ->
    [one] One path
   *[other] { $count } paths
}
paths-none = There are no paths here yet. Moderators and creators make them with `/path new`.
paths-show = Show
paths-more = … and { $count } more
paths-done = { $done } of { $count } done
paths-course = The lessons of “{ $title }”
paths-empty = No steps yet. Add them with `/path add`.
paths-start = Start
paths-continue = Continue
paths-finished = 🎉 You have done every step.
paths-next = ### 🧭 Your next step
paths-next-how = Mark it as done under More…, then press Continue again.
paths-made = ✅ Made “{ $title }”. Add its steps with `/path add`.
paths-changed = ✅ Changed “{ $title }”
paths-retired = 📦 “{ $title }” is out of sight. To bring it back, use `/path retire` with restore: True.

paths-needs = 🧭 Before “{ $title }” comes:
paths-needs-nothing = ✅ Nothing has to come before “{ $title }”.

error-paths-gone = That path is not there any more; see `/path list`.
error-paths-pick = “{ $value }” doesn't match exactly one path; type part of its title and pick it from the list.
error-paths-title = Enter a title with at least one visible character.
error-paths-creators = Paths are made by moderators, and by members who made something in the catalogue.
error-paths-many = A server has at most { $limit } paths; rework one of those.
error-paths-taken = There is a path of that title already; choose another title, or change it with `/path edit`.
error-paths-steps = A path has at most { $limit } steps; make a second one that goes on.
error-paths-no-step = That is not a step of this path.
error-paths-others = Somebody else made this path; its maker and moderators can change it.
error-paths-circle = “{ $then }” already comes before “{ $first }”; the other way round as well would go in a circle.
error-paths-needed = At most { $limit } resources come before one; take one back with `off`, or make a path.
error-paths-not-before = “{ $first }” isn't set to come before “{ $then }”.
error-paths-not-yours = What comes before a resource is said by moderators, and by whoever made it.
