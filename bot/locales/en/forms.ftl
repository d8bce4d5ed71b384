# What every form has in common.

error-form-expired = This form has expired or was sent already. Open it again.
