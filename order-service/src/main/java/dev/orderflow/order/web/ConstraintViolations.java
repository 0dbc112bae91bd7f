package dev.orderflow.order.web;

import dev.orderflow.contracts.value.InvalidValueException;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.ConstraintValidatorContext.ConstraintViolationBuilder;
import java.util.function.BiConsumer;

/// Tells Bean Validation what a shared value refuses, in the words of the value.
final class ConstraintViolations {

    private ConstraintViolations() {}

    /// Whether a check passes. What it refuses becomes the message of the constraint.
    static boolean check(ConstraintValidatorContext context, Runnable check) {
        return check(context, check, (_, violation) -> violation.addConstraintViolation());
    }

    /// Whether a check passes. What it refuses is told of the property that has its name.
    static boolean checkProperty(ConstraintValidatorContext context, Runnable check) {
        return check(
                context,
                check,
                (invalid, violation) ->
                        violation.addPropertyNode(invalid.name()).addConstraintViolation());
    }

    private static boolean check(
            ConstraintValidatorContext context,
            Runnable check,
            BiConsumer<InvalidValueException, ConstraintViolationBuilder> report) {
        try {
            check.run();
            return true;
        } catch (InvalidValueException invalid) {
            context.disableDefaultConstraintViolation();
            report.accept(
                    invalid, context.buildConstraintViolationWithTemplate(literal(invalid.rule())));
            return false;
        }
    }

    /// A message is a template; in it a brace or a dollar sign has a meaning.
    private static String literal(String rule) {
        return rule.replaceAll("([\\\\{}$])", "\\\\$1");
    }
}
