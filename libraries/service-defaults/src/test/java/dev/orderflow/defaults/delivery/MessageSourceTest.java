package dev.orderflow.defaults.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageSourceTest {

    private static final String ORDER = "019a2b3c-0000-7000-8000-00000000000a";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'command':'ArrangeShipment','orderId':'%s'}",
                "{'detail-type':'OrderShipped','detail':{'orderId':'%s','name':'x'}}",
                """
                {'detail-type':'Step Functions Execution Status Change',
                 'detail':{'name':'%s','orderId':'x'}}"""
            })
    void theOrderIsReadFromEventsFromCommandsAndFromTheNameOfAnExecution(String body) {
        assertThat(MessageSource.of(body.formatted(ORDER).replace('\'', '"')).orderId())
                .isEqualTo(ORDER);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense",
                "[]",
                "{'orderId':7}",
                "{'orderId':'1-1-1-1-1'}",
                "{'name':'019a2b3c-0000-7000-8000-00000000000a'}",
                "{'detail-type':7,'detail':{'name':'019a2b3c-0000-7000-8000-00000000000a'}}",
                "{'detail-type':'Step Functions Execution Status Change','detail':{'name':'x'}}"
            })
    void anythingElseIsNoOrder(String body) {
        assertThat(MessageSource.of(body.replace('\'', '"')).orderId()).isNull();
    }
}
