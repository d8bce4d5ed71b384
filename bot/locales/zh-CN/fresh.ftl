# 检查链接，以及该复查的内容。

fresh-cmd-review = 复查
fresh-cmd-review-desc = 查看失效的链接，以及同类中过时的内容
fresh-cmd-check = 检查
fresh-cmd-check-desc = 现在就检查一个资源的链接
fresh-title = 🧭 该复查的内容
fresh-none = ✅ 没有要复查的：没有失效的链接，也没有过时的内容。
fresh-broken = { $count } 个失效的链接
fresh-aged = { $count } 个在同类中偏旧的资源
fresh-choose = 选择一个查看
fresh-current = 仍然有效
fresh-check = 现在检查
fresh-retire = 下架
fresh-kept = ✅ 已标为截至今天有效
fresh-retired = 📦 已下架
fresh-replace = 如果有替代的资源，请用 `/resource retire` 并填写“替代”（replacement）。
fresh-state-unknown = ❔ 还没有检查过链接。
fresh-state-ok = 🟢 { $when }检查，链接正常。
fresh-state-moved = ➡️ { $when }检查，链接转到了别处。
fresh-state-broken = 🔴 { $when }检查，链接已失效。
fresh-state-closed = ⚪ 无法从这里检查链接（{ $when }）。
fresh-archived = 📦 [存档副本]({ $url })
fresh-problem-title = 网页自己写着内容不存在。
fresh-problem-front = 链接转到了网站首页。
error-fresh-gone = 这个资源已经不在了。
