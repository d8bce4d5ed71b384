# Why a page is not read: each ends with what can be done, which is filling in the form by hand.

error-pages-off = Reading pages is turned off for this bot, so nothing was filled in.
error-pages-address = That is not a web address; use one that begins with https:// or http://.
error-pages-credentials = That address contains a user name or password, so it was not opened.
error-pages-port = That address names a port of its own; only the usual ports of http and https are read.
error-pages-long = That address is too long to be read.
error-pages-private = That address is not on the public internet, so it was not opened.
error-pages-name = No site was found under that name.
error-pages-unreachable = The site could not be reached.
error-pages-slow = The site took too long to answer.
error-pages-certificate = The site's certificate does not fit its name or is not valid, so it was not opened.
error-pages-redirects = That address leads on and on to others, so it was given up.
error-pages-status = The site answered with error { $status } instead of the page.
error-pages-robots = The site asks robots not to read this page, so nothing was filled in.
error-pages-type = There is no page at that address but another kind of file, so nothing was filled in.
error-pages-unreadable = The page could not be read, so nothing was filled in.
