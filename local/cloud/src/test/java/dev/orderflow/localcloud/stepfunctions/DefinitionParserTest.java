package dev.orderflow.localcloud.stepfunctions;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DefinitionParserTest {

    private static List<String> findings(String definition) {
        return switch (DefinitionParser.parse(definition)) {
            case DefinitionResult.ValidDefinition _ -> List.of();
            case DefinitionResult.InvalidDefinition(List<Diagnostic> findings) ->
                    findings.stream()
                            .map(f -> f.code() + " " + f.message() + " @" + f.location())
                            .toList();
        };
    }

    private static String jsonata(String states) {
        return "{\"QueryLanguage\":\"JSONata\",\"StartAt\":\"A\",\"States\":{" + states + "}}";
    }

    private static String jsonPath(String states) {
        return "{\"StartAt\":\"A\",\"States\":{" + states + "}}";
    }

    @Test
    void loopsAreValidIfTheWorkflowCanEnd() {
        assertThat(
                        findings(
                                jsonata(
                                        """
                                        "A":{"Type":"Choice","Choices":[{"Condition":"{% $states.input.again %}","Next":"B"}],"Default":"C"},
                                        "B":{"Type":"Pass","Next":"A"},
                                        "C":{"Type":"Succeed"}
                                        """)))
                .isEmpty();
    }

    @Test
    void aLoopWithoutAnEndIsRejectedWithoutALocation() {
        assertThat(
                        findings(
                                jsonata(
                                        """
                                        "A":{"Type":"Pass","Next":"B"},
                                        "B":{"Type":"Pass","Next":"A"}
                                        """)))
                .containsExactly("MISSING_END_STATE Workflow has no terminal state @null");
    }

    @Test
    void aMissingNextIsReportedBeforeTheMissingEnd() {
        assertThat(findings(jsonata("\"A\":{\"Type\":\"Pass\",\"Next\":\"NOPE\"}")))
                .containsExactly(
                        "MISSING_TRANSITION_TARGET Missing 'Next' target: NOPE @/States/A/Next",
                        "MISSING_END_STATE Workflow has no terminal state @null");
    }

    @Test
    void everyKindOfTransitionIsFollowed() {
        assertThat(
                        findings(
                                jsonata(
                                        """
                                        "A":{"Type":"Choice","Choices":[{"Condition":true,"Next":"N1"}],"Default":"N2"},
                                        "T":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","End":true,
                                             "Catch":[{"ErrorEquals":["States.ALL"],"Next":"N3"}]}
                                        """)))
                .containsExactly(
                        "MISSING_TRANSITION_TARGET Missing 'Next' target: N1 @/States/A/Choices[0]/Next",
                        "MISSING_TRANSITION_TARGET Missing 'Next' target: N2 @/States/A/Default",
                        "MISSING_TRANSITION_TARGET Missing 'Next' target: N3 @/States/T/Catch[0]/Next",
                        "MISSING_TRANSITION_TARGET State \"T\" is not reachable. @/States/T");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '§',
            textBlock =
                    """
                    {"Type":"Nope","End":true} | /States/A/Type
                    {"End":true} | These fields are required: [Type]
                    {"Type":"Pass","Surprise":1,"End":true} | Field 'Surprise' is not supported
                    {"Type":"Pass","Catch":[],"End":true} | Field 'Catch' is not supported
                    {"Type":"Pass","TimeoutSeconds":1,"End":true} | Field 'TimeoutSeconds' is not supported
                    {"Type":"Pass","InputPath":"$","End":true} | The QueryLanguage is set to 'JSONata', but field 'InputPath' is only supported for the 'JSONPath' QueryLanguage
                    {"Type":"Pass","QueryLanguage":"JSONPath","End":true} | 'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine
                    {"Type":"Pass"} | Exactly one of the following fields is required: [Next, End]
                    {"Type":"Pass","Next":"A","End":true} | There should only be one of the following fields: [Next, End]
                    {"Type":"Wait","End":true} | Exactly one of the following fields is required: [Seconds, Timestamp]
                    {"Type":"Wait","Seconds":-1,"End":true} | Minimum value is 0
                    {"Type":"Pass","QueryLanguage":"JSONata","Output":"{% $states.errorOutput %}","End":true} | UNSUPPORTED_JSONATA_EXPRESSION
                    {"Type":"Pass","QueryLanguage":"JSONata","Output":"{% $formatNumber(1,'x') %}","End":true} | INVALID_JSONATA_EXPRESSION
                    {"Type":"Wait","Timestamp":"tomorrow","End":true} | /States/A/Timestamp
                    {"Type":"Task","End":true} | These fields are required: [Resource]
                    {"Type":"Task","Resource":"nothing","End":true} | Value is not a valid resource ARN
                    {"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","End":true} | INVALID_RESOURCE
                    {"Type":"Task","Resource":"arn:aws:states:::http:invoke.waitForTaskToken","End":true} | INVALID_RESOURCE
                    {"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","Arguments":{"Delay":1},"End":true} | The field "Delay" is not supported by Step Functions
                    {"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","TimeoutSeconds":5,"HeartbeatSeconds":5,"End":true} | HeartbeatSeconds must be smaller than TimeoutSeconds
                    {"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","Retry":[{"ErrorEquals":["States.ALL"],"BackoffRate":0.5}],"End":true} | /States/A/Retry[0]/BackoffRate
                    {"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","Retry":[{"ErrorEquals":["States.ALL","x"]}],"End":true} | States.ALL must appear alone
                    {"Type":"Map","ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED"},"StartAt":"B","States":{"B":{"Type":"Pass","End":true}}},"End":true} | Mode 'DISTRIBUTED' is not supported
                    {"Type":"Map","ItemReader":{},"ItemProcessor":{"StartAt":"B","States":{"B":{"Type":"Pass","End":true}}},"End":true} | Field 'ItemReader' is not supported
                    {"Type":"Parallel","End":true} | These fields are required: [Branches]
                    {"Type":"Parallel","Branches":[{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}],"End":true} | DUPLICATE_STATE_NAME
                    {"Type":"Pass","Output":"{% 1 + %}","End":true} | INVALID_JSONATA_EXPRESSION Unexpected end of expression @/States/A/Output
                    {"Type":"Pass","Output":{"v":["{% phone %}"]},"End":true} | UNSUPPORTED_JSONATA_EXPRESSION Reference to 'phone' at the top level is not supported. @/States/A/Output/v[0]
                    {"Type":"Pass","Output":"{% $$ %}","End":true} | Reference to '$$'
                    {"Type":"Pass","Assign":{"states":1},"End":true} | 'states' is not a valid variable name
                    {"Type":"Wait","Seconds":9223372036854775808,"End":true} | Maximum value is 99999999
                    {"Type":"Wait","Seconds":-9223372036854775809,"End":true} | Minimum value is 0
                    {"Type":"Task","HeartbeatSeconds":9223372036854775808,"TimeoutSeconds":1,"End":true} | HeartbeatSeconds must be smaller than TimeoutSeconds
                    {"Type":"Task","Retry":[{"ErrorEquals":["a"],"MaxDelaySeconds":-9223372036854775809}],"End":true} | MaxDelaySeconds must be greater than IntervalSeconds
                    """)
    void invalidStatesAreReportedByName(String state, String finding) {
        assertThat(findings(jsonata("\"A\":" + state)))
                .anySatisfy(found -> assertThat(found).contains(finding));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '§',
            textBlock =
                    """
                    {"Type":"Pass","Output":1,"End":true} | The QueryLanguage is set to 'JSONPath', but field 'Output' is only supported for the 'JSONata' QueryLanguage
                    {"Type":"Pass","Parameters":{"x.$":"nope"},"End":true} | The value for the field 'x.$' must be a valid JSONPath or a valid intrinsic function call @/States/A/Parameters/x.$
                    {"Type":"Pass","ResultPath":"$.a[*]","End":true} | Value is not a Reference Path @/States/A/ResultPath
                    {"Type":"Wait","SecondsPath":"seconds","End":true} | Value is not a Reference Path @/States/A/SecondsPath
                    {"Type":"Choice","Choices":[{"Variable":"$.a","Next":"A"}]} | Exactly one comparison operator is required @/States/A/Choices[0]
                    {"Type":"Choice","Choices":[{"Variable":"$.a","NumericEquals":"1","Next":"A"}]} | Expected value of type Number
                    """)
    void invalidJsonPathStatesAreReportedByName(String state, String finding) {
        assertThat(findings(jsonPath("\"A\":" + state)))
                .anySatisfy(found -> assertThat(found).contains(finding));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% $states.input.(a + b) %}",
                "{% $states.input[x = 1].y %}",
                "{% $map($states.input.rows, function($v) { $v.name }) %}",
                "{% ($total := $sum($states.input.rows.price); $total > 10 ? 'high' : 'low') %}",
                "{% {'a': true, 'b': [1..3], 'c': null} %}",
                "{% $states.input.rows^(>price).name %}",
                "{% $states.input.rows{kind: $sum(price)} %}",
                "{% $contains('a.b', /^[a-z]\\\\.b$/) and $states.input.x in [1, 2] %}",
                "{% $states.input ~> |account|{'seen': flag}| %}",
                "{% $states.input.`odd name` %}"
            })
    void namesInsideAPathAreNotReferencesAtTheTop(String expression) {
        assertThat(
                        findings(
                                jsonata(
                                        "\"A\":{\"Type\":\"Pass\",\"Output\":\""
                                                + expression
                                                + "\",\"End\":true}")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "   ",
                "not json",
                "[]",
                "{\"StartAt\":\"A\",",
                "{\"StartAt\":\"A\",\"StartAt\":\"B\",\"States\":{}}",
                "{\"StartAt\":\"A\"}",
                "{\"StartAt\":1,\"States\":{\"A\":{\"Type\":\"Succeed\"}}}",
                "{\"StartAt\":\"A\",\"States\":{}}",
                "{\"StartAt\":\"A\",\"States\":{\"A\":7}}",
                "{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Succeed\"}},\"Version\":\"2.0\"}",
                "{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Succeed\"}},\"TimeoutSeconds\":0}",
                "{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Succeed\"}}} trailing"
            })
    void hostileTextIsRejectedWithoutAnException(String text) {
        assertThat(findings(text)).isNotEmpty();
    }

    @Test
    void aDefinitionBeyondOneMebibyteIsRefused() {
        assertThat(findings(" ".repeat(DefinitionParser.SIZE_LIMIT) + "{}"))
                .singleElement()
                .asString()
                .contains("1048576");
    }

    @Test
    void excessiveNestingIsRejected() {
        String deep = "{\"Type\":\"Pass\",\"Output\":" + "[".repeat(100_000);
        assertThat(findings(jsonata("\"A\":" + deep)))
                .singleElement()
                .asString()
                .startsWith("INVALID_JSON_DESCRIPTION");
    }
}
