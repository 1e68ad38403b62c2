# ruff: noqa: E501 (tables are read by rows)
"""The goods of three invented sellers, as families of variants.

A family line: code stem | English | Chinese | grams | length x width x height in mm | value in
minor units | HS code | origin | marks | variants. A variant: suffix:English:Chinese, and where it
is bigger or smaller a factor behind a third colon. Marks: B ships in its own box, F fragile,
L has lots, E has lots and expiry. A Russian name stands where the English one would.
"""

from __future__ import annotations

_COLOURS = "WHT:white:白色 BLK:black:黑色 BLU:blue:蓝色 GRN:green:绿色 RED:red:红色 GRY:grey:灰色"
_SOFT = "SND:sand:沙色 SAG:sage:灰绿 PLM:plum:梅紫 NVY:navy:藏青 CRM:cream:米白"
_SIZES = "S:small:小号:0.7 M:medium:中号:1.0 L:large:大号:1.4 XL:extra large:特大:1.8"
_OUT = "OLV:olive:橄榄绿 ORG:orange:橙色 BLK:black:黑色 TAN:tan:棕褐 SKY:sky:天蓝"
_TOY = "RED:red:红色 YEL:yellow:黄色 BLU:blue:蓝色 PNK:pink:粉色 MIX:mixed:混色"

NORTHWIND = f"""
MUG|Silicone mug|硅胶杯|210|120x90x105|1290|392410|CN||{_COLOURS}
STM|Stoneware mug, 350 ml|陶瓷马克杯|390|125x95x110|1490|691200|CN|F|{_COLOURS}
TWL|Tea towel, set of 2|茶巾两件套|180|240x180x30|1190|630260|CN||{_SOFT}
BTH|Bath towel|浴巾|620|350x260x110|2490|630260|TR||{_SOFT}
BWL|Serving bowl|餐碗|740|240x240x95|2290|691110|CN|F|{_SIZES}
JAR|Glass storage jar|玻璃储物罐|520|110x110x180|1390|701349|CN|F|{_SIZES}
BRD|Bamboo cutting board|竹制砧板|980|380x260x25|1990|441911|CN||{_SIZES}
KNF|Chef knife, 20 cm|厨师刀|260|380x70x35|3490|821192|CN||BLK:black:黑色 WOD:walnut:胡桃木
PAN|Frying pan|平底锅|1150|450x280x80|3290|761510|CN|B|20:20 cm:20厘米:0.8 24:24 cm:24厘米:0.9 28:28 cm:28厘米
KTL|Electric kettle, 1.7 l|电热水壶|1320|240x220x270|3990|851679|CN|B|WHT:white:白色 BLK:black:黑色 STL:steel:钢色
LMP|Desk lamp|台灯|1480|420x200x160|4490|940521|CN|BF|WHT:white:白色 BLK:black:黑色
CND|Soy candle|大豆蜡烛|340|85x85x100|1590|340600|CN|FL|LAV:lavender:薰衣草 FIG:fig:无花果 CED:cedar:雪松 VAN:vanilla:香草
FRM|Picture frame|相框|460|310x220x30|1690|441410|CN|F|{_SIZES}
CSH|Cushion cover|抱枕套|160|260x200x25|1290|630492|CN||{_SOFT}
CRT|Linen curtain|亚麻窗帘|1350|360x300x90|4990|630399|CN||{_SOFT}
HKS|Wall hooks, set of 4|挂钩四件套|190|150x90x40|990|830250|CN||BLK:black:黑色 BRS:brass:黄铜 STL:steel:钢色
ORG|Drawer organiser|抽屉收纳盒|310|300x150x60|1190|392490|CN||{_SIZES}
VAC|Vacuum bags, pack of 6|真空压缩袋六只装|540|330x250x40|1790|392321|CN||{_SIZES}
TEA|Jasmine tea tin, 100 g|茉莉花茶|180|80x80x130|1490|090210|CN|E|CLS:classic:经典 PRM:premium:特级
DSH|Dishwasher tablets, 40|洗碗块|760|220x150x70|1390|340290|DE|E|LEM:lemon:柠檬 FRE:unscented:无香
RUG|Door mat, coir|椰棕地垫|1900|600x400x20|2690|570220|IN||{_SIZES}
CLK|Wall clock, 30 cm|挂钟|860|330x330x60|2990|910521|CN|BF|WHT:white:白色 BLK:black:黑色 WOD:oak:橡木
TRM|Термокружка 450 мл|保温杯|330|85x85x215|2190|961700|CN||BLU:синяя:蓝色 BLK:чёрная:黑色 STL:стальная:钢色
SLT|Подставка для столовых приборов|餐具架|410|340x240x60|1590|392410|CN||WHT:белая:白色 GRY:серая:灰色
PIL|Memory foam pillow|记忆枕|1400|580x380x130|4290|940490|CN|B|STD:standard:标准 LOW:low profile:低枕
SCL|Kitchen scale|厨房秤|420|220x170x30|1990|842310|CN||WHT:white:白色 BLK:black:黑色
BOT|Glass bottle, 1 l|玻璃瓶|560|90x90x300|1290|701090|CN|F|CLR:clear:透明 AMB:amber:琥珀 GRN:green:绿色
HGR|Velvet hangers, pack of 20|植绒衣架二十只|1180|430x240x110|2190|392690|CN||{_SOFT}
BKT|Раскладное ведро с крышкой и ручкой для дома, дачи и автомобиля, 10 литров|折叠水桶 带盖|780|330x330x80|1890|392490|CN||BLU:синее:蓝色 GRY:серое:灰色
NAP|Cotton napkins, set of 6|棉餐巾六件套|270|220x220x35|1890|630251|IN||{_SOFT}
"""

