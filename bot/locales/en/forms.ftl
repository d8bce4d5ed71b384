# What every form has in common.

error-form-expired = This form has expired or was sent already. Open it again.
error-component-unknown = This button no longer does anything. Run the command again for a new answer.

form-again = Edit and try again
form-typed = You entered:
form-typed-line = **{ $field }**: { $value }
form-kept = The button keeps this for an hour. After that, copy it from here.
form-file = Choose the file again: Discord lets no bot fill in a file.
