package dev.orderflow.deploy;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The role of operators has exactly the permissions that the commands of the runbooks need.
class OperatorIamRoleTest {

    private static final Path RUNBOOKS = Path.of("..", "docs", "runbooks");

    private static final Pattern COMMAND =
            Pattern.compile("(?<![a-z0-9./-])aws ([a-z0-9-]+) ([a-z][a-z0-9-]+)");

    /// Services whose actions and commands have different prefixes.
    private static final Map<String, String> PREFIXES =
            Map.of(
                    "stepfunctions", "states",
                    "elbv2", "elasticloadbalancing",
                    "sesv2", "ses",
                    "s3api", "s3",
                    "service-quotas", "servicequotas");

    /// Commands whose action has another name.
    private static final Map<String, String> ACTIONS =
            Map.of(
                    "logs:Tail", "logs:FilterLogEvents",
                    "s3:HeadObject", "s3:GetObject",
                    "rds:DescribeDbInstances", "rds:DescribeDBInstances",
                    "rds:ModifyDbInstance", "rds:ModifyDBInstance");

    /// Actions that services execute with the permissions of the caller: they decrypt a secret, a
    /// history and an object.
    private static final Set<String> IMPLIED = Set.of("kms:Decrypt");

    @Test
    void theOperatorRoleAllowsExactlyTheCommandsOfTheRunbooks() throws IOException {
        var expected = new TreeSet<>(actionsOfTheRunbooks());
        expected.addAll(IMPLIED);
        assertThat(expected).hasSizeGreaterThan(25);
        assertThat(actionsOfTheRole()).isEqualTo(expected);
    }

    private static SortedSet<String> actionsOfTheRole() {
        return SynthesizedApp.get().resources("AWS::IAM::Role").stream()
                .filter(role -> role.at("RoleName").asString("").equals(OperatorIamRole.NAME))
                .flatMap(role -> role.at("Policies").valueStream())
                .flatMap(policy -> policy.path("PolicyDocument").path("Statement").valueStream())
                .flatMap(statement -> SynthesizedApp.each(statement.path("Action")))
                .map(action -> action.asString())
                .collect(toCollection(TreeSet::new));
    }

    private static SortedSet<String> actionsOfTheRunbooks() throws IOException {
        try (var files = Files.newDirectoryStream(RUNBOOKS, "*.md")) {
            var actions = new TreeSet<String>();
            for (var file : files) {
                COMMAND.matcher(Files.readString(file))
                        .results()
                        // Signs a person in and calls no API of the account.
                        .filter(command -> !command.group(1).equals("sso"))
                        .map(command -> action(command.group(1), command.group(2)))
                        .forEach(actions::add);
            }
            return actions;
        }
    }

    private static String action(String service, String command) {
        var name =
                Arrays.stream(command.split("-"))
                        .map(word -> Character.toUpperCase(word.charAt(0)) + word.substring(1))
                        .collect(Collectors.joining());
        var action = PREFIXES.getOrDefault(service, service) + ":" + name;
        return ACTIONS.getOrDefault(action, action);
    }
}