LUMEN = f"""
1010|Headlamp, 400 lumen|头灯|95|95x70x60|2990|851310|CN||{_OUT}
1020|Camping lantern|露营灯|410|110x110x190|3990|851310|CN||{_OUT}
1030|Dry bag|防水袋|240|300x200x40|1990|420292|VN||10:10 l:10升:0.8 20:20 l:20升 35:35 l:35升:1.3 55:55 l:55升:1.6
1040|Two-person tent|双人帐篷|2350|560x180x180|12990|630622|CN|B|{_OUT}
1050|Sleeping bag|睡袋|1450|400x240x240|7990|940430|CN|B|0C:0 °C:0度 M5:-5 °C:零下5度:1.1 M10:-10 °C:零下10度:1.3
1060|Trekking poles, pair|登山杖一对|520|660x130x70|5490|660200|CN||{_OUT}
1070|Inflatable mat|充气垫|640|290x130x130|4990|940421|CN||{_OUT}
1080|Camp stove|露营炉|360|130x130x110|3490|732111|CN||STL:steel:钢色 BLK:black:黑色
1090|Titanium cup, 450 ml|钛杯|110|105x95x90|2790|810899|CN||CLS:classic:经典 FLD:folding handle:折叠柄
1100|Merino socks|美利奴袜|85|220x110x40|1890|611594|CN||{_SIZES}
1110|Rain jacket|冲锋衣|480|330x260x70|8990|620293|VN||{_SIZES}
1120|Fleece beanie|抓绒帽|70|230x180x35|1590|650500|CN||{_OUT}
1130|Climbing rope, 60 m|登山绳|3800|400x300x160|15990|560750|CN|L|BLU:blue:蓝色 ORG:orange:橙色
1140|Carabiner set|登山扣套装|160|160x110x35|2490|761699|CN|L|S4:four pieces:四件:0.8 S8:eight pieces:八件:1.4
1150|Energy gel, box of 12|能量胶|480|190x120x90|2390|210690|US|E|BRY:berry:莓果 CIT:citrus:柑橘 COF:coffee:咖啡
1160|Water tablets, 60|净水片|60|120x80x25|1290|380894|DE|E|STD:standard:标准
1170|Insulated bottle|保温瓶|420|80x80x260|2990|961700|CN||{_OUT}
1180|Camping chair|露营椅|3200|780x160x150|5990|940179|CN|B|{_OUT}
1190|Multi-tool, 14 functions|多功能钳|230|130x75x40|3490|820320|CN||BLK:black:黑色 STL:steel:钢色
1200|Compass|指南针|75|110x75x30|1990|901410|CN|F|CLS:classic:经典 PRO:professional:专业
1210|Binoculars 8x32|双筒望远镜|560|180x150x80|8990|900510|CN|BF|BLK:black:黑色 GRN:green:绿色
1220|Solar charger, 21 W|太阳能充电器|540|300x180x40|5490|854143|CN|F|STD:standard:标准
1230|Hammock|吊床|690|250x150x120|3990|630690|CN||{_OUT}
1240|Фонарь налобный, 600 люмен|头灯|120|100x75x65|3790|851310|CN||BLK:чёрный:黑色 ORG:оранжевый:橙色
1250|Bear bell|熊铃|55|110x60x40|890|830610|CN||{_OUT}
1270|Softshell gloves|软壳手套|110|260x130x35|2490|611693|VN||{_SIZES}
1280|Gaiters, pair|雪套一对|240|340x210x50|3290|640690|CN||{_SIZES}
1260|Cooler bag|保温包|870|350x250x90|4290|420292|CN||{_SIZES}
"""

