# The shop, what members redeem, and the moderators' side of both.

shop-cmd = shop
shop-cmd-desc = See what your points can buy
shop-redeem-cmd = redeem
shop-redeem-cmd-desc = Redeem points, or see what you have redeemed
shop-opt-item = item
shop-opt-item-desc = What to redeem; leave it out to see what you have redeemed

shop-title = 🛍️ Shop
shop-balance = You can spend { $points }.
shop-empty = The shop is empty for now. Your points stay yours.
shop-line = **{ $title }** · { $price }
shop-left = { $count ->
        [one] 1 left
       *[other] { $count } left
    }
shop-sold-out = sold out
shop-choose = Choose something…
shop-page = Page { $page } of { $pages }
shop-before = ◀ Previous
shop-after = Next ▶
shop-mine = What I redeemed
shop-kind-role = role
shop-kind-resource = access
shop-kind-coupon = coupon code
shop-kind-slot = consultation
shop-kind-custom = delivered by a moderator

shop-about-role = You get the role { $role } for { $count ->
        [one] one day
       *[other] { $count } days
    }.
shop-about-role-good = You get the role { $role } permanently.
shop-about-resource = You get access to “{ $title }”.
shop-about-coupon = You get a code that only you can see.
shop-about-slot = You book a time with the moderators.
shop-about-custom = A moderator delivers it to you.
shop-per-member = { $count ->
        [one] One per member.
       *[other] At most { $count } per member.
    }
shop-min-level = Level { $level } or higher.
shop-needs-role = Only for { $role }.
shop-from = Available from { $when }.
shop-until = Available until { $when }.
shop-after-balance = You have { $have } to spend; { $left } will be left.
shop-short = You have { $have } to spend and need { $missing } more.
shop-confirm = Redeem for { $price }
shop-to-shop = Back to the shop
shop-choose-time = Choose a time…
shop-time = { $when } ({ $zone })
shop-no-times = No time is free at the moment.
shop-chosen-time = You chose { $when }.

shop-receipt = ✅ { $title }
shop-receipt-again = You've already redeemed this: { $title }
shop-receipt-paid = { $price } spent, { $left } left to spend.
shop-got-role = { $role } is yours until { $when }.
shop-got-role-good = { $role } is yours.
shop-got-role-soon = { $role } is on its way; it takes a few minutes.
shop-got-role-back = The role couldn't be given, so your points are back. Moderators can see why.
shop-got-resource = You have access to “{ $title }”.
shop-got-resource-gone = What it gave access to is no longer in the catalogue; ask a moderator.
shop-got-code = Your code, which only you can see: `{ $code }`
shop-got-slot = Your time: { $when }
shop-got-custom = A moderator will deliver it.
shop-got-done = A moderator has delivered it.
shop-got-over = It ended { $when }.
shop-got-refunded = Refunded.
shop-got-refunded-note = Refunded: { $note }
shop-open = Open
shop-again = See this again with `/redeem`.
shop-redeemed-title = 🎁 What you redeemed
shop-redeemed-none = You haven't redeemed anything yet. `/shop` shows what your points can buy.
shop-redeemed-line = **{ $title }** · { $price } · { $when }

shop-admin-cmd = shop-admin
shop-admin-cmd-desc = Manage the shop's items and pending orders
shop-admin-add-cmd = add
shop-admin-add-desc = Add an item to the shop; a form asks for the rest
shop-admin-edit-cmd = edit
shop-admin-edit-desc = Change, restock or retire an item
shop-admin-queue-cmd = queue
shop-admin-queue-desc = See pending orders and any problems with them
shop-opt-kind = kind
shop-opt-kind-desc = What members get
shop-opt-role = role
shop-opt-role-desc = For kind “role”: which role to give
shop-opt-resource = resource
shop-opt-resource-desc = For kind “access”: which resource of the catalogue
shop-opt-admin-item-desc = What to change

shop-form-add = New: { $kind }
shop-form-edit = Change
shop-form-terms = Conditions
shop-form-stock = Restock
shop-form-refund = Refund
shop-field-title = Title
shop-field-description = Description
shop-field-price = Price in points
shop-field-days = Days
shop-field-days-hint = How long the role stays; empty: permanently
shop-field-stock = Stock
shop-field-stock-hint = How many are left; empty: unlimited
shop-field-codes = Codes
shop-field-codes-hint = One per line, each given out once
shop-field-file = … or a text file of codes
shop-field-times = Times
shop-field-times-hint = One per line, such as 2026-03-05 14:00 ({ $zone })
shop-field-per-member = Limit per member
shop-field-per-member-hint = Empty: no limit
shop-field-min-level = Minimum level
shop-field-min-level-hint = Empty: any level
shop-field-needs-role = Only for
shop-field-needs-role-hint = Nothing chosen: everybody
shop-field-from = From
shop-field-until = Until
shop-field-moment-hint = Such as 2026-03-05 14:00 ({ $zone }); empty: always
shop-field-reason = Reason
shop-field-reason-hint = The member will see it

