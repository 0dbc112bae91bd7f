package dev.orderflow.defaults.security;

import dev.orderflow.defaults.operators.OperatorRole;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.util.Optional;

/// For whom an internal endpoint is.
///
/// @param machines whether the internal API key opens it
/// @param role the role that opens it for an operator; empty when it is not for people
/// @param action what it does, see [ForOperators#action]; empty when it is not declared
public record InternalAccess(
        boolean machines, Optional<OperatorRole> role, Optional<String> action) {

    /// How the paths of internal endpoints begin.
    public static final String PATH_PREFIX = "/internal";

    /// The declaration of a controller's method: its own annotations, else those of the class.
    ///
    /// @return empty when neither has any
    public static Optional<InternalAccess> of(Method method, Class<?> controller) {
        return of(method).or(() -> of(controller));
    }

    private static Optional<InternalAccess> of(AnnotatedElement declared) {
        boolean machines = declared.isAnnotationPresent(ForMachines.class);
        var people = Optional.ofNullable(declared.getAnnotation(ForOperators.class));
        return machines || people.isPresent()
                ? Optional.of(
                        new InternalAccess(
                                machines,
                                people.map(ForOperators::value),
                                people.map(ForOperators::action)
                                        .filter(action -> !action.isEmpty())))
                : Optional.empty();
    }
}
