# ruff: noqa: E501 (tables are read by rows)
"""The words that lie beside the tables: example profiles, and where the sample comes from."""

from __future__ import annotations

PROFILE_ORDERS = """\
# An example: the order file of a small web shop, which has its own column names, writes the day
# first, knows no addresses (parcels are collected) and marks a cancellation by a C in front of
# the invoice number. Use: wms import orders FILE --profile profile_web_shop.toml
kind = "orders"
date_order = "day-first"
address = "absent"
repeated_rows = "merge"

[columns]
order_number = "InvoiceNo"
sku = "StockCode"
quantity = "Quantity"
ordered_at = "InvoiceDate"
unit_price = "UnitPrice"
name = "CustomerID"
country = "Country"

[fixed]
client = "SHOP"
channel = "web"
currency = "GBP"
service = "standard"

[cancelled]
column = "InvoiceNo"
starts_with = "C"

[not_goods]
column = "StockCode"
matches = "^(POST|DOT|M|D|S|C2|CRUK|PADS|B|AMAZONFEE|BANK CHARGES|gift_.*)$"
"""

PROFILE_SKUS = """\
# An example: the catalog of the same web shop, made out of its order file (each SKU once, with
# the first description). Use: wms import skus FILE --profile profile_web_shop_skus.toml
kind = "skus"

[columns]
sku = "StockCode"
name = "Description"
value = "UnitPrice"

[fixed]
client = "SHOP"
currency = "GBP"

[not_goods]
column = "StockCode"
matches = "^(POST|DOT|M|D|S|C2|CRUK|PADS|B|AMAZONFEE|BANK CHARGES|gift_.*)$"
"""

README = """\
# The sample warehouse

One building, LAX1 in Los Angeles (zone America/Los_Angeles), on 24 November 2026. Everything here
is invented and written by `scripts/make_sample` from one seed; do not edit the files, change the
script and run it again (the same seed writes the same bytes). Nothing was downloaded.

| file | what |
|---|---|
| clients.csv | {clients} sellers |
| skus.csv | {skus} SKUs, {own_box} of them ship in their own box |
| bins.csv | {bins} bins; zone A (aisles A-D) and zone B (aisles E-H), aisle-bay-level, level 4 is the reserve above; the walk goes up one aisle and down the next; then the dock |
| stock.csv | {stock} rows of stock in the morning |
| orders.csv | {rows} rows, {orders} orders over five channels |
| cancellations.csv | {cancellations} orders that are called off during the day |
| cartons.csv | the cartons of the pack bench |
| rates.csv | prices of the house carrier by service, zone and weight; the zone is decided by country, in the United States by the first three digits of the ZIP code |
| lanes.csv | lanes of the house carrier, with the local hour of the truck |
| people.csv | people to sign in as |
| profile_web_shop.toml, profile_web_shop_skus.toml | examples of column profiles |

- **Barcodes**: GTIN-13 with right check digits from the prefixes 210, 220 and 230. GS1 keeps 200 to
  299 for numbers inside one company, so none is the number of a real product. `CODE*6` is an
  inner pack, `CODE*12` a case (GTIN-14). {shared_first} and {shared_second}, of two clients, share one.
- **Buyers**: nobody real. Names are those of examples, streets are made up, telephone numbers are
  kept for fiction or can't be dialled. City, state and ZIP code agree, so that checks have something
  to check.
- **People** have PINs for the demonstration only, and they are printed here on purpose:
  {pins}.
  Change them, or better make your own people, before real goods are in the store.

## What is wrong with the orders, on purpose

{taken} of {orders} orders are taken in: {accepted} accepted at once ({clean} without any fault, {mended} whose lost
zero is put back and told) and {held} held. {refused} are no orders, since every row of theirs is refused.
What is wrong, and what ships although it looks odd:

| what | orders |
|---|---|
{faults}

Of the six orders that ask for goods of which there are too few, one gets the last piece and five
wait: too few pieces, the last one gone, none at all, only in quarantine, only past its date.
Countries are spelled in many ways, some buyers have Chinese names, and those of Ozon live in
Cyrillic. The numbers of two Shopify shops overlap: an order is known by client, channel and number.
"""
