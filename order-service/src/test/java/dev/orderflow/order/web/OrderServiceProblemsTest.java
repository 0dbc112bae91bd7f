package dev.orderflow.order.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.defaults.fixture.ApiFuzzer;
import dev.orderflow.order.OrderApiClient;
import dev.orderflow.order.RunningOrderService;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

@RunningOrderService
class OrderServiceProblemsTest {

    @Test
    void noProblemContainsJavaTypeNames(
            @LocalServerPort int port,
            @Autowired @Qualifier("requestMappingHandlerMapping")
                    RequestMappingHandlerMapping mapping) {
        // Another caller after some requests, because of the rate limit.
        var callers =
                Stream.generate(() -> new OrderApiClient(port).authorization())
                        .flatMap(caller -> Collections.nCopies(40, caller).stream())
                        .iterator();
        var api = new OrderApiClient(port);
        var operations =
                new ApiFuzzer(
                        mapping,
                        path -> api.request(path).build().uri(),
                        path ->
                                path.startsWith("/internal")
                                        ? List.of("X-Api-Key", OrderApiClient.INTERNAL_KEY)
                                        : List.of("Authorization", callers.next()));
        assertThat(operations.findViolations()).isEmpty();
        assertThat(operations.requestCount()).isGreaterThan(500);
    }
}
