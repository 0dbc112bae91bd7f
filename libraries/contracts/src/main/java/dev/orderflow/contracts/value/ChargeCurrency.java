package dev.orderflow.contracts.value;

import static java.util.Map.entry;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.Collections;
import java.util.Currency;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// A currency that the payment gateway charges, with its limits.
///
/// Source: [Stripe's documentation of currencies](https://docs.stripe.com/currencies), with its
/// presentment currencies except the withdrawn ones (ANG, BGN, STD), three-decimal currencies,
/// special cases, and minimum and maximum amounts. Limit: if the gateway settles in another
/// currency, the minimum depends on the exchange rate; then the gateway declines with
/// `amount_too_small`.
///
/// @param smallestUnit the unit of which every amount is a multiple
/// @param minimum the minimum of one charge, that is, of the total of an order
/// @param maximum the maximum of one charge
public record ChargeCurrency(
        Currency currency, BigDecimal smallestUnit, BigDecimal minimum, BigDecimal maximum) {

    /// The maximum of the gateway in its units: eight digits, and twelve for rupiah.
    private static final long MOST_UNITS = 99_999_999L;

    private static final long MOST_RUPIAH_UNITS = 999_999_999_999L;

    private static final Set<String> THREE_DECIMALS = Set.of("BHD", "JOD", "KWD", "OMR", "TND");

    private static final Map<String, String> MINIMUM =
            Map.ofEntries(
                    entry("AED", "2.00"),
                    entry("AUD", "0.50"),
                    entry("BRL", "0.50"),
                    entry("CAD", "0.50"),
                    entry("CHF", "0.50"),
                    entry("CZK", "15.00"),
                    entry("DKK", "2.50"),
                    entry("EUR", "0.50"),
                    entry("GBP", "0.30"),
                    entry("HKD", "4.00"),
                    entry("HUF", "175.00"),
                    entry("INR", "0.50"),
                    entry("JPY", "50"),
                    entry("MXN", "10.00"),
                    entry("MYR", "2.00"),
                    entry("NOK", "3.00"),
                    entry("NZD", "0.50"),
                    entry("PLN", "2.00"),
                    entry("RON", "2.00"),
                    entry("SEK", "3.00"),
                    entry("SGD", "0.50"),
                    entry("THB", "10.00"),
                    entry("USD", "0.50"));

    private static final String CODES =
            """
            AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BWP BYN BZD
            CAD CDF CHF CLP CNY COP CRC CVE CZK DJF DKK DOP DZD EGP ETB EUR FJD FKP GBP GEL GIP GMD
            GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR ISK JMD JOD JPY KES KGS KHR KMF KRW KWD KYD KZT
            LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK
            NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SEK SGD SHP SLE
            SOS SRD SZL THB TJS TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VND VUV WST XAF XCD XOF
            XPF YER ZAR ZMW""";

    private static final Map<String, ChargeCurrency> ALL = all(CODES);

    /// All currencies that can be charged.
    public static Collection<ChargeCurrency> all() {
        return ALL.values();
    }

    /// Finds a currency, if it can be charged.
    public static Optional<ChargeCurrency> find(Currency currency) {
        return Optional.ofNullable(ALL.get(currency.getCurrencyCode()));
    }

    /// The currency of an amount.
    ///
    /// @throws InvalidValueException if the gateway does not support it
    public static ChargeCurrency of(Money money) {
        return find(money.currency())
                .orElseThrow(
                        () ->
                                new InvalidValueException(
                                        "currency", "must be supported by the payment gateway"));
    }

    /// Checks the price of an article: positive, at most the maximum charge, and a multiple of the
    /// smallest unit. It may be less than the minimum, which applies to the total of an order.
    ///
    /// @throws InvalidValueException naming `currency` or `amount`
    public static Money requirePrice(Money price) {
        var charged = of(price);
        if (price.amount().signum() <= 0) {
            throw new InvalidValueException("amount", "must be more than 0");
        }
        if (price.amount().remainder(charged.smallestUnit).signum() != 0) {
            throw new InvalidValueException(
                    "amount",
                    "must be a multiple of %s %s"
                            .formatted(charged.smallestUnit.toPlainString(), price.currency()));
        }
        if (price.amount().compareTo(charged.maximum) > 0) {
            throw new InvalidValueException("amount", "must be at most " + charged.maximumCharge());
        }
        return price;
    }

    /// Checks the amount of a charge, such as the total of an order.
    ///
    /// @throws InvalidValueException naming `currency` or `amount`
    public static Money requireCharge(Money total) {
        requirePrice(total);
        var charged = of(total);
        if (total.amount().compareTo(charged.minimum) < 0) {
            throw new InvalidValueException(
                    "amount", "must be at least " + charged.minimumCharge());
        }
        return total;
    }

    /// The minimum of one charge.
    public Money minimumCharge() {
        return new Money(minimum, currency);
    }

    /// The maximum of one charge.
    public Money maximumCharge() {
        return new Money(maximum, currency);
    }

    /// Converts an amount to the smallest unit of the gateway. It is not always the unit of ISO
    /// 4217: the gateway uses two decimals for the Icelandic króna and the Ugandan shilling, and
    /// none for the ariary.
    ///
    /// @throws ArithmeticException if the gateway cannot represent it
    public static long toGatewayUnits(Money money) {
        long units = money.amount().movePointRight(digits(money.currency())).longValueExact();
        if (money.currency().getDefaultFractionDigits() == 3 && units % 10 != 0) {
            throw new ArithmeticException("the last of three decimals must be 0");
        }
        return units;
    }

    /// Converts an amount of the gateway.
    public static Money ofGatewayUnits(long units, Currency currency) {
        return new Money(BigDecimal.valueOf(units).movePointLeft(digits(currency)), currency);
    }

    private static int digits(Currency currency) {
        return switch (currency.getCurrencyCode()) {
            case "MGA" -> 0;
            case "ISK", "UGX" -> 2;
            default -> currency.getDefaultFractionDigits();
        };
    }

    private static Map<String, ChargeCurrency> all(String codes) {
        var all = new TreeMap<String, ChargeCurrency>();
        for (var code : codes.split("\\s+")) {
            var currency = Currency.getInstance(code);
            // The last of three decimals must be 0.
            int decimals = THREE_DECIMALS.contains(code) ? 2 : decimals(currency);
            var smallestUnit = BigDecimal.ONE.movePointLeft(decimals);
            var mostUnits = code.equals("IDR") ? MOST_RUPIAH_UNITS : MOST_UNITS;
            var maximum = BigDecimal.valueOf(mostUnits).movePointLeft(digits(currency));
            all.put(
                    code,
                    new ChargeCurrency(
                            currency,
                            smallestUnit,
                            new BigDecimal(
                                    MINIMUM.getOrDefault(code, smallestUnit.toPlainString())),
                            maximum.subtract(maximum.remainder(smallestUnit))));
        }
        return Collections.unmodifiableMap(all);
    }

    /// The number of decimals that both the gateway and ISO 4217 support.
    private static int decimals(Currency currency) {
        return Math.min(currency.getDefaultFractionDigits(), digits(currency));
    }
}
