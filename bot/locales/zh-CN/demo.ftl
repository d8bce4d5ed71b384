# `lyceum demo` 的演示页面。

demo-subtitle = 模拟的 Discord，真实的机器人
demo-you-are = 你现在是
demo-channels = 频道
demo-messages = 私信
demo-guide-title = 先试试这些
demo-guide-intro = 在顶部选择你的身份，在底部输入框里打字：输入 / 会列出全部命令，按 Enter 选中，再按一次 Enter 发送。
demo-guide-done = 主要功能都体验过了。输入 / 还能看到其他命令：/shop、/checkin、/search、/similar、/saved、/share、/model status。
demo-guide-note = 120 位虚构成员，真实的公开资源。一切都在这台电脑上运行，停止演示后全部清除。
demo-loading = 正在打开对话……
demo-go = 切换为
demo-other-language = English
demo-new-message = 新消息
demo-stopped = 演示已停止。用 make demo 可以重新启动。

demo-model-title = 模型有多准
demo-model-lists = Ana 的推荐，打开前后
demo-model-empty = 以 Ana 的身份使用 `/recommend`，打开一张卡片，再使用一次：前后两次的推荐会显示在这里。
demo-model-before = 之前
demo-model-after = 现在
demo-model-new = 新
demo-model-hits = 模型
demo-model-popular = 只看热度
demo-model-none = 还没有可用的模型。
demo-model-measured = 训练数据之后成员又打开了 { $choices } 项内容，出现在前十个推荐里的比例：

demo-role-nia = 新成员
demo-role-ana = 成员
demo-role-lin = 成员（中文）
demo-role-mo = 管理员

demo-step-recommend = 问问该看什么
demo-step-recommend-text = 输入 `/recommend`。Nia 刚来，会看到大家最近在看的内容；机器人会问她一次，能不能用她的操作训练推荐。
demo-step-open = 打开一张卡片
demo-step-open-text = 在喜欢的卡片上点“打开”，其他的点“收藏”或“不感兴趣”。
demo-step-again = 再问一次
demo-step-again-text = 再输入一次 `/recommend`：你几秒钟前的操作已经改变了推荐。
demo-step-taste = 换成老成员
demo-step-taste-text = Ana 已经来了好几周，`/recommend` 会告诉她每张卡片的推荐理由。
demo-step-chinese = 换一位读者
demo-step-chinese-text = 林晓中英文都读，看看 `/recommend` 会给她推荐什么。
demo-step-points = 攒点积分
demo-step-points-text = 在频道里说几句话，再看看 `/points` 和 `/leaderboard`。
demo-step-rules = 改一条规则
demo-step-rules-text = 作为管理员：先 `/rules list`，再 `/rules set`。已经获得的积分不会变。
demo-step-preview = 先看改动会带来什么
demo-step-preview-text = 输入 `/rules draft`：选择一个部分，再选一项并修改，然后点“预览”，看看最近 30 天会有什么不同。
demo-step-rescore = 发布并重算
demo-step-rescore-text = 输入 `/rules publish`，再点“重算已获得的积分……”：先看会有哪些变化，再确认；之后可以在 `/rules history` 里撤销。
demo-step-digest = 收一期每周精选
demo-step-digest-text = 先 `/digest on`，再 `/digest now`，然后到左侧查看 Ana 的私信。
demo-step-privacy = 看看保存了什么
demo-step-privacy-text = `/privacy` 可以查看、导出或删除你的数据。
