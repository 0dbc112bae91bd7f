package dev.orderflow.defaults.problem;

import dev.orderflow.defaults.text.TimeFormat;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.core.MethodParameter;

/// Describes the valid values of a type for callers of the API, without names of Java.
final class ValueRules {

    private static final Set<Class<?>> WHOLE_NUMBERS =
            Set.of(
                    int.class,
                    Integer.class,
                    long.class,
                    Long.class,
                    short.class,
                    Short.class,
                    BigInteger.class);

    private static final Set<Class<?>> NUMBERS =
            Set.of(double.class, Double.class, float.class, Float.class, BigDecimal.class);

    private ValueRules() {}

    /// @return the rule for values of a type, beginning with "must"
    static String of(Type type) {
        if (type instanceof ParameterizedType generic) {
            return generic.getRawType() == Optional.class
                    ? of(generic.getActualTypeArguments()[0])
                    : of(generic.getRawType());
        }
        return type instanceof Class<?> known ? of(known) : "must have a valid value";
    }

    private static String of(Class<?> type) {
        if (WHOLE_NUMBERS.contains(type)) {
            return "must be a whole number";
        }
        if (NUMBERS.contains(type)) {
            return "must be a number";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "must be true or false";
        }
        if (type.isEnum()) {
            return "must be one of "
                    + Arrays.stream(type.getEnumConstants())
                            .map(constant -> ((Enum<?>) constant).name())
                            .collect(Collectors.joining(", "));
        }
        if (type == UUID.class) {
            return "must be a UUID such as 0197f2a4-6c1e-7bd3-9f51-3c8a4b7d2e60";
        }
        if (type == Instant.class) {
            return TimeFormat.RULE;
        }
        if (type == LocalDate.class) {
            return "must be a date such as 2026-11-29";
        }
        if (CharSequence.class.isAssignableFrom(type)) {
            return "must be text";
        }
        return type.isArray() || Collection.class.isAssignableFrom(type)
                ? "must be a list"
                : "must be an object";
    }

    /// @return the rule for a parameter of a path, query or header, with its minimum and maximum if
    ///     it has both
    static String of(MethodParameter parameter) {
        var rule = of(parameter.getGenericParameterType());
        var least = parameter.getParameterAnnotation(Min.class);
        var most = parameter.getParameterAnnotation(Max.class);
        return least == null || most == null
                ? rule
                : "%s from %s to %s".formatted(rule, least.value(), most.value());
    }
}
