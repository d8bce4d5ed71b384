# 所有表单共用的句子。

error-form-expired = 这个表单已经过期，或者已经提交过了，请重新打开。
error-component-unknown = 这个按钮已经失效了，请重新运行命令。
