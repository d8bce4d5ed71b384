# The weekly digest: /digest, the letter, its stop button.

digest-cmd = digest
digest-cmd-desc = A few things worth your time, once a week, by direct message
digest-cmd-on = on
digest-cmd-on-desc = Get a digest by direct message every week
digest-cmd-off = off
digest-cmd-off-desc = Stop getting digests
digest-cmd-time = time
digest-cmd-time-desc = Choose when your digest arrives
digest-cmd-now = now
digest-cmd-now-desc = Get your digest right now
digest-cmd-status = status
digest-cmd-status-desc = See whether you get digests, and when the next one comes

digest-opt-weekday = weekday
digest-opt-weekday-desc = The day it comes
digest-opt-hour = hour
digest-opt-hour-desc = The hour it comes, 0 to 23, in your time zone
digest-opt-zone = timezone
digest-opt-zone-desc = Type a city and pick one from the list; it becomes your time zone everywhere

digest-weekday-0 = Monday
digest-weekday-1 = Tuesday
digest-weekday-2 = Wednesday
digest-weekday-3 = Thursday
digest-weekday-4 = Friday
digest-weekday-5 = Saturday
digest-weekday-6 = Sunday

digest-greeting = ## This week in { $guild }
    Picked for you from what members here find worth their time.
digest-footer = You get this because you turned on digests in { $guild }.
digest-stop = Stop these messages
digest-stopped = Done: no more digests from **{ $guild }**. `/digest on` there brings them back.
digest-stopped-unknown = I don't know this digest any more. If you still get them, use `/digest off` in the server.
digest-that-server = that server

digest-on = **Your digest is on.** It comes { $every }, on { $weekday } at { $hour } ({ $zone }).
    Next one: { $next }
digest-on-how = -# Another time: `/digest time`. One right now: `/digest now`. No more: `/digest off`, or the button below each digest.
digest-off = Your digest is off. `/digest on` brings it back.
digest-off-already = Your digest is already off; I send you nothing.
digest-time-on = Your digest now comes { $every }, on { $weekday } at { $hour } ({ $zone }).
    Next one: { $next }
digest-time-off = Noted: { $every }, on { $weekday } at { $hour } ({ $zone }). Your digest is still off; `/digest on` starts it.
digest-status-on = **Your digest is on.** It comes { $every }, on { $weekday } at { $hour } ({ $zone }).
    Next one: { $next }
digest-status-off = **Your digest is off**, so I send you nothing. With `/digest on` you'd get one { $every }, on { $weekday } at { $hour } ({ $zone }).
digest-status-closed = **Your digest is paused**, because Discord won't let me send you direct messages. Allow direct messages from this server in its privacy settings, then use `/digest on`.
digest-last = -# The last one came { $when }.

digest-now-sent = Your digest is in your direct messages.
digest-now-closed = I couldn't send you a direct message. Allow direct messages from this server in its privacy settings, then use `/digest on`.
digest-now-later = Discord asked me to slow down. Your digest will arrive within a few hours.
digest-now-failed = Discord refused the message, so nothing was sent. Try `/recommend` in the meantime.
digest-now-skipped = Nothing was sent: your digest was turned off a moment ago.
digest-preview = ## What your digest would look like
    Nothing was sent, because your digest is off. `/digest on` brings you one every week by direct message.
digest-preview-footer = Only you can see this.
digest-closed = I couldn't send you your digest: Discord says you don't accept direct messages from me. To get it again, allow direct messages from this server in its privacy settings, then use `/digest on`. I won't try again until then.

error-digest-time-zone = I don't know the time zone “{ $value }”. Type a city such as Berlin or Shanghai and pick one from the list.
error-digest-off = Your digest is off, so nothing was sent; `/digest on` turns it on.
error-digest-closed = Discord won't let me send you direct messages: allow them for this server in its privacy settings, then use `/digest on`.
error-digest-too-soon = You just got a digest; you can get the next one { $when }.
error-digest-too-little = I have fewer than three things to recommend to you right now, so I didn't send a digest. More will come as the catalogue grows.
error-digest-busy = Many members are getting their first digest right now; try again in ten minutes.
error-digest-unreachable = I can't reach Discord right now; try again in a few minutes.

digest-cmd-preview = preview
digest-cmd-preview-desc = See what your next digest would be, and whether it would be sent
digest-cmd-pace = pace
digest-cmd-pace-desc = Choose how often your digest comes
digest-cmd-pause = pause
digest-cmd-pause-desc = Let no digest come before a day, or end a pause
digest-opt-every = every
digest-opt-every-desc = Every week, every second week, or once a month
digest-opt-until = until
digest-opt-until-desc = A day such as 2027-01-10; leave it out to end a pause

digest-every-weekly = every week
digest-every-fortnightly = every second week
digest-every-monthly = once a month
digest-every-four-weekly = every fourth week
digest-every-two-monthly = every second month

