package dev.orderflow.order.web;

import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.order.domain.CustomerRef;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/// The one place that knows where the customer's reference comes from.
@Component
final class CallerResolver implements HandlerMethodArgumentResolver, WebMvcConfigurer {

    static final String HEADER = "X-Customer-Ref";

    @Override
    public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(this);
    }

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.hasParameterAnnotation(Caller.class);
    }

    @Override
    public CustomerRef resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer container,
            NativeWebRequest request,
            @Nullable WebDataBinderFactory binders) {
        var values = request.getHeaderValues(HEADER);
        if (values == null || values.length != 1) {
            throw problem("customer-ref-missing", "Send one " + HEADER + " header.");
        }
        try {
            return new CustomerRef(values[0]);
        } catch (IllegalArgumentException malformed) {
            throw problem("customer-ref-malformed", HEADER + ": " + malformed.getMessage() + ".");
        }
    }

    private static Problem problem(String slug, String detail) {
        return Problem.of(HttpStatus.BAD_REQUEST, slug, "The customer is not named").detail(detail);
    }
}
