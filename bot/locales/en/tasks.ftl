# Tasks beside resources

tasks-cmd = task
tasks-cmd-desc = Tasks: what to do beside a course or any resource, and handing it in
tasks-cmd-list = list
tasks-cmd-list-desc = What there is to do here, and how far you are
tasks-cmd-show = show
tasks-cmd-show-desc = One task: what to do, and what you handed in
tasks-cmd-mark = mark
tasks-cmd-mark-desc = What members handed in and you can mark (moderators, creators and reviewers)
tasks-cmd-new = new
tasks-cmd-new-desc = Set a task beside a resource (moderators; creators for what they made)
tasks-cmd-edit = edit
tasks-cmd-edit-desc = Change a task (whoever set it, and moderators)
tasks-cmd-end = end
tasks-cmd-end-desc = Take a task out of sight, or bring it back (whoever set it, and moderators)
tasks-opt-task = task
tasks-opt-task-desc = Type part of its title and pick it from the list
tasks-opt-markers = reviewers
tasks-opt-markers-desc = A role whose members may mark what is handed in, too
tasks-opt-restore = restore
tasks-opt-restore-desc = True: bring it back

tasks-header = ## 📝 { $count ->
    [one] One task
   *[other] { $count } tasks
}
tasks-none = There is nothing to do here yet. Moderators and creators set tasks with `/task new`.
tasks-show = Show
tasks-more = … and { $count } more: `/task show` finds them by title
tasks-open = no last day
tasks-due = due { $when }
tasks-until = until { $when }
tasks-beside = 📘 { $title }
tasks-mark-none = 📨 handed in
tasks-mark-done = ✅ done
tasks-mark-again = 🔁 to do again
tasks-mark-excellent = 🌟 excellent
tasks-late = after the last day
tasks-yours = **What you handed in**
tasks-said = 💬 { $sentence }
tasks-is-private = Only you and those who mark it see this.
tasks-is-shown = Members see this once it is marked as done.
tasks-share = Let members see it
tasks-unshare = Hide it from members
tasks-hand-in = Hand in
tasks-hand-in-again = Change what I handed in
tasks-works = { $count ->
    [one] See { $count } solution
   *[other] See { $count } solutions
}
tasks-works-of = ### Solutions of “{ $title }”
tasks-works-none = Nobody lets their solution of “{ $title }” be seen yet.
tasks-works-more = -# … and { $count } more
tasks-to-mark = 📬 { $count ->
    [one] One member waits
   *[other] { $count } members wait
} for your mark: `/task mark`
tasks-made = ✅ The task is set
tasks-changed = ✅ Changed
tasks-ended = 📦 “{ $title }” is out of sight. To bring it back, use `/task end` with restore: True.
tasks-handed-in = ✅ Handed in. You get a message when it is marked.
tasks-choice-ended = 📦 { $title }

tasks-field-title = What it is called
tasks-field-text = What to do
tasks-field-text-hint = What to hand in, and when it is good
tasks-field-due = Last day
tasks-field-due-hint = Like 2026-12-31, in the server's time zone; empty for none
tasks-field-work = What you did
tasks-field-work-hint = In your words; empty if the link says it all
tasks-field-link = Link
tasks-field-link-hint = To your code, document or picture; empty for none
tasks-field-sentence = A sentence for them
tasks-field-sentence-done = What was good about it; may be empty
tasks-field-sentence-excellent = What makes it stand out; may be empty
tasks-field-sentence-again = What is missing, so that they can do it

tasks-queue = 📬 { $count ->
    [one] One member waits
   *[other] { $count } members wait
} for your mark, the oldest first
tasks-queue-none = ✅ Nothing waits for your mark.
tasks-queue-choose = Choose what to look at
tasks-case = { $who } handed this in { $when }
tasks-as-done = Done
tasks-as-excellent = Excellent
tasks-as-again = Again
tasks-marked = { $who }: { $mark }
tasks-remark = Mark it otherwise

tasks-letter-done = ✅ Your work on “{ $title }” in { $guild } is done.
tasks-letter-excellent = 🌟 Your work on “{ $title }” in { $guild } is excellent.
tasks-letter-again = 🔁 Please do “{ $title }” in { $guild } again: change it with `/task show` and hand it in once more.

error-tasks-gone = That task is not there any more; see `/task list`.
error-tasks-pick = “{ $value }” doesn't match exactly one task; type part of its title and pick it from the list.
error-tasks-title = Enter a title with at least one visible character.
error-tasks-text = Say what there is to do.
error-tasks-due = “{ $value }” is no day; write it like 2026-12-31.
error-tasks-due-over = { $value } is over; choose a later day, or leave it empty.
error-tasks-creators = Tasks are set by moderators, and by whoever made the resource.
error-tasks-others = Somebody else set this task; they and moderators can change it.
error-tasks-many = A server has at most { $limit } tasks; change one that has ended.
error-tasks-empty = Enter what you did, or give a link.
error-tasks-done = This is marked as done already; there is nothing to change.
error-tasks-none = You have not handed this in.
error-tasks-sentence = Say what is missing, so that they can do it again.
error-tasks-changed = It was handed in again meanwhile; look at it with `/task mark`.
error-tasks-work-gone = That is not there any more; see `/task mark`.
error-tasks-no-marker = You can't mark this: moderators, its creator and the task's reviewers do.
error-tasks-own = Somebody else marks what you handed in.
error-tasks-link = That is no web address that can be opened; it begins with https://, and carries no password.
