# What is sold elsewhere: products, purchases, and what they open.

purchases-cmd-product = product
purchases-cmd-product-desc = Say what you sell elsewhere and what it opens here
purchases-cmd-add = add
purchases-cmd-add-desc = Add a product that you sell elsewhere
purchases-cmd-edit = edit
purchases-cmd-edit-desc = Change a product; what was bought keeps its terms
purchases-cmd-opens = opens
purchases-cmd-opens-desc = Let a product open a resource; others then see a price instead of the link
purchases-cmd-id = id
purchases-cmd-id-desc = Say by which id a shop knows a product: a price, a tier, a plan, an SKU, a role
purchases-cmd-retire = retire
purchases-cmd-retire-desc = Stop selling a product; who bought it keeps it
purchases-cmd-restore = restore
purchases-cmd-restore-desc = Sell a retired product again
purchases-cmd-list = list
purchases-cmd-list-desc = See your products, what they open, and what keeps them from working
purchases-cmd-purchase = purchase
purchases-cmd-purchase-desc = Grant, refund and assign single purchases
purchases-cmd-grant = grant
purchases-cmd-grant-desc = Give somebody a product by hand
purchases-cmd-refund = refund
purchases-cmd-refund-desc = Take back what a purchase gave; the money is given back where it was paid
purchases-cmd-assign = assign
purchases-cmd-assign-desc = Say whose a purchase is
purchases-cmd-show = show
purchases-cmd-show-desc = See what somebody bought, or what nobody has claimed yet

purchases-cmd-buy = buy
purchases-cmd-buy-desc = See what is sold here and how to get it
purchases-cmd-claim = claim
purchases-cmd-claim-desc = Connect a purchase you made to your account here
purchases-opt-claim = order
purchases-opt-claim-desc = The order number, or the e-mail address you paid with, which is not kept
purchases-shelf = **What is sold here.** Only you see this.
purchases-shelf-empty = Nothing is sold here at the moment.
purchases-shelf-more = `/buy product` finds the others.
purchases-offer-opens = **Opens**
purchases-offer-buy = Buy
purchases-offer-nowhere = Ask a moderator how to buy it. If you have paid already, `/claim` connects your purchase.
purchases-offer-known = This link is yours: what you buy with it opens by itself within a minute.
purchases-offer-claim = After paying, `/claim` with the order number opens it.
purchases-offer-has = ✅ You have it.
purchases-offer-until = ✅ You have it until { $when }.
purchases-claimed = ✅ **Yours now:**
purchases-claimed-unknown = ✅ Yours now. Moderators have yet to say what it opens.

purchases-opt-title = title
purchases-opt-title-desc = What members call it
purchases-opt-price = price
purchases-opt-price-desc = What it costs, such as 49.90
purchases-opt-currency = currency
purchases-opt-currency-desc = Three letters, such as USD, EUR or CNY
purchases-opt-term = term
purchases-opt-term-desc = For how long it opens what it opens
purchases-opt-days = days
purchases-opt-days-desc = For how many days, where it is sold by days
purchases-opt-grace = grace
purchases-opt-grace-desc = Days after the end until access is taken back
purchases-opt-role = role
purchases-opt-role-desc = A role; @everyone for none
purchases-opt-link = link
purchases-opt-link-desc = Where it is bought; {"{"}reference{"}"} stands for the buyer's reference; - for nowhere
purchases-opt-product = product
purchases-opt-product-desc = Pick one from the list
purchases-opt-resource = resource
purchases-opt-resource-desc = Pick one from the list
purchases-opt-remove = remove
purchases-opt-remove-desc = Take it away instead
purchases-opt-source = source
purchases-opt-source-desc = Which shop
purchases-opt-key = id
purchases-opt-key-desc = As that shop calls it; /product list shows ids that were seen and are unknown
purchases-opt-member = member
purchases-opt-member-desc = Who; an id works for somebody who isn't here yet
purchases-opt-reason = reason
purchases-opt-reason-desc = Other moderators read it in the log
purchases-opt-order = order
purchases-opt-order-desc = The order number

purchases-choice-forever = permanently
purchases-choice-days = for some days
purchases-choice-subscription = as long as the subscription runs
purchases-source-stripe = Stripe
purchases-source-patreon = Patreon
purchases-source-lemonsqueezy = Lemon Squeezy
purchases-source-afdian = Afdian (爱发电)
purchases-source-standard = Standard Webhooks
purchases-source-discord = Discord
purchases-source-role = a role
purchases-source-csv = CSV file
purchases-source-hand = by hand

