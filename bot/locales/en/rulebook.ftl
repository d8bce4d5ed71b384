# The rules of points as moderators see, draft and publish them.

rulebook-cmd = rules
rulebook-cmd-desc = See and change what earns points here
rulebook-list-cmd = list
rulebook-list-desc = What earns how much, and who changed it last
rulebook-set-cmd = set
rulebook-set-desc = Change one value at once; what was already earned stays
rulebook-draft-cmd = draft
rulebook-draft-desc = Change the rules in menus and forms; nothing changes before it is published
rulebook-publish-cmd = publish
rulebook-publish-desc = See what the draft changes, and publish it as a new version
rulebook-history-cmd = history
rulebook-history-desc = Every version of the rules: who, when and why
rulebook-rollback-cmd = rollback
rulebook-rollback-desc = Publish an old version as a new one
rulebook-export-cmd = export
rulebook-export-desc = Get the rules as a TOML file
rulebook-import-cmd = import
rulebook-import-desc = Make a TOML file the draft; nothing changes before it is published
rulebook-opt-rule = rule
rulebook-opt-rule-desc = Which rule to change
rulebook-opt-field = field
rulebook-opt-field-desc = Which of the rule's values to change
rulebook-opt-value = value
rulebook-opt-value-desc = The new value, in force at once
rulebook-opt-reason = reason
rulebook-opt-reason-desc = Why, in a few words; kept in the history and the audit log
rulebook-opt-version = version
rulebook-opt-version-desc = Which version; 0 are the defaults
rulebook-opt-export-version-desc = Which version; left out, the one in force
rulebook-opt-file = file
rulebook-opt-file-desc = The rules as TOML, as /rules export writes them

rulebook-title = Reward rules · version { $version }
rulebook-default = The defaults: nobody has changed them yet.
rulebook-line = { $field }: { $value }
rulebook-by = Changed by { $member } { $when }: { $reason }
rulebook-value-length = { $value ->
        [0] 0 (anything)
        [1] 1 (any text)
        [2] 2 (a short sentence)
       *[3] 3 (a long text)
    }
rulebook-value-nothing = –
rulebook-value-yes = yes
rulebook-value-no = no
rulebook-choice-mee6 = like MEE6
rulebook-choice-linear = the same for every level
rulebook-choice-skool = nine levels, like Skool
rulebook-choice-list = a list of my own
rulebook-choice-none = no seasons
rulebook-choice-monthly = every month
rulebook-choice-quarterly = every quarter
rulebook-choice-dates = on days of my own
rulebook-change = { $rule } · { $field }: { $before } → **{ $after }**
rulebook-more = … and { $count } more

rulebook-draft-title = 📝 Draft of the rules
rulebook-draft-none = Nothing is drafted: what you see are the rules in force. Choose a section and change something; nothing changes for members before you publish.
rulebook-draft-same = The draft says what is in force already.
rulebook-draft-by = Last changed by { $member } { $when }. It changes { $count ->
        [one] one value
       *[other] { $count } values
    } of version { $version }, which is in force:
rulebook-draft-later = Version { $version } is published and takes effect { $when }; the draft builds on it.
rulebook-draft-open = Edit a draft…
rulebook-draft-choose = Choose a section to change
rulebook-draft-field = Choose what to change
rulebook-draft-option = now { $value }
rulebook-draft-back = Back to the draft
rulebook-draft-discard = Discard the draft
rulebook-draft-discarded = The draft is gone; the rules in force are what they were.
rulebook-draft-was = { $field }: { $before } → **{ $after }**
rulebook-draft-weights = Channels or roles count the percentage that you write; 100 takes one off the list.
rulebook-retry = Try again
rulebook-typed = You wrote: { $typed }

rulebook-field-value = The list so far, id=percent
rulebook-field-value-hint = Edit it here or choose below; empty for none
rulebook-field-chosen = Set these, too
rulebook-field-percent = To how many percent
rulebook-field-percent-hint = 0 to 1000; 0 pays nothing, 100 takes them off the list
rulebook-field-reason = Why?
rulebook-field-reason-hint = In a few words; kept in the history and the audit log
rulebook-field-at = From when? Empty: at once
rulebook-field-at-hint = YYYY-MM-DD HH:MM, at most { $days } days ahead, in { $zone }

rulebook-publish-title = Publish the draft as version { $version }?
rulebook-publish-when = It takes effect when you confirm, or at a moment you name then. Events are paid by the version in force when they happen; what was already earned stays as it is, unless you choose to re-score it.
rulebook-publish-levels = The level curve changes: levels are counted anew from what everybody has earned, as soon as it takes effect.
rulebook-publish-go = Publish…
rulebook-publish-form = Publish version { $version }
rulebook-published = ✅ Version { $version } is published and in force from now, { $when }. What was already earned stays as it is.
rulebook-published-later = ✅ Version { $version } is published and takes effect { $when }. Until then the present rules stay; what was already earned stays as it is.

