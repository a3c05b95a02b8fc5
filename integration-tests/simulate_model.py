#!/usr/bin/env python3
"""Recomputes a simulation from its facts, and compares every amount with what the services made of it.

Usage: simulate_model.py FACTS RESULTS. FACTS and RESULTS are the files that countersign-simulate writes. Written from
docs/domain.md, with fractions; it shares no code with the services. Exit code 0: all agrees; 1: the differences are
printed.
"""

import calendar
import collections
import datetime
import fractions
import json
import sys

Day = datetime.date
ONE = datetime.timedelta(days=1)
SMALL = {"USD": 1_000_000, "EUR": 1_000_000, "JPY": 100_000_000, "KWD": 300_000}  # Micros that are bank charges.
MINOR = {"USD": 10_000, "JPY": 1_000_000, "KWD": 1_000}  # Micros of the smallest unit.
FIRST_YEAR, LATER = 1200, 600  # Basis points.
MAX_SHOWN = 20


def day(text):
    return Day.fromisoformat(text[:10])


def add_months(anchor, months):
    month = anchor.year * 12 + anchor.month - 1 + months
    year, month = divmod(month, 12)
    return Day(year, month + 1, min(anchor.day, calendar.monthrange(year, month + 1)[1]))


def period_of(anchor, months, date):
    k = ((date.year - anchor.year) * 12 + date.month - anchor.month) // months
    if add_months(anchor, k * months) > date:
        k -= 1
    return add_months(anchor, k * months), add_months(anchor, (k + 1) * months)


def rounded(exact, currency):
    """Half away from zero, to the currency's minor unit."""
    steps = fractions.Fraction(exact) / MINOR[currency]
    whole = int(abs(steps) + fractions.Fraction(1, 2))
    return (whole if steps >= 0 else -whole) * MINOR[currency]


def split(total, shares, currency):
    """Cumulatively: part k is what the first k come to, less the parts before."""
    parts, first, before = [], 0, 0
    for share in shares:
        first += share
        so_far = total if first == sum(shares) else rounded(fractions.Fraction(total * first, sum(shares)), currency)
        parts.append(so_far - before)
        before = so_far
    return parts


class Tranche:
    def __init__(self, number, start, quantity, price, first_year):
        self.number, self.start, self.quantity, self.price = number, start, quantity, price
        self.billed_until, self.first_year = start, first_year
        self.removed, self.removed_on = 0, None

    def comes_back(self, date):
        """Whether seats that left can still take their first year along."""
        return self.removed_on is not None and date < add_months(self.removed_on, 12)


class Subscription:
    def __init__(self, fact, price):
        self.id, self.account = fact["subscription"], fact["account"]
        self.offer, self.currency, self.months = fact["offer"], fact["currency"], fact["months"]
        self.anchor, self.state, self.terms = day(fact["day"]), "ACTIVE", 1
        self.auto_renew, self.target, self.plan = True, 0, None  # plan: (source, price)
        self.tranches = [Tranche(1, self.anchor, fact["quantity"], price, self.anchor)]
        self.partners = [(self.anchor, fact["partner"])]  # From which day on.
        self.suspended = None

    def term_end(self):
        return add_months(self.anchor, 12 * self.terms)

    def seats(self):
        return sum(t.quantity for t in self.tranches)

    def append(self, start, quantity, price, first_year):
        self.tranches.append(Tranche(len(self.tranches) + 1, start, quantity, price, first_year))

    def add_seats(self, start, quantity, price):
        back = []
        for t in self.tranches:  # Seats removed less than 12 months ago come back, the oldest first.
            if not t.comes_back(start):
                continue
            count = min(quantity, t.removed)
            if count > 0:
                t.removed -= count
                quantity -= count
                back.append((count, t.first_year))
        for count, first_year in back:
            self.append(start, count, price, first_year)
        if quantity > 0:
            self.append(start, quantity, price, start)

    def renewal_quantity(self):
        return self.target or self.seats()

    def renew(self):
        end, more = self.term_end(), self.renewal_quantity() - self.seats()
        fewer = -more
        for t in reversed(self.tranches):
            gone = min(fewer, t.quantity)
            if gone > 0:
                fewer -= gone
                t.quantity -= gone
                t.removed, t.removed_on = gone + (t.removed if t.comes_back(end) else 0), end
        for t in self.tranches:
            t.price = self.plan[1]
        if more > 0:
            self.append(end, more, self.plan[1], end)
        self.terms += 1
        self.target, self.plan = 0, None

    def next_line(self, t):
        """The day on which the tranche's next line is due, or None."""
        end = self.term_end()
        if t.quantity < 1 or t.billed_until >= end:
            return None
        if self.state == "SUSPENDED" and t.billed_until >= self.suspended:
            return None  # A period that starts under suspension; one that began before is billed to its end.
        start, stop = period_of(self.anchor, self.months, t.billed_until)
        whole = t.billed_until == start
        came_back = not whole and t.billed_until != t.start
        return t.billed_until if whole or self.months == 12 or stop >= end or came_back else stop


