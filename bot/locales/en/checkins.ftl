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
checkins-unpaid = Checked in. It paid nothing this time: the day's points are used up, or the rules pay nothing for it.
checkins-stands = Your streak: { $streak } · check-ins in all: { $total }
checkins-bridged = { $count ->
        [one] A freeze covered the day you missed.
       *[other] Freezes covered the { $count } days you missed.
    }
checkins-freezes = { $count ->
        [0] No freeze is left this month; a missed day ends the streak.
        [one] One freeze is left this month: it covers one missed day by itself.
       *[other] { $count } freezes are left this month: each covers a missed day by itself.
    }
checkins-next = The next check-in is possible { $when }.

error-checkins-again = You have checked in today; the next time is { $when }.
error-checkins-short = Say a little more: a short sentence about what you learned or did.
error-checkins-untracked = You asked not to be tracked, so check-ins are not counted. `/privacy` changes that.
