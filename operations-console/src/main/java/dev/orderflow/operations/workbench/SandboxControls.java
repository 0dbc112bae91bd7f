package dev.orderflow.operations.workbench;

import dev.orderflow.contracts.value.InvalidValueException;
import dev.orderflow.operations.services.ServiceResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;

/// Reads and sets the faults of the sandboxes and of local-cloud, and reads what they recorded.
@Component
@ConditionalOnWorkbench
class SandboxControls {

    private static final int SHOWN = 10;

    private final WorkbenchClients clients;

    SandboxControls(WorkbenchClients clients) {
        this.clients = clients;
    }

    /// The test cards of the gateway, each with what happens to a payment.
    List<WorkbenchPage.WorkbenchChoice> cards() {
        return clients.gateway()
                .get("/sandbox/cards")
                .objects("cards")
                .map(
                        card ->
                                new WorkbenchPage.WorkbenchChoice(
                                        card.text("id"), card.text("effect")))
                .toList();
    }

    /// What the gateway can do wrong; the first one is nothing.
    List<WorkbenchPage.WorkbenchChoice> gatewayModes() {
        return clients.gateway()
                .get("/sandbox/fault-modes")
                .objects("modes")
                .map(
                        mode ->
                                new WorkbenchPage.WorkbenchChoice(
                                        mode.text("mode"), mode.text("effect")))
                .toList();
    }

    /// What the gateway does wrong now.
    String gatewayMode() {
        return clients.gateway().get("/sandbox/faults").text("mode");
    }

    /// Makes the gateway behave in a mode until the next change.
    void setGatewayMode(String mode) {
        var example =
                clients.gateway()
                        .get("/sandbox/fault-modes")
                        .objects("modes")
                        .filter(each -> each.text("mode").equals(mode))
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        new InvalidValueException(
                                                "mode", "must be one of the gateway's modes"));
        clients.gateway().put("/sandbox/faults", example.object("example").json());
    }

    boolean isCarrierAvailable() {
        return clients.carrier().get("/sandbox/availability").flag("available");
    }

    void setCarrierAvailable(boolean available) {
        clients.carrier().put("/sandbox/availability", Map.of("available", available));
    }

    /// The AWS services, by their signing names.
    List<WorkbenchPage.CloudServiceSwitch> cloudServices() {
        var faults = clients.cloud().get("/_aws/faults");
        var off = new HashSet<>(faults.texts("off").toList());
        return faults.texts("services")
                .map(name -> new WorkbenchPage.CloudServiceSwitch(name, off.contains(name)))
                .toList();
    }

    /// Switches an AWS service off or on.
    void setCloudService(String name, boolean available) {
        if (cloudServices().stream().noneMatch(service -> service.name().equals(name))) {
            throw new InvalidValueException("service", "must be one of local-cloud's services");
        }
        if (available) {
            clients.cloud().delete("/_aws/faults?service={service}", name);
        } else {
            clients.cloud().put("/_aws/faults?service={service}", Map.of(), name);
        }
    }

    /// The latest e-mails, the newest first.
    List<WorkbenchPage.SentMail> mails() {
        var mails =
                new ArrayList<>(
                        clients.cloud()
                                .get("/_aws/ses?limit=" + SHOWN)
                                .objects("messages")
                                .map(
                                        mail ->
                                                new WorkbenchPage.SentMail(
                                                        Instant.parse(mail.text("Timestamp")),
                                                        recipients(mail),
                                                        mail.findText("Subject").orElse("")))
                                .toList());
        return mails.reversed();
    }

    private static String recipients(ServiceResponse mail) {
        return mail.findObject("Destination")
                .map(to -> String.join(", ", to.texts("ToAddresses").toList()))
                .orElse("");
    }

    /// What the gateway charged.
    WorkbenchPage.ChargeTotals charges() {
        var ledger = clients.gateway().get("/sandbox/ledger");
        return new WorkbenchPage.ChargeTotals(
                ledger.number("orders"),
                ledger.texts("chargedMoreThanOnce").toList(),
                ledger.objects("totals")
                        .map(
                                total ->
                                        new WorkbenchPage.CurrencyTotal(
                                                total.text("currency"),
                                                total.number("charges"),
                                                total.text("authorized"),
                                                total.text("net")))
                        .toList());
    }

    /// What the carrier booked.
    WorkbenchPage.BookingTotals bookings() {
        var ledger = clients.carrier().get("/sandbox/bookings");
        var bookings = ledger.objects("bookings").toList();
        var orders = new HashSet<UUID>();
        var twice =
                bookings.stream()
                        .map(booking -> booking.uuid("orderId"))
                        .filter(order -> !orders.add(order))
                        .distinct()
                        .map(UUID::toString)
                        .toList();
        return new WorkbenchPage.BookingTotals(
                bookings.size(),
                twice,
                bookings.isEmpty()
                        ? Optional.empty()
                        : Optional.of(bookings.getLast().text("trackingNumber")));
    }
}
