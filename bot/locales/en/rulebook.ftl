# The rules of points as moderators see, draft and publish them.

rulebook-cmd = rules
rulebook-cmd-desc = See and change what earns points here
rulebook-list-cmd = list
rulebook-list-desc = See what earns how many points, and who changed it last
rulebook-set-cmd = set
rulebook-set-desc = Change one value immediately; points already earned stay
rulebook-draft-cmd = draft
rulebook-draft-desc = Change the rules in menus and forms; nothing takes effect until you publish
rulebook-publish-cmd = publish
rulebook-publish-desc = See what the draft changes, and publish it as a new version
rulebook-history-cmd = history
rulebook-history-desc = Every version of the rules: who, when and why
rulebook-rollback-cmd = rollback
rulebook-rollback-desc = Publish an old version as a new one
rulebook-export-cmd = export
rulebook-export-desc = Get the rules as a TOML file
rulebook-import-cmd = import
rulebook-import-replaced = ⚠️ This replaced the draft of { $member }, last changed { $when }. Each value it had stands in the log, before and after.
rulebook-import-desc = Turn a TOML file into the draft; nothing takes effect until you publish
rulebook-opt-rule = rule
rulebook-opt-rule-desc = Which rule to change
rulebook-opt-field = field
rulebook-opt-field-desc = Which of the rule's values to change
rulebook-opt-value = value
rulebook-opt-value-desc = The new value; takes effect immediately
rulebook-opt-reason = reason
rulebook-opt-reason-desc = Why, in a few words; shown in /rules history
rulebook-opt-version = version
rulebook-opt-version-desc = Which version; 0 is the defaults
rulebook-opt-export-version-desc = Which version; leave it out for the one in force
rulebook-opt-file = file
rulebook-opt-file-desc = The rules as TOML, in the format of /rules export

rulebook-title = Reward rules · version { $version }
rulebook-default = The defaults: nobody has changed them yet.
rulebook-line = { $field }: { $value }
rulebook-row = **{ $rule }** · { $told }
rulebook-row-daily = ≤ { $count }/day
rulebook-row-step = { $amount } for { $step } saves
rulebook-row-uncapped = outside the daily cap
rulebook-row-off = no points
rulebook-row-answered = count fully once { $count } others answered, { $percent }% before
rulebook-row-small = eased while fewer than { $count } others take part
rulebook-row-without = off
rulebook-row-newcomer = what they give counts { $percent }%
rulebook-row-multipliers = { $channels ->
        [0] no channels
        [one] one channel
       *[other] { $channels } channels
    }, { $roles ->
        [0] no roles
        [one] one role
       *[other] { $roles } roles
    }
rulebook-row-general = daily cap { $amount }
rulebook-row-levels = { $curve }, { $percent }%
rulebook-rule-title = { $rule } · version { $version }
rulebook-list-choose = See all values of a rule
rulebook-list-open = All rules
rulebook-by = Changed by { $member } { $when }: { $reason }
rulebook-value-length = { $value ->
        [0] 0 (anything)
        [1] 1 (any text)
        [2] 2 (a short sentence)
       *[3] 3 (a long text)
    }
rulebook-value-nothing = –
rulebook-value-more = { $shown } … ({ $count } more)
rulebook-value-yes = yes
rulebook-value-no = no
rulebook-choice-mee6 = like MEE6
rulebook-choice-linear = the same for every level
rulebook-choice-skool = nine levels, like Skool
rulebook-choice-list = a custom list
rulebook-choice-none = no seasons
rulebook-choice-monthly = every month
rulebook-choice-quarterly = every quarter
rulebook-choice-dates = on custom dates
rulebook-change = { $rule } · { $field }: { $before } → **{ $after }**
rulebook-more = … and { $count } more

rulebook-draft-title = 📝 Draft of the rules
rulebook-draft-none = There is no draft yet; these are the rules of version { $version }. Choose a section to change; members notice nothing until you publish.
rulebook-draft-same = The draft is the same as the rules in force.
rulebook-draft-by = Last changed by { $member } { $when }. It changes { $count ->
        [one] one value
       *[other] { $count } values
    } (✏️) of version { $version }, now in force:
