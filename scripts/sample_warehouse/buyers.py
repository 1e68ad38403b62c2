"""Buyers that nobody is: generic names, made-up streets, real pairs of city and postal code."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

_FIRST = "Alex Jamie Robin Taylor Jordan Casey Morgan Riley Avery Quinn Dana Kelly Chris Pat Lee"
_LAST = "Sample Example Tester Demoson Placeholder Anyone Somebody Nobody Mustermann Doe Roe"
_CHINESE = "张三 李四 王五 赵六 钱七 孙八 周九 吴十 郑样本 陈示例"
_RUSSIAN = (
    "Примеров Иван", "Образцова Анна", "Тестов Пётр", "Шаблонова Ольга", "Макетов Сергей",
    "Пробная Мария", "Условный Алексей", "Демидова-Образцова Екатерина",
)  # fmt: skip
_STREETS = "Sample Example Placeholder Testing Fixture Specimen Prototype Mockup Template Demo"
_KINDS = "Street Avenue Road Lane Court Drive"

# city, state, ZIP: each agrees with the United States Postal Service.
US_PLACES = (
    "Austin,TX,78701;Houston,TX,77002;Dallas,TX,75201;San Antonio,TX,78205;El Paso,TX,79901;"
    "Los Angeles,CA,90012;San Diego,CA,92101;San Jose,CA,95113;Fresno,CA,93721;"
    "Sacramento,CA,95814;Oakland,CA,94612;Long Beach,CA,90802;New York,NY,10001;"
    "Brooklyn,NY,11201;Buffalo,NY,14202;Rochester,NY,14604;Plattsburgh,NY,12901;"
    "Chicago,IL,60601;Springfield,IL,62701;Miami,FL,33130;Orlando,FL,32801;Tampa,FL,33602;"
    "Jacksonville,FL,32202;Seattle,WA,98101;Spokane,WA,99201;Portland,OR,97204;Eugene,OR,97401;"
    "Denver,CO,80202;Boulder,CO,80302;Phoenix,AZ,85004;Tucson,AZ,85701;Las Vegas,NV,89101;"
    "Reno,NV,89501;Salt Lake City,UT,84101;Boise,ID,83702;Albuquerque,NM,87102;"
    "Atlanta,GA,30303;Savannah,GA,31401;Charlotte,NC,28202;Raleigh,NC,27601;"
    "Nashville,TN,37203;Memphis,TN,38103;Columbus,OH,43215;Cleveland,OH,44114;"
    "Detroit,MI,48226;Ann Arbor,MI,48104;Boston,MA,02108;Cambridge,MA,02139;"
    "Hartford,CT,06103;New Haven,CT,06510;Providence,RI,02903;Hoboken,NJ,07030;"
    "Newark,NJ,07102;Philadelphia,PA,19103;Pittsburgh,PA,15222;Baltimore,MD,21202;"
    "Washington,DC,20001;Richmond,VA,23219;Minneapolis,MN,55401;Milwaukee,WI,53202;"
    "Saint Louis,MO,63101;Kansas City,MO,64106;New Orleans,LA,70112;Honolulu,HI,96813;"
    "Anchorage,AK,99501;Burlington,VT,05401;Portland,ME,04101;Omaha,NE,68102;"
    "Oklahoma City,OK,73102;Billings,MT,59101;San Juan,PR,00901;Apo,AE,09012"
)
ABROAD = {
    "CA": "Toronto,ON,M5V 2T6;Vancouver,BC,V6B 1A1;Montréal,QC,H2X 1Y4;Calgary,AB,T2P 1J9",
    "MX": "Ciudad de México,CDMX,06000;Guadalajara,Jal.,44100;Monterrey,N.L.,64000",
    "GB": "Leeds,,LS1 1AA;Manchester,,M1 1AE;Bristol,,BS1 4DJ;Edinburgh,,EH1 1BB",
    "DE": "Berlin,,10115;München,,80331;Köln,,50667;Hamburg,,20095",
    "RU": (
        "Москва,Москва,101000;Санкт-Петербург,Санкт-Петербург,190000;"
        "Казань,Республика Татарстан,420111;Екатеринбург,Свердловская область,620014;"
        "Новосибирск,Новосибирская область,630099;Самара,Самарская область,443010;"
        "Владивосток,Приморский край,690091;Калининград,Калининградская область,236022"
    ),
    "KZ": "Алматы,,050000",
}
SPELLINGS = {
    "US": ("US", "US", "US", "USA", "United States", "us", "U.S.A.", "United States of America"),
    "CA": ("CA", "Canada"),
    "MX": ("MX", "México", "Mexico"),
    "GB": ("GB", "UK", "United Kingdom"),
    "DE": ("DE", "Deutschland", "Germany"),
    "RU": ("RU", "Россия", "Russia", "Russian Federation"),
    "KZ": ("KZ", "Kazakhstan"),
}


@dataclass(frozen=True)
class Buyer:
    """Who gets the parcel and where; `country` is the code, however the file spells it."""

    name: str
    phone: str
    line1: str
    line2: str
    city: str
    state: str
    postal_code: str
    country: str


def buyer(chance: Random, country: str) -> Buyer:
    """Somebody in `country`, with an address that its rules accept."""
    places = US_PLACES if country == "US" else ABROAD[country]
    city, state, postal_code = chance.choice(places.split(";")).split(",")
    line1, line2 = _street(chance, country)
    name, phone = _name(chance, country), _phone(chance, country)
    return Buyer(name, phone, line1, line2, city, state, postal_code, country)


def chinese_name(chance: Random) -> str:
    """A name such as a form's example has in Chinese."""
    return chance.choice(_CHINESE.split())


def _name(chance: Random, country: str) -> str:
    if country in ("RU", "KZ"):
        return chance.choice(_RUSSIAN)
    if country == "DE":
        return chance.choice(("Max Mustermann", "Erika Musterfrau", "Jörg Beispiel"))
    if country == "MX":
        return chance.choice(("María Ejemplo", "José Fulano de Tal", "Íñigo Muñoz Prueba"))
    return f"{chance.choice(_FIRST.split())} {chance.choice(_LAST.split())}"


def _street(chance: Random, country: str) -> tuple[str, str]:
    number = chance.randrange(1, 990)
    if country in ("RU", "KZ"):
        street = chance.choice(("Примерная", "Образцовая", "Тестовая", "Условная"))
        return f"ул. {street}, д. {number % 90 + 1}", f"кв. {chance.randrange(1, 200)}"
    if country == "DE":
        return (
            f"{chance.choice(('Musterstraße', 'Beispielweg', 'Probeallee'))} {number % 90 + 1}",
            "",
        )
    if country == "MX":
        return f"Calle {chance.choice(('Ejemplo', 'Muestra', 'Prueba'))} {number}", ""
    line1 = f"{number} {chance.choice(_STREETS.split())} {chance.choice(_KINDS.split())}"
    line2 = chance.choice(("", "", "", "Apt 4B", "Unit 12", "Suite 300", "c/o Front Desk"))
    return line1, line2


def _phone(chance: Random, country: str) -> str:
    """Numbers that are kept for fiction, or can't be dialled."""
    last = chance.randrange(100)
    return {
        "US": f"+1 555 555 01{last:02d}",
        "CA": f"+1 555 555 01{last:02d}",
        "MX": f"+52 55 5555 01{last:02d}",
        "GB": f"+44 20 7946 0{last:03d}",
        "DE": f"+49 30 23125 {last:03d}",
        "RU": f"+7 000 000-00-{last:02d}",
        "KZ": f"+7 000 000-01-{last:02d}",
    }[country]
