# 管理员查看、起草和发布的积分规则。

rulebook-cmd = 积分规则
rulebook-cmd-desc = 查看和修改积分规则
rulebook-list-cmd = 查看
rulebook-list-desc = 各项规则的积分，以及上次是谁修改的
rulebook-set-cmd = 修改
rulebook-set-desc = 立即修改一项数值；已经获得的积分不变
rulebook-draft-cmd = 草稿
rulebook-draft-desc = 用菜单和表单修改规则；发布之前不会有任何变化
rulebook-publish-cmd = 发布
rulebook-publish-desc = 查看草稿改了什么，并发布为新版本
rulebook-history-cmd = 历史
rulebook-history-desc = 规则的每个版本：谁、何时、为什么
rulebook-rollback-cmd = 回滚
rulebook-rollback-desc = 把旧版本重新发布为新版本
rulebook-export-cmd = 导出
rulebook-export-desc = 把规则导出为 TOML 文件
rulebook-import-cmd = 导入
rulebook-import-replaced = ⚠️ { $member } 的草稿（最后修改于 { $when }）已被替换。原来的每个值都留在日志里，改前改后都有。
rulebook-import-desc = 把 TOML 文件导入为草稿；发布之前不会有任何变化
rulebook-opt-rule = 规则
rulebook-opt-rule-desc = 要修改哪条规则
rulebook-opt-field = 项目
rulebook-opt-field-desc = 要修改这条规则的哪一项
rulebook-opt-value = 新值
rulebook-opt-value-desc = 修改后的值，立即生效
rulebook-opt-reason = 原因
rulebook-opt-reason-desc = 简单说明原因，会显示在 /rules history 里
rulebook-opt-version = 版本
rulebook-opt-version-desc = 哪个版本；0 是默认规则
rulebook-opt-export-version-desc = 哪个版本；不填就是现行版本
rulebook-opt-file = 文件
rulebook-opt-file-desc = TOML 格式的规则，与 /rules export 导出的相同

rulebook-title = 积分规则 · 第 { $version } 版
rulebook-default = 默认规则，还没有人改过。
rulebook-line = { $field }：{ $value }
rulebook-row = **{ $rule }** · { $told }
rulebook-row-daily = 每天最多 { $count } 次
rulebook-row-step = 每 { $step } 次收藏 { $amount }
rulebook-row-uncapped = 不计入每日上限
rulebook-row-off = 不计分
rulebook-row-answered = 有 { $count } 人回应过后全额，此前 { $percent }%
rulebook-row-small = 参与者不到 { $count } 人时放宽
rulebook-row-without = 关闭
rulebook-row-newcomer = 带来的积分按 { $percent }% 计
rulebook-row-multipliers = { $channels ->
        [0] 没有频道
       *[other] { $channels } 个频道
    }，{ $roles ->
        [0] 没有身份组
       *[other] { $roles } 个身份组
    }
rulebook-row-general = 每日上限 { $amount }
rulebook-row-levels = { $curve }，{ $percent }%
rulebook-rule-title = { $rule } · 第 { $version } 版
rulebook-list-choose = 查看一条规则的全部数值
rulebook-list-open = 全部规则
rulebook-by = 由 { $member } 修改于 { $when }：{ $reason }
rulebook-value-length = { $value ->
        [0] 0（不限）
        [1] 1（有文字即可）
        [2] 2（一个短句）
       *[3] 3（较长的文字）
    }
rulebook-value-nothing = –
rulebook-value-more = { $shown }……（还有 { $count } 项）
rulebook-value-yes = 是
rulebook-value-no = 否
rulebook-choice-mee6 = MEE6 式曲线
rulebook-choice-linear = 每级相同
rulebook-choice-skool = Skool 式九级
rulebook-choice-list = 自定义列表
rulebook-choice-none = 没有赛季
rulebook-choice-monthly = 每月
rulebook-choice-quarterly = 每季度
rulebook-choice-dates = 自定义日期
rulebook-change = { $rule } · { $field }：{ $before } → **{ $after }**
rulebook-more = ……还有 { $count } 项

rulebook-draft-title = 📝 规则草稿
rulebook-draft-none = 目前没有草稿，这是第 { $version } 版的规则。选择要修改的部分；发布之前，成员不受任何影响。
rulebook-draft-same = 草稿与现行规则相同。
rulebook-draft-by = { $member } 最后修改于 { $when }。与现行的第 { $version } 版相比，改动了 { $count } 项（✏️）：
rulebook-draft-later = 第 { $version } 版已发布，将于 { $when } 生效；草稿以它为基础。
rulebook-draft-open = 编辑草稿……
rulebook-draft-choose = 选择要修改的部分
rulebook-draft-field = 选择要修改的项目
rulebook-draft-option = 现在：{ $value }
rulebook-draft-back = 返回草稿
rulebook-draft-discard = 放弃草稿
rulebook-draft-discarded = 草稿已放弃，现行规则没有变化。
rulebook-draft-was = { $field }：{ $before } → **{ $after }**
rulebook-draft-weights = 频道或身份组按你填写的百分比计分；填 100 就是从列表中去掉。

