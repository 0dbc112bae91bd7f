package dev.orderflow.defaults.security;

import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/// Stops the start of a service with an endpoint below `/internal` that does not declare for whom
/// it is.
final class InternalEndpointDeclarations implements SmartInitializingSingleton {

    private final ObjectProvider<RequestMappingHandlerMapping> mappings;

    InternalEndpointDeclarations(ObjectProvider<RequestMappingHandlerMapping> mappings) {
        this.mappings = mappings;
    }

    @Override
    public void afterSingletonsInstantiated() {
        mappings.stream().forEach(InternalEndpointDeclarations::check);
    }

    private static void check(RequestMappingHandlerMapping mapping) {
        List<String> undeclared =
                mapping.getHandlerMethods().entrySet().stream()
                        .filter(
                                endpoint ->
                                        endpoint.getKey().getPatternValues().stream()
                                                .anyMatch(
                                                        path ->
                                                                path.startsWith(
                                                                        InternalAccess
                                                                                .PATH_PREFIX)))
                        .filter(
                                endpoint ->
                                        InternalAccess.of(
                                                        endpoint.getValue().getMethod(),
                                                        endpoint.getValue().getBeanType())
                                                .isEmpty())
                        .map(endpoint -> endpoint.getKey() + " " + endpoint.getValue())
                        .sorted()
                        .toList();
        if (!undeclared.isEmpty()) {
            throw new IllegalStateException(
                    "add @ForMachines or @ForOperators to these internal endpoints: " + undeclared);
        }
    }
}
