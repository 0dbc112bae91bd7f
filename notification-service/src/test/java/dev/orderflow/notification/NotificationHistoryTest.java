package dev.orderflow.notification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.defaults.fixture.IndexedRequests;
import dev.orderflow.defaults.fixture.RoundTripRecorder;
import java.net.URI;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the service says about an order for its case file.
class NotificationHistoryTest extends NotificationServiceFixture {

    @Autowired RoundTripRecorder roundTrips;
    @Autowired DataSource database;

    @Test
    void everyNotificationIsVisibleWithItsEventAndWithoutAddress() throws Exception {
        deliver(events.shipped());
        eventually().until(() -> state(events.shipped()).equals("EMAIL SENT, TOPIC SENT"));
        var history = history();
        assertThat(history.path("entries").valueStream().map(it -> it.path("summary").asString()))
                .containsExactlyInAnyOrder(
                        "The e-mail about OrderShipped was sent.",
                        "The message to subscribers about OrderShipped was sent.");
        assertThat(history.at("/entries/0/after/0").asString()).isEqualTo("published:OrderShipped");
        assertThat(history.toString()).doesNotContain("@");
        assertConstantAndIndexed(2, "/internal/notifications/" + order + "/history");
    }

    @Test
    void anUnknownOrderHasAnEmptyHistory() throws Exception {
        assertThat(history().path("entries")).isEmpty();
    }

    private JsonNode history() throws Exception {
        return JsonMapper.shared()
                .readTree(get("/internal/notifications/" + order + "/history", KEY).body());
    }

    private void assertConstantAndIndexed(int statements, String path) {
        IndexedRequests.assertConstantAndIndexed(
                URI.create("http://localhost:" + port + path), statements, roundTrips, database);
    }
}