rulebook-field-now = { $field }（{ $value }）
rulebook-field-value = 目前的列表（ID=百分比）
rulebook-field-value-hint = 可以直接编辑，也可以在下面选择；留空表示没有
rulebook-field-chosen = 同时设置这些
rulebook-field-percent = 百分比
rulebook-field-percent-hint = 0 到 1000；0 表示不计分，100 表示从列表中去掉
rulebook-field-reason = 为什么修改？
rulebook-field-reason-hint = 简单说明，会显示在 /rules history 里
rulebook-field-at = 何时生效？留空表示立即
rulebook-field-at-hint = YYYY-MM-DD HH:MM，最多提前 { $days } 天，时区 { $zone }

rulebook-publish-title = 把草稿发布为第 { $version } 版？
rulebook-publish-none-title = 没有可发布的内容
rulebook-publish-none = 目前没有草稿，第 { $version } 版继续有效。选择要修改的部分；发布之前，成员不受任何影响。想回到以前的规则，请打开历史版本。
rulebook-publish-when = 确认后立即生效，也可以在确认时指定时间。每个事件按发生时生效的版本计分，已经获得的积分保持不变，除非你选择重算。
rulebook-publish-levels = 等级曲线会改变：一旦生效，所有人的等级都会按已获得的积分重新确定。
rulebook-publish-go = 发布……
rulebook-publish-form = 发布第 { $version } 版
rulebook-published = ✅ 第 { $version } 版已发布，即刻生效（{ $when }）。已经获得的积分保持不变。
rulebook-published-later = ✅ 第 { $version } 版已发布，将于 { $when } 生效。在那之前沿用现在的规则；已经获得的积分保持不变。
rulebook-withdrawn = 它取代了原定稍后生效的第 { $version } 版。
rulebook-takeback-go = 撤销
rulebook-takeback-reason = 撤销第 { $version } 版
rulebook-takeback-done = ↩️ 第 { $undone } 版已撤销：现行的第 { $version } 版与第 { $before } 版相同。已经获得的积分保持不变。
rulebook-rollback-go = 回滚……
rulebook-rollback-form = 回滚到第 { $version } 版
rulebook-rollback-hint = 重新发布为第 { $version } 版，立即改动 { $count } 项。

rulebook-history-title = 📚 规则的历史版本
rulebook-history-open = 历史版本
rulebook-history-end = 这一页没有版本。
rulebook-history-zero = 最初的默认规则
rulebook-history-line = { $when } · { $member }：{ $reason }
rulebook-history-live = 🟢 现行
rulebook-history-later = ⏳ { $at } 起生效
rulebook-history-never = 没有生效过
rulebook-history-choice = 第 { $version } 版：{ $reason }
rulebook-history-defaults = 第 0 版：默认规则
rulebook-newer = ◀ 较新
rulebook-older = 较早 ▶
rulebook-exported = 第 { $version } 版规则（TOML）。编辑后可以用 `/rules import` 导入。

error-rulebook-moved = 这已经不是现在的草稿：它刚刚被发布、修改或放弃了。请用 `/rules draft` 重新查看。
error-rulebook-nothing = 没有任何改动：这就是现行规则。
error-rulebook-reason = 请简单说明原因，它会写入历史。
error-rulebook-moment = 请填写将来的时间，例如 2026-09-01 08:00，最多提前 { $days } 天（时区 { $zone }）；留空表示立即生效。
error-rulebook-version = 没有这个版本，请从列表中选一个。
error-rulebook-overtaken = 刚刚有人把这一项改成了 { $value }。要换成你填的值，请再提交一次。
error-rulebook-newer = 刚刚有人发布了新的版本，请用 `/rules history` 重新查看。
error-rulebook-takeback = 之后又发布了别的版本，不能单独撤销这一版。请用 `/rules history` 回滚。
error-rulebook-takeback-drafted = 第 { $version } 版发布之后草稿又有改动，并且以它为基础。请先发布或放弃草稿，或者用 `/rules history` 回滚。
error-rulebook-file = 请附上 `/rules export` 导出的那种 TOML 文件，UTF-8 编码，不超过 64 kB。
error-rulebook-toml = { $line ->
    [0] 这不是 `/rules export` 导出的那种 TOML：内容没写完，或者嵌套太深、太长。
   *[other] 第 { $line } 行第 { $column } 个字符起无法按 TOML 读取：可能写重了，或者少了引号、括号或等号。
}
error-rulebook-unknown = 文件里的“{ $path }”不是任何规则的设置项。
error-rulebook-value = { $high ->
    [0] 文件里“{ $path }”的值不可用。
   *[other] 文件里“{ $path }”的值无效（{ $low } 到 { $high }）。
}

