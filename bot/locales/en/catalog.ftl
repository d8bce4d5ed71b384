# The catalogue: describing, finding and posting resources.

catalog-cmd-resource = resource
catalog-cmd-resource-desc = Manage the catalogue (moderators)
catalog-cmd-add = add
catalog-cmd-add-desc = Add a resource to the catalogue
catalog-cmd-edit = edit
catalog-cmd-edit-desc = Change a resource; only the options you fill in change
catalog-cmd-retire = retire
catalog-cmd-retire-desc = Take a resource out of the catalogue, or bring it back
catalog-cmd-share = share
catalog-cmd-share-desc = Post a resource's card in this channel
catalog-cmd-search = search
catalog-cmd-search-desc = Search the catalogue

catalog-opt-resource = resource
catalog-opt-resource-desc = Type part of its title and pick it from the list
catalog-opt-kind = kind
catalog-opt-kind-desc = What kind of resource it is
catalog-opt-title = title
catalog-opt-title-desc = Its title, up to 200 characters
catalog-opt-url = url
catalog-opt-url-desc = Its web address, beginning with https:// or http://
catalog-opt-summary = summary
catalog-opt-summary-desc = What it is about, up to 500 characters; “-” clears it
catalog-opt-tags = tags
catalog-opt-tags-desc = Up to 10 tags with commas between them; “-” removes them all
catalog-opt-language = language
catalog-opt-language-desc = The language it is in, such as en or zh; “-” if nobody knows
catalog-opt-level = level
catalog-opt-level-desc = Who it suits; leave it out if you don't know
catalog-level-unknown = not known
catalog-opt-minutes = minutes
catalog-opt-minutes-desc = How many minutes it takes; leave it out if you don't know, 0 forgets it
catalog-opt-price = price
catalog-opt-price-desc = What it costs, such as 49 or 49.90; 0 if it is free; leave it out if you don't know
catalog-opt-currency = currency
catalog-opt-currency-desc = The price's currency, such as USD or CNY; “-” forgets the price
catalog-opt-creator = creator
catalog-opt-creator-desc = Who made it; “-” clears it
catalog-opt-creator-member = creator-member
catalog-opt-creator-member-desc = The member of this server who made it
catalog-opt-role = role
catalog-opt-role-desc = The role a member needs to see it; @everyone for all
catalog-opt-restore = restore
catalog-opt-restore-desc = True brings a retired resource back
catalog-opt-query = query
catalog-opt-query-desc = Words to look for, or pick a title from the list

catalog-added = ✅ Added to the catalogue
catalog-edited = ✅ Changed
catalog-retired = 📦 Retired: nobody will be shown it any more. To bring it back, use `/resource retire` with restore: True.
catalog-restored = ✅ Back in the catalogue
catalog-for-role = Only for { $role }
catalog-post = Post it here
catalog-choice-retired = (retired) { $title }

catalog-results = ### 🔎 { $query }
catalog-corrected = Showing results for **{ $query }**
catalog-everything = ### 📚 Newest in the catalogue
catalog-page = Page { $number }
catalog-nothing = Nothing in the catalogue fits “{ $query }”.
catalog-nearest = Words that are used here: { $words }
catalog-unfiltered = Something fits without the filters. Try again with fewer of them.
catalog-missing = Try fewer or different words, or `/recommend`. Is something missing? Ask for it, or propose it with `/submit`.
catalog-poor = Not what you were looking for? Ask for it.
catalog-wish = 🙋 Ask for it
catalog-empty = The catalogue is still empty. Moderators fill it with `/resource add`.
catalog-previous = ◀ Previous
catalog-next = Next ▶

