package dev.orderflow.shipping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.defaults.fixture.IndexedRequests;
import dev.orderflow.defaults.fixture.RoundTripRecorder;
import dev.orderflow.shipping.shipment.CarrierOutages;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the service says about an order for its case file.
class ShipmentHistoryTest extends ShippingServiceFixture {

    @Autowired RoundTripRecorder roundTrips;
    @Autowired DataSource database;
    @Autowired CarrierOutages outages;

    @BeforeEach
    void deleteOutages() {
        jdbc.sql("DELETE FROM carrier_outage").update();
    }

    @Test
    void everyStepOfAShipmentIsVisibleInItsSequence() throws Exception {
        request(order, token);
        eventually().until(() -> state(order).equals("BOOKED/ANSWERED"));
        var history = history();
        assertThat(history.path("entries").valueStream().map(it -> it.path("type").asString()))
                .containsExactly(
                        "SHIPMENT_ShipmentRequested",
                        "SHIPMENT_PermitGranted",
                        "SHIPMENT_CarrierBooked",
                        "SHIPMENT_AnswerAccepted");
        assertThat(history.at("/states/0/summary").asString()).contains("TRACK-" + order);
        assertThat(history.toString()).doesNotContain(token);
        assertConstantAndIndexed(4, "/internal/shipments/" + order + "/history");
    }

    @Test
    void anOutageOfTheCarrierDuringTheWaitIsVisibleWithItsEnd() throws Exception {
        request(order, token);
        eventually().until(() -> state(order).equals("BOOKED/ANSWERED"));
        var during = Instant.parse(history().at("/entries/0/at").asString());
        var before = during.minusSeconds(3_600);
        outages.recordClosed(UUID.randomUUID(), before, before.plusSeconds(60));
        outages.recordClosed(UUID.randomUUID(), during.minusSeconds(5), during.plusSeconds(5));
        assertThat(
                        history()
                                .path("entries")
                                .valueStream()
                                .filter(
                                        it ->
                                                it.path("type")
                                                        .asString()
                                                        .equals("CARRIER_CIRCUIT_OPEN")))
                .singleElement()
                .satisfies(
                        outage -> {
                            assertThat(outage.path("at").asString())
                                    .isEqualTo(during.minusSeconds(5).toString());
                            assertThat(outage.path("until").asString())
                                    .isEqualTo(during.plusSeconds(5).toString());
                            assertThat(outage.path("outcome").asString()).isEqualTo("WAITING");
                        });
    }

    @Test
    void anOutageEndsWithTheLastSignOfAnInstanceThatWasKilled() throws Exception {
        request(order, token);
        eventually().until(() -> state(order).equals("BOOKED/ANSWERED"));
        var during = Instant.parse(history().at("/entries/0/at").asString());
        outages.recordOpen(UUID.randomUUID(), during.minusSeconds(1));
        jdbc.sql("UPDATE shipment SET created_at = created_at - interval '1 hour'").update();
        jdbc.sql(
                        """
                        UPDATE carrier_outage
                        SET last_open_at = now() - interval '10 minutes', opened_at = now() - interval '20 minutes'
                        """)
                .update();
        assertThat(history().toString()).contains("was open; the shipment waited");
    }

    @Test
    void anUnknownOrderHasAnEmptyHistory() throws Exception {
        assertThat(history().path("entries")).isEmpty();
    }

    private JsonNode history() throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            return JsonMapper.shared()
                    .readTree(
                            http.send(
                                            HttpRequest.newBuilder(
                                                            URI.create(
                                                                    "http://localhost:"
                                                                            + port
                                                                            + "/internal/shipments/"
                                                                            + order
                                                                            + "/history"))
                                                    .header("X-Api-Key", "test-internal-api-key")
                                                    .build(),
                                            HttpResponse.BodyHandlers.ofString())
                                    .body());
        }
    }

    private void assertConstantAndIndexed(int statements, String path) {
        IndexedRequests.assertConstantAndIndexed(
                URI.create("http://localhost:" + port + path), statements, roundTrips, database);
    }
}