KIDORA = f"""
BLK|Wooden blocks|积木|1350|300x220x90|2990|950300|CN||50:50 pieces:50块:0.7 100:100 pieces:100块 150:150 pieces:150块:1.4
PUZ|Jigsaw puzzle|拼图|620|280x200x55|1690|950300|CN||FOX:fox:狐狸 SEA:under the sea:海底 MAP:world map:世界地图 TRN:train:火车 PND:panda:熊猫
CAR|Pull-back car|回力车|95|110x70x60|890|950300|CN||{_TOY}
DOH|Modelling dough, 6 tubs|彩泥六罐|920|260x180x65|1490|340700|CN|E|{_TOY}
PLU|Plush animal, 30 cm|毛绒玩具|240|300x180x140|1990|950300|CN||BER:bear:小熊 RBT:rabbit:兔子 FOX:fox:狐狸 ELE:elephant:大象 PND:panda:熊猫
KIT|Play kitchen|玩具厨房|9800|780x520x140|9990|950300|CN|B|WHT:white:白色 PNK:pink:粉色
TRK|Train set|火车轨道|2400|420x320x110|4490|950300|CN|B|STD:standard:标准 BIG:deluxe:豪华:1.3
RAT|Baby rattle|摇铃|65|130x70x50|990|950300|CN||{_TOY}
BIB|Silicone bib|硅胶围兜|110|230x200x40|1190|392690|CN||{_TOY}
CUP|Sippy cup|学饮杯|120|120x90x110|1290|392410|CN||{_TOY}
BAL|Soft ball, set of 3|软球三只装|310|280x110x100|1490|950669|CN||{_TOY}
CRY|Crayons, 24|蜡笔|260|190x140x25|890|960910|CN||WSH:washable:可水洗 JMB:jumbo:加粗 TRI:triangular:三角
PNT|Face paint set|面部彩绘|180|210x150x30|1690|330499|CN|E|CAR:carnival:狂欢 ANM:animals:动物
XYL|Xylophone|木琴|740|330x160x60|2290|920600|CN||{_TOY}
NGT|Night light|小夜灯|230|120x120x130|1990|940521|CN|F|MON:moon:月亮 STR:star:星星 CLD:cloud:云朵 CAT:cat:小猫
TNT|Play tent|儿童帐篷|1850|620x150x150|4990|630622|CN|B|{_TOY}
SCT|Balance bike|平衡车|3900|760x330x180|7990|950300|CN|B|{_TOY}
DIN|Dinosaur set|恐龙套装|520|290x210x80|1990|950300|CN||6:6 pieces:6只:0.7 12:12 pieces:12只:1.0 24:24 pieces:24只:1.7
MAG|Magnetic tiles|磁力片|1250|280x230x75|3990|950300|CN||32:32 pieces:32片:0.7 64:64 pieces:64片 100:100 pieces:100片:1.5
BKS|Bath books, set of 4|洗澡书四本|270|180x180x60|1590|490300|CN||SEA:sea:海洋 ZOO:zoo:动物园 FRM:farm:农场
BRG|Развивающая доска|忙碌板|1280|400x300x45|3490|950300|CN||DOM:«Дом»:小屋 LES:«Лес»:森林
RNC|Kids raincoat with hood, waterproof, with reflective stripes|儿童带帽防水反光条雨衣 幼儿园小学生户外徒步防泼水便携收纳款|290|280x220x40|2290|392620|CN||{_SIZES}
WTR|Water paint book|水画册|210|270x230x20|990|490300|CN||SEA:sea:海洋 ZOO:zoo:动物园 CAR:cars:汽车
STK|Stacking rings|叠叠圈|420|140x140x190|1490|950300|CN||{_TOY}
"""
