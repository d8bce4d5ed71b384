# 缺什么：愿望、没找到的搜索、主题。

gaps-cmd-gaps = 缺口
gaps-cmd-gaps-desc = 看看这里缺什么内容（管理员，以及有作品的成员）
gaps-cmd-wish = 愿望
gaps-cmd-wish-desc = 说出目录里没有、但你想要的内容
gaps-cmd-ask = 许愿
gaps-cmd-ask-desc = 说出你想要的内容
gaps-cmd-list = 列表
gaps-cmd-list-desc = 看看大家想要什么，并附议
gaps-cmd-fulfil = 实现
gaps-cmd-fulfil-desc = 指出哪个资源满足了愿望（管理员，以及该资源的作者）
gaps-cmd-drop = 搁置
gaps-cmd-drop-desc = 永久搁置一个愿望（管理员）
gaps-opt-text = 内容
gaps-opt-text-desc = 你想找什么，最多 60 个字符；别人能看到内容，看不到你的名字
gaps-opt-wish = 愿望
gaps-opt-wish-desc = 输入其中一部分，再从列表中选择
gaps-opt-resource = 资源
gaps-opt-resource-desc = 用哪个资源满足；请从列表中选择

gaps-noted = 🙋 已记下：**{ $text }**。{ $others ->
    [0] 你是第一个想要的人。
   *[other] 还有 { $others } 位成员也想要。
}
gaps-noted-how = 等目录里有了，会私信告诉你一次。别人能看到愿望，看不到是谁许的。
gaps-see-all = 全部愿望
gaps-wishes = 🙋 大家想要的
gaps-wishes-how = 选择一个即可附议，再选一次就撤回。没有人能看到是谁许的愿。
gaps-none = 现在还没有人许愿。搜索没有结果时点“我想要”，或者用 `/wish ask`。
gaps-behind = { $count } 位成员
gaps-choose = 附议或撤回一个愿望
gaps-me-too = 我也想要
gaps-take-back = 撤回
gaps-voiced = 🙋 你也想要 **{ $text }**。
gaps-unvoiced = 已撤回 **{ $text }**。

gaps-title = 🧩 这里缺什么
gaps-title-how = 只列出最近 90 天里至少 { $min } 位成员需要的内容。
gaps-head-wished = 🙋 有人想要
gaps-head-missed = 🔎 搜过但没有满意结果
gaps-head-topics = 🏷️ 需要更多内容的主题
gaps-searched = { $count } 位成员
gaps-readers = { $count } 位读者
gaps-resources = { $count ->
    [0] 没有资源
   *[other] { $count } 个资源
}
gaps-askers = { $count } 位成员的问题没人回答
gaps-hard = { $count } 位成员觉得太难
gaps-nothing = 没有这么多人都缺的内容。
gaps-small = 还有 { $count } 个愿望不足 { $min } 位成员。
gaps-what-next = 用 `/submit` 或 `/resource add` 添加合适的内容，再用 `/wish fulfil`，许愿的成员会收到一次通知。新资源如果包含愿望里的所有词，愿望会自动实现。
gaps-fulfilled = ✅ **{ $title }** 满足了愿望 **{ $text }**。
gaps-fulfilled-how = { $count ->
    [0] 没有人在等通知。
   *[other] 会通知 { $count } 位成员。
}
gaps-dropped = **{ $text }** 已搁置：不再显示，也不能再次许愿。
gaps-letter = 🎉 你在 { $guild } 想要的 **{ $text }**，也许就是这个：
gaps-letter-how = 不是你要的？可以用 `/wish ask` 再许一次。
gaps-letter-sold = 它需要购买。请在服务器里用 `/search` 查找，那里会说明怎么获取；已经买过的可以直接打开。

error-gaps-empty = 请说明你想找什么，1 到 { $limit } 个字符。
error-gaps-untracked = 你已停止行为记录，所以无法保存愿望。可以用 `/privacy` 更改。
error-gaps-dropped = 管理员已搁置这个愿望。
error-gaps-many = 你已经有 { $limit } 个愿望，请先在 `/wish list` 里撤回一个。
error-gaps-gone = 这个愿望已经不在了，请看 `/wish list`。
error-gaps-pick = “{ $value }”没有对应到唯一的愿望，请输入其中一部分，再从列表中选择。
error-gaps-not-creator = 只有管理员，以及有作品收入目录的成员可以使用。
error-gaps-not-yours = 你可以用自己的作品满足愿望；其他资源请联系管理员。
