"""Names of people, lanes, shops and courts, as such a town has them; all invented."""

from random import Random


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


SURNAMES = (
    *"王李张刘陈杨赵" * 4, *"马白孟杜沈温柏景尚权屈颉蔺芦" * 2,
    *"周吴徐孙朱胡郭何高林罗郑梁宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于程叶魏苏吕丁任卢姚姜崔钟谭陆范汪廖石金贾夏付方邹"
    "熊孔秦邱江尹薛阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严武戴莫向汤裴仝逯亢郄",
    "欧阳", "上官", "司马", "令狐",
)  # fmt: skip
# What a generation was called, and the characters that type-writers and old programs stumble over.
ELDER_MEN = _words(
    "建国 志强 永福 德才 长青 文祥 福成 玉林 春生 海龙 万才 国栋 忠义 满仓 来喜 进财 四海 有福 生荣 占奎 宝山 双喜 存良 世昌 "
    "克勤 银虎 百顺 守业 天佑 镕基 犇 淼"
)
ELDER_WOMEN = _words(
    "秀英 桂兰 玉珍 淑芳 凤霞 翠萍 爱琴 改花 月娥 秋菊 兰香 巧云 彩霞 喜梅 春燕 菊芬 银花 素贞 翠莲 玉娥 桃花 变琴 金凤 慧芳 "
    "引弟 腊梅 香草 雪琴"
)
YOUNG_MEN = _words(
    "玮 磊 浩然 宇航 子轩 鹏飞 旭东 俊杰 志远 明轩 博文 晓峰 凯 振华 嘉豪 亚军 喆 镕 堃 翀 昊 晟 煜 珺 骁 瀚文 承泽 一鸣 "
    "天翔 立群 少鹏 小虎 亚东 宏伟 学谦 䶮 骐 垚"
)
YOUNG_WOMEN = _words(
    "婷 雪 佳怡 雨桐 欣 晓燕 丽娜 思琪 文静 梦瑶 静怡 小芳 娟 若曦 晓梅 玥 婧 佳慧 亚楠 玉洁 雅琴 晓玲 诗涵 嘉欣 彤 蕊 妍 "
    "钰 琬 筱筱 海燕 红梅 芮 囡"
)

LANES = _words(
    "灯笼 酱园 纸坊 箍桶 打铁 马号 药铺 油坊 皮坊 染房 书铺 府学 文庙 守备 三官 石狮 照壁 牌楼 当铺 茶馆 骡马 羊市 柴市 米市 "
    "水磨 车店 半截 拐把 竹篾 棉花 剪子 帽儿 砖窑 瓦窑 枣树 杏花 梨园 石榴 核桃 柿子 桑园 丁香 海棠 葡萄 银杏 白杨 沙枣 榆钱 "
    "涝池 堡子 场院 同心 永安 长乐 育才 利民 秤钩 罗圈 井台 香房 毡房 糖坊 醋坊 铁锁 灰堆 城壕 小校场 水门 斗门 磨石 响水 官园"
)
COURTS_OLD = _words(
    "食品厂家属院 运输公司家属院 面粉厂家属院 农机站家属院 百货公司家属院 粮站家属院 酒厂家属院 印刷厂家属院 水泥厂家属院 "
    "招待所家属院 剧团家属院 建筑公司家属院 五金厂家属院 皮革厂家属院 物资站家属院 砖瓦厂家属院 地毯厂家属院 木器社家属院"
)
COURTS_NEW = _words(
    "澄河湾 云锦园 金桂苑 学府名邸 锦绣里 书香苑 渡口人家 滨河雅居 柳岸花园 百合庭院 望河新城 丽景苑 康乐园 御景苑 鼓楼公馆 福满园 "
    "阳光里 南渡新居 安居苑 瑞祥园 惠民小区 和美家园 翡翠里 白塔新村 锦织苑 云渡首府"
)
EATERIES = _words("烩面馆 拉面馆 小炒店 臊子面 凉皮店 羊肉馆 早点铺 饺子馆 砂锅店 烤肉店 米线店 包子铺")
FOOD_SHOPS = _words("副食店 豆腐坊 馍馍铺 干果店 粮油店 烟酒店 卤肉店 糕点坊")
SHOPS = _words(
    "五金店 窗帘店 手机店 鞋店 服装店 文具店 药店 家电行 日杂店 床品店 土产店 花店 眼镜店 电动车行 水果店 渔具店"
)
HAIR = _words("美发屋 理发店 造型店 美容院")


def person(random: Random, *, elder: bool = False, woman: bool | None = None) -> str:
    """The name of somebody; elders are those who sweep and those who lead a committee for long."""
    if woman is None:
        woman = random.random() < 0.5
    men, women = (ELDER_MEN, ELDER_WOMEN) if elder else (YOUNG_MEN, YOUNG_WOMEN)
    return random.choice(SURNAMES) + random.choice(women if woman else men)


def shop(trade: str, random: Random) -> str:
    """老孟家烩面馆, 杜姐凉皮店, 同心五金店."""
    surname = random.choice([name for name in SURNAMES if len(name) == 1])
    front = random.choice((f"老{surname}家", f"{surname}姐", f"{surname}记", f"{surname}氏", random.choice(LANES)))
    return front + trade


def lanes(count: int, random: Random) -> list[str]:
    """So many names of lanes, each once: 灯笼巷, 酱园一巷, 酱园二巷, …"""
    twins = random.sample((1, 2, 3, 3, 4) * (len(LANES) // 5 + 1), len(LANES))
    names: list[str] = []
    for stem, here in zip(random.sample(LANES, len(LANES)), twins, strict=True):
        names += [f"{stem}巷"] if here == 1 else [f"{stem}{'一二三四'[number]}巷" for number in range(here)]
    # Chance may leave a name or two short; then some lanes are called as new ones are.
    return (names + [f"新{'一二三四五六七八九十'[number]}巷" for number in range(10)])[:count]