rulebook-draft-later = Version { $version } is published and takes effect { $when }; the draft builds on it.
rulebook-draft-open = Edit a draft…
rulebook-draft-choose = Choose a section to change
rulebook-draft-field = Choose what to change
rulebook-draft-option = now { $value }
rulebook-draft-back = Back to the draft
rulebook-draft-discard = Discard the draft
rulebook-draft-discarded = Draft discarded; the rules in force are unchanged.
rulebook-draft-was = { $field }: { $before } → **{ $after }**
rulebook-draft-weights = Points in these channels or for these roles count the percentage you enter; 100 removes one from the list.

rulebook-field-now = { $field } ({ $value })
rulebook-field-value = Current list (id=percent)
rulebook-field-value-hint = Edit it here or choose below; empty for none
rulebook-field-chosen = Also set these
rulebook-field-percent = Percentage
rulebook-field-percent-hint = 0 to 1000; 0 earns nothing, 100 removes them from the list
rulebook-field-reason = Why?
rulebook-field-reason-hint = In a few words; shown in /rules history
rulebook-field-at = Start time (empty: immediately)
rulebook-field-at-hint = YYYY-MM-DD HH:MM, at most { $days } days ahead, in { $zone }

rulebook-publish-title = Publish the draft as version { $version }?
rulebook-publish-none-title = There is nothing to publish
rulebook-publish-none = Nobody has drafted anything; version { $version } stays in force. Choose a section to change: members notice nothing until you publish. To return to earlier rules, open the history.
rulebook-publish-when = It takes effect when you confirm, or at a later time that you set then. Activity earns points under the version in force when it happens; points already earned stay unless you choose to re-score them.
rulebook-publish-levels = The level curve changes: once it takes effect, everyone's level is recalculated from the points they have earned.
rulebook-publish-go = Publish…
rulebook-publish-form = Publish version { $version }
rulebook-published = ✅ Version { $version } is published and in force since { $when }. Points already earned stay as they are.
rulebook-published-later = ✅ Version { $version } is published and takes effect { $when }. Until then the current rules apply; points already earned stay as they are.
rulebook-withdrawn = It replaces version { $version }, which was scheduled for later.
rulebook-takeback-go = Undo
rulebook-takeback-reason = Undo of version { $version }
rulebook-takeback-done = ↩️ Version { $undone } is undone: version { $version }, in force now, says the same as version { $before }. Points already earned stay as they are.
rulebook-rollback-go = Roll back…
rulebook-rollback-form = Roll back to version { $version }
rulebook-rollback-hint = Publishes it again as version { $version } and changes { $count ->
        [one] one value
       *[other] { $count } values
    } immediately.

rulebook-history-title = 📚 Versions of the rules
rulebook-history-open = History
rulebook-history-end = There are no versions on this page.
rulebook-history-zero = the original defaults
rulebook-history-line = { $when } · { $member }: { $reason }
rulebook-history-live = 🟢 in force
rulebook-history-later = ⏳ from { $at }
rulebook-history-never = never in force
rulebook-history-choice = Version { $version }: { $reason }
rulebook-history-defaults = Version 0: the defaults
rulebook-newer = ◀ Newer
rulebook-older = Older ▶
rulebook-exported = The rules of version { $version } as TOML. Edit the file and import it with `/rules import`.

error-rulebook-moved = This is no longer the draft: it was published, changed or discarded in the meantime. See `/rules draft` as it is now.
error-rulebook-nothing = That changes nothing: these are already the rules in force.
error-rulebook-reason = Please give a reason in a few words; it appears in the history.
error-rulebook-moment = Enter a future time such as 2026-09-01 08:00, at most { $days } days ahead (time zone { $zone }), or leave it empty for immediately.
error-rulebook-version = There is no such version; pick one from the list.
error-rulebook-overtaken = Somebody has set this to { $value } in the meantime. Send yours again to put it in the place of that.
error-rulebook-newer = Another version was published in the meantime. See `/rules history` as it is now.
error-rulebook-takeback = Another version was published since then, so this one can't be undone on its own. `/rules history` rolls back.
error-rulebook-takeback-drafted = The draft was changed since version { $version } was published and builds on it. Publish or discard the draft first, or roll back in `/rules history`.
error-rulebook-file = Attach a TOML file in the format of `/rules export`: UTF-8, at most 64 kB.
error-rulebook-toml = { $line ->
    [0] That is not TOML as `/rules export` writes it: something in it is unfinished, too deep or too long.
   *[other] Line { $line }, character { $column } can't be read as TOML. Is something there twice, or a quote, bracket or “=” missing?
}
error-rulebook-unknown = The file contains “{ $path }”, which is not a setting of any rule.
error-rulebook-value = { $high ->
    [0] The file's value for “{ $path }” is not accepted.
   *[other] The file's value for “{ $path }” is not accepted ({ $low } to { $high }).
}

