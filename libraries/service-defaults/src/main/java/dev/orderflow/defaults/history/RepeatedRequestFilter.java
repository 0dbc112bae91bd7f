package dev.orderflow.defaults.history;

import dev.orderflow.defaults.idempotency.IdempotentRequests;
import dev.orderflow.defaults.text.UuidFormat;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Arrays;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/// Records that a request about an order was repeated and got the stored response. The order's id
/// is in the path, in the `Location` of the response, or in the attribute
/// [OrderIncidents#ORDER_ID_ATTRIBUTE] of the request.
final class RepeatedRequestFilter extends OncePerRequestFilter {

    private final OrderIncidents incidents;

    RepeatedRequestFilter(OrderIncidents incidents) {
        this.incidents = incidents;
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        chain.doFilter(request, response);
        if (response.getHeader(IdempotentRequests.REPLAYED_HEADER) == null) {
            return;
        }
        var orderId = findId(request.getRequestURI());
        if (orderId == null) {
            orderId = findId(response.getHeader(HttpHeaders.LOCATION));
        }
        if (orderId == null) {
            orderId = (UUID) request.getAttribute(OrderIncidents.ORDER_ID_ATTRIBUTE);
        }
        if (orderId != null) {
            incidents.record(
                    orderId,
                    OrderIncidentType.REQUEST_REPEATED,
                    request.getMethod() + " " + withoutIds(request.getRequestURI()),
                    "The request was sent again and got the stored response.");
        }
    }

    private static @Nullable UUID findId(@Nullable String path) {
        return path == null
                ? null
                : Arrays.stream(path.split("/"))
                        .flatMap(segment -> UuidFormat.parse(segment).stream())
                        .findFirst()
                        .orElse(null);
    }

    private static String withoutIds(String path) {
        return Arrays.stream(path.split("/"))
                .map(segment -> UuidFormat.parse(segment).isPresent() ? "{orderId}" : segment)
                .collect(Collectors.joining("/"));
    }
}
