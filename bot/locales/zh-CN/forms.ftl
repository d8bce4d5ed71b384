# 所有表单共用的句子。

error-form-expired = 这个表单已经过期，或者已经提交过了，请重新打开。
error-component-unknown = 这个按钮已经失效了，请重新运行命令。

form-again = 修改后重试
form-typed = 你填写的内容：
form-typed-line = **{ $field }**：{ $value }
form-kept = 按钮会为你保留这些内容一小时，之后可以从这里复制。
form-file = 文件需要重新选择：Discord 不允许机器人代填文件。