class Line:
    def __init__(self, sub, t):
        start, stop = period_of(sub.anchor, sub.months, t.billed_until)
        self.sub, self.tranche, self.quantity, self.price = sub, t.number, t.quantity, t.price
        self.start, self.stop, self.currency = t.billed_until, stop, sub.currency
        self.days = (stop - self.start).days
        self.net = rounded(fractions.Fraction(t.price * t.quantity * sub.months * self.days, (stop - start).days),
                           sub.currency)
        self.partner = [p for since, p in sub.partners if since <= self.start][-1]
        self.tax, self.credits = 0, []  # credits: (net, tax, days or None)
        turn = min(max(add_months(t.first_year, 12), self.start), stop)
        self.segments = [(rate, (b - a).days, a) for rate, a, b in
                         ((FIRST_YEAR, self.start, turn), (LATER, turn, stop)) if b > a]
        self.generations = 0
        self.entries = None  # Of the last generation: amount, basis, reversed so far and how often, of each segment.

    def left(self):
        """Net left, and the same by segment where days were credited (else None)."""
        left, own = self.net, None
        for net, _, days in self.credits:
            if net == 0:
                continue
            if days is not None:
                own = own or split(left, [d for _, d, _ in self.segments], self.currency)
                overlaps = [max((min(a + d * ONE, days[1]) - max(a, days[0])).days, 0) for _, d, a in self.segments]
                rest = 0
                for i, part in enumerate(split(net, overlaps, self.currency)):
                    taken = min(part, own[i])
                    own[i] -= taken
                    rest += part - taken
                if rest:
                    own = [o - p for o, p in zip(own, split(rest, own, self.currency))]
            elif own is not None:
                own = [o - p for o, p in zip(own, split(net, own, self.currency))]
            left -= net
        return left, own


class Invoice:
    def __init__(self, account, sequence, issued, lines):
        self.account, self.sequence, self.issued, self.lines = account, sequence, issued, lines
        self.due_date = issued + account.days_to_pay * ONE
        self.currency = lines[0].currency
        self.net, self.tax = sum(l.net for l in lines), sum(l.tax for l in lines)
        self.paid = self.credited = 0
        self.state = "OPEN"
        self.charges = []  # Attempts, oldest first.

    def due(self):
        return self.net + self.tax - self.paid - self.credited


class Account:
    def __init__(self, fact):
        self.id, self.currency, self.region = fact["account"], fact["currency"], fact["region"]
        self.subs, self.invoices, self.notes, self.uses = [], [], [], []
        self.credit, self.version, self.last_issue, self.token = 0, 0, None, None
        self.days_to_pay = 30