rulebook-preview-cmd = 预览
rulebook-preview-desc = 看看草稿会让最近一段时间有什么不同
rulebook-opt-days = 天数
rulebook-opt-days-desc = 回看多少天；不填就是 30 天
rulebook-preview-go = 预览
rulebook-preview-busy = 🔎 正在按草稿和现行规则分别模拟……
rulebook-preview-progress = { $bar } { $done } / { $total } 个事件
rulebook-preview-read = 按第 { $version } 版和草稿分别模拟了 { NUMBER($count) } 个事件，两边都从零开始
rulebook-preview-row = { $name }：{ $before } → **{ $after }**
rulebook-preview-rising = ▲ 名次上升
rulebook-preview-falling = ▼ 名次下降
rulebook-preview-place = { $member }：第 { $before } 名 → **第 { $after } 名**（{ $was } → { $becomes }）
rulebook-preview-levels = 按目前的积分和草稿的曲线，{ $higher } 人等级升高，{ $lower } 人等级降低。
rulebook-preview-note = 预览不会改变任何东西。管理员奖励、扣除、冻结或收回的积分不计在内；选择不在排行榜显示的成员计入总数，但不列名次。
rulebook-picture-title = 草稿会让最近 { $days } 天变成什么样
rulebook-picture-now = 现行规则（第 { $version } 版）
rulebook-picture-then = 草稿
rulebook-picture-sources = 各来源的积分
rulebook-picture-board = 按草稿计算的排行榜
rulebook-picture-member = 某位成员
rulebook-figure-minted = 发放的积分
rulebook-figure-earning = 获得积分的人数
rulebook-figure-gini = 基尼系数（0 = 平均）
rulebook-figure-top = 前 10 名占比
rulebook-figure-cap = 达到每日上限的人数
rulebook-figure-limit = 达到某项次数上限的人数
error-rulebook-busy = 这里已经有一次预览正在进行，请等待结果。
error-rulebook-trial = 预览中途停止了，什么都没有改变。请减少“天数”再试一次；如果还是不行，机器人的日志里写着原因。
error-rulebook-nothing-drafted = 没有可预览的内容：草稿与现行规则相同。请先用 `/rules draft` 修改。

rulebook-evidence-cmd = 线索
rulebook-evidence-desc = 查看有没有群体互相刷分，可以冻结或收回
rulebook-opt-first = 成员一
rulebook-opt-first-desc = 只看指定的两人或几人：第一位
rulebook-opt-second = 成员二
rulebook-opt-second-desc = 第二位
rulebook-opt-third = 成员三
rulebook-opt-third-desc = 第三位（可不填）
rulebook-opt-fourth = 成员四
rulebook-opt-fourth-desc = 第四位（可不填）
rulebook-evidence-title = 🔍 { $when } 以来谁给谁加分
rulebook-evidence-acts = { $members } 位成员之间共有 { $count } 次带来积分的互动（表情反应、回复、采纳、收藏）
rulebook-evidence-mutual = 互惠：其中 { $share } 发生在互相加分三次以上的两人之间，涉及成员：{ $members }
rulebook-evidence-concentrated = 集中：收到至少六次互动、且至少一半来自同一人的成员：{ $members }
rulebook-evidence-quick = 突发：{ $count } 次互动与同一成员的上一次相隔不到一分钟
rulebook-evidence-few = 不足 5 人
rulebook-evidence-none = 没有发现 5 到 50 人的群体主要在互相加分。
rulebook-evidence-ring = 群体 { $number }：{ $members } 人，内部互动 { $acts } 次，共 { $points } 积分，占他们收到的全部互动的 { $inside }
rulebook-evidence-choose = 查看一个群体
rulebook-evidence-note = 只统计 5 人以上的群体，从不针对某一个人；人数更少时，请在命令里指定成员。这只是值得看一看的线索，不是结论：学习小组也会互相感谢。
rulebook-ring-title = { $count } 人的群体
rulebook-ring-counts = 内部互动 { $acts } 次，共 { $points } 积分，占他们收到的全部互动的 { $inside }。{ $mutual } 的两人组合互相加分；{ $quick } 次互动与上一次相隔不到一分钟。
rulebook-ring-note = 冻结：在你解冻或收回之前，这些积分不计入，本人会看到“管理员正在查看”。收回：永久收回这些积分。每一步都要填写原因。
rulebook-ring-hold = 冻结
rulebook-ring-release = 解冻
rulebook-ring-reverse = 收回
rulebook-ring-done-hold = 已冻结 { $all } 笔中的 { $count } 笔，本人看到的是“冻结”，还没有结论。
rulebook-ring-done-release = 已解冻 { $all } 笔中的 { $count } 笔，重新计入。
rulebook-ring-done-reverse = 已收回 { $all } 笔中的 { $count } 笔。
error-rulebook-ring = 这个群体已经不在了，请用 `/rules evidence` 重新查看。
error-rulebook-few = 请指定两到 { $high } 位不同的成员。
error-rulebook-few-none = 这些成员在这段时间里没有互相带来积分，或已被收回。

