# 来源：自动带来内容的订阅源、列表和论坛。

sources-cmd = 来源
sources-cmd-desc = 自动带来资源的订阅源、列表和论坛（管理员）
sources-cmd-add = 添加
sources-cmd-add-desc = 订阅一个源、网站、YouTube 频道、GitHub 仓库或链接列表
sources-cmd-forum = 论坛
sources-cmd-forum-desc = 订阅本服务器的一个论坛：只取帖子的标题、标签和链接
sources-cmd-list = 列表
sources-cmd-list-desc = 查看所有来源和最近一次结果
sources-cmd-edit = 修改
sources-cmd-edit-desc = 修改来源的设置，暂停或恢复它
sources-cmd-remove = 移除
sources-cmd-remove-desc = 不再订阅一个来源，已带来的内容会保留
sources-cmd-import = 导入
sources-cmd-import-desc = 订阅 OPML 文件里的所有源
sources-cmd-export = 导出
sources-cmd-export-desc = 把所有订阅源下载为 OPML 文件
sources-opt-url = 网址
sources-opt-url-desc = 订阅源的地址，或它所属网页的地址
sources-opt-forum = 论坛
sources-opt-forum-desc = 所有人都能看到的论坛
sources-opt-source = 来源
sources-opt-source-desc = 输入标题的一部分，再从列表中选择
sources-opt-tags = 标签
sources-opt-tags-desc = 给它带来的内容统一加上的标签，用逗号隔开；填“-”可去掉
sources-opt-kind = 类型
sources-opt-kind-desc = 抓取的内容一律算作这个类型，例如视频；不选则按每条内容判断
sources-kind-each = 按每条内容判断
sources-opt-trust = 信任
sources-opt-trust-desc = 发布前是否需要管理员审核
sources-opt-hours = 小时
sources-opt-hours-desc = 每隔几小时查看一次，1 到 168，默认 6
sources-opt-daily = 每日上限
sources-opt-daily-desc = 每天最多收几条，1 到 50，默认 5
sources-opt-paused = 暂停
sources-opt-paused-desc = 选 True 暂停；选 False 恢复，也可解除隔离
sources-opt-file = 文件
sources-opt-file-desc = 从阅读器导出的 OPML 文件

sources-trust-review = 每条都审核
sources-trust-review-how = 每条内容都会在 `/review` 等待审核。
sources-trust-earned = 审核到可信为止
sources-trust-earned-how = 内容先在 `/review` 等待审核。最近五条都通过以后，新内容会直接发布，其中四分之一仍会给你们抽查。
sources-trust-publish = 直接发布
sources-trust-publish-how = 免费内容直接发布，付费内容仍在 `/review` 等待审核。

sources-added = 📡 已订阅 **{ $title }**，它的内容有：
sources-added-taken = 共有 { $shown } 条，{ $count ->
    [0] 没有新的内容。
   *[other] 刚收下 { $count } 条。
}
sources-terms = 每 { $hours } 小时查看，每天最多 { $daily } 条，{ $trust }
sources-brought-added = ✅ 已订阅 { $count } 个源，几分钟内开始查看。
sources-brought-known = { $count } 个早已订阅。
sources-brought-refused = { $count } 个不是网址。
sources-brought-beyond = 还有 { $count } 个超出本服务器的上限。
sources-list = 📡 来源（{ $count }）
sources-none = 还没有来源，可以用 `/source add` 添加。
sources-never = 还没查看过
sources-changed = ✅ 已修改
sources-removed = 不再订阅 **{ $title }**，已带来的内容会保留。
sources-exported = 📡 { $count } 个订阅源，可导入其他阅读器
sources-result-none = 还没查看过
sources-result-ok = 有 { $shown } 条，{ $taken ->
    [0] 没有收下新的
   *[other] 收下 { $taken } 条
}
sources-result-same = 和上次一样，没有更新
sources-quarantined = 🚧 来源 **{ $title }** 已被隔离，不再查看。
sources-quarantined-how = 问题解决后，用 `/source edit` 并把“暂停”（paused）设为 False 恢复，或用 `/source remove` 移除。

error-sources-no-feed = 这个地址没有订阅源，网页也没有指向订阅源，也不是链接列表。
error-sources-no-opml = 这不是含有订阅源的 OPML 文件，请从阅读器导出一个。
error-sources-flood = 它突然出现 { $count } 条新内容，正常情况下不可能写这么快。
error-sources-forum = 请选择本服务器里所有人都能看到、机器人也能读取历史消息的论坛。
error-sources-known = 已经订阅过这个来源，请看 `/source list`。
error-sources-many = 一个服务器最多 { $limit } 个来源，请先移除一个。
error-sources-gone = 这个来源已经不在了，请看 `/source list`。
error-sources-pick = “{ $value }”没有对应到唯一的来源，请输入标题的一部分，再从列表中选择。
error-sources-nothing = 没有可以导出的订阅源。
