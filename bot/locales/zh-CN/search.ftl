# /server synonyms.
search-cmd-synonyms = 同义词
search-cmd-synonyms-desc = 设定在这里意思相同的词，搜其中一个也能找到另一个
search-synonyms-title = 意思相同的词
search-synonyms-label = 每行一组，用逗号隔开
search-synonyms-hint = 常见的中英文说法已经内置，例如 k8s、ml、大模型、数据库
search-synonyms-placeholder = 新人指南，onboarding，第一周
search-synonyms-saved = ✓ { $n ->
    [0] 没有自定义的同义词，内置的仍然有效。
   *[other] 共 { $n } 组自定义同义词，下次搜索即生效。
}
error-search-synonyms-two = “{ $line }”至少要有两个不同的词，用逗号隔开。英文词形变化不用写：搜 “test” 本来就能找到 “testing”。
error-search-synonyms-long = “{ $line }”太长了：每行最多 { $names } 个词，每个最多 { $characters } 个字符。
error-search-synonyms-many = 最多 { $lines } 行，“{ $line }”这一行超出了。
error-search-synonyms-text = 总共最多 { $characters } 个字符。
