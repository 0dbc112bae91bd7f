package dev.orderflow.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.defaults.fixture.IndexedRequests;
import dev.orderflow.defaults.fixture.RoundTripRecorder;
import dev.orderflow.defaults.fixture.TestOperators;
import java.net.URI;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/// What the service says about an order for its case file.
class ReservationHistoryTest extends InventoryServiceFixture {

    @Autowired RoundTripRecorder roundTrips;
    @Autowired DataSource database;

    private final UUID order = UUID.randomUUID();

    @Test
    void aReservationAndItsReleaseAreMovementsWithTheMarksOfTheirRequests() throws Exception {
        var sku = createArticle(5);
        reserve(order, sku, 2);
        release(order);
        var history = history(order);
        assertThat(history.at("/states/0/state").asString()).isEqualTo("RELEASED");
        assertThat(history.at("/entries/0/summary").asString())
                .isEqualTo("2 of " + sku + " were reserved.");
        assertThat(history.at("/entries/0/after/0").asString())
                .isEqualTo("requested:" + order + ":reservation");
        assertThat(history.at("/entries/1/summary").asString())
                .isEqualTo("2 of " + sku + " were released.");
        assertThat(history.at("/entries/1/marks/0").asString())
                .isEqualTo("answered:" + order + ":release");
        assertConstantAndIndexed(4, "/internal/reservations/" + order + "/history");
    }

    /// The status is stored after the response was sent.
    @Test
    void thePersonWhoReleasedTheStockIsVisible() throws Exception {
        reserve(order, createArticle(5), 2);
        var released =
                send(
                        port,
                        "POST",
                        "/internal/reservations/" + order + "/release",
                        Map.of(
                                "Content-Type",
                                "application/json",
                                "Authorization",
                                TestOperators.administrator("oskar"),
                                "Idempotency-Key",
                                "by-hand-" + order),
                        "{}");
        assertThat(released.status()).isEqualTo(200);
        await().until(
                        () ->
                                history(order)
                                        .toString()
                                        .contains(
                                                "Oskar asked to release the stock. The request was answered"
                                                        + " 200."));
    }

    @Test
    void aShortageAndARepeatedRequestAreVisible() throws Exception {
        var sku = createArticle(1);
        reserve(order, sku, 2);
        assertThat(history(order).at("/entries/0/type").asString())
                .isEqualTo("RESERVATION_REFUSED");
        assertThat(history(order).at("/entries/0/summary").asString())
                .endsWith(sku + ": 2 requested, 1 available.");
        var other = UUID.randomUUID();
        reserve(other, sku, 1);
        reserve(other, sku, 1);
        await().until(() -> history(other).toString().contains("REQUEST_REPEATED"));
        reserve(order, sku, 2);
        await().until(() -> history(order).toString().contains("REQUEST_REPEATED"));
    }

    @Test
    void anUnknownOrderHasAnEmptyHistory() {
        assertThat(history(order).path("entries")).isEmpty();
        assertThat(history(order).path("states")).isEmpty();
    }

    private JsonNode history(UUID id) {
        return send(
                        port,
                        "GET",
                        "/internal/reservations/" + id + "/history",
                        Map.of("X-Api-Key", API_KEY),
                        "")
                .json();
    }

    private void assertConstantAndIndexed(int statements, String path) {
        IndexedRequests.assertConstantAndIndexed(
                URI.create("http://localhost:" + port + path), statements, roundTrips, database);
    }
}
