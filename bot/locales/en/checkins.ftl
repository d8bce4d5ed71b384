# Daily check-ins with a note.

checkins-cmd = checkin
checkins-cmd-desc = Check in for today with a note about what you learned or did
checkins-opt-note = note
checkins-opt-note-desc = What you learned or did; it is posted here under your name and kept nowhere else

checkins-line = 📗 { $member } checked in · { $streak }
checkins-streak = { $count ->
        [one] day 1
       *[other] { $count } days in a row
    }
checkins-paid = Checked in: { $amount }.
checkins-unpaid = Checked in. No points this time: you've reached today's limit, or the rules give none for check-ins.
checkins-stands = Streak: { $streak ->
        [one] 1 day
       *[other] { $streak } days
    } · check-ins in total: { $total }
checkins-bridged = { $count ->
        [one] A freeze covered the day you missed.
       *[other] Freezes covered the { $count } days you missed.
    }
checkins-freezes = { $count ->
        [0] No freezes left this month; missing a day ends your streak.
        [one] 1 freeze left this month: it covers one missed day automatically.
       *[other] { $count } freezes left this month: each covers one missed day automatically.
    }
checkins-next = You can check in again { $when }.

error-checkins-again = You've already checked in today; you can check in again { $when }.
error-checkins-short = Say a little more: a short sentence about what you learned or did.
error-checkins-untracked = Tracking is off for you, so check-ins don't count. You can turn it on with `/privacy`.
