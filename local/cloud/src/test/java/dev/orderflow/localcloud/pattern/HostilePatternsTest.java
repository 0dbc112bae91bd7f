package dev.orderflow.localcloud.pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orderflow.contracts.fixture.HostileJson;
import dev.orderflow.localcloud.pattern.EventPattern.InvalidPatternException;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A hostile pattern is rejected with a reason, or matches or does not match hostile events.
class HostilePatternsTest {

    private static final int EVENTS_OF_EACH = 3;

    private static final List<String> GOOD =
            List.of(
                    """
                    {"source":["orders",{"prefix":"a"},{"suffix":"z"},{"equals-ignore-case":"X"}]}""",
                    """
                    {"detail":{"n":[{"numeric":[">",0,"<=",5]}],"m":[{"numeric":["=",1.5]}],"x":[null,true,3]}}""",
                    """
                    {"$or":[{"a":[{"exists":false}]},{"b":[{"anything-but":["c",1]}]},{"c":{"$or":[{"d":["e"]},{"f":["g"]}]}}]}""",
                    """
                    {"a":[{"wildcard":"*.a*b?c\\\\*"},{"anything-but":{"prefix":"x"}},{"anything-but":{"wildcard":"*y"}}]}""",
                    """
                    {"i":[{"cidr":"10.0.0.0/8"},{"cidr":"2001:db8::/32"}],"p":[{"prefix":{"equals-ignore-case":"q"}}]}""",
                    """
                    {"source":["orderflow.orders"],"detail-type":["OrderCreated"],"replay-name":[{"exists":false}]}""");

    private static final String EVENT =
            """
            {"version":"0","id":"1","source":"orders","detail-type":"OrderCreated","a":["abc",{"b":"c"}],
             "b":1,"c":{"d":"e","f":null},"i":"10.1.2.3","p":"Q","detail":{"n":[1,7],"m":1.5,"x":null}}""";

    @Test
    void everyHostilePatternIsRejectedOrMatchesEveryHostileEventInTime() {
        var results =
                HostileJson.run(
                        "patterns",
                        20_261_126,
                        4_000,
                        hostile -> hostile.of(hostile.oneOf(GOOD)),
                        (pattern, hostile, outcomes) ->
                                outcomes.accept(outcomeOf(pattern, hostile)));
        assertThat(results).containsOnlyKeys("accepted", "refused");
    }

    @Test
    void textAfterAPatternIsRejected() {
        assertThatThrownBy(() -> EventPattern.of("{\"a\":[1]}}]}"))
                .isInstanceOf(InvalidPatternException.class)
                .hasMessage("Event pattern is not valid JSON");
    }

    @Test
    void textThatIsNotAnEventIsReported() throws Exception {
        var pattern = EventPattern.of("{\"a\":[1]}");
        assertThatThrownBy(() -> pattern.matches("{\"a\""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("not a JSON object");
    }

    private static String outcomeOf(String text, HostileJson hostile) {
        EventPattern pattern;
        try {
            pattern = EventPattern.of(text);
        } catch (InvalidPatternException failure) {
            assertThat(failure.reason()).isNotBlank().isNotEqualTo("null");
            return "refused";
        }
        for (int i = 0; i < EVENTS_OF_EACH; i++) {
            try {
                boolean unused = pattern.matches(i == 0 ? EVENT : hostile.of(EVENT));
            } catch (IllegalArgumentException notAnEvent) {
                assertThat(notAnEvent).hasMessageStartingWith("not a JSON object");
            }
        }
        return "accepted";
    }
}
