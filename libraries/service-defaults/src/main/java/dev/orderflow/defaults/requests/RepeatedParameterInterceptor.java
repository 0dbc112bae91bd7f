package dev.orderflow.defaults.requests;

import dev.orderflow.defaults.idempotency.IdempotencyKey;
import dev.orderflow.defaults.problem.Problem;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.util.StringUtils;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/// Rejects a repeated query parameter or header of which the handler takes one value. Spring MVC
/// would use the first value of some and join others with a comma.
///
/// Two headers have their own rules: for `Idempotency-Key` see [IdempotencyKey]; an invalid
/// `traceparent` is replaced by a new one (W3C Trace Context, 3.2), so that tracing never fails a
/// request.
final class RepeatedParameterInterceptor implements HandlerInterceptor {

    private static final Set<String> OWN_RULES = Set.of(IdempotencyKey.HEADER, "traceparent");

    private final Map<Object, SingleValues> known = new ConcurrentHashMap<>();

    /// The parameters and headers of which a handler takes one value.
    private record SingleValues(Set<String> parameters, Set<String> headers) {

        static SingleValues of(HandlerMethod handler) {
            var parameters = new TreeSet<String>();
            var headers = new TreeSet<String>();
            for (var parameter : handler.getMethodParameters()) {
                if (takesMany(parameter.getParameterType())) {
                    continue;
                }
                var query = parameter.getParameterAnnotation(RequestParam.class);
                if (query != null) {
                    parameters.add(name(query.name(), parameter));
                }
                var header = parameter.getParameterAnnotation(RequestHeader.class);
                if (header != null) {
                    headers.add(name(header.name(), parameter));
                }
            }
            headers.removeAll(OWN_RULES);
            return new SingleValues(parameters, headers);
        }

        private static boolean takesMany(Class<?> type) {
            return type.isArray()
                    || Collection.class.isAssignableFrom(type)
                    || Map.class.isAssignableFrom(type);
        }

        private static String name(String named, MethodParameter parameter) {
            if (StringUtils.hasText(named)) {
                return named;
            }
            return parameter.getParameter().getName();
        }
    }

    @Override
    public boolean preHandle(
            HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (handler instanceof HandlerMethod method) {
            var single = known.computeIfAbsent(method.getMethod(), _ -> SingleValues.of(method));
            for (var name : single.parameters()) {
                requireSingle(name, length(request.getParameterValues(name)));
            }
            for (var name : single.headers()) {
                requireSingle(name, Collections.list(request.getHeaders(name)).size());
            }
        }
        return true;
    }

    private static int length(String @Nullable [] values) {
        return values == null ? 0 : values.length;
    }

    private static void requireSingle(String name, int times) {
        if (times > 1) {
            throw Problem.invalid(name, "must be sent once");
        }
    }
}
