package dev.orderflow.localcloud.ses;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.contracts.fixture.BoundaryValues;
import dev.orderflow.contracts.value.InvalidValueException;
import java.util.HashSet;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SesEmailAddressTest {

    private static final String SIGNS =
            "azAZ09.-_@+!#$%&'*/=?^`{|}~\"\\ ,;:<>()[]\t\r\n\u00e9\u3002\uff20";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a@example.org",
                "first.last+tag@sub.example.org",
                "Name <a@example.org>",
                "\"Last, First\" <a@example.org>",
                "\"a b\"@example.org",
                "a@xn--bcher-kva.example",
                "o'neil@example.org"
            })
    void aValidAddressIsAccepted(String address) {
        assertThat(SesEmailAddress.problem(address)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "a",
                "a@",
                "@example.org",
                "a b@example.org",
                "a@b@example.org",
                ".a@example.org",
                "a.@example.org",
                "a..b@example.org",
                "jürgen@example.org",
                "a@bücher.example",
                "a@.example.org",
                "a@example.org.",
                "a@example..org",
                "a@-example.org",
                "a@exa_mple.org",
                "a,b@example.org",
                "a@example.org\r\nBcc: b@example.org",
                "Name a@example.org>",
                "1234567890123456789012345678901234567890123456789012345678901234x@example.org"
            })
    void anAddressThatSesRejectsIsRejected(String text) {
        assertThat(SesEmailAddress.problem(text)).isNotNull();
    }

    /// An address that order-service accepts and SES rejects would leave the customer without any
    /// e-mail.
    @Test
    void sesAcceptsEveryAddressThatAnOrderMayHave() {
        var random = new Random(20_261_129);
        var given =
                Stream.concat(
                                BoundaryValues.EMAIL.validValues(),
                                BoundaryValues.EMAIL.invalidValues())
                        .toList();
        var ofOrders = new HashSet<>(BoundaryValues.EMAIL.validValues().toList());
        for (int i = 0; i < 50_000; i++) {
            var changed = change(given.get(random.nextInt(given.size())), random);
            if (isOfAnOrder(changed)) {
                ofOrders.add(changed);
            }
        }
        assertThat(ofOrders).hasSizeGreaterThan(1_000);
        assertThat(ofOrders).allSatisfy(it -> assertThat(SesEmailAddress.problem(it)).isNull());
    }

    /// Adds, removes or replaces one to three characters.
    private static String change(String address, Random random) {
        var changed = new StringBuilder(address);
        for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
            int place = random.nextInt(changed.length() + 1);
            if (place < changed.length() && random.nextBoolean()) {
                changed.deleteCharAt(place);
            }
            if (random.nextBoolean()) {
                int at = random.nextInt(SIGNS.length());
                changed.insert(Math.min(place, changed.length()), SIGNS.charAt(at));
            }
        }
        return changed.toString();
    }

    private static boolean isOfAnOrder(String address) {
        try {
            var _ = new dev.orderflow.contracts.value.EmailAddress(address);
            return true;
        } catch (InvalidValueException _) {
            return false;
        }
    }
}
