"""A partner's integration, from enrolment to fees: see ../README.md for how to run it."""

import os
import time
import uuid

import grpc
from countersign.billing.v1 import fee_service_pb2, fee_service_pb2_grpc
from countersign.event.v1 import event_service_pb2, event_service_pb2_grpc
from countersign.order.v1 import order_pb2, order_service_pb2, order_service_pb2_grpc
from countersign.partner.v1 import agreement_service_pb2, agreement_service_pb2_grpc
from countersign.partner.v1 import api_key_pb2, api_key_service_pb2, api_key_service_pb2_grpc
from countersign.partner.v1 import authorization_pb2, authorization_service_pb2, authorization_service_pb2_grpc
from countersign.partner.v1 import customer_pb2, customer_service_pb2, customer_service_pb2_grpc
from countersign.partner.v1 import partner_pb2, partner_service_pb2, partner_service_pb2_grpc

CERTS = os.environ.get("CERTS", "var/certs")
PARTNER = os.environ.get("PARTNER", "127.0.0.1:7101")
ORDER = os.environ.get("ORDER", "127.0.0.1:7102")
BILLING = os.environ.get("BILLING", "127.0.0.1:7104")
SECONDS = 10  # How long one call may take.


def read(name: str) -> bytes:
    with open(os.path.join(CERTS, name), "rb") as file:
        return file.read()


def request_id() -> str:
    """Every change has one. Sending the same again, after a connection was lost, gets the first reply again."""
    return str(uuid.uuid4())


def by_certificate(address: str, name: str) -> grpc.Channel:
    """Calls as an operator of the vendor."""
    return grpc.secure_channel(
        address,
        grpc.ssl_channel_credentials(read("ca.pem"), read(f"{name}.key"), read(f"{name}.pem")),
    )


def by_key(address: str, key: str) -> grpc.Channel:
    """Calls as a partner: `authorization: Bearer KEY` on every call."""
    tls = grpc.ssl_channel_credentials(read("ca.pem"))
    return grpc.secure_channel(
        address, grpc.composite_channel_credentials(tls, grpc.access_token_call_credentials(key))
    )


def enrol() -> tuple[str, str]:
    """The new partner's name and its first API key, which is shown this once."""
    with by_certificate(PARTNER, "operator-demo") as channel:
        vendor = partner_service_pb2_grpc.PartnerServiceStub(channel)
        name = vendor.CreatePartner(
            partner_service_pb2.CreatePartnerRequest(
                partner=partner_pb2.Partner(
                    partner_number=f"PY-{time.time_ns()}",
                    display_name="Fabrikam Consulting",
                    contact_email="sales@fabrikam.example",
                ),
                request_id=request_id(),
            ),
            timeout=SECONDS,
        ).name
        key = api_key_service_pb2_grpc.ApiKeyServiceStub(channel).CreateApiKey(
            api_key_service_pb2.CreateApiKeyRequest(
                parent=name, api_key=api_key_pb2.ApiKey(display_name="ordering"), request_id=request_id()
            ),
            timeout=SECONDS,
        ).key
        # The partner accepts the agreement; then the vendor approves it and lets it sell everything.
        with by_key(PARTNER, key) as own_channel:
            agreement_service_pb2_grpc.AgreementServiceStub(own_channel).AcceptAgreement(
                agreement_service_pb2.AcceptAgreementRequest(
                    name=name, agreement="agreements/2009-06", accepted_by="Jo Brown", request_id=request_id()
                ),
                timeout=SECONDS,
            )
        vendor.ApprovePartner(
            partner_service_pb2.ApprovePartnerRequest(name=name, reason="references checked", request_id=request_id()),
            timeout=SECONDS,
        )
        authorization_service_pb2_grpc.AuthorizationServiceStub(channel).CreateAuthorization(
            authorization_service_pb2.CreateAuthorizationRequest(
                parent=name,
                authorization=authorization_pb2.Authorization(product="offers/-"),
                request_id=request_id(),
            ),
            timeout=SECONDS,
        )
    return name, key


def sell(name: str, key: str) -> str:
    """Orders for a customer, itself as partner of record, and submits. The order's name."""
    with by_key(PARTNER, key) as partner_channel, by_key(ORDER, key) as order_channel:
        customer = customer_service_pb2_grpc.CustomerServiceStub(partner_channel).CreateCustomer(
            customer_service_pb2.CreateCustomerRequest(
                parent=name,
                customer=customer_pb2.Customer(
                    display_name="Contoso Ltd", contact_name="Kim Akers", contact_email="kim@contoso.example"
                ),
                request_id=request_id(),
            ),
            timeout=SECONDS,
        )
        orders = order_service_pb2_grpc.OrderServiceStub(order_channel)
        lines = [order_pb2.Order.Line(offer="offers/bpos-standard-suite", quantity=25)]
        drafted = orders.CreateOrder(
            order_service_pb2.CreateOrderRequest(
                parent=name,
                order=order_pb2.Order(
                    customer=customer.name, partner_of_record=name, currency_code="USD", lines=lines
                ),
                request_id=request_id(),
            ),
            timeout=SECONDS,
        )
        print(f"order     {drafted.name}, {drafted.total.units} USD a month")
        # Submitting fixes the prices and makes the URL, which the partner sends to its customer.
        submitted = orders.SubmitOrder(
            order_service_pb2.SubmitOrderRequest(name=drafted.name, request_id=request_id()), timeout=SECONDS
        )
        print(f"send this {submitted.confirmation_url}")
    return drafted.name


def watch(name: str, key: str, order_name: str) -> None:
    """Follows what happens to the partner's orders, until this one waits for its customer."""
    with by_key(ORDER, key) as channel:
        # A program that goes on keeps event.position, and calls again with it when the stream ends.
        for seen in event_service_pb2_grpc.EventServiceStub(channel).WatchEvents(
            event_service_pb2.WatchEventsRequest(parent=name), timeout=30
        ):
            print(f"event     {seen.type} version {seen.version}")
            if seen.type == "ORDER_SUBMITTED" and order_name.endswith(seen.aggregate):
                return


def list_fees(name: str, key: str) -> None:
    """What it has earned: nothing before the customer has paid its first invoice."""
    with by_key(BILLING, key) as channel:
        fees = fee_service_pb2_grpc.FeeServiceStub(channel).ListFees(
            fee_service_pb2.ListFeesRequest(parent=name), timeout=SECONDS
        ).fees
    for fee in fees:
        print(f"fee       {fee.explanation}")
    print(f"{len(fees)} fees")


def main() -> None:
    name, key = enrol()
    print(f"partner   {name}")
    watch(name, key, sell(name, key))
    list_fees(name, key)


if __name__ == "__main__":
    main()
