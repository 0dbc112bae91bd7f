package dev.orderflow.inventory;

import dev.orderflow.contracts.fixture.HttpStub;
import dev.orderflow.contracts.fixture.HttpStub.RecordedRequest;
import dev.orderflow.contracts.fixture.HttpStub.StubResponse;
import java.net.URI;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/// Responds to requests for an order as order-service does.
public final class OrderStateStub {

    private static final Map<UUID, String> STATES = new ConcurrentHashMap<>();
    private static final Map<UUID, Integer> REQUESTS = new ConcurrentHashMap<>();
    private static final HttpStub SERVER = new HttpStub(OrderStateStub::respond);

    private OrderStateStub() {}

    static URI url() {
        return URI.create(SERVER.url());
    }

    /// Sets the state of an order. With `BROKEN` the response is a 500, with `GARBLED` it is not
    /// JSON.
    public static void setState(UUID order, String state) {
        STATES.put(order, state);
    }

    public static int countRequests(UUID order) {
        return REQUESTS.getOrDefault(order, 0);
    }

    private static StubResponse respond(RecordedRequest request) {
        var path = request.path();
        var order = UUID.fromString(path.substring(path.lastIndexOf('/') + 1));
        REQUESTS.merge(order, 1, Integer::sum);
        var state = STATES.get(order);
        var authorised = InventoryServiceFixture.API_KEY.equals(request.header("X-Api-Key"));
        int status = !authorised ? 403 : state == null ? 404 : state.equals("BROKEN") ? 500 : 200;
        return new StubResponse(
                status,
                "GARBLED".equals(state)
                        ? "<html>"
                        : "{\"orderId\":\"%s\",\"state\":\"%s\",\"version\":3,\"more\":true}"
                                .formatted(order, state));
    }
}
