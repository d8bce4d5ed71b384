# 导入的文件，不论内容是什么。

error-file-unreadable = 无法读取这个文件（{ $reason }）。
error-file-large = 这个文件超过 { $limit } MB，请拆成几个。
error-file-upload = 没能从 Discord 取到这个文件，什么都没有改动。请过一会儿再试。
error-file-memory = 内存不足，无法读取这个文件，请拆成几个。
error-file-encoding = 这不是 UTF-8 文本，请把文件另存为 UTF-8 再试。
error-file-nul = 这一行里有不是文字的字符，请把文件另存为 UTF-8 再试。
error-file-empty = 这个文件是空的。
error-file-header = 第一行必须是列名（{ $accepted }），现在是：{ $said }
error-file-missing = 缺少 { $columns } 这一列，现有的列是：{ $said }
error-file-twice = 重复的列：{ $columns }。每一列只能出现一次。
error-file-cells = 这一行有 { $count } 格，表头有 { $expected } 格；含分隔符或换行的文字请用英文双引号括起来。
error-file-syntax = 这一行无法按 CSV 读取（{ $reason }）；含分隔符的文字请用英文双引号括起来，文字里的双引号请写两遍。
error-file-quote = 从这里开始的双引号没有结束；请补上，如果它是文字的一部分，请写两遍。
error-file-long = 这一行太长了，请拆成几行。
error-file-json = 无法按 JSON 读取（{ $reason }）。
error-file-deep = 无法按 JSON 读取：嵌套太深。
error-file-key-twice = 无法按 JSON 读取：同一个对象里键“{ $name }”出现了两次。
error-file-values = 这个文件里的值超过 { $limit } 个，请拆成几个。

error-id = “{ $value }”不是 Discord 用户 ID（15 到 19 位数字）。
error-id-rounded = ID { $value } 被表格软件四舍五入过，请把 ID 存成文本。
error-id-zeros = ID { $value } 以多个零结尾，像是被表格软件四舍五入过，请把 ID 存成文本；如果它就是这样，请写成 <@{ $value }>。
