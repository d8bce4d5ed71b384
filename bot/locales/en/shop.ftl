# The shop, what members redeem, and the moderators' side of both.

shop-cmd = shop
shop-cmd-desc = See what your points buy here
shop-redeem-cmd = redeem
shop-redeem-cmd-desc = Redeem points for something, or see again what you redeemed
shop-opt-item = item
shop-opt-item-desc = What to redeem; leave it out to see what you have redeemed

shop-title = 🛍️ Shop
shop-balance = You can spend { $points }.
shop-empty = Nothing is for sale here yet. Your points stay yours.
shop-line = **{ $title }** · { $price }
shop-left = { $count ->
        [one] 1 left
       *[other] { $count } left
    }
shop-sold-out = sold out
shop-choose = Choose something …
shop-page = Page { $page } of { $pages }
shop-before = Back
shop-after = More
shop-mine = What I redeemed
shop-kind-role = role
shop-kind-resource = access
shop-kind-coupon = coupon code
shop-kind-slot = consultation
shop-kind-custom = handed over by a moderator

shop-about-role = You get the role { $role } for { $count ->
        [one] one day
       *[other] { $count } days
    }.
shop-about-role-good = You get the role { $role } for good.
shop-about-resource = You get access to “{ $title }”.
shop-about-coupon = You get a code that only you can see.
shop-about-slot = You book a time with the moderators.
shop-about-custom = A moderator hands it over to you.
shop-per-member = { $count ->
        [one] One for each member.
       *[other] At most { $count } for each member.
    }
shop-min-level = From level { $level } on.
shop-needs-role = For { $role }.
shop-from = From { $when } on.
shop-until = Until { $when }.
shop-after-balance = You have { $have } to spend; { $left } are left afterwards.
shop-short = You have { $have } to spend, which is { $missing } too few.
shop-confirm = Redeem for { $price }
shop-to-shop = Back to the shop
shop-choose-time = Choose a time …
shop-time = { $when } ({ $zone })
shop-no-times = No time is free at the moment.
shop-chosen-time = You chose { $when }.

shop-receipt = ✅ { $title }
shop-receipt-again = You have redeemed this already: { $title }
shop-receipt-paid = { $price } spent, { $left } left to spend.
shop-got-role = { $role } is yours until { $when }.
shop-got-role-good = { $role } is yours.
shop-got-role-soon = { $role } is on its way; it takes a few minutes.
shop-got-role-back = The role could not be given, so your points are back. The moderators can see why.
shop-got-resource = You have access to “{ $title }”.
shop-got-resource-gone = What it gave access to is no longer in the catalogue; ask a moderator.
shop-got-code = Your code, which only you can see: `{ $code }`
shop-got-slot = Your time: { $when }
shop-got-custom = A moderator will hand it over.
shop-got-done = A moderator handed it over.
shop-got-over = It ended { $when }.
shop-got-refunded = Refunded.
shop-got-refunded-note = Refunded: { $note }
shop-open = Open
shop-again = `/redeem` shows this again.
shop-redeemed-title = 🎁 What you redeemed
shop-redeemed-none = You have redeemed nothing yet. `/shop` shows what your points buy.
shop-redeemed-line = **{ $title }** · { $price } · { $when }

shop-admin-cmd = shop-admin
shop-admin-cmd-desc = What is for sale, and what is still to be handed over
shop-admin-add-cmd = add
shop-admin-add-desc = Put something on the shelf; a form asks for the rest
shop-admin-edit-cmd = edit
shop-admin-edit-desc = Change, restock or retire something
shop-admin-queue-cmd = queue
shop-admin-queue-desc = What is still to be handed over, and what hinders it
shop-opt-kind = kind
shop-opt-kind-desc = What members get for it
shop-opt-role = role
shop-opt-role-desc = Of a role: which one is granted
shop-opt-resource = resource
shop-opt-resource-desc = Of access: to which resource of the catalogue
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
shop-field-days-hint = How long the role stays; empty: for good
shop-field-stock = Stock
shop-field-stock-hint = How many are left; empty: any number
shop-field-codes = Codes
shop-field-codes-hint = One a line, each handed out once
shop-field-file = … or a text file of codes
shop-field-times = Times
shop-field-times-hint = One a line, such as 2026-03-05 14:00 ({ $zone })
shop-field-per-member = At most for each member
shop-field-per-member-hint = Empty: any number
shop-field-min-level = From level
shop-field-min-level-hint = Empty: from the start
shop-field-needs-role = Only for
shop-field-needs-role-hint = Nothing chosen: for everybody
shop-field-from = From
shop-field-until = Until
shop-field-moment-hint = Such as 2026-03-05 14:00 ({ $zone }); empty: always
shop-field-reason = Reason
shop-field-reason-hint = The member reads it

