# Opening a resource: the answer to Open, and the page for links that lead nowhere.

links-opened = 📖 **{ $title }**
links-go = Go to { $host }

error-links-not-yours = This button is too old or was meant for somebody else; use `/search` or `/recommend` for a fresh card.
error-links-gone = This resource is no longer in the catalogue; use `/search` to find another.
error-links-role = This resource is only for { $role }; ask a moderator how to get that role.

links-page-missing-title = Link not found
links-page-missing-text = This link has expired or never existed. Go back to Discord and use /search or /recommend for a fresh one.
links-page-broken-title = Something went wrong
links-page-broken-text = That was not your fault. Please try again in a minute.
