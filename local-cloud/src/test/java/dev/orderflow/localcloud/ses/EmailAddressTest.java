package dev.orderflow.localcloud.ses;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmailAddressTest {

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
    void anAddressPasses(String address) {
        assertThat(EmailAddress.problem(address)).isNull();
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
    void whatSesTakesForNoAddressIsRefused(String text) {
        assertThat(EmailAddress.problem(text)).isNotNull();
    }
}