rulebook-history-title = 📚 Versions of the rules
rulebook-history-none = Nobody has published any rules yet: the defaults are in force.
rulebook-history-line = **{ $version }** · { $when } · { $member } · { $count ->
        [one] one change
       *[other] { $count } changes
    }: { $reason }
rulebook-history-live = **{ $version }** · { $when } · { $member } · { $count ->
        [one] one change
       *[other] { $count } changes
    }: { $reason } · 🟢 in force
rulebook-history-later = **{ $version }** · { $when } · { $member } · { $count ->
        [one] one change
       *[other] { $count } changes
    }: { $reason } · ⏳ from { $at }
rulebook-history-choice = Version { $version }: { $reason }
rulebook-history-defaults = Version 0: the defaults
rulebook-newer = Newer
rulebook-older = Older
rulebook-exported = The rules of version { $version } as TOML. Edit the file and bring it back with `/rules import`.

error-rulebook-moved = Somebody changed the draft or published meanwhile. Look at it again with `/rules publish`.
error-rulebook-nothing = That changes nothing: these are the rules in force.
error-rulebook-reason = Say why in a few words; it stands in the history.
error-rulebook-moment = Write a moment to come, such as 2026-09-01 08:00, at most { $days } days ahead (time zone { $zone }), or nothing for at once.
error-rulebook-version = There is no such version; pick one of the suggestions.
error-rulebook-file = Attach a TOML file as `/rules export` writes it, in UTF-8 and at most 64 kB.
error-rulebook-toml = That is not TOML: { $where }
error-rulebook-unknown = The file holds “{ $path }”, which no rule has.
error-rulebook-value = The file's value for “{ $path }” is not one that it takes ({ $low } to { $high }).

rulebook-preview-cmd = preview
rulebook-preview-desc = See what the draft would have done to the last days
rulebook-opt-days = days
rulebook-opt-days-desc = How many days to look back; 30 if left out
rulebook-preview-go = Preview
rulebook-preview-busy = 🔎 Replaying what happened under the draft and under the rules in force…
rulebook-preview-progress = { $bar } { $done } of { $total } events
rulebook-preview-read = { NUMBER($count) } events replayed under version { $version } and under the draft, both from an empty first day
rulebook-preview-row = { $name }: { $before } → **{ $after }**
rulebook-preview-rising = ▲ Rise on the board
rulebook-preview-falling = ▼ Fall on the board
rulebook-preview-place = { $member }: place { $before } → **{ $after }** ({ $was } → { $becomes })
rulebook-preview-levels = With what everybody has earned so far, { $higher } members reach a higher level by the draft's curve and { $lower } a lower one.
rulebook-preview-note = A preview changes nothing. It does not count what moderators gave, took, held or reversed; members who stay off the boards are in the sums, not among the places.
rulebook-picture-title = What the draft would have done in { $days } days
rulebook-picture-now = rules in force (version { $version })
rulebook-picture-then = draft
rulebook-picture-sources = Points by source
rulebook-picture-board = The board under the draft
rulebook-picture-member = a member
rulebook-figure-minted = Points minted
rulebook-figure-earning = Members who earn
rulebook-figure-gini = Gini (0 = equal)
rulebook-figure-top = Share of the top 10
rulebook-figure-cap = Hit the daily cap
rulebook-figure-limit = Hit a rule's times a day
error-rulebook-busy = A preview is running here already; wait for its answer.
error-rulebook-trial = The preview stopped before it was done; nothing was changed. Try it again with fewer `days`. If that does not help, the bot's log says why it ended.
error-rulebook-nothing-drafted = There is nothing to preview: the draft is what is in force. Change something with `/rules draft` first.

