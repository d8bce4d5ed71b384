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

digest-on = **Your weekly digest is on.** It comes every { $weekday } at { $hour } ({ $zone }).
    Next one: { $next }
digest-on-how = -# Another time: `/digest time`. One right now: `/digest now`. No more: `/digest off`, or the button below each digest.
digest-off = Your digest is off. `/digest on` brings it back.
digest-off-already = Your digest is already off; I send you nothing.
digest-time-on = Your digest now comes every { $weekday } at { $hour } ({ $zone }).
    Next one: { $next }
digest-time-off = Noted: { $weekday } at { $hour } ({ $zone }). Your digest is still off; `/digest on` starts it.
digest-status-on = **Your weekly digest is on.** It comes every { $weekday } at { $hour } ({ $zone }).
    Next one: { $next }
digest-status-off = **Your digest is off**, so I send you nothing. With `/digest on` you'd get one every { $weekday } at { $hour } ({ $zone }).
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