purchases-term-forever = permanently
purchases-term-days = { $count ->
    [one] { $count } day
   *[other] { $count } days
}
purchases-term-subscription = subscription
purchases-retired = not sold any more
purchases-opens = { $count ->
    [one] Opens { $count } resource
   *[other] Opens { $count } resources
}
purchases-gives = Gives { $role }
purchases-grace = { $count ->
    [one] Taken back { $count } day after the end
   *[other] Taken back { $count } days after the end
}
purchases-problem = ⚠️ { $problem }
purchases-problem-permission = I can't give { $role }: I lack the Manage Roles permission. Grant it in Server Settings > Roles; I'll then continue automatically.
purchases-problem-above = { $role } is above my highest role. Drag my role above it in Server Settings > Roles; I'll then continue automatically.
purchases-problem-managed = { $role } is managed by an integration or is @everyone, so it can't be given. Choose another with `/product edit`.
purchases-problem-gone = Its role was deleted. Choose another with `/product edit`.
purchases-problem-refused = Discord refused to give { $role }. Check my permissions, then choose it again with `/product edit`.
purchases-problem-dangerous = I don't give { $role }: it has permissions that only the server's owner may have me give. Take them from it, or let the owner choose it again with `/product edit`.
purchases-problem-unpermitted = I don't give { $role }: whoever chose it lacks the Manage Roles permission. Let somebody who may give it choose it again with `/product edit`.
purchases-problem-outranked = I don't give { $role }: it isn't below the highest role of whoever chose it. Let somebody who may give it choose it again with `/product edit`.
purchases-problem-absent = I don't give { $role }: whoever chose it has left or is unknown. Let somebody who may give it choose it again with `/product edit`.
purchases-trouble = ⚠️ **{ $title }** was bought, and its role can't be given.
purchases-called = Known as { $keys }
purchases-uncalled = No shop's id yet: `/product id` connects it
purchases-link = Sold at { $url }
purchases-added = ✅ Added. `/product opens` says what it opens, `/product id` how your shop calls it.
purchases-edited = ✅ Changed. What was bought keeps its terms.
purchases-opened = ✅ It opens that resource, also for those who bought it earlier. Others see a price and how to get it.
purchases-closes = ✅ It does not open that resource any more.
purchases-named = ✅ Connected.
purchases-waited = { $count ->
    [one] { $count } purchase had waited for this.
   *[other] { $count } purchases had waited for this.
}
purchases-unnamed = ✅ Disconnected; purchases so far keep what they gave.
purchases-was-retired = ✅ Not sold any more; who bought it keeps it.
purchases-restored = ✅ Sold again.
purchases-none = No products yet. `/product add` adds one.
purchases-list = { $count ->
    [one] **{ $count } product**
   *[other] **{ $count } products**
}
purchases-more = … and { $count } more
purchases-members = { $count ->
    [one] { $count } member has it
   *[other] { $count } members have it
}
purchases-unknown = **Paid for, and no product has the id** (`/product id` connects it):
purchases-unknown-line = -# `{ $source }` `{ $value }` · { $count ->
    [one] { $count } purchase
   *[other] { $count } purchases
}
purchases-undo = Undo
purchases-product-unknown = an unknown product
purchases-unclaimed-one = unclaimed
purchases-refunded-one = refunded
purchases-granted = ✅ { $member } has **{ $title }** now.
purchases-was-refunded = ✅ Taken back. Access ends now, after the product's grace days.
purchases-was-assigned = ✅ It is { $member }'s now.
purchases-was-undone = ↩️ Undone.
purchases-unclaimed = { $count ->
    [0] Nothing waits to be claimed.
    [one] **{ $count } purchase that nobody has claimed**
   *[other] **{ $count } purchases that nobody has claimed**
}
purchases-of = **What { $member } bought**
purchases-nothing = Nothing.

purchases-offer-again = Renew
purchases-reminder = ⏳ **{ $title }** in { $server } ends on { $when }.
purchases-reminder-used = You have used { $used } of the { $count ->
    [one] one resource
   *[other] { $count } resources
} it opens.
purchases-reminder-ask = Would you like to go on? If so, renew it before then: the days add up, and nothing is lost.
purchases-reminder-last = After that what it opened closes. If you renew it before then, the days add up.
purchases-reminder-renews = 🔁 **{ $title }** in { $server } is paid for until { $when }, and then renews itself unless you cancelled it.
purchases-reminder-decide = Is it worth it to you? If so, there is nothing to do. If not, cancel it where you bought it, before that day.
purchases-invitation = 🎟️ **{ $title }** opens in { $server }, and you aren't there yet. This invitation is for you alone.
purchases-invitation-join = Join
purchases-invitation-how = Nobody else can use it. It works once, for a week.
purchases-invited = Not in the server. An invitation for **{ $title }** that only they can use, until { $when }: <{ $url }>
purchases-noted = OK
purchases-noted-done = 👌 Noted; you won't be reminded of this end again.