rulebook-preview-cmd = preview
rulebook-preview-desc = See what the draft would have changed over the last days
rulebook-opt-days = days
rulebook-opt-days-desc = How many days to look back (default 30)
rulebook-preview-go = Preview
rulebook-preview-busy = 🔎 Replaying recent activity under the draft and under the rules in force…
rulebook-preview-progress = { $bar } { $done } of { $total } events
rulebook-preview-read = { NUMBER($count) } events replayed under version { $version } and under the draft, both starting from zero
rulebook-preview-row = { $name }: { $before } → **{ $after }**
rulebook-preview-rising = ▲ Up on the leaderboard
rulebook-preview-falling = ▼ Down on the leaderboard
rulebook-preview-place = { $member }: place { $before } → **{ $after }** ({ $was } → { $becomes })
rulebook-preview-levels = With the points earned so far, the draft's curve moves { $higher } members to a higher level and { $lower } to a lower one.
rulebook-preview-note = A preview changes nothing. It leaves out what moderators gave, took, held or reversed; hidden members count in the totals but are not ranked.
rulebook-picture-title = What the draft would have done in { $days } days
rulebook-picture-now = rules in force (version { $version })
rulebook-picture-then = draft
rulebook-picture-sources = Points by source
rulebook-picture-board = The leaderboard under the draft
rulebook-picture-member = a member
rulebook-figure-minted = Points awarded
rulebook-figure-earning = Members earning points
rulebook-figure-gini = Gini (0 = equal)
rulebook-figure-top = Share of the top 10
rulebook-figure-cap = Reached the daily cap
rulebook-figure-limit = Reached a rule's daily limit
error-rulebook-busy = A preview is already running here; please wait for it to finish.
error-rulebook-trial = The preview stopped before it was done; nothing was changed. Try again with fewer `days`. If that doesn't help, the bot's log says why.
error-rulebook-nothing-drafted = There is nothing to preview: the draft is the same as the rules in force. Change something with `/rules draft` first.

rulebook-evidence-cmd = evidence
rulebook-evidence-desc = Look for groups that farm points together, and hold or reverse those points
rulebook-opt-first = first
rulebook-opt-first-desc = To look at two to four members instead: the first one
rulebook-opt-second = second
rulebook-opt-second-desc = The second member
rulebook-opt-third = third
rulebook-opt-third-desc = The third member, if any
rulebook-opt-fourth = fourth
rulebook-opt-fourth-desc = The fourth member, if any
rulebook-evidence-title = 🔍 Who earned points from whom since { $when }
rulebook-evidence-acts = { $count } interactions that earned points (reactions, replies, accepted answers, saves) among { $members } members
rulebook-evidence-mutual = Reciprocity: { $share } of them between two members who earned from each other three times or more; members in such pairs: { $members }
rulebook-evidence-concentrated = Concentration: members who got at least half of six or more interactions from one person: { $members }
rulebook-evidence-quick = Bursts: { $count } interactions within a minute of the same member's previous one
rulebook-evidence-few = fewer than 5
rulebook-evidence-none = No group of 5 to 50 members mainly gives points to itself.
rulebook-evidence-ring = Group { $number }: { $members } members, { $acts } interactions and { $points } points within the group, { $inside } of all they received
rulebook-evidence-choose = Look at a group
rulebook-evidence-note = These are counts over groups of at least 5, never about one member; to look at fewer, name them in the command. They are a reason to look, not proof: study groups thank each other too.
rulebook-ring-title = A group of { $count }
rulebook-ring-counts = { $acts } interactions and { $points } points within the group: { $inside } of all they received. { $mutual } of all pairs gave each other points both ways; { $quick } interactions came within a minute of the one before.
rulebook-ring-note = Hold: the points don't count until you release or reverse them, and their owners see that moderators are looking into it. Reverse: the points are taken back permanently. Each asks for a reason.
rulebook-ring-hold = Hold
rulebook-ring-release = Release
rulebook-ring-reverse = Reverse
rulebook-ring-done-hold = Held: { $count } of { $all } entries. Their owners see them as on hold, with nothing decided.
rulebook-ring-done-release = Released: { $count } of { $all } entries count again.
rulebook-ring-done-reverse = Reversed: { $count } of { $all } entries are taken back.
error-rulebook-ring = That group is no longer there; look again with `/rules evidence`.
error-rulebook-few = Name two to { $high } different members.
error-rulebook-few-none = These members gave each other no points in that time, or they have been taken back.

