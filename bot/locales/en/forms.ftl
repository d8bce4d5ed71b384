# What every form has in common.

error-form-expired = This form has expired or was sent already. Open it again.
error-component-unknown = This button no longer does anything. Run the command again for a new answer.