rulebook-opt-since = 重算起始日
rulebook-opt-since-desc = 从这一天起的积分按草稿重算（YYYY-MM-DD）；不填则已获得的积分不变
rulebook-since-choice = { $days ->
        [0] { $day }（今天）
        [1] { $day }（昨天）
       *[other] { $day }（{ $days } 天前）
    }
rulebook-rescore-go = 重算已获得的积分……
rulebook-rescore-form = 重算已获得的积分
rulebook-rescore-day = 从哪一天起？
rulebook-rescore-day-hint = YYYY-MM-DD，按服务器时区。先看会有哪些变化，确认之前什么都不会改。
rulebook-picture-rescore = 从 { $day } 起重算会带来的变化
rulebook-picture-held = 实际发放
rulebook-picture-counted = 重算之后
rulebook-rescore-read = 按草稿重算了那天以来的 { NUMBER($count) } 个事件，并与实际发放的积分对照
rulebook-rescore-besides = { $count ->
        [1] 这段时间里还有积分是按第 { $versions } 版计的。与它相比，重算还会计入：
       *[other] 这段时间里还有积分是按第 { $versions } 版计的。与它们相比，重算还会计入：
    }
rulebook-rescore-effect = { NUMBER($members) } 位成员的 **{ NUMBER($entries) } 笔积分**会变化：{ NUMBER($gaining) } 人增加，{ NUMBER($losing) } 人减少，合计 **{ $amount }** 积分。
rulebook-rescore-nothing = { $day } 以来获得的积分不会有任何变化，直接发布草稿即可。
rulebook-rescore-note = 现在还没有任何改动。管理员奖励、扣除、冻结或收回的积分保持原样，已经兑换的东西也不受影响，不会有人因此欠分。重算之后可以在 `/rules history` 里撤销。
rulebook-rescore-publish = 发布并重算……
rulebook-rescore-without = 只发布，不重算……
rulebook-rescore-busy = ↻ 正在重算。即使这条消息不再更新，重算也会继续；期间发生的事件会在完成后立即计分。
rulebook-rescore-published = ✅ 第 { $version } 版已发布，即刻生效（{ $when }）。
rulebook-rescore-done = ↻ 已从 { $day } 起重算：{ NUMBER($members) } 位成员的 { NUMBER($entries) } 笔积分有变化，合计 { $amount } 积分。可以在 `/rules history` 里撤销。
rulebook-undo-go = 撤销第 { $version } 版的重算……
rulebook-undo-form = 撤销重算
rulebook-undo-done = ↺ 从 { $day } 起的重算已撤销：{ NUMBER($entries) } 笔积分恢复原样，合计 { $amount } 积分。现行规则不变，需要时请用 `/rules rollback`。
rulebook-history-rescore = 从 { $since } 起重算（{ $when }，{ $member }）：{ NUMBER($members) } 位成员的 { NUMBER($entries) } 笔积分，{ $amount } 积分
rulebook-history-undone = 从 { $since } 起的重算已撤销（{ $when }，{ $member }），{ $amount } 积分：{ $reason }
rulebook-history-running = 正在从 { $since } 起重算……
error-rulebook-since = 请填写 { $first } 到 { $last } 之间的一天，格式 YYYY-MM-DD：最多回到 { $days } 天前，且不早于第一个有记录的事件（时区 { $zone }）。
error-rulebook-no-events = 这里还没有任何记录，没有可以重算的积分。
error-rulebook-undone = 这次重算已经撤销过，或者要先撤销之后的那一次。请查看 `/rules history`。
rulebook-rescore-levels = { NUMBER($higher) } 人等级升高，{ NUMBER($lower) } 人等级降低。
