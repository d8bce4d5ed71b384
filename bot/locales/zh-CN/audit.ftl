# /server log：管理员改了什么。

audit-cmd = 日志
audit-cmd-desc = 查看谁在什么时候、因为什么改了什么
audit-opt-kind = 类型
audit-opt-kind-desc = 只看这一类操作
audit-opt-member = 成员
audit-opt-member-desc = 只看与这位成员有关的决定
audit-opt-moderator = 管理员
audit-opt-moderator-desc = 只看这位管理员的操作
audit-opt-since = 起始日
audit-opt-since-desc = 只看这一天以来的，例如 2026-03-31
audit-since-choice = { $days ->
    [0] { $day }（今天）
    [1] { $day }（昨天）
   *[other] { $day }（{ $days } 天前）
}

audit-kind-server = 服务器设置
audit-kind-rules = 积分规则
audit-kind-points = 手动增减积分
audit-kind-evidence = 刷分线索
audit-kind-shop = 商店
audit-kind-purchases = 购买
audit-kind-questions = 问题
audit-kind-levels = 等级
audit-kind-catalogue = 资源目录
audit-kind-digest = 频道精选
audit-kind-model = 推荐
audit-kind-import = 导入

audit-title = 📒 管理日志
audit-everything = 全部
audit-about = 与 { $member } 有关
audit-by = 操作者：{ $member }
audit-since = { $day } 以来
audit-none = 没有符合条件的记录。
audit-newest = 最新
audit-newer = ◀ 较新
audit-older = 较早 ▶
audit-file = 导出 CSV
audit-exported = 以表格导出的日志，共 { $n } 条。只有你能看到。
audit-exported-newest = 以表格导出的最新 { $n } 条日志；更早的请用筛选条件导出。只有你能看到。
audit-line = { $when } · { $who }：{ $what }
audit-unknown = –
audit-members = { $n } 位成员
audit-change = { $rule } · { $field }：{ $before } → { $after }
audit-between = ；
audit-changes-more = 另外 { $n } 项

audit-column-time = 时间（UTC）
audit-column-moderator = 管理员
audit-column-moderator-name = 名字
audit-column-kind = 类型
audit-column-what = 操作
audit-column-members = 相关成员
audit-column-reason = 原因

audit-action-server-language = 把服务器语言从“{ $before }”改为“{ $after }”
audit-action-server-time-zone = 把服务器时区从 { $before } 改为 { $after }
audit-action-server-synonyms = 修改了 { $changed } 组服务器同义词，现有 { $n } 组
audit-action-server-consent-policy = 把征求训练同意的方式从“{ $before }”改为“{ $after }”

audit-action-rules-draft = 修改了规则草稿：{ $changes }
audit-action-rules-import = 导入了规则草稿：{ $changes }
audit-action-rules-discard = 放弃了规则草稿
audit-action-rules-publish = 发布了第 { $version } 版规则：{ $changes }
audit-action-rules-rescore = 按第 { $version } 版规则重算了 { $since } 以来获得的积分
audit-action-rules-rescore-undo = 撤销了对 { $since } 以来积分的重算

audit-action-points-award = 给 { $members } 发放了 { $amount }
audit-action-points-deduct = 扣除了 { $members } 的 { $amount }
audit-action-points-undo = 撤销了对 { $members } 的手动增减：{ $amount }

audit-action-ring-hold = 冻结了 { $members } 之间的 { $entries } 笔积分
audit-action-ring-release = 解冻了 { $members } 之间的 { $entries } 笔积分
audit-action-ring-reverse = 收回了 { $members } 之间的 { $entries } 笔积分

audit-action-shop-add = 上架了商品“{ $title }”
audit-action-shop-edit = 修改了商品“{ $title }”：{ $fields }
audit-action-shop-stock = 给商品“{ $title }”补货 { $n } 件
audit-action-shop-retire = 下架了商品“{ $title }”
audit-action-shop-restore = 重新上架了商品“{ $title }”
audit-action-shop-fulfil = 把“{ $title }”发放给 { $members }
audit-action-shop-refund = 退还了 { $members } 兑换“{ $title }”的积分
audit-action-product-add = 添加了产品“{ $title }”
audit-action-product-edit = 修改了产品“{ $title }”：{ $fields }
audit-action-product-retired = 停售了产品“{ $title }”
audit-action-product-live = 重新出售产品“{ $title }”
audit-action-purchase-grant = 手动给了 { $members } 一个产品
audit-action-purchase-refund = 收回了 { $members } 的购买 { $subject }
audit-action-purchase-assign = 指定购买 { $subject } 属于 { $members }
audit-action-purchase-undo = 撤销了对 { $members } 的购买 { $subject } 的处理

