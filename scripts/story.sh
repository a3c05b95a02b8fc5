# Sourced by demo and up: the acts of the main story, as calls of countersign-call and curl. Each prints nothing, sets
# what it made, and ends the script with a message when it fails.

# The API key of the partner, and who an operator is: a certificate.
export COUNTERSIGN_KEY=
OPERATOR=operator-demo

# With TRACEPARENT (00-TRACE-SPAN-01, as W3C Trace Context has it) all calls of the story are in that trace.
trace=()
[ -z "${TRACEPARENT:-}" ] || trace=(-H "traceparent: $TRACEPARENT")

# More that curl is told as the customer's browser.
browser=()

# rpc WHO WHERE METHOD JSON: prints the reply. WHO is the name of a certificate (scripts/certs), or a partner, which calls
# with its API key.
rpc() {
  local who=(-cert "$CERTS/$1.pem" -key "$CERTS/$1.key")
  # By the environment: everybody on the machine could read the key on a command line.
  # shellcheck disable=SC2016
  [[ $1 != partners/* ]] || who=(-expand-headers -H 'authorization: Bearer ${COUNTERSIGN_KEY}')
  "$BIN/countersign-call" -cacert "$CERTS/ca.pem" "${who[@]}" "${trace[@]}" "$2" "countersign.$3" "$4"
}

# A new request_id: every change of state has one.
request_id() { cat /proc/sys/kernel/random/uuid; }

# must 'what happens' COMMAND…: prints what the command prints.
must() {
  local what=$1
  shift
  "$@" || die "failed: $what"
}

# eventually 'what' JQ-CONDITION COMMAND…: repeats a read until the condition holds, 30 s long; prints the last reply.
eventually() {
  local what=$1 condition=$2 reply=
  shift 2
  for _ in $(seq 300); do
    if reply=$("$@" 2>/dev/null) && jq -e "$condition" >/dev/null <<<"$reply"; then printf '%s\n' "$reply"; return; fi
    sleep 0.1
  done
  printf 'last seen: %s\n' "$reply" >&2
  die "it did not happen in 30 s: $what"
}

name_seller() {  # who sells in USD, unless that is known
  local known
  known=$(must "list the legal entities" rpc "$OPERATOR" "$BILLING" billing.v1.LegalEntityService/ListLegalEntities \
    '{"filter": "currency_code = USD"}' | jq '.legal_entities | length')
  [ "$known" = 0 ] || return 0
  must "name the seller" rpc "$OPERATOR" "$BILLING" billing.v1.LegalEntityService/CreateLegalEntity \
    "{\"legal_entity\": {\"currency_code\": \"USD\", \"effective_date\": {\"year\": 2009, \"month\": 1, \"day\": 1},
      \"legal_name\": \"Sandbox Online Services, Inc.\", \"address\": {\"region_code\": \"US\", \"postal_code\": \"98052\",
      \"administrative_area\": \"WA\", \"locality\": \"Redmond\", \"address_lines\": [\"1 Sandbox Way\"]},
      \"bank_name\": \"Bank of Examples\", \"bank_account\": \"000123456789\", \"bank_code\": \"021000021\"},
      \"request_id\": \"$(request_id)\"}" >/dev/null
}

enrol_partner() {  # sets partner, partner_number
  partner_number=P-$(printf '%06d' $((RANDOM * 30 + RANDOM % 30)))
  partner=$(must "enrol a partner" rpc "$OPERATOR" "$PARTNER" partner.v1.PartnerService/CreatePartner \
    "{\"partner\": {\"partner_number\": \"$partner_number\", \"display_name\": \"Fabrikam Consulting\",
      \"contact_email\": \"sales@fabrikam.example\"}, \"request_id\": \"$(request_id)\"}" | jq -r .name)
}

create_key() {  # sets COUNTERSIGN_KEY
  COUNTERSIGN_KEY=$(must "make an API key" rpc "$OPERATOR" "$PARTNER" partner.v1.ApiKeyService/CreateApiKey \
    "{\"parent\": \"$partner\", \"api_key\": {\"display_name\": \"order system\"}, \"request_id\": \"$(request_id)\"}" | jq -r .key)
}

accept_agreement() {
  must "accept the agreement" rpc "$partner" "$PARTNER" partner.v1.AgreementService/AcceptAgreement \
    "{\"name\": \"$partner\", \"agreement\": \"agreements/2009-06\", \"accepted_by\": \"Jo Brown\",
      \"request_id\": \"$(request_id)\"}" >/dev/null
}

approve_partner() {
  must "approve the partner" rpc "$OPERATOR" "$PARTNER" partner.v1.PartnerService/ApprovePartner \
    "{\"name\": \"$partner\", \"reason\": \"references checked\", \"request_id\": \"$(request_id)\"}" >/dev/null
}

authorize_partner() {  # to sell every offer, from now on
  must "authorize the partner" rpc "$OPERATOR" "$PARTNER" partner.v1.AuthorizationService/CreateAuthorization \
    "{\"parent\": \"$partner\", \"authorization\": {\"product\": \"offers/-\"},
      \"request_id\": \"$(request_id)\"}" >/dev/null
}

add_customer() {  # sets customer
  customer=$(must "add a customer" rpc "$partner" "$PARTNER" partner.v1.CustomerService/CreateCustomer \
    "{\"parent\": \"$partner\", \"customer\": {\"display_name\": \"Contoso Ltd\", \"contact_name\": \"Kim Akers\",
      \"contact_email\": \"kim@contoso.example\", \"partner_reference\": \"C-17\"}, \"request_id\": \"$(request_id)\"}" | jq -r .name)
}

create_order() {  # sets order, order_number, order_total (USD)
  local reply
  reply=$(must "create the order" rpc "$partner" "$ORDER" order.v1.OrderService/CreateOrder \
    "{\"parent\": \"$partner\", \"order\": {\"customer\": \"$customer\", \"partner_of_record\": \"$partner\",
      \"currency_code\": \"USD\", \"lines\": [{\"offer\": \"offers/bpos-standard-suite\", \"quantity\": 25}]},
      \"request_id\": \"$(request_id)\"}")
  order=$(jq -r .name <<<"$reply") order_number=$(jq -r .order_number <<<"$reply") order_total=$(usd .total "$reply")
}

submit_order() {  # sets url
  url=$(must "submit the order" rpc "$partner" "$ORDER" order.v1.OrderService/SubmitOrder \
    "{\"name\": \"$order\", \"request_id\": \"$(request_id)\"}" | jq -r .confirmation_url)
}

# create_change: 5 more seats of a subscription of the order that is COMPLETED.
create_change() {  # sets order
  local subscription
  subscription=$(eventually "the order is set up" '.state == "STATE_COMPLETED"' rpc "$partner" "$ORDER" \
    order.v1.OrderService/GetOrder "{\"name\": \"$order\"}" | jq -r '.subscriptions[0]')
  order=$(must "create the change" rpc "$partner" "$ORDER" order.v1.OrderService/CreateOrder \
    "{\"parent\": \"$partner\", \"order\": {\"customer\": \"$customer\", \"partner_of_record\": \"$partner\",
      \"kind\": \"KIND_CHANGE_SEATS\", \"currency_code\": \"USD\", \"customer_note\": \"Five more for the new office.\",
      \"lines\": [{\"subscription\": \"$subscription\", \"quantity\": 5}]},
      \"request_id\": \"$(request_id)\"}" | jq -r .name)
}

# confirm_order: the customer opens $url and presses Confirm order.
confirm_order() {
  local page field_of=() name code
  page=$(must "fetch the page" curl -sS "${trace[@]}" "${browser[@]}" "$url")
  for name in revision content_hash; do
    field_of+=(--data-urlencode "$name=$(sed -n "s/.*<input type=\"hidden\" name=\"$name\" value=\"\([^\"]*\)\".*/\1/p" <<<"$page" | head -1)")
  done
  [[ " ${field_of[*]} " != *=\ * ]] || die "the page at the URL has no Confirm order form"
  code=$(must "press Confirm order" curl -sS "${trace[@]}" "${browser[@]}" -o /dev/null -w '%{http_code}' "$url" "${field_of[@]}" \
    --data-urlencode action=confirm --data-urlencode purchase_order_number=PO-4711 \
    --data-urlencode 'company_name=Contoso Ltd' --data-urlencode contact_email=accounts@contoso.example \
    --data-urlencode 'address=1 Main Street' --data-urlencode city=Springfield --data-urlencode region=OR \
    --data-urlencode postal_code=97403 --data-urlencode country=US --data-urlencode agreement=accepted \
    --data-urlencode 'confirmer_name=Kim Buyer' --data-urlencode 'confirmer_title=Head of Purchasing' \
    --data-urlencode confirmer_email=kim@contoso.example)
  [ "$code" = 303 ] || die "Confirm order answers $code"
}

# usd JQ-PATH JSON: a google.type.Money as 375.00
usd() { jq -r "($1 // {}) | \"\(.units // \"0\").\((.nanos // 0) / 10000000 | floor | tostring | if length < 2 then \"0\" + . else . end)\"" <<<"$2"; }
