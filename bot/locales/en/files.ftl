# Files that people bring, whatever they hold.

error-file-unreadable = This file cannot be read ({ $reason }).
error-file-large = This file is larger than { $limit } MB; split it.
error-file-upload = Discord didn't hand me that file, so nothing was done. Try again in a minute.
error-file-memory = There is not enough memory to read this file; split it.
error-file-encoding = This is not UTF-8 text; save the file as UTF-8 and try again.
error-file-nul = This line holds characters that are not text; save the file as UTF-8 and try again.
error-file-empty = This file is empty.
error-file-header = The first line must name the columns ({ $accepted }), but it reads: { $said }
error-file-missing = Missing: { $columns }. This file has: { $said }
error-file-twice = Repeated: { $columns }. Each column may appear once.
error-file-cells = This line has { $count ->
    [one] { $count } cell
   *[other] { $count } cells
} but the header has { $expected }; put quotes around text that contains the separator or a line break.
error-file-syntax = This line can't be read as CSV ({ $reason }); put quotes around text that contains the separator, and double the quotes inside it.
error-file-quote = A quote that opens here is never closed; close it, or double it if it belongs to the text.
error-file-long = This line is longer than any row can be; split it.
error-file-json = This can't be read as JSON ({ $reason }).
error-file-deep = This can't be read as JSON: it is nested too deeply.
error-file-key-twice = This can't be read as JSON: the key “{ $name }” is there twice in one object.
error-file-values = This file holds more than { $limit } values; split it.

error-id = “{ $value }” is not a Discord user ID (15 to 19 digits).
error-id-rounded = The ID { $value } was rounded by a spreadsheet; keep IDs as text.
error-id-zeros = The ID { $value } ends in zeros, as if it was rounded by a spreadsheet; keep IDs as text. If it is right, write it as <@{ $value }>.
