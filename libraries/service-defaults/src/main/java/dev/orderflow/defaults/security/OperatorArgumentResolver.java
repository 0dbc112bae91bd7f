package dev.orderflow.defaults.security;

import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.defaults.operators.OperatorRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/// Passes the verified operator to controllers: as [Operator] where the endpoint is for people
/// only, as `Optional<Operator>` where it is for machines too. Where a controller says more about
/// what an operator requests, it takes the [OperatorRequest].
final class OperatorArgumentResolver implements HandlerMethodArgumentResolver {

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.getParameterType() == Operator.class
                || parameter.getParameterType() == OperatorRequest.class
                || parameter.getParameterType() == Optional.class
                        && parameter.nested().getNestedParameterType() == Operator.class;
    }

    @Override
    public Object resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer container,
            NativeWebRequest request,
            @Nullable WebDataBinderFactory binders) {
        if (parameter.getParameterType() == OperatorRequest.class) {
            return Optional.ofNullable(
                            (OperatorRequest)
                                    request.getAttribute(
                                            InternalAccessInterceptor.REQUEST,
                                            RequestAttributes.SCOPE_REQUEST))
                    .orElseGet(OperatorRequest::unrecorded);
        }
        var operator =
                Optional.ofNullable(
                        (Operator)
                                request.getAttribute(
                                        InternalAccessInterceptor.OPERATOR,
                                        RequestAttributes.SCOPE_REQUEST));
        return parameter.getParameterType() == Optional.class
                ? operator
                : operator.orElseThrow(
                        () ->
                                new IllegalStateException(
                                        "the endpoint is not only for operators: take Optional<Operator>"));
    }
}
