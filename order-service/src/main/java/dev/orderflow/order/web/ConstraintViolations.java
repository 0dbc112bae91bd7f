package dev.orderflow.order.web;

import dev.orderflow.contracts.value.InvalidValueException;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.ConstraintValidatorContext.ConstraintViolationBuilder;
import java.util.function.BiConsumer;

/// Converts an [InvalidValueException] of a shared value into a Bean Validation violation.
final class ConstraintViolations {

    private ConstraintViolations() {}

    /// Runs a check; its failure becomes the message of the constraint.
    ///
    /// @return whether the check passed
    static boolean check(ConstraintValidatorContext context, Runnable check) {
        return check(context, check, (_, violation) -> violation.addConstraintViolation());
    }

    /// Runs a check; its failure is reported for the property with the value's name.
    ///
    /// @return whether the check passed
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

    /// Escapes the message, because Bean Validation reads it as a template.
    private static String literal(String rule) {
        return rule.replaceAll("([\\\\{}$])", "\\\\$1");
    }
}
