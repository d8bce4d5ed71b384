# A server that invites the bot again.

departures-title = I'm back in this server
departures-kept = I was removed from this server on { $left }. What was recorded before is still here and counts as it did: points, levels, resources, rules, settings and what members chose. It would have been deleted on { $purged }. Nothing that was written while I was away is read.
departures-purged = I was removed from this server on { $left }. Everything recorded before was deleted on { $purged } or soon after, so everything begins again.
departures-again = Members see, export and erase what is stored about them with `/privacy`. When I'm removed again, everything is kept for { $days } days once more and then deleted.
