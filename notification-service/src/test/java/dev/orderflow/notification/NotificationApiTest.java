package dev.orderflow.notification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.defaults.fixture.ApiFuzzer;
import java.net.http.HttpResponse;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

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
        assertThat(get("/internal/notifications", KEY).body()).isEqualTo("[]");
        var lost = get("/internal/notifications?state=LOST", KEY);
        assertThat(lost.statusCode()).isEqualTo(400);
        assertThat(lost.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).contains("problem+json"));
    }

    @Test
    void theApiReturnsTheEmailsOfManyOrders() throws Exception {
        deliver(events.shipped());
        eventually().until(() -> state(events.shipped()).equals("EMAIL SENT, TOPIC SENT"));
        var answer = statusBatch("\"%s\",\"%s\"".formatted(order, UUID.randomUUID()));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .containsOnlyOnce("\"orderId\":\"" + order)
                .contains("\"eventType\":\"OrderShipped\"", "\"state\":\"SENT\"")
                .doesNotContain("TOPIC");
        assertThat(statusBatch("").statusCode()).isEqualTo(400);
    }

    private HttpResponse<String> statusBatch(String orders) throws Exception {
        return post("/internal/notifications/status-batch", "{\"orderIds\":[" + orders + "]}");
    }
}
