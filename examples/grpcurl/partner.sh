#!/usr/bin/env bash
# A partner's integration, from enrolment to fees, by hand: see ../README.md for how to run it. Needs grpcurl (`./dev
# tools` installs it in var/bin) and jq; exit code 77 where they are not there.
set -euo pipefail
PATH=$(cd "$(dirname "$0")/../.." && pwd)/var/bin:$PATH
for program in grpcurl jq; do
  command -v "$program" >/dev/null || { echo "skipped: there is no $program"; exit 77; }
done
: "${CERTS:=var/certs}" "${PARTNER:=127.0.0.1:7101}" "${ORDER:=127.0.0.1:7102}" "${BILLING:=127.0.0.1:7104}"

# Every change has a request_id. Sending the same again, after a connection was lost, gets the first reply again.
request_id() { cat /proc/sys/kernel/random/uuid; }

# An operator of the vendor calls by certificate, a partner by its API key; which is in the environment and not on the
# command line, where everybody on the machine could read it.
as_operator() { grpcurl -cacert "$CERTS/ca.pem" -cert "$CERTS/operator-demo.pem" -key "$CERTS/operator-demo.key" -max-time 30 "$@"; }
as_partner() { grpcurl -cacert "$CERTS/ca.pem" -expand-headers -H 'authorization: Bearer ${KEY}' -max-time 30 "$@"; }

# The vendor enrols the partner and gives it its first API key, which is shown this once.
partner=$(as_operator -d '{
  "partner": {"partner_number": "SH-'"$(date +%s%N)"'", "display_name": "Fabrikam Consulting",
              "contact_email": "sales@fabrikam.example"},
  "request_id": "'"$(request_id)"'"}' "$PARTNER" countersign.partner.v1.PartnerService/CreatePartner | jq -r .name)
echo "partner   $partner"
KEY=$(as_operator -d '{"parent": "'"$partner"'", "api_key": {"display_name": "ordering"}, "request_id": "'"$(request_id)"'"}' \
  "$PARTNER" countersign.partner.v1.ApiKeyService/CreateApiKey | jq -r .key)
export KEY

# The partner accepts the agreement; then the vendor approves it and lets it sell everything.
as_partner -d '{"name": "'"$partner"'", "agreement": "agreements/2009-06", "accepted_by": "Jo Brown",
  "request_id": "'"$(request_id)"'"}' "$PARTNER" countersign.partner.v1.AgreementService/AcceptAgreement >/dev/null
as_operator -d '{"name": "'"$partner"'", "reason": "references checked", "request_id": "'"$(request_id)"'"}' \
  "$PARTNER" countersign.partner.v1.PartnerService/ApprovePartner >/dev/null
as_operator -d '{"parent": "'"$partner"'", "authorization": {"product": "offers/-"}, "request_id": "'"$(request_id)"'"}' \
  "$PARTNER" countersign.partner.v1.AuthorizationService/CreateAuthorization >/dev/null

# From here on the partner is by itself. An order for a customer, itself as partner of record.
customer=$(as_partner -d '{
  "parent": "'"$partner"'",
  "customer": {"display_name": "Contoso Ltd", "contact_name": "Kim Akers", "contact_email": "kim@contoso.example"},
  "request_id": "'"$(request_id)"'"}' "$PARTNER" countersign.partner.v1.CustomerService/CreateCustomer | jq -r .name)
order=$(as_partner -d '{
  "parent": "'"$partner"'",
  "order": {"customer": "'"$customer"'", "partner_of_record": "'"$partner"'", "currency_code": "USD",
            "lines": [{"offer": "offers/bpos-standard-suite", "quantity": 25}]},
  "request_id": "'"$(request_id)"'"}' "$ORDER" countersign.order.v1.OrderService/CreateOrder)
jq -r '"order     \(.name), \(.total.units) USD a month"' <<<"$order"

# Submitting fixes the prices and makes the URL, which the partner sends to its customer.
as_partner -d '{"name": '"$(jq .name <<<"$order")"', "request_id": "'"$(request_id)"'"}' \
  "$ORDER" countersign.order.v1.OrderService/SubmitOrder | jq -r '"send this \(.confirmation_url)"'

# Follows what happens to the partner's orders, until this one waits for its customer. A program that goes on keeps
# .position, and calls again with it when the stream ends.
while read -r type version; do
  echo "event     $type version $version"
  [ "$type" != ORDER_SUBMITTED ] || break
done < <(as_partner -d '{"parent": "'"$partner"'"}' "$ORDER" countersign.event.v1.EventService/WatchEvents 2>/dev/null |
  jq --unbuffered -r '"\(.type) \(.version)"')
[ "${type:-}" = ORDER_SUBMITTED ] || { echo "the order's event did not come" >&2; exit 1; }

# What it has earned: nothing before the customer has paid its first invoice.
as_partner -d '{"parent": "'"$partner"'"}' "$BILLING" countersign.billing.v1.FeeService/ListFees |
  jq -r '(.fees[]? | "fee       \(.explanation)"), "\(.fees | length) fees"'