class Model:
    def __init__(self, facts, results):
        self.accounts, self.subs, self.receipts, self.partners = {}, {}, {}, {}
        self.rates = collections.defaultdict(list)
        self.prices, self.terms, self.ids, self.invoice_ids = [], [], {}, {}
        for row in results:
            if row["kind"] == "price":
                self.prices.append(row)
            elif row["kind"] == "terms":
                self.terms.append(row)
            elif row["kind"] == "invoice":
                self.ids[row["id"]] = (row["account"], row["sequence"])
                self.invoice_ids[row["account"], row["sequence"]] = row["id"]
        self.fees, self.refunds, self.statements, self.payouts = [], [], {}, {}
        self.segments = collections.defaultdict(list)  # The fees of one segment and generation.
        self.today = None
        self.run(facts)

    def run(self, facts):
        by_day = collections.defaultdict(list)
        for fact in facts:
            by_day[day(fact["day"])].append(fact)
        for self.today in (min(by_day) + i * ONE for i in range((max(by_day) - min(by_day)).days + 1)):
            for account in self.accounts.values():
                self.bill(account)
                self.charge(account)
            self.close_statements()
            for fact in sorted(by_day[self.today], key=order_in_day):
                getattr(self, "on_" + fact["act"])(fact)
            for account in self.accounts.values():
                self.charge(account)  # What the day made due again.

    # Prices, terms.

    def price(self, offer, currency, quantity, date):
        tiers = [p for p in self.prices if p["offer"] == offer and p["currency"] == currency and day(p["from"]) <= date]
        newest = max(p["from"] for p in tiers)
        tiers = sorted((p for p in tiers if p["from"] == newest), key=lambda p: p["minimum"])
        return [p for p in tiers if p["minimum"] <= quantity or p is tiers[0]][-1]["micros"]

    def price_of(self, sub, quantity, date):
        return self.price(sub.offer, sub.currency, quantity, date)

    def terms_of(self, currency):
        return max((t for t in self.terms if t["currency"] == currency and day(t["from"]) <= self.today),
                   key=lambda t: t["from"])

    # Billing.

    def choose_price(self, sub):
        """30 days before the end, and again on the last day, when a lower price wins and a higher one never does."""
        if sub.state != "ACTIVE" or not sub.auto_renew:
            return
        end = sub.term_end()
        source = sub.plan[0] if sub.plan else None
        if (source is None and self.today >= end - 30 * ONE) or (source == "AUTOMATIC" and self.today >= end):
            found = self.price_of(sub, sub.renewal_quantity(), end)
            if source is None or found < sub.plan[1]:
                sub.plan = ("AUTOMATIC", found)

    def bill(self, account):
        lines = []
        for sub in account.subs:
            if sub.state not in ("ACTIVE", "SUSPENDED"):
                continue
            again = True
            while again:
                again = False
                if sub.state == "ACTIVE":
                    self.choose_price(sub)
                for t in sub.tranches:
                    while (due := sub.next_line(t)) is not None and due <= self.today:
                        lines.append(Line(sub, t))
                        t.billed_until = lines[-1].stop
                if self.today < sub.term_end() or sub.state not in ("ACTIVE", "SUSPENDED"):
                    continue
                if sub.state == "SUSPENDED" or not sub.auto_renew:
                    sub.state = "EXPIRED"
                elif sub.plan:
                    sub.renew()
                    again = True
        for i in range(0, len(lines), 20):
            self.open(account, lines[i:i + 20])

    def open(self, account, lines):
        issued = max(self.today, account.last_issue or self.today)
        account.last_issue = issued
        self.tax(account, issued, lines)
        account.invoices.append(Invoice(account, len(account.invoices) + 1, issued, lines))
        self.use_credit(account)

    def tax(self, account, issued, lines):
        versions = sorted(self.rates[account.region])
        in_force = lambda date: max((v for v in versions if v[0] <= date), default=None)
        policy = in_force(issued)
        so_far = collections.defaultdict(lambda: (0, 0))
        for line in lines:
            version = in_force(line.stop - ONE) if policy and policy[3] else policy
            if version is None:
                continue
            net, tax = so_far[version]
            net += line.net
            exact = fractions.Fraction(net * version[1], 1_000_000)
            minor = MINOR[account.currency]
            total = int(exact // minor) * minor if version[2] else rounded(exact, account.currency)
            line.tax = total - tax
            so_far[version] = (net, total)

    # The account's book.

    def pay(self, invoice, amount):
        invoice.paid += amount
        if invoice.due() == 0:
            self.settle(invoice)

    def settle(self, invoice):
        invoice.state = "PAID"
        for number, line in enumerate(invoice.lines, 1):
            left, own = line.left()
            line.generations += 1
            bases = [left] * len(line.segments) if own is None else own
            entries, weight, so_far = [], fractions.Fraction(0), 0
            for (rate, days, _), basis in zip(line.segments, bases):
                share = fractions.Fraction(days, line.days) if own is None else 1
                weight += fractions.Fraction(basis * rate, 10_000) * share
                total = rounded(weight, line.currency)
                entries.append({"amount": total - so_far, "basis": basis, "reversed": 0, "count": 0})
                so_far = total
            line.entries, line.by_segment = entries, own is not None
            for i, entry in enumerate(entries):
                self.fee(invoice, number, i, line, entry["amount"], 0)

    def fee(self, invoice, number, i, line, amount, reversal):
        self.enter({"partner": line.partner, "account": invoice.account.id, "sequence": invoice.sequence,
                    "line": number, "segment": i + 1, "generation": line.generations, "reversal": reversal,
                    "rate": line.segments[i][0], "days": line.segments[i][1], "amount": amount,
                    "currency": line.currency, "corrects": False})

    def enter(self, fee):
        fee["day"], fee["stated"] = self.today, False
        self.fees.append(fee)
        self.segments[segment_of(fee)].append(fee)
        if fee["amount"] < 0:
            self.give_back(fee)

    def give_back(self, fee):
        """A correction that took more than reversals left of the fee is given back by so much."""
        entries = self.segments[segment_of(fee)]
        left, taken = sum(f["amount"] for f in entries), -sum(f["amount"] for f in entries if f["corrects"])
        back = min(-left, taken)
        if back > 0:
            self.enter({**entries[0], "amount": back, "corrects": True})

    def on_correct_fee(self, fact):
        account, sequence = self.ids[fact["invoice"]]
        line = self.accounts[account].invoices[sequence - 1].lines[fact["line"] - 1]
        segment = [rate for rate, _, _ in line.segments].index(fact["rate"]) + 1
        entries = self.segments[account, sequence, fact["line"], segment, fact["generation"]]
        self.enter({**entries[0], "amount": fact["micros"], "corrects": True})

    def reverse_fee(self, invoice, number, i, line, amount):
        entry = line.entries[i]
        entry["reversed"] += amount
        entry["count"] += 1
        self.fee(invoice, number, i, line, -amount, entry["count"])

    def take_back(self, invoice, amount):
        invoice.paid -= amount
        if invoice.state != "PAID":
            return
        invoice.state = "OPEN"
        for number, line in enumerate(invoice.lines, 1):
            for i, entry in enumerate(line.entries):
                rest = entry["amount"] - entry["reversed"]
                if rest:
                    self.reverse_fee(invoice, number, i, line, rest)

    def open_invoices(self, account):
        return sorted((i for i in account.invoices if i.state == "OPEN" and i.due() > 0),
                      key=lambda i: (i.issued, i.sequence))

    def use_credit(self, account):
        account.version += 1
        for invoice in self.open_invoices(account):
            if account.credit <= 0:
                break
            used = min(account.credit, invoice.due())
            account.credit -= used
            account.uses.append({"version": account.version, "invoice": invoice, "left": used})
            self.pay(invoice, used)

    def use_receipt(self, receipt):
        account = self.accounts[receipt["account"]]
        named = self.ids.get(receipt["invoice"])
        rest, parts = receipt["micros"], []
        for invoice in sorted(self.open_invoices(account), key=lambda i: (i.account.id, i.sequence) != named):
            part = min(rest, invoice.due())
            if part == 0:
                break
            rest -= part
            short = invoice.due() - part
            if not receipt.get("by_card") and short <= SMALL.get(account.currency, 0) and short < part:
                part += short
            parts.append((invoice, part))
            self.pay(invoice, part)
        receipt["parts"], receipt["credit"] = parts, rest
        account.credit += rest

    # Charges.

    def charge(self, account):
        """What is due by today, by the account's token."""
        for invoice in account.invoices:
            due_date, is_open = invoice.due_date, invoice.state == "OPEN"
            last = invoice.charges[-1] if invoice.charges else None
            if last and last["state"] == "UNKNOWN":  # Blocks every other attempt, until it is no longer wanted.
                if is_open and last["token"] == account.token and last["amount"] == invoice.due():
                    continue
                last["state"], last["next"] = "CANCELLED", self.today
            if account.token is None or not is_open or due_date > self.today:
                continue
            if any(c["token"] == account.token and c["next"] > self.today for c in invoice.charges):
                continue
            attempt = {"token": account.token, "amount": invoice.due(), "day": self.today, "state": "SUCCEEDED",
                       "next": Day.max}
            invoice.charges.append(attempt)
            if account.token == "decline":
                attempt["state"] = "DECLINED"
                attempt["next"] = min((due_date + n * ONE for n in (7, 30, 60) if due_date + n * ONE > self.today),
                                      default=Day.max)
            elif account.token == "gone":  # The processor never heard of it.
                attempt["state"] = "UNKNOWN"
            else:
                self.use_charge(invoice, attempt)

    def use_charge(self, invoice, attempt):
        name = self.invoice_ids.get((invoice.account.id, invoice.sequence), "")
        attempt["payment"] = {"account": invoice.account.id, "invoice": name, "micros": attempt["amount"],
                              "by_card": True}
        self.use_receipt(attempt["payment"])

    # Facts.

    def on_payment_method(self, fact):
        account = self.accounts[fact["account"]]
        account.token = fact["token"]
        self.charge(account)

    def on_payment_terms(self, fact):
        self.accounts[fact["account"]].days_to_pay = fact["days"]

    def on_chargeback(self, fact):
        attempt = next(c for c in self.invoice(fact).charges if c["state"] == "SUCCEEDED")
        attempt["state"] = "CHARGED_BACK"
        self.reverse(attempt["payment"])

    def on_chargeback_won(self, fact):
        invoice = self.invoice(fact)
        attempt = next(c for c in invoice.charges if c["state"] == "CHARGED_BACK")
        attempt["state"] = "SUCCEEDED"
        self.use_charge(invoice, attempt)

    def on_partner(self, fact):
        self.partners[fact["partner"]] = fact

    def on_tax_rate(self, fact):
        self.rates[fact["region"]].append((day(fact["from"]), fact["ppm"], fact["down"], fact["by_service_end"]))

    def on_subscription(self, fact):
        account = self.accounts.setdefault(fact["account"], Account(fact))
        sub = Subscription(fact, self.price(fact["offer"], fact["currency"], fact["quantity"], self.today))
        self.subs[sub.id] = sub
        account.subs.append(sub)
        self.bill(account)

    def on_add_seats(self, fact):
        sub = self.subs[fact["subscription"]]
        price = self.price_of(sub, sub.seats() + fact["quantity"], self.today)
        sub.add_seats(self.today, fact["quantity"], price)
        self.bill(self.accounts[sub.account])

    def on_renewal_target(self, fact):
        sub = self.subs[fact["subscription"]]
        sub.target = fact["quantity"]
        if sub.plan and sub.plan[0] == "AUTOMATIC":
            sub.plan = None
        self.bill(self.accounts[sub.account])

    def on_renew(self, fact):
        sub = self.subs[fact["subscription"]]
        sub.target, sub.auto_renew = fact["quantity"], True
        sub.plan = ("ORDER", self.price_of(sub, fact["quantity"], sub.term_end()))

    def on_change_partner(self, fact):
        sub = self.subs[fact["subscription"]]
        sub.partners.append((period_of(sub.anchor, 1, self.today)[1], fact["partner"]))

    def on_auto_renew_off(self, fact):
        self.subs[fact["subscription"]].auto_renew = False

    def on_suspend(self, fact):
        sub = self.subs[fact["subscription"]]
        sub.state, sub.suspended = "SUSPENDED", self.today

    def on_resume(self, fact):
        sub = self.subs[fact["subscription"]]
        sub.state = "ACTIVE"
        for t in sub.tranches:
            if t.billed_until >= sub.suspended:
                t.billed_until = max(t.billed_until, self.today)
        self.bill(self.accounts[sub.account])

    def on_receipt(self, fact):
        self.receipts[fact["receipt"]] = fact
        if fact["account"]:
            self.use_receipt(fact)

    def on_allocate(self, fact):
        receipt = self.receipts[fact["receipt"]]
        receipt["account"] = fact["account"]
        self.use_receipt(receipt)

    def on_reverse(self, fact):
        self.reverse(self.receipts[fact["receipt"]])

    def reverse(self, receipt):
        account = self.accounts[receipt["account"]]
        from_credit = min(max(account.credit, 0), receipt["credit"])
        account.credit -= from_credit
        missing = receipt["credit"] - from_credit
        for use in reversed(account.uses):  # Newest first.
            taken = min(use["left"], missing)
            if taken:
                use["left"] -= taken
                missing -= taken
                self.take_back(use["invoice"], taken)
        account.credit -= missing  # It was refunded: what comes in next makes it up.
        for invoice, part in reversed(receipt["parts"]):
            self.take_back(invoice, part)
        self.use_credit(account)

    def on_refund(self, fact):
        account = self.accounts[fact["account"]]
        account.credit -= fact["micros"]
        self.refunds.append((fact["account"], fact["micros"], fact["day"]))

    def on_void(self, fact):
        invoice = self.invoice(fact)
        self.credit(invoice, [(l, *self.left_of(l), None) for l in invoice.lines], voids=True)

    def on_credit_note(self, fact):
        invoice = self.invoice(fact)
        if fact["method"] == "whole":
            credits = [(l, *self.left_of(l), None) for l in invoice.lines]
        elif fact["method"] == "amount":
            left = [sum(self.left_of(l)) for l in invoice.lines]
            credits = [(l, *self.gross(l, part), None)
                       for l, part in zip(invoice.lines, split(fact["micros"], left, invoice.currency))]
        else:
            line, days = invoice.lines[fact["line"]], (day(fact["from"]), day(fact["to"]))
            part = fractions.Fraction((days[1] - days[0]).days, line.days)
            net, tax = (min(rounded(whole * part, line.currency), left)
                        for whole, left in zip((line.net, line.tax), self.left_of(line)))
            credits = [(line, net, tax, days)]
        self.credit(invoice, credits)

    def on_end(self, fact):
        pass

    # Credit notes.

    def invoice(self, fact):
        account, sequence = self.ids[fact["invoice"]]
        return self.accounts[account].invoices[sequence - 1]

    @staticmethod
    def left_of(line):
        return line.net - sum(c[0] for c in line.credits), line.tax - sum(c[1] for c in line.credits)

    def gross(self, line, gross):
        net_left, tax_left = self.left_of(line)
        if tax_left == 0:
            return gross, 0
        before = (line.net - net_left) + (line.tax - tax_left)
        so_far = rounded(fractions.Fraction(line.net * (before + gross), line.net + line.tax), line.currency)
        net = so_far - (line.net - net_left)
        return net, gross - net

    def credit(self, invoice, credits, voids=False):
        credits = [c for c in credits if c[1] or c[2]]
        account = invoice.account
        net, tax = sum(c[1] for c in credits), sum(c[2] for c in credits)
        applied = min(net + tax, invoice.due())
        account.notes.append({"invoice": invoice.sequence, "net": net, "tax": tax, "applied": applied,
                              "credited": net + tax - applied, "issued": max(self.today, invoice.issued)})
        invoice.credited += applied
        for line, line_net, line_tax, days in credits:
            line.credits.append((line_net, line_tax, days))
        if invoice.state == "PAID":
            self.reverse_for_credit(invoice)
        elif invoice.due() == 0:
            if voids:
                invoice.state = "VOID"
            else:
                self.settle(invoice)
        account.credit += net + tax - applied
        self.use_credit(account)

    def reverse_for_credit(self, invoice):
        for number, line in enumerate(invoice.lines, 1):
            left, own = line.left()
            for i, entry in enumerate(line.entries):
                if own is None:
                    of, credited = entry["basis"], entry["basis"] - left
                else:
                    of = entry["basis"] if line.by_segment else split(
                        entry["basis"], [d for _, d, _ in line.segments], line.currency)[i]
                    credited = of - own[i]
                if of < 1 or credited < 1 or entry["amount"] == entry["reversed"]:
                    continue
                more = rounded(fractions.Fraction(entry["amount"] * credited, of), line.currency) - entry["reversed"]
                if more > 0:
                    self.reverse_fee(invoice, number, i, line, more)

    # Statements.

    def close_statements(self):
        over = quarter_of(self.today - 7 * ONE)[0]
        if self.today != over + 7 * ONE:
            return
        open_fees = collections.defaultdict(list)
        for fee in self.fees:
            if not fee["stated"] and fee["day"] < over:
                open_fees[fee["partner"], fee["currency"]].append(fee)
        for (partner, currency), fees in open_fees.items():
            quarter = quarter_of(min(f["day"] for f in fees))
            assert quarter[1] == over, "an older quarter was left open"
            statements = self.statements.setdefault((partner, currency), [])
            last = statements[-1] if statements else None
            carried = last["total"] if last and last["disposition"] == "CARRIED" else 0
            accrued = sum(f["amount"] for f in fees)
            total, terms = carried + accrued, self.terms_of(currency)
            payee = self.partners[partner]
            if total <= 0 or total < terms["minimum"]:
                disposition = "CARRIED"
            else:
                disposition = "PAYABLE" if payee["payee_currency"] == currency else "HELD"
            statements.append({"quarter": quarter, "carried_in": carried, "accrued": accrued, "total": total,
                               "disposition": disposition, "lines": len(fees)})
            for fee in fees:
                fee["stated"] = True
            if disposition == "PAYABLE":
                share = 0 if payee["tax_form"] else terms["withholding"]
                withheld = rounded(fractions.Fraction(total * share, 10_000), currency)
                self.payouts[partner, currency, quarter[0]] = (total, withheld)


def order_in_day(fact):
    """What other acts of the same day need comes before them."""
    return {"tax_rate": 0, "partner": 0, "subscription": 1}.get(fact["act"], 2)


def segment_of(fee):
    return fee["account"], fee["sequence"], fee["line"], fee["segment"], fee["generation"]


def quarter_of(date):
    start = Day(date.year, (date.month - 1) // 3 * 3 + 1, 1)
    return start, add_months(start, 3)


def expected(model):
    """What the services should have written: key -> values."""
    rows = {}
    for account in model.accounts.values():
        rows["account", account.id] = (account.credit,)
        for i in account.invoices:
            key = (account.id, i.sequence)
            rows["invoice", *key] = (str(i.issued), str(i.due_date), i.net, i.tax, i.paid, i.credited, i.state)
            for number, l in enumerate(i.lines, 1):
                rows["line", *key, number] = (l.sub.id, l.tranche, l.quantity, l.price, str(l.start), str(l.stop),
                                              l.net, l.tax)
            for number, c in enumerate(i.charges, 1):
                rows["charge", *key, number] = (c["amount"], c["state"], str(c["day"]))
        for number, n in enumerate(account.notes, 1):
            rows["credit note", account.id, number] = (n["invoice"], n["net"], n["tax"], n["applied"], n["credited"],
                                                       str(n["issued"]))
    for segment, fees in model.segments.items():
        if corrections := sorted((str(f["day"]), f["amount"]) for f in fees if f["corrects"]):
            rows["correction", *segment] = corrections
    for f in model.fees:
        if f["amount"] and not f["corrects"]:
            rows["fee", f["account"], f["sequence"], f["line"], f["segment"], f["generation"], f["reversal"]] = (
                f["partner"], f["rate"], f["days"], f["amount"], str(f["day"]))
    for (partner, currency), statements in model.statements.items():
        for number, s in enumerate(statements, 1):
            rows["statement", partner, currency, number] = (str(s["quarter"][0]), s["carried_in"], s["accrued"],
                                                            s["disposition"])
    for (partner, currency, start), values in model.payouts.items():
        rows["payout", partner, currency, str(start)] = values
    for sub in model.subs.values():
        rows["subscription", sub.id] = (sub.state, sub.seats())
    for account, micros, date in model.refunds:
        rows["refund", account, date] = (micros,)
    return rows


def written(results, ids):
    rows, quarters = {}, {}
    for r in results:
        kind = r["kind"]
        if kind == "account":
            rows["account", r["account"]] = (r["credit"],)
        elif kind == "invoice":
            rows["invoice", r["account"], r["sequence"]] = (r["issued"], r["due"], r["net"], r["tax"], r["paid"],
                                                            r["credited"], r["state"])
        elif kind == "line":
            rows["line", *ids[r["invoice"]], r["line"]] = (r["subscription"], r["tranche"], r["quantity"], r["price"],
                                                           r["from"], r["to"], r["net"], r["tax"])
        elif kind == "credit_note":
            rows["credit note", r["account"], r["sequence"]] = (ids[r["invoice"]][1], r["net"], r["tax"], r["applied"],
                                                                r["credited"], r["issued"])
        elif kind == "charge":
            rows["charge", *ids[r["invoice"]], r["attempt"]] = (r["amount"], r["state"], r["day"])
        elif kind == "fee" and r["cause"] == "ADJUSTED":
            key = ("correction", *ids[r["invoice"]], r["line"], r["segment"], r["generation"])
            rows[key] = sorted(rows.get(key, []) + [(r["day"], r["amount"])])
        elif kind == "fee" and r["amount"]:
            rows["fee", *ids[r["invoice"]], r["line"], r["segment"], r["generation"], r["reversal"]] = (
                r["partner"], r["rate"], r["days"], r["amount"], r["day"])
        elif kind == "statement":
            quarters[r["id"]] = r["from"]
            rows["statement", r["partner"], r["currency"], r["number"]] = (r["from"], r["carried_in"], r["accrued"],
                                                                           r["disposition"])
        elif kind == "payout":
            rows["payout", r["partner"], r["currency"], quarters[r["statement"]]] = (r["total"], r["withheld"])
        elif kind == "subscription":
            rows["subscription", r["id"]] = (r["state"], int(r["seats"]))
        elif kind == "refund":
            rows["refund", r["account"], r["day"]] = (r["amount"],)
    return rows


def read(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def main():
    facts, results = read(sys.argv[1]), read(sys.argv[2])
    model = Model(facts, results)
    ours, theirs = expected(model), written(results, model.ids)
    differences = [key for key in sorted(ours.keys() | theirs.keys(), key=str) if ours.get(key) != theirs.get(key)]
    for key in differences[:MAX_SHOWN]:
        print(f"DIFFERS: {key}: the model has {ours.get(key)}, the services {theirs.get(key)}")
    counts = collections.Counter(key[0] for key in theirs)
    print("The model recomputed " + ", ".join(f"{n} {kind}s" for kind, n in sorted(counts.items())) +
          f": {len(differences)} differ.")
    return 1 if differences or not theirs else 0


if __name__ == "__main__":
    sys.exit(main())