error-catalog-kind = “{ $value }” is not a kind of resource; use one of: { $accepted }.
error-catalog-level = “{ $value }” is not a level; use one of: { $accepted }.
error-catalog-language = “{ $value }” is not a language code; use two letters such as en or zh.
error-catalog-share-role = This is only for { $role }, and everybody can read this channel. Share it where not everybody reads, or ask a moderator to share it here.
error-catalog-title-empty = A resource needs a title of 1 to 200 characters.
error-catalog-title-long = A title has at most { $limit } characters, and this one has { $length }.
error-catalog-summary-long = A summary has at most { $limit } characters, and this one has { $length }.
error-catalog-creator-long = A creator's name has at most { $limit } characters, and this one has { $length }.
error-catalog-tag-long = A tag has at most { $limit } characters, and “{ $value }” is longer.
error-catalog-tags-many = A resource has at most { $limit } tags, and this one has { $count }.
error-catalog-minutes = “{ $value }” is not a duration; use a whole number of minutes from 1 to { $limit }.
error-catalog-currency = “{ $value }” is not a currency; use a three-letter ISO code such as USD or CNY.
error-catalog-currency-missing = A price needs its currency too, such as USD or CNY.
error-catalog-price = “{ $value }” is not a price; use a number from 0 to { $limit }, such as 49 or 49.90.
error-catalog-price-decimals = { $decimals ->
    [0] Prices in { $currency } are whole numbers.
   *[other] A price has at most { $decimals } decimals, such as 49.90.
}
error-catalog-price-minor = “{ $value }” is not a price in minor units; use a whole number from 0 to { $limit }, such as 4990 for 49.90.
error-catalog-published = “{ $value }” is not a date; write it like 2026-03-31.
error-catalog-published-later = “{ $value }” is still to come; enter the day it was published, or leave this empty.
error-catalog-url = “{ $value }” is not a web address; use one that begins with https:// or http://.
error-catalog-url-credentials = A web address must not contain a user name or password.
error-catalog-url-long = A web address has at most { $limit } characters, and this one has { $length }.
error-catalog-required = This column must be filled in.
error-catalog-type = This must be text or a number; only tags may be a list of texts.
error-catalog-repeated = The same page is already in line { $first }; remove one of the two.
error-catalog-columns-unknown = Unknown: { $columns }. The columns are { $accepted }.
error-catalog-json = This cannot be read as JSON ({ $reason }); use a list of objects with the keys { $accepted }.
error-catalog-item = This is not an object; each item is one with the keys { $accepted }.
error-catalog-format = Only files ending in .csv, .tsv or .json can be read.
error-catalog-no-lines = There are no resources in this file; put one on each line below the header.
error-catalog-duplicate = This page is in the catalogue already, as “{ $title }”; change it with `/resource edit`.
error-catalog-duplicate-retired = This page is in the catalogue as “{ $title }”, which is retired; bring it back with `/resource retire` and restore: True.
error-catalog-nothing = Fill in at least one option to change.
error-catalog-pick = “{ $value }” doesn't match exactly one resource; type part of a title and pick one from the list.

catalog-import-in-cell = { $file }, line { $line }, { $column }: { $problem }
catalog-import-in-line = { $file }, line { $line }: { $problem }
catalog-import-in-file = { $file }: { $problem }
catalog-import-in-key = { $file }, item { $line }, { $column }: { $problem }
catalog-import-in-item = { $file }, item { $line }: { $problem }

catalog-cmd-merge = merge
catalog-cmd-merge-desc = Make two entries of one thing one; saves, opens and points stay
catalog-cmd-part = part
catalog-cmd-part-desc = Bring back what was merged or replaced, as an entry of its own
catalog-cmd-edition = edition
catalog-cmd-edition-desc = Say that a resource is another edition or translation; lists show one of them
catalog-cmd-gem = gem
catalog-cmd-gem-desc = Mark one of the best, or take the mark away
catalog-opt-into = into
catalog-opt-into-desc = The entry that stays
catalog-opt-of = of
catalog-opt-of-desc = Of what it is another edition; leave it out if of nothing
catalog-opt-off = off
catalog-opt-off-desc = True takes the mark away
catalog-opt-replacement = replacement
catalog-opt-replacement-desc = What replaces it: old links and saves lead there
catalog-merged = 🔗 **{ $title }** is part of this entry now. To take that back, use `/resource part`.
catalog-parted = ✅ An entry of its own again
catalog-edition = 📚 Marked as another edition of **{ $title }**
catalog-no-edition = ✅ A work of its own
catalog-gem = 💎 Marked as a gem
catalog-ungem = ✅ No gem any more
catalog-replaced = 📦 Retired: its links and saves lead to **{ $title }** from now on.
error-catalog-not-joined = “{ $title }” was neither merged nor replaced.
error-catalog-same = Choose two different resources.
error-catalog-not-live = “{ $title }” is retired; choose one that is in the catalogue.

catalog-cmd-import = import
catalog-cmd-import-desc = Bring resources from a file: ours, bookmarks, Pocket, Raindrop, Instapaper, Zotero, BibTeX
catalog-cmd-export = export
catalog-cmd-export-desc = Download the whole catalogue as a file
catalog-opt-file = file
catalog-opt-file-desc = .csv, .json, .opml, .html or .bib, at most 8 MB
catalog-opt-strict = strict
catalog-opt-strict-desc = True takes all lines or none
catalog-opt-form = form
catalog-opt-form-desc = What kind of file
catalog-form-csv = CSV, for spreadsheets
catalog-form-json = JSON, for programs
catalog-form-opml = OPML, for readers and outliners
catalog-importing = 📥 Reading the file: { $share } %
catalog-imported = 📥 { $read ->
    [one] 1 line read
   *[other] { $read } lines read
}: { $added } added, { $changed } changed, { $unchanged } unchanged, { $bad } bad
catalog-imported-nothing = Nothing was written: strict takes all lines or none.
catalog-imported-more = { $count ->
    [one] One more problem
   *[other] { $count } more problems
}
catalog-exported = { $count ->
    [one] 📤 One resource, live or retired. `/resource import` takes this file back.
   *[other] 📤 { $count } resources, live and retired. `/resource import` takes this file back.
}
error-catalog-foreign = There are no links in this file that could be read.
error-catalog-export-large = The catalogue is larger than the { $limit } MB that Discord takes; JSON is the largest form, CSV the smallest.
error-catalog-flag = “{ $value }” is neither yes nor no.
error-catalog-id = “{ $value }” is not the id of a role or a member.
error-catalog-state = “{ $value }” is not a state; use one of: { $accepted }.
