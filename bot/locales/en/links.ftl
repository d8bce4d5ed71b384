# Opening a resource: the answer to Open, and the page for links that lead nowhere.

links-opened = 📖 **{ $title }**
links-go = Go to { $host }
links-say = Come back here and say how it was; it makes everybody's recommendations better.

error-links-not-yours = This button is too old or was meant for somebody else; use `/search` or `/recommend` for a fresh card.
error-links-gone = This resource is no longer in the catalogue; use `/search` to find another.
error-links-role = This resource is only for { $role }; ask a moderator how to get that role.
error-links-sold = 🔒 This opens with **{ $products }**. `/buy` shows the price and how to get it; `/claim` is for who has paid already.
error-links-unsold = 🔒 This opens to who bought it, and is not for sale at the moment. `/claim` is for who has paid already.

links-page-missing-title = Link not found
links-page-missing-text = This link has expired or never existed. Go back to Discord and use /search or /recommend for a fresh one.
links-page-closed-title = You can't open this any more
links-page-closed-text = This resource needs a role that you don't have in the server now. Go back to Discord and ask a moderator.
links-page-sold-title = This is for those who bought it
links-page-sold-text = In Discord, /buy shows the price and how to get it. If you have paid already, /claim connects your purchase.
links-page-broken-title = Something went wrong
links-page-broken-text = That was not your fault. Please try again in a minute.

error-membership-left = You are no longer in the server that this belongs to.
error-membership-without = I'm no longer in the server that this belongs to, so it can't be used any more.
error-membership-unsure = Discord can't say right now which roles you have. Please try again in a minute.

links-archived = The page seems to be gone. Here is an archived copy:
links-archive-go = Archived copy
