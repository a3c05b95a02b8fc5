// A partner's integration, from enrolment to fees: see ../README.md for how to run it.
package main

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"

	billing "countersign.example/partner/gen/countersign/billing/v1"
	event "countersign.example/partner/gen/countersign/event/v1"
	order "countersign.example/partner/gen/countersign/order/v1"
	partner "countersign.example/partner/gen/countersign/partner/v1"
)

func env(name, otherwise string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return otherwise
}

// must ends the program at the first error; the error's details name its reason.
func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

// requestID is new for every change. Sending the same again, after a connection was lost, gets the first reply again.
func requestID() string {
	var b [16]byte
	rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// bearer says who a partner is on every call of a connection.
type bearer string

func (key bearer) GetRequestMetadata(context.Context, ...string) (map[string]string, error) {
	return map[string]string{"authorization": "Bearer " + string(key)}, nil
}

func (bearer) RequireTransportSecurity() bool { return true }

func trust(certs string) *tls.Config {
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(must(os.ReadFile(filepath.Join(certs, "ca.pem")))) {
		log.Fatal("ca.pem holds no certificate")
	}
	return &tls.Config{RootCAs: roots}
}

func dial(address string, config *tls.Config, options ...grpc.DialOption) *grpc.ClientConn {
	options = append(options, grpc.WithTransportCredentials(credentials.NewTLS(config)))
	return must(grpc.NewClient(address, options...))
}

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	certs := env("CERTS", "var/certs")
	address := env("PARTNER", "127.0.0.1:7101")

	// The vendor enrols the partner and gives it its first API key, which is shown this once.
	operator := trust(certs)
	operator.Certificates = []tls.Certificate{must(tls.LoadX509KeyPair(
		filepath.Join(certs, "operator-demo.pem"), filepath.Join(certs, "operator-demo.key")))}
	vendor := dial(address, operator)
	name := must(partner.NewPartnerServiceClient(vendor).CreatePartner(ctx, &partner.CreatePartnerRequest{
		Partner: &partner.Partner{
			PartnerNumber: fmt.Sprintf("GO-%d", time.Now().UnixNano()),
			DisplayName:   "Fabrikam Consulting",
			ContactEmail:  "sales@fabrikam.example",
		},
		RequestId: requestID(),
	})).Name
	key := must(partner.NewApiKeyServiceClient(vendor).CreateApiKey(ctx, &partner.CreateApiKeyRequest{
		Parent: name, ApiKey: &partner.ApiKey{DisplayName: "ordering"}, RequestId: requestID(),
	})).Key
	fmt.Println("partner  ", name)

	// The partner accepts the agreement; then the vendor approves it and lets it sell everything.
	asPartner := grpc.WithPerRPCCredentials(bearer(key))
	partners := dial(address, trust(certs), asPartner)
	must(partner.NewAgreementServiceClient(partners).AcceptAgreement(ctx, &partner.AcceptAgreementRequest{
		Name: name, Agreement: "agreements/2009-06", AcceptedBy: "Jo Brown", RequestId: requestID(),
	}))
	must(partner.NewPartnerServiceClient(vendor).ApprovePartner(ctx, &partner.ApprovePartnerRequest{
		Name: name, Reason: "references checked", RequestId: requestID(),
	}))
	must(partner.NewAuthorizationServiceClient(vendor).CreateAuthorization(ctx, &partner.CreateAuthorizationRequest{
		Parent: name, Authorization: &partner.Authorization{Product: "offers/-"}, RequestId: requestID(),
	}))

	// From here on the partner is by itself. An order for a customer, itself as partner of record.
	customer := must(partner.NewCustomerServiceClient(partners).CreateCustomer(ctx, &partner.CreateCustomerRequest{
		Parent: name,
		Customer: &partner.Customer{
			DisplayName: "Contoso Ltd", ContactName: "Kim Akers", ContactEmail: "kim@contoso.example",
		},
		RequestId: requestID(),
	}))
	atOrders := dial(env("ORDER", "127.0.0.1:7102"), trust(certs), asPartner)
	orders := order.NewOrderServiceClient(atOrders)
	drafted := must(orders.CreateOrder(ctx, &order.CreateOrderRequest{
		Parent: name,
		Order: &order.Order{
			Customer: customer.Name, PartnerOfRecord: name, CurrencyCode: "USD",
			Lines: []*order.Order_Line{{Offer: "offers/bpos-standard-suite", Quantity: 25}},
		},
		RequestId: requestID(),
	}))
	fmt.Printf("order     %s, %d USD a month\n", drafted.Name, drafted.Total.Units)

	// Submitting fixes the prices and makes the URL, which the partner sends to its customer.
	submitted := must(orders.SubmitOrder(ctx, &order.SubmitOrderRequest{Name: drafted.Name, RequestId: requestID()}))
	fmt.Println("send this", submitted.ConfirmationUrl)

	// Follows what happens to the partner's orders, until this one waits for its customer. A program that goes on keeps
	// seen.Position, and calls again with it when the stream ends.
	events := must(event.NewEventServiceClient(atOrders).WatchEvents(ctx, &event.WatchEventsRequest{Parent: name}))
	for {
		seen := must(events.Recv())
		fmt.Println("event    ", seen.Type, "version", seen.Version)
		if seen.Type == "ORDER_SUBMITTED" && strings.HasSuffix(drafted.Name, seen.Aggregate) {
			break
		}
	}

	// What it has earned: nothing before the customer has paid its first invoice.
	bills := billing.NewFeeServiceClient(dial(env("BILLING", "127.0.0.1:7104"), trust(certs), asPartner))
	earned := must(bills.ListFees(ctx, &billing.ListFeesRequest{Parent: name})).Fees
	for _, fee := range earned {
		fmt.Println("fee      ", fee.Explanation)
	}
	fmt.Println(len(earned), "fees")
}