purchases-cmd-receipt = receipt
purchases-cmd-receipt-desc = See what your membership here gave you
purchases-opt-period = period
purchases-opt-period-desc = Over which time; the last 30 days if you leave it out
purchases-receipt-title = What your membership gave you
purchases-receipt-period-days = the last 30 days
purchases-receipt-period-last = last month
purchases-receipt-period-all = all time
purchases-receipt-month = { $month }
purchases-receipt-finished = Finished
purchases-receipt-opened = Opened
purchases-receipt-saved = Saved
purchases-receipt-got = Answers you got
purchases-receipt-given = Answers you gave
purchases-receipt-accepted = { $count }, { $n } of them accepted
purchases-receipt-points = Points earned
purchases-receipt-level = Level
purchases-receipt-had = **What you bought and have now**
purchases-receipt-used = { $used } of { $count ->
    [one] { $count } resource used
   *[other] { $count } resources used
}
purchases-receipt-until = until { $when }
purchases-receipt-private = Only you see this.
purchases-receipt-empty = Nothing here yet for this time. `/recommend` finds something to begin with.
purchases-receipt-untracked = Tracking is off for you, so there is little to count. `/privacy` changes that.
purchases-receipt-is-monthly = It comes to you by direct message on the first of every month.
purchases-receipt-closed = The last one didn't arrive: allow direct messages from this server in its privacy settings.
purchases-receipt-monthly-on = Send me this every month
purchases-receipt-monthly-off = Don't send it every month
purchases-receipt-letter = Your month in **{ $server }**
purchases-receipt-stop = No more of these
purchases-receipt-stopped = 👌 No more monthly receipts. `/receipt` shows them any time.

purchases-cmd-renewals = renewals
purchases-cmd-renewals-desc = See how much what you sell is used, before people decide to renew
purchases-renewals = **How much it is used.** Ending soon: within { $days } days.
purchases-renewals-none = No product opens a resource yet, so there is nothing to measure.
purchases-renewals-all = -# Everybody who has it: { $counts }
purchases-renewals-ending = -# Ending soon: { $counts }
purchases-renewals-few = fewer than five members
purchases-renewals-how = Much: half of what it opens or more, or five resources. Little: none. Groups of fewer than five are not shown (?), and nobody is named.
purchases-use-much = much { $count }
purchases-use-some = some { $count }
purchases-use-little = little { $count }

error-purchases-nothing = Nothing changes: fill in what should be different.
error-purchases-gone = That product doesn't exist any more; `/product list` shows those there are.
error-purchases-key = Enter the id as the shop calls it: for Discord the SKU's number.
error-purchases-which-role = Choose the role that stands for this purchase, not @everyone.
error-purchases-own-role = I give that role myself, so having it proves no purchase. Choose another role.
error-purchases-key-taken = Another product has the id { $value } already; `/product list` shows which.
error-purchases-pick = No single product fits “{ $value }”. Pick one from the list.
error-purchases-title = Enter a title with at least one visible character.
error-purchases-title-taken = There is a product called “{ $title }” already. Choose another title.
error-purchases-many = A server has at most { $limit } products.
error-purchases-days = Say for how many days it is sold.
error-purchases-reason = Enter a reason that others can read.
error-purchases-undone = That was undone already, or can't be undone any more.
error-purchases-unknown = That purchase is not known any more.
error-purchases-refunded = All of that purchase was taken back already.
error-purchases-number = No single purchase has the number { $value }. Pick one from the list.
error-purchases-not-sold = That isn't sold any more; `/buy` shows what is.
error-purchases-claim = Nothing unclaimed fits that. Check the order number, or use the e-mail address you paid with; moderators can look for it, too.
error-purchases-tries = { $limit } tries an hour are the most. Try again later, or ask a moderator.
error-purchases-line-order = “{ $value }” is no order number: 1 to 100 characters, not rounded by a spreadsheet.
error-purchases-line-product = No product is called “{ $value }”; `/product list` shows their titles and ids of CSV files.
error-purchases-line-date = “{ $value }” is no date; write it as 2026-03-02 or 2026-03-02T09:00:00Z.
