filters-opt-kind = 类型
filters-opt-kind-desc = 只看文章、课程等其中一类
filters-opt-level = 难度
filters-opt-level-desc = 只看这个难度
filters-opt-language = 语言
filters-opt-language-desc = 只看这种语言
filters-opt-minutes = 分钟
filters-opt-minutes-desc = 最多几分钟
filters-opt-price = 价格
filters-opt-price-desc = 只看免费或付费
filters-price-free = 免费
filters-price-paid = 付费
filters-minutes = 不超过 { $minutes } 分钟

filters-gem = 💎 仅精华
filters-opt-gem = 精华
filters-opt-gem-desc = 选 True 只看管理员标为精华的资源