rulebook-opt-since = rescore-since
rulebook-opt-since-desc = Re-score points earned since this day (YYYY-MM-DD); leave it out and earned points stay
rulebook-since-choice = { $days ->
        [0] { $day } (today)
        [one] { $day } (yesterday)
       *[other] { $day } ({ $days } days ago)
    }
rulebook-rescore-go = Re-score since…
rulebook-rescore-form = Re-score earned points
rulebook-rescore-day = Since which day?
rulebook-rescore-day-hint = YYYY-MM-DD, in the server's time zone. You'll see what would change before anything does.
rulebook-picture-rescore = What re-scoring since { $day } would change
rulebook-picture-held = as given
rulebook-picture-counted = re-scored
rulebook-rescore-read = { NUMBER($count) } events since then scored under the draft, next to what was actually given for them
rulebook-rescore-besides = { $count ->
        [one] Version { $versions } decided in that time, too. Compared with it, the re-score also counts:
       *[other] Versions { $versions } decided in that time, too. Compared with them, the re-score also counts:
    }
rulebook-rescore-effect = { $entries ->
        [one] **One entry**
       *[other] **{ NUMBER($entries) } entries**
    } of { $members ->
        [one] one member
       *[other] { NUMBER($members) } members
    } would change: { NUMBER($gaining) } gain, { NUMBER($losing) } lose, **{ $amount }** points in total.
rulebook-rescore-nothing = No points earned since { $day } would change; publish the draft without re-scoring.
rulebook-rescore-note = Nothing has changed yet. Points that moderators gave, took, held or reversed stay as they are, and so does everything redeemed; nobody ends up owing points. You can undo a re-score in `/rules history`.
rulebook-rescore-publish = Publish and re-score…
rulebook-rescore-without = Publish without re-scoring…
rulebook-rescore-busy = ↻ Re-scoring. It continues even if this message stops updating; anything that happens in the meantime is scored right after.
rulebook-rescore-published = ✅ Version { $version } is published and in force since { $when }.
rulebook-rescore-done = ↻ Re-scored since { $day }: { $entries ->
        [one] one entry
       *[other] { NUMBER($entries) } entries
    } of { $members ->
        [one] one member
       *[other] { NUMBER($members) } members
    } changed, { $amount } points in total. `/rules history` can undo it.
rulebook-undo-go = Undo the re-score by version { $version }…
rulebook-undo-form = Undo the re-score
rulebook-undo-done = ↺ The re-score since { $day } is undone: { $entries ->
        [one] one entry is
       *[other] { NUMBER($entries) } entries are
    } as before, { $amount } points in total. The rules in force stay; `/rules rollback` changes them.
rulebook-history-rescore = re-scored since { $since } ({ $when }, { $member }): { NUMBER($entries) } entries of { NUMBER($members) } members, { $amount } points
rulebook-history-undone = re-score since { $since } undone ({ $when }, { $member }), { $amount } points: { $reason }
rulebook-history-running = re-scoring since { $since }…
error-rulebook-since = Enter a day from { $first } to { $last } as YYYY-MM-DD: at most { $days } days back, and not before the first recorded event (time zone { $zone }).
error-rulebook-no-events = Nothing has been recorded here yet, so there is nothing to re-score.
error-rulebook-undone = That re-score has already been undone, or a later one must be undone first. See `/rules history`.
rulebook-rescore-levels = { NUMBER($higher) } members would reach a higher level, { NUMBER($lower) } a lower one.