audit-action-questions-setup = 修改了提问的频道或照看方式
audit-action-questions-accept = 替提问者采纳了回答（{ $members }）
audit-action-questions-reopen = 重新打开了问题，取消了采纳（{ $members }）
audit-action-questions-close = 关闭了问题（{ $members }）
audit-action-questions-bounty = 把悬赏退还给了 { $members }
audit-action-questions-link = 把问题关联到了较早的问题（{ $members }）
audit-action-experts-approve = 通过了 { $members } 的专家名片
audit-action-experts-decline = 没有通过 { $members } 的专家名片
audit-action-levels-notices = 设置了升级提醒的位置：{ $place } { $channel }
audit-action-digest-channel-on = 开启了频道精选
audit-action-digest-channel-off = 停止了频道精选
audit-action-levels-staff = { $channel ->
    [0] 取消了管理员通知频道
   *[other] 设置了管理员通知频道：{ $channel }
}
audit-action-levels-reward = { $confirm ->
    [true] 把 { $role } 设为 { $level } 级的身份组奖励，需要管理员确认
   *[false] 把 { $role } 设为 { $level } 级的身份组奖励
}
audit-action-levels-unreward = 取消了身份组奖励 { $role }
audit-action-levels-decide = { $state ->
    [due] 授予 { $members } 身份组 { $role }
    [declined] 没有授予 { $members } 身份组 { $role }
    [undue] 收回了 { $members } 的身份组 { $role }
   *[kept] 让 { $members } 保留身份组 { $role }
}

audit-action-resource-add = 添加了资源“{ $title }”
audit-action-resource-edit = 修改了资源“{ $title }”：{ $fields }
audit-action-resource-retired = 下架了资源“{ $title }”
audit-action-resource-live = 重新上架了资源“{ $title }”
audit-action-submission-publish = 通过了 { $members } 的投稿“{ $title }”
audit-action-submission-reject = 拒绝了 { $members } 的投稿“{ $title }”
audit-action-submission-undo = 撤销了对投稿“{ $title }”的决定
audit-action-submission-edit = 修改了投稿“{ $title }”：{ $fields }
audit-action-submission-seek = 请专家评审“{ $title }”
audit-action-submission-ask = 请 { $members } 评审“{ $title }”
audit-action-feedback-show = 公开了 { $members } 对“{ $title }”的评价
audit-action-path-make = 新建了路线“{ $title }”
audit-action-path-step = 修改了路线“{ $title }”的步骤（现有 { $count } 步）
audit-action-path-edit = 修改了路线“{ $title }”的介绍
audit-action-path-retire = 下架了路线“{ $title }”
audit-action-path-restore = 恢复了路线“{ $title }”
audit-action-path-before = 设置了学“{ $title }”之前先学“{ $after }”
audit-action-task-make = 布置了作业“{ $title }”
audit-action-task-edit = 修改了作业“{ $title }”
audit-action-task-end = 结束了作业“{ $title }”
audit-action-task-restore = 恢复了作业“{ $title }”
audit-action-task-mark = 批改了“{ $title }”的一份提交：{ $mark ->
    [done] 通过
    [excellent] 优秀
   *[again] 需要重做
}
audit-action-path-unbefore = 取消了“{ $title }”的先修“{ $after }”
audit-action-tags-add = 把标签“{ $title }”加入了标签树
audit-action-tags-edit = 修改了标签“{ $title }”
audit-action-tags-merge = 把标签“{ $title }”并入了“{ $after }”
audit-action-tags-remove = 把标签“{ $title }”移出了标签树
audit-action-tags-import = 从文件导入了标签
audit-action-tags-undo = 撤销了一次标签修改
audit-action-tags-open = 允许使用标签树以外的标签
audit-action-tags-close = 不再允许标签树以外的标签
audit-action-feedback-works = 查看了“{ $title }”的链接：可以打开
audit-action-feedback-hide = 隐藏了 { $members } 对“{ $title }”的评价

audit-action-wish-fulfil = 实现了愿望 { $subject }
audit-action-wish-drop = 搁置了愿望 { $subject }
audit-action-source-add = 订阅了来源“{ $title }”
audit-action-source-edit = 修改了来源“{ $title }”
audit-action-source-remove = 移除了来源“{ $title }”
audit-action-source-import = 导入了 { $n } 个来源
audit-action-resource-merge = 把“{ $title }”并入了“{ $after }”
audit-action-resource-replace = 下架了“{ $title }”，由“{ $after }”替代
audit-action-resource-edition = 设置了“{ $title }”属于哪部作品
audit-action-resource-gem = 把“{ $title }”标为精华
audit-action-resource-ungem = 取消了“{ $title }”的精华
audit-action-resource-current = 确认“{ $title }”仍然有效

audit-action-model-refit = { $state ->
    [live] 训练了新模型，已经启用
    [rejected] 训练了新模型，效果没有变好，未启用
   *[other] 启动的训练失败了
}

audit-action-import-catalog = 导入了资源目录：新增 { $n } 个，修改 { $changed } 个
audit-action-import-interactions = 导入了 { $members } 的 { $n } 条互动
audit-action-import-points = 从其他机器人导入了积分：{ $members }，共 { $amount }
audit-action-import-purchases = 导入了 { $n } 笔购买
audit-action-import-points-undo = 撤销了积分导入：{ $members }，共 { $amount }

error-audit-since = “{ $value }”不是日期，请写成 { $today } 这样。
audit-action-insights-today = 修改了管理频道的每日与每月通报
audit-action-insights-holdout = 修改了对照组比例
audit-action-experiment-start = 开始了实验
audit-action-experiment-stop = 停止了实验
