# 接下来读什么、学什么，以及背后的模型。

recommend-cmd-recommend = 推荐
recommend-cmd-recommend-desc = 为你挑选接下来值得读、值得看、值得学的内容
recommend-cmd-similar = 相似
recommend-cmd-similar-desc = 查找和某个资源相似的内容
recommend-cmd-model = 模型
recommend-cmd-model-desc = 推荐背后的模型
recommend-cmd-status = 状态
recommend-cmd-status-desc = 当前使用的模型和它的效果，以及最近几次训练的结果
recommend-cmd-refit = 重新训练
recommend-cmd-refit-desc = 立即用最新的活动数据重新训练

recommend-opt-topic = 主题
recommend-opt-topic-desc = 标题、简介或标签里要包含的词
recommend-opt-resource = 资源
recommend-opt-resource-desc = 输入标题，再从列表中选择

recommend-header = ## 📚 为你推荐
recommend-header-topic = ## 📚 为你推荐：{ $topic }
recommend-others = 换一批
recommend-note-no-model = 我还在了解这个社区的喜好，目前推荐的是热门和最新的内容。你打开、收藏、点赞得越多，推荐就越懂你。
recommend-note-untracked = 你已停止行为记录，推荐不会随你的操作变化；可以用 `/privacy` 恢复。
recommend-note-interests = 目前按你选的兴趣推荐。打开或收藏几个，或者点“不感兴趣”，下一次的推荐就会跟着调整。
recommend-note-no-history = 我还不了解你的喜好。打开或收藏几个，或者点“不感兴趣”，下一次推荐就会不一样。

recommend-empty-catalogue = 这里还没有可以推荐的内容。管理员可以用 `/resource add` 添加资源。
recommend-empty-seen = 能推荐的你都看过了。收藏的内容在 `/saved` 里，有新资源时会出现在这里。
recommend-empty-topic = 这里还没有关于“{ $topic }”的内容。少写一个词，或者换个主题试试。
recommend-empty-kind = 这里还没有这类内容。去掉类型再试试。
recommend-empty-tags = 可以试试这些主题：{ $tags }

recommend-similar-header = ## 🔎 和《{ TITLE($title) }》相似
recommend-similar-none = 暂时没有和《{ TITLE($title) }》相似的内容，可以用 `/recommend` 按主题找找。

recommend-model-none = ## 🧭 还没有模型
    成员目前看到的是热门和最新的内容、符合自己兴趣的内容，以及和看过的内容相近的资源。等有足够多的成员打开、收藏、点赞过资源，并同意我从中学习，就会训练出模型。
recommend-model-live = ## 🧭 当前模型启用于 { $when }
    它学习了 { $members } 位成员对 { $resources } 个资源的 { $events } 次操作。
recommend-model-figures = 用模型没见过的 { $choices } 次选择来检验：成员选中的资源有 **{ $hits }** 排进它的前十；只按当前热度推荐时是 **{ $popular }**。
    -# 排序质量（nDCG@10）：{ $ndcg }，按热度推荐为 { $popular_ndcg }
recommend-model-attempts = **最近几次训练**

recommend-refit-live = ## 🟢 新模型已启用
    训练用时 { $seconds } 秒。
recommend-refit-rejected = ## 🟡 模型没有更换
    训练用时 { $seconds } 秒，仍使用原来的推荐方式。
recommend-refit-replaced = ## 🟡 暂时没有模型
    原来的模型用过某位成员的记录，而这位成员已撤回同意或删除了数据；新模型训练用时 { $seconds } 秒，还不能接替它。在此之前，按近期热度和内容相近推荐。
recommend-refit-failed = ## 🔴 训练失败
    仍使用原来的推荐方式。
recommend-refit-long = 训练还没结束，会在后台继续。稍后可以用 `/model status` 查看结果。

recommend-reason-accepted = 优于按热度推荐，也不逊于之前的模型
recommend-reason-too-few-data = 活动数据太少，还无法判断模型是否有用
recommend-reason-worse-than-popularity = 没有明显优于按热度推荐
recommend-reason-worse-than-live = 效果明显不如当前模型
recommend-reason-withdrawn = 它用过某位成员的记录，这位成员已撤回同意或删除了数据，因此不再使用
recommend-reason-failed = 训练出错：{ $error }

error-recommend-unknown = 没有找到这个资源，请输入标题的一部分，再从列表中选择。
error-recommend-refit-running = 已经在训练了，请稍后用 `/model status` 查看结果。
recommend-chances = **打开概率**根据 { $shown } 次展示得出：平均误差 { $after }（学习前为 { $before }）。每周精选据此取舍。
recommend-chances-none = -# 每周精选按打开概率取舍内容；在向 5 位成员展示满 50 次之前，先用保守的估计。
recommend-chances-title = 打开概率
recommend-chances-said = 预测的概率
recommend-chances-happened = 实际打开的比例
