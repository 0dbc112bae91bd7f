package dev.orderflow.defaults.http;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Collections;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;

/// Refuses a request whose `Accept` header excludes JSON before its handler is called. Spring MVC
/// would notice only when it writes the response, after the handler has had its effect.
///
/// Applies to handlers of this project only: those of libraries also respond with pages and
/// redirections. Error dispatches are exempt, so that an error response keeps its status.
final class AcceptInterceptor implements HandlerInterceptor {

    @Override
    public boolean preHandle(
            HttpServletRequest request, HttpServletResponse response, Object handler)
            throws HttpMediaTypeNotAcceptableException {
        var accept = Collections.list(request.getHeaders(HttpHeaders.ACCEPT));
        if (request.getDispatcherType() != DispatcherType.ERROR
                && handler instanceof HandlerMethod method
                && method.getBeanType().getName().startsWith("dev.orderflow.")
                && request.getAttribute(HandlerMapping.PRODUCIBLE_MEDIA_TYPES_ATTRIBUTE) == null
                && !accept.isEmpty()
                && AcceptHeaderStrategy.acceptable(accept).stream()
                        .noneMatch(AcceptHeaderStrategy::includesJson)) {
            throw new HttpMediaTypeNotAcceptableException(List.of(MediaType.APPLICATION_JSON));
        }
        return true;
    }
}
