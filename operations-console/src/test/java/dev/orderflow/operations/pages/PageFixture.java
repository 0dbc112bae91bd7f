package dev.orderflow.operations.pages;

import dev.orderflow.operations.ServiceStubs;
import java.util.UUID;

/// The services as the pages need them: without work, or with a little of each kind.
public final class PageFixture {

    static final UUID ORDER = UUID.fromString("0198a6f2-0000-7000-8000-00000000000a");
    static final UUID ITEM = UUID.fromString("0198a6f2-0000-7000-8000-00000000000b");

    private PageFixture() {}

    /// No service has work for operators.
    public static void withoutWork() {
        ServiceStubs.reset();
        ServiceStubs.setResponse("/internal/work-items", "{\"items\":[]}");
        ServiceStubs.setResponse("/internal/approvals", "{\"approvals\":[]}");
        ServiceStubs.setResponse("/internal/outbox/parked", "{\"events\":[]}");
        ServiceStubs.setResponse("/internal/outbox/parked/reasons", "{\"reasons\":[]}");
        ServiceStubs.setResponse("/internal/confirmations", "{\"actions\":[]}");
    }

    static void withWorkItem(String kind, String reason) {
        ServiceStubs.setResponse(
                "/internal/work-items",
                """
                {"items":[{"id":"%s","orderId":"%s","kind":"%s","reason":"%s","state":"PENDING",
                           "openedAt":"2026-11-02T09:15:30Z"}]}
                """
                        .formatted(ITEM, ORDER, kind, reason));
    }

    static void withApproval() {
        ServiceStubs.setResponse(
                "/internal/approvals",
                """
                {"approvals":[{"orderId":"%s","total":{"amount":"1249.00","currency":"EUR"},
                               "requestedAt":"2026-11-02T09:15:30Z"}]}
                """
                        .formatted(ORDER));
    }

    static void withParkedEvents(String reason) {
        ServiceStubs.setResponse(
                "/internal/outbox/parked/reasons",
                """
                {"reasons":[{"reason":"%s","orders":2,"events":3,"oldest":"2026-11-02T09:15:30Z"}]}
                """
                        .formatted(reason));
    }
}
