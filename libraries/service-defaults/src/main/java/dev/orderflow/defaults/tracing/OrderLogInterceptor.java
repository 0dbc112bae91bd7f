package dev.orderflow.defaults.tracing;

import dev.orderflow.defaults.text.UuidFormat;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import org.slf4j.MDC;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;

/// Adds the order that a path names to the log lines of its request: the path variable `orderId`.
/// All other ids in paths are of work items, redrives, confirmations or messages.
///
/// [RequestLoggingFilter] removes it after the request.
final class OrderLogInterceptor implements HandlerInterceptor {

    private static final String PATH_VARIABLE = "orderId";

    @Override
    public boolean preHandle(
            HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE)
                        instanceof Map<?, ?> variables
                && variables.get(PATH_VARIABLE) instanceof String text) {
            UuidFormat.parse(text)
                    .ifPresent(order -> MDC.put(LogFields.ORDER_ID, order.toString()));
        }
        return true;
    }
}