digest-section-continue = ↩️ Pick up where you left off
digest-section-for-you = ✨ For you
digest-section-new = 🆕 New in your topics
digest-section-answer = 🙋 Questions you could answer
digest-section-solved = ✅ Solved this week in your topics
digest-question = [{ $title }]({ $address })
digest-week = **Your week:** { $parts }
digest-week-points = { $count ->
        [one] 1 point
       *[other] { $count } points
    }
digest-week-streak = { $count ->
        [one] 1 check-in
       *[other] { $count } check-ins in a row
    }
digest-week-place = place { $place } this week

digest-ends = ⏳ What you bought, **{ $title }**, ends on { $when }. If you want to go on, renew it before then: the days add up.
digest-renews = 🔁 **{ $title }** is paid for until { $when }, and then renews itself unless you cancelled it.

digest-say = What do you think of it?
digest-say-useful = Useful
digest-say-known = I know it
digest-say-too-hard = Too hard
digest-say-too-easy = Too easy
digest-say-less = Less of this
digest-said-useful = Good to know: “{ $title }” was useful. I'll look for more like it.
digest-said-known = Noted: you know “{ $title }” already.
digest-said-too-hard = Noted: “{ $title }” was too hard. I'll look for something easier.
digest-said-too-easy = Noted: “{ $title }” was too easy. I'll look for something that asks more of you.
digest-said-less = I won't show you “{ $title }” again, and less like it.

digest-note-slowed = You didn't open anything in the last three digests, so from now on they come half as often. Open anything and they're back to normal; `/digest pace` changes it.
digest-note-asking = You haven't opened anything for a while. Do you still want these? If I don't hear from you, **this is the last one**.
digest-keep = Keep them coming
digest-kept = Good, digests from **{ $guild }** keep coming as before.
digest-pace-slowed = -# You chose “{ $every }”. Because the last ones weren't opened, they come half as often until you open something.
digest-pace-stopped = -# I stopped them because you didn't open any for a while. `/digest on` brings them back.
digest-pace-paused = -# Paused until { $until }. `/digest pause` without a day ends the pause.
digest-skipped = **The last one was not sent** ({ $when }). { $reason }
digest-gated = { $gated ->
        [one] 1 thing wasn't likely enough to interest you
       *[other] { $gated } things weren't likely enough to interest you
    }, so { $left ->
        [0] nothing was left
        [one] only 1 thing was left
       *[other] only { $left } things were left
    }; I send a digest from three on.
digest-too-little = I found { $left ->
        [0] nothing
        [one] only 1 thing
       *[other] only { $left } things
    } to show you; I send a digest from three on.
digest-preview-next = ## What your next digest would be
    As of now; it is put together when it is sent.
error-digest-pause = “{ $value }” isn't a day of the coming year. Write it like 2027-01-10.

# A channel's digest: /channel-digest, and what is posted.

digest-cmd-channel = channel-digest
digest-cmd-channel-desc = The server's best, once a week, in a channel
digest-cmd-channel-setup = setup
digest-cmd-channel-setup-desc = Have the server's best posted in a channel, once a week
digest-cmd-channel-preview = preview
digest-cmd-channel-preview-desc = See what would be posted now, and where and when it will be
digest-cmd-channel-stop = stop
digest-cmd-channel-stop-desc = Stop posting it
digest-opt-channel = channel
digest-opt-channel-desc = Where it is posted
digest-opt-channel-hour-desc = The hour it comes, 0 to 23, in the server's time zone

digest-channel-greeting = ## The week in { $guild }
    What members here found worth their time.
digest-channel-useful = ⭐ Most useful
digest-channel-picks = 🌱 What new members opened first
digest-channel-solved = ✅ Solved this week
digest-channel-thanks = 🙏 **Thank you for answering:** { $names }
digest-channel-useful-by = { $count } members saved it or said it was worth it
digest-channel-picks-by = { $count } new members began with it
digest-channel-own = Get your own by direct message
digest-channel-preview = ## What would be posted now
    Only you can see this.
digest-channel-is-on = It comes in { $channel }, every { $weekday } at { $hour } ({ $zone }). Next one: { $next }
digest-channel-is-off = Nothing is posted in a channel. `/channel-digest setup` turns it on.
digest-channel-how = -# It shows what at least three members saved or said was worth it, solved questions, and who answered, if they are on leaderboards. With fewer than three things the week is skipped. `/channel-digest preview` shows it, `/channel-digest stop` ends it.
digest-channel-off = Done: nothing is posted any more. `/channel-digest setup` turns it on again.
digest-channel-problem = ⚠️ The last one could not be posted. The bot must be able to view the channel, send messages there and read its history.
digest-channel-too-little = { $count ->
        [0] There is nothing to show this week yet
        [one] There is only { $count } thing to show this week
       *[other] There are only { $count } things to show this week
    }; it is posted from three on.
error-digest-channel = In { $channel } I'm missing: { $names }. Give my role these permissions there, then try again.
