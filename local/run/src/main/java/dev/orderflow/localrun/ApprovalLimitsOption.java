package dev.orderflow.localrun;

import dev.orderflow.topology.ApprovalLimits;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads the option with the totals above which orders need an approval.
public final class ApprovalLimitsOption implements ITypeConverter<ApprovalLimits> {

    /// The description of the option.
    public static final String DESCRIPTION =
            "Orders above the limit of their currency need an approval, and so do all orders in a"
                    + " currency without a limit. Default: ${DEFAULT-VALUE}.";

    @Override
    public ApprovalLimits convert(String text) {
        try {
            return ApprovalLimits.parse(text);
        } catch (IllegalArgumentException failure) {
            throw new TypeConversionException(failure.getMessage());
        }
    }
}