shop-item-live = In the shop
shop-item-retired = Retired: members do not see it
shop-item-added = { $count ->
        [one] 1 added.
       *[other] { $count } added.
    }
shop-item-stock = Left: { $count }
shop-item-stock-any = Left: unlimited
shop-item-gives = It gives { $role }.
shop-item-anybody = For everybody, at any time, as often as they like.
shop-edit = Change
shop-terms = Conditions
shop-restock = Restock
shop-retire = Retire
shop-restore = Put back in the shop

shop-queue-title = 📦 Pending orders
shop-queue-empty = No pending orders.
shop-queue-line = **{ $title }** · { $member } · { $when }
shop-queue-trouble = { $role }: { $problem }
shop-queue-slot = { $line } · time: { $at }
shop-queue-choose = Choose one to deliver or refund…
shop-queue-option = { $title } · number { $number }
shop-queue-done = Mark as delivered
shop-queue-refund = Refund…
shop-queue-back = Back to pending orders
shop-queue-problem = ⚠️ { $title } · { $role }: { $problem }
shop-orders-title = { $n ->
    [one] 📦 A new order
   *[other] 📦 { $n } new orders
}
shop-orders-more = … and { $n } more
shop-orders-hint = Deliver or refund with `/shop-admin queue`.
shop-problems-title = 📦 Roles for sale that I can't give
shop-problems-hint = `/shop-admin edit` changes them. Until then nobody can redeem them.
shop-queue-channel = New orders are announced in { $channel }.
shop-queue-no-channel = Choose a channel for new orders with `/levels staff`.
shop-fulfilled = Delivered: { $title } to { $member }.
shop-refunded = Refunded: { $price } to { $member }. Reason: { $reason }
shop-problem-permission = I lack the Manage Roles permission; grant it to my role.
shop-problem-above = the role is above mine; move my role above it in Server Settings > Roles.
shop-problem-managed = the role is managed by an integration; choose another.
shop-problem-gone = the role was deleted; retire this or choose another role.
shop-problem-refused = Discord refuses; check my permissions.
shop-problem-dangerous = it has permissions that only the server's owner may have me give; take them from it, or let the owner save the item again with Change.
shop-problem-unpermitted = whoever sells it lacks the Manage Roles permission; let somebody who may give it save the item again with Change.
shop-problem-outranked = it isn't below the highest role of whoever sells it; let somebody who may give it save the item again with Change.
shop-problem-absent = whoever sells it has left or is unknown; let somebody who may give it save the item again with Change.
shop-problem-left = the member left the server.
shop-problem-unreachable = Discord can't be reached; I'll keep trying.

error-shop-gone = That is no longer in the shop; `/shop` shows what is.
error-shop-pick = Nothing in the shop is called “{ $value }”; pick one from the list.
error-shop-over = It was available until { $when }.
error-shop-early = It will be available from { $when }.
error-shop-limit = You've already redeemed this as often as one member can ({ $count }).
error-shop-level = You need level { $level } or higher.
error-shop-role = Only members with { $role } can redeem it.
error-shop-has-role = You already have { $role }.
error-shop-sold-out = It is sold out.
error-shop-price-changed = Its price is now { $price } points; please check again before you redeem.
error-shop-choose-time = Choose one of the times first.
error-shop-time-taken = Somebody else has just taken that time; choose another.
error-shop-role-broken = That role can't be given right now; you keep your points. Moderators can see why.
error-shop-resource-closed = What it gives access to can't be opened with it right now, so it can't be redeemed; ask a moderator.
error-shop-reason = Enter a reason; the member reads it.
error-shop-handled = Somebody has already dealt with that.
error-shop-title = Enter a title of 1 to { $high } characters.
error-shop-price = Enter a price in points, more than 0 and up to { $high }, with at most two decimals.
error-shop-count = Enter a whole number from { $low } to { $high }, or leave it empty.
error-shop-moment = I can't read “{ $written }”; enter a date and time such as 2026-03-05 14:00.
error-shop-codes = Enter 1 to { $high } codes, one per line.
error-shop-code-length = A code has at most { $high } characters.
error-shop-times = Enter 1 to { $high } times, one per line, such as 2026-03-05 14:00.
error-shop-past = { $written } is in the past; enter future times.
error-shop-file = That file is not UTF-8 text of at most 1 MB; save the codes as plain text, one per line.
error-shop-which-role = Choose the role to give in the option `role`.
error-shop-which-resource = Choose the resource in the option `resource`.
