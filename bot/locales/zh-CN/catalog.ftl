# 资源目录：登记、查找和分享资源。

catalog-cmd-resource = 资源
catalog-cmd-resource-desc = 管理资源目录（管理员）
catalog-cmd-add = 添加
catalog-cmd-add-desc = 往目录里添加一个资源
catalog-cmd-edit = 修改
catalog-cmd-edit-desc = 修改一个资源，只改你填写的选项
catalog-cmd-retire = 下架
catalog-cmd-retire-desc = 下架一个资源，或重新上架
catalog-cmd-share = 分享
catalog-cmd-share-desc = 把资源卡片发到当前频道
catalog-cmd-search = 搜索
catalog-cmd-search-desc = 在资源目录里搜索

catalog-opt-resource = 资源
catalog-opt-resource-desc = 输入标题的一部分，再从列表中选择
catalog-opt-kind = 类型
catalog-opt-kind-desc = 资源的类型
catalog-opt-title = 标题
catalog-opt-title-desc = 标题，最多 200 个字符
catalog-opt-url = 网址
catalog-opt-url-desc = 网址，以 https:// 或 http:// 开头
catalog-opt-summary = 简介
catalog-opt-summary-desc = 内容简介，最多 500 个字符；填“-”可清空
catalog-opt-tags = 标签
catalog-opt-tags-desc = 最多 10 个标签，用逗号隔开；填“-”可全部去掉
catalog-opt-language = 语言
catalog-opt-language-desc = 内容的语言，例如 zh 或 en
catalog-opt-level = 难度
catalog-opt-level-desc = 适合什么水平的人
catalog-opt-minutes = 时长
catalog-opt-minutes-desc = 大约要花多少分钟
catalog-opt-price = 价格
catalog-opt-price-desc = 多少钱，例如 49 或 49.90；免费填 0，不清楚就不填
catalog-opt-currency = 货币
catalog-opt-currency-desc = 价格的货币，例如 CNY 或 USD
catalog-opt-creator = 作者
catalog-opt-creator-desc = 作者是谁；填“-”可清空
catalog-opt-creator-member = 本服作者
catalog-opt-creator-member-desc = 作者是本服务器的哪位成员
catalog-opt-role = 身份组
catalog-opt-role-desc = 需要哪个身份组才能看到；选 @everyone 表示所有人
catalog-opt-restore = 恢复
catalog-opt-restore-desc = 选 True 让已下架的资源重新上架
catalog-opt-query = 关键词
catalog-opt-query-desc = 要找的词，也可以从列表中直接选标题
catalog-opt-search-kind-desc = 只看这一类

catalog-added = ✅ 已加入目录
catalog-edited = ✅ 已修改
catalog-retired = 📦 已下架，不会再展示给任何人。想恢复的话，用 `/resource retire` 并把“恢复”（restore）设为 True。
catalog-restored = ✅ 已重新上架
catalog-for-role = 仅限 { $role }
catalog-post = 发到本频道
catalog-choice-retired = （已下架）{ $title }

catalog-results = ### 🔎 { $query }
catalog-everything = ### 📚 目录里的最新资源
catalog-page = 第 { $number } 页
catalog-nothing = 目录里没有找到“{ $query }”。试试少用几个词或换个说法，也可以看看 `/recommend`。
catalog-empty = 目录还是空的。管理员可以用 `/resource add` 添加资源。
catalog-previous = ◀ 上一页
catalog-next = 下一页 ▶

error-catalog-kind = 没有“{ $value }”这种资源类型，可选：{ $accepted }。
error-catalog-level = 没有“{ $value }”这个难度，可选：{ $accepted }。
error-catalog-language = “{ $value }”不是语言代码，请用两个字母，例如 zh 或 en。
error-catalog-share-role = 这个资源仅限 { $role }，而所有人都能看到这个频道。请在私密频道分享，或请管理员在这里分享。
error-catalog-title-empty = 资源需要一个 1 到 200 个字符的标题。
error-catalog-title-long = 标题最多 { $limit } 个字符，现在有 { $length } 个。
error-catalog-summary-long = 简介最多 { $limit } 个字符，现在有 { $length } 个。
error-catalog-creator-long = 作者名最多 { $limit } 个字符，现在有 { $length } 个。
error-catalog-tag-long = 每个标签最多 { $limit } 个字符，“{ $value }”太长了。
error-catalog-tags-many = 一个资源最多 { $limit } 个标签，现在有 { $count } 个。
error-catalog-minutes = “{ $value }”不是有效时长，请填 1 到 { $limit } 之间的整数分钟。
error-catalog-currency = “{ $value }”不是货币代码，请用三个字母的 ISO 代码，例如 CNY 或 USD。
error-catalog-currency-missing = 填了价格也要填货币，例如 CNY 或 USD。
error-catalog-price = “{ $value }”不是有效价格，请填 0 到 { $limit } 之间的数字，例如 49 或 49.90。
error-catalog-price-decimals = { $decimals ->
    [0] { $currency } 的价格必须是整数。
   *[other] 价格最多 { $decimals } 位小数，例如 49.90。
}
error-catalog-price-minor = “{ $value }”不是以最小货币单位计的价格，请填 0 到 { $limit } 之间的整数，例如 4990 表示 49.90。
error-catalog-published = “{ $value }”不是日期，请写成 2026-03-31 这样。
error-catalog-published-later = “{ $value }”还没到；请填实际发布的日期，或者留空。
error-catalog-url = “{ $value }”不是网址，请用 https:// 或 http:// 开头的地址。
error-catalog-url-credentials = 网址里不能带用户名或密码。
error-catalog-url-long = 网址最多 { $limit } 个字符，现在有 { $length } 个。
error-catalog-required = 这一列必须填写。
error-catalog-type = 这里只能是文字或数字，只有标签可以是文字数组。
error-catalog-repeated = 第 { $first } 行已经有同一个网页，请只保留一行。
error-catalog-columns-unknown = 无法识别 { $columns }，可用的列是 { $accepted }。
error-catalog-json = 无法按 JSON 读取（{ $reason }）；请写成对象的数组，键为 { $accepted }。
error-catalog-item = 这一项不是对象，每一项应是含有这些键的对象：{ $accepted }。
error-catalog-format = 只能读取 .csv、.tsv 或 .json 文件。
error-catalog-no-lines = 这个文件里没有资源，请在表头下面每行写一个。
error-catalog-duplicate = 这个网页已经在目录里了，标题是《{ TITLE($title) }》，请用 `/resource edit` 修改。
error-catalog-duplicate-retired = 这个网页已经在目录里了，标题是《{ TITLE($title) }》，但已下架，请用 `/resource retire` 并把“恢复”（restore）设为 True。
error-catalog-nothing = 请至少填写一个要修改的选项。
error-catalog-pick = “{ $value }”没有对应到唯一的资源，请输入标题的一部分，再从列表中选择。

catalog-import-in-cell = { $file } 第 { $line } 行 { $column } 列：{ $problem }
catalog-import-in-line = { $file } 第 { $line } 行：{ $problem }
catalog-import-in-file = { $file }：{ $problem }
catalog-import-in-key = { $file } 第 { $line } 项 { $column }：{ $problem }
catalog-import-in-item = { $file } 第 { $line } 项：{ $problem }
