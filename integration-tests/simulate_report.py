#!/usr/bin/env python3
"""What a simulation came to: a table, a digest of the money, and a chart.

Usage: simulate_report.py FACTS RESULTS CHART. The digest covers every amount, by customer and not by id.
"""

import collections
import hashlib
import json
import sys

DIGITS = {"USD": 2, "JPY": 0, "KWD": 3}
COLOURS = {"revenue": "#1f6feb", "tax": "#bf8700", "fees": "#1a7f37"}


def read(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def money(micros, currency):
    digits = DIGITS[currency]
    units = abs(micros) // 10 ** (6 - digits)
    whole, rest = divmod(units, 10 ** digits)
    text = f"{whole:,}" + (f".{rest:0{digits}d}" if digits else "")
    return ("-" if micros < 0 else "") + text


def digest(facts, results):
    customers = {f["account"]: f["customer"] for f in facts if f["act"] == "subscription"}
    invoices = {r["id"]: (customers[r["account"]], r["sequence"]) for r in results if r["kind"] == "invoice"}
    lines = []
    for r in results:
        if r["kind"] == "invoice":
            lines.append(("invoice", invoices[r["id"]], r["issued"], r["currency"], r["net"], r["tax"], r["paid"],
                          r["credited"], r["state"]))
        elif r["kind"] == "line":
            lines.append(("line", invoices[r["invoice"]], r["line"], r["from"], r["to"], r["net"], r["tax"]))
        elif r["kind"] == "credit_note":
            lines.append(("credit note", customers[r["account"]], r["sequence"], r["net"], r["tax"], r["applied"]))
        elif r["kind"] == "charge":
            lines.append(("charge", invoices[r["invoice"]], r["attempt"], r["amount"], r["state"], r["day"]))
        elif r["kind"] == "fee":
            lines.append(("fee", invoices[r["invoice"]], r["line"], r["segment"], r["generation"], r["reversal"],
                          r["amount"], r["day"]))
        elif r["kind"] == "statement":
            lines.append(("statement", r["from"], r["currency"], r["carried_in"], r["accrued"], r["disposition"]))
        elif r["kind"] in ("refund", "payout", "account"):
            lines.append((r["kind"], r["currency"], r.get("amount"), r.get("total"), r.get("credit")))
    return hashlib.sha256("\n".join(sorted(map(repr, lines))).encode()).hexdigest()


def table(results):
    sums = collections.defaultdict(lambda: collections.Counter())
    for r in results:
        of = sums[r.get("currency")]
        if r["kind"] == "invoice":
            of.update({"invoices": 1, "invoiced": r["net"], "tax invoiced": r["tax"], "paid": r["paid"]})
            of.update({"still due": r["net"] + r["tax"] - r["paid"] - r["credited"]} if r["state"] == "OPEN" else {})
        elif r["kind"] == "credit_note":
            of.update({"credit notes": 1, "credited": r["net"], "tax credited": r["tax"]})
        elif r["kind"] == "refund":
            of.update({"refunded": r["amount"]})
        elif r["kind"] == "payment" and r["state"] == "REVERSED":
            of.update({"payments that bounced": 1})
        elif r["kind"] == "charge":
            of.update({"charges": 1, "charges " + r["state"].lower(): 1})
        elif r["kind"] == "fee":
            of.update({"fees": r["amount"]})
        elif r["kind"] == "statement":
            of.update({"statements": 1, "statements " + str(r["disposition"]).lower(): 1})
        elif r["kind"] == "payout":
            of.update({"payouts": 1, "paid out" if r["state"] == "PAID" else "not paid out yet": r["total"] - r["withheld"],
                       "withheld": r["withheld"]})
    for of in sums.values():
        of["revenue"], of["tax"] = of["invoiced"] - of["credited"], of["tax invoiced"] - of["tax credited"]
    counts = {"invoices", "credit notes", "payments that bounced", "charges", "charges declined", "charges cancelled",
              "charges charged_back", "statements", "statements payable", "statements carried", "statements held",
              "payouts"}
    rows = ["invoices", "revenue", "tax", "paid", "still due", "credit notes", "refunded", "payments that bounced",
            "charges", "charges declined", "charges cancelled", "charges charged_back", "fees", "statements", "statements payable", "statements carried", "statements held", "payouts", "paid out",
            "not paid out yet", "withheld"]
    print(f"{'':24}" + "".join(f"{c:>20}" for c in DIGITS))
    for row in rows:
        print(f"{row:24}" + "".join(f"{sums[c][row] if row in counts else money(sums[c][row], c):>20}" for c in DIGITS))


def chart(results, path):
    """Revenue, tax and fees by month in US dollars, as lines."""
    dollars = {r["id"] for r in results if r["kind"] == "invoice" and r["currency"] == "USD"}
    months = collections.defaultdict(lambda: collections.Counter())
    for r in results:
        if r["kind"] == "invoice" and r["id"] in dollars:
            months[r["issued"][:7]].update({"revenue": r["net"], "tax": r["tax"]})
        elif r["kind"] == "credit_note" and r["currency"] == "USD":
            months[r["issued"][:7]].update({"revenue": -r["net"], "tax": -r["tax"]})
        elif r["kind"] == "fee" and r["currency"] == "USD":
            months[r["day"][:7]].update({"fees": r["amount"]})
    names = sorted(months)
    top = max([1] + [v for of in months.values() for v in of.values()])
    x = lambda i: 80 + i * 800 / max(len(names) - 1, 1)
    y = lambda v: 340 - v * 300 / top
    out = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 920 400" font-family="sans-serif" font-size="12">',
           '<title>Revenue, tax and fees by month, USD</title><rect width="920" height="400" fill="white"/>']
    for k in range(5):
        out.append(f'<line x1="80" x2="880" y1="{y(top * k / 4):.1f}" y2="{y(top * k / 4):.1f}" stroke="#ddd"/>'
                   f'<text x="74" y="{y(top * k / 4) + 4:.1f}" text-anchor="end">{top * k // 4 // 10**6:,}</text>')
    for i, name in enumerate(names):
        if i % max(len(names) // 12, 1) == 0:
            out.append(f'<text x="{x(i):.1f}" y="360" text-anchor="middle">{name}</text>')
    for k, (series, colour) in enumerate(COLOURS.items()):
        points = " ".join(f"{x(i):.1f},{y(months[name][series]):.1f}" for i, name in enumerate(names))
        out.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>'
                   f'<text x="{90 + 120 * k}" y="24" fill="{colour}">{series}</text>')
    out.append('<text x="880" y="24" text-anchor="end">USD a month</text></svg>')
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(out) + "\n")


def main():
    facts, results = read(sys.argv[1]), read(sys.argv[2])
    table(results)
    chart(results, sys.argv[3])
    print(f"chart: {sys.argv[3]}")
    print(f"digest of the money: {digest(facts, results)}")


if __name__ == "__main__":
    main()
