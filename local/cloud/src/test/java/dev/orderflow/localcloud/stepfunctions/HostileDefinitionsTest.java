package dev.orderflow.localcloud.stepfunctions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.contracts.fixture.HostileJson;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A hostile definition is accepted, or rejected with its diagnostics.
class HostileDefinitionsTest {

    private static final List<String> GOOD =
            List.of(
                    """
                    {"QueryLanguage":"JSONata","StartAt":"A","TimeoutSeconds":60,"States":{
                     "A":{"Type":"Pass","Output":"{% $states.input.a + 1 %}","Assign":{"x":"{% [1..3] %}"},"Next":"B"},
                     "B":{"Type":"Choice","Choices":[{"Condition":"{% $x[0] = 1 %}","Next":"C"}],"Default":"D"},
                     "C":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken","HeartbeatSeconds":5,
                      "TimeoutSeconds":10,"Arguments":{"QueueUrl":"q","MessageBody":{"t":"{% $states.context.Task.Token %}"}},
                      "Retry":[{"ErrorEquals":["States.ALL"],"MaxAttempts":1,"IntervalSeconds":1,"BackoffRate":2,"JitterStrategy":"FULL"}],
                      "Catch":[{"ErrorEquals":["States.Timeout"],"Next":"D","Output":"{% $states.errorOutput %}"}],"End":true},
                     "D":{"Type":"Fail","Error":"E","Cause":"{% 'c' %}"}}}""",
                    """
                    {"StartAt":"M","States":{
                     "M":{"Type":"Map","ItemsPath":"$.items","MaxConcurrency":2,"ItemProcessor":{"StartAt":"P","States":
                      {"P":{"Type":"Pass","Parameters":{"a.$":"States.Format('{}', $.b)"},"ResultPath":"$.c","End":true}}},"Next":"W"},
                     "W":{"Type":"Wait","SecondsPath":"$.s","Next":"H"},
                     "H":{"Type":"Choice","Choices":[{"And":[{"Variable":"$.a","NumericGreaterThan":1},
                       {"Not":{"Variable":"$.b","IsPresent":true}}],"Next":"X"}],"Default":"X"},
                     "X":{"Type":"Parallel","Branches":[{"StartAt":"S","States":{"S":{"Type":"Succeed"}}}],
                      "ResultSelector":{"r.$":"$[0]"},"End":true}}}""",
                    """
                    {"StartAt":"H","States":{"H":{"Type":"Task","QueryLanguage":"JSONata","Resource":"arn:aws:states:::http:invoke",
                      "Arguments":{"Method":"POST","ApiEndpoint":"http://127.0.0.1/x","Authentication":{"ConnectionArn":"arn:aws:events:us-east-1:000000000000:connection/c/1"},
                       "Headers":{"a":"b"},"RequestBody":{"c":"{% $states.input.d %}"}},"End":true}}}""");

    @Test
    void everyHostileDefinitionIsAcceptedOrRejectedWithADiagnostic() {
        var results =
                HostileJson.run(
                        "definitions",
                        20_261_127,
                        8_000,
                        hostile -> hostile.of(hostile.oneOf(GOOD)),
                        (definition, _, outcomes) -> outcomes.accept(outcomeOf(definition)));
        assertThat(results).containsOnlyKeys("accepted", "refused");
    }

    private static String outcomeOf(String text) {
        return switch (DefinitionParser.parse(text)) {
            case DefinitionResult.ValidDefinition _ -> "accepted";
            case DefinitionResult.InvalidDefinition(var findings) -> {
                assertThat(findings).isNotEmpty();
                assertThat(Diagnostic.message(findings)).isNotBlank();
                yield "refused";
            }
        };
    }
}
