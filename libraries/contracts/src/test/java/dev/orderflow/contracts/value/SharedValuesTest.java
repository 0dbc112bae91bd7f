package dev.orderflow.contracts.value;

import static dev.orderflow.contracts.fixture.BoundaryValues.first;
import static dev.orderflow.contracts.fixture.BoundaryValues.second;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orderflow.contracts.EventLine;
import dev.orderflow.contracts.Total;
import dev.orderflow.contracts.fixture.BoundaryValues;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SharedValuesTest {

    @ParameterizedTest
    @EnumSource
    void validBoundaryValuesAreAccepted(BoundaryValues values) {
        assertThat(values.validValues()).isNotEmpty().allSatisfy(check(values)::accept);
    }

    @ParameterizedTest
    @EnumSource
    void invalidBoundaryValuesAreRejectedByNameAndNotQuoted(BoundaryValues values) {
        assertThat(values.invalidValues())
                .isNotEmpty()
                .allSatisfy(
                        refused ->
                                assertThatThrownBy(() -> check(values).accept(refused))
                                        .as("%s", refused)
                                        .isInstanceOfSatisfying(
                                                InvalidValueException.class,
                                                invalid ->
                                                        assertThat(invalid.rule())
                                                                .startsWith("must ")
                                                                .doesNotContain("PLANTED")));
    }

    @Test
    void everyChargeableAmountCanBePublishedAndReadBack() {
        assertThat(
                        Stream.concat(
                                BoundaryValues.PRICE.validValues(),
                                BoundaryValues.CHARGE.validValues()))
                .allSatisfy(
                        price -> {
                            var money = Money.of(first(price), second(price));
                            assertThat(Total.of(money).money()).isEqualTo(money);
                        });
    }

    @Test
    void everyCurrencyExistsAndItsLimitsCanBeCharged() {
        assertThat(ChargeCurrency.all())
                .hasSizeGreaterThan(120)
                .allSatisfy(
                        currency -> {
                            ChargeCurrency.requireCharge(currency.minimumCharge());
                            ChargeCurrency.requireCharge(currency.maximumCharge());
                            assertThat(ChargeCurrency.toGatewayUnits(currency.maximumCharge()))
                                    .isLessThan(1_000_000_000_000L);
                            assertThat(
                                            ChargeCurrency.ofGatewayUnits(
                                                    ChargeCurrency.toGatewayUnits(
                                                            currency.minimumCharge()),
                                                    currency.currency()))
                                    .isEqualTo(currency.minimumCharge());
                        });
    }

    @Test
    void theCountriesAreTheAssignedIsoCodes() {
        assertThat(CountryCode.assigned())
                .hasSize(249)
                .doesNotContain("UK", "EU", "XK", "ZZ", "AN", "CS", "SU");
    }

    @Test
    void noneOfTheCountriesWithoutPostalCodesNeedsOne() {
        var without =
                """
                AE AG AO AW BF BI BJ BO BS BW BZ CD CF CG CI CK CM CW DJ DM ER FJ GA GD GH GM GQ GY HK JM KI KM KN
                KP LY ML MO MR MW NR NU QA RW SB SC SL SR SS ST SX SY TD TF TG TK TL TO TV UG VU YE ZW""";
        assertThat(Arrays.stream(without.split("\\s+")))
                .allSatisfy(
                        code ->
                                assertThatCode(
                                                () ->
                                                        PostalCode.require(
                                                                new CountryCode(code), null))
                                        .as(code)
                                        .doesNotThrowAnyException());
    }

    @Test
    void theLargestOrderFitsIntoItsEvents() {
        assertThat(new EventLine("A", Quantity.requireOrdered(Quantity.MAX_ORDERED)).quantity())
                .isEqualTo(1_000);
    }

    @Test
    void aStateBatchHasOneToTwoHundredOrders() {
        var order = UUID.fromString("0197f2a4-6c1e-7bd3-9f51-3c8a4b7d2e60");
        for (int orders : List.of(1, 200)) {
            var ids = Collections.nCopies(orders, order);
            assertThat(new StateBatchRequest(ids).orderIds()).isEqualTo(ids);
        }
        for (int orders : List.of(0, 201)) {
            assertThatThrownBy(() -> new StateBatchRequest(Collections.nCopies(orders, order)))
                    .isInstanceOf(InvalidValueException.class)
                    .hasMessage("orderIds must have 1 to 200 elements but had " + orders);
        }
    }

    @Test
    void linesAreThoseOfTheRuleWithAndWithoutLineBreaks() {
        assertThat(BoundaryValues.NAME.validValues())
                .allSatisfy(name -> assertThat(name).matches(TextLine.REGEX))
                .allSatisfy(
                        name ->
                                assertThat(name + "\r\n\t" + name)
                                        .matches(TextLine.MULTI_LINE_REGEX))
                .allSatisfy(name -> assertThat(name + "\n" + name).doesNotMatch(TextLine.REGEX));
        assertThat("first\n\u202Esecond").doesNotMatch(TextLine.MULTI_LINE_REGEX);
        assertThat("first\n\u200Dsecond").doesNotMatch(TextLine.MULTI_LINE_REGEX);
    }

    @Test
    void aLongLineIsCheckedWithoutDeepRecursion() {
        assertThat("x".repeat(1_000_000)).matches(TextLine.REGEX);
        assertThat("👩‍🚀".repeat(200_000)).matches(TextLine.REGEX);
        assertThat("x\u200D".repeat(200_000)).doesNotMatch(TextLine.REGEX);
    }

    @Test
    void personalValuesAreNotPrinted() {
        assertThat(new EmailAddress("ada@example.org").toString()).doesNotContain("ada");
        assertThat(new PaymentMethodId("pm_card_visa").toString()).doesNotContain("visa");
    }

    private static Consumer<String> check(BoundaryValues values) {
        return switch (values) {
            case SKU -> Sku::new;
            case QUANTITY -> text -> Quantity.requireOrdered(Integer.parseInt(text));
            case CUSTOMER_REF -> CustomerRef::new;
            case PAYMENT_METHOD_ID -> PaymentMethodId::new;
            case EMAIL -> EmailAddress::new;
            case COUNTRY -> CountryCode::new;
            case NAME -> text -> TextLine.require("name", text, TextLine.MAX_NAME_LENGTH);
            case PRICE -> text -> ChargeCurrency.requirePrice(Money.of(first(text), second(text)));
            case CHARGE ->
                    text -> ChargeCurrency.requireCharge(Money.of(first(text), second(text)));
            case POSTAL_CODE ->
                    text ->
                            PostalCode.require(
                                    new CountryCode(first(text).toUpperCase(Locale.ROOT)),
                                    second(text).equals("-") ? null : second(text));
        };
    }
}
