package dev.orderflow.topology;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.Currency;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The approval limit of each currency: orders with a higher total wait for an approval.
///
/// Limits depend on the currency. Every order in a currency without a limit waits for an approval.
///
/// @param byCurrency by ISO 4217 code; at least 0; with 0 every order waits
public record ApprovalLimits(Map<String, BigDecimal> byCurrency) {

    /// The limits of development, demonstration and tests.
    public static final String STANDARD = "EUR=1000,GBP=1000,USD=1000";

    private static final Pattern PAIR =
            Pattern.compile("([A-Z]{3})=([0-9]{1,12}(?:\\.[0-9]{1,4})?)");

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public ApprovalLimits {
        byCurrency = Collections.unmodifiableMap(new TreeMap<>(byCurrency));
        byCurrency.forEach(ApprovalLimits::check);
    }

    private static void check(String currency, BigDecimal limit) {
        try {
            Currency.getInstance(currency);
        } catch (IllegalArgumentException _) {
            throw new IllegalArgumentException(
                    "an approval limit needs an ISO 4217 code such as EUR, not '" + currency + "'");
        }
        if (limit.signum() < 0) {
            throw new IllegalArgumentException(
                    "the approval limit of " + currency + " must not be negative but was " + limit);
        }
    }

    /// Parses the value of an option.
    ///
    /// @param text for example `EUR=1000,JPY=160000`
    /// @throws IllegalArgumentException if it has another form or contains a currency twice
    public static ApprovalLimits parse(String text) {
        var limits = new TreeMap<String, BigDecimal>();
        for (var part : text.split(",", -1)) {
            var pair = PAIR.matcher(part.strip());
            if (!pair.matches()) {
                throw new IllegalArgumentException(
                        "approval limits are CURRENCY=AMOUNT with commas between them, such as"
                                + " EUR=1000,USD=1100, not '"
                                + text
                                + "'");
            }
            if (limits.put(pair.group(1), new BigDecimal(pair.group(2))) != null) {
                throw new IllegalArgumentException(
                        "the approval limit of " + pair.group(1) + " is given twice");
            }
        }
        return new ApprovalLimits(limits);
    }

    /// The value of the placeholder `ApprovalLimits` in the workflow: a JSONata object with single
    /// quotes, because it is part of a JSON string.
    public String toJsonata() {
        return byCurrency.entrySet().stream()
                .map(limit -> "'%s':%s".formatted(limit.getKey(), limit.getValue().toPlainString()))
                .collect(Collectors.joining(",", "{", "}"));
    }

    /// In the form that [#parse] reads.
    @Override
    public String toString() {
        return byCurrency.entrySet().stream()
                .map(limit -> limit.getKey() + "=" + limit.getValue().toPlainString())
                .collect(Collectors.joining(","));
    }
}
