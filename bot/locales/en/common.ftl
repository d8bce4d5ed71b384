# Words and sentences every feature uses.

error-not-allowed = You need the Manage Server permission for that.
error-bad-option = I don't recognise “{ $value }”; pick one from the list.
error-option-number = “{ $value }” is not accepted there; enter a number from { NUMBER($low, useGrouping: 0) } to { NUMBER($high, useGrouping: 0) }.
error-option-length = “{ $value }…” is not accepted there; enter { $low } to { $high } characters.
error-busy = I can't save anything right now: another program is using my database. Try again in a minute.
error-storage = I can't read or save anything right now, so nothing was changed. Please try again later. If it goes on, whoever runs me finds the reason in my log.
error-unexpected = Something went wrong on my side. If it happens again, give a moderator this reference: { $reference }

staff-waiting = Something is waiting for moderators: see `/levels view` and `/shop-admin queue`.
staff-public = I don't say more here because everybody can read this channel. Choose a private one with `/levels staff`.
staff-problem-public = Everybody can read { $channel }, so I post no details there. Take View Channel from @everyone in its settings, or choose another channel with `/levels staff`.
staff-problem-closed = I can't post in the moderators' channel. Let me view it and send messages there, or choose another with `/levels staff`.

erased-member = an erased member
operator = Whoever runs me

error-role-permission = I can't give { $role }: I lack the Manage Roles permission. Grant it in Server Settings > Roles, then try again.
error-role-above = { $role } is above my highest role. Drag my role above it in Server Settings > Roles, then try again.
error-role-managed = { $role } is managed by an integration or is @everyone, so it can't be given. Choose another role.
error-role-gone = That role was deleted; choose another.
error-role-unpermitted = You need the Manage Roles permission to have me give { $role }.
error-role-outranked = { $role } isn't below your highest role, so you can't have me give it. Choose another role, or ask somebody above it.
error-role-dangerous = { $role } has permissions that only the server's owner may have me give: { $permissions }. Choose another role, or take them from it in Server Settings > Roles.

permission-administrator = Administrator
permission-ban-members = Ban Members
permission-deafen-members = Deafen Members
permission-kick-members = Kick Members
permission-manage-channels = Manage Channels
permission-manage-events = Manage Events
permission-manage-expressions = Manage Expressions
permission-manage-guild = Manage Server
permission-manage-messages = Manage Messages
permission-manage-nicknames = Manage Nicknames
permission-manage-roles = Manage Roles
permission-manage-threads = Manage Threads
permission-manage-webhooks = Manage Webhooks
permission-mention-everyone = Mention @everyone
permission-moderate-members = Timeout Members
permission-move-members = Move Members
permission-mute-members = Mute Members
permission-view-audit-log = View Audit Log
permission-view-creator-monetization-analytics = View Creator Monetization Analytics
permission-view-guild-insights = View Server Insights

kind-article = article
kind-course = course
kind-ebook = e-book
kind-video = video
kind-tool = tool
kind-page = knowledge-base page
kind-thread = thread
kind-consultation = consultation

level-beginner = beginner
level-intermediate = intermediate
level-advanced = advanced

language-en = English
language-zh = 中文

card-open = Open
card-get = Get it
card-sold = 🔒 For those who bought it: `/buy`
card-save = Save
card-saved = Saved ✓
card-dismiss = Not for me
card-more = More…
card-free = free
card-minutes = { $minutes } min
card-hours = { $hours } h

say-on = { $what } ✓
say-useful = Useful
say-known = I know it
say-too-easy = Too easy
say-too-hard = Too hard
say-outdated = Outdated
say-broken = Broken link
say-started = In progress
say-done = Done
say-note = Note
say-sentence = Say why
say-stars = Rate it: 1 to 5 stars
say-stars-none = Take my rating back

why-because-open = Because you opened “{ $title }”
why-because-save = Because you saved “{ $title }”
why-because-reaction = Because you liked “{ $title }”
why-because-comment = Because you talked about “{ $title }”
why-because-follow = Because you follow “{ $title }”
why-because-purchase = Because you bought “{ $title }”
why-because-useful = Because “{ $title }” was useful to you
why-because-rated = Because you rated “{ $title }” highly
why-because-known = Because you know “{ $title }”
why-because-started = Because you are working on “{ $title }”
why-because-done = Because you finished “{ $title }”
why-popular = Popular here right now
why-follows-named = The next step after “{ $title }”, which you finished
why-new = New in the catalogue
why-liked = People who open it often save or like it
why-interest = Matches your interests
why-interest-named = You named “{ $title }” as an interest
why-together-named = People who wanted “{ $title }” wanted this, too
why-waiting = You saved it and haven't opened it yet
why-favourite-named = Among the most used here about “{ $title }”
why-favourite = Popular here right now
why-topic = Matches the topic you asked for
error-too-fast = That was a lot at once: try again in { $seconds } s.
error-too-many = Many people here are using commands at this moment: try again in { $seconds } s.
