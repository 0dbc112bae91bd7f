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

/// A currency that the gateway charges, and which amounts of it.
///
/// From [Stripe's documentation of currencies](https://docs.stripe.com/currencies): its list of
/// presentment currencies, without those that have been withdrawn since (ANG, BGN, STD), its
/// three-decimal currencies, its special cases, and its minimum and maximum charge amounts. Limit:
/// where the gateway settles in another currency, its minimum is the equivalent of that currency's,
/// at the rate of the day; only the gateway knows it, and then declines with `amount_too_small`.
///
/// @param smallestUnit every amount is a multiple of it
/// @param minimum the least that is charged at once, of all that the customer orders
/// @param maximum the most that is charged at once
public record ChargeCurrency(
        Currency currency, BigDecimal smallestUnit, BigDecimal minimum, BigDecimal maximum) {

    /// The gateway takes amounts of up to so many of its units: eight digits, and twelve in rupiah.
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

    /// Every currency that can be charged.
    public static Collection<ChargeCurrency> all() {
        return ALL.values();
    }

    /// The currency, if it can be charged.
    public static Optional<ChargeCurrency> find(Currency currency) {
        return Optional.ofNullable(ALL.get(currency.getCurrencyCode()));
    }

    /// The currency of a sum.
    ///
    /// @throws InvalidValueException when the gateway does not charge it
    public static ChargeCurrency of(Money money) {
        return find(money.currency())
                .orElseThrow(
                        () ->
                                new InvalidValueException(
                                        "currency", "must be one that the payment gateway takes"));
    }

    /// Checks the price of an article: more than nothing, at most what can be charged at once, and
    /// expressible at the gateway. It may be below the minimum, which holds for a whole order.
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

    /// Checks what is charged at once, such as the total of an order.
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

    /// The least that is charged at once.
    public Money minimumCharge() {
        return new Money(minimum, currency);
    }

    /// The most that is charged at once.
    public Money maximumCharge() {
        return new Money(maximum, currency);
    }

    /// A sum as the gateway counts it, in its smallest unit. That is not always the unit of ISO
    /// 4217: the gateway gives the Icelandic krona and the Ugandan shilling two decimals, and the
    /// ariary none.
    ///
    /// @throws ArithmeticException when the gateway cannot express it
    public static long toGatewayUnits(Money money) {
        long units = money.amount().movePointRight(digits(money.currency())).longValueExact();
        if (money.currency().getDefaultFractionDigits() == 3 && units % 10 != 0) {
            throw new ArithmeticException("the last of three decimals must be 0");
        }
        return units;
    }

    /// A sum that the gateway tells.
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

    /// How many decimals an amount may have; the gateway and ISO 4217 must both know them.
    private static int decimals(Currency currency) {
        return Math.min(currency.getDefaultFractionDigits(), digits(currency));
    }
}
