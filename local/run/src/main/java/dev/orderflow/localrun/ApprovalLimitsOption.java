package dev.orderflow.localrun;

import dev.orderflow.topology.ApprovalLimits;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads the option that says above which total an order waits for a person.
public final class ApprovalLimitsOption implements ITypeConverter<ApprovalLimits> {

    /// What the option does.
    public static final String DESCRIPTION =
            "Orders above the limit of their currency wait for a person, and so do all in a"
                    + " currency without one; ${DEFAULT-VALUE} unless given.";

    @Override
    public ApprovalLimits convert(String text) {
        try {
            return ApprovalLimits.parse(text);
        } catch (IllegalArgumentException failure) {
            throw new TypeConversionException(failure.getMessage());
        }
    }
}