rulebook-evidence-cmd = evidence
rulebook-evidence-desc = See whether groups farm points together, and hold or take back what they made
rulebook-opt-first = first
rulebook-opt-first-desc = Look at a pair or a few members instead: the first of them
rulebook-opt-second = second
rulebook-opt-second-desc = The second of them
rulebook-opt-third = third
rulebook-opt-third-desc = A third, if there is one
rulebook-opt-fourth = fourth
rulebook-opt-fourth-desc = A fourth, if there is one
rulebook-evidence-title = 🔍 Who pays whom, since { $when }
rulebook-evidence-acts = { $count } paid acts on others (reactions, replies, accepted answers, saves) by and on { $members } members
rulebook-evidence-mutual = Reciprocity: { $share } of them between two who paid each other three times or more; members in such pairs: { $members }
rulebook-evidence-concentrated = Concentration: members who got half of at least six acts from one other member: { $members }
rulebook-evidence-quick = Bursts: { $count } acts within a minute of the same member's act before
rulebook-evidence-few = fewer than 5
rulebook-evidence-none = No group of 5 to 50 pays mostly itself.
rulebook-evidence-ring = Group { $number }: { $members } members, { $acts } acts, { $points } points among themselves, { $inside } of all they received
rulebook-evidence-choose = Look at a group
rulebook-evidence-note = Counts over groups of at least 5, never about one member; to look at fewer, name them in the command. They are a reason to look, not a verdict: a study group also thanks itself.
rulebook-ring-title = A group of { $count }
rulebook-ring-counts = { $acts } acts and { $points } points among themselves: { $inside } of all they received. { $mutual } of all pairs paid each other both ways; { $quick } acts came within a minute of the one before.
rulebook-ring-note = Hold: the points do not count until you release or reverse them, and their owners read that moderators are looking. Reverse: taken back for good. Each asks a reason and is in the audit log.
rulebook-ring-hold = Hold
rulebook-ring-release = Release
rulebook-ring-reverse = Reverse
rulebook-ring-done-hold = Held: { $count } of { $all } entries. Their owners see them as on hold, without a verdict.
rulebook-ring-done-release = Released: { $count } of { $all } entries count again.
rulebook-ring-done-reverse = Reversed: { $count } of { $all } entries are taken back exactly.
error-rulebook-ring = That group is not there any more; look again with `/rules evidence`.
error-rulebook-few = Name two to { $high } different members.
error-rulebook-few-none = These members paid each other nothing in those days, or it has been taken back.

rulebook-opt-since = rescore-since
rulebook-opt-since-desc = Count what was earned since this day anew (YYYY-MM-DD); left out, nothing earned changes
rulebook-since-choice = { $days ->
        [0] { $day } (today)
        [one] { $day } (yesterday)
       *[other] { $day } ({ $days } days ago)
    }
rulebook-anew-go = Re-score since…
rulebook-anew-form = Re-score what was earned
rulebook-anew-day = Since which day?
rulebook-anew-day-hint = YYYY-MM-DD, in the server's time zone. You see what would change before anything does.
rulebook-picture-anew = What re-scoring since { $day } would change
rulebook-picture-held = as it was paid
rulebook-picture-counted = counted anew
rulebook-anew-read = { NUMBER($count) } events since then counted by the draft, beside what was really paid for them
rulebook-anew-effect = { $entries ->
        [one] **One payment** changes
       *[other] **{ NUMBER($entries) } payments** change
    } of { $members ->
        [one] one member
       *[other] { NUMBER($members) } members
    }: { NUMBER($gaining) } gain, { NUMBER($losing) } lose, together **{ $amount }** points.
rulebook-anew-nothing = Nothing that was earned since { $day } would change: publish the draft without re-scoring.
rulebook-anew-note = Nothing has changed yet. What moderators gave, took, held or reversed stays as it is, and so does what was bought: whoever has spent more than they keep owes nothing. A re-score can be taken back in `/rules history`.
rulebook-anew-publish = Publish and re-score…
rulebook-anew-without = Publish without…
rulebook-anew-busy = ↻ Counting anew. It goes on even if this answer does not; events that happen meanwhile are paid right after.
rulebook-anew-published = ✅ Version { $version } is published and in force from now, { $when }.
rulebook-anew-done = ↻ Re-scored since { $day }: { $entries ->
        [one] one payment
       *[other] { NUMBER($entries) } payments
    } of { $members ->
        [one] one member
       *[other] { NUMBER($members) } members
    } changed, together { $amount } points. `/rules history` takes it back.
rulebook-undo-go = Take back the re-score by version { $version }…
rulebook-undo-form = Take back the re-score
rulebook-undo-done = ↺ The re-score since { $day } is taken back: { $entries ->
        [one] one payment is
       *[other] { NUMBER($entries) } payments are
    } what they were, together { $amount } points. The rules in force stay; `/rules rollback` changes them.
rulebook-history-anew = re-scored since { $since } ({ $when }, { $member }): { NUMBER($entries) } payments of { NUMBER($members) } members, { $amount } points
rulebook-history-undone = re-score since { $since } taken back ({ $when }, { $member }), { $amount } points: { $reason }
rulebook-history-running = being counted anew since { $since }…
error-rulebook-since = Write a day from { $first } to { $last } as YYYY-MM-DD: at most { $days } days back, and not before the first recorded event (time zone { $zone }).
error-rulebook-no-events = Nothing was recorded here yet, so there is nothing to re-score.
error-rulebook-undone = That re-score was taken back already, or a later one has to be taken back before it. Look at `/rules history`.
rulebook-anew-levels = { NUMBER($higher) } members would reach a higher level, { NUMBER($lower) } a lower one.
