package dev.orderflow.localcloud.stepfunctions;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The events of states, and the data flow through them.
class HistoriesTest {

    private final StepFunctionsFixture fixture = new StepFunctionsFixture(100);

    @AfterEach
    void close() {
        fixture.close();
    }

    private static String jsonata(String startAt, String states) {
        return "{\"QueryLanguage\":\"JSONata\",\"StartAt\":\"%s\",\"States\":{%s}}"
                .formatted(startAt, states);
    }

    private static String jsonPath(String startAt, String states) {
        return "{\"StartAt\":\"%s\",\"States\":{%s}}".formatted(startAt, states);
    }

    private static String pass(String output) {
        return jsonata("A", "\"A\":{\"Type\":\"Pass\",\"Output\":" + output + ",\"End\":true}");
    }

    @Test
    void theFirstStateFollowsNoEvent() {
        var ran = fixture.run(jsonata("A", "\"A\":{\"Type\":\"Succeed\"}"), "{\"a\":1}");

        assertThat(fixture.chain(ran.arn()))
                .containsExactly(
                        "1<0 ExecutionStarted",
                        "2<0 SucceedStateEntered",
                        "3<2 SucceedStateExited",
                        "4<3 ExecutionSucceeded");
        assertThat(fixture.details(ran.arn(), "ExecutionStarted").path("roleArn").stringValue())
                .isEqualTo(StepFunctionsFixture.ROLE);
        assertThat(fixture.details(ran.arn(), "SucceedStateEntered"))
                .isEqualTo(
                        StepFunctionsJson.parse(
                                """
                                {"input":"{\\"a\\":1}","inputDetails":{"truncated":false},"name":"A"}
                                """));
    }

    @Test
    void assignedVariablesAreReportedAsText() {
        var ran =
                fixture.run(
                        jsonata(
                                "A",
                                """
                                "A":{"Type":"Pass","Assign":{"n":"{% $states.input.n + 1 %}","o":{"k":"{% $states.input.n %}"}},"Output":{},"Next":"B"},
                                "B":{"Type":"Pass","Output":"{% [$n, $o.k] %}","End":true}
                                """),
                        "{\"n\":1}");

        assertThat(ran.output()).isEqualTo(StepFunctionsJson.parse("[2,1]"));
        var exited = fixture.events(ran.arn()).get(2).path("stateExitedEventDetails");
        assertThat(exited.path("assignedVariables"))
                .isEqualTo(StepFunctionsJson.parse("{\"n\":\"2\",\"o\":\"{\\\"k\\\":1}\"}"));
        assertThat(exited.path("assignedVariablesDetails").path("truncated").booleanValue())
                .isFalse();
    }

