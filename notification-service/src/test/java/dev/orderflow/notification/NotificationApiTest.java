package dev.orderflow.notification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.defaults.fixture.ApiFuzzer;
import dev.orderflow.notification.channel.NotificationChannel;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The internal API.
class NotificationApiTest extends NotificationServiceFixture {

    @Test
    void noOperationRevealsJavaInItsProblems(
            @Autowired @Qualifier("requestMappingHandlerMapping")
                    RequestMappingHandlerMapping mapping) {
        var operations = ApiFuzzer.ofInternalApi(mapping, port);
        assertThat(operations.findViolations()).isEmpty();
        assertThat(operations.requestCount()).isGreaterThan(50);
    }

    @Test
    void theApiRequiresTheKeyAndAKnownState() throws Exception {
        assertThat(get("/internal/notifications", "wrong").statusCode()).isEqualTo(403);
        assertThat(get("/internal/notifications", KEY).body()).isEqualTo("{\"notifications\":[]}");
        var lost = get("/internal/notifications?state=LOST", KEY);
        assertThat(lost.statusCode()).isEqualTo(400);
        assertThat(lost.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).contains("problem+json"));
    }

    @Test
    void notificationsAreListedNewestFirstInPages() throws Exception {
        var claimed = new ArrayList<String>();
        for (int i = 0; i < 3; i++) {
            var created = new OrderEventSamples(UUID.randomUUID()).shipped();
            notificationLog.claim(created, NotificationChannel.EMAIL);
            claimed.addFirst(created.orderId().toString());
        }
        var first = claimedPage("");
        assertThat(first.findValuesAsString("orderId")).isEqualTo(claimed.subList(0, 2));
        var last = claimedPage("&cursor=" + first.path("next").asString());
        assertThat(last.findValuesAsString("orderId")).isEqualTo(claimed.subList(2, 3));
        assertThat(last.has("next")).isFalse();
        assertThat(get("/internal/notifications?limit=0", KEY).statusCode()).isEqualTo(400);
    }

    @Test
    void theApiReturnsTheEmailsOfManyOrders() throws Exception {
        deliver(events.shipped());
        eventually().until(() -> state(events.shipped()).equals("EMAIL SENT, TOPIC SENT"));
        var answer = stateBatch("\"%s\",\"%s\"".formatted(order, UUID.randomUUID()));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .containsOnlyOnce("\"orderId\":\"" + order)
                .contains("\"eventType\":\"OrderShipped\"", "\"state\":\"SENT\"")
                .doesNotContain("TOPIC");
        assertThat(stateBatch("").statusCode()).isEqualTo(400);
    }

    private JsonNode claimedPage(String cursor) throws Exception {
        return JsonMapper.shared()
                .readTree(
                        get("/internal/notifications?state=CLAIMED&limit=2" + cursor, KEY).body());
    }

    private HttpResponse<String> stateBatch(String orders) throws Exception {
        return post("/internal/notifications/state-batch", "{\"orderIds\":[" + orders + "]}");
    }
}
