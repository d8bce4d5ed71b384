# 第一步：/start、/help，以及被提及时的回答。

start-cmd = 开始
start-cmd-desc = 选择感兴趣的主题，看看怎么开始
start-help = 帮助
start-help-desc = 看看 Lyceum 能帮你做什么

start-welcome =
    ## 👋 欢迎
    我会帮你找到接下来值得读、值得学的内容，记住你的收藏，也会为帮助他人的行为记积分。
start-question = 你对什么感兴趣？
start-how = { $n ->
    [0] 选几个就行，三个就足够推荐了。随时可以更改。
    [1] 已保存 1 个，选三个就足够推荐了。
    [2] 已保存 2 个，再选一个就足够推荐了。
   *[other] 已保存 { $n } 个，足够推荐了：使用 `/recommend` 看看，也可以继续选。
}
start-other = 其他……
start-done = 完成
start-skip = 跳过
start-chosen = ✓ 你的兴趣：{ $interests }。使用 `/recommend` 查看适合你的内容。随时可以用 `/start` 更改。
start-skipped = 好的。`/recommend` 会先推荐这里受欢迎的内容，再根据你打开的内容调整。想选时使用 `/start`。

start-help-title-member = 我能帮你做什么
start-help-title-ask = 提问、回答与参与
start-help-title-expert = 专家
start-help-title-moderator = 管理员
start-help-to-member = ◀ 常用功能
start-help-to-ask = 提问与参与
start-help-to-expert = 专家功能
start-help-to-moderator = 管理功能
start-help-member =
    - **查找**：`/recommend` 推荐接下来读什么、学什么，`/search` 按词查找，`/similar` 查找相似的内容
    - **留存**：`/saved` 查看收藏；`/digest on` 每周给你发几条精选
    - **提问**：`/ask` 先找现成的答案，再向大家提问
    - **由你决定**：`/start` 选择兴趣，`/privacy` 查看保存了你的哪些数据
start-help-ask =
    - **问题**：`/questions open` 查看等待回答的问题；`/expert find` 查找懂某个主题的人，`/expert card` 说明你能回答什么
    - **分享**：`/submit` 推荐一个网页，`/share` 把好内容分享给大家，`/checkin` 记下今天学了什么
    - **积分**：`/points` 和 `/leaderboard` 查看积分和排名，`/shop` 查看积分能换什么
    - **个人**：`/profile view` 设置语言和时区，`/library` 记笔记、看进度
start-help-expert =
    - **名片**：`/expert card` 修改主题、时间和每周最多被邀请几次，`/expert pause` 暂停或恢复，`/expert leave` 删除名片
    - **邀请**：在邀请下点“我来回答”或“跳过”，没人会知道谁跳过了。`/review` 查看请你评审的内容，`/questions open` 查看等待回答的问题
start-help-moderator =
    - **目录**：`/resource add`、`/resource edit` 和 `/resource retire`；`/server synonyms` 设置本服务器的同义词
    - **积分**：`/rules list` 查看规则，`/rules preview` 在生效前模拟修改；`/award` 和 `/deduct` 手动加减分
    - **提问**：`/questions setup` 设置在哪里提问，`/questions link` 标记以前问过的问题，`/review` 处理大家推荐的网页
    - **奖励**：`/levels view` 和 `/shop-admin queue`
    - **服务器**：`/server view` 查看设置，`/server log` 查看操作记录，`/model status` 查看推荐效果
start-help-more = 输入 / 可查看全部命令。我的回答一般只有你能看到。
start-mentioned =
    👋 我不读消息，只回应命令。在服务器里输入 `/recommend` 看看接下来读什么，`/start` 选择感兴趣的主题，`/help` 查看其他功能。
