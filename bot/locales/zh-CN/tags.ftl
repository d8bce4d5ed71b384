# 服务器自己的标签。

tags-cmd = 标签
tags-cmd-desc = 管理本服务器的标签：名称、别名和上下级
tags-cmd-list = 列表
tags-cmd-list-desc = 查看全部标签，或某个标签和它的下级
tags-cmd-add = 添加
tags-cmd-add-desc = 新建标签，或收录资源已经在用的标签
tags-cmd-edit = 编辑
tags-cmd-edit-desc = 给标签改名、设置显示名称，或移动位置
tags-cmd-merge = 合并
tags-cmd-merge-desc = 把一个标签并入另一个，原来的资源改用后者
tags-cmd-remove = 移除
tags-cmd-remove-desc = 把标签移出标签树，资源上的名称不变
tags-cmd-history = 历史
tags-cmd-history-desc = 查看最近的修改，并可撤销
tags-cmd-policy = 规则
tags-cmd-policy-desc = 资源能否使用标签树以外的标签
tags-opt-tag = 标签
tags-opt-tag-desc = 输入它的任意一个名称，再从列表中选择
tags-opt-name = 名称
tags-opt-name-desc = 资源上使用的名称，最多 30 个字符，例如 machine-learning
tags-opt-english = 英文名
tags-opt-english-desc = 英文读者看到的名称；填“-”则用标签本身
tags-opt-chinese = 中文名
tags-opt-chinese-desc = 中文读者看到的名称；填“-”则不单独设置
tags-opt-aliases = 别名
tags-opt-aliases-desc = 其他叫法，用逗号分隔，会替换已有的别名；填“-”则清空
tags-opt-under = 上级
tags-opt-under-desc = 它属于哪个标签；填“-”则没有上级
tags-opt-into = 并入
tags-opt-into-desc = 并入哪个标签
tags-opt-unknown = 其他标签
tags-opt-unknown-desc = 标签树以外的标签怎么处理
tags-unknown-allowed = 允许
tags-unknown-refused = 不允许

tags-head = 🏷️ { $count } 个标签
tags-none = 标签树里还没有标签。可以用 `/tags add` 收录资源正在使用的标签。
tags-count = { $count ->
    [0] 没有资源
   *[other] { $count } 个资源
}
tags-also = 也叫 { $words }
tags-loose = 标签树以外还有 { $count } 个标签在使用：{ $tags }
tags-are-open = 可以使用其他标签；用 `/tags policy` 修改。
tags-are-closed = 不能使用其他标签，自动收录时会略去；用 `/tags policy` 修改。
tags-added = ✅ `{ $tag }` 已加入标签树。
tags-changed = ✅ 已修改 `{ $tag }`。
tags-merged = ✅ 已合并，现在是 `{ $tag }`。
tags-removed = ✅ `{ $tag }` 已移出标签树。
tags-moved = { $count } 个资源换了标签。
tags-undo = 撤销
tags-undone = ↩️ 已撤销：{ $what }
tags-history = 最近的修改
tags-history-none = 还没有修改过。
tags-did-add = 添加了 { $tag }
tags-did-edit = 修改了 { $tag }
tags-did-merge = 把 { $tag } 并入了 { $other }
tags-did-remove = 移除了 { $tag }
tags-did-import = 从文件导入了标签

error-tags-unknown = 标签树里没有“{ $tag }”。请从列表中选择，或用 `/tags add` 添加。
error-tags-taken = “{ $word }”已经是标签“{ $tag }”的叫法。请换一个词，或用 `/tags merge` 合并两者。
error-tags-many = 一个服务器最多 { $limit } 个标签，请合并或移除一些。
error-tags-aliases = 一个标签最多有 { $limit } 个别名。
error-tags-circle = 这样“{ $tag }”就成了自己的下级，请选择别的上级。
error-tags-deep = 标签树最多 { $limit } 层，请放到更高一级的标签下面。
error-tags-same = 请选择两个不同的标签。
error-tags-one = “{ $value }”不是一个标签：最多 30 个字符，不含逗号。
error-tags-line = 第 { $line } 行：“{ $word }”既不在标签树里，也不在文件里。
error-tags-not-last = 之后又有修改，或者已经撤销过了。请看 `/tags history`。
error-tags-closed = 本服务器没有这些标签：{ $tags }。{ $near ->
    [none] 请看 `/tags list`，或请管理员添加。
   *[other] 相近的有：{ $near }。
}
error-tags-cell = { $column } 列不是文本。可用的列：{ $accepted }。