    @Test
    void outputDoesNotSeeWhatTheSameStateAssigns() {
        var ran =
                fixture.run(
                        jsonata(
                                "A",
                                """
                                "A":{"Type":"Pass","Assign":{"n":1},"Next":"B"},
                                "B":{"Type":"Pass","Assign":{"n":2},"Output":"{% $n %}","End":true}
                                """),
                        "{}");

        assertThat(ran.output()).isEqualTo(StepFunctionsJson.parse("1"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    "{% $partition([1,2,3,4,5], 2) %}" | [[1,2],[3,4],[5]]
                    "{% $range(0, 10, 5) %}" | [0,5,10]
                    "{% $range(3, 1, -1) %}" | [3,2,1]
                    "{% $range(1, 9, 9) %}" | 1
                    "{% $hash('a', 'SHA-1') %}" | "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8"
                    "{% $parse('{\\"a\\":[null,1.5]}') %}" | {"a":[null,1.5]}
                    "{% $random(7) = $random(7) and $random() < 1 %}" | true
                    "{% $length($uuid()) %}" | 36
                    "{% null %}" | null
                    "{% 0.1 + 0.2 = 0.3 %}" | false
                    "{% 6 / 2 %}" | 3
                    " {% not an expression %} " | " {% not an expression %} "
                    ["{% 1 %}",{"k":"{% 'v' %}","none":null}] | [1,{"k":"v","none":null}]
                    """)
    void expressionsReturnWhatAwsDocuments(String output, String expected) {
        assertThat(fixture.run(pass(output), "{}").output())
                .isEqualTo(StepFunctionsJson.parse(expected));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"v":"{% $states.input.missing %}"} | Output/v | The JSONata expression '$states.input.missing' specified for the field 'Output/v' returned nothing (undefined).
                    ["{% $nosuch() %}"] | Output[0] | The JSONata expression '$nosuch()' specified for the field 'Output[0]' threw an error during evaluation. T1006: Attempted to invoke a non-function
                    "{% 'a' + 1 %}" | Output | The JSONata expression ''a' + 1' specified for the field 'Output' threw an error during evaluation. T2001: The left side of the "+" operator must evaluate to a number
                    "{% $uppercase(3) %}" | Output | The JSONata expression '$uppercase(3)' specified for the field 'Output' threw an error during evaluation. T0410: Argument 1 of function "uppercase" does not match function signature
                    "{% 1 + $sum(['a']) %}" | Output | The JSONata expression '1 + $sum(['a'])' specified for the field 'Output' threw an error during evaluation. T0412: Argument 1 of function "sum" must be an array of "numbers"
                    "{% $number('x') %}" | Output | The JSONata expression '$number('x')' specified for the field 'Output' threw an error during evaluation. D3030: Unable to cast value to a number: "x"
                    "{% $error('boom') %}" | Output | The JSONata expression '$error('boom')' specified for the field 'Output' threw an error during evaluation. D3137: boom
                    "{% $eval('1') %}" | Output | The JSONata expression '$eval('1')' specified for the field 'Output' threw an error during evaluation. T1006: Attempted to invoke a non-function
                    """)
    void anExpressionThatFailsNamesItselfItsFieldAndItsState(
            String output, String location, String cause) {
        var ran = fixture.run(pass(output), "{}");

        assertThat(fixture.chain(ran.arn()))
                .endsWith("3<3 EvaluationFailed", "4<3 ExecutionFailed");
        var failed = fixture.details(ran.arn(), "EvaluationFailed");
        assertThat(failed.path("error").stringValue()).isEqualTo("States.QueryEvaluationError");
        assertThat(failed.path("cause").stringValue()).isEqualTo(ran.cause());
        assertThat(failed.path("location").stringValue()).isEqualTo(location);
        assertThat(failed.path("state").stringValue()).isEqualTo("A");
        assertThat(ran.cause())
                .isEqualTo(
                        "An error occurred while executing the state 'A' (entered at the event id #2). "
                                + cause);
    }

    @Test
    void anExpressionThatNeverEndsFailsItsStateOnly() {
        var ran =
                fixture.run(pass("\"{% ($f := function($x) { $f($x + 1) + 1 }; $f(1)) %}\""), "{}");

        assertThat(ran.error()).isEqualTo("States.QueryEvaluationError");
        assertThat(ran.cause()).contains("threw an error during evaluation: ");
    }

    @Test
    void aChoiceTakesTheFirstRuleThatHoldsAndItsOutput() {
        String choice =
                jsonata(
                        "A",
                        """
                        "A":{"Type":"Choice","Choices":[
                              {"Condition":"{% $states.input.n > 10 %}","Next":"Big","Output":"big"},
                              {"Condition":"{% $states.input.n > 5 %}","Next":"Big","Assign":{"seen":"{% $states.input.n %}"}}],
                             "Default":"Small","Output":"small"},
                        "Big":{"Type":"Pass","End":true},
                        "Small":{"Type":"Pass","End":true}
                        """);

        assertThat(fixture.run(choice, "{\"n\":11}").output())
                .isEqualTo(StepFunctionsJson.parse("\"big\""));
        assertThat(fixture.run(choice, "{\"n\":6}").output())
                .isEqualTo(StepFunctionsJson.parse("{\"n\":6}"));
        var small = fixture.run(choice, "{\"n\":1}");
        assertThat(small.output()).isEqualTo(StepFunctionsJson.parse("\"small\""));
        assertThat(fixture.chain(small.arn()))
                .containsExactly(
                        "1<0 ExecutionStarted",
                        "2<0 ChoiceStateEntered",
                        "3<2 ChoiceStateExited",
                        "4<3 PassStateEntered",
                        "5<4 PassStateExited",
                        "6<5 ExecutionSucceeded");
    }

    @Test
    void aNonBooleanConditionFailsTheChoice() {
        var ran =
                fixture.run(
                        jsonata(
                                "A",
                                """
                                "A":{"Type":"Choice","Choices":[{"Condition":"{% 'yes' %}","Next":"B"}]},
                                "B":{"Type":"Succeed"}
                                """),
                        "{}");

        assertThat(ran.error()).isEqualTo("States.QueryEvaluationError");
        assertThat(ran.cause())
                .endsWith(
                        "The JSONata expression ''yes'' specified for the field 'Choices[0]/Condition' returned an unexpected result type. Expected 'boolean', but was 'string' for value: \"yes\"");
    }

    @Test
    void aChoiceWithoutAMatchFailsTheExecution() {
        var ran =
                fixture.run(
                        jsonPath(
                                "A",
                                """
                                "A":{"Type":"Choice","Choices":[{"Variable":"$.n","NumericEquals":1,"Next":"B"}]},
                                "B":{"Type":"Succeed"}
                                """),
                        "{\"n\":2}");

        assertThat(ran.error()).isEqualTo("States.Runtime");
        assertThat(ran.cause())
                .isEqualTo(
                        "An error occurred while executing the state 'A' (entered at the event id #2). Failed to transition out of the state. The state does not point to a next state.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"Variable":"$.s","StringMatches":"or*-1"} | true
                    {"Variable":"$.s","StringMatches":"\\\\*"} | false
                    {"Variable":"$.s","StringGreaterThanPath":"$.t"} | false
                    {"Variable":"$.n","NumericLessThanEquals":1.0} | true
                    {"Variable":"$.when","TimestampLessThan":"2030-01-01T00:00:00Z"} | true
                    {"Variable":"$.none","IsPresent":false} | true
                    {"Variable":"$.nil","IsNull":true} | true
                    {"Variable":"$.when","IsTimestamp":true} | true
                    {"Not":{"Variable":"$.b","BooleanEquals":true}} | false
                    {"And":[{"Variable":"$.b","BooleanEquals":true},{"Variable":"$.s","IsString":true}]} | true
                    {"Or":[{"Variable":"$.b","BooleanEquals":false},{"Variable":"$.s","IsNumeric":true}]} | false
                    """)
    void jsonPathComparisonsMatchAsDocumented(String rule, boolean holds) {
        String withNext = rule.substring(0, rule.length() - 1) + ",\"Next\":\"Yes\"}";
        var ran =
                fixture.run(
                        jsonPath(
                                "A",
                                """
                                "A":{"Type":"Choice","Choices":[%s],"Default":"No"},
                                "Yes":{"Type":"Pass","Result":true,"End":true},
                                "No":{"Type":"Pass","Result":false,"End":true}
                                """
                                        .formatted(withNext)),
                        """
                        {"s":"order-1","t":"order-2","n":1,"b":true,"nil":null,"when":"2026-11-23T06:00:00+01:00"}
                        """);

        assertThat(ran.output().booleanValue()).isEqualTo(holds);
    }

    @Test
    void jsonPathFieldsApplyInTheirOrder() {
        var ran =
                fixture.run(
                        jsonPath(
                                "A",
                                """
                                "A":{"Type":"Pass","InputPath":"$.in","Parameters":{"x.$":"$.v","fixed":1,"exec.$":"$$.Execution.Name"},
                                     "ResultPath":"$.out.deep","OutputPath":"$.out","Assign":{"kept.$":"$.x"},"Next":"B"},
                                "B":{"Type":"Pass","Parameters":{"again.$":"$kept","x.$":"$.deep.x"},"End":true}
                                """),
                        "{\"in\":{\"v\":[1,2]}}");

        assertThat(ran.output())
                .isEqualTo(StepFunctionsJson.parse("{\"again\":[1,2],\"x\":[1,2]}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    States.Format('{} is {}', $.name, $.n) | "Ada is 3"
                    States.MathAdd($.n, -1) | 2
                    States.Array($.n, 'x', null, true) | [3,"x",null,true]
                    States.ArrayLength($.list) | 3
                    States.ArrayContains($.list, 2) | true
                    States.ArrayGetItem($.list, 1) | 2
                    States.ArrayPartition($.list, 2) | [[1,2],[3]]
                    States.ArrayRange(1, 9, 4) | [1,5,9]
                    States.ArrayUnique(States.Array(1, 1, 2)) | [1,2]
                    States.StringSplit('a,b;c', ',;') | ["a","b","c"]
                    States.StringToJson('\\{"k":1}') | {"k":1}
                    States.StringToJson('') | null
                    States.Format('{}', States.StringToJson('\\{"a":1,"b":[],"c":[1,"x",null]}')) | "{a=1, b=[], c=[1, x, null]}"
                    States.JsonToString($.list) | "[1,2,3]"
                    States.Base64Decode(States.Base64Encode('über')) | "über"
                    States.Hash('a', 'MD5') | "0cc175b9c0f1b6a831c399e269772661"
                    States.JsonMerge($.o, $.p, false) | {"a":1,"b":3}
                    """)
    void intrinsicFunctionsReturnWhatAwsDocuments(String call, String expected) {
        var parameters = StepFunctionsJson.object();
        parameters.putObject("Parameters").put("v.$", call);
        parameters.put("Type", "Pass").put("End", true);
        var ran =
                fixture.run(
                        jsonPath("A", "\"A\":" + StepFunctionsJson.text(parameters)),
                        """
                        {"name":"Ada","n":3,"list":[1,2,3],"o":{"a":1,"b":2},"p":{"b":3}}
                        """);

        assertThat(ran.status()).as(ran.cause()).isEqualTo("SUCCEEDED");
        assertThat(ran.output().path("v")).isEqualTo(StepFunctionsJson.parse(expected));
    }

    @Test
    void aMissingPathFailsTheExecutionAndIsNotCaught() {
        var ran =
                fixture.run(
                        jsonPath(
                                "P",
                                """
                                "P":{"Type":"Parallel","End":true,"Branches":[{"StartAt":"A","States":{
                                       "A":{"Type":"Pass","Parameters":{"m.$":"$.nope"},"End":true}}}],
                                     "Catch":[{"ErrorEquals":["States.ALL"],"Next":"C"}]},
                                "C":{"Type":"Succeed"}
                                """),
                        "{\"x\":\"a\"}");

        assertThat(fixture.chain(ran.arn()))
                .containsExactly(
                        "1<0 ExecutionStarted",
                        "2<0 ParallelStateEntered",
                        "3<2 ParallelStateStarted",
                        "4<3 PassStateEntered",
                        "5<4 ExecutionFailed");
        assertThat(ran.error()).isEqualTo("States.Runtime");
        assertThat(ran.cause())
                .isEqualTo(
                        "An error occurred while executing the state 'A' (entered at the event id #4). The JSONPath '$.nope' specified for the field 'm.$' could not be found in the input '{\"x\":\"a\"}'");
    }

    @Test
    void aFailStateReportsItsErrorAndCauseAndHasNoExitEvent() {
        var ran =
                fixture.run(
                        jsonata(
                                "F",
                                """
                                "F":{"Type":"Fail","Error":"{% $states.input.e %}","Cause":"{% 'because ' & $states.input.e %}"}
                                """),
                        "{\"e\":\"Broken\"}");

        assertThat(fixture.chain(ran.arn()))
                .containsExactly(
                        "1<0 ExecutionStarted", "2<0 FailStateEntered", "3<2 ExecutionFailed");
        assertThat(ran.error()).isEqualTo("Broken");
        assertThat(ran.cause()).isEqualTo("because Broken");
        assertThat(ran.description().path("redriveStatus").stringValue()).isEqualTo("REDRIVABLE");
    }

    @Test
    void waitsAreMeasuredInCloudTime() {
        var ran =
                fixture.run(
                        jsonata(
                                "W",
                                "\"W\":{\"Type\":\"Wait\",\"Seconds\":\"{% 20 %}\",\"End\":true}"),
                        "{}");

        var events = fixture.events(ran.arn());
        double waited =
                events.get(2).path("timestamp").asDouble()
                        - events.get(1).path("timestamp").asDouble();
        assertThat(waited).isGreaterThanOrEqualTo(20.0);
        assertThat(fixture.chain(ran.arn()))
                .contains("2<0 WaitStateEntered", "3<2 WaitStateExited");
    }

    @Test
    void anOutputBeyond256KiBFailsTheState() {
        var ran =
                fixture.run(
                        pass(
                                "\"{% $join($map([1..300], function($i) { $pad('', 1000, 'x') })) %}\""),
                        "{}");

        assertThat(ran.error()).isEqualTo("States.DataLimitExceeded");
        assertThat(ran.cause())
                .isEqualTo(
                        "The state/task 'A' returned a result with a size exceeding the maximum number of bytes service limit.");
    }

    @Test
    void aLoopEndsWhenTheHistoryIsFull() {
        var ran =
                fixture.run(
                        jsonPath(
                                "A",
                                """
                                "A":{"Type":"Pass","Next":"B"},
                                "B":{"Type":"Choice","Choices":[{"Variable":"$.stop","IsPresent":true,"Next":"C"}],"Default":"A"},
                                "C":{"Type":"Succeed"}
                                """),
                        "{}");

        assertThat(ran.error()).isEqualTo("States.Runtime");
        assertThat(ran.cause())
                .isEqualTo("The execution reached the maximum number of history events (25000).");
    }
}
