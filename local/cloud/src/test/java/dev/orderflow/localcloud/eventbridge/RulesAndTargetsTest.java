package dev.orderflow.localcloud.eventbridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RulesAndTargetsTest {

    private final EventBridgeFixture fixture = new EventBridgeFixture(1);

    @AfterEach
    void close() {
        fixture.close();
    }

    private String putRule(String pattern) {
        return EventBridgeJson.object().put("Name", "r").put("EventPattern", pattern).toString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "not json",
                "[]",
                "{}",
                "{\"source\":\"shop\"}",
                "{\"source\":[]}",
                "{\"source\":[{\"prefixx\":\"a\"}]}",
                "{\"source\":[{\"numeric\":[\"<\",\"a\"]}]}",
                "{\"source\":[{\"wildcard\":\"a**b\"}]}",
                "{\"source\":[\"shop\"",
                "{\"source\":[{\"anything-but\":[]}]}"
            })
    void anInvalidPatternIsRejectedWithTheErrorOfAws(String pattern) {
        var refusal = fixture.callExpectingError("PutRule", putRule(pattern));

        assertThat(refusal.code()).isEqualTo("InvalidEventPatternException");
        assertThat(refusal).hasMessageStartingWith("Event pattern is not valid. Reason: ");
    }

    @Test
    void aPatternWithTooManyCombinationsIsRejectedQuickly() {
        var pattern = new StringBuilder("{");
        for (int n = 0; n < 60; n++) {
            pattern.append(n == 0 ? "" : ",")
                    .append("\"k%d\":{\"$or\":[{\"a\":[1]},{\"b\":[2]}]}".formatted(n));
        }
        pattern.append("}");

        Assertions.assertTimeoutPreemptively(
                Duration.ofMinutes(1),
                () ->
                        assertThat(
                                        fixture.callExpectingError(
                                                        "PutRule", putRule(pattern.toString()))
                                                .code())
                                .isEqualTo("InvalidEventPatternException"));
    }

    @Test
    void anExcessivelyNestedPatternIsRejected() {
        var pattern = "{\"a\":".repeat(600) + "[1]" + "}".repeat(600);

        assertThat(fixture.callExpectingError("PutRule", putRule(pattern)).code())
                .isEqualTo("InvalidEventPatternException");
        assertThat(
                        fixture.callExpectingError(
                                        "PutRule",
                                        putRule("{\"a\":[\"" + "x".repeat(5_000) + "\"]}"))
                                .code())
                .isEqualTo("ValidationException");
    }

    @Test
    void puttingARuleAgainReplacesItAndKeepsItsTargets() {
        fixture.shopRule("r", "");

        fixture.call(
                "PutRule",
                """
                {"Name":"r","EventPattern":"{\\"source\\":[\\"other\\"]}","State":"DISABLED","Description":"d"}""");

        var rule = fixture.call("DescribeRule", "{\"Name\":\"r\"}");
        assertThat(rule.get("State").stringValue()).isEqualTo("DISABLED");
        assertThat(rule.get("EventPattern").stringValue()).isEqualTo("{\"source\":[\"other\"]}");
        assertThat(fixture.call("ListTargetsByRule", "{\"Rule\":\"r\"}").get("Targets")).hasSize(1);
    }

    @Test
    void aRuleWithTargetsCannotBeDeleted() {
        fixture.shopRule("r", "");

        assertThat(fixture.callExpectingError("DeleteRule", "{\"Name\":\"r\"}"))
                .hasMessage("Rule can't be deleted since it has targets.");

        fixture.call("RemoveTargets", "{\"Rule\":\"r\",\"Ids\":[\"it\"]}");
        fixture.call("DeleteRule", "{\"Name\":\"r\"}");
        assertThat(fixture.callExpectingError("DescribeRule", "{\"Name\":\"r\"}"))
                .hasMessage("Rule r does not exist on EventBus default.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`\"Arn\":\"arn:aws:lambda:us-east-1:000000000000:function:f\"` | targets of the service lambda",
                "`\"Arn\":\"nonsense\"` | Provided Arn is not in correct format",
                "`\"Arn\":\"arn:aws:sqs:us-east-1:000000000000:q.fifo\"` | SqsParameters must be specified for target: t",
                "`\"Arn\":\"arn:aws:states:us-east-1:000000000000:stateMachine:m\"` | RoleArn is required",
                "`\"Arn\":\"arn:aws:sqs:us-east-1:000000000000:q\",\"EcsParameters\":{}` | EcsParameters",
                "`\"Arn\":\"arn:aws:sqs:us-east-1:000000000000:q\",\"Input\":\"{\"` | JSON text in Input",
                "`\"Arn\":\"arn:aws:sqs:us-east-1:000000000000:q\",\"Input\":\"{}\",\"InputPath\":\"$\"` | Only one of",
                "`\"Arn\":\"arn:aws:sqs:us-east-1:000000000000:q\",\"InputPath\":\"detail\"` | Invalid InputPath",
                "`\"Arn\":\"arn:aws:sqs:us-east-1:000000000000:q\",\"InputTransformer\":{\"InputTemplate\":\"{<a>}\"}` | <a> is not in InputPathsMap",
                "`\"Arn\":\"arn:aws:sqs:us-east-1:000000000000:q\",\"RetryPolicy\":{\"MaximumRetryAttempts\":186}` | less than or equal to 185",
                "`\"Arn\":\"arn:aws:sqs:us-east-1:000000000000:q\",\"RetryPolicy\":{\"MaximumEventAgeInSeconds\":59}` | greater than or equal to 60",
                "`\"Arn\":\"arn:aws:sqs:us-east-1:000000000000:q\",\"DeadLetterConfig\":{\"Arn\":\"arn:aws:sns:us-east-1:000000000000:t\"}` | standard SQS queue",
            })
    void anInvalidTargetIsRejectedByName(String target, String message) {
        fixture.call("PutRule", putRule("{\"source\":[\"shop\"]}"));

        assertThat(
                        fixture.callExpectingError(
                                "PutTargets",
                                "{\"Rule\":\"r\",\"Targets\":[{\"Id\":\"t\",%s}]}"
                                        .formatted(target)))
                .hasMessageContaining(message);
        assertThat(fixture.call("ListTargetsByRule", "{\"Rule\":\"r\"}").get("Targets")).isEmpty();
    }

    @Test
    void aRuleHasAtMostFiveTargets() {
        fixture.call("PutRule", putRule("{\"source\":[\"shop\"]}"));
        var request = EventBridgeJson.object().put("Rule", "r");
        for (int n = 0; n < 6; n++) {
            request.withArray("Targets")
                    .addObject()
                    .put("Id", "t" + n)
                    .put("Arn", EventBridgeFixture.ORDERS);
        }

        assertThat(fixture.callExpectingError("PutTargets", request.toString()).code())
                .isEqualTo("LimitExceededException");
    }

    @Test
    void unsupportedFeaturesAreRejectedByName() {
        assertThat(
                        fixture.callExpectingError(
                                "PutRule",
                                "{\"Name\":\"r\",\"ScheduleExpression\":\"rate(1 minute)\"}"))
                .hasMessageContaining("ScheduleExpression");
        assertThat(
                        fixture.callExpectingError(
                                "CreateEventBus",
                                "{\"Name\":\"b\",\"EventSourceName\":\"aws.partner/x\"}"))
                .hasMessageContaining("EventSourceName");
        assertThat(fixture.callExpectingError("CreateEndpoint", "{}").code())
                .isEqualTo("UnknownOperationException");
    }

    @Test
    void pagesOfAListingAreComplete() {
        for (int n = 0; n < 7; n++) {
            fixture.call(
                    "PutRule",
                    "{\"Name\":\"rule-%d\",\"EventPattern\":\"{\\\"source\\\":[\\\"s\\\"]}\"}"
                            .formatted(n));
        }
        var names = new ArrayList<String>();
        String token = "";
        do {
            var request = EventBridgeJson.object().put("Limit", 3).put("NamePrefix", "rule-");
            if (!token.isEmpty()) {
                request.put("NextToken", token);
            }
            var page = fixture.call("ListRules", request.toString());
            page.get("Rules").forEach(rule -> names.add(rule.get("Name").stringValue()));
            token = page.hasNonNull("NextToken") ? page.get("NextToken").stringValue() : "";
        } while (!token.isEmpty());

        assertThat(names)
                .containsExactly(
                        "rule-0", "rule-1", "rule-2", "rule-3", "rule-4", "rule-5", "rule-6");
        assertThat(fixture.callExpectingError("ListRules", "{\"NextToken\":\"%%%\"}").code())
                .isEqualTo("ValidationException");
    }

    @Test
    void aBusWithRulesAndTheDefaultBusCannotBeDeleted() {
        fixture.call("CreateEventBus", "{\"Name\":\"b\"}");
        fixture.call(
                "PutRule",
                "{\"Name\":\"r\",\"EventBusName\":\"b\",\"EventPattern\":\"{\\\"source\\\":[\\\"s\\\"]}\"}");

        assertThat(fixture.callExpectingError("DeleteEventBus", "{\"Name\":\"b\"}").code())
                .isEqualTo("ValidationException");
        assertThat(fixture.callExpectingError("DeleteEventBus", "{\"Name\":\"default\"}"))
                .hasMessage("Cannot delete event bus default.");
        assertThat(fixture.callExpectingError("CreateEventBus", "{\"Name\":\"b\"}").code())
                .isEqualTo("ResourceAlreadyExistsException");
    }

    @Test
    void aRuleWithAPatternMayNameAnEmptySchedule() {
        fixture.call(
                "PutRule",
                "{\"Name\":\"r\",\"ScheduleExpression\":\"\",\"EventPattern\":\"{\\\"source\\\":[\\\"s\\\"]}\"}");

        assertThat(fixture.call("DescribeRule", "{\"Name\":\"r\"}").get("Name").stringValue())
                .isEqualTo("r");
    }

    @Test
    void aPatternCanBeTestedAgainstAnEvent() {
        var event =
                """
                {"id":"1","account":"a","source":"shop","time":"2026-11-23T00:00:00Z","region":"r",
                "resources":[],"detail-type":"A","detail":{"n":5}}""";
        var request =
                EventBridgeJson.object()
                        .put("EventPattern", "{\"detail\":{\"n\":[{\"numeric\":[\">\",4]}]}}")
                        .put("Event", event);

        assertThat(
                        fixture.call("TestEventPattern", request.toString())
                                .get("Result")
                                .booleanValue())
                .isTrue();
        request.put("Event", "{\"detail\":{\"n\":5}}");
        assertThat(
                        fixture.call("TestEventPattern", request.toString())
                                .get("Result")
                                .booleanValue())
                .as("without a complete envelope")
                .isTrue();
        request.put("Event", "[]");
        assertThat(fixture.callExpectingError("TestEventPattern", request.toString()))
                .hasMessage("Parameter Event is not valid.");
    }
}