shop-item-live = On the shelf
shop-item-retired = Retired: members do not see it
shop-item-added = { $count ->
        [one] One is new.
       *[other] { $count } are new.
    }
shop-item-stock = Left: { $count }
shop-item-stock-any = Left: any number
shop-item-anybody = For everybody, at any time, as often as they like.
shop-edit = Change
shop-terms = Conditions
shop-restock = Restock
shop-retire = Retire
shop-restore = Put back on the shelf

shop-queue-title = 📦 To hand over
shop-queue-empty = Nothing waits to be handed over.
shop-queue-line = **{ $title }** · { $member } · { $when }
shop-queue-slot = { $line } · time: { $at }
shop-queue-choose = Choose one to hand over or refund …
shop-queue-option = { $title } · number { $number }
shop-queue-done = Handed over
shop-queue-refund = Refund …
shop-queue-back = Back to the queue
shop-queue-problem = ⚠️ { $title } · { $role }: { $problem }
shop-orders-title = { $n ->
    [one] 📦 A new order
   *[other] 📦 { $n } new orders
}
shop-orders-more = … and { $n } more
shop-orders-hint = Hand over or refund with `/shop-admin queue`.
shop-queue-told = New orders are told in { $channel }.
shop-queue-untold = `/levels staff` chooses a channel where moderators hear of new orders.
shop-fulfilled = Handed over: { $title } to { $member }.
shop-refunded = Refunded: { $price } to { $member }. Reason: { $reason }
shop-problem-permission = I lack the permission Manage Roles; give it to my role.
shop-problem-above = the role stands above mine; move my role above it in the server settings.
shop-problem-managed = the role belongs to an integration; choose another.
shop-problem-gone = the role was deleted; retire this or choose another role.
shop-problem-refused = Discord refuses; check my permissions.
shop-problem-left = the member left the server.
shop-problem-unreachable = Discord cannot be reached; I keep trying.

error-shop-gone = That is no longer in the shop; `/shop` shows what is.
error-shop-pick = Nothing in the shop is called “{ $value }”; pick one of the suggestions.
error-shop-over = It was for sale until { $when }.
error-shop-early = It is for sale from { $when } on.
error-shop-limit = You have it as often as one member may ({ $count }).
error-shop-level = It is for members from level { $level } on.
error-shop-role = It is for members with { $role }.
error-shop-has-role = You have { $role } already.
error-shop-sold-out = It is sold out.
error-shop-price-changed = Its price has changed to { $price } points; look again and decide.
error-shop-choose-time = Choose one of the times first.
error-shop-time-taken = Somebody else has just taken that time; choose another.
error-shop-role-broken = That role cannot be given at the moment; you keep your points. The moderators can see why.
error-shop-handled = Somebody has dealt with that already.
error-shop-title = Write a title of 1 to { $high } characters.
error-shop-price = Write a price in points, more than 0 and up to { $high }, with at most two decimals.
error-shop-count = Write a whole number from { $low } to { $high }, or nothing.
error-shop-moment = I can't read “{ $written }”; write a date and time such as 2026-03-05 14:00.
error-shop-codes = Write 1 to { $high } codes, one a line.
error-shop-code-length = A code has at most { $high } characters.
error-shop-times = Write 1 to { $high } times, one a line, such as 2026-03-05 14:00.
error-shop-past = { $written } is over; write times to come.
error-shop-file = That file is no text in UTF-8 of at most 1 MB; save the codes as plain text, one a line.
error-shop-which-role = Choose the role that is granted in the option `role`.
error-shop-which-resource = Choose the resource in the option `resource`.
